"""A rule as SQL: each rule becomes one SELECT over the schools of its phases and the current figures it reads.

One SELECT a rule needs no join of millions of pairs of schools and rules, and stays inside SQL that other engines
know.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from risk_model.rules.reader import Condition, Rule, Threshold
from risk_model.scoring.rule_tables import NumberedRule, core_within_days, points_available, stale_after_days
from risk_model.warehouse.engine import literal


def outcomes_sql(
    rules: Sequence[NumberedRule], measure_numbers: Mapping[str, int], loaded: Collection[str], as_at: date
) -> str:
    """The outcomes of rules as one statement of SQL, one row per rule and school of its phases.

    Reads `numbered_schools` (school_no, phase) and `current_values` (school_no, measure_no, value, lower, upper,
    missing_reason, measured_on, weight), whose figures are rounded to six decimals already.

    Args:
        measure_numbers: of every measure that the rules read.
        loaded: the measures of which any school has a row: without one the reason is "not loaded".
    """
    if not rules:
        raise ValueError("there is no rule in force")
    return "\nunion all\n".join(_Compiled(one, measure_numbers, loaded, as_at).sql() for one in rules)


@dataclass(frozen=True)
class _Compiled:
    """One rule on its way to SQL.

    Columns are numbered twice: `value_0` is of the first measure that the rule reads, `fits_0` of its first test.
    """

    numbered: NumberedRule
    measure_numbers: Mapping[str, int]
    loaded: Collection[str]
    as_at: date

    @property
    def rule(self) -> Rule:
        return self.numbered.rule

    @property
    def thresholds(self) -> list[Threshold]:
        return [threshold for _, _, threshold in self.numbered.tests]

    @property
    def measures(self) -> list[str]:
        """What it reads: first what its tests compare, then what excuses and what caps."""
        named: dict[str, None] = {}
        for one in self.thresholds:
            named.setdefault(one.measure or self.rule.measure)
        for one in self.thresholds:
            for condition in (one.unless, one.cap):
                if condition:
                    named.setdefault(condition.measure)
        return list(named)

    def sql(self) -> str:
        available = number(points_available(self.rule, self.as_at))
        within = core_within_days(self.rule)
        is_recent = "true" if within is None else f"coalesce({self._age('measured_on')} <= {within}, false)"
        return f"""
        select school_no, {self.numbered.number} as rule_no, {literal(self.rule.statement.value)} as statement,
               test_key,
               case when is_not_applicable then 'not applicable' when not is_assessed then 'not assessed'
                    when fits and given < 0 then 'protective' when fits then 'raised' else 'clear' end as status,
               case when is_not_applicable then 'not_applicable'
                    when not is_assessed then coalesce(missing_reason, 'stale') end as missing_reason,
               given as points,
               case when is_not_applicable then {number(0)} else {available} end as points_available,
               is_assessed and not fits and is_near as near_miss,
               fits and is_gate_test and share = 1 as is_gate,
               fits and share = 1 and given >= 2 and is_proof as is_significant,
               fits and is_capped and given < uncapped as is_capped,
               share, is_stale,
               {str(self.rule.core).lower()} and is_assessed and {is_recent} as is_core_evidence
        from (
            select *, case when not fits then {number(0)}
                           when is_capped and uncapped > most then most else uncapped end as given
            from (select *, points * share as uncapped from ({self._chosen()}) as chosen) as scored
        ) as told"""

    def _chosen(self) -> str:
        """The test that counts: the first that fits; where none does, the first that could be assessed; else the first
        that the school could have, so that a secondary school is not told that it is not in the primary results."""
        tests = range(len(self.thresholds))
        lacking = "('not_loaded', 'not_in_release')"
        places = [
            *(f"when fits_{i} then {i}" for i in tests),
            *(f"when assessed_{i} then {i}" for i in tests),
            *(f"when coalesce(reason_{i}, 'stale') not in {lacking} then {i}" for i in tests),
        ]
        constants = {
            "test_key": [str(key) for key, _, _ in self.numbered.tests],
            "points": [number(one.points) for one in self.thresholds],
            "most": [number(one.cap.points) if one.cap else "cast(null as double)" for one in self.thresholds],
            "is_gate_test": [str(one.gate).lower() for one in self.thresholds],
            "is_proof": [str(one.significant or one.counts_as_significant).lower() for one in self.thresholds],
        }
        varying = {
            "missing_reason": [f"reason_{i}" for i in tests],
            "is_stale": [f"stale_{i}" for i in tests],
            "is_capped": [f"capped_{i}" for i in tests],
            "share": [f"share_{i}" for i in tests],
            "measured_on": [f"measured_on_{self._place(one)}" for one in self.thresholds],
        }
        picked = ", ".join(f"{_pick(values)} as {name}" for name, values in {**constants, **varying}.items())
        return f"""
            select school_no, {_any(f"fits_{i}" for i in tests)} as fits,
                   {_any(f"assessed_{i}" for i in tests)} as is_assessed,
                   {_any(f"near_{i}" for i in tests)} as is_near,
                   {_all(f"coalesce(reason_{i}, '') = 'not_applicable'" for i in tests)} as is_not_applicable,
                   {picked}
            from (select *, case {" ".join(places)} else 0 end as place from ({self._tested()}) as tested) as placed"""

    def _tested(self) -> str:
        """Whether each test could be assessed, and whether it fits."""
        columns = []
        for i, one in enumerate(self.thresholds):
            columns += [f"assessed_{i} and {self._comparison(i, one)} as fits_{i}"]
            columns += [f"assessed_{i} and not ({self._comparison(i, one)}) and {self._near(one)} as near_{i}"]
        return f"select *, {', '.join(columns)} from ({self._seen()}) as seen"

    def _seen(self) -> str:
        """Per test: why there is no figure, whether it is old, and for how much it counts."""
        columns = []
        for i, one in enumerate(self.thresholds):
            stale, share = f"stale_{i}", number(one.stale_share)
            too_old = f" and not {stale}" if one.stale_share == 0 else ""
            columns += [
                f"reason_{i} is null{too_old} as assessed_{i}",
                f"case when {stale} then weight_{self._place(one)} * {share} else weight_{self._place(one)} end"
                f" as share_{i}",
            ]
        return f"select *, {', '.join(columns)} from ({self._read()}) as looked"

    def _read(self) -> str:
        """Every school of the rule's phases with the figures that the rule reads."""
        columns = ["s.school_no"]
        joins = []
        for i, measure_id in enumerate(self.measures):
            columns += [f"f{i}.{name} as {name}_{i}" for name in ("value", "lower", "upper", "measured_on")]
            columns += [f"coalesce(f{i}.weight, {number(1)}) as weight_{i}"]
            joins.append(
                f"left join current_values as f{i} on f{i}.school_no = s.school_no "
                f"and f{i}.measure_no = {self.measure_numbers[measure_id]}"
            )
        for i, one in enumerate(self.thresholds):
            place = self._place(one)
            columns += [
                f"{self._reason(one)} as reason_{i}",
                f"{self._is_stale(one)} as stale_{i}",
                f"{self._holds(one.cap, place)} as capped_{i}",
                f"{self._holds(one.unless, place)} as excused_{i}",
            ]
        phases = ", ".join(literal(phase) for phase in self.rule.applies_to())
        return f"select {', '.join(columns)} from numbered_schools as s {' '.join(joins)} where s.phase in ({phases})"

    def _place(self, one: Threshold) -> int:
        return self.measures.index(one.measure or self.rule.measure)

    def _reason(self, one: Threshold) -> str:
        place = self._place(one)
        absent = "not_in_release" if (one.measure or self.rule.measure) in self.loaded else "not_loaded"
        limit = "lower" if self._direction(one) == "at_least" else "upper"
        # without its limits nobody can say that a figure is beyond chance, nor that it is not
        no_limits = f" when f{place}.{limit} is null then 'not_in_file'" if one.significant else ""
        return (
            f"case when f{place}.school_no is null then {literal(absent)} "
            f"when f{place}.missing_reason is not null then f{place}.missing_reason{no_limits} end"
        )

    def _is_stale(self, one: Threshold) -> str:
        days = stale_after_days(one)
        return "false" if days is None else f"coalesce({self._age(f'f{self._place(one)}.measured_on')} > {days}, false)"

    def _holds(self, condition: Condition | None, place: int) -> str:
        """Whether what excuses or caps is known, true, and as new as the figure."""
        if condition is None:
            return "false"
        other = f"f{self.measures.index(condition.measure)}"
        return (
            f"coalesce({other}.value {_SIGNS[condition.raised_when]} {number(condition.value)} "
            f"and {other}.measured_on >= f{place}.measured_on, false)"
        )

    def _comparison(self, i: int, one: Threshold) -> str:
        place, direction = self._place(one), self._direction(one)
        beyond = ""
        if one.significant:
            beyond = f" and lower_{place} > 0" if direction == "at_least" else f" and upper_{place} < 0"
        return f"not excused_{i} and value_{place} {_SIGNS[direction]} {number(one.value)}{beyond}"

    def _near(self, one: Threshold) -> str:
        """Close to the threshold from the good side, or beyond it by what may be chance."""
        if one.near is None:
            return "false"
        value = f"value_{self._place(one)}"
        distance = (
            f"{number(one.value)} - {value}" if self._direction(one) == "at_least" else f"{value} - {number(one.value)}"
        )
        return f"{distance} <= {number(one.near)}"

    def _direction(self, one: Threshold) -> str:
        return one.raised_when or self.rule.raised_when

    def _age(self, column: str) -> str:
        return f"date_diff('day', {column}, date '{self.as_at.isoformat()}')"


_SIGNS = {"at_least": ">=", "at_most": "<="}


def number(value: float) -> str:
    """A number that every engine reads as a double, never as a decimal."""
    return f"cast({value!r} as double)"


def _pick(values: Sequence[str]) -> str:
    """The value of the chosen test."""
    if len(set(values)) == 1:
        return values[0]
    return f"case place {' '.join(f'when {i} then {value}' for i, value in enumerate(values))} end"


def _any(conditions: Iterable[str]) -> str:
    return "(" + " or ".join(conditions) + ")"


def _all(conditions: Iterable[str]) -> str:
    return "(" + " and ".join(conditions) + ")"
