"""Files that are no table, or not the text they should be."""

from pathlib import Path
from typing import Any

import pytest

from tests.sources.kit import ABSENCE_HEADER, Desk, absence_text, csv_text

NAME = "2023-2024/england_abs.csv"
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x10\x00\x00\x00\x10\x08\x06"


@pytest.mark.parametrize("content", [b"", b"  \r\n \r\n"])
def test_empty_file_is_refused(desk: Desk, content: bytes) -> None:
    assert "it is empty" in desk.refused(NAME, content)


@pytest.mark.parametrize("content", [b"\xef\xbb\xbf", b"\xff\xfe"])
def test_file_of_a_byte_order_mark_alone_is_refused(desk: Desk, content: bytes) -> None:
    assert "it has no header" in desk.refused(NAME, content)


def test_header_only_is_refused_because_it_would_hide_schools(desk: Desk) -> None:
    said = desk.refused(NAME, csv_text(ABSENCE_HEADER, []))
    assert "a header and no rows" in said
    assert "hide" in said


def test_header_and_blank_rows_is_refused(desk: Desk) -> None:
    assert "a header and no rows" in desk.refused(NAME, csv_text(ABSENCE_HEADER, [[""] * 5, [" "] * 5]))


@pytest.mark.parametrize(
    ("encoding", "mark", "note"),
    [
        ("utf-8", b"", None),
        ("utf-8", b"\xef\xbb\xbf", None),
        ("cp1252", b"", "read as Windows-1252"),
        ("utf-16", b"", "read as UTF-16"),
        ("utf-16-be", b"\xfe\xff", "read as UTF-16"),
    ],
)
def test_encoding_is_told_and_text_comes_through(desk: Desk, encoding: str, mark: bytes, note: str | None) -> None:
    text = csv_text(("urn", "locality"), [["100001", "Schools – Zoë’s Vale"], ["100002", "North"]])
    report = desk.take("localities.csv", mark + text.encode(encoding))
    assert report.status == "imported"
    assert [p for p in report.problems if p.startswith("read as")] == ([note] if note else [])
    assert [row["locality"] for row in desk.staged("stg_localities_rows")] == [
        "Schools – Zoë’s Vale",
        "North",
    ]


@pytest.mark.parametrize("name", [NAME, "2023-2024/england_abs.xlsx", "2023-2024/england_abs.parquet"])
def test_picture_is_refused_whatever_its_name(desk: Desk, name: str) -> None:
    said = desk.refused(name, PNG)
    assert "not a table of text" in said
    assert "a picture" in said


def test_nul_bytes_are_refused_with_their_line(desk: Desk) -> None:
    said = desk.refused(NAME, absence_text(5).encode().replace(b"100003", b"10\x00\x0003"))
    assert "Line 4 has bytes that are no characters" in said


def test_bytes_of_no_encoding_are_refused_with_their_line(desk: Desk) -> None:
    said = desk.refused(NAME, absence_text(5).encode().replace(b"100002", b"1000\x8d2"))
    assert "Line 3 has bytes" in said


def test_line_of_5_mb_is_refused(desk: Desk) -> None:
    assert "cannot be read" in desk.refused(NAME, "x" * 5_000_000)


def test_line_of_5_mb_with_separators_is_refused(desk: Desk) -> None:
    said = desk.refused(NAME, "ab," * 1_700_000)
    assert "it has 1,700,000 columns" in said
    assert "line ends" in said


def test_known_header_lost_among_thousands_of_columns_is_refused(desk: Desk) -> None:
    header = [*ABSENCE_HEADER, *(f"X{i}" for i in range(5_000))]
    assert "5,005 columns" in desk.refused(NAME, csv_text(header, [["999"] * len(header)]))


def test_huge_cell_is_refused_with_its_line(desk: Desk) -> None:
    text = absence_text(3) + '999,2009,100009,"4.1' + "x" * 200_000
    said = desk.refused(NAME, text)
    assert "the row that begins in line 5 cannot be read" in said
    assert "quotation mark" in said


def test_web_page_saved_as_csv_is_refused(desk: Desk) -> None:
    said = desk.refused(NAME, "<!DOCTYPE html><html><body>Sign in</body></html>")
    assert "it is a web page" in said


def test_file_that_cannot_be_opened_is_refused(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    path = desk.write(NAME, absence_text())

    opened = type(path).open

    def locked(asked: Path, *how: Any, **more: Any) -> Any:
        if asked.name == path.name:
            raise PermissionError(13, "Permission denied")
        return opened(asked, *how, **more)

    monkeypatch.setattr(type(path), "open", locked)
    assert "Close it in other programs" in desk.fit_to_read(desk.take_folder()[NAME])
