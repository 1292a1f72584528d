"""A rule as SQL: each rule becomes one SELECT over the schools of its phases and the current figures it reads.

One SELECT a rule needs no join of millions of pairs of schools and rules, and stays inside SQL that other engines
know. It says what was found; what that counts, `sql/outcomes.sql` says for all rules at once.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from risk_model.rules.reader import Condition, Rule, Threshold
from risk_model.scoring.rule_tables import NumberedRule, core_within_days, stale_after_days
from risk_model.warehouse.engine import literal


def findings_sql(rule: NumberedRule, measure_numbers: Mapping[str, int], loaded: Collection[str], as_at: date) -> str:
    """What a rule finds, as one statement of SQL: one row per school of its phases, told of the one test that counts.

    Reads `numbered_schools` (school_no, phase) and `current_values` (school_no, measure_no, value, lower, upper,
    missing_reason, measured_on, weight), whose figures are rounded to six decimals already.

    Args:
        measure_numbers: of every measure that the rule reads.
        loaded: the measures of which any school has a row: without one the reason is "not loaded".
    """
    return _Compiled(rule, measure_numbers, loaded, as_at).sql()


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
    loaded: Collection[str]
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
        if not any(look.figure.measure_id in self.loaded for look in self.looks):
            return self._not_loaded()
        tests, looks = range(len(self.thresholds)), range(len(self.looks))
        is_assessed = _any(f"assessed_{i}" for i in looks)
        figures = [self.looks[look].figure for look in self.look_of]
        told = {
            "test_key": _pick([str(key) for key, _, _ in self.numbered.tests]),
            "fits": _any(f"fits_{i}" for i in tests),
            "is_assessed": is_assessed,
            "is_not_applicable": " and ".join(f"coalesce(reason_{i}, '') = 'not_applicable'" for i in looks),
            "is_near": "is_near",
            "is_capped": _pick([f"capped_{i}" if one.cap else "false" for i, one in enumerate(self.thresholds)]),
            "missing_reason": _pick([f"reason_{look}" for look in self.look_of]),
            "share": _pick([f"share_{self.figures.index(one)}" for one in figures]),
            "is_stale": _pick([self._stale(one) for one in figures]),
            "is_core_evidence": "false",
        }
        if self.rule.core:
            told["is_core_evidence"] = is_assessed
            within = core_within_days(self.rule)
            if within is not None:
                is_new = _pick([f"new_{self.figures.index(one)}" for one in figures])
                told["is_core_evidence"] += f" and {is_new}"
        columns = ", ".join(value if value == name else f"{value} as {name}" for name, value in told.items())
        return f"\nselect school_no, {columns}\nfrom ({self._placed()}) as placed"

    def _not_loaded(self) -> str:
        """Of what is not loaded every school has the same: nothing need be looked for."""
        key, _, _ = self.numbered.tests[0]
        return f"""
        select s.school_no, {key} as test_key, false as fits, false as is_assessed, false as is_not_applicable,
               false as is_near, false as is_capped, 'not_loaded' as missing_reason, {number(1)} as share,
               false as is_stale, false as is_core_evidence
        from numbered_schools as s where {self._in_phases()}"""

    def _in_phases(self) -> str:
        return f"s.phase in ({', '.join(literal(phase) for phase in self.rule.applies_to())})"

    def _placed(self) -> str:
        """Which test counts: the first that fits; where none does, the first that could be assessed; else the first
        that the school could have, so that a secondary school is not told that it is not in the primary results; else
        the first that could apply to it, since "not applicable" is no reason while another figure is only lacking."""
        tests = range(len(self.thresholds))
        if len(tests) == 1:
            return self._tested()
        cases = [f"when fits_{i} then {i}" for i in tests]
        if len(self.looks) > 1:
            lacking = "('not_loaded', 'not_in_release', 'not_applicable')"
            looks = dict.fromkeys(self.look_of)
            cases += [f"when assessed_{look} then {self.look_of.index(look)}" for look in looks]
            cases += [
                f"when coalesce(reason_{look}, 'stale') not in {lacking} then {self.look_of.index(look)}"
                for look in looks
            ]
            cases += [f"when reason_{look} <> 'not_applicable' then {self.look_of.index(look)}" for look in looks]
        return f"select *, case {' '.join(cases)} else 0 end as place\nfrom ({self._tested()}) as tested"

    def _tested(self) -> str:
        """Every school of the rule's phases: what was found by each look, and whether each test fits."""
        columns = ["s.school_no"]
        for one in dict.fromkeys(look.figure for look in self.looks):
            columns += self._counting(one)
        for i, look in enumerate(self.looks):
            figure, absent = self._alias(look.figure), "not_in_release"
            if look.figure.measure_id not in self.loaded:
                absent = "not_loaded"
            # without its limits nobody can say that a figure is beyond chance, nor that it is not
            no_limits = f" when {figure}.{look.limit} is null then 'not_in_file'" if look.limit else ""
            columns += [
                f"case when {figure}.school_no is null then {literal(absent)} "
                f"when {figure}.value is null then {figure}.missing_reason{no_limits} end as reason_{i}",
                f"{self._is_assessed(look)} as assessed_{i}",
            ]
        columns += [f"{self._fits(one)} as fits_{i}" for i, one in enumerate(self.thresholds)]
        columns += [f"{self._holds(one.cap, one)} as capped_{i}" for i, one in enumerate(self.thresholds) if one.cap]
        near = [self._is_near(one) for one in self.thresholds if one.near is not None]
        columns += [f"{_any(near) if near else 'false'} as is_near"]
        joins = [
            f"left join {self._read(one)} as f{i} on f{i}.school_no = s.school_no "
            f"and f{i}.measure_no = {self.measure_numbers[one.measure_id]}"
            for i, one in enumerate(self.figures)
        ]
        return f"select {', '.join(columns)}\nfrom numbered_schools as s {' '.join(joins)} where {self._in_phases()}"

    def _counting(self, figure: _Figure) -> list[str]:
        """What a figure counts for by its age."""
        i, alias, within = self.figures.index(figure), self._alias(figure), core_within_days(self.rule)
        weight = share = f"coalesce({alias}.weight, {number(1)})"
        columns = []
        if figure.stale_days is not None:
            share = f"case when {alias}.is_old then {weight} * {number(figure.stale_share)} else {weight} end"
            columns += [f"coalesce({alias}.is_old, false) as {self._stale(figure)}"]
        if self.rule.core and within is not None:
            columns += [f"coalesce({alias}.measured_on >= {self._days_ago(within)}, false) as new_{i}"]
        return [f"{share} as share_{i}", *columns]

    def _stale(self, figure: _Figure) -> str:
        return "false" if figure.stale_days is None else f"stale_{self.figures.index(figure)}"

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

    def _is_assessed(self, look: _Look) -> str:
        figure = self._alias(look.figure)
        limit = f" and {figure}.{look.limit} is not null" if look.limit else ""
        return f"{figure}.value is not null{limit}{self._unless_too_old(look)}"

    def _unless_too_old(self, look: _Look) -> str:
        counts = look.figure.stale_days is None or look.figure.stale_share > 0
        return "" if counts else f" and not {self._alias(look.figure)}.is_old"

    def _fits(self, one: Threshold) -> str:
        look = self._look(one)
        figure = self._alias(look.figure)
        beyond = {"lower": f" and {figure}.lower > 0", "upper": f" and {figure}.upper < 0", None: ""}[look.limit]
        excused = f" and not {self._holds(one.unless, one)}" if one.unless else ""
        compared = f"{figure}.value {_SIGNS[self._direction(one)]} {number(one.value)}"
        return f"coalesce({compared}{beyond}{self._unless_too_old(look)}, false){excused}"

    def _is_near(self, one: Threshold) -> str:
        """Close to the threshold from the good side, or beyond it by what may be chance."""
        look = self._look(one)
        value = f"{self._alias(look.figure)}.value"
        low, high = (number(one.value), value) if self._direction(one) == "at_least" else (value, number(one.value))
        return f"{self._is_assessed(look)} and {low} - {high} <= {number(one.near or 0.0)}"

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


def number(value: float) -> str:
    """A number that every engine reads as a double, never as a decimal."""
    return f"cast({value!r} as double)"


def _pick(values: Sequence[str]) -> str:
    """The value of the test that counts."""
    if len(set(values)) == 1:
        return values[0]
    return f"case place {' '.join(f'when {i} then {value}' for i, value in enumerate(values))} end"


def _any(conditions: Iterable[str]) -> str:
    return "(" + " or ".join(conditions) + ")"
