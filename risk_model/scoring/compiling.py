"""A rule as SQL: each rule becomes one SELECT over the schools of its phases and the current figures it reads.

One SELECT a rule needs no join of millions of pairs of schools and rules, and stays inside SQL that other engines
know. It says what was found; what that counts, `sql/outcomes.sql` says for all rules at once.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from risk_model.rules.reader import Condition, Rule, Threshold
from risk_model.scoring.rule_tables import NumberedRule, core_within_days, stale_after_days
from risk_model.warehouse.engine import literal


def findings_sql(rule: NumberedRule, measure_numbers: Mapping[str, int], as_at: date) -> str:
    """What a rule finds, as one statement of SQL: one row per school of its phases, told of the one test that counts.

    Reads `current_values` (school_no, measure_no, phase, value, lower, upper, missing_reason, measured_on, weight):
    one row for each school and each measure that the rule reads, whose figures are rounded to six decimals already.
    So a figure is found beside another by an inner join, and no school is lost by it.

    Args:
        measure_numbers: of every measure that the rule reads.
    """
    return _Compiled(rule, measure_numbers, as_at).sql()


@dataclass(frozen=True)
class _Figure:
    """A figure that a rule reads: of which measure, after how many days it is old, and what it counts for then."""

    measure_id: str
    stale_days: int | None = None
    stale_share: float = 1.0


@dataclass(frozen=True)
class _Look:
    """How a test looks at a figure: which one, and whether it needs limits.

    Tests of a rule that look alike share what comes of it: the reason why there is no figure.
    """

    figure: _Figure
    limit: str | None


@dataclass(frozen=True)
class _Compiled:
    """One rule on its way to SQL. Columns are numbered: `fits_0` is of its first test, `reason_0` of its first look,
    `share_0` of its first figure.

    The text is kept short: a third of the time that rules take is spent on reading and planning it.
    """

    numbered: NumberedRule
    measure_numbers: Mapping[str, int]
    as_at: date

    @property
    def rule(self) -> Rule:
        return self.numbered.rule

    @cached_property
    def thresholds(self) -> list[Threshold]:
        return [threshold for _, _, threshold in self.numbered.tests]

    @cached_property
    def looks(self) -> list[_Look]:
        """In the order of the tests, each once."""
        return list(dict.fromkeys(map(self._look, self.thresholds)))

    @cached_property
    def look_of(self) -> list[int]:
        """By which look each test looks."""
        return [self.looks.index(self._look(one)) for one in self.thresholds]

    @cached_property
    def figures(self) -> list[_Figure]:
        """What it reads: what its tests compare, then what excuses and what caps."""
        compared = list(dict.fromkeys(look.figure for look in self.looks))
        known = {one.measure_id for one in compared}
        conditions = [one for test in self.thresholds for one in (test.unless, test.cap) if one]
        others = dict.fromkeys(one.measure for one in conditions if one.measure not in known)
        return compared + [_Figure(measure_id) for measure_id in others]

    def sql(self) -> str:
        """What the rule finds."""
        figures = [self.looks[look].figure for look in self.look_of]
        reason = _pick([f"reason_{look}" for look in self.look_of])
        told = {
            "test_key": self._test_key(),
            "fits": f"coalesce({_any(f'fits_{i}' for i in range(len(self.thresholds)))}, false)",
            "is_near": "coalesce(is_near, false)" if self._near() else "false",
            "is_capped": _pick([f"capped_{i}" if one.cap else "false" for i, one in enumerate(self.thresholds)]),
            "missing_reason": reason,
            "share": _pick([f"share_{self.figures.index(one)}" for one in figures]),
            "is_core_evidence": "false",
        }
        if self.rule.core:
            told["is_core_evidence"] = f"{reason} is null"
            within = core_within_days(self.rule)
            if within is not None:
                is_new = _pick([f"new_{self.figures.index(one)}" for one in figures])
                told["is_core_evidence"] += f" and {is_new}"
        columns = ", ".join(value if value == name else f"{value} as {name}" for name, value in told.items())
        return f"\nselect school_no, {columns}\nfrom ({self._placed()}) as placed"

    def _test_key(self) -> str:
        """Of the test that counts: a rule's tests are numbered one after the other."""
        first = self.numbered.tests[0][0]
        return str(first) if len(self.thresholds) == 1 else f"{first} + place"

    def _placed(self) -> str:
        """Which test counts: the first that fits; where none does, the first that could be assessed; else the first
        that the school could have, so that a secondary school is not told that it is not in the primary results; else
        the first that could apply to it, since "not applicable" is no reason while another figure is only lacking."""
        tests = range(len(self.thresholds))
        if len(tests) == 1:
            return self._tested()
        cases = [f"when fits_{i} then {i}" for i in tests]
        if len(self.looks) > 1:
            looks = dict.fromkeys(self.look_of)
            could_have = "not in ('not_loaded', 'not_in_release', 'not_applicable')"
            for holds in ("is null", could_have, "<> 'not_applicable'"):
                cases += [f"when reason_{look} {holds} then {self.look_of.index(look)}" for look in looks]
        return f"select *, case {' '.join(cases)} else 0 end as place\nfrom ({self._tested()}) as tested"

    def _tested(self) -> str:
        """Every school of the rule's phases: what was found by each look, and whether each test fits; NULL where that
        cannot be said."""
        columns = ["f0.school_no"]
        for one in dict.fromkeys(look.figure for look in self.looks):
            columns += self._counting(one)
        columns += [f"{self._reason(look)} as reason_{i}" for i, look in enumerate(self.looks)]
        columns += [f"{self._fits(one)} as fits_{i}" for i, one in enumerate(self.thresholds)]
        columns += [f"{self._holds(one.cap, one)} as capped_{i}" for i, one in enumerate(self.thresholds) if one.cap]
        if self._near():
            columns += [f"{_any(self._near())} as is_near"]
        numbers = [self.measure_numbers[one.measure_id] for one in self.figures]
        joins = [
            f"inner join {self._read(one)} as f{i} on f{i}.school_no = f0.school_no and f{i}.measure_no = {numbers[i]}"
            for i, one in enumerate(self.figures)
            if i > 0
        ]
        phases = ", ".join(literal(phase) for phase in self.rule.applies_to())
        return (
            f"select {', '.join(columns)}\nfrom {self._read(self.figures[0])} as f0 {' '.join(joins)} "
            f"where f0.measure_no = {numbers[0]} and f0.phase in ({phases})"
        )

    def _counting(self, figure: _Figure) -> list[str]:
        """What a figure counts for by its age."""
        i, alias, within = self.figures.index(figure), self._alias(figure), core_within_days(self.rule)
        share = f"{alias}.weight"
        columns = []
        if figure.stale_days is not None:
            share = f"case when {alias}.is_old then {share} * {number(figure.stale_share)} else {share} end"
        if self.rule.core and within is not None:
            columns += [f"coalesce({alias}.measured_on >= {self._days_ago(within)}, false) as new_{i}"]
        return [f"{share} as share_{i}", *columns]

    def _read(self, figure: _Figure) -> str:
        if figure.stale_days is None:
            return "current_values"
        is_old = f"coalesce(measured_on < {self._days_ago(figure.stale_days)}, false)"
        return f"(select *, {is_old} as is_old from current_values)"

    def _look(self, one: Threshold) -> _Look:
        limit = ("lower" if self._direction(one) == "at_least" else "upper") if one.significant else None
        return _Look(_Figure(one.measure or self.rule.measure, stale_after_days(one), one.stale_share), limit)

    def _alias(self, figure: _Figure) -> str:
        return f"f{self.figures.index(figure)}"

    def _reason(self, look: _Look) -> str:
        """Why nothing can be said by a look; NULL where something can."""
        figure = self._alias(look.figure)
        cases = []
        # without its limits nobody can say that a figure is beyond chance, nor that it is not
        if look.limit:
            cases += [f"when {figure}.{look.limit} is null then 'not_in_file'"]
        if _ends_with_age(look.figure):
            cases += [f"when {figure}.is_old then 'stale'"]
        if not cases:
            return f"{figure}.missing_reason"
        return f"case when {figure}.value is null then {figure}.missing_reason {' '.join(cases)} end"

    def _young(self, look: _Look) -> str:
        """That a figure is not too old to count at all, as more of a condition."""
        return f" and not {self._alias(look.figure)}.is_old" if _ends_with_age(look.figure) else ""

    def _fits(self, one: Threshold) -> str:
        look = self._look(one)
        figure = self._alias(look.figure)
        beyond = {"lower": f" and {figure}.lower > 0", "upper": f" and {figure}.upper < 0", None: ""}[look.limit]
        excused = f" and not {self._holds(one.unless, one)}" if one.unless else ""
        compared = f"{figure}.value {_SIGNS[self._direction(one)]} {number(one.value)}"
        return f"{compared}{beyond}{self._young(look)}{excused}"

    def _near(self) -> list[str]:
        """Of every test that knows it: close to the threshold from the good side, or beyond it by what may be
        chance."""
        return [self._is_near(one, one.near) for one in self.thresholds if one.near is not None]

    def _is_near(self, one: Threshold, near: float) -> str:
        look = self._look(one)
        figure = self._alias(look.figure)
        limit = f" and {figure}.{look.limit} is not null" if look.limit else ""
        value, threshold = f"{figure}.value", number(one.value)
        low, high = (threshold, value) if self._direction(one) == "at_least" else (value, threshold)
        return f"{low} - {high} <= {number(near)}{limit}{self._young(look)}"

    def _holds(self, condition: Condition | None, one: Threshold) -> str:
        """Whether what excuses or caps is known, true, and as new as the figure."""
        if condition is None:
            return "false"
        other = next(f"f{i}" for i, read in enumerate(self.figures) if read.measure_id == condition.measure)
        return (
            f"coalesce({other}.value {_SIGNS[condition.raised_when]} {number(condition.value)} "
            f"and {other}.measured_on >= {self._alias(self._look(one).figure)}.measured_on, false)"
        )

    def _direction(self, one: Threshold) -> str:
        return one.raised_when or self.rule.raised_when

    def _days_ago(self, days: int) -> str:
        return f"date '{(self.as_at - timedelta(days=days)).isoformat()}'"


_SIGNS = {"at_least": ">=", "at_most": "<="}


def _ends_with_age(figure: _Figure) -> bool:
    """Whether it counts for nothing any more once it is old."""
    return figure.stale_days is not None and figure.stale_share == 0


def number(value: float) -> str:
    """A number that is read as a double, never as a decimal: with an exponent."""
    text = repr(float(value))
    return text if "e" in text else f"{text}e0"


def _pick(values: Sequence[str]) -> str:
    """The value of the test that counts."""
    if len(set(values)) == 1:
        return values[0]
    return f"case place {' '.join(f'when {i} then {value}' for i, value in enumerate(values))} end"


def _any(conditions: Iterable[str]) -> str:
    return "(" + " or ".join(conditions) + ")"
