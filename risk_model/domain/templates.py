"""Templates that the LA fills in: what their columns are. Pure facts; other floors fill and draw them."""

from dataclasses import dataclass
from typing import Literal

# In the range of the invented LA and in none of its schools: a line with it is the template's own example.
EXAMPLE_URN = "999999"
# The sheets of a template's workbook that explain the first one, and hold no line of anybody.
HOW_SHEET = "How to fill it in"
WORDS_SHEET = "Allowed words"

ColumnKind = Literal["text", "count", "percent", "number", "money", "date", "code", "year"]


@dataclass(frozen=True)
class TemplateColumn:
    """One column of a template.

    Attributes:
        name: its header, exactly.
        words: the only texts that are allowed, where there is such a list.
        example: a filled cell; a date as 2026-03-12.
        is_needed: a line without it is refused.
    """

    name: str
    meaning: str
    kind: ColumnKind
    words: tuple[str, ...]
    example: str
    is_needed: bool

    @property
    def allowed(self) -> str:
        """What a cell may hold, in words."""
        if self.words:
            return "one of: " + "; ".join(self.words)
        if self.name in ("urn", "home_urn"):
            return "six digits"
        return {
            "text": "text",
            "code": "text",
            "count": "a whole number, 0 or more",
            "number": "a number",
            "percent": "a percentage from 0 to 100: 63 (or 63%) for 63%",
            "money": "pounds, without pence; a minus sign for a deficit",
            "date": "a date: 12/03/2026 or 2026-03-12",
            "year": "an academic year: 2025-2026 or 2025/26",
        }[self.kind]


@dataclass(frozen=True)
class Template:
    """One kind of file that the LA fills in.

    Attributes:
        kind: what the command line calls it.
        purpose: what it is for, in a sentence or two.
        is_records: its lines become records on the Support page; those of the others are imported as evidence.
        example_mark: what the example line is known by, in words and as it stands in a cell.
    """

    kind: str
    title: str
    purpose: str
    columns: tuple[TemplateColumn, ...]
    is_records: bool = False
    example_mark: tuple[str, str] = ("URN", EXAMPLE_URN)

    @property
    def needed(self) -> tuple[str, ...]:
        """The columns that every line must fill."""
        return tuple(column.name for column in self.columns if column.is_needed)
