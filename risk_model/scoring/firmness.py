"""How firm a level is: in how many draws within the limits of the figures the model says the same.

A cohort is a sample of the pupils that a school might have had. Each draw moves every figure that has limits by chance
within them, and a share of people without limits by as much as so many people make it vary; the build's own
evaluation judges each draw. The third statement reads the levels of the first two as they come out in the same draw.
"""

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from math import sqrt
from random import Random

from risk_model.domain.words import Statement
from risk_model.measures.reader import measures_by_id
from risk_model.scoring.places import PLACES_BY_SHARE, Ranking, ranking
from risk_model.scoring.supposing import Figure, Judged, SchoolBench, Supposition

DRAWS = 200
# a 95% interval is so many standard deviations wide
_WIDTH = 3.92
_BOUNDS = {"percent": (0.0, 100.0), "percentile": (0.0, 100.0)}


@dataclass(frozen=True)
class Firmness:
    """How firm the level of one statement is.

    Attributes:
        draws: how many were judged; same: those with the level of today.
        levels: {level: draws}, of all draws.
        varied: figures that it rests on and that were moved; known: those of them that are known. The third
            statement rests on those of the first two, too.
    """

    draws: int
    same: int
    levels: Mapping[str, int]
    varied: int
    known: int


@dataclass(frozen=True)
class _Noise:
    """By how much chance may have moved a figure.

    Attributes:
        spread: one standard deviation, in the unit of what is drawn.
        ranking: where the share of pupils behind a place is drawn, and its place is judged.
    """

    figure: Figure
    spread: float
    ranking: Ranking | None = None


def how_firm(bench: SchoolBench, today: Judged, judged: Sequence[Judged]) -> dict[Statement, Firmness]:
    """How many draws give each statement the level of today.

    Args:
        judged: what the model says of each of the draws.
    """
    moved = {noise.figure.measure_id for noise in _noises(bench)}
    return {statement: _firmness(bench, statement, today, judged, moved) for statement in Statement}


def draws(bench: SchoolBench, count: int = DRAWS) -> list[Supposition]:
    """So many draws of the school's figures within their limits.

    The same each time: chance is seeded by the build's date, its rules and the school.
    """
    noises = list(_noises(bench))
    chance = Random(f"{bench.build.as_at.isoformat()} {bench.build.rule_set} {bench.urn}")  # nosec B311  # a sample
    return [Supposition(tuple(_drawn(one, chance) for one in noises)) for _ in range(count)]


def _firmness(
    bench: SchoolBench, statement: Statement, today: Judged, judged: Sequence[Judged], moved: Set[str]
) -> Firmness:
    found = [one.levels[statement] for one in judged]
    rests_on = set(Statement) if statement is Statement.INSPECTION else {statement}
    read = {test.measure_id for test in bench.tests if test.statement in rests_on}
    known = {one.measure_id for one in bench.figures.values() if one.value is not None}
    return Firmness(
        draws=len(found),
        same=found.count(today.levels[statement]),
        levels={level: found.count(level) for level in sorted(set(found))},
        varied=len(read & moved),
        known=len(read & known),
    )


def _noises(bench: SchoolBench) -> Iterator[_Noise]:
    """The figures that chance may have moved, in the order of their names."""
    for measure_id, own in sorted(bench.figures.items()):
        if own.value is None:
            continue
        if own.lower is not None and own.upper is not None:
            yield _Noise(own, (own.upper - own.lower) / _WIDTH)
        elif measure_id in PLACES_BY_SHARE:
            among = ranking(bench, own)
            if among is not None:
                yield _Noise(own, _spread_of(among.share, among.pupils), among)
        elif measures_by_id()[measure_id].unit == "percent":
            counted = _counted(bench, own)
            if counted:
                yield _Noise(own, _spread_of(own.value, counted))


def _spread_of(share: float, counted: float) -> float:
    """The standard deviation of a share, in percent, of so many people."""
    share = _bounded(share, (0.0, 100.0))
    return sqrt(share * (100 - share) / counted)


def _counted(bench: SchoolBench, own: Figure) -> float | None:
    """Of how many people a percentage tells; None where the measure does not say."""
    found = bench.ask(
        """
        select max(denominator) as counted
        from build.measure_values
        where urn = $urn and measure_id = $measure and period = $period and denominator > 0""",
        {"urn": bench.urn, "measure": own.measure_id, "period": own.period},
    )
    counted: float | None = found[0]["counted"]
    return counted


def _drawn(noise: _Noise, chance: Random) -> Figure:
    """The figure in one draw: normal around its own value, and never outside what can be."""
    own = noise.figure
    by = chance.gauss(0, noise.spread)
    if noise.ranking is not None:
        share = _bounded(noise.ranking.share + by, (0.0, 100.0))
        return own.moved_to(noise.ranking.place_of(share))
    bounds = _BOUNDS.get(measures_by_id()[own.measure_id].unit, (float("-inf"), float("inf")))
    return own.moved_to(_bounded((own.value or 0.0) + by, bounds))


def _bounded(value: float, bounds: tuple[float, float]) -> float:
    return min(max(value, bounds[0]), bounds[1])
