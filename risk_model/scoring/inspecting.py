"""The inspections of a build: what every file says of them, and one history made of it."""

from collections.abc import Iterable
from datetime import date

from risk_model.scoring.evaluating import read_sql
from risk_model.scoring.steps import Step, made_together, used_params
from risk_model.warehouse.engine import Connection, rows

# every mention of an inspection in a file: the others are made of it, and it goes with the build's connection
_MENTIONS = "inspection_rows"
_TABLES = (
    "inspection_sources",
    "inspections",
    "inspection_contradictions",
    "inspection_area_grades",
    "latest_inspections",
    "inspection_due_dates",
    "next_inspections",
)


def inspections_step(as_at: date, tables: Iterable[str]) -> Step:
    """The step that makes `inspections`, one row each, with `inspection_sources` (all files that mention it),
    `inspection_contradictions` (where they differ), `inspection_area_grades` (the grades that a report card's areas
    have had), `latest_inspections` (one row per school), `inspection_due_dates` (when the next is due by each version
    of the published rules) and `next_inspections` (by the one in force, one row per school).

    Reads the staged inspection files, `schools` and `successions`.
    """
    statements = [read_sql(name) for name in (_MENTIONS, *_TABLES)]
    return made_together(_TABLES, statements, as_at, tables, lambda con: _create_inspections(con, as_at))


def _create_inspections(con: Connection, as_at: date) -> None:
    con.execute(f"create or replace temp table {_MENTIONS} as {read_sql(_MENTIONS)}", {"as_at": as_at})
    for name in _TABLES:
        sql = read_sql(name)
        con.execute(f"create or replace table {name} as {sql}", used_params(sql, as_at))
    for number in ("mention_id", "used_id"):
        con.execute(f"alter table inspection_sources drop column {number}")


def count_contradictions(con: Connection) -> int:
    """In how many places files contradict one another about an inspection that counts."""
    found: int = rows(con, "select count(*) as n from inspection_contradictions")[0]["n"]
    return found
