"""A text file's rows: CSV in any of the encodings and separators seen."""

import csv
import re
from collections.abc import Iterator, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.csv as pa_csv

from risk_model.domain.errors import FileRefused

Line = tuple[int, list[str]]
SAVE_AS = "Open it in the program that made it, save it as CSV UTF-8 and import that. Nothing was changed."
_BYTE_ORDER_MARKS = (b"\xff\xfe", b"\xfe\xff")
_GZIP = b"\x1f\x8b"
LONGEST_LINE = 16_000_000
_MOST_CONTROL_CHARACTERS = 8
_MARK, _LINE_FEED, _RETURN = b'"\n\r'
# one line after the other, without a second copy of the text; Python's own splitlines also cuts at other characters
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")


def decoded(content: bytes, name: str) -> tuple[str, str | None]:
    """A text file's text, and what encoding it was in where that was not UTF-8.

    Published files are UTF-8, with or without a byte-order mark, or Windows-1252; a spreadsheet's
    "Unicode text" is UTF-16.

    Raises:
        FileRefused: the bytes are not text, or a web page's.
    """
    if content.startswith(_GZIP):
        raise FileRefused(
            f"{name} was not imported: it is packed (gzip).",
            ["Unpack it and import the table that is in it. Nothing was changed."],
        )
    # looked for in the bytes: one line of hundreds of megabytes is never made a text
    _refuse_endless_line(content, name)
    text, encoding = _decoded(content, name)
    if text[:200].lstrip("\ufeff \t\r\n").casefold().startswith(("<!doctype", "<html")):
        raise FileRefused(
            f"{name} was not imported: it is a web page, saved under the name of a table.",
            ["The download was most likely refused. Open the page, and download the file again."],
        )
    return text, encoding


def _decoded(content: bytes, name: str) -> tuple[str, str | None]:
    if content.startswith(_BYTE_ORDER_MARKS):
        try:
            return content.decode("utf-16"), "UTF-16"
        except UnicodeDecodeError:
            raise _not_text(content, name, 0) from None
    nul = content.find(b"\x00")
    if nul >= 0:
        raise _not_text(content, name, nul)
    try:
        return content.decode("utf-8-sig"), None
    except UnicodeDecodeError:
        pass
    try:
        text = content.decode("cp1252")
    except UnicodeDecodeError as error:
        raise _not_text(content, name, error.start) from None
    if sum(ord(c) < 32 and c not in "\t\r\n" for c in text[:4096]) > _MOST_CONTROL_CHARACTERS:
        raise _not_text(content, name, 0)
    return text, "Windows-1252"


def _refuse_endless_line(content: bytes, name: str) -> None:
    start = 0
    while len(content) - start > LONGEST_LINE:
        window = start, start + LONGEST_LINE
        end = max(content.rfind(b"\n", *window), content.rfind(b"\r", *window))
        if end < 0:
            raise FileRefused(
                f"{name} was not imported: the row that begins in byte {start + 1:,} cannot be read.",
                [
                    f"It is longer than {LONGEST_LINE // 1_000_000} MB: the file has lost its line ends.",
                    SAVE_AS,
                ],
            )
        start = end + 1


def _not_text(content: bytes, name: str, position: int) -> FileRefused:
    line = content.count(b"\n", 0, position) + 1
    return FileRefused(
        f"{name} was not imported: it is not a table of text, whatever its name says.",
        [
            f"Line {line} has bytes that are no characters: a picture, a document, or a damaged download.",
            SAVE_AS,
        ],
    )


def separator(text: str) -> str:
    """What stands between the cells: a tab, a semicolon or a comma, whichever the beginning has more of."""
    sample = text[:20_000]
    if sample.count("\t") > sample.count(","):
        return "\t"
    return ";" if ";" in sample and "," not in sample else ","


def lines_of(text: str, name: str) -> Iterator[Line]:
    """Each row with the line that it begins in, counted from 1.

    Raises:
        FileRefused: a cell is too long to be one.
    """
    reader = csv.reader((line[0] for line in _LINE.finditer(text)), delimiter=separator(text))
    first = 1
    try:
        for row in reader:
            yield first, row
            first = reader.line_num + 1
    except csv.Error:
        raise FileRefused(
            f"{name} was not imported: the row that begins in line {first} cannot be read.",
            [
                f"One of its cells has more than {csv.field_size_limit():,} characters: most likely "
                "a quotation mark is opened and never closed, or the file has lost its line ends.",
                SAVE_AS,
            ],
        ) from None


def columns_of(text: str, names: Sequence[str], lines_above: int) -> pa.Table | None:
    """All rows of a plain table at once, many times quicker than row by row; None where it is not plain.

    Plain is: a row is a line, every row is as wide as the header, and quotation marks, where there are any, stand
    around whole cells.

    Args:
        names: one for each column, none twice.
        lines_above: how many lines come before the first row, the header among them.
    """
    returns = text.count("\r")
    if returns and returns != text.count("\r\n"):
        return None
    is_quoted, between = '"' in text, separator(text)
    content = text.encode()
    if is_quoted and not _is_plainly_quoted(content, between):
        return None
    try:
        return pa_csv.read_csv(
            pa.BufferReader(content),
            pa_csv.ReadOptions(skip_rows=lines_above, column_names=list(names)),
            pa_csv.ParseOptions(delimiter=between, quote_char=is_quoted and '"', ignore_empty_lines=False),
            pa_csv.ConvertOptions(column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False),
        )
    except pa.ArrowInvalid:
        return None


def _is_plainly_quoted(content: bytes, between: str) -> bool:
    """Whether every quotation mark opens or closes a cell of its own line, or is doubled.

    Asked of all marks at once: a file of a register has hundreds of thousands.
    """
    characters = np.frombuffer(content, np.uint8)
    marks = np.flatnonzero(characters == _MARK)
    lines_end = np.flatnonzero(characters == _LINE_FEED)
    marks_before = np.searchsorted(marks, lines_end)
    if len(marks) % 2 or np.any(marks_before % 2):
        return False
    inner = marks[(marks > 0) & (marks < len(characters) - 1)]
    opens = np.isin(characters[inner - 1], [_MARK, _LINE_FEED, ord(between)])
    closes = np.isin(characters[inner + 1], [_MARK, _LINE_FEED, _RETURN, ord(between)])
    return bool(np.all(opens | closes))
