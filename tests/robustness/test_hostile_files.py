"""Files that mean harm or are damaged: a clear word or a right import, bounded memory, no damage."""

import gzip
import io
import os
import struct
import sys
import textwrap
import zipfile
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from risk_model.domain.paths import DataDir
from risk_model.domain.viewer import local_viewer
from risk_model.services.preparing import import_uploads
from risk_model.sources import finding
from risk_model.sources.finding import MOST_MEMBERS
from risk_model.sources.importing import import_paths
from risk_model.sources.options import ImportOptions
from risk_model.sources.text import LONGEST_LINE
from tests.robustness import child
from tests.robustness.hostile import MAIN, opendocument, opendocument_row, row, shared_texts, workbook, zipped
from tests.sources.kit import ABSENCE_HEADER, Desk, absence_rows, absence_text, gias_text

CSV = "2023-2024/england_abs.csv"
XLSX = "2023-2024/england_abs.xlsx"
ODS = "2023-2024/england_abs.ods"
PARQUET = "2023-2024/england_abs.parquet"
ZIP = "2023-2024/absence.zip"
HOSTILE_NAMES = (
    '=HYPERLINK("http://x","y")',
    "<script>alert(1)</script>",
    "'; drop table schools; --",
    "$published {name} %s \\ [red]x[/red]",
    "\u202egnp.exe\u200b\x7f",
)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """An empty data directory beside a folder for files."""
    folder = tmp_path / "given"
    folder.mkdir()
    return Desk(DataDir(tmp_path / "data"), folder)


def _absence_cells(rows: int = 3) -> list[dict[str, str]]:
    return [dict(zip("ABCDE", cells, strict=True)) for cells in (ABSENCE_HEADER, *absence_rows(rows))]


def _absence_sheet() -> str:
    return "".join(row(number, cells) for number, cells in enumerate(_absence_cells(), start=1))


def test_sheet_that_says_it_is_as_large_as_can_be_lands_as_large_as_it_is(desk: Desk) -> None:
    content = workbook(_absence_sheet(), above='<dimension ref="A1:XFD1048576"/>')
    assert desk.take(XLSX, content).schools == 3


@pytest.mark.parametrize(
    "last",
    [
        row(1_048_576, {"XFD": "1"}),
        '<row r="1048576"><c s="0" r = \'XFD1048576\'><v>1</v></c></row>',
        '<row r="1048576"><c r="xfd1048576" t="n"><v>1</v></c></row>',
    ],
)
def test_cell_in_the_last_corner_of_a_sheet_is_refused_before_it_is_opened(desk: Desk, last: str) -> None:
    said = desk.refused(XLSX, workbook(_absence_sheet() + last))
    assert "its sheets have room for 17,179,869,184 cells" in said


def test_shared_texts_that_cannot_be_as_many_are_refused(desk: Desk) -> None:
    sheet = _absence_sheet() + '<row r="5"><c r="A5" t="s"><v>0</v></c></row>'
    content = workbook(sheet, parts={"xl/sharedStrings.xml": shared_texts(4_294_967_295, "999")})
    assert "says that it holds 4,294,967,295 texts, and cannot" in desk.refused(XLSX, content)


def test_texts_declared_in_terms_of_each_other_are_refused(desk: Desk) -> None:
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    content = workbook(row(1, {"A": "&l9;"}), before=f'<!DOCTYPE x [<!ENTITY l0 "ha">{laughs}]>')
    assert "declares texts of its own" in desk.refused(XLSX, content)


def test_texts_declared_in_letters_of_two_bytes_are_refused(desk: Desk) -> None:
    """In UTF-16, as a reader of XML takes it too, no declaration is found where one looks for it."""
    part = f'<?xml version="1.0" encoding="utf-16"?><!DOCTYPE x [<!ENTITY l "ha">]><sst xmlns="{MAIN}">&l;</sst>'
    parts = {"xl/sharedStrings.xml": part.encode("utf-16")}
    assert "declares texts of its own" in desk.refused(XLSX, workbook(_absence_sheet(), parts=parts))


def test_workbook_with_links_to_other_files_lands_without_following_them(desk: Desk) -> None:
    outside = '<externalLink xmlns="x"><externalBook/></externalLink>'
    parts = {
        "xl/externalLinks/externalLink1.xml": outside,
        "xl/externalLinks/_rels/externalLink1.xml.rels": '<Relationships><Relationship Id="rId1" '
        'Target="file:///etc/passwd" TargetMode="External"/></Relationships>',
    }
    assert desk.take(XLSX, workbook(_absence_sheet(), parts=parts)).schools == 3


def test_binary_workbook_is_refused(desk: Desk) -> None:
    assert "a binary workbook" in desk.refused(XLSX, zipped({"xl/workbook.bin": b"\x83\x01\x00"}))


@pytest.mark.parametrize(
    "bad", ["<row", '<row r="1"><c r="A1"><v>1</v></c>', "\x00\x01", '<row r="0"><c r="A0"/></row>']
)
def test_workbook_of_broken_xml_is_refused_or_empty(desk: Desk, bad: str) -> None:
    desk.refused(XLSX, workbook(bad))


def test_cells_that_are_repeated_to_the_edges_are_refused(desk: Desk) -> None:
    bomb = opendocument_row(["1"], rows=1_048_576, columns=16_384)
    said = desk.refused(ODS, opendocument(opendocument_row(list(ABSENCE_HEADER)) + bomb))
    assert "its sheets have room for 17,179,8" in said


def test_row_far_below_empty_ones_is_refused(desk: Desk) -> None:
    empty = '<table:table-row table:number-rows-repeated="900000000"><table:table-cell/></table:table-row>'
    content = opendocument(opendocument_row(list(ABSENCE_HEADER)) + empty + opendocument_row(["1"]))
    assert "its sheets have room for" in desk.refused(ODS, content)


def test_empty_cells_repeated_below_the_table_are_no_obstacle(desk: Desk) -> None:
    rows = "".join(opendocument_row(cells) for cells in (list(ABSENCE_HEADER), *absence_rows(3)))
    empty = (
        '<table:table-row table:number-rows-repeated="1048571">'
        '<table:table-cell table:number-columns-repeated="16384"/></table:table-row>'
    )
    assert desk.take(ODS, opendocument(rows + empty)).schools == 3


def test_archive_in_an_archive_is_not_unpacked(desk: Desk) -> None:
    inner = zipped({"zeros.csv": b"0" * 1_000_000})
    assert "it holds no table" in desk.refused(ZIP, zipped({f"{n}.zip": inner for n in range(20)}))


def test_archive_of_many_members_is_refused(desk: Desk) -> None:
    content = zipped({f"{n}.csv": "a" for n in range(MOST_MEMBERS + 1)})
    assert f"it holds {MOST_MEMBERS + 1:,} tables" in desk.refused(ZIP, content)


def test_members_that_share_their_bytes_are_counted_each(desk: Desk) -> None:
    """A small archive whose list names the same packed bytes again and again, so that they unpack to 50 GB."""
    packed = zipped({CSV: b"0" * 50_000_000})
    start = struct.unpack("<I", packed[-6:-2])[0]
    entry, end = packed[start:-22], packed[-22:]
    ended = end[:8] + struct.pack("<HHII", 1_000, 1_000, len(entry) * 1_000, start) + end[20:]
    content = packed[:start] + entry * 1_000 + ended
    assert zipfile.is_zipfile(io.BytesIO(content))
    assert len(content) < 200_000
    assert "unpacked it would be larger" in desk.refused(ZIP, content)


@pytest.mark.parametrize("name", ["../../evil.csv", "C:\\evil.csv", "a/../../evil.csv", "nul.csv", "x\x00y.csv"])
def test_uploaded_name_is_never_a_path(desk: Desk, name: str) -> None:
    everything = set(desk.folder.parent.rglob("*"))
    options = ImportOptions(period="2023-2024")
    (report,) = import_uploads(local_viewer(), desk.data, [(name, absence_text().encode())], options)
    assert report.status == "imported"
    made = {path for path in desk.folder.parent.rglob("*") if path not in everything}
    assert made
    assert all(path.is_relative_to(desk.data.root) for path in made)
    assert not any("evil" in path.name for path in made)


@pytest.mark.parametrize("name", HOSTILE_NAMES)
def test_hostile_text_in_a_cell_is_kept_as_text(desk: Desk, name: str) -> None:
    quoted = '"' + name.replace('"', '""') + '"'
    text = gias_text(["100001", "100002"]).replace("Invented School 01", quoted)
    assert desk.take("edubasealldata20250901.csv", text).schools == 2
    assert desk.staged("stg_gias_rows")[0]["name"] == name.strip()


def test_columns_with_hostile_names_are_kept_as_text(desk: Desk) -> None:
    text = absence_text()
    for number, name in enumerate(HOSTILE_NAMES):
        lines = text.splitlines()
        quoted = '"' + name.replace('"', '""') + '"'
        text = "\r\n".join([f"{lines[0]},{quoted}", *(f"{line},{number}" for line in lines[1:])]) + "\r\n"
    assert desk.take(CSV, text).schools == 3
    assert len(desk.staged("stg_absence_rows")) == 3


def test_file_name_that_is_markup_is_shown_as_it_is(desk: Desk) -> None:
    name = "[bold]x[/bold] $(rm -rf) 2023-2024.csv"
    assert desk.take(name, absence_text()).name.endswith(name)


def test_gzip_is_refused_with_what_to_do(desk: Desk) -> None:
    assert "it is packed (gzip)" in desk.refused(CSV, gzip.compress(absence_text().encode()))


@pytest.mark.parametrize("line", [b"x", b"ab,", b'"'])
def test_line_without_an_end_is_refused_unread(desk: Desk, line: bytes) -> None:
    content = absence_text().encode() + line * (2 * LONGEST_LINE // len(line))
    assert "cannot be read" in desk.refused(CSV, content)


def test_parquet_of_lists_is_refused(desk: Desk) -> None:
    columns = dict(zip(ABSENCE_HEADER, zip(*absence_rows(3), strict=True), strict=True))
    table = pa.table({**{name: list(cells) for name, cells in columns.items()}, "PERCTOT": [["4.1"], ["4.2"], None]})
    assert "holds lists or tables" in desk.refused(PARQUET, _parquet(table))


def test_parquet_of_a_thousand_million_rows_is_refused(desk: Desk) -> None:
    rows = 10_000_000
    column = pa.DictionaryArray.from_arrays(pa.array([0] * 1_000, pa.int32()).take(pa.array([0] * rows)), ["100001"])
    content = _parquet(pa.table(dict.fromkeys([*ABSENCE_HEADER, "A", "B"], column)))
    assert len(content) < 1_000_000
    assert "at most 60,000,000 are read" in desk.refused(PARQUET, content)


@pytest.mark.parametrize("at", [0.1, 0.3, 0.5, 0.7, 0.9])
def test_parquet_that_is_damaged_inside_is_refused_or_read_as_it_was(desk: Desk, at: float) -> None:
    columns = dict(zip(ABSENCE_HEADER, zip(*absence_rows(300), strict=True), strict=True))
    content = bytearray(_parquet(pa.table({name: list(cells) for name, cells in columns.items()})))
    where = int(len(content) * at)
    content[where : where + 40] = b"\xff" * 40
    report = desk.take(PARQUET, bytes(content))
    assert report.status in ("refused", "imported")
    if report.status == "refused":
        desk.fit_to_read(report)


def _parquet(table: pa.Table) -> bytes:
    out = io.BytesIO()
    pq.write_table(table, out)
    return out.getvalue()


def test_file_that_grows_while_it_is_read_is_refused(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    path = desk.write(CSV, absence_text())
    opened = type(path).open

    def grown(asked: Path, *how: str, **more: str) -> io.IOBase:
        if asked.name == path.name:
            with opened(asked, "ab") as file:
                file.write(b"999,2009,100009,4.1,10.1\r\n")
        return opened(asked, *how, **more)

    monkeypatch.setattr(type(path), "open", grown)
    said = desk.fit_to_read(desk.take_folder()[CSV])
    assert "it changed while it was read" in said


def _pipe(path: Path) -> None:
    os.mkfifo(path)


def _lost_link(path: Path) -> None:
    path.symlink_to(path.parent / "gone.csv")


def _link_to_itself(path: Path) -> None:
    path.symlink_to(path)


# a link needs rights on Windows that few users have, and there are no pipes among its files
MAKERS: list[Callable[[Path], None]] = [_pipe, _lost_link, _link_to_itself] if sys.platform != "win32" else []


def test_what_is_no_plain_file_is_refused_and_the_others_land(desk: Desk) -> None:
    desk.write(CSV, absence_text())
    (desk.folder / "folder.csv").mkdir()
    names = [f"{number}.csv" for number, _ in enumerate(MAKERS)]
    for name, make in zip(names, MAKERS, strict=True):
        make(desk.folder / name)
    reports = desk.take_folder()
    assert {name: report.status for name, report in reports.items()} == {
        CSV: "imported",
        **dict.fromkeys(names, "refused"),
    }
    for name in names:
        desk.fit_to_read(reports[name])
        (alone,) = import_paths(desk.data, [desk.folder / name])
        desk.fit_to_read(alone)


def test_device_is_refused_before_it_is_read(desk: Desk) -> None:
    (report,) = import_paths(desk.data, [Path(os.devnull)])
    assert report.status == "refused"


@pytest.mark.parametrize("path", ["no/such/file.csv", "x" * 5_000 + ".csv", "a\x00b.csv"])
def test_path_that_cannot_be_is_refused_in_words(desk: Desk, path: str) -> None:
    with pytest.raises(finding.FileRefused, match="no such file or folder"):
        import_paths(desk.data, [Path(path)])


MEMORY = """
    import resource, sys
    from pathlib import Path
    from risk_model.domain.paths import DataDir
    from risk_model.sources.importing import import_paths

    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    (report,) = import_paths(DataDir(Path(sys.argv[1])), [Path(sys.argv[2])])
    print(report.status, (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)
"""


@pytest.mark.parametrize("unit", [b"x", b"ab,"])
def test_line_of_100_mb_costs_little_more_than_its_own_size(desk: Desk, unit: bytes) -> None:
    path = desk.write(CSV, unit * (100_000_000 // len(unit)))
    script = textwrap.dedent(MEMORY) if sys.platform != "win32" else textwrap.dedent(MEMORY_ANYWHERE)
    ended = child.end(child.start_script(desk.data.root, script, str(desk.data.root), str(path)))
    assert ended.code == 0, ended.err
    status, megabytes = ended.out.split()
    assert status == "refused"
    assert int(megabytes) < 300


MEMORY_ANYWHERE = """
    import sys, tracemalloc
    from pathlib import Path
    from risk_model.domain.paths import DataDir
    from risk_model.sources.importing import import_paths

    tracemalloc.start()
    (report,) = import_paths(DataDir(Path(sys.argv[1])), [Path(sys.argv[2])])
    print(report.status, tracemalloc.get_traced_memory()[1] // 1_000_000)
"""
