"""A backup that is damaged, or made to do harm, is refused whole: nothing is written, and the reason is told."""

import sqlite3
import zipfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from risk_model.domain.errors import Damaged, RecordRefused
from risk_model.domain.paths import DataDir
from risk_model.domain.viewer import local_viewer
from risk_model.services.backup import make_backup, restore_backup
from risk_model.warehouse.archive import MANIFEST, is_safe_name
from tests.backup.kit import contents, named, seal, sealed, with_manifest
from tests.conftest import copied

WHO = local_viewer()
Members = dict[str, bytes]


@pytest.fixture(scope="module")
def whole(small_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A backup of the four schools."""
    folder = tmp_path_factory.mktemp("backup")
    data = DataDir(folder / "data")
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("RECORDS_URL", raising=False)
        copied(small_dir, data.root)
        make_backup(WHO, data, folder / "backup.zip")
    return folder / "backup.zip"


def _refused(archive: Path, folder: Path) -> str:
    """Why it is refused; nothing of it may be left, and nothing may have come to stand beside it."""
    target = DataDir(folder / "below" / "restored")
    with pytest.raises((Damaged, RecordRefused)) as told:
        restore_backup(WHO, target, archive, is_alone=True)
    assert [one for one in (folder / "below").rglob("*") if one.is_file()] == []
    assert "Nothing was changed." in told.value.details
    return told.value.message


def test_the_backup_itself_is_restored(whole: Path, tmp_path: Path) -> None:
    archive = sealed(tmp_path / "again.zip", with_manifest(contents(whole)))
    done = restore_backup(WHO, DataDir(tmp_path / "restored"), archive, is_alone=True)
    assert (done.releases, done.builds) == (2, 1)


@pytest.mark.parametrize("hundredth", [0, *range(3, 100, 8), 100])
def test_one_byte_that_is_another_one_anywhere_is_noticed(hundredth: int, whole: Path, tmp_path: Path) -> None:
    content = bytearray(whole.read_bytes())
    content[(len(content) - 1) * hundredth // 100] ^= 0x20
    damaged = tmp_path / "damaged.zip"
    damaged.write_bytes(content)
    assert "one byte" in _refused(damaged, tmp_path)


@pytest.mark.parametrize("left", [0, 10, 64, 5_000, -1])
def test_a_backup_that_is_cut_short_is_noticed(left: int, whole: Path, tmp_path: Path) -> None:
    damaged = tmp_path / "damaged.zip"
    damaged.write_bytes(whole.read_bytes()[:left])
    assert "cut short" in _refused(damaged, tmp_path)


def test_every_member_is_held_to_its_hash_though_the_seal_is_true(whole: Path, tmp_path: Path) -> None:
    members = contents(whole)
    for name in sorted(set(members) - {MANIFEST}):
        # as long as it was
        other = bytes([members[name][0] ^ 1]) + members[name][1:]
        archive = sealed(tmp_path / "changed.zip", {**members, name: other})
        assert f"{name} is not what the manifest says" in _refused(archive, tmp_path)


def _without(name: str) -> Callable[[Members], Members]:
    return lambda members: {one: content for one, content in members.items() if one != name}


def _added(name: str, content: bytes = b"{}") -> Callable[[Members], Members]:
    return lambda members: {**members, name: content}


def _declared(name: str, content: bytes = b"{}") -> Callable[[Members], Members]:
    return lambda members: with_manifest({**members, name: content})


def _manifest(**changed: Any) -> Callable[[Members], Members]:
    return lambda members: with_manifest(members, **changed)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (_without("builds/current.json"), "is missing"),
        (_without("records.sqlite"), "is missing"),
        (_without(MANIFEST), "no manifest"),
        (lambda members: {**members, MANIFEST: b"{"}, "no manifest"),
        (lambda members: {**members, MANIFEST: b"[]"}, "no manifest"),
        (_manifest(form=2), "its form is 2"),
        (_manifest(members=[]), "does not name it"),
        (_manifest(members=[{"name": "records.sqlite"}]), "no manifest"),
        (_added("lake/more.json"), "does not name it"),
        (_declared("../outside.json"), "could lead outside"),
        (_declared("lake/../../outside.json"), "could lead outside"),
        (_declared("/outside.json"), "could lead outside"),
        (_declared("C:/outside.json"), "could lead outside"),
        (_declared("lake\\..\\outside.json"), "could lead outside"),
        (_declared("lake/nul.json"), "could lead outside"),
        (_declared("BUILDS/current.json"), "names a file twice"),
        (_declared("code/run.py"), "nothing that a backup holds"),
        (_declared("run.py"), "nothing that a backup holds"),
        (lambda members: with_manifest(_without("records.sqlite")(members)), "holds no records"),
        (_declared("records.sqlite", b"no database at all, but long enough to be read as one" * 40), "cannot be read"),
        (_declared("downloads/bomb.csv", bytes(400 << 20)), "more than 100 times its own size"),
    ],
)
def test_what_the_manifest_does_not_promise_is_refused(
    change: Callable[[Members], Members], words: str, whole: Path, tmp_path: Path
) -> None:
    archive = sealed(tmp_path / "changed.zip", change(contents(whole)))
    assert words in _refused(archive, tmp_path)
    assert not (tmp_path / "outside.json").exists()


def test_a_member_that_is_longer_than_it_says_is_refused(whole: Path, tmp_path: Path) -> None:
    members = contents(whole)
    told = [named(name, content) for name, content in members.items() if name != MANIFEST]
    told[0]["size"] -= 1
    archive = sealed(tmp_path / "changed.zip", with_manifest(members, members=told))
    assert "another size" in _refused(archive, tmp_path)


def test_a_link_in_the_place_of_a_file_is_refused(whole: Path, tmp_path: Path) -> None:
    archive = tmp_path / "linked.zip"
    members = with_manifest({**contents(whole), "lake/link.json": b"/etc/passwd"})
    with zipfile.ZipFile(archive, "w") as opened:
        for name, content in members.items():
            told = zipfile.ZipInfo(name)
            told.external_attr = (0o120777 if name == "lake/link.json" else 0o600) << 16
            opened.writestr(told, content)
        opened.comment = b"0" * 64
    seal(archive)
    assert "is a link" in _refused(archive, tmp_path)


def test_what_is_no_zip_at_all_is_refused_though_its_seal_is_true(tmp_path: Path) -> None:
    archive = tmp_path / "text.zip"
    archive.write_bytes(b"no archive" * 100)
    seal(archive)
    assert "no whole ZIP" in _refused(archive, tmp_path)


def test_records_of_a_newer_version_are_refused(whole: Path, tmp_path: Path) -> None:
    members = contents(whole)
    records = tmp_path / "newer.sqlite"
    records.write_bytes(members["records.sqlite"])
    with closing(sqlite3.connect(records)) as connection, connection:
        connection.execute("update alembic_version set version_num = 'r9999'")
    archive = sealed(tmp_path / "newer.zip", with_manifest({**members, "records.sqlite": records.read_bytes()}))
    assert "newer version of the product (r9999)" in _refused(archive, tmp_path)


@pytest.mark.parametrize(
    "name", ["records.sqlite", "lake/withdrawn/ks2-2023-2024-abc.json", "downloads/ks2/A b (1).csv"]
)
def test_the_names_that_a_backup_has_are_safe(name: str) -> None:
    assert is_safe_name(name)


@pytest.mark.parametrize(
    "name", ["", "a//b", "./a", "a/.", "..", "a/../b", "a\\b", "a:b", "con", "a/aux.txt", "a. ", "a\n"]
)
def test_names_that_may_lead_elsewhere_are_not(name: str) -> None:
    assert not is_safe_name(name)
