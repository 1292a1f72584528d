"""From a share of pupils to the school's place by it, and back: read off the ranking that a build has made."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from risk_model.scoring.supposing import Figure, SchoolBench

# places by a share of pupils, and what is the same of the schools that are ranked together
PLACES_BY_SHARE = {
    "persistent_absence_rank_pct": ("phase_group", "is_mainstream"),
    "destinations_rank_pct": ("is_mainstream", "is_selective", "is_technical"),
}


@dataclass(frozen=True)
class Ranking:
    """The shares and places of the schools that a school is ranked among, in one year, by share.

    Attributes:
        share: the school's own, in percent; pupils: of how many, the whole school where the measure does not say.
    """

    share: float
    pupils: float
    places: Sequence[tuple[float, float]]

    def place_of(self, share: float) -> float:
        """The place that a share would have: that of the school with the next lower one."""
        below = bisect_right(self.places, (share, float("inf")))
        return self.places[max(below - 1, 0)][1]

    def share_at(self, place: float) -> float:
        """The lowest share of a school at a place, or beyond it."""
        at = bisect_left(self.places, place, key=lambda one: one[1])
        return self.places[min(at, len(self.places) - 1)][0]


def ranking(bench: SchoolBench, own: Figure) -> Ranking | None:
    """The ranking behind a place; None where the share or the number of pupils is not known."""
    of_school = {"urn": bench.urn, "measure": own.measure_id, "period": own.period}
    found = bench.ask(
        """
        select v.figure as share, coalesce(v.denominator, s.pupils) as pupils
        from build.measure_values as v
        inner join build.schools as s on s.urn = v.urn
        where v.urn = $urn and v.measure_id = $measure and v.period = $period
            and v.figure is not null and coalesce(v.denominator, s.pupils) > 0""",
        of_school,
    )
    alike = " and ".join(f"own.{name} = s.{name}" for name in PLACES_BY_SHARE[own.measure_id])
    ranked = bench.ask(
        f"""
        select distinct v.figure as share, v.value as place
        from build.measure_values as v
        inner join build.schools as s on s.urn = v.urn
        inner join build.schools as own on {alike}
        where own.urn = $urn and v.measure_id = $measure and v.period = $period
            and v.value is not null and v.figure is not null
        order by share, place""",
        of_school,
    )
    if not found or not ranked:
        return None
    return Ranking(found[0]["share"], found[0]["pupils"], [(row["share"], row["place"]) for row in ranked])
