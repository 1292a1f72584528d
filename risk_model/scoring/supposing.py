"""What the model would say of one school if some of its figures were others: by the build's own evaluation.

There is no second rule of levels here. Each supposition is a school of its own, in a database beside the build, with
the school's figures but those that are supposed; the same statements of SQL judge it.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import pyarrow as pa

from risk_model.domain.words import Statement
from risk_model.rules.reader import RuleSet
from risk_model.scoring.evaluating import carry_levels, current_values_of, evaluate, judge, read_sql
from risk_model.warehouse.builds import Build
from risk_model.warehouse.engine import Connection, rows, scratch_of

Row = Mapping[str, Any]
# the measures by which the third statement reads the levels of the first two
CARRIED_BY = {"outcomes_level_score": Statement.OUTCOMES, "leadership_level_score": Statement.LEADERSHIP}


@dataclass(frozen=True)
class Figure:
    """A figure of the school that a rule reads: its own, or one that is supposed in its place.

    Attributes:
        value, lower, upper: in the measure's unit; None where it is not known.
    """

    measure_id: str
    value: float | None
    lower: float | None = None
    upper: float | None = None
    missing_reason: str | None = None
    period: str | None = None
    measured_on: date | None = None
    weight: float = 1.0

    def moved_to(self, value: float) -> "Figure":
        """The same with another value; its limits stay as far from it as they are."""
        # rounded as the build rounds what meets a threshold
        value = round(value, 6)
        if self.value is None:
            return replace(self, value=value, lower=value, upper=value, missing_reason=None)
        by = value - self.value
        return replace(
            self,
            value=value,
            lower=None if self.lower is None else round(self.lower + by, 6),
            upper=None if self.upper is None else round(self.upper + by, 6),
        )


@dataclass(frozen=True)
class Test:
    """A threshold of a rule, as it is in force.

    Attributes:
        significant: the whole interval must lie beyond zero, on the threshold's side.
    """

    rule_id: str
    statement: Statement
    measure_id: str
    direction: str
    threshold: float
    significant: bool


@dataclass(frozen=True)
class Supposition:
    """What is supposed.

    Attributes:
        figures: in place of the school's own; carried: levels of the first two statements, as the third reads them.
    """

    figures: tuple[Figure, ...] = ()
    carried: Mapping[Statement, str] = field(default_factory=dict)


@dataclass(frozen=True)
class RuleResult:
    """What came of one rule."""

    rule_id: str
    status: str
    points: float
    is_gate: bool
    is_significant: bool
    is_core_evidence: bool


@dataclass(frozen=True)
class Judged:
    """What the model says: a level for each statement, and what came of each rule of it."""

    levels: Mapping[Statement, str]
    results: Mapping[Statement, tuple[RuleResult, ...]]


class SchoolBench:
    """One school beside its build, to be judged by other figures as often as asked.

    Attributes:
        figures: {measure: the figure that the build's rules read}, but for levels that are carried forward; tests:
            the thresholds of the rules of its phase.
        build: whose figures they are; rule_set: the rules that judge them.
    """

    def __init__(self, con: Connection, build: Build, rule_set: RuleSet, urn: str) -> None:
        self.build = build
        self.rule_set = rule_set
        self.urn = urn
        self._con = con
        con.execute("create table measure_numbers as from build.measure_numbers")
        con.execute("create table numbered_schools as from build.numbered_schools where urn = $urn", {"urn": urn})
        con.execute(f"create table own_values as {current_values_of('build')}")
        con.execute("create table current_values as from own_values limit 0")
        self.figures = {row["measure_id"]: _figure(row) for row in rows(con, _OWN_FIGURES)}
        self.tests = [_test(row) for row in rows(con, _TESTS, {"urn": urn})]

    def ask(self, sql: str, params: Mapping[str, Any] | None = None) -> list[dict[str, Any]]:
        """Ask the build, whose tables are in the schema `build`."""
        return rows(self._con, sql, params)

    def today(self) -> Judged:
        """What the build says of the school as it is."""
        return _gathered(
            rows(self._con, _BUILT_LEVELS, {"urn": self.urn}), rows(self._con, _BUILT_RESULTS, {"urn": self.urn}), 1
        )[0]

    def judge(
        self, suppositions: Sequence[Supposition], statements: Collection[Statement] = tuple(Statement)
    ) -> list[Judged]:
        """What the model says of the school under each supposition, in their order.

        Args:
            statements: only these are judged; the third alone needs the levels that it carries in each supposition.
        """
        con = self._con
        asked = tuple(rule for rule in self.rule_set.rules if rule.statement in statements)
        by = self.rule_set.model_copy(update={"rules": asked})
        self._lay_out(suppositions)
        judge(con, by, self.build.as_at)
        levels = rows(con, _LEVELS_OF, {"statements": [str(one) for one in statements]})
        if Statement.INSPECTION in statements and any(one.carried for one in suppositions):
            levels = [row for row in levels if row["statement"] != Statement.INSPECTION]
            self._judge_third(suppositions, by)
            levels += rows(con, _LEVELS_OF, {"statements": [str(Statement.INSPECTION)]})
        return _gathered(levels, rows(con, _RESULTS), len(suppositions))

    def _judge_third(self, suppositions: Sequence[Supposition], by: RuleSet) -> None:
        """Judge the third statement anew, by the levels that are supposed of the first two; `by` the rules that have
        judged the others, since rules are numbered within their set."""
        self._carry(suppositions)
        evaluate(self._con, by, [Statement.INSPECTION], self.build.as_at)
        sql = f"insert into levels by name {read_sql('levels')}"
        self._con.execute(sql, {"statements": [str(Statement.INSPECTION)]})

    def _lay_out(self, suppositions: Sequence[Supposition]) -> None:
        """Each supposition as a school, numbered, with its figures."""
        con = self._con
        given = [
            {"school_no": number, **_row(figure)} for number, one in enumerate(suppositions) for figure in one.figures
        ]
        _load(con, "supposed", given, _SUPPOSED)
        con.execute(
            "create or replace table numbered_schools as "
            "select cast(number as integer) as school_no, cast(number as varchar) as urn, s.phase "
            "from range($n) as r (number) cross join build.schools as s where s.urn = $urn",
            {"n": len(suppositions), "urn": self.urn},
        )
        con.execute("delete from current_values")
        con.execute(_PLACE_VALUES)

    def _carry(self, suppositions: Sequence[Supposition]) -> None:
        """The levels of the first two statements that are supposed, as figures that the third reads anew."""
        con = self._con
        given = [
            {"urn": str(number), "statement": statement.value, "level": level}
            for number, one in enumerate(suppositions)
            for statement, level in one.carried.items()
        ]
        _load(con, "supposed_levels", given, _LEVELS)
        con.execute(
            "update levels set level = g.level from supposed_levels as g "
            "where g.urn = levels.urn and g.statement = levels.statement"
        )
        third = {"third": Statement.INSPECTION.value}
        con.execute("delete from levels where statement = $third", third)
        con.execute(
            "delete from findings where test_key in (select t.test_key from tests as t "
            "inner join rules as r on r.rule_id = t.rule_id where r.statement = $third)",
            third,
        )
        carry_levels(con, self.build.as_at)


@contextmanager
def supposing(build: Build, rule_set: RuleSet, urn: str) -> Iterator[SchoolBench]:
    """One school of a build, to be judged by other figures; nothing of the build is changed.

    Args:
        rule_set: the one by which the build judged.
    """
    with scratch_of({"build": build.path}) as con:
        yield SchoolBench(con, build, rule_set, urn)


_OWN_FIGURES = """
    select n.measure_id, v.* exclude (school_no, measure_no, phase)
    from own_values as v
    inner join measure_numbers as n on n.measure_no = v.measure_no
    where n.measure_id not in ('outcomes_level_score', 'leadership_level_score')
    order by n.measure_id"""

_TESTS = """
    select t.rule_id, r.statement, t.measure_id, t.direction, t.threshold, t.significant
    from build.tests as t
    inner join build.rules as r on r.rule_id = t.rule_id
    inner join build.rule_phases as p on p.rule_id = t.rule_id
    inner join build.schools as s on s.phase = p.phase
    where s.urn = $urn
    order by t.test_key"""

_PLACE_VALUES = """
    insert into current_values by name
    select s.school_no, v.* exclude (school_no)
    from numbered_schools as s
    cross join own_values as v
    left join (
        select g.school_no, n.measure_no
        from supposed as g
        inner join measure_numbers as n on n.measure_id = g.measure_id
    ) as g on g.school_no = s.school_no and g.measure_no = v.measure_no
    where g.school_no is null
    union all by name
    select n.measure_no, s.phase, g.* exclude (measure_id)
    from supposed as g
    inner join numbered_schools as s on s.school_no = g.school_no
    inner join measure_numbers as n on n.measure_id = g.measure_id"""

_RESULT_COLUMNS = "o.statement, r.rule_id, o.status, o.points, o.is_gate, o.is_significant, o.is_core_evidence"
_RESULTS = f"""
    select o.school_no as number, {_RESULT_COLUMNS}
    from outcomes as o
    inner join rules as r on r.rule_no = o.rule_no
    order by r.rule_no"""
_LEVELS_OF = """
    select cast(urn as integer) as number, statement, level
    from levels
    where statement in (select unnest($statements))"""
_BUILT_RESULTS = f"""
    select 0 as number, {_RESULT_COLUMNS}
    from build.outcomes as o
    inner join build.rules as r on r.rule_no = o.rule_no
    inner join build.numbered_schools as s on s.school_no = o.school_no
    where s.urn = $urn
    order by r.rule_no"""
_BUILT_LEVELS = "select 0 as number, statement, level from build.levels where urn = $urn"

_SUPPOSED = pa.schema(
    [
        ("school_no", pa.int32()),
        ("measure_id", pa.string()),
        *((name, pa.float64()) for name in ("value", "lower", "upper")),
        ("missing_reason", pa.string()),
        ("period", pa.string()),
        ("measured_on", pa.date32()),
        ("weight", pa.float64()),
    ]
)
_LEVELS = pa.schema([(name, pa.string()) for name in ("urn", "statement", "level")])


def _load(con: Connection, name: str, given: list[dict[str, Any]], schema: pa.Schema) -> None:
    con.register("given_rows", pa.Table.from_pylist(given, schema=schema))
    con.execute(f"create or replace table {name} as from given_rows")
    con.unregister("given_rows")


def _gathered(levels: Iterable[Row], results: Iterable[Row], count: int) -> list[Judged]:
    """Levels and results by the number of the supposition."""
    of_level: list[dict[Statement, str]] = [{} for _ in range(count)]
    of_rules: list[dict[Statement, list[RuleResult]]] = [{statement: [] for statement in Statement} for _ in of_level]
    for row in levels:
        of_level[row["number"]][Statement(row["statement"])] = row["level"]
    for row in results:
        one = RuleResult(**{name: row[name] for name in RuleResult.__dataclass_fields__})
        of_rules[row["number"]][Statement(row["statement"])].append(one)
    return [
        Judged(found, {statement: tuple(given) for statement, given in rules.items()})
        for found, rules in zip(of_level, of_rules, strict=True)
    ]


def _figure(row: Mapping[str, Any]) -> Figure:
    return Figure(**{name: row[name] for name in Figure.__dataclass_fields__})


def _row(figure: Figure) -> dict[str, Any]:
    return {name: getattr(figure, name) for name in Figure.__dataclass_fields__}


def _test(row: Mapping[str, Any]) -> Test:
    return Test(**{**row, "statement": Statement(row["statement"])})
