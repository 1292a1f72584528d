"""What would change a level: the fewest figures that would have to be others, found by trying them.

Nothing is estimated and no rule is written a second time: each candidate is judged as the build judges, by
`supposing`. What excuses or caps a rule (improvement, schools with a like intake) stays as it is, so that no answer is
ever that a school should have another intake.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations, islice, product

from risk_model.domain.words import Level, MissingReason, Statement
from risk_model.measures.reader import Measure, measures_by_id
from risk_model.scoring.supposing import CARRIED_BY, Figure, Judged, RuleResult, SchoolBench, Supposition, Test

# evidence is rounded to six decimals before it meets a threshold, so this is beyond it
_BEYOND = 0.00001
_MOST_TRIED = 4000
_CARRIED_VALUES = {Level.LIKELY: 0.0, Level.UNCERTAIN: 1.0, Level.UNLIKELY: 2.0}
_BOUNDS = {"percent": (0.0, 100.0), "percentile": (0.0, 100.0)}
_BETTER, _WORSE = -1, 1


@dataclass(frozen=True)
class RuleMove:
    """A rule that would come out otherwise: its status and points, today and then."""

    rule_id: str
    status: str
    points: float
    then_status: str
    then_points: float


@dataclass(frozen=True)
class Step:
    """One figure that would be another.

    Attributes:
        now, to: in the measure's unit; now is None where the figure is not known today.
        rises: the figure would be higher; is_beyond: it would have to pass `to`, not only to reach it.
        rules: what would come of the statement's rules that rest on it.
        carried: the statement whose level the measure carries forward; then `to` stands for that level.
    """

    measure_id: str
    now: float | None
    to: float
    rises: bool = False
    is_beyond: bool = False
    rules: tuple[RuleMove, ...] = ()
    carried: Statement | None = None

    @property
    def carried_level(self) -> Level:
        """The level that `to` stands for, where a statement is carried forward."""
        return next(level for level, value in _CARRIED_VALUES.items() if value == self.to)


@dataclass(frozen=True)
class Way:
    """Figures that would have to be others together, and the level that the statement would then have."""

    steps: tuple[Step, ...]
    level: Level


@dataclass(frozen=True)
class WhatIf:
    """What would change the level of one statement.

    Attributes:
        better, worse: the ways with the fewest changes that lead to a better or worse level, the nearest first; empty
            where no change of the figures leads there.
        to_bring: where there is not enough evidence: the fewest pieces of evidence that would make the level known.
        at_most: by aim the level that everything together would lead to, where nothing leads to what is looked for.
        beyond_search: what was not found because more would have to be tried together than is tried: "better",
            "worse", "to_bring".
    """

    level: Level
    better: tuple[Way, ...] = ()
    worse: tuple[Way, ...] = ()
    to_bring: tuple[Way, ...] = ()
    at_most: Mapping[str, Level] = field(default_factory=dict)
    beyond_search: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Option:
    """A step, with what would come of it alone."""

    step: Step
    supposition: Supposition
    judged: Judged


class _Search:
    """A search for the ways with the fewest steps: all sets of a size are tried before a larger one is.

    Attributes:
        ways: what was found; is_cut_short: more would have had to be tried together than is tried.
        at_most: the level that everything together leads to, where that is not what is looked for.
    """

    def __init__(
        self, statement: Statement, direction: int, options: Sequence[_Option], is_there: Callable[[Level], bool]
    ) -> None:
        self.statement = statement
        self.ways: tuple[Way, ...] = ()
        self.is_cut_short = False
        self._is_there = is_there
        self._by_measure: dict[str, list[_Option]] = {}
        for option in sorted(options, key=lambda one: direction * _burden(one.judged.results[statement])):
            self._by_measure.setdefault(option.step.measure_id, []).append(option)
        self._size = 1
        self.at_most: Level | None = None
        of_only = next(iter(self._by_measure.values())) if len(self._by_measure) == 1 else None
        self.learn([((one,), one.judged) for one in options], of_only[-1].judged if of_only else None)

    @property
    def is_over(self) -> bool:
        """Whether there is nothing more to try."""
        return bool(self.ways) or self.is_cut_short or self.at_most is not None or self._size > len(self._by_measure)

    def to_try(self, most: int) -> list[tuple[_Option, ...]]:
        """The sets of the next size, and after them the most that there is of every measure; none where too many."""
        sets = list(islice(_sets(self._by_measure, self._size), most + 1))
        self.is_cut_short = len(sets) > most
        return [] if self.is_cut_short else [*sets, tuple(of_one[-1] for of_one in self._by_measure.values())]

    def learn(self, tried: Sequence[tuple[tuple[_Option, ...], Judged]], most: Judged | None) -> None:
        """What came of all sets of a size; and of the most of every measure, without which nothing smaller leads
        there: a level never improves by more concern."""
        ways = [
            (sum(_distance(option.step) for option in one), Way(tuple(option.step for option in one), level))
            for one, found in tried
            if self._is_there(level := Level(found.levels[self.statement]))
        ]
        nearest: dict[object, Way] = {}
        for _, way in sorted(ways, key=lambda way: way[0]):
            # further on by the same figures, and no further up or down
            nearest.setdefault((tuple(step.measure_id for step in way.steps), way.level), way)
        self.ways = tuple(nearest.values())
        if most is not None and not self._is_there(level := Level(most.levels[self.statement])):
            self.at_most = level
        self._size += 1


@dataclass(frozen=True)
class Candidate:
    """A step that may help to move a statement, and the supposition by which it is tried."""

    statement: Statement
    step: Step
    supposition: Supposition


def candidates(bench: SchoolBench, today: Judged) -> list[Candidate]:
    """Every single step worth a try, for all statements.

    The third statement is moved by its own figures or by the level of one of the first two.
    """
    return [
        Candidate(statement, step, _held(one, today))
        for statement in Statement
        for step, one in _candidates(bench, statement, today)
    ]


def what_would_change(
    bench: SchoolBench,
    today: Judged,
    tried: Sequence[Candidate],
    judged: Sequence[Judged],
    most_tried: int = _MOST_TRIED,
) -> dict[Statement, WhatIf]:
    """For each statement the fewest changes that would move its level, or the evidence that it lacks.

    Args:
        today: what the model says of the school as it is.
        tried, judged: `candidates`, and what the model says under the supposition of each.
        most_tried: sets of one size that are tried; where there are more, the search says that it stopped.
    """
    options = [
        (one.statement, _Option(_named(one.step, one.statement, today, found), one.supposition, found))
        for one, found in zip(tried, judged, strict=True)
    ]
    searches = {
        (statement, aim): search
        for statement in Statement
        for aim, search in _searches(statement, today, [one for of, one in options if of == statement])
    }
    _run(bench, today, list(searches.values()), most_tried)
    return {
        statement: WhatIf(
            Level(today.levels[statement]),
            **{aim: search.ways for (of, aim), search in searches.items() if of == statement},
            at_most={
                aim: search.at_most
                for (of, aim), search in searches.items()
                if of == statement and search.at_most is not None
            },
            beyond_search=tuple(
                aim for (of, aim), search in searches.items() if of == statement and search.is_cut_short
            ),
        )
        for statement in Statement
    }


def _searches(statement: Statement, today: Judged, options: Sequence[_Option]) -> Iterator[tuple[str, _Search]]:
    """What is looked for: a better and a worse level, or any level where there is not enough evidence."""
    level = Level(today.levels[statement])
    before = today.results[statement]
    if level is Level.NOT_ENOUGH_EVIDENCE:
        founded = [one for one in options if _standing(one.judged.results[statement]) != _standing(before)]
        lightest = _distinct(founded, statement, lambda one: _burden(one.judged.results[statement]))
        one_each = {option.step.measure_id: option for option in reversed(lightest)}
        yield "to_bring", _Search(statement, _BETTER, list(one_each.values()), lambda found: found is not level)
        return
    for direction, aim in ((_BETTER, "better"), (_WORSE, "worse")):
        helpful = [
            one
            for one in options
            if one.step.now is not None and _helps(before, one.judged.results[statement], direction)
        ]
        nearest = _distinct(helpful, statement, lambda one: _distance(one.step))
        yield aim, _Search(statement, direction, nearest, _is_beyond(level, direction))


def _run(bench: SchoolBench, today: Judged, searches: Sequence[_Search], most_tried: int) -> None:
    """Try larger and larger sets, those of all searches at once, until each is over."""
    while waiting := [search for search in searches if not search.is_over]:
        tried = [(search, search.to_try(most_tried)) for search in waiting]
        suppositions = [_held(_together(one), today) for _, sets in tried for one in sets]
        judged = iter(bench.judge(suppositions, {search.statement for search in waiting}))
        for search, sets in tried:
            found = [(one, next(judged)) for one in sets]
            if found:
                search.learn(found[:-1], found[-1][1])


def _held(one: Supposition, today: Judged) -> Supposition:
    """The third statement reads the levels of the first two as they are, unless they are supposed to be others."""
    return replace(one, carried={**{s: today.levels[s] for s in CARRIED_BY.values()}, **one.carried})


def _is_beyond(level: Level, direction: int) -> Callable[[Level], bool]:
    """Whether a level that was found is better, or worse, than the one of today."""
    order = list(_CARRIED_VALUES)
    return lambda found: found in order and (order.index(found) - order.index(level)) * direction > 0


def _sets(by_measure: Mapping[str, Sequence[_Option]], size: int) -> Iterator[tuple[_Option, ...]]:
    """Every set of options of so many measures, one option of each."""
    for measures in combinations(sorted(by_measure), size):
        yield from product(*(by_measure[one] for one in measures))


def _together(options: Iterable[_Option]) -> Supposition:
    figures: list[Figure] = []
    carried: dict[Statement, str] = {}
    for option in options:
        figures += option.supposition.figures
        carried |= option.supposition.carried
    return Supposition(tuple(figures), carried)


def _distinct(options: Sequence[_Option], statement: Statement, order: Callable[[_Option], float]) -> list[_Option]:
    """Of the options of a measure with the same results the first in an order."""
    kept: dict[object, _Option] = {}
    for option in sorted(options, key=order):
        kept.setdefault((option.step.measure_id, option.judged.results[statement]), option)
    return list(kept.values())


# the candidates


def _candidates(bench: SchoolBench, statement: Statement, today: Judged) -> Iterator[tuple[Step, Supposition]]:
    """Each figure of the statement at each value from which on something else would come of it."""
    tests: dict[str, list[Test]] = {}
    for test in bench.tests:
        if test.statement == statement:
            tests.setdefault(test.measure_id, []).append(test)
    grey = today.levels[statement] == Level.NOT_ENOUGH_EVIDENCE
    for measure_id, of_measure in tests.items():
        if measure_id in CARRIED_BY:
            yield from _other_levels(measure_id, today)
        elif grey:
            yield from _evidence_to_bring(bench, measures_by_id()[measure_id], of_measure)
        elif measure_id in bench.figures:
            yield from _other_values(bench.figures[measure_id], measures_by_id()[measure_id], of_measure)


def _other_levels(measure_id: str, today: Judged) -> Iterator[tuple[Step, Supposition]]:
    statement = CARRIED_BY[measure_id]
    level = Level(today.levels[statement])
    for other, value in _CARRIED_VALUES.items():
        if other is not level:
            step = Step(measure_id, _CARRIED_VALUES.get(level), value, carried=statement)
            yield step, Supposition(carried={statement: other.value})


def _other_values(own: Figure, measure: Measure, tests: Sequence[Test]) -> Iterator[tuple[Step, Supposition]]:
    """A known figure, moved to where each threshold begins or ceases to fit."""
    if own.value is None:
        return
    low, high = _BOUNDS.get(measure.unit, (float("-inf"), float("inf")))
    for cut in sorted(_cuts(own, tests)):
        for value, is_beyond in _around(cut, own.value, measure):
            if round(value, 6) != round(own.value, 6) and low <= value <= high:
                to = cut if is_beyond else value
                yield Step(measure.id, own.value, to, value > own.value, is_beyond), Supposition((own.moved_to(value),))


def _around(cut: float, own: float, measure: Measure) -> Iterator[tuple[float, bool]]:
    """The cut, and what lies beyond it as seen from the school's own value; and whether it is beyond."""
    yield cut, False
    # a whole number that is passed is the next one reached
    is_beyond = not is_whole(measure)
    if own <= cut:
        yield cut + _step(measure), is_beyond
    if own >= cut:
        yield cut - _step(measure), is_beyond


def _cuts(own: Figure, tests: Sequence[Test]) -> set[float]:
    """Where thresholds lie, and where an interval as wide as today's would begin to touch zero."""
    found = {test.threshold for test in tests}
    for test in tests:
        limit = own.lower if test.direction == "at_least" else own.upper
        if test.significant and limit is not None and own.value is not None:
            found.add(round(own.value - limit, 6))
    return found


def _evidence_to_bring(
    bench: SchoolBench, measure: Measure, tests: Sequence[Test]
) -> Iterator[tuple[Step, Supposition]]:
    """A figure that is not known, or old, as if it were measured on the day of the build."""
    own = bench.figures[measure.id]
    if own.missing_reason == MissingReason.NOT_APPLICABLE:
        return
    fresh = replace(own, measured_on=bench.build.as_at, period=str(bench.build.as_at.year), weight=1.0)
    if own.value is not None:
        yield Step(measure.id, None, own.value), Supposition((fresh,))
        return
    for cut in sorted({test.threshold for test in tests}):
        for value in (cut - _step(measure), cut, cut + _step(measure)):
            yield Step(measure.id, None, value), Supposition((fresh.moved_to(value),))


def is_whole(measure: Measure) -> bool:
    """Whether its values are whole numbers: counts, yes or no, categories."""
    return measure.id.endswith("_count") or measure.unit == "category"


def _step(measure: Measure) -> float:
    return 1.0 if is_whole(measure) else _BEYOND


# what came of them


def _named(step: Step, statement: Statement, today: Judged, found: Judged) -> Step:
    """The step with the rules that would come out otherwise."""
    pairs = zip(today.results[statement], found.results[statement], strict=True)
    moves = (
        RuleMove(then.rule_id, before.status, before.points, then.status, then.points)
        for before, then in pairs
        if before != then
    )
    return replace(step, rules=tuple(moves))


def _helps(before: Sequence[RuleResult], after: Sequence[RuleResult], direction: int) -> bool:
    """Whether something that the level rests on moved in a direction; the level itself is judged elsewhere."""
    pairs = zip(_weights(before), _weights(after), strict=True)
    return any((now - then) * direction > 0 for then, now in pairs)


def _weights(results: Sequence[RuleResult]) -> tuple[float, int, int]:
    return (
        round(sum(one.points for one in results), 6),
        sum(one.is_gate for one in results),
        sum(one.is_significant for one in results),
    )


def _standing(results: Sequence[RuleResult]) -> list[tuple[str, bool, bool]]:
    """Which rules are assessed, and on evidence recent enough."""
    return [(one.rule_id, one.status in ("not assessed", "not applicable"), one.is_core_evidence) for one in results]


def _burden(results: Sequence[RuleResult]) -> float:
    """How heavy they are, to put options of one measure in an order; the level itself is judged elsewhere."""
    points, gates, significant = _weights(results)
    return points + 100 * gates + significant / 100


def _distance(step: Step) -> float:
    """How far a figure is from where it would have to be, as a share of the larger of the two."""
    now, to = step.now, step.to
    if now is None:
        return 0.0
    return abs(to - now) / max(abs(now), abs(to), 1.0)
