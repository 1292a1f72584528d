"""A release's rows as a build reads them: typed, each missing figure with its reason, and kept for the next builds."""

import hashlib
from functools import lru_cache
from pathlib import Path

from risk_model.domain.paths import DataDir
from risk_model.sources.catalogue import source_named
from risk_model.sources.contract import TIME_PERIOD, Source, matched_columns
from risk_model.sources.typing import scope_sql, summary_phase_sql, typed_columns, year_of
from risk_model.warehouse.engine import Connection, literal
from risk_model.warehouse.lake import Release, parquet_path, read_releases
from risk_model.warehouse.storing import forget, write_whole

_PUBLISHED = "$published"  # stands for the release's file, whose place does not change what it holds


def typed_rows(data: DataDir, release: Release) -> str:
    """SQL for a release's typed rows, as a build reads them: those that are kept, or else worked out anew.

    Nothing is written, so a reader without the right to may ask.
    """
    kept = _typed_path(data, release)
    if kept.exists():
        return f"select * from read_parquet({literal(kept.as_posix())})"
    return f"select * from {_from_lake(data, release)}"


def typed_file(con: Connection, data: DataDir, release: Release) -> Path:
    """A release's rows, typed, in a file: worked out when a build first needs them, kept for the next builds."""
    target = _typed_path(data, release)
    if not target.exists():
        data.typed.mkdir(parents=True, exist_ok=True)
        rows = _from_lake(data, release)
        write_whole(target, lambda to: con.execute(f"copy ({rows}) to {literal(to.as_posix())} (format parquet)"))
    return target


def typed_name(release: Release) -> str:
    """The name of that file: two of one name hold the same rows."""
    digest = hashlib.sha256(_release_sql(release).encode()).hexdigest()[:12]
    return f"{release.release_id}-{digest}.parquet"


def forget_typed(data: DataDir) -> None:
    """Remove typed rows that no build will read again; a file that is open elsewhere goes next time."""
    wanted = {typed_name(release) for release in read_releases(data)}
    for path in data.typed.glob("*.parquet"):
        if path.name not in wanted:
            forget(path)


def _typed_path(data: DataDir, release: Release) -> Path:
    """Where they are kept: named by the SQL that types them, so that a contract that changes finds no old file."""
    return data.typed / typed_name(release)


def _from_lake(data: DataDir, release: Release) -> str:
    published = literal(parquet_path(data, release.release_id).as_posix())
    return _release_sql(release).replace(_PUBLISHED, published)


@lru_cache(maxsize=1024)
def _release_sql(release: Release) -> str:
    source = source_named(release.source_id)
    filled = len(matched_columns(source, release.header))
    return f"""
        (with typed as (
            select {typed_columns(source, release.header)}, _row as row_number from read_parquet({_PUBLISHED})
        )
        select *{_from_rows(source, release)}, {literal(release.release_id)} as release_id,
               {_period_sql(source, release)}::varchar as period,
               {literal(release.as_at and release.as_at.isoformat())}::date as release_as_at,
               {literal(release.published_on.isoformat())}::date as published_on,
               {literal(release.imported_at.replace(tzinfo=None).isoformat())}::timestamp as imported_at,
               {literal(release.provisional)} as provisional,
               {filled} as columns_filled,
               {scope_sql(source)} as scope,
               {summary_phase_sql(source)} as summary_phase
        from typed)"""


def _from_rows(source: Source, release: Release) -> str:
    """SQL that gives a school's row the figures that stand in other rows of the school and year.

    Where none or several rows say that they have a figure, it stays as it is.
    """
    found = matched_columns(source, release.header)
    taken = {
        name: (figure, says)
        for name, (figure, says) in source.from_rows.items()
        if name not in found and figure in found and all(column in found for column in says)
    }
    if not taken:
        return ""
    items = []
    for name, (figure, says) in taken.items():
        of_it = " and ".join(f"{column} = {literal(word)}" for column, word in says.items())
        over = f"filter ({of_it}) over (partition by {', '.join(source.one_row_per)})"
        only = f"count(*) {over} = 1"
        items.append(f"if({only}, max({figure}) {over}, {name}) as {name}")
        items.append(f"if({only}, max({figure}_missing) {over}, {name}_missing) as {name}_missing")
    return f" replace ({', '.join(items)})"


def _period_sql(source: Source, release: Release) -> str:
    """SQL for a row's academic year: as it says itself, or else the release's."""
    said = literal(release.period)
    return f"coalesce({year_of(TIME_PERIOD)}, {said})" if source.has_time_period else said
