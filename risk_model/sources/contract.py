"""What an importer is: which columns a file kind has, what they hold, and which rows are summaries."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

Kind = Literal["text", "count", "percent", "number", "money", "date", "code", "year"]
Dating = Literal["academic year", "as at", "by row", "undated"]
KeyedBy = Literal["urn", "laestab", "la"]

TIME_PERIOD = "time_period"  # the field that says each row's academic year, where one file has many


@dataclass(frozen=True)
class Field:
    """One column that the product reads.

    Attributes:
        name: what the product calls it.
        columns: the headers it has had, newest first; case and spacing do not matter.
        kind: how its cells are read; every other text must be a marker that is known. A "year" is an academic
            year in any of the ways it is written (201617, 2016/17), read as "2016-2017".
        low, high: the values that are possible.
        codes: for kind "code", every text that is allowed.
    """

    name: str
    columns: tuple[str, ...]
    kind: Kind = "text"
    low: float | None = None
    high: float | None = None
    codes: frozenset[str] = frozenset()


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
        required: fields that a file of this kind always has.
        one_of: at least one of these fields is there, too.
        without: headers that another kind has, and this one never.
        dating: how a file's date is known; "by row" files say it row by row, "undated" ones nowhere.
        keyed_by: what names a row's subject: a school's URN, its LAESTAB (the URN is found when a build is made;
            a file may have both), or an LA's three-digit code.
        one_row_per: fields that tell a school's (or an LA's) rows apart; a repetition is an error.
        prefer: figures of which the larger speaks, where a school has several rows for one year.
        whole_year_is_a_day: a name that says but a month or a year dates the file to its last day.
        usual_lag_days: days from the end of the period to publication, where the calendar is silent.
        is_register: says which schools exist, in which LA, of which type.
        held_by_la: the LA's own list, not a publication: every school in it that no register knows is named.
        compare: figures by which a file of another year is told, whatever its name says.
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
    is_register: bool = False
    held_by_la: bool = False
    compare: tuple[str, ...] = ()
    advice: str = ""
    licence: str = "Open Government Licence v3.0"

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


def normalised(header: str) -> str:
    """A header for comparison: no byte-order mark, one space, no case."""
    return " ".join(header.replace("\ufeff", "").split()).casefold()


def matched_columns(source: Source, header: Iterable[str]) -> dict[str, str]:
    """Which published column holds each field: {field name: header as published}."""
    by_norm: dict[str, str] = {}
    for column in header:
        by_norm.setdefault(normalised(column), column)
    found: dict[str, str] = {}
    for one in source.fields:
        for candidate in one.columns:
            if normalised(candidate) in by_norm:
                found[one.name] = by_norm[normalised(candidate)]
                break
    return found
