"""Before and after support, beside similar schools that had none: a difference in differences, worked out openly.

Nothing here reads a file or a record: figures and spells of support go in, cases and an estimate come out.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from math import hypot, sqrt
from statistics import NormalDist, fmean, stdev

from risk_model.scoring.resampling import Estimate

# Our choices, all of them, said on the screen beside every figure.
# Half a year: of results, support begun by the end of February; less could hardly show in them.
LEAST_TIME = timedelta(days=183)
MATCHES = 5
LEAST_MATCHES = 3
FARTHEST = 0.75
TREND_COUNTS = 0.5
OTHER_PRIORITY = 0.25
# Fewer say more of chance than of support, and the interval rests on how much the cases differ.
LEAST_CASES = 5


@dataclass(frozen=True)
class Spell:
    """From when a school had support, of one kind or of any."""

    urn: str
    kind: str
    began: date | None


@dataclass(frozen=True)
class Match:
    """A similar school that had no support, at the same two times.

    Attributes:
        distance: in standard deviations; 0 is the same starting point.
        level_apart: how far its figure before lay from the case's, in standard deviations.
        trend_apart: the same of the change in the year before; None where it is not known of the case.
        same_priority: whether it had the same place then; None where no build of then is kept.
    """

    urn: str
    distance: float
    before: float
    after: float
    level_apart: float
    trend_apart: float | None
    same_priority: bool | None

    @property
    def change(self) -> float:
        """How far it moved, in units of the measure."""
        return self.after - self.before


@dataclass(frozen=True)
class Case:
    """A school with support, before and after; years are those in which an academic year ends.

    Attributes:
        trend: how its figure changed in the year before; None where that is not known.
        why_not: why it does not count, in words; "" where it does.
    """

    urn: str
    kind: str
    began: date | None
    before_year: int | None = None
    before: float | None = None
    after_year: int | None = None
    after: float | None = None
    trend: float | None = None
    matches: tuple[Match, ...] = ()
    why_not: str = ""

    @property
    def change(self) -> float | None:
        """How far it moved; None where it has no two figures."""
        return None if self.before is None or self.after is None else self.after - self.before

    @property
    def similar_change(self) -> float | None:
        """How far its similar schools moved on average; None where it does not count."""
        return None if self.why_not else fmean(one.change for one in self.matches)

    @property
    def difference(self) -> float | None:
        """How much farther it moved than they did; None where it does not count."""
        similar = self.similar_change
        return None if similar is None or self.change is None else self.change - similar


@dataclass(frozen=True)
class Evidence:
    """What the cases are worked out from.

    Attributes:
        figures: of each school its own figures by year; a year without a figure is not there.
        alike: of each school what it must share with a similar one, such as its phase.
        breaks: the years from which on figures are not compared with earlier ones.
        has_support: whether a school may have had or given support between two days.
        priorities: of each school its place before a day; None where no build of then is kept.
    """

    figures: Mapping[str, Mapping[int, float]]
    alike: Mapping[str, str]
    breaks: Sequence[int]
    has_support: Callable[[str, date, date], bool]
    priorities: Callable[[date], Mapping[str, str] | None]

    @property
    def newest(self) -> int | None:
        """The newest year of which any school has a figure."""
        return max((year for own in self.figures.values() for year in own), default=None)

    def comparable(self, year: int, other: int) -> bool:
        """Whether no break lies between two years."""
        return not any(min(year, other) < since <= max(year, other) for since in self.breaks)

    def trend(self, urn: str, year: int) -> float | None:
        """How a figure changed from the year before; None where it is not known or not comparable."""
        own = self.figures.get(urn, {})
        if year not in own or year - 1 not in own or not self.comparable(year - 1, year):
            return None
        return own[year] - own[year - 1]


def year_end(year: int) -> date:
    """The last day of the academic year that ends in a year."""
    return date(year, 8, 31)


def case_of(spell: Spell, evidence: Evidence) -> Case:
    """A school's figures before and after support, with its similar schools, or why it does not count.

    Before is the last year with a figure that had ended when support began; after is the latest that ended at least
    half a year later, on the same side of every break.
    """
    blank = Case(spell.urn, spell.kind, spell.began)
    if spell.began is None:
        return replace(blank, why_not="it is not recorded when support began")
    own = evidence.figures.get(spell.urn, {})
    earlier = [year for year in own if year_end(year) < spell.began]
    first = _first_year(spell.began)
    later = [year for year in own if year >= first]
    if not earlier:
        return replace(blank, why_not="no figure of its own from before support began")
    before_year = max(earlier)
    begun = Case(
        spell.urn,
        spell.kind,
        spell.began,
        before_year,
        own[before_year],
        trend=evidence.trend(spell.urn, before_year),
    )
    fitting = [year for year in later if evidence.comparable(before_year, year)]
    if not fitting:
        return replace(begun, why_not=_why_none_after(evidence, first, has_later=bool(later)))
    return _matched(begun, max(fitting), own[max(fitting)], evidence)


def _first_year(began: date) -> int:
    """The first academic year of which a figure can count."""
    earliest = began + LEAST_TIME
    return earliest.year if earliest <= year_end(earliest.year) else earliest.year + 1


def _why_none_after(evidence: Evidence, first: int, *, has_later: bool) -> str:
    if has_later:
        return "what is counted changed between the years before and after"
    newest = evidence.newest
    if newest is None or newest < first:
        return f"too early: the first figure that can count is that of {year_in_words(first)}"
    return f"no figure of its own for {year_in_words(first)} or later"


def _matched(case: Case, after_year: int, after: float, evidence: Evidence) -> Case:
    matches = tuple(similar_to(case, after_year, evidence))
    why = ""
    if len(matches) < LEAST_MATCHES:
        near = "none was" if not matches else "one was" if len(matches) == 1 else f"{len(matches)} were"
        why = f"fewer than {LEAST_MATCHES} similar schools without support: {near} near enough"
    return replace(case, after_year=after_year, after=after, matches=matches, why_not=why)


def similar_to(case: Case, after_year: int, evidence: Evidence) -> list[Match]:
    """The nearest schools without support, at most MATCHES of them, the nearest first.

    Near in the level of the measure before, in its change in the year before (counted half) and, where it is known,
    in the place that the school had then.
    """
    year, began = case.before_year, case.began
    if year is None or case.before is None or began is None:
        return []
    peers = [urn for urn, kind in evidence.alike.items() if kind == evidence.alike.get(case.urn)]
    levels = {urn: evidence.figures[urn][year] for urn in peers if year in evidence.figures.get(urn, {})}
    trends = {urn: trend for urn in peers if (trend := evidence.trend(urn, year)) is not None}
    level_spread, trend_spread = _spread(list(levels.values())), _spread(list(trends.values()))
    places = evidence.priorities(began)
    found = []
    for urn, level in levels.items():
        after = evidence.figures[urn].get(after_year)
        is_comparable = case.trend is None or urn in trends
        if urn == case.urn or after is None or not is_comparable:
            continue
        if evidence.has_support(urn, date(year - 1, 9, 1), year_end(after_year)):
            continue
        level_apart = abs(level - case.before) / level_spread
        trend_apart = None if case.trend is None else abs(trends[urn] - case.trend) / trend_spread
        same = None if places is None or case.urn not in places else places.get(urn) == places[case.urn]
        distance = hypot(level_apart, TREND_COUNTS * (trend_apart or 0.0)) + (OTHER_PRIORITY if same is False else 0.0)
        if distance <= FARTHEST:
            found.append(Match(urn, distance, level, after, level_apart, trend_apart, same))
    return sorted(found, key=lambda one: (one.distance, one.urn))[:MATCHES]


def _spread(values: Sequence[float]) -> float:
    """The standard deviation; 1 where it says nothing, as among schools that are all the same."""
    return (stdev(values) if len(values) > 1 else 0.0) or 1.0


def estimate(cases: Sequence[Case]) -> Estimate:
    """How much farther supported schools moved than similar ones, on average, with its 95% interval.

    Returns:
        In units of the measure, not as a share; withheld for fewer than LEAST_CASES that count.
    Source: Student's t over the cases' differences; each case's similar schools count together as one.
    """
    differences = [one.difference for one in cases if one.difference is not None]
    if len(differences) < LEAST_CASES:
        return Estimate(withheld=f"not enough cases: {len(differences)} of the {LEAST_CASES} that it needs")
    middle = fmean(differences)
    half = t_value(len(differences) - 1) * stdev(differences) / sqrt(len(differences))
    return Estimate(middle, middle - half, middle + half)


def t_value(freedom: int) -> float:
    """How many standard errors a 95% interval reaches to each side.

    Args:
        freedom: the degrees of freedom, at least 4; from there on it is right to one part in two hundred.
    Source: Abramowitz and Stegun (1964), 26.7.5: Student's t from the normal distribution.
    """
    z = NormalDist().inv_cdf(0.975)
    first = (z**3 + z) / 4
    second = (5 * z**5 + 16 * z**3 + 3 * z) / 96
    third = (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384
    return float(z + first / freedom + second / freedom**2 + third / freedom**3)


def year_in_words(year: int) -> str:
    """The academic year that ends in a year: "2023-24"."""
    return f"{year - 1}-{year % 100:02d}"
