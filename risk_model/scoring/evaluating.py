"""From measures to outcomes to levels: the statements of SQL that judge, in their order."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pyarrow as pa

from risk_model.domain.words import MISSING_IN_WORDS
from risk_model.measures.reader import Measure, read_measures
from risk_model.scoring.inheriting import marked_sql
from risk_model.scoring.sentences import sentence_sql
from risk_model.warehouse.engine import Connection, literal, rows

_SQL = Path(__file__).parent / "sql"
_CARRIED = frozenset({"outcomes_level_score", "leadership_level_score"})


def read_sql(name: str) -> str:
    """One of the build's SQL files."""
    return (_SQL / f"{name}.sql").read_text("utf-8")


def create_measure_values(con: Connection, as_at: date) -> None:
    """Fill `measure_values` with every measure that does not need a level."""
    con.execute("""
        create or replace table measure_values (
            urn varchar, measure_id varchar, period varchar, value double, lower double, upper double,
            denominator double, figure double, benchmark double, missing_reason varchar,
            source_id varchar, release_id varchar, source_row integer, published_on date, measured_on date,
            weight double default 1.0, caveat varchar, inherited_from varchar
        )""")
    for measure in read_measures():
        if measure.id not in _CARRIED:
            _insert_measure(con, measure, as_at)


def _insert_measure(con: Connection, measure: Measure, as_at: date) -> None:
    params = {"as_at": as_at} if "$as_at" in measure.sql else {}
    # exactly one of value and missing_reason: a value with a reason is not shown as a value
    con.execute(
        f"""
        insert into measure_values by name
        select {literal(measure.id)} as measure_id, {literal(measure.source)} as source_id,
               * replace (if(missing_reason is null, value, null) as value,
                          if(missing_reason is null and value is null, 'blank', missing_reason) as missing_reason)
        from ({marked_sql(measure)})""",
        params,
    )


def _refresh_current_values(con: Connection, statements: Sequence[str]) -> None:
    """`current_values`: of each school's figures that the statements' rules read, the latest that has a value,
    else the latest reason; `loaded_measures`, of which there is any; and `numbered_schools`."""
    con.execute(
        "create or replace temp table numbered_schools as "
        "select row_number() over (order by urn)::integer as school_no, urn, phase from schools"
    )
    con.execute(
        """
        create or replace temp table current_values as
        with read_by_rules as (
            select unnest([t.measure_id, t.unless_measure, t.cap_measure]) as measure_id
            from tests as t
            inner join rules as r using (rule_id)
            where r.statement in (select unnest($statements))
        ),
        newest as (
            select arg_max(
                       rowid, row(value is not null, coalesce(measured_on, date '0001-01-01'), coalesce(period, ''))
                   )
                   as id
            from measure_values
            where measure_id in (select measure_id from read_by_rules)
            group by urn, measure_id
        )
        select s.school_no, v.*
        from measure_values as v
        inner join numbered_schools as s using (urn)
        where v.rowid in (select id from newest)""",
        {"statements": list(statements)},
    )
    con.execute("create or replace temp table loaded_measures as select distinct measure_id from current_values")


def evaluate(con: Connection, statements: Sequence[str], as_at: date) -> None:
    """Add the outcomes of all rules of the statements, each with its sentence, to `rule_outcomes`."""
    _refresh_current_values(con, statements)
    templates = rows(
        con,
        "select distinct fitting_key as k, fitting_sentence as s from tests "
        "union select resting_key, resting_sentence from tests order by 1",
    )
    cases = " ".join(f"when {t['k']} then {sentence_sql(t['s'])}" for t in templates)
    con.execute(
        f"""
        create or replace temp table new_outcomes as
        with outcomes as ({read_sql("rule_outcomes")})
        select o.* exclude (sentence_key),
               case when o.status in ('not assessed', 'not applicable')
                    then r.title || '? ' || if(o.status = 'not applicable', 'Not applicable: ', 'Not assessed: ')
                         || coalesce(w.words, o.missing_reason) || '.'
                    else (case sentence_key {cases} end)
                         || coalesce(' Note: ' || o.caveat || '.', '')
                         || if(o.is_stale and o.share > 0, ' Older evidence: it counts for less.', '')
                         || if(o.is_stale and o.share = 0, ' Older evidence: it counts for nothing.', '')
                         || if(o.is_capped, ' One point at most: schools with a like intake do no better.', '')
                    end as sentence
        from outcomes as o
        inner join rules as r using (rule_id)
        left join missing_words as w on w.reason = o.missing_reason""",
        {"statements": list(statements), "as_at": as_at},
    )
    con.execute("create table if not exists rule_outcomes as from new_outcomes where false")
    con.execute("insert into rule_outcomes from new_outcomes")


def judge(con: Connection, as_at: date) -> None:
    words = [{"reason": reason.value, "words": text} for reason, text in MISSING_IN_WORDS.items()]
    con.register("given_words", pa.Table.from_pylist(words))
    con.execute("create or replace temp table missing_words as from given_words")
    con.unregister("given_words")
    con.execute("""
        create or replace table statement_levels (
            urn varchar, statement varchar, level varchar, points double, points_available double,
            coverage double, score double, gate_rule_id varchar, direction varchar
        )""")
    first_two = ["outcomes", "leadership"]
    evaluate(con, first_two, as_at)
    _level(con, first_two)
    for measure in read_measures():
        if measure.id in _CARRIED:
            _insert_measure(con, measure, as_at)
    evaluate(con, ["inspection"], as_at)
    _level(con, ["inspection"])


def _level(con: Connection, statements: list[str]) -> None:
    con.execute(f"insert into statement_levels by name {read_sql('statement_levels')}", {"statements": statements})
