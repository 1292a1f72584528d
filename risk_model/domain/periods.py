"""Academic years, and dates as the published files write them."""

import re
from datetime import date, datetime

from risk_model.domain.errors import RiskModelError

_LONG = re.compile(r"(?<!\d)(20\d\d)[-_/ ]?(20\d\d)(?!\d)")
_SHORT = re.compile(r"(?<!\d)(20\d\d)[-_/]?(\d\d)(?![-_]?\d)")
_FOUR_FIGURES = re.compile(r"(?<!\d)(?<!\d\d[-_/])(\d\d)[-_/]?(\d\d)(?![-_/]?\d)")
_DATE_WORDS = re.compile(r"(?<!\d)(\d{1,2})[ _-]([A-Za-z]{3,9})[ _-](20\d\d)(?!\d)")
_DATE_ISO = re.compile(r"(?<!\d)(20\d\d)-(\d\d)-(\d\d)(?!\d)")
_DATE_COMPACT = re.compile(r"(?<!\d)(20\d\d)([01]\d)([0-3]\d)(?!\d)")
_DATE_FORMATS = ("%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y", "%d %B %Y", "%d %b %Y")


def academic_years_in(text: str) -> set[str]:
    """Every academic year that a name states in full, as "2023-2024"; a lone "2016" states none.

    "2023-2024", "2023-24", "202324" and "2023_24" count; two years that do not follow one another do not.
    """
    years = {(int(first), int(second)) for first, second in _LONG.findall(text)}
    years |= {(int(first), 2000 + int(second)) for first, second in _SHORT.findall(_LONG.sub(" ", text))}
    return {f"{first}-{second}" for first, second in years if second == first + 1}


def short_academic_years_in(text: str) -> set[str]:
    """Academic years that a name may mean by four figures, as "2016-2017" by 1617 or 16-17: never certain."""
    years = ((int(first), int(second)) for first, second in _FOUR_FIGURES.findall(text))
    return {f"{2000 + first}-{2000 + second}" for first, second in years if second == first + 1}


def read_academic_year(text: str) -> str:
    """An academic year as the user gave it, as "2023-2024".

    Raises:
        RiskModelError: it is not two consecutive years.
    """
    years = academic_years_in(text)
    if len(years) != 1:
        raise RiskModelError(
            f'"{text}" is not an academic year.',
            ["Write it as two consecutive years, for example 2023-2024."],
        )
    return years.pop()


def dates_in(text: str) -> set[date]:
    """Every calendar date that a name states in full: 31_August_2025, 2026-02-28, 20220420."""
    found: set[date] = set()
    for day, month, year in _DATE_WORDS.findall(text):
        found |= _dates(f"{day} {month} {year}")
    for parts in (*_DATE_ISO.findall(text), *_DATE_COMPACT.findall(text)):
        found |= _dates("-".join(parts))
    return found


def read_date(text: str) -> date:
    """A date as the user gave it: 2025-08-31 or 31/08/2025.

    Raises:
        RiskModelError: it is not a date that exists.
    """
    found = _dates(text.strip())
    if not found:
        raise RiskModelError(f'"{text}" is not a date.', ["Write it as 2025-08-31."])
    return found.pop()


def in_words(day: date) -> str:
    """A date as screens show it: 14 May 2025."""
    return f"{day.day} {day:%B %Y}"


def school_year(period: str) -> str:
    """An academic year as screens show it, "2024-25" of "2024-2025"; any other period as it is."""
    parts = period.partition("-")
    return f"{parts[0]}-{parts[2][2:]}" if _LONG.fullmatch(period) and parts[1] else period


def _dates(text: str) -> set[date]:
    for form in _DATE_FORMATS:
        try:
            return {datetime.strptime(text, form).date()}
        except ValueError:
            continue
    return set()
