"""A document that leaves the house, as plain facts: headings, what is said, and what somebody has yet to say."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Entry:
    """One question of a document and its answer.

    Attributes:
        answer: paragraphs, in order; none where only somebody else can answer.
        asked: what somebody has yet to fill in, in words; "" where nothing is left to be said.
    """

    title: str
    answer: tuple[str, ...] = ()
    asked: str = ""


@dataclass(frozen=True)
class Table:
    """A small table: one row of headings, and as many cells in each row as there are headings.

    Attributes:
        widths: of the columns, as parts of the whole; without any the columns are equally wide.
        rows: cells in words, none of them empty; a line break in a cell stays one.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        """Raises ValueError where a row or the widths do not fit the headings."""
        if any(len(row) != len(self.columns) for row in self.rows) or len(self.widths) not in (0, len(self.columns)):
            raise ValueError(f"{len(self.columns)} headings need as many cells and widths: {self.columns}")


@dataclass(frozen=True)
class Points:
    """A list of short points, without numbers; a screen reader counts them."""

    points: tuple[str, ...]


@dataclass(frozen=True)
class Section:
    """What stands under one heading.

    Attributes:
        level: 1 for a part of the document, 2 for a part of the part above it.
        text: paragraphs and lists of points, before the tables and the entries.
        tables: each with its headings.
        on_new_page: it begins on a page of its own.
    """

    title: str
    entries: tuple[Entry, ...] = ()
    level: int = 1
    text: tuple[str | Points, ...] = ()
    tables: tuple[Table, ...] = ()
    on_new_page: bool = False


@dataclass(frozen=True)
class Document:
    """A whole document.

    Attributes:
        about: paragraphs under the title: what it is, of which date, from which sources.
        name: of the file, without its ending.
        banner: a classification that stands at the head of every page; "" for none.
    """

    title: str
    name: str
    about: tuple[str, ...]
    sections: tuple[Section, ...]
    banner: str = ""

    @property
    def blanks(self) -> int:
        """How many entries somebody has yet to fill in."""
        return sum(bool(entry.asked) for section in self.sections for entry in section.entries)
