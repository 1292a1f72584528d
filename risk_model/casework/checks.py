"""Checking what somebody wants to write: every problem is gathered, in the order of the fields.

A reader turns one given value into a clean one or says why it cannot. Text is data: nothing in it is
interpreted, replaced or shortened; it is only stripped of space at both ends.
"""

import math
import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from risk_model.domain.errors import RecordRefused

Values = dict[str, Any]
Reader = Callable[[object], Any]

MOST_DAYS = 366
MOST_POUNDS = 5_000
REASON_LENGTH = 500
WHO_LENGTH = 100
# Dates outside these years are slips of the pen (0026, 2206), not plans.
FIRST_YEAR, LAST_YEAR = 2000, 2099
# Overrides of the writing direction make a text read differently from what it says.
DIRECTION_OVERRIDES = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


class Unfit(Exception):
    """One value cannot be taken. Stays inside this package: it becomes a `Problem`."""

    def __init__(self, problem: str, what_to_do: str) -> None:
        super().__init__(problem)
        self.problem = problem
        self.what_to_do = what_to_do


@dataclass(frozen=True)
class Problem:
    """One thing that stops a record: the field, what was given, what is wrong, what to do."""

    field: str
    value: str
    problem: str
    what_to_do: str

    @property
    def sentence(self) -> str:
        return f"{self.field}: {self.problem} {self.what_to_do}"

    def at(self, place: str) -> "Problem":
        """The same problem, saying in which of many records it is."""
        return replace(self, field=f"{place}, {self.field}")


@dataclass(frozen=True)
class Field:
    """One field that a user fills in: its column name, its reader, and whether it must be there."""

    name: str
    read: Reader
    required: bool = False


def shown(value: object) -> str:
    """A given value as a message shows it: short, in quotes, control characters made visible."""
    text = str(value)
    return repr(text if len(text) <= 60 else text[:57] + "…")


def is_blank(value: object) -> bool:
    """Whether nothing was given: None, or text of spaces alone."""
    return value is None or (isinstance(value, str) and not value.strip())


def _is_forbidden(character: str, allowed: str) -> bool:
    if character in allowed:
        return False
    return character in DIRECTION_OVERRIDES or unicodedata.category(character) in {"Cc", "Cs", "Zl", "Zp"}


def _text(value: object, limit: int, allowed: str) -> str:
    if not isinstance(value, str):
        raise Unfit(f"{shown(value)} is not text.", "Give text.")
    text = value.replace("\r\n", "\n").strip()
    if any(_is_forbidden(character, allowed) for character in text):
        raise Unfit(f"{shown(text)} holds a control character.", "Type it again without hidden characters.")
    if len(text) > limit:
        raise Unfit(f"the text has {len(text)} characters.", f"Give at most {limit}.")
    return text


def line(limit: int) -> Reader:
    """A reader of text on one line, of at most `limit` characters."""
    return lambda value: _text(value, limit, "")


def lines(limit: int) -> Reader:
    """A reader of text that may have line breaks and tabs, of at most `limit` characters."""
    return lambda value: _text(value, limit, "\n\t")


def folded(text: str) -> str:
    """A word as it is compared: no capitals, punctuation, "and" or "or". "HR/casework" is "HR casework"."""
    parts = re.findall(r"[^\W_]+", text.casefold())
    return " ".join(part for part in parts if part not in ("and", "or"))


def word(words: type[StrEnum], also: Mapping[str, StrEnum] | None = None) -> Reader:
    """A reader of one word of an enumeration, as `folded` compares it.

    Args:
        also: further ways in which people write some of the words.
    """
    known = {folded(member.value): member.value for member in words}
    known |= {folded(name): member.value for name, member in (also or {}).items()}

    def read(value: object) -> str:
        found = known.get(folded(value)) if isinstance(value, str) else None
        if found is None:
            choice = ", ".join(member.value for member in words)
            raise Unfit(f"{shown(value)} is not a known word.", f"Give one of: {choice}.")
        return found

    return read


def read_urn(value: object) -> str:
    """A school's six-digit number in the national register, as text."""
    text = value.strip() if isinstance(value, str) else ""
    if not re.fullmatch("[0-9]{6}", text):
        raise Unfit(f"{shown(value)} is not a URN.", "Give the school's six digits.")
    return text


def read_la_code(value: object) -> str:
    """An LA's three-digit code, as text."""
    text = value.strip() if isinstance(value, str) else ""
    if not re.fullmatch("[0-9]{3}", text):
        raise Unfit(f"{shown(value)} is not an LA code.", "Give the LA's three digits.")
    return text


def read_day(value: object) -> date:
    """A day: a date, or text as yyyy-mm-dd or dd/mm/yyyy. A date with a time is refused, not cut."""
    day = value if isinstance(value, date) and not isinstance(value, datetime) else _day_of_text(value)
    if day is None:
        raise Unfit(f"{shown(value)} is not a date.", "Give it as yyyy-mm-dd or dd/mm/yyyy.")
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise Unfit(f"{shown(value)} is not a likely date.", f"Give a year from {FIRST_YEAR} to {LAST_YEAR}.")
    return day


def _day_of_text(value: object) -> date | None:
    text = value.strip() if isinstance(value, str) else ""
    iso = re.fullmatch(r"([0-9]{4})-([0-9]{2})-([0-9]{2})", text)
    british = re.fullmatch(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})", text)
    if iso is None and british is None:
        return None
    parts = iso.groups() if iso else british.groups()[::-1] if british else ()
    try:
        return date(*(int(part) for part in parts))
    except ValueError:
        return None


def read_moment(value: object) -> datetime:
    """A moment that knows its time zone."""
    if not isinstance(value, datetime) or value.tzinfo is None:
        raise Unfit(f"{shown(value)} is not a moment.", "Give a date and a time with its zone.")
    return value


def read_days(value: object) -> float:
    """A number of days, halves allowed, from 0 to 366; a number or text such as "7.5"."""
    number = _number(value)
    if number is None:
        raise Unfit(f"{shown(value)} is not a number of days.", f"Give a number from 0 to {MOST_DAYS}.")
    if not 0 <= number <= MOST_DAYS:
        raise Unfit(f"{shown(value)} days cannot be.", f"Give a number from 0 to {MOST_DAYS}.")
    return number


def _number(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    if isinstance(value, str) and not re.fullmatch(r"-?[0-9]{1,6}(\.[0-9]{1,6})?", value.strip()):
        return None
    number = float(value)
    return number if math.isfinite(number) else None


def read_pounds(value: object) -> float:
    """A rate in pounds per person-day, from 0 to 5,000; a number or text such as "450" or "£450"."""
    number = _number(value.strip().removeprefix("£") if isinstance(value, str) else value)
    if number is None or not 0 <= number <= MOST_POUNDS:
        raise Unfit(f"{shown(value)} is not a rate in pounds a day.", f"Give a number from 0 to {MOST_POUNDS:,}.")
    return number


def _several(value: object, pattern: str, what: str, what_to_do: str) -> str:
    """Codes between commas, semicolons or spaces, each once, in the order given."""
    found = re.findall(r"[^\s,;]+", value) if isinstance(value, str) else []
    unfit = [code for code in found if not re.fullmatch(pattern, code)]
    if unfit or not found:
        raise Unfit(f"{shown(unfit[0] if unfit else value)} is not {what}.", what_to_do)
    return ", ".join(dict.fromkeys(found))


def read_urns(value: object) -> str:
    """Several schools' URNs: "900012, 900020"."""
    return _several(value, "[0-9]{6}", "a URN", "Give six digits for each school, with commas between.")


def read_rule_ids(value: object) -> str:
    """Several rules' ids: "O1, L6"."""
    text = value.upper() if isinstance(value, str) else value
    return _several(text, "[A-Z][0-9]{1,2}", "the id of a rule", 'Give ids such as "O1, L6", with commas between.')


def read_record_id(value: object) -> int:
    """The number of another record."""
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise Unfit(f"{shown(value)} is not the number of a record.", "Choose one that is on the list.")
    return value


def check(fields: Sequence[Field], given: Mapping[str, object]) -> tuple[Values, list[Problem]]:
    """Read every field that is given or required.

    Args:
        fields: in the order in which problems are told.
        given: values by field name; a field that is missing counts as blank.
    Returns:
        The clean values of the fields that could be read (blank becomes None), and the problems.
    """
    clean: Values = {}
    problems: list[Problem] = []
    for field in fields:
        value = given.get(field.name)
        if is_blank(value):
            clean[field.name] = None
            if field.required:
                problems.append(Problem(field.name, "", "nothing was given.", "Fill this in."))
            continue
        try:
            clean[field.name] = field.read(value)
        except Unfit as unfit:
            problems.append(Problem(field.name, str(value), unfit.problem, unfit.what_to_do))
    return clean, problems


def in_field_order(problems: Iterable[Problem], fields: Sequence[Field]) -> list[Problem]:
    """The problems in the order in which the fields are filled in; others come last."""
    order = {field.name: place for place, field in enumerate(fields)}
    return sorted(problems, key=lambda problem: order.get(problem.field, len(order)))


def refuse_if(problems: Collection[Problem], what: str) -> None:
    """Raise one error for all the problems, if there are any.

    Args:
        problems: in the order in which they are told.
        what: what did not happen, such as "The support was not added".
    Raises:
        RecordRefused: with one line for each problem.
    """
    if not problems:
        return
    things = "1 thing needs" if len(problems) == 1 else f"{len(problems)} things need"
    raise RecordRefused(f"{what}: {things} attention. Nothing was changed.", [problem.sentence for problem in problems])


def end_before_start(values: Mapping[str, Any], start: str, end: str) -> list[Problem]:
    """The problem of an end before its start; none when either is not known."""
    first, last = values.get(start), values.get(end)
    if first is None or last is None or last >= first:
        return []
    problem = f"{last.isoformat()} is before the {start} {first.isoformat()}."
    return [Problem(end, last.isoformat(), problem, "Correct one of the two, or leave it blank.")]


def checked_who(who: str) -> str:
    """Who does this, as the audit trail will show it.

    Raises:
        RecordRefused: blank, too long, or with control characters.
    """
    clean, problems = check([Field("who", line(WHO_LENGTH), required=True)], {"who": who})
    refuse_if(problems, "Nothing was written")
    return str(clean["who"])


def checked_reason(reason: str | None) -> str | None:
    """A reason as the audit trail will show it; None when it is blank.

    Raises:
        RecordRefused: too long, or with control characters.
    """
    clean, problems = check([Field("reason", lines(REASON_LENGTH))], {"reason": reason})
    refuse_if(problems, "Nothing was written")
    found: str | None = clean["reason"]
    return found
