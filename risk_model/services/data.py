"""The data: which releases are loaded, how fresh they are, what is wrong with them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import pandas as pd

from risk_model.domain.paths import DataDir
from risk_model.domain.periods import in_words
from risk_model.domain.viewer import Viewer, require_reader
from risk_model.domain.words import counted
from risk_model.services.copy import Copy
from risk_model.sources.catalogue import SOURCES, source_named
from risk_model.sources.contract import Cadence, Source
from risk_model.warehouse.lake import Damage, Release, lake_damage, read_releases

# the layout of the same publication changed: the newer one carries it on
REPLACED_BY = {"ofsted": "ofsted_report_cards"}
_DAYS: Mapping[Cadence, int] = {"monthly": 31, "termly": 122, "yearly": 365}
_DAYS_A_MONTH = 30.4
_DAYS_TOLD, _MONTHS_TOLD = 45, 24


@dataclass(frozen=True)
class SourceFreshness:
    """How old the newest release of a source is.

    Attributes:
        newest: its academic year or as-at date, None where nothing is loaded.
        is_stale: so old that a newer one is very likely out.
        cadence: how often a new one comes out; due_on: when the next one after the newest should; both None where
            none is to be expected.
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
    cadence: Cadence | None
    due_on: date | None


def releases(viewer: Viewer, data: DataDir) -> list[Release]:
    """What is loaded, by source and date.

    Raises:
        NotAllowed: the viewer may not read.
    """
    require_reader(viewer)
    return read_releases(data)


def damage(viewer: Viewer, data: DataDir) -> list[Damage]:
    """What lies where imported files are kept and is no whole release, each with what to do; by file name.

    Raises:
        NotAllowed: the viewer may not read.
        Damaged: the place itself cannot be read.
    """
    require_reader(viewer)
    return lake_damage(data)


def freshness(viewer: Viewer, copy: Copy) -> list[SourceFreshness]:
    """Each source's newest release that the shown build read, against how often the source is renewed.

    What the LA writes down itself is no publication: see `held_kinds`.

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
    replaced = {old for old, new in REPLACED_BY.items() if new in by_source}
    told = []
    for source in (one for one in SOURCES if not one.is_evidence):
        row = by_source.get(source.id)
        age = (copy.build.as_at - row["published_on"]).days if row else None
        history = source.dating == "by row" or source.id in replaced
        is_stale = age is not None and not history and age > source.max_age_days
        cadence = _cadence(source, history=history)
        due = row["published_on"] + timedelta(days=_DAYS[cadence]) if row and cadence else None
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
                in_words=_age_in_words(age, history, _due_in_words(due, copy.build.as_at)),
                cadence=cadence,
                due_on=due,
            )
        )
    return told


def _cadence(source: Source, *, history: bool) -> Cadence | None:
    """How often a new release is to be expected; None of histories, lookups and the LA's own lists."""
    is_expected = source.dating in ("academic year", "as at") and not source.held_by_la
    return source.cadence if is_expected and not history else None


def _age_in_words(age: int | None, history: bool, due: str) -> str:
    if age is None:
        return "nothing loaded"
    if history:
        return "history, kept for earlier years"
    passed = _months(round(age / _DAYS_A_MONTH)) if age > _DAYS_TOLD else counted(max(age, 0), "day")
    published = f"published {passed} ago"
    return f"{published}; {due}" if due else published


def _due_in_words(due: date | None, as_at: date) -> str:
    """When the next one should come, or how late it is, on the day of the build."""
    if due is None:
        return ""
    late = round((as_at - due).days / _DAYS_A_MONTH)
    if due >= as_at:
        return f"next one due about {due:%B %Y}"
    return f"next one about {_months(late)} late" if late else "next one due now"


def _months(months: int) -> str:
    if months >= _MONTHS_TOLD:
        return f"{months // 12} years"
    return f"{months} month{'s' if months != 1 else ''}"


def source_title(source_id: str) -> str:
    """A source's name, as screens show it."""
    return source_named(source_id).title


def freshness_table(sources: Sequence[SourceFreshness]) -> pd.DataFrame:
    """The sources as a table: Source, Newest, Counts from, Comes out, How fresh, Releases, Publisher."""
    return pd.DataFrame(
        {
            "Source": [one.title for one in sources],
            "Newest": [one.newest or "nothing loaded" for one in sources],
            "Counts from": [one.published_on for one in sources],
            "Comes out": [one.cadence or "as it changes" for one in sources],
            "How fresh": [("▲ " if one.is_stale else "") + one.in_words for one in sources],
            "Releases": [one.releases for one in sources],
            "Publisher": [one.publisher for one in sources],
        }
    )


def release_facts(release: Release) -> list[tuple[str, str]]:
    """What is known of a release, as (name, text) in the order of a screen."""
    return [
        ("File", release.original_name),
        ("Published", f"counts from {in_words(release.published_on)} ({release.published_by})"),
        ("Provisional", "yes" if release.provisional else "no"),
        ("Rows", f"{release.rows_kept:,} kept of {release.rows_read:,} read; {release.schools:,} schools"),
        ("Imported", f"{release.imported_at:%d/%m/%Y %H:%M} UTC by {release.imported_by}"),
        ("SHA-256 of the file", release.sha256),
        ("Release", release.release_id),
    ]


def problems_table(loaded: Sequence[Release]) -> pd.DataFrame:
    """What a data officer should know of the releases, one row a note: Source, For, Note, File."""
    noted = [(release, note) for release in loaded for note in release.problems]
    return pd.DataFrame(
        {
            "Source": [source_title(release.source_id) for release, _ in noted],
            "For": [release.label for release, _ in noted],
            "Note": [note for _, note in noted],
            "File": [release.original_name for release, _ in noted],
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
