"""A table beside what is loaded: the same file, another year's figures, schools that no register knows."""

from collections.abc import Iterator, Mapping, Sequence

from risk_model.domain.errors import FileRefused
from risk_model.domain.paths import DataDir
from risk_model.sources.catalogue import source_named
from risk_model.sources.contract import Source, matched_columns
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
    con: Connection, data: DataDir, source: Source, sheet: Sheet, release: Release, loaded: Sequence[Release]
) -> None:
    """Refuse a file whose figures are those of another year that is loaded already.

    Raises:
        FileRefused: nine in ten schools have the very figures of another year.
    """
    for other in loaded:
        if other.source_id != source.id or None in (other.period, release.period) or other.period == release.period:
            continue
        same, compared = _same_figures(con, data, source, sheet, other)
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


def _same_figures(con: Connection, data: DataDir, source: Source, sheet: Sheet, other: Release) -> tuple[int, int]:
    """How many schools have the same figures in both, of how many that have figures in both.

    Compared field by field: half of the figures may be a coincidence, all of them are not.
    """
    mine, theirs = matched_columns(source, sheet.header), matched_columns(source, other.header)
    shared = [name for name in source.compare if name in mine and name in theirs]
    if not shared:
        return 0, 0
    sample = _same_in(con, data, source, other, shared, theirs, one_in=_SAMPLE)
    if sample[1] >= _FEWEST_COMPARED and sample[0] / sample[1] < _SAME_SHARE / 2:
        return sample
    return _same_in(con, data, source, other, shared, theirs, one_in=1)


def _same_in(
    con: Connection,
    data: DataDir,
    source: Source,
    other: Release,
    shared: Sequence[str],
    theirs: Mapping[str, str],
    one_in: int,
) -> tuple[int, int]:
    """The same, of one school in so many: most releases of another year are told apart by few."""
    old = ", ".join(f"{value_sql(source.field_named(n), theirs[n])} as {n}" for n in ["urn", *shared])
    both = " and ".join(f"typed.{n} is not distinct from old.{n}" for n in shared)
    filled = " or ".join(f"(typed.{n} is not null and old.{n} is not null)" for n in shared)
    found = rows(
        con,
        f"""
        with old as (
            select {old} from read_parquet({_file(data, other)}) where hash({cell_sql(theirs["urn"])}) % {one_in} = 0
        )
        select count(*) filter ({both}) as same, count(*) as compared
        from typed inner join old using (urn)
        where scope = 'school' and ({filled})
        """,
    )[0]
    return found["same"], found["compared"]


def unknown_schools(
    con: Connection, data: DataDir, source: Source, release: Release, loaded: Sequence[Release]
) -> Iterator[str]:
    """A note on the schools that no loaded register knows: a slip in a number, or a new or closed school.

    Of the LA's own lists each is named, because only the LA can put them right.
    """
    registers = [r for r in loaded if r.is_demo == release.is_demo and _is_register(r)]
    is_list_of_schools = source.keyed_by == "urn" and source.dating in ("academic year", "as at")
    if not registers or source.is_register or source.id == _LINKS or not is_list_of_schools:
        return
    links = [r for r in loaded if r.is_demo == release.is_demo and r.source_id == _LINKS]
    listed = [_urns(data, r, "urn") for r in [*registers, *links]]
    linked = [_urns(data, r, "linked_urn") for r in links]
    unknown = rows(
        con,
        f"""
        with known as ({" union all ".join([*listed, *linked])})
        select urn, min({ROW}) as line from typed anti join known using (urn) where scope = 'school'
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


def _urns(data: DataDir, release: Release, field_name: str) -> str:
    source = source_named(release.source_id)
    column = matched_columns(source, release.header)[field_name]
    value = value_sql(source.field_named(field_name), column)
    return f"select {value} as urn from read_parquet({_file(data, release)}) where {value} is not null"


def _file(data: DataDir, release: Release) -> str:
    return literal(parquet_path(data, release.release_id).as_posix())
