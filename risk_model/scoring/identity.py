"""Who is who: the schools of today, those left out, the schools before them, and whose figures each source has."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from risk_model.domain.paths import DataDir
from risk_model.scoring.evaluating import read_sql
from risk_model.scoring.staging import stage_rows
from risk_model.scoring.steps import Step, sql_step
from risk_model.sources.catalogue import SOURCES
from risk_model.sources.contract import Source
from risk_model.warehouse.builds import Build
from risk_model.warehouse.engine import identifier, literal, rows, scratch
from risk_model.warehouse.lake import read_releases


def schools_steps(as_at: date, tables: Iterable[str]) -> list[Step]:
    """The steps that make `school_places`, `schools`, `la_history`, `successions`, `left_out_schools`, and the sum that
    holds for them, `register_accounts`; and what they are made of, `register_rows` and the coordinates on the grid, for
    the time of the build alone."""
    known = list(tables)
    steps = []
    for name, stays, told_apart_by in (
        ("register_rows", False, ()),
        ("wgs84_points", False, ()),
        ("national_grid", False, ()),
        ("school_places", True, ("urn",)),
        ("schools", True, ("urn",)),
        ("la_history", True, ()),
        ("successions", True, ("urn", "predecessor_urn")),
        ("left_out_schools", True, ()),
        ("register_accounts", True, ()),
    ):
        steps.append(sql_step(name, read_sql(name), as_at, known, stays=stays, told_apart_by=told_apart_by))
        known.append(name)
    return steps


def count_schools(data: DataDir, build: Build) -> list[dict[str, Any]]:
    """Whose figures each yearly source of a build has, worked out when somebody asks.

    Returns:
        Rows of source_id, standing, schools, for_example (a URN), by source and standing: `school_counts.sql`.
    """
    with build.reader() as reader:
        ids = {row["release_id"] for row in reader.rows("select release_id from releases")}
    releases = [release for release in read_releases(data) if release.release_id in ids]
    with scratch() as con:
        stage_rows(con, data, releases, build.as_at)
        con.execute(f"attach {literal(build.path.as_posix())} as build (read_only)")
        for name in ("schools", "successions", "left_out_schools"):
            con.execute(f"create temp view {name} as from build.{name}")
        con.execute(f"create temp view evidence_urns as {_evidence_urns_sql()}")
        return rows(con, read_sql("school_counts"))


def _evidence_urns_sql() -> str:
    """SQL for every school of which a yearly source has a row: source_id, urn (NULL where nobody knows its LAESTAB)."""
    return " union all ".join(_schools_of(source) for source in SOURCES if source.is_yearly)


def _schools_of(source: Source) -> str:
    table = identifier(f"stg_{source.id}_rows")
    if source.keyed_by != "laestab":
        return f"select distinct {literal(source.id)} as source_id, urn from {table} where scope = 'school'"
    return f"""
        select distinct {literal(source.id)} as source_id, coalesce(o.urn, k.urn) as urn
        from (select distinct urn, laestab from {table} where scope = 'school') as o
        left join laestab_urns as k using (laestab)"""
