"""What an importer is: which columns a file kind has, what they hold, and which rows are summaries."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal

Kind = Literal["text", "count", "percent", "number", "money", "date", "code", "year"]
Dating = Literal["academic year", "as at", "by row", "undated"]
Cadence = Literal["monthly", "termly", "yearly"]
KeyedBy = Literal["urn", "laestab", "la"]

EES_LEVELS = ("National", "Local authority", "Regional")  # levels above the school in Explore Education Statistics
TIME_PERIOD = "time_period"  # the field that says each row's academic year, where one file has many


@dataclass(frozen=True)
class Field:
    """One column that the product reads.

    Attributes:
        name: what the product calls it.
        columns: the headers it has had, newest first; case and spacing do not matter. "{1}" and "{2}" stand for the
            last two figures of the year before and of the one before that, where a file repeats earlier years.
        kind: how its cells are read; every other text must be a marker that is known. A "year" is an academic
            year in any of the ways it is written (201617, 2016/17), read as "2016-2017".
        low, high: the values that are possible. A few others are kept out and listed; many refuse the file.
        usual: the values that can be believed, where more are possible; others are kept out and listed.
        codes: for kind "code", every text that is allowed.
        meaning, example: for templates that people fill in: what belongs into the column, and one such cell.
        must_be_filled: a row without it is refused.
        is_past: a day that cannot be later than today.
        any_case: a code may be written with or without capitals.
        same_as: codes that are read as another one, which means the same: pairs of both.
        codes_in: the project's file and list in which the codes stand, and a new one is added.
        share_of: the field that says of how many a figure is a share: where that says of nobody, a 0 is no figure.
    """

    name: str
    columns: tuple[str, ...]
    kind: Kind = "text"
    low: float | None = None
    high: float | None = None
    codes: frozenset[str] = frozenset()
    usual: tuple[float, float] | None = None
    meaning: str = ""
    example: str = ""
    must_be_filled: bool = False
    is_past: bool = False
    any_case: bool = False
    same_as: tuple[tuple[str, str], ...] = ()
    codes_in: str = ""
    share_of: str = ""

    @property
    def lowest(self) -> float | None:
        """The lowest value that counts, in the column's own unit; None where any may."""
        return max((limit for limit in (self.low, self.usual and self.usual[0]) if limit is not None), default=None)

    @property
    def highest(self) -> float | None:
        """The highest value that counts, in the column's own unit; None where any may."""
        return min((limit for limit in (self.high, self.usual and self.usual[1]) if limit is not None), default=None)


@dataclass(frozen=True)
class Summary:
    """How a summary row is told: the scope and phase it stands for, and what its fields hold.

    Attributes:
        scope: national and LA rows are compared with; "other" ones (England with its independent schools,
            medians of London) are known and kept, and compared with nothing.
    """

    scope: Literal["national", "la", "other"]
    phase: str
    where: Mapping[str, str]


@dataclass(frozen=True)
class Source:
    """One kind of published file.

    Attributes:
        required: fields that a file of this kind always has; "estab|geographic_level" is one of the two.
        one_of: at least one of these fields is there, too.
        is_general: takes any table of its layout that no other kind takes.
        without: headers that another kind has, and this one never.
        dating: how a file's date is known; "by row" files say it row by row, "undated" ones nowhere.
        keyed_by: what names a row's subject: a school's URN, its LAESTAB (the URN is found when a build is made;
            a file may have both), or an LA's three-digit code.
        one_row_per: fields that tell a school's (or an LA's) rows apart; a repetition is an error.
        prefer: figures of which the larger speaks, where a school has several rows for one year.
        whole_year_is_a_day: a name that says but a month or a year dates the file to its last day.
        usual_lag_days: days from the end of the period to publication, where the calendar is silent.
        max_age_days: from this age on its newest release is out of date; a little more than its cadence.
        cadence: how often its publisher brings out a new one.
        is_register: says which schools exist, in which LA, of which type.
        held_by_la: the LA's own list, not a publication: every school in it that no register knows is named.
        compare: figures by which a file of another year is told, whatever its name says.
        repeats: figures that a later file repeats: {figure: (as that of the year before, of two years before)}.
        rows_where: what a row says of itself to count, such as breakdown "Total"; rows that say something else
            (boys, one subject) are kept and not used, rows that say nothing count.
        from_rows: figures that stand in a row of their own where rows say what they are of: {figure: (the figure that
            the row has it as, what the row says)}, {"attainment8_disadvantaged_score": ("attainment8_score",
            {"breakdown": "Disadvantaged"})}.
        earlier_years: pattern of the headers that repeat an earlier year, "telig_24", its two figures in a group.
        own_year: pattern of the headers that name the file's own year, "t1617cat1", its last two figures in a group.
        is_evidence: each row is one dated piece of evidence with its author, typed by the LA into a template: every
            cell is looked at by itself, files add up, and of a row that several files have the newest counts.
        purpose: for templates: what the kind is for.
        in_order: pairs of fields of which the first can be neither larger nor later than the second.
    """

    id: str
    title: str
    publisher: str
    fields: tuple[Field, ...]
    required: tuple[str, ...]
    dating: Dating
    one_of: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    summaries: tuple[Summary, ...] = ()
    keyed_by: KeyedBy = "urn"
    one_row_per: tuple[str, ...] = ("urn",)
    prefer: tuple[str, ...] = ()
    whole_year_is_a_day: bool = False
    usual_lag_days: int = 180
    max_age_days: int = 550
    cadence: Cadence = "yearly"
    is_register: bool = False
    held_by_la: bool = False
    compare: tuple[str, ...] = ()
    is_general: bool = False
    repeats: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    rows_where: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    from_rows: Mapping[str, tuple[str, Mapping[str, str]]] = field(default_factory=dict)
    earlier_years: str = ""
    own_year: str = ""
    advice: str = ""
    licence: str = "Open Government Licence v3.0"
    is_evidence: bool = False
    purpose: str = ""
    in_order: tuple[tuple[str, str], ...] = ()

    def field_named(self, name: str) -> Field:
        """One of the fields, by the product's name for it."""
        return next(one for one in self.fields if one.name == name)

    @property
    def has_time_period(self) -> bool:
        """Whether each row says its own academic year."""
        return any(one.name == TIME_PERIOD for one in self.fields)

    @property
    def is_yearly(self) -> bool:
        """Whether it has one row per school and academic year, in one file a year or in one for many."""
        return self.dating == "academic year" or (self.has_time_period and bool(self.one_row_per))


@lru_cache(maxsize=20_000)
def normalised(header: str) -> str:
    """A header for comparison: no byte-order mark, one space, no case."""
    return " ".join(header.replace("\ufeff", "").split()).casefold()


def matched_columns(source: Source, header: Iterable[str]) -> dict[str, str]:
    """Which published column holds each field: {field name: header as published}."""
    by_norm = _first_of_each(tuple(header))
    last = _last_figures(source.earlier_years, by_norm)
    found: dict[str, str] = {}
    for one in source.fields:
        for candidate in one.columns:
            wanted = normalised(_of_year(candidate, last))
            if wanted in by_norm:
                found[one.name] = by_norm[wanted]
                break
    return found


@lru_cache(maxsize=256)
def _first_of_each(header: tuple[str, ...]) -> Mapping[str, str]:
    """The header's columns by what they are compared by; a header is asked for every kind there is."""
    return {normalised(column): column for column in reversed(header)}


def columns_absent(source: Source, header: Sequence[str], names: Iterable[str]) -> list[str]:
    """What the fields that a file lacks would be called in its own layout, a field each: "PTREAD_HIGH".

    Fields that its layout never has are left out: Explore Education Statistics names its columns in small letters,
    the tables and the census in capitals.
    """
    found = matched_columns(source, header)
    small = TIME_PERIOD in {normalised(column) for column in header}
    lacking = (source.field_named(name) for name in names if name not in found)
    called = ([c for c in one.columns if (c == c.lower()) == small and "{" not in c] for one in lacking)
    return [" or ".join(columns) for columns in called if columns]


def year_in_header(source: Source, header: Iterable[str]) -> str | None:
    """The academic year that the columns' own names give away: "2018-2019" where some repeat 2018 and 2017.

    None where they say none. A file of 2021-22 or 2022-23 may repeat 2019, the last year before the pandemic: that
    says nothing.
    """
    normal = [normalised(column) for column in header]
    own = _last_figures(source.own_year, normal)
    before = _last_figures(source.earlier_years, normal)
    end = own or (before + 1 if before and before not in _BEFORE_THE_PANDEMIC else None)
    return f"{1999 + end}-{2000 + end}" if end else None


_BEFORE_THE_PANDEMIC = (19, 20, 21)


def _last_figures(pattern: str, headers: Iterable[str]) -> int | None:
    """The latest year, as its last two figures, that headers of a pattern name."""
    if not pattern:
        return None
    named = (re.fullmatch(pattern, header) for header in headers)
    return max((int(match[1]) for match in named if match), default=None)


def _of_year(candidate: str, last: int | None) -> str:
    """A header with its year in place of "{1}" or "{2}"; as it stands, and so never found, where there is none."""
    return candidate if last is None else candidate.replace("{1}", f"{last:02}").replace("{2}", f"{last - 1:02}")
