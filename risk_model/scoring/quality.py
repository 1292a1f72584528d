"""What became of every row and cell of a release: kept, left out and why, markers, values beyond the limits.

Worked out on demand from the lake, in a scratch database, so that imports and builds stay quick.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from risk_model.domain.paths import LOOKUPS, DataDir
from risk_model.domain.words import MissingReason
from risk_model.scoring.staging import LOOKUP_TABLES, laestab_urns_sql
from risk_model.scoring.typed_rows import typed_rows
from risk_model.sources.catalogue import source_named
from risk_model.sources.checks import limits_in_words
from risk_model.sources.contract import Field, Source, matched_columns
from risk_model.sources.typing import cell_sql, empty_columns, markers, value_of
from risk_model.warehouse.engine import Connection, literal, rows, scratch
from risk_model.warehouse.lake import ROW, Release, parquet_path

SQL = Path(__file__).parent / "quality_sql"
_IDENTITY = ("gias", "gias_links", "ofsted", "ofsted_report_cards", "laestab_lookup")
_LOOKUPS = {**{name: name for name in LOOKUP_TABLES}, "type_codes": "school_type_codes"}

KEPT = {
    "open": "rows of schools that are open and judged",
    "followed": "rows of schools with a successor, kept as its history",
    "la": "rows of a local authority",
    "national": "national rows",
    "other": "other summaries, and rows of some of the pupils only: kept, compared with nothing",
}
LEFT_OUT = {
    "blank": "blank lines",
    "nobody": "neither a school's row nor a summary that is known",
    "repeated": "a second row of the same school and year, of which the fuller one counts",
    "closed": "rows of schools that have closed without a successor that is known",
    "gone": "rows of schools that are in no newer register, without a successor that is known",
    "not_judged": "rows of independent schools, colleges and other places that are not judged here",
    "unknown": "rows of schools that are in no register that is loaded",
}


@dataclass(frozen=True)
class RowGroup:
    """The rows of a release that share a fate.

    Attributes:
        name: one of KEPT or LEFT_OUT.
        rows, schools: how many; schools is 0 for summaries.
        first_row: the line of the first one in the file, None for blank lines.
    """

    name: str
    rows: int
    schools: int
    first_row: int | None

    @property
    def is_kept(self) -> bool:
        """Whether the rows reach the screens and rules."""
        return self.name in KEPT

    @property
    def in_words(self) -> str:
        """What the rows are, for a table."""
        return {**KEPT, **LEFT_OUT}[self.name]


@dataclass(frozen=True)
class PhaseCover:
    """Open schools of one phase of the register, in the LAs of a release: how many the release has."""

    phase: str
    in_register: int
    in_both: int
    in_register_only: int


@dataclass(frozen=True)
class MarkerCount:
    """How often a column has no value, for one reason.

    Attributes:
        column: as published; figure: what the product calls it.
        cells: rows of schools (of LAs, where the file is keyed by LA) without a value; of_rows: of how many.
    """

    column: str
    figure: str
    reason: MissingReason
    cells: int
    of_rows: int


@dataclass(frozen=True)
class Outlier:
    """One cell whose value is beyond its column's limits: kept in the lake, and out of every judgement.

    Attributes:
        row: the line of the file; cell: what stands there; limits: which values count, in words.
    """

    row: int
    urn: str | None
    school: str | None
    column: str
    figure: str
    cell: str
    limits: str


@dataclass(frozen=True)
class ReleaseQuality:
    """What became of a release's rows and cells.

    Attributes:
        rows_in: lines of the file below its header, blank ones among them where they were counted.
        filled: for each column that is read, {published name: cells with a value} in the same rows as the markers.
    """

    release: Release
    rows_in: int
    groups: tuple[RowGroup, ...]
    cover: tuple[PhaseCover, ...]
    filled: dict[str, int]
    marked: tuple[MarkerCount, ...]
    outliers: tuple[Outlier, ...]

    @property
    def kept(self) -> int:
        """How many rows are kept."""
        return sum(group.rows for group in self.groups if group.is_kept)

    @property
    def left_out(self) -> int:
        """How many rows are left out."""
        return sum(group.rows for group in self.groups if not group.is_kept)

    @property
    def is_accounted_for(self) -> bool:
        """Whether every row that came in is either kept or left out for a reason."""
        return self.rows_in == self.kept + self.left_out


@contextmanager
def quality_desk(data: DataDir, releases: Sequence[Release], *, of_demo: bool) -> Iterator[Connection]:
    """A scratch database with what is known of schools: `standing`, `laestab_urns` and `type_codes`.

    Args:
        releases: all that are loaded; registers of the invented LA speak for its files alone, as in a build.
    """
    with scratch() as con:
        for table, name in _LOOKUPS.items():
            path = literal((LOOKUPS / f"{name}.csv").as_posix())
            con.execute(f"create temp table {table} as from read_csv({path}, all_varchar = true, header = true)")
        for source_id in _IDENTITY:
            known = [r for r in releases if r.source_id == source_id and r.is_demo == of_demo]
            con.execute(f"create temp view stg_{source_id}_rows as {_identity_sql(data, source_id, known)}")
        con.execute(f"create temp table laestab_urns as {laestab_urns_sql()}")
        con.execute(f"create temp table standing as {sql_named('standing')}")
        yield con


def _identity_sql(data: DataDir, source_id: str, releases: Sequence[Release]) -> str:
    if releases:
        return " union all by name ".join(f"({typed_rows(data, release)})" for release in releases)
    nothing = "null::varchar as release_id, null::date as release_as_at, 0 as row_number, null::varchar as scope"
    return f"select {empty_columns(source_named(source_id))}, {nothing} where false"


def sql_named(name: str) -> str:
    """One of the statements of the quality report."""
    return (SQL / f"{name}.sql").read_text("utf-8")


def release_quality(con: Connection, data: DataDir, release: Release) -> ReleaseQuality:
    """Account for a release: its rows, its markers and its outliers. Leaves its rows in `typed` and `seen`.

    Args:
        con: from `quality_desk`.
    """
    source = source_named(release.source_id)
    con.execute(f"create or replace temp table typed as {typed_rows(data, release)}")
    con.execute(f"create or replace temp table seen as {_seen_sql(con, source)}")
    groups = [_row_group(row) for row in rows(con, sql_named("account"))]
    if release.blank_rows:
        groups.append(RowGroup("blank", release.blank_rows, 0, None))
    filled, marked = _markers(con, data, source, release)
    return ReleaseQuality(
        release=release,
        rows_in=release.rows_read + (release.blank_rows or 0),
        groups=tuple(sorted(groups, key=_place)),
        cover=tuple(PhaseCover(**row) for row in rows(con, sql_named("schools_in_file"))),
        filled=filled,
        marked=tuple(marked),
        outliers=tuple(_outliers(con, data, source, release)),
    )


def _place(group: RowGroup) -> int:
    return [*KEPT, *LEFT_OUT].index(group.name)


def _row_group(row: dict[str, Any]) -> RowGroup:
    is_schools = row["group_name"] not in ("la", "national", "other", "nobody")
    return RowGroup(row["group_name"], row["rows"], row["schools"] if is_schools else 0, row["first_row"])


def _seen_sql(con: Connection, source: Source) -> str:
    """SQL for whose each row is: row_number, scope, urn, what the file calls the kind of school, is_repeated."""
    has = columns_of(con, "typed")
    urn = "t.urn" if "urn" in has else "null"
    joined = "typed as t"
    if source.keyed_by == "laestab":
        urn, joined = "coalesce(t.urn, k.urn)", "typed as t left join laestab_urns as k using (laestab)"
    kind = "t.school_type" if "school_type" in has else "t.phase" if "phase" in has else "null"
    preference = ", ".join([*(f"t.{name} desc nulls last" for name in source.prefer), "t.row_number"])
    subject = f"coalesce({urn}, t.laestab)" if source.keyed_by == "laestab" else urn
    number = f"row_number() over (partition by t.scope, {subject}, t.period order by {preference})"
    is_repeated = f"t.scope = 'school' and {number} > 1" if source.is_yearly and urn != "null" else "false"
    return f"""
        select t.row_number, t.scope, {urn}::varchar as urn, {kind}::varchar as type_in_file,
               {is_repeated} as is_repeated
        from {joined}"""


def columns_of(con: Connection, table: str) -> frozenset[str]:
    """The columns of a table of the scratch database."""
    return frozenset(row["column_name"] for row in rows(con, f"describe {table}"))


def _markers(
    con: Connection, data: DataDir, source: Source, release: Release
) -> tuple[dict[str, int], list[MarkerCount]]:
    """Cells with a value by column, and those without by column and reason."""
    found = matched_columns(source, release.header)
    fields = [one for one in source.fields if one.name in found and one.kind != "text"]
    if not fields:
        return {}, []
    scope = "la" if source.keyed_by == "la" else "school"
    has = columns_of(con, "typed")
    items = [f"count({one.name}) as filled_{place}" for place, one in enumerate(fields)]
    items += [
        f"histogram({one.name}_missing) as reasons_{place}"
        for place, one in enumerate(fields)
        if f"{one.name}_missing" in has
    ]
    counted = rows(con, f"select count(*) as n, {', '.join(items)} from typed where scope = {literal(scope)}")[0]
    filled: dict[str, int] = {}
    marked: list[MarkerCount] = []
    for place, one in enumerate(fields):
        filled[found[one.name]] = counted[f"filled_{place}"]
        if f"{one.name}_missing" in has:
            reasons = Counter(counted[f"reasons_{place}"] or {})
        elif counted[f"filled_{place}"] == counted["n"]:
            continue
        else:
            reasons = _reasons_of_cells(con, data, one, release, scope)
        marked += [
            MarkerCount(found[one.name], one.name, MissingReason(reason), n, counted["n"])
            for reason, n in sorted(reasons.items(), key=lambda pair: (-pair[1], pair[0]))
        ]
    return filled, marked


def _reasons_of_cells(con: Connection, data: DataDir, one: Field, release: Release, scope: str) -> Counter[str]:
    """Why a date or a code is not there, by what stands in its cell: these columns keep no reason of their own."""
    column = matched_columns(source_named(release.source_id), release.header)[one.name]
    found = rows(
        con,
        f"""
        with without as (
            select row_number as {ROW} from typed where {one.name} is null and scope = {literal(scope)}
        )
        select {cell_sql(column)} as cell, count(*) as n
        from {_published(data, release)} semi join without using ({ROW}) group by cell""",
    )
    reasons: Counter[str] = Counter()
    for row in found:
        reasons[markers().get(row["cell"], MissingReason.BLANK.value)] += row["n"]
    return reasons


def _published(data: DataDir, release: Release) -> str:
    return f"read_parquet({literal(parquet_path(data, release.release_id).as_posix())})"


def _outliers(con: Connection, data: DataDir, source: Source, release: Release) -> Iterator[Outlier]:
    """Every cell beyond its column's limits: in the order of the columns, the furthest from nothing first."""
    found = matched_columns(source, release.header)
    has = columns_of(con, "typed")
    limited = [one for one in source.fields if one.name in found and f"{one.name}_missing" in has]
    for one in limited:
        kept_out = f"from typed where {one.name}_missing = {literal(MissingReason.IMPLAUSIBLE)}"
        if not rows(con, f"select 1 {kept_out} limit 1"):
            continue
        name = "t.name" if "name" in has else "null::varchar"
        schools = rows(
            con,
            f"""
            select t.row_number, s.urn, coalesce({name}, g.name) as school
            from (select * {kept_out}) as t inner join seen as s using (row_number)
            left join standing as g on g.urn = s.urn""",
        )
        by_row = {row["row_number"]: row for row in schools}
        cells = rows(
            con,
            f"""
            with beyond as (select row_number as {ROW} {kept_out})
            select {ROW} as row, {cell_sql(found[one.name])} as cell
            from {_published(data, release)} semi join beyond using ({ROW})
            order by abs({value_of(one, cell_sql(found[one.name]))}) desc, {ROW}""",
        )
        for cell in cells:
            school = by_row[cell["row"]]
            yield Outlier(
                row=cell["row"],
                urn=school["urn"],
                school=school["school"],
                column=found[one.name],
                figure=one.name,
                cell=cell["cell"],
                limits=limits_in_words(one),
            )
