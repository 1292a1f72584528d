"""What the user says about files, and what is said back."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Literal

FileStatus = Literal[
    "imported", "can be imported", "already loaded", "not a known kind", "needs a year", "needs a day", "refused"
]


@dataclass(frozen=True)
class ImportOptions:
    """What the user said about the files.

    Attributes:
        period: academic year of yearly files, "2023-2024".
        as_at: the day that snapshots describe.
        published_on: from when the figures count, where the calendar should not say.
        imported_by: a label for the catalogue.
        by_table: what was said of single tables, by the name that their report gives them; it goes before the rest.
    """

    period: str | None = None
    as_at: date | None = None
    published_on: date | None = None
    imported_by: str = "local user"
    by_table: Mapping[str, "Said"] = field(default_factory=dict)

    def of(self, table_name: str) -> "ImportOptions":
        """What was said of one table."""
        said = self.by_table.get(table_name)
        if said is None:
            return self
        return replace(self, period=said.period, as_at=said.as_at, published_on=said.published_on, by_table={})


@dataclass(frozen=True)
class Said:
    """What the user said of one table: its academic year, its day, and from when it counts."""

    period: str | None = None
    as_at: date | None = None
    published_on: date | None = None


@dataclass(frozen=True)
class FileReport:
    """What became of one file.

    Attributes:
        name: the file with its folder, as far as the user pointed at it.
        rows_read: 0 for a file of no known kind, of which only the header is read.
        problems: notes of a file that landed.
        refusal: of one that did not: what, where, why and what to do, a line each.
        change: of one that landed or can land, what it changes, a line each, the main one first.
        candidates: of one that needs a year or a day, what it may be; empty where nothing points at one.
    """

    name: str
    status: FileStatus
    kind: str = ""
    period: str = ""
    rows_read: int = 0
    rows_kept: int = 0
    schools: int = 0
    problems: tuple[str, ...] = ()
    refusal: tuple[str, ...] = ()
    release_id: str = ""
    candidates: tuple[str, ...] = ()
    change: tuple[str, ...] = ()
