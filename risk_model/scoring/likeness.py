"""Similar schools: with whom a school is compared, so that its intake is not held against it."""

from collections.abc import Iterable
from datetime import date

from risk_model.scoring.evaluating import read_sql
from risk_model.scoring.steps import Step, made_together
from risk_model.warehouse.engine import Connection, rows

# How many similar schools a school has. Our choice: enough for a rank to mean something, few enough to be like it.
SIMILAR_SCHOOLS = 50
# How far is looked, in standard deviations, before looking further: it changes what the search costs and never what
# it finds. A school among many finds its fifty next door; the last look is over the whole band.
_REACHES = (0.1, 0.14, 0.2, 0.28, 0.4, 0.56, 0.8)
_EVERYWHERE = 1_000.0


def similar_schools_step(as_at: date, tables: Iterable[str]) -> Step:
    """The step that makes `intakes` and `similar_schools`."""
    statements = [read_sql(name) for name in ("intakes", "similar_points", "similar_schools")]
    return made_together(
        ("intakes", "similar_schools"),
        [*statements, repr((SIMILAR_SCHOOLS, *_REACHES))],
        as_at,
        tables,
        create_similar_schools,
    )


def create_similar_schools(con: Connection) -> None:
    """Make `intakes`, one row per school, and `similar_schools` (urn, similar_urn, place, distance).

    A school's group is the fifty nearest schools of England of its band, or all where there are fewer; `distance` is
    in standard deviations of the band. Being similar goes one way: a school that is like no other has the nearest there
    are, and is in nobody's group.

    Reads `schools`, the staged census and results, and the lookup `similar_parts`.
    """
    con.execute(f"create or replace table intakes as {read_sql('intakes')}")
    con.execute(f"create or replace temp table similar_points as {read_sql('similar_points')}")
    con.execute("""
        create or replace table similar_schools (urn varchar, similar_urn varchar, place integer, distance double)""")
    for reach in (*_REACHES, _EVERYWHERE):
        con.execute("""
            create or replace temp table unplaced as
            select urn from intakes
            where missing_reason is null and urn not in (select urn from similar_schools)""")
        if not rows(con, "select count(*) as n from unplaced")[0]["n"]:
            break
        con.execute(
            f"insert into similar_schools by name {read_sql('similar_schools')}",
            {"reach": reach, "wanted": SIMILAR_SCHOOLS, "is_last": reach == _EVERYWHERE},
        )
    con.execute("drop table unplaced")
    con.execute("drop table similar_points")
