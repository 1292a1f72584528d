"""The `stg_` tables of a build: every release that counts by the as-at date, typed, with its reasons."""

import csv
import re
from collections.abc import Sequence
from datetime import date
from functools import cache
from pathlib import Path

from risk_model.domain.paths import LOOKUPS, DataDir
from risk_model.measures.reader import FOLDER as MEASURES
from risk_model.scoring.held_lines import current_lines_sql
from risk_model.scoring.typed_rows import typed_file
from risk_model.sources.catalogue import SOURCES
from risk_model.sources.contract import Source
from risk_model.sources.typing import empty_columns
from risk_model.warehouse.engine import Connection, literal
from risk_model.warehouse.lake import Release

LOOKUP_TABLES = (
    "local_authorities",
    "la_changes",
    "school_types",
    "inspection_mapping",
    "early_national",
    "similar_parts",
    "inspection_intervals",
)


def counting_releases(releases: Sequence[Release], as_at: date) -> list[Release]:
    """The releases that a build of a date may read.

    A year's figures count from their publication on. A register or a history is read whatever its date: it
    says what schools are called and what was inspected when, and each inspection counts from its own
    publication. The invented LA and real schools are never built together: demo releases count only while
    no real register is loaded, and then alone.
    """
    demo = not any(release.source_id in REGISTERS and not release.is_demo for release in releases)
    return [
        release
        for release in releases
        if release.is_demo == demo and (release.period is None or release.published_on <= as_at)
    ]


REGISTERS = frozenset(source.id for source in SOURCES if source.is_register)


def stage(con: Connection, data: DataDir, releases: Sequence[Release], as_at: date) -> None:
    """Make the lookup tables, and for each source `stg_<source>_rows`; for yearly ones `stg_<source>` and
    `stg_<source>_summary`, too.

    `stg_<source>` has one row per school and year: of several releases of a year the final one, then the one
    with most columns, then the newest. Where a file names schools by LAESTAB alone, `laestab_urns` gives the URN;
    the rows of schools that it does not know stay in `stg_<source>_rows`. All are temporary, gone when the build
    is closed; what no measure reads is a view, which costs nothing until somebody asks. Of what the LA holds itself
    `stg_<source>` has the lines that stand on that day.
    """
    stage_rows(con, data, releases, as_at)
    for source in SOURCES:
        if source.is_yearly:
            kept = _kept_as([source])
            for name, sql in (("", _schools_sql(source, as_at)), ("_summary", _summary_sql(source, as_at))):
                columns = _columns_read() if kept == "table" else "*"
                con.execute(f"create or replace temp {kept} stg_{source.id}{name} as select {columns} from ({sql})")


def stage_rows(con: Connection, data: DataDir, releases: Sequence[Release], as_at: date) -> None:
    """The first half of it, which reads next to nothing: the lookup tables, `stg_<source>_rows`, `laestab_urns`."""
    for name in LOOKUP_TABLES:
        path = literal((LOOKUPS / f"{name}.csv").as_posix())
        con.execute(f"create or replace temp table {name} as from read_csv({path}, all_varchar = true, header = true)")
    for source in SOURCES:
        of_source = [release for release in releases if release.source_id == source.id]
        con.execute(f"create or replace temp view stg_{source.id}_rows as {_rows_sql(con, source, data, of_source)}")
        if source.is_evidence:
            con.execute(f"create or replace temp view stg_{source.id} as {current_lines_sql(source, as_at)}")
    kept = _kept_as([source for source in SOURCES if source.keyed_by == "laestab"])
    con.execute(f"create or replace temp {kept} laestab_urns as {LAESTAB_URNS_SQL}")


def _kept_as(sources: Sequence[Source]) -> str:
    """A table where a measure or a step of the build reads one of the sources, else a view."""
    is_read = any(re.search(rf"\bstg_{source.id}(_rows|_summary)?\b", _sql_of_the_build()) for source in sources)
    return "table" if is_read else "view"


@cache
def _sql_of_the_build() -> str:
    files = [*(Path(__file__).parent / "sql").glob("*.sql"), *MEASURES.glob("*.sql")]
    return "\n".join(path.read_text("utf-8") for path in sorted(files))


@cache
def _columns_read() -> str:
    """SQL for the columns that a measure or a step of the build names: of the two hundred of a file, some twenty."""
    words = sorted(set(re.findall(r"[a-z][a-z0-9_]*", _sql_of_the_build())))
    return f"columns(lambda name: name in ({', '.join(literal(word) for word in words)}))"


# The school that has a number today comes first, then the one that had it when the lookup was made: a school that
# became an academy has mostly kept its LAESTAB, and its earlier figures are wanted under the URN of today.
LAESTAB_URNS_SQL = """
    with known as (
        select laestab, urn, 1 as place, release_as_at from stg_ofsted_rows
        union all
        select laestab, urn, 1, release_as_at from stg_ofsted_report_cards_rows
        union all
        select la_code || lpad(estab, 4, '0'), urn, if(status like 'Open%', 1, 3), release_as_at from stg_gias_rows
        union all
        select laestab, urn, 2, null from stg_laestab_lookup_rows
        union all
        select previous_la_code || lpad(previous_estab, 4, '0'), urn, if(status like 'Open%', 2, 3), release_as_at
        from stg_gias_rows
    ),
    -- an LA that was abolished left its schools their own four figures: where one school alone has them, it is that one
    renumbered as (
        select c.old_code || right(k.laestab, 4) as laestab, min(k.urn) as urn, 4 as place, null as release_as_at
        from known as k
        inner join la_changes as c on c.new_code = left(k.laestab, 3) and c.old_code <> c.new_code
        where k.place = 1
        group by 1
        having count(distinct k.urn) = 1
    )
    select laestab, urn from (from known union all by name from renumbered)
    where regexp_full_match(laestab, '[0-9]{7}') and regexp_full_match(urn, '[0-9]{6}')
    qualify row_number() over (partition by laestab order by place, release_as_at desc nulls last, urn desc) = 1"""


def _rows_sql(con: Connection, source: Source, data: DataDir, releases: Sequence[Release]) -> str:
    if not releases:
        return f"""
            select {empty_columns(source)},
                   null::varchar as release_id, null::varchar as period, null::date as release_as_at,
                   null::date as published_on, null::timestamp as imported_at, false as provisional,
                   0 as columns_filled, 0 as row_number, null::varchar as scope, null::varchar as summary_phase
            where false"""
    files = (literal(typed_file(con, data, release).as_posix()) for release in releases)
    return " union all by name ".join(f"select * from read_parquet({file})" for file in files)


# a corrected file of the same year and day of publication is imported later
_BY_RELEASE = "provisional, columns_filled desc, published_on desc, imported_at desc, release_id, row_number"


def _preference(source: Source) -> str:
    return ", ".join([*(f"{name} desc nulls last" for name in source.prefer), _BY_RELEASE])


def _schools_sql(source: Source, as_at: date) -> str:
    return f"""
        select r.*{_national_gaps(source)}, make_date(right(r.period, 4)::integer, 8, 31) as measured_on,
               right(r.period, 4)::integer as year
        from {_with_urn(source)} as r
        where scope = 'school' and urn is not null and period is not null
            and published_on <= {literal(as_at.isoformat())}::date
        qualify row_number() over (partition by urn, period order by {_preference(source)}) = 1"""


def _with_urn(source: Source) -> str:
    if source.keyed_by != "laestab":
        return f"stg_{source.id}_rows"
    return f"""
        (select o.* replace (coalesce(o.urn, k.urn) as urn)
         from stg_{source.id}_rows as o left join laestab_urns as k using (laestab))"""


def _national_gaps(source: Source) -> str:
    """SQL that gives a missing figure its true reason where no school in England has one that year."""
    gaps: dict[str, list[str]] = {}
    with (LOOKUPS / "national_gaps.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["source"] == source.id:
                gaps.setdefault(row["field"], []).append(literal(row["period"]))
    if not gaps:
        return ""
    reasons = [
        f"if({field} is null and period in ({', '.join(periods)}), 'not_published_that_year', {field}_missing) "
        f"as {field}_missing"
        for field, periods in gaps.items()
    ]
    return f" replace ({', '.join(reasons)})"


def _summary_sql(source: Source, as_at: date) -> str:
    return f"""
        select r.* exclude (summary_phase), summary_phase as phase_group,
               right(r.period, 4)::integer as year
        from stg_{source.id}_rows as r
        where scope in ('national', 'la') and period is not null and published_on <= {literal(as_at.isoformat())}::date
        qualify row_number() over (
            partition by period, scope, summary_phase, if(scope = 'la', {_la(source)}, null)
            order by {_preference(source)}
        ) = 1"""


def _la(source: Source) -> str:
    return "la_code" if any(one.name == "la_code" for one in source.fields) else "null"
