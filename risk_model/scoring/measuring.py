"""The measures of a build: `measure_values`, each measure's figures kept or worked out by themselves."""

from collections.abc import Collection, Iterable
from datetime import date

from risk_model.measures.reader import Measure, read_measures
from risk_model.scoring.inheriting import marked_sql
from risk_model.scoring.steps import Part, Shared, reading, text_of, used_params
from risk_model.warehouse.engine import Connection, literal

_TABLE = "measure_values"
# the levels of the first two statements, as measures that the third statement reads
CARRIED = frozenset({"outcomes_level_score", "leadership_level_score"})
_CREATE = f"""
    create or replace table {_TABLE} (
        urn varchar, measure_id varchar, period varchar, value double, lower double, upper double,
        denominator double, figure double, benchmark double, missing_reason varchar,
        source_id varchar, release_id varchar, source_row integer, published_on date, measured_on date,
        weight double default 1.0, caveat varchar, inherited_from varchar
    )"""


def measures_step(as_at: date, tables: Iterable[str]) -> Shared:
    """The step that fills `measure_values` with every measure that does not need a level."""
    known = (*tables, _TABLE)
    return Shared(
        _TABLE,
        _CREATE,
        "measure_id",
        tuple(_part(measure, as_at, known) for measure in read_measures() if measure.id not in CARRIED),
        lambda con, ids: insert_measures(con, ids, as_at),
    )


def _part(measure: Measure, as_at: date, tables: Iterable[str]) -> Part:
    sql = _values_sql(measure)
    return Part(measure.id, text_of(sql, as_at), reading(sql, tables))


def insert_measures(con: Connection, ids: Collection[str], as_at: date) -> None:
    """Add some measures' figures to `measure_values`, in the order of the measures."""
    for measure in read_measures():
        if measure.id in ids:
            sql = _values_sql(measure)
            con.execute(f"insert into {_TABLE} by name {sql}", used_params(sql, as_at))


def _values_sql(measure: Measure) -> str:
    # exactly one of value and missing_reason: a value with a reason is not shown as a value; nor is "-0"
    return f"""
        select {literal(measure.id)} as measure_id, {literal(measure.source)} as source_id,
               * replace (if(missing_reason is null, value + 0.0, null) as value,
                          if(missing_reason is null and value is null, 'blank', missing_reason) as missing_reason)
        from ({marked_sql(measure)})"""
