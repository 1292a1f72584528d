"""The `stg_` tables of a build: every release that counts by the as-at date, typed, with its reasons."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date
from functools import cache
from pathlib import Path

from risk_model.domain.paths import LOOKUPS, DataDir
from risk_model.measures.reader import FOLDER as MEASURES
from risk_model.scoring.held_lines import current_lines_sql
from risk_model.scoring.steps import Shared, Step, file_hash, reading, sql_step, words_of
from risk_model.scoring.typed_rows import typed_file, typed_name
from risk_model.sources.catalogue import SOURCES
from risk_model.sources.contract import Source
from risk_model.sources.national_gaps import field_gaps
from risk_model.sources.typing import empty_columns
from risk_model.warehouse.engine import Connection, literal
from risk_model.warehouse.lake import Release

_OF_EVERY_ROW = frozenset(
    {"urn", "scope", "period", "year", "measured_on", "phase_group", "summary_phase", "provisional", "row_number"}
    | {"columns_filled", "release_id", "release_as_at", "published_on", "imported_at"}
)
LOOKUP_TABLES = (
    "local_authorities",
    "la_changes",
    "school_types",
    "inspection_mapping",
    "early_national",
    "similar_parts",
    "inspection_intervals",
    "group_indicators",
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
    `stg_<source>_summary`, too: as views on what the files say, by which nobody has inherited anything yet.

    `stg_<source>` has one row per school and year: of several releases of a year the final one, then the one
    with most columns, then the newest. Where a file names schools by LAESTAB alone, `laestab_urns` gives the URN;
    the rows of schools that it does not know stay in `stg_<source>_rows`. Of what the LA holds itself `stg_<source>`
    has the lines that stand on that day.
    """
    stage_rows(con, data, releases, as_at)
    for source in SOURCES:
        if source.is_yearly:
            con.execute(f"create or replace temp view stg_{source.id} as {schools_sql(source, releases, as_at)}")
            con.execute(
                f"create or replace temp view stg_{source.id}_summary as {_summary_sql(source, releases, as_at)}"
            )


def stage_rows(con: Connection, data: DataDir, releases: Sequence[Release], as_at: date) -> None:
    """The first half of it, which reads next to nothing: the lookup tables, `stg_<source>_rows`, `laestab_urns`."""
    for step in rows_steps(data, releases, as_at):
        step.make(con)


def rows_steps(data: DataDir, releases: Sequence[Release], as_at: date) -> list[Step]:
    """The steps that make the lookup tables, `stg_<source>_rows`, the lines that the LA holds, and `laestab_urns`; all
    for the time of the build alone."""
    steps = [_lookup_step(name) for name in LOOKUP_TABLES]
    for source in SOURCES:
        steps.append(_rows_step(source, data, _of_source(source, releases)))
        if source.is_evidence:
            steps.append(_view_step(f"stg_{source.id}", current_lines_sql(source, as_at), made_tables(steps)))
    later = [one.release_id for one in releases if one.source_id in REGISTERS and one.published_on > as_at]
    urns = laestab_urns_sql(later)
    steps.append(sql_step("laestab_urns", urns, as_at, made_tables(steps), stays=False, told_apart_by=("laestab",)))
    return steps


def summary_steps(releases: Sequence[Release], as_at: date, tables: Iterable[str]) -> Iterator[Step]:
    """The steps that make `stg_<source>_summary` of the sources of which somebody reads it."""
    for source in SOURCES:
        if source.is_yearly and f"stg_{source.id}_summary" in _words_of_the_build():
            sql = f"select {columns_read(source)} from ({_summary_sql(source, releases, as_at)})"
            yield sql_step(f"stg_{source.id}_summary", sql, as_at, tables, stays=False)


def sources_read() -> list[Source]:
    """The yearly sources of which a measure or a step of the build reads the schools' figures."""
    return [source for source in SOURCES if source.is_yearly and f"stg_{source.id}" in _words_of_the_build()]


def made_tables(steps: Iterable[Step | Shared]) -> list[str]:
    """What some steps make, for those after them to read."""
    return [name for one in steps for name in ([one.table] if isinstance(one, Shared) else one.makes)]


def _lookup_step(name: str) -> Step:
    path = LOOKUPS / f"{name}.csv"
    sql = f"from read_csv({literal(path.as_posix())}, all_varchar = true, header = true)"
    return Step(
        makes=(name,),
        text=file_hash(path),
        reads={},
        make=lambda con: con.execute(f"create or replace temp table {name} as {sql}"),
    )


def _view_step(name: str, sql: str, tables: Iterable[str]) -> Step:
    return Step(
        makes=(name,),
        text=sql,
        reads=reading(sql, [table for table in tables if table != name]),
        make=lambda con: con.execute(f"create or replace temp view {name} as {sql}"),
    )


def _rows_step(source: Source, data: DataDir, releases: Sequence[Release]) -> Step:
    """The rows of a source's releases; it is known by the names of the files, without a look into them."""
    name = f"stg_{source.id}_rows"
    return Step(
        makes=(name,),
        text="\n".join(typed_name(release) for release in releases) or _no_rows_sql(source),
        reads={},
        make=lambda con: con.execute(f"create or replace temp view {name} as {_rows_sql(con, source, data, releases)}"),
    )


def _of_source(source: Source, releases: Sequence[Release]) -> list[Release]:
    return [release for release in releases if release.source_id == source.id]


@cache
def _words_of_the_build() -> frozenset[str]:
    files = [*(Path(__file__).parent / "sql").glob("*.sql"), *MEASURES.glob("*.sql")]
    return frozenset().union(*(words_of(path.read_text("utf-8")) for path in sorted(files)))


def columns_read(source: Source) -> str:
    """SQL for the columns that a measure or a step of the build names: of the two hundred of a file, some twenty."""
    own = {name for one in source.fields for name in (one.name, f"{one.name}_missing")}
    words = sorted(_words_of_the_build() & (own | _OF_EVERY_ROW))
    return f"columns(lambda name: name in ({', '.join(literal(word) for word in words)}))"


def laestab_urns_sql(later: Collection[str] = ()) -> str:
    """SQL for the school that has, or last had, each LAESTAB: laestab, urn.

    The school that has a number today comes first, then the one that had it when the lookup was made: a school that
    became an academy has mostly kept its LAESTAB, and its earlier figures are wanted under the URN of today.

    Args:
        later: registers that came out after the day of a build: what they say of a number counts where nobody else
            says who had it.
    """
    place = f"if(release_id in ({', '.join(map(literal, sorted(later)))}), 3, 1)" if later else "1"
    return f"""
    with known as (
        select laestab, urn, {place} as place, true as is_its_own, release_as_at from stg_ofsted_rows
        union all
        select laestab, urn, {place}, true, release_as_at from stg_ofsted_report_cards_rows
        union all
        select la_code || lpad(estab, 4, '0'), urn, if(status like 'Open%', {place}, 3), status like 'Open%',
               release_as_at
        from stg_gias_rows
        union all
        select laestab, urn, 2, false, null from stg_laestab_lookup_rows
        union all
        select previous_la_code || lpad(previous_estab, 4, '0'), urn, if(status like 'Open%', greatest({place}, 2), 3),
               false, release_as_at
        from stg_gias_rows
    ),
    -- an LA that was abolished left its schools their own four figures: where one school alone has them, it is that one
    renumbered as (
        select c.old_code || right(k.laestab, 4) as laestab, min(k.urn) as urn, 4 as place, null as release_as_at
        from known as k
        inner join la_changes as c on c.new_code = left(k.laestab, 3) and c.old_code <> c.new_code
        where k.is_its_own
        group by 1
        having count(distinct k.urn) = 1
    )
    select laestab, urn from (from known union all by name from renumbered)
    where regexp_full_match(laestab, '[0-9]{{7}}') and regexp_full_match(urn, '[0-9]{{6}}')
    qualify row_number() over (partition by laestab order by place, release_as_at desc nulls last, urn desc) = 1"""


def _rows_sql(con: Connection, source: Source, data: DataDir, releases: Sequence[Release]) -> str:
    if not releases:
        return _no_rows_sql(source)
    files = (literal(typed_file(con, data, release).as_posix()) for release in releases)
    return " union all by name ".join(f"select * from read_parquet({file})" for file in files)


def _no_rows_sql(source: Source) -> str:
    return f"""
        select {empty_columns(source)},
               null::varchar as release_id, null::varchar as period, null::date as release_as_at,
               null::date as published_on, null::timestamp as imported_at, false as provisional,
               0 as columns_filled, 0 as row_number, null::varchar as scope, null::varchar as summary_phase
        where false"""


# a corrected file of the same year and day of publication is imported later
_BY_RELEASE = "provisional, columns_filled desc, published_on desc, imported_at desc, release_id, row_number"


def _preference(source: Source) -> str:
    return ", ".join([*(f"{name} desc nulls last" for name in source.prefer), _BY_RELEASE])


def schools_sql(source: Source, releases: Sequence[Release], as_at: date) -> str:
    """SQL for one row per school and year of a yearly source, as `stage` has it."""
    return f"""
        select r.*{_national_gaps(source)}, make_date(right(r.period, 4)::integer, 8, 31) as measured_on,
               right(r.period, 4)::integer as year
        from {_with_urn(source)} as r
        where scope = 'school' and urn is not null and period is not null{_published_sql(source, releases, as_at)}
        qualify row_number() over (partition by urn, period order by {_preference(source)}) = 1"""


def _published_sql(source: Source, releases: Sequence[Release], as_at: date) -> str:
    """SQL for what had been published by a day, where something had not: else the day changes nothing."""
    if all(release.published_on <= as_at for release in _of_source(source, releases)):
        return ""
    return f" and published_on <= {literal(as_at.isoformat())}::date"


def _with_urn(source: Source) -> str:
    if source.keyed_by != "laestab":
        return f"stg_{source.id}_rows"
    return f"""
        (select o.* replace (coalesce(o.urn, k.urn) as urn)
         from stg_{source.id}_rows as o left join laestab_urns as k using (laestab))"""


def _national_gaps(source: Source) -> str:
    """SQL that gives a missing figure its true reason where no school in England has one that year."""
    gaps = field_gaps(source.id)
    if not gaps:
        return ""
    reasons = [
        f"if({field} is null and period in ({', '.join(map(literal, periods))}), 'not_published_that_year', "
        f"{field}_missing) as {field}_missing"
        for field, periods in gaps.items()
    ]
    return f" replace ({', '.join(reasons)})"


def _summary_sql(source: Source, releases: Sequence[Release], as_at: date) -> str:
    return f"""
        select r.* exclude (summary_phase), summary_phase as phase_group,
               right(r.period, 4)::integer as year
        from stg_{source.id}_rows as r
        where scope in ('national', 'la') and period is not null{_published_sql(source, releases, as_at)}
        qualify row_number() over (
            partition by period, scope, summary_phase, if(scope = 'la', {_la(source)}, null)
            order by {_preference(source)}
        ) = 1"""


def _la(source: Source) -> str:
    return "la_code" if any(one.name == "la_code" for one in source.fields) else "null"
