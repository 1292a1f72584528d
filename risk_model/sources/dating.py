"""Which year or day a release describes, and from when it counts."""

import calendar
import csv
import re
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from functools import cache
from pathlib import PurePosixPath
from typing import TypeVar

from risk_model.domain.errors import DateUnknown, FileRefused
from risk_model.domain.paths import LOOKUPS
from risk_model.domain.periods import academic_years_in, dates_in, short_academic_years_in
from risk_model.sources.contract import TIME_PERIOD, Source, matched_columns, year_in_header
from risk_model.sources.options import ImportOptions
from risk_model.sources.reading import Table

_MONTHS = {name.casefold(): number for number, name in enumerate(calendar.month_name) if name}
_MONTH = re.compile(rf"(?<![a-z])({'|'.join(_MONTHS)})[ _-]?(20\d\d)(?!\d)")
_YEAR = re.compile(r"(?<!\d)(?<!\d[-_/])(20\d\d)(?![-_/]?\d)")

LatestDate = Callable[[str], date | None]
_Said = TypeVar("_Said")


def academic_year(source: Source, table: Table, options: ImportOptions) -> str | None:
    """The academic year of a yearly file, from what says it best: its own columns, the title above them, what the
    user says, its name or folder where that is unambiguous. None where each row says it.

    Raises:
        DateUnknown: it cannot be told.
        FileRefused: the columns, or for a file of a folder its name, say another year than was given.
    """
    if source.dating != "academic year" or rows_say_years(source, table):
        return None
    said, inside = _single(table.name, academic_years_in), year_in_header(source, table.header)
    if inside:
        _refuse_other_than_inside(table, inside, options.period, said)
        return inside
    titled = _titled_year(table)
    if options.period:
        other = next((year for year in (said, titled) if year and year != options.period), None)
        if other and not table.named:
            raise _contradicted(table, f"--period {options.period}", other)
        return options.period
    if titled and said and titled != said:
        raise _unsure(table, f"Its title says {titled}, its name or folder {said}.", sorted({titled, said}))
    named = [] if table.part else sorted(_years_of_name_and_folder(table.name))
    if len(named) > 1:
        raise _unsure(table, f"Its name says one year and its folder another: {' and '.join(named)}.", named)
    if titled or said:
        return titled or said
    raise _unsure(table, *_what_a_name_may_mean(table.name))


def _years_of_name_and_folder(name: str) -> set[str]:
    """The academic years that a file's name and the folder that it lies in say, each where it says one and not two."""
    found = (academic_years_in(part) for part in PurePosixPath(name).parts[-2:])
    return {year for years in found if len(years) == 1 for year in years}


def rows_say_years(source: Source, table: Table) -> bool:
    """Whether each row of a yearly file says its academic year, as Explore Education Statistics does."""
    return source.dating == "academic year" and TIME_PERIOD in matched_columns(source, table.header)


def year_of_rows(table: Table, options: ImportOptions, years: Sequence[str]) -> str | None:
    """The academic year of a file whose rows say theirs; None where they say several, or none.

    Raises:
        FileRefused: they say another year than was given.
    """
    if years and options.period and options.period not in years:
        raise FileRefused(
            f"{table.name} was not imported: it was given as {options.period}, but its rows say {', '.join(years)}.",
            ["Import it without a year: each row has its own. Nothing was changed."],
        )
    return years[0] if len(years) == 1 else None


def _refuse_other_than_inside(table: Table, inside: str, given: str | None, said: str | None) -> None:
    for other, by in ((given, "was given as"), (said, "is named or filed as")):
        if other and other != inside:
            raise FileRefused(
                f"{table.name} was not imported: it {by} {other}, but its columns are those of {inside}.",
                [
                    "Columns that repeat earlier years end in the year (_24); the file's own year comes after those.",
                    f"If it is the file of {inside}, put it into a folder of that name. Nothing was changed.",
                ],
            )


def _titled_year(table: Table) -> str | None:
    """The academic year that the lines above the header say, where they say one and not two."""
    years = {year for line in table.titles for year in academic_years_in(line)}
    return years.pop() if len(years) == 1 else None


def _what_a_name_may_mean(name: str) -> tuple[str, list[str]]:
    """What is not certain about a name, and the academic years that it may mean."""
    for part in reversed(PurePosixPath(name).parts):
        full = sorted(academic_years_in(part))
        if full:
            return f"Its name says {' and '.join(full)}.", full
        lone = sorted({int(year) for year in _YEAR.findall(part)})
        if lone:
            years = sorted({f"{first}-{first + 1}" for year in lone for first in (year - 1, year)})
            said = " and ".join(f'"{year}"' for year in lone)
            return f"Its name says {said} alone, which can mean {' or '.join(years)}.", years
        short = sorted(short_academic_years_in(part))
        if short:
            return f"Its name may mean {' or '.join(short)}, and does not say so in full.", short
    return "Neither its name nor its folder says a year.", []


def _unsure(table: Table, why: str, candidates: Sequence[str]) -> DateUnknown:
    return DateUnknown(
        f"{table.name} was not imported: its academic year is not certain.",
        [
            why,
            "Put it into a folder such as 2023-2024, or say --period 2023-2024. Nothing was changed.",
        ],
        asked="year",
        candidates=candidates,
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
        candidates = _days_a_name_may_mean(table.name)
        raise DateUnknown(
            f"{table.name} was not imported: it does not say which day it describes.",
            [
                "Neither the file nor its name has a date in full; old figures must not pass for new ones.",
                *(f"Its name may mean {day:%d/%m/%Y}." for day in candidates),
                "Name it as published (…as at 31 August 2025.csv), or say --as-at 2025-08-31.",
                "Nothing was changed.",
            ],
            asked="day",
            candidates=[day.isoformat() for day in candidates],
        )
    return inside


def _days_a_name_may_mean(name: str) -> list[date]:
    """The days that a name leaves a choice of, or the last day of its month or year; none after today."""
    for part in reversed(PurePosixPath(name).parts):
        found = dates_in(part) or _last_days_in(part)
        if found:
            return sorted(day for day in found if day <= date.today())
    return []


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
        f"{table.name} was not imported: {given} was given for the whole folder, but it says {said} itself.",
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
