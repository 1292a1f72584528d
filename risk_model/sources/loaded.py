"""A table beside what is loaded: the same file, another year's figures, schools that no register knows."""

from collections.abc import Iterator, Mapping, Sequence

from risk_model.domain.errors import FileRefused
from risk_model.domain.paths import DataDir
from risk_model.sources.catalogue import source_named
from risk_model.sources.contract import Source, matched_columns
from risk_model.sources.desk import Desk
from risk_model.sources.reading import Sheet
from risk_model.sources.typing import cell_sql, value_sql
from risk_model.warehouse.engine import Connection, literal, rows
from risk_model.warehouse.lake import ROW, Release, Withdrawal, parquet_path

_SAME_SHARE = 0.9
_SAMPLE = 8  # one school in so many is looked at first
_FEWEST_COMPARED = 20
_SHOWN = 5
_SHOWN_OF_OWN = 50
_LINKS = "gias_links"


def refuse_other_year(
    desk: Desk,
    con: Connection,
    data: DataDir,
    source: Source,
    sheet: Sheet,
    release: Release,
    loaded: Sequence[Release],
) -> None:
    """Refuse a file whose figures are those of another year that is loaded already.

    Raises:
        FileRefused: nine in ten schools have the very figures of another year.
    """
    others = [
        other
        for other in loaded
        if other.source_id == source.id
        and None not in (other.period, release.period)
        and other.period != release.period
    ]
    same_figures = _same_figures(desk, con, data, source, sheet, others)
    for other in others:
        same, compared = same_figures[other.release_id]
        if compared >= _FEWEST_COMPARED and same / compared >= _SAME_SHARE:
            raise FileRefused(
                f"{sheet.name} was not imported: it says {release.period}, but holds the figures of {other.period}.",
                [
                    f"{same:,} of {compared:,} schools have the very figures of {other.original_name}, "
                    f"which is loaded as {other.period}.",
                    "Schools would seem to stand still. "
                    f"Find the file of {release.period}; or, if it is the earlier one that is wrong, "
                    "import this with the right --period. Nothing was changed.",
                ],
            )


def refuse_same_file(name: str, says: str, other: Release) -> None:
    """Refuse a file that is loaded already under another date.

    Raises:
        FileRefused: always.
    """
    raise FileRefused(
        f"{name} was not imported: it says {says}, but is the very file that is loaded for {_dated(other)}.",
        [
            f"It was imported as {other.original_name}. One file cannot be two releases.",
            "Find the file of that date. Nothing was changed.",
        ],
    )


def refuse_withdrawn(name: str, other: Release, withdrawal: Withdrawal) -> None:
    """Refuse a file that was loaded once and then taken out by hand.

    Raises:
        FileRefused: always.
    """
    raise FileRefused(
        f"{name} was not imported: it is the very file that was withdrawn on {withdrawal.withdrawn_at:%d/%m/%Y}.",
        [
            f"{withdrawal.withdrawn_by} withdrew it ({_dated(other)}): {withdrawal.reason}",
            "If it should count after all, restore it on the Data page, or with "
            f"`python -m risk_model restore {other.release_id} --reason …`. Nothing was changed.",
        ],
    )


def _dated(release: Release) -> str:
    return release.period or (f"{release.as_at:%d/%m/%Y}" if release.as_at else "another date")


def _same_figures(
    desk: Desk, con: Connection, data: DataDir, source: Source, sheet: Sheet, others: Sequence[Release]
) -> dict[str, tuple[int, int]]:
    """How many schools have the same figures in a table and in each other release, of how many that have figures in
    both.

    Compared field by field: half of the figures may be a coincidence, all of them are not. One school in a few is
    looked at first: most releases of another year are told apart by that.
    """
    mine = matched_columns(source, sheet.header)
    by_shared: dict[tuple[str, ...], list[Release]] = {}
    for other in others:
        theirs = matched_columns(source, other.header)
        shared = tuple(name for name in source.compare if name in mine and name in theirs)
        by_shared.setdefault(shared, []).append(other)
    found = {other.release_id: (0, 0) for other in others}
    for shared, alike in by_shared.items():
        if not shared:
            continue
        figures = {other.release_id: figures_of(desk, data, source, other) for other in alike}
        found |= _same_in(con, shared, figures, of="is_sample")
        unsure = {
            release_id: table for release_id, table in figures.items() if not _is_clearly_other(*found[release_id])
        }
        found |= _same_in(con, shared, unsure, of="true")
    return found


def _is_clearly_other(same: int, compared: int) -> bool:
    return compared >= _FEWEST_COMPARED and same / compared < _SAME_SHARE / 2


def figures_of(desk: Desk, data: DataDir, source: Source, other: Release) -> str:
    """The table of the figures that a loaded release is told by, and of its rows' URNs."""
    columns = matched_columns(source, other.header)
    values = ", ".join(
        f"{value_sql(source.field_named(name), columns[name])} as {name}"
        for name in ("urn", *source.compare)
        if name in columns
    )
    return desk.made(
        f"figures of {other.release_id} {other.rows_sha256}",
        f"select {values}, hash({cell_sql(columns['urn'])}) % {_SAMPLE} = 0 as is_sample "
        f"from read_parquet({_file(data, other)})",
    )


def _same_in(
    con: Connection, shared: Sequence[str], figures: Mapping[str, str], *, of: str
) -> dict[str, tuple[int, int]]:
    """The same, by release, of all the schools in the tables of their figures or of the sample."""
    if not figures:
        return {}
    names = ", ".join(("urn", *shared))
    old = " union all ".join(
        f"select {literal(release_id)} as release_id, {names} from {table} where {of}"
        for release_id, table in figures.items()
    )
    both = " and ".join(f"typed.{name} is not distinct from old.{name}" for name in shared)
    filled = " or ".join(f"(typed.{name} is not null and old.{name} is not null)" for name in shared)
    counted = rows(
        con,
        f"""
        with old as ({old})
        select release_id, count(*) filter ({both}) as same, count(*) as compared
        from typed inner join old using (urn)
        where scope = 'school' and ({filled})
        group by release_id
        """,
    )
    nothing = dict.fromkeys(figures, (0, 0))
    return nothing | {row["release_id"]: (row["same"], row["compared"]) for row in counted}


def unknown_schools(
    desk: Desk, con: Connection, data: DataDir, source: Source, release: Release, loaded: Sequence[Release]
) -> Iterator[str]:
    """A note on the schools that no loaded register knows: a slip in a number, or a new or closed school.

    Of the LA's own lists each is named, because only the LA can put them right.
    """
    registers = [r for r in loaded if r.is_demo == release.is_demo and _is_register(r)]
    is_list_of_schools = source.keyed_by == "urn" and source.dating in ("academic year", "as at")
    if not registers or source.is_register or source.id == _LINKS or not is_list_of_schools:
        return
    links = [r for r in loaded if r.is_demo == release.is_demo and r.source_id == _LINKS]
    listed = [_schools(desk, data, r, "urn") for r in [*registers, *links]]
    linked = [_schools(desk, data, r, "linked_urn") for r in links]
    tables = [*listed, *linked]
    known = desk.made("; ".join(tables), " union ".join(f"select urn from {table}" for table in tables))
    unknown = rows(
        con,
        f"""
        select urn, min({ROW}) as line from typed anti join {known} using (urn) where scope = 'school'
        group by urn order by urn
        """,
    )
    if unknown:
        where = " (line {line})" if source.is_evidence else ""
        named = [row["urn"] + where.format(line=row["line"]) for row in unknown]
        yield _unknown(named, _SHOWN_OF_OWN if source.held_by_la else _SHOWN)


def _unknown(urns: Sequence[str], shown: int) -> str:
    more = f" and {len(urns) - shown:,} more" if len(urns) > shown else ""
    are = "1 school is" if len(urns) == 1 else f"{len(urns):,} schools are"
    return f"{are} in no register that is loaded: {', '.join(urns[:shown])}{more}"


def _is_register(release: Release) -> bool:
    return source_named(release.source_id).is_register


def _schools(desk: Desk, data: DataDir, release: Release, field_name: str) -> str:
    """The table of the schools that a field of a loaded release names."""
    source = source_named(release.source_id)
    column = matched_columns(source, release.header)[field_name]
    value = value_sql(source.field_named(field_name), column)
    return desk.made(
        f"schools of {release.release_id} {release.rows_sha256} {field_name}",
        f"select distinct {value} as urn from read_parquet({_file(data, release)}) where {value} is not null",
    )


def _file(data: DataDir, release: Release) -> str:
    return literal(parquet_path(data, release.release_id).as_posix())
