"""A rule as SQL: each rule becomes one SELECT over the schools of its phases and the current figures it reads.

One SELECT a rule needs no join of millions of pairs of schools and rules, and stays inside SQL that other engines
know. It says what was found; what that counts, `sql/outcomes.sql` says for all rules at once.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
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
class _Look:
    """How a test looks at a figure: which measure, whether it needs limits, and when the figure is old.

    Tests of a rule that look alike share what comes of it: the reason why there is no figure, and its share.
    """

    measure_id: str
    limit: str | None
    stale_days: int | None
    stale_share: float


@dataclass(frozen=True)
class _Compiled:
    """One rule on its way to SQL. Columns are numbered: `fits_0` is of its first test, `reason_0` of its first look."""

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
    def measures(self) -> list[str]:
        """What it reads: what its tests compare, what excuses and what caps."""
        conditions = [one for test in self.thresholds for one in (test.unless, test.cap) if one]
        return list(dict.fromkeys([look.measure_id for look in self.looks] + [one.measure for one in conditions]))

    def sql(self) -> str:
        """What the rule finds."""
        if not any(look.measure_id in self.loaded for look in self.looks):
            return self._not_loaded()
        within = core_within_days(self.rule)
        is_core = "is_assessed" if self.rule.core else "false"
        if self.rule.core and within is not None:
            is_core += f" and coalesce({self._age('measured_on')} <= {within}, false)"
        return f"""
        select school_no, test_key, fits, is_assessed, is_not_applicable, is_near, is_capped, missing_reason, share,
               is_stale, {is_core} as is_core_evidence
        from ({self._chosen()}) as chosen"""

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

    def _chosen(self) -> str:
        """What is told of the one test that counts."""
        of_tests = {
            "test_key": [str(key) for key, _, _ in self.numbered.tests],
            "is_capped": [f"capped_{i}" if one.cap else "false" for i, one in enumerate(self.thresholds)],
        }
        of_looks = {"missing_reason": "reason", "is_stale": "stale", "share": "share", "measured_on": "measured_on"}
        picked = [f"{_pick(values)} as {name}" for name, values in of_tests.items()]
        picked += [
            f"{_pick([f'{column}_{self.looks.index(self._look(one))}' for one in self.thresholds])} as {name}"
            for name, column in of_looks.items()
        ]
        tests, looks = range(len(self.thresholds)), range(len(self.looks))
        return f"""
            select school_no, {_any(f"fits_{i}" for i in tests)} as fits,
                   {_any(f"assessed_{i}" for i in looks)} as is_assessed,
                   {" and ".join(f"coalesce(reason_{i}, '') = 'not_applicable'" for i in looks)} as is_not_applicable,
                   is_near, {", ".join(picked)}
            from (select *, {self._place()} as place from ({self._tested()}) as tested) as placed"""

    def _place(self) -> str:
        """Which test counts: the first that fits; where none does, the first that could be assessed; else the first
        that the school could have, so that a secondary school is not told that it is not in the primary results."""
        tests = range(len(self.thresholds))
        if len(tests) == 1:
            return "0"
        cases = [f"when fits_{i} then {i}" for i in tests]
        if len(self.looks) > 1:
            of_test = [self.looks.index(self._look(one)) for one in self.thresholds]
            lacking = "('not_loaded', 'not_in_release')"
            cases += [f"when assessed_{look} then {of_test.index(look)}" for look in dict.fromkeys(of_test)]
            cases += [
                f"when coalesce(reason_{look}, 'stale') not in {lacking} then {of_test.index(look)}"
                for look in dict.fromkeys(of_test)
            ]
        return f"case {' '.join(cases)} else 0 end"

    def _tested(self) -> str:
        """Every school of the rule's phases: what was found by each look, and whether each test fits."""
        columns = ["s.school_no"]
        for i, look in enumerate(self.looks):
            figure, stale = self._figure(look.measure_id), self._is_stale(look)
            absent = "not_in_release" if look.measure_id in self.loaded else "not_loaded"
            # without its limits nobody can say that a figure is beyond chance, nor that it is not
            no_limits = f" when {figure}.{look.limit} is null then 'not_in_file'" if look.limit else ""
            weight = f"coalesce({figure}.weight, {number(1)})"
            old_share = f"case when {stale} then {weight} * {number(look.stale_share)} else {weight} end"
            columns += [
                f"case when {figure}.school_no is null then {literal(absent)} "
                f"when {figure}.value is null then {figure}.missing_reason{no_limits} end as reason_{i}",
                f"{stale} as stale_{i}",
                f"{weight if look.stale_days is None else old_share} as share_{i}",
                f"{figure}.measured_on as measured_on_{i}",
                f"{self._is_assessed(look)} as assessed_{i}",
            ]
        columns += [f"{self._fits(one)} as fits_{i}" for i, one in enumerate(self.thresholds)]
        columns += [f"{self._holds(one.cap, one)} as capped_{i}" for i, one in enumerate(self.thresholds) if one.cap]
        near = [self._is_near(one) for one in self.thresholds if one.near is not None]
        columns += [f"{_any(near) if near else 'false'} as is_near"]
        joins = [
            f"left join current_values as f{i} on f{i}.school_no = s.school_no "
            f"and f{i}.measure_no = {self.measure_numbers[measure_id]}"
            for i, measure_id in enumerate(self.measures)
        ]
        return f"select {', '.join(columns)} from numbered_schools as s {' '.join(joins)} where {self._in_phases()}"

    def _look(self, one: Threshold) -> _Look:
        limit = ("lower" if self._direction(one) == "at_least" else "upper") if one.significant else None
        return _Look(one.measure or self.rule.measure, limit, stale_after_days(one), one.stale_share)

    def _figure(self, measure_id: str) -> str:
        return f"f{self.measures.index(measure_id)}"

    def _is_assessed(self, look: _Look) -> str:
        figure = self._figure(look.measure_id)
        limit = f" and {figure}.{look.limit} is not null" if look.limit else ""
        too_old = f" and not {self._is_stale(look)}" if look.stale_days is not None and look.stale_share == 0 else ""
        return f"({figure}.value is not null{limit}{too_old})"

    def _is_stale(self, look: _Look) -> str:
        if look.stale_days is None:
            return "false"
        return f"coalesce({self._age(f'{self._figure(look.measure_id)}.measured_on')} > {look.stale_days}, false)"

    def _fits(self, one: Threshold) -> str:
        look = self._look(one)
        beyond = {"lower": " and {}.lower > 0", "upper": " and {}.upper < 0", None: ""}[look.limit]
        excused = f" and not {self._holds(one.unless, one)}" if one.unless else ""
        compared = f"{self._figure(look.measure_id)}.value {_SIGNS[self._direction(one)]} {number(one.value)}"
        return f"({self._is_assessed(look)} and {compared}{beyond.format(self._figure(look.measure_id))}{excused})"

    def _is_near(self, one: Threshold) -> str:
        """Close to the threshold from the good side, or beyond it by what may be chance."""
        look = self._look(one)
        value = f"{self._figure(look.measure_id)}.value"
        low, high = (number(one.value), value) if self._direction(one) == "at_least" else (value, number(one.value))
        return f"({self._is_assessed(look)} and {low} - {high} <= {number(one.near or 0.0)})"

    def _holds(self, condition: Condition | None, one: Threshold) -> str:
        """Whether what excuses or caps is known, true, and as new as the figure."""
        if condition is None:
            return "false"
        other, figure = self._figure(condition.measure), self._figure(self._look(one).measure_id)
        return (
            f"coalesce({other}.value {_SIGNS[condition.raised_when]} {number(condition.value)} "
            f"and {other}.measured_on >= {figure}.measured_on, false)"
        )

    def _direction(self, one: Threshold) -> str:
        return one.raised_when or self.rule.raised_when

    def _age(self, column: str) -> str:
        return f"date_diff('day', {column}, date '{self.as_at.isoformat()}')"


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
