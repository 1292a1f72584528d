"""Writes a published file as its publisher does: columns, encoding, line ends, marks of a missing value."""

import csv
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

LAYOUTS = Path(__file__).parent / "layouts"

_REPEATED = re.compile(r"_(\d\d)(?=$|_PTQ_EE$)")  # what a column that repeats an earlier year ends in


@dataclass(frozen=True)
class Style:
    """How a publisher writes CSV.

    Attributes:
        encoding: as Python names it; utf-8-sig writes the byte order mark.
        line_end: at the end of each row.
        quoting: minimal; all fields; or every field that is not a number.
    """

    encoding: str
    line_end: str = "\r\n"
    quoting: Literal["minimal", "all", "text"] = "minimal"


DFE = Style("utf-8-sig")
DFE_UNIX = Style("utf-8-sig", "\n")
OFSTED = Style("cp1252", "\n")
GIAS = Style("cp1252", quoting="all")
GIAS_LINKS = Style("cp1252", quoting="text")
PLAIN = Style("utf-8", "\n")

_QUOTING: Mapping[str, Literal[0, 1, 2]] = {"minimal": 0, "all": 1, "text": 2}  # as csv.QUOTE_… number them


def header_of(layout: str) -> list[str]:
    """The column names of a layout, in order.

    Source: the header row of the published file that the layout is named after.
    """
    with (LAYOUTS / f"{layout}.csv").open(encoding="utf-8", newline="") as file:
        return next(csv.reader(file))


def header_of_year(layout: str, year: int) -> list[str]:
    """The column names of a layout as a later year would have them: READPROG_18 of 2018-19 is READPROG_24 of 2024-25.

    Args:
        layout: its name ends in the summer that it is of.
        year: the summer that is wanted.
    """
    own = int(layout[-4:])
    repeated = {f"{own - back:04}"[2:]: f"{year - back:04}"[2:] for back in range(3)}

    def of_year(column: str) -> str:
        return _REPEATED.sub(lambda match: f"_{repeated.get(match[1], match[1])}", column)

    return [of_year(column) for column in header_of(layout)]


def rows_of(header: Sequence[str], records: Iterable[Mapping[str, object]], fill: str = "") -> list[list[object]]:
    """Each record as a row in the order of the header; a column that a record does not have gets `fill`.

    Raises:
        KeyError: a record has a column that the layout does not have.
    """
    known = set(header)
    rows: list[list[object]] = []
    for record in records:
        unknown = set(record) - known
        if unknown:
            raise KeyError(f"not in the layout: {sorted(unknown)}")
        rows.append([record.get(name, fill) for name in header])
    return rows


def write_rows(path: Path, header: Sequence[str], rows: Iterable[Sequence[object]], style: Style) -> Path:
    """Write one CSV file, make its folder, and return its path."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding=style.encoding, newline="") as file:
        writer = csv.writer(file, lineterminator=style.line_end, quoting=_QUOTING[style.quoting])
        writer.writerow(header)
        writer.writerows(rows)
    return path


def percent(count: int, of: int, decimals: int = 0) -> str:
    """A share as the performance tables write it ("63%"); blank when there is nobody to share."""
    return f"{half_up(100 * count / of, decimals)}%" if of else ""


def half_up(value: float, decimals: int = 0) -> str:
    """A number rounded half away from zero, as statisticians' software does; Python rounds half to even."""
    scale = 10**decimals
    whole = int(abs(value) * scale + 0.5 + 1e-9)
    sign = "-" if value < 0 and whole else ""
    return f"{sign}{whole / scale:.{decimals}f}"


def short(value: float, decimals: int) -> str:
    """A number without trailing zeros, as the tables write scores: 13, 5.5, -0.03."""
    text = half_up(value, decimals)
    return text.rstrip("0").rstrip(".") if "." in text else text


def slashed(day: date | None) -> str:
    """A date as Ofsted writes it; NULL when there is none."""
    return day.strftime("%d/%m/%Y") if day else "NULL"


def dashed(day: date | None) -> str:
    """A date as the register writes it; blank when there is none."""
    return day.strftime("%d-%m-%Y") if day else ""
