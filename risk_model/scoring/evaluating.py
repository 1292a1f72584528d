"""From measures to outcomes to levels: the statements of SQL that judge, in their order."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from pathlib import Path

import pyarrow as pa

from risk_model.domain.words import MISSING_IN_WORDS, Statement
from risk_model.measures.reader import read_measures
from risk_model.rules.reader import RuleSet
from risk_model.scoring.compiling import findings_sql
from risk_model.scoring.measuring import CARRIED, insert_measures
from risk_model.scoring.rule_tables import create_rule_tables, numbered_rules
from risk_model.scoring.sentences import sentence_sql
from risk_model.scoring.steps import Part, Shared, Step, reading, text_of
from risk_model.warehouse.engine import Connection, literal, rows
from risk_model.warehouse.running import Run, run_here

_SQL = Path(__file__).parent / "sql"
# a statement is planned by one core, whatever the engine does with its rows: two are planned side by side
_SHARES = 2
_UNION = "\nunion all\n"
_NUMBERED_SQL = "select cast(row_number() over (order by urn) as integer) as school_no, urn, phase from schools"


def read_sql(name: str) -> str:
    """One of the build's SQL files."""
    return (_SQL / f"{name}.sql").read_text("utf-8")


def current_values_steps(tables: Iterable[str]) -> list[Step | Shared]:
    """The steps that make what the rules read, from `schools` and `measure_values`: a number for each school and
    measure, and `current_values`, of each of both the latest figure that has a value, else the latest reason, else
    that there is none.

    Figures are rounded to six decimals here, so that no threshold turns on the last bit of a sum.
    """
    known = [table for table in tables if table in ("schools", "measure_values")]
    ids = [measure.id for measure in read_measures()]
    sql = read_sql("current_values")
    schools = {table: frozenset({"urn", "phase"}) for table in known if table == "schools"}
    parts = [
        Part(str(number), text_of(sql, date.min) + one, {**schools, **_figures_of(one, known)})
        for number, one in enumerate(ids)
        if one not in CARRIED
    ]
    return [
        Step(("numbered_schools",), _NUMBERED_SQL, reading(_NUMBERED_SQL, known), _number_schools, stays=True),
        Step(("measure_numbers",), repr(ids), _figures_of("", known), _number_measures, stays=True),
        Shared(
            "current_values",
            f"create or replace table current_values as from ({sql}) where false",
            "measure_no",
            tuple(parts),
            _insert_current,
        ),
    ]


def create_current_values(con: Connection) -> None:
    """All of that on what is there, levels given as figures too."""
    for one in current_values_steps(()):
        if isinstance(one, Shared):
            con.execute(one.create)
            one.insert(con, [str(number) for number, _ in enumerate(read_measures())])
        else:
            one.make(con)


def current_values_of(build: str) -> str:
    """The current figures that an attached build holds of the schools in `numbered_schools`, as a SELECT.

    A build of an earlier version of the product has no row where a school has no figure: it is given one here.
    """
    return f"""
        select s.school_no, n.measure_no, s.phase, v.period, v.value, v.lower, v.upper,
               case when v.value is null
                    then coalesce(v.missing_reason, case when n.is_loaded then 'not_in_release' else 'not_loaded' end)
                    end as missing_reason,
               v.measured_on, coalesce(v.weight, 1) as weight
        from numbered_schools as s
        cross join {build}.measure_numbers as n
        left join (
            select * from {build}.current_values where school_no in (select school_no from numbered_schools)
        ) as v on v.school_no = s.school_no and v.measure_no = n.measure_no"""


def _figures_of(measure_id: str, tables: Iterable[str]) -> dict[str, frozenset[str]]:
    return {table: frozenset({measure_id}) for table in tables if table == "measure_values"}


def _number_schools(con: Connection) -> None:
    con.execute(f"create or replace table numbered_schools as {_NUMBERED_SQL}")


def _number_measures(con: Connection) -> None:
    ids = [measure.id for measure in read_measures()]
    con.register("given_ids", pa.table({"measure_no": pa.array(range(len(ids)), pa.int32()), "measure_id": ids}))
    con.execute(
        """
        create or replace table measure_numbers as
        with loaded as (
            select distinct measure_id from measure_values
        )
        select g.measure_no, g.measure_id,
               g.measure_id in (select unnest($carried)) or l.measure_id is not null as is_loaded
        from given_ids as g
        left join loaded as l using (measure_id)
        order by g.measure_no""",
        {"carried": sorted(CARRIED)},
    )
    con.unregister("given_ids")


def _insert_current(con: Connection, numbers: Sequence[str]) -> None:
    """Add the current figures of some measures: the statement sees no others in `measure_numbers`."""
    listed = ", ".join(numbers)
    con.execute(f"create temp table measure_numbers as from measure_numbers where measure_no in ({listed})")
    con.execute(f"insert into current_values by name {read_sql('current_values')}")
    con.execute("drop table temp.measure_numbers")


def judge(con: Connection, rule_set: RuleSet, as_at: date, run: Run = run_here) -> None:
    """Judge the schools of `numbered_schools` by `current_values`: the tables `findings` and `levels`, and the view
    `outcomes`.

    Args:
        run: carries out the statements by which the rules are evaluated and levels made.

    Reads `measure_numbers` too, and makes the rule tables. The levels of the first two statements become figures in
    `current_values`, which the third statement reads.
    """
    create_rule_tables(con, rule_set, as_at)
    create_no_findings(con)
    con.execute("""
        create or replace table levels (
            urn varchar, statement varchar, level varchar, points double, points_available double, coverage double,
            gate_rule_id varchar
        )""")
    first_two = [Statement.OUTCOMES, Statement.LEADERSHIP]
    evaluate(con, rule_set, first_two, as_at, run)
    run(con, "levels", [levels_sql(first_two)])
    carry_levels(con, as_at)
    evaluate(con, rule_set, [Statement.INSPECTION], as_at, run)
    run(con, "levels", [levels_sql([Statement.INSPECTION])])


def create_no_findings(con: Connection) -> None:
    """The table `findings`, one row per school and rule of its phase, without a row yet; and `outcomes`, a view of it
    that says what each finding counts.

    What is found is all that need be stored: the rest is the test's, and the same for every school.
    """
    con.execute("""
        create or replace table findings (
            school_no integer, test_key integer, fits boolean, is_near boolean, is_capped boolean,
            missing_reason varchar, share double, is_core_evidence boolean
        )""")
    con.execute(f"create or replace view outcomes as {read_sql('outcomes')}")


def keep_outcomes(con: Connection) -> None:
    """`outcomes` as a table, in place of the view and of the `findings` below it.

    DuckDB 2.0 fails at some joins whose build side is made of joins itself ("dict-surviving join"): what a build keeps
    for its readers to join has none below it.
    """
    con.execute("create table kept_outcomes as from outcomes")
    con.execute("drop view outcomes")
    con.execute("drop table findings")
    con.execute("alter table kept_outcomes rename to outcomes")


def evaluate(
    con: Connection, rule_set: RuleSet, statements: Collection[Statement], as_at: date, run: Run = run_here
) -> None:
    """Add to `findings` what every rule of the statements finds."""
    run(con, "findings", rules_sql(con, rule_set, statements, as_at))


def rules_sql(con: Connection, rule_set: RuleSet, statements: Collection[Statement], as_at: date) -> list[str]:
    """The rules of the statements, shared among a few SELECTs: the rows that they add to `findings`."""
    numbers = rows(con, "select measure_id, measure_no from measure_numbers")
    measure_numbers = {row["measure_id"]: row["measure_no"] for row in numbers}
    rules = [one for one in numbered_rules(rule_set, as_at) if one.rule.statement in statements]
    found = [findings_sql(one, measure_numbers, as_at) for one in rules]
    parts = [found[first::_SHARES] for first in range(_SHARES)]
    # all are found before any is stored: part by part takes a quarter longer
    return [f"with found as materialized ({_UNION.join(part)}) select * from found" for part in parts if part]


def levels_sql(statements: Sequence[Statement]) -> str:
    """The levels of some statements as one SELECT: the rows that it adds to `levels`."""
    named = ", ".join(literal(one.value) for one in statements)
    return read_sql("levels").replace("select unnest($statements)", named)


def carry_levels(con: Connection, as_at: date) -> None:
    """The levels of the first two statements as figures, in place of those of an earlier judging."""
    numbers = rows(con, "select measure_id, measure_no from measure_numbers")
    # by their numbers: what holds none of them is not looked through
    listed = ", ".join(str(row["measure_no"]) for row in numbers if row["measure_id"] in CARRIED)
    con.execute(f"delete from current_values where measure_no in ({listed})")
    carried = " union all ".join(
        f"select {literal(one.id)} as measure_id, m.* from ({one.sql}) as m"
        for one in read_measures()
        if one.id in CARRIED
    )
    con.execute(
        f"""
        insert into current_values by name
        select s.school_no, n.measure_no, s.phase, m.period, m.value, m.missing_reason, m.measured_on, 1.0 as weight
        from ({carried}) as m
        inner join numbered_schools as s on s.urn = m.urn
        inner join measure_numbers as n on n.measure_id = m.measure_id""",
        {"as_at": as_at},
    )


def create_statement_levels(con: Connection, as_at: date) -> None:
    """`statement_levels`: the levels with the order within a statement and the direction of travel; and the first two
    levels among the `measure_values`."""
    insert_measures(con, CARRIED, as_at)
    con.execute(f"create or replace table statement_levels as {read_sql('statement_levels')}")


def create_rule_outcomes(con: Connection) -> None:
    """The view `rule_outcomes`: what came of every rule with its figure, file, row and sentence.

    A sentence is made when it is read, from the row that was judged: the two cannot differ, and a million of them
    need not be stored.
    """
    words = [{"reason": reason.value, "words": text} for reason, text in MISSING_IN_WORDS.items()]
    con.register("given_words", pa.Table.from_pylist(words))
    con.execute("create or replace table missing_words as from given_words")
    con.unregister("given_words")
    templates = rows(
        con,
        "select distinct fitting_key as k, fitting_sentence as s from tests "
        "union select resting_key, resting_sentence from tests order by 1",
    )
    cases = " ".join(f"when {t['k']} then {sentence_sql(t['s'])}" for t in templates)
    told = read_sql("rule_outcomes").replace("/* sentences */", cases)
    con.execute(f"create or replace view rule_outcomes as {told}")
