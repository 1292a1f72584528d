"""What a release changes beside those that are loaded, in words, before and after it is stored."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime

from risk_model.domain.paths import DataDir
from risk_model.sources.catalogue import source_named
from risk_model.sources.contract import Source, matched_columns
from risk_model.sources.desk import Desk
from risk_model.sources.loaded import figures_of
from risk_model.sources.typing import absent_sql, value_sql
from risk_model.warehouse.engine import Connection, literal, rows
from risk_model.warehouse.lake import Release, parquet_path


def what_changes(
    desk: Desk, con: Connection, data: DataDir, source: Source, release: Release, loaded: Sequence[Release]
) -> Iterator[str]:
    """What becomes of the data with a release that is laid out as `typed`: the main thing first, a line each.

    Args:
        loaded: the releases that count now.
    """
    kin = [other for other in loaded if other.source_id == source.id and other.is_demo == release.is_demo]
    same_date = [other for other in kin if (other.period, other.as_at) == (release.period, release.as_at)]
    if not kin:
        yield f"A new source: {source.title}, {release.label}."
    elif source.is_evidence:
        yield _adds_lines(con, data, source, kin)
    elif release.period is None and release.as_at is None:
        yield f"Comes beside {_count(kin)} of {source.title}: what several of them say counts once."
    elif same_date:
        yield from _beside(desk, con, data, source, release, max(same_date, key=_standing))
    elif release.as_at:
        yield _snapshot(release, max(kin, key=lambda other: (other.as_at is not None, other.as_at, other.release_id)))
    else:
        years = sorted({other.period for other in kin if other.period})
        yield f"Adds a year: {release.period}. Loaded so far: {', '.join(years)}."
    if source.is_register and not release.is_demo and all(other.is_demo for other in _registers(loaded)):
        yield "Real schools: the invented local authority is set aside from the next build on."


def _adds_lines(con: Connection, data: DataDir, source: Source, kin: Sequence[Release]) -> str:
    """What lines typed into a template change: files add up, and of a line that several have the newest counts."""
    loaded = " union all ".join(_keys_sql(data, source, other) for other in kin)
    same = " and ".join(f"typed.{name} is not distinct from loaded.{name}" for name in source.one_row_per)
    counted = rows(
        con,
        f"""
        with loaded as ({loaded})
        select count(*) as lines,
               count(*) filter (exists (select 1 from loaded where {same})) as known
        from typed where scope = 'school'""",
    )[0]
    known, new = counted["known"], counted["lines"] - counted["known"]
    return (
        f"Adds to {_count(kin)} of {source.title}. New lines: {new:,}. Lines that are there already, "
        f"and for which the newer file speaks: {known:,}."
    )


def _keys_sql(data: DataDir, source: Source, other: Release) -> str:
    found = matched_columns(source, other.header)
    keys = (
        f"{value_sql(source.field_named(name), found[name])} as {name}"
        if name in found
        else f"{absent_sql(source.field_named(name))} as {name}"
        for name in source.one_row_per
    )
    return f"select {', '.join(keys)} from read_parquet({literal(parquet_path(data, other.release_id).as_posix())})"


def _count(kin: Sequence[Release]) -> str:
    return "the release" if len(kin) == 1 else f"the {len(kin)} releases"


def _registers(loaded: Sequence[Release]) -> list[Release]:
    return [other for other in loaded if source_named(other.source_id).is_register]


def _standing(release: Release) -> tuple[bool, int, date, datetime]:
    """Which of two releases of a year a build reads first: the greater. As in scoring.staging: the final one, then
    the one with most columns, then the newest, then the one that was imported last."""
    filled = len(matched_columns(source_named(release.source_id), release.header))
    return (not release.provisional, filled, release.published_on, release.imported_at)


def _snapshot(release: Release, newest: Release) -> str:
    loaded = f"the one as at {newest.as_at:%d/%m/%Y} ({newest.original_name})"
    if release.as_at is not None and newest.as_at is not None and release.as_at < newest.as_at:
        return f"Older than {loaded}: it counts where that one is silent, and for builds of an earlier date."
    return f"Newer than {loaded}: it goes before it from the next build on."


def _beside(
    desk: Desk, con: Connection, data: DataDir, source: Source, release: Release, other: Release
) -> Iterator[str]:
    """A release beside the one that is loaded for the same year or day."""
    if release.release_id == other.release_id:
        yield f"Takes the place of the same file, which counts from {other.published_on:%d/%m/%Y} now."
        return
    if not source.is_yearly:
        yield f"A second release as at {release.label}, beside {other.original_name}: both count."
    elif _standing(release) > _standing(other):
        yield f"Replaces {other.original_name} for {release.label}, school by school: {_better(release, other)}."
    else:
        yield (
            f"{other.original_name} goes on counting for {release.label}, this file only for schools that are not "
            f"in it: {_better(other, release)}."
        )
    yield from _differences(desk, con, data, source, release, other)


def _better(first: Release, second: Release) -> str:
    """Why a build reads the first before the second."""
    mine, theirs = _standing(first), _standing(second)
    if mine[0] != theirs[0]:
        return "it is final, the other provisional"
    if mine[1] != theirs[1]:
        return f"it has {mine[1]} of the columns that are read, the other {theirs[1]}"
    if mine[2] != theirs[2]:
        return f"it counts from {first.published_on:%d/%m/%Y}, the other from {second.published_on:%d/%m/%Y}"
    return "it was imported later"


def _differences(
    desk: Desk, con: Connection, data: DataDir, source: Source, release: Release, other: Release
) -> Iterator[str]:
    """By how many rows and schools two releases of a date differ, and in how many schools their figures do."""
    yield f"Rows: {release.rows_kept:,}, there {other.rows_kept:,}."
    mine = {name for name in ("urn", *source.compare) if _has(source, release, name)}
    shared = [name for name in ("urn", *source.compare) if name in mine and _has(source, other, name)]
    if "urn" not in shared or source.keyed_by == "la":
        return
    figures = shared[1:]
    differs = " or ".join(f"here.{name} is distinct from there.{name}" for name in figures) or "false"
    found = rows(
        con,
        f"""
        with here as (select {", ".join(shared)} from typed where scope = 'school'),
        there as (
            select * from {figures_of(desk, data, source, other)} where regexp_full_match(urn, '[0-9]{{6}}')
        )
        select count(distinct here.urn) filter (there.urn is null) as only_here,
               count(distinct there.urn) filter (here.urn is null) as only_there,
               count(distinct here.urn) filter (there.urn is not null) as both,
               count(distinct here.urn) filter (there.urn is not null and ({differs})) as other
        from here full outer join there on there.urn = here.urn
        """,
    )[0]
    figure = f"; of {found['both']:,} in both, {found['other']:,} have other figures" if figures else ""
    yield f"Schools: {found['only_here']:,} only here, {found['only_there']:,} only there{figure}."


def _has(source: Source, release: Release, name: str) -> bool:
    return name in matched_columns(source, release.header)
