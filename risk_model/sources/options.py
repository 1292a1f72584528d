"""What the user says about files, and what is said back."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

FileStatus = Literal["imported", "already loaded", "not a known kind", "refused"]


@dataclass(frozen=True)
class ImportOptions:
    """What the user said about the files.

    Attributes:
        period: academic year of yearly files, "2023-2024".
        as_at: the day that snapshots describe.
        published_on: from when the figures count, where the calendar should not say.
        imported_by: a label for the catalogue.
    """

    period: str | None = None
    as_at: date | None = None
    published_on: date | None = None
    imported_by: str = "local user"


@dataclass(frozen=True)
class FileReport:
    """What became of one file.

    Attributes:
        name: the file with its folder, as far as the user pointed at it.
        rows_read: 0 for a file of no known kind, of which only the header is read.
        problems: notes of a file that landed.
        refusal: of one that did not: what, where, why and what to do, a line each.
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
