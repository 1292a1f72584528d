"""Which year or day a release describes, and from when it counts."""

import calendar
import csv
import re
from collections.abc import Callable
from datetime import date, timedelta
from functools import cache
from pathlib import PurePosixPath
from typing import TypeVar

from risk_model.domain.errors import FileRefused
from risk_model.domain.paths import LOOKUPS
from risk_model.domain.periods import academic_years_in, dates_in
from risk_model.sources.contract import Source
from risk_model.sources.options import ImportOptions
from risk_model.sources.reading import Table

_MONTHS = {name.casefold(): number for number, name in enumerate(calendar.month_name) if name}
_MONTH = re.compile(rf"(?<![a-z])({'|'.join(_MONTHS)})[ _-]?(20\d\d)(?!\d)")
_YEAR = re.compile(r"(?<!\d)(?<!\d[-_/])(20\d\d)(?![-_/]?\d)")

LatestDate = Callable[[str], date | None]
_Said = TypeVar("_Said")


def academic_year(source: Source, table: Table, options: ImportOptions) -> str | None:
    """The academic year of a yearly file: as given, or from its name or folder where that is unambiguous.

    Raises:
        FileRefused: it cannot be told, or a folder's file says another year than was given for all.
    """
    if source.dating != "academic year":
        return None
    said = _single(table.name, academic_years_in)
    if options.period:
        if said and said != options.period and not table.named:
            raise _contradicted(table, f"--period {options.period}", said)
        return options.period
    if said:
        return said
    raise FileRefused(
        f"{table.name} was not imported: its academic year is not certain.",
        [
            'Neither its name nor its folder says it in full; a lone "2016" can mean two years.',
            "Put it into a folder such as 2023-2024, or say --period 2023-2024. Nothing was changed.",
        ],
    )


def day_said(source: Source, table: Table, options: ImportOptions) -> date | None:
    """The day that a snapshot's name or the user says it describes.

    Raises:
        FileRefused: a folder's file says another day than was given for all.
    """
    if source.dating != "as at":
        return None
    said = _single(table.name, dates_in)
    if options.as_at and said and said != options.as_at and not table.named:
        raise _contradicted(table, f"--as-at {options.as_at}", said.isoformat())
    return options.as_at or said or last_day_said(source, table)


def last_day_said(source: Source, table: Table) -> date | None:
    """The last day of the month or year that a name says, for kinds that are dated by no more than that.

    The last day and not the first: nothing counts before it was there. A year that is not over has no last day.
    """
    day = _single(table.name, dates_in)
    if day or not source.whole_year_is_a_day:
        return None
    last = _single(table.name, _last_days_in)
    return last if last and last <= date.today() else None


def _last_days_in(text: str) -> set[date]:
    """The last days of the months that a name says; else of its academic years; else of its years."""
    months = {(int(year), _MONTHS[name]) for name, year in _MONTH.findall(text.casefold())}
    months = months or {(int(year[5:]), 8) for year in academic_years_in(text)}
    months = months or {(int(year), 12) for year in _YEAR.findall(text)}
    return {date(year, month, calendar.monthrange(year, month)[1]) for year, month in months}


def day_inside(source: Source, table: Table, latest: LatestDate) -> date | None:
    """The day of a snapshot whose name is silent: the latest change inside it; for the LA's own list today.

    Raises:
        FileRefused: it cannot be told.
    """
    if source.dating != "as at":
        return None
    inside = latest("last_changed") or (date.today() if source.held_by_la else None)
    if inside is None:
        raise FileRefused(
            f"{table.name} was not imported: it does not say which day it describes.",
            [
                "Neither the file nor its name has a date in full; old figures must not pass for new ones.",
                "Name it as published (…as at 31 August 2025.csv), or say --as-at 2025-08-31.",
                "Nothing was changed.",
            ],
        )
    return inside


def publication(
    source: Source,
    period: str | None,
    as_at: date | None,
    options: ImportOptions,
    latest: LatestDate,
    *,
    provisional: bool,
) -> tuple[date, str, tuple[str, ...]]:
    """From when the release counts, how that is known, and what to tell the user.

    Args:
        period: its academic year; of a file with many years the latest, before which it cannot have been out.
    """
    if options.published_on:
        return options.published_on, "given", ()
    if as_at:
        return _snapshot_published(source, as_at), "usual day", ()
    if period is None:
        inspected = latest("publication_date") or latest("start_date")
        return (inspected, "latest inspection", ()) if inspected else (date.today(), "day of import", ())
    listed = _calendar().get((source.id, period, provisional))
    if listed:
        return listed[0], "calendar" if listed[1] else "calendar, about", ()
    usual = date(int(period[5:]), 8, 31) + timedelta(days=source.usual_lag_days)
    counted = min(usual, date.today())
    note = f"its publication date is not in the calendar: taken as {counted:%d/%m/%Y}"
    return counted, "usual lag", (f"{note}; say --published-on to correct it",)


def _single(name: str, search: Callable[[str], set[_Said]]) -> _Said | None:
    """What the file's name says, or else the nearest folder that says one thing and not two."""
    for part in reversed(PurePosixPath(name).parts):
        found = search(part)
        if len(found) == 1:
            return found.pop()
    return None


def _contradicted(table: Table, given: str, said: str) -> FileRefused:
    return FileRefused(
        f"{table.name} was not imported: {given} was given for the whole folder, but its name says {said}.",
        ["Import the folder without that option, or this file by itself with it. Nothing was changed."],
    )


@cache
def _calendar() -> dict[tuple[str, str, bool], tuple[date, bool]]:
    with (LOOKUPS / "release_calendar.csv").open(encoding="utf-8", newline="") as file:
        return {
            (row["source"], row["period"], row["provisional"] == "yes"): (
                date.fromisoformat(row["published_on"]),
                row["exact"] == "yes",
            )
            for row in csv.DictReader(file)
        }


def _snapshot_published(source: Source, as_at: date) -> date:
    """Ofsted publishes on about the 15th of the month after; the register on the next day."""
    if source.publisher.startswith("Ofsted"):
        following = (as_at.replace(day=1) + timedelta(days=32)).replace(day=1)
        return following.replace(day=15)
    return as_at + timedelta(days=source.usual_lag_days)
