"""The data: which releases are loaded, how fresh they are, what is wrong with them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import pandas as pd

from risk_model.domain.errors import NotFound
from risk_model.domain.paths import DataDir
from risk_model.domain.viewer import Viewer, require_reader
from risk_model.services.copy import Copy
from risk_model.sources.catalogue import SOURCES, source_named
from risk_model.warehouse.lake import Release, read_releases

# the layout of the same publication changed: the newer one carries it on
_REPLACED_BY = {"ofsted": "ofsted_report_cards"}


@dataclass(frozen=True)
class SourceFreshness:
    """How old the newest release of a source is.

    Attributes:
        newest: its academic year or as-at date, None where nothing is loaded.
        is_stale: older than the source is usually renewed.
    """

    source_id: str
    title: str
    publisher: str
    newest: str | None
    published_on: date | None
    age_days: int | None
    releases: int
    is_stale: bool
    in_words: str


def releases(viewer: Viewer, data: DataDir) -> list[Release]:
    """What is loaded, by source and date.

    Raises:
        NotAllowed: the viewer may not read.
    """
    require_reader(viewer)
    return read_releases(data)


def freshness(viewer: Viewer, copy: Copy) -> list[SourceFreshness]:
    """Each source's newest release that the shown build read, against how often the source is renewed.

    Raises:
        NotAllowed: the viewer may not read.
    """
    require_reader(viewer)
    rows = copy.reader.rows(
        """
        select source_id, count(*) as n, max(published_on) as published_on,
               arg_max(label, published_on) as label
        from releases group by source_id"""
    )
    by_source = {row["source_id"]: row for row in rows}
    replaced = {old for old, new in _REPLACED_BY.items() if new in by_source}
    told = []
    for source in SOURCES:
        row = by_source.get(source.id)
        age = (copy.build.as_at - row["published_on"]).days if row else None
        history = source.dating == "by row" or source.id in replaced
        is_stale = age is not None and not history and age > source.max_age_days
        told.append(
            SourceFreshness(
                source_id=source.id,
                title=source.title,
                publisher=source.publisher,
                newest=row["label"] if row else None,
                published_on=row["published_on"] if row else None,
                age_days=age,
                releases=row["n"] if row else 0,
                is_stale=is_stale,
                in_words=_in_words(age, is_stale, history),
            )
        )
    return told


def _in_words(age: int | None, is_stale: bool, history: bool) -> str:
    if age is None:
        return "nothing loaded"
    if history:
        return "history, kept for earlier years"
    months = round(max(age, 0) / 30.4)
    old = "this month" if months == 0 else f"{months} month{'s' if months != 1 else ''} old"
    return f"{old}; a newer one is likely out" if is_stale else old


def release_quality(viewer: Viewer, data: DataDir, release_id: str | None) -> list[Release]:
    """The releases to report on: one, or all.

    Raises:
        NotAllowed: the viewer may not read.
        NotFound: there is no release of that id.
    """
    require_reader(viewer)
    found = read_releases(data)
    if release_id is None:
        return found
    chosen = [release for release in found if release.release_id == release_id]
    if not chosen:
        raise NotFound(f'No release "{release_id}" is loaded.', ["`python -m risk_model releases` lists them."])
    return chosen


def source_title(source_id: str) -> str:
    """A source's name, as screens show it."""
    return source_named(source_id).title


def freshness_table(sources: Sequence[SourceFreshness]) -> pd.DataFrame:
    """The sources as a table: Source, Publisher, Newest, Published, How fresh, Releases."""
    return pd.DataFrame(
        {
            "Source": [one.title for one in sources],
            "Newest": [one.newest or "nothing loaded" for one in sources],
            "Published": [one.published_on for one in sources],
            "How fresh": [("▲ " if one.is_stale else "") + one.in_words for one in sources],
            "Releases": [one.releases for one in sources],
            "Publisher": [one.publisher for one in sources],
        }
    )


def releases_table(loaded: Sequence[Release]) -> pd.DataFrame:
    """The releases as a table, one row each."""
    return pd.DataFrame(
        {
            "Source": [source_title(one.source_id) for one in loaded],
            "For": [one.label for one in loaded],
            "Counts from": [one.published_on for one in loaded],
            "Known by": [one.published_by for one in loaded],
            "Provisional": [one.provisional for one in loaded],
            "Rows read": [one.rows_read for one in loaded],
            "Rows kept": [one.rows_kept for one in loaded],
            "Schools": [one.schools for one in loaded],
            "File": [one.original_name for one in loaded],
            "Imported": [one.imported_at for one in loaded],
            "By": [one.imported_by for one in loaded],
            "Release": [one.release_id for one in loaded],
        }
    )
