"""ZIPs: members are read in memory, their names are only names, and size has a limit."""

import io
import struct
import zipfile

import pytest

from risk_model.sources.finding import MAX_BYTES
from risk_model.sources.naming import safe_name
from tests.sources.kit import Desk, absence_text

NAME = "absence.zip"
MEMBER = "2023-2024/england_abs.csv"


def _zip(members: dict[str, str | bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


def _with_flag(content: bytes, flag: int) -> bytes:
    """Set a flag of the first member, in its own header and in the directory."""
    changed = bytearray(content)
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = content.index(signature) + offset
        changed[at : at + 2] = struct.pack("<H", struct.unpack("<H", content[at : at + 2])[0] | flag)
    return bytes(changed)


def _claiming(content: bytes, size: int) -> bytes:
    """Let the directory say that the first member unpacks to `size` bytes."""
    at = content.index(b"PK\x01\x02") + 24
    return content[:at] + struct.pack("<I", size) + content[at + 4 :]


def test_member_lands_under_its_own_name(desk: Desk) -> None:
    report = desk.take(NAME, _zip({MEMBER: absence_text()}))
    assert (report.status, report.period) == ("imported", "2023-2024")
    assert report.name == f"given/{NAME}/{MEMBER}"


def test_member_that_climbs_out_is_read_and_never_written(desk: Desk) -> None:
    before = set(desk.folder.parent.rglob("*evil*"))
    report = desk.take("2023-2024/absence.zip", _zip({"../../evil.csv": absence_text()}))
    assert report.status == "imported"
    assert report.name == "2023-2024/absence.zip/evil.csv"
    assert desk.releases()[0].original_name == "2023-2024/absence.zip/evil.csv"
    assert set(desk.folder.parent.rglob("*evil*")) == before == set()


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("../../evil.csv", "evil.csv"),
        ("..\\..\\evil.csv", "evil.csv"),
        ("/etc/evil.csv", "etc/evil.csv"),
        ("a/\x1b[2Jb.csv", "a/?[2Jb.csv"),
        ("a\u202egnp.csv", "a?gnp.csv"),
        ("../..", "unnamed"),
        ("x" * 500 + ".csv", "x" * 119 + "…"),
    ],
)
def test_name_from_outside_is_made_safe(given: str, shown: str) -> None:
    assert safe_name(given) == shown


def test_bomb_is_refused_before_it_is_unpacked(desk: Desk) -> None:
    said = desk.refused(NAME, _claiming(_zip({MEMBER: absence_text()}), MAX_BYTES + 1))
    assert "unpacked it would be larger than 400 MB" in said


def test_member_that_lies_about_its_size_is_refused_as_damaged(desk: Desk) -> None:
    assert "damaged" in desk.refused(NAME, _claiming(_zip({MEMBER: absence_text(50)}), 10))


def test_workbook_that_is_a_bomb_is_refused(desk: Desk) -> None:
    content = _claiming(_zip({"xl/workbook.xml": "<workbook/>"}), MAX_BYTES + 1)
    assert "larger than 400 MB" in desk.refused("2023-2024/absence.xlsx", content)


def test_locked_zip_is_refused(desk: Desk) -> None:
    said = desk.refused(NAME, _with_flag(_zip({MEMBER: absence_text()}), 0x1))
    assert "locked with a password" in said


@pytest.mark.parametrize("content", [b"PK\x03\x04 but no more", b"no archive at all"])
def test_damaged_zip_is_refused(desk: Desk, content: bytes) -> None:
    assert "not a ZIP file that can be opened" in desk.refused(NAME, content)


def test_member_with_a_wrong_checksum_is_refused(desk: Desk) -> None:
    content = bytearray(_zip({MEMBER: absence_text(200)}))
    content[80:90] = b"\x00" * 10
    assert "damaged" in desk.refused(NAME, bytes(content))


def test_zip_without_a_table_is_refused(desk: Desk) -> None:
    assert "it holds no table" in desk.refused(NAME, _zip({"readme.txt": "hello", "__MACOSX/._a.csv": "x"}))


def test_zip_in_a_folder_that_is_bad_does_not_stop_the_others(desk: Desk) -> None:
    desk.write("a.zip", b"no archive")
    desk.write(MEMBER, absence_text())
    reports = desk.take_folder()
    assert {name: report.status for name, report in reports.items()} == {
        "a.zip": "refused",
        MEMBER: "imported",
    }


def test_several_members_land_and_unknown_ones_are_named(desk: Desk) -> None:
    desk.write("both.zip", _zip({MEMBER: absence_text(), "2023-2024/notes.csv": "a,b\r\n1,2\r\n"}))
    reports = desk.take_folder()
    assert {name: report.status for name, report in reports.items()} == {
        f"both.zip/{MEMBER}": "imported",
        "both.zip/2023-2024/notes.csv": "not a known kind",
    }
