"""The drill: a backup of a copy at work, restored elsewhere, holds every list as it was."""

import threading
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pandas as pd
import pytest

from risk_model.casework import (
    NewAllocation,
    add_allocation,
    audit_trail,
    close_records,
    copy_records,
    exports,
    open_records,
)
from risk_model.domain.errors import NotFound, NotStored, RecordRefused
from risk_model.domain.paths import DataDir
from risk_model.domain.viewer import local_viewer
from risk_model.services.at_risk import school_list
from risk_model.services.backup import make_backup, restore_backup
from risk_model.services.copy import open_data_records, opened
from risk_model.services.data import releases
from risk_model.services.preparing import kept_builds
from risk_model.services.scope import Scope
from risk_model.services.withdrawing import withdraw_release, withdrawn_releases
from tests.backup.kit import contents, every_row
from tests.postgres_kit import Databases, databases

WHO = local_viewer()


def test_what_is_restored_into_an_empty_folder_is_every_list_as_it_was(own_data: DataDir, tmp_path: Path) -> None:
    (own_data.root / "people.toml").write_text("# the LA's own\n", "utf-8")
    before = open_data_records(own_data)
    with opened(own_data) as copy:
        withdraw_release(WHO, copy, releases(WHO, own_data)[0].release_id, "It was the wrong file.")
        listed = school_list(WHO, copy, Scope("999"))
    rows = every_row(before)
    made = make_backup(WHO, own_data, tmp_path / "backup.zip")
    # that it left is logged, after the moment of which it is
    assert exports(before)[0].content_hash == sha256(made.path.read_bytes()).hexdigest()
    there = DataDir(tmp_path / "restored")

    restore_backup(WHO, there, made.path, is_alone=True)

    with opened(there) as copy:
        pd.testing.assert_frame_equal(school_list(WHO, copy, Scope("999")), listed)
        assert every_row(copy.records) == rows
        assert len(audit_trail(copy.records, limit=10_000)) > 800
        assert [one.withdrawal.reason for one in withdrawn_releases(WHO, copy)] == ["It was the wrong file."]
    close_records(before)
    assert releases(WHO, there) == releases(WHO, own_data)
    assert [one.build_id for one in kept_builds(WHO, there)] == [one.build_id for one in kept_builds(WHO, own_data)]
    assert _kept(there) == _kept(own_data)
    assert (there.root / "people.toml").read_text("utf-8") == "# the LA's own\n"
    assert made.notes == ()


def _kept(data: DataDir) -> dict[str, bytes]:
    """Every file of releases and builds, byte for byte."""
    return {
        path.relative_to(data.root).as_posix(): path.read_bytes()
        for folder in (data.lake, data.builds)
        for path in folder.rglob("*")
        if path.is_file() and ".lock" not in path.name
    }


def test_a_backup_that_is_made_while_somebody_writes_holds_each_change_with_its_line_of_the_audit(
    own_small_data: DataDir, tmp_path: Path
) -> None:
    records = open_data_records(own_small_data)
    written, ended = threading.Semaphore(0), threading.Event()

    def write() -> None:
        while not ended.is_set():
            add_allocation(records, "LA adviser", NewAllocation("201", "100001", "LA team", "Finance"))
            written.release()

    writer = threading.Thread(target=write)
    writer.start()
    try:
        assert written.acquire(timeout=60)
        make_backup(WHO, own_small_data, tmp_path / "backup.zip")
        assert written.acquire(timeout=60), "nobody is kept from writing for good"
    finally:
        ended.set()
        writer.join()
    now = every_row(records)
    close_records(records)
    there = DataDir(tmp_path / "restored")
    restore_backup(WHO, there, tmp_path / "backup.zip", is_alone=True)
    restored = open_data_records(there)
    then = every_row(restored)
    close_records(restored)
    kept = len(then["allocation"])
    assert 0 < kept <= len(now["allocation"])
    assert len(then["audit"]) == kept
    assert then["allocation"] == now["allocation"][:kept]
    assert then["audit"] == now["audit"][:kept]


def test_a_backup_is_for_its_owner_alone_and_holds_nothing_that_is_made_again(
    own_small_data: DataDir, tmp_path: Path
) -> None:
    make_backup(WHO, own_small_data, tmp_path / "backup.zip")
    names = contents(tmp_path / "backup.zip")
    assert not [one for one in names if one.startswith(("typed/", "demo/")) or "lock" in one or "partial" in one]
    assert {"records.sqlite", "builds/current.json"} <= set(names)
    assert (tmp_path / "backup.zip").stat().st_mode & 0o077 == 0
    assert [one.name for one in tmp_path.iterdir() if "partial" in one.name] == []


def test_a_release_that_is_damaged_is_told_and_the_backup_is_made(own_small_data: DataDir, tmp_path: Path) -> None:
    release = releases(WHO, own_small_data)[0]
    (own_small_data.lake / f"{release.release_id}.parquet").write_bytes(b"else")
    made = make_backup(WHO, own_small_data, tmp_path / "backup.zip")
    assert [note for note in made.notes if release.release_id in note]


def test_a_backup_that_cannot_be_written_leaves_the_earlier_one_as_it_was(
    own_small_data: DataDir, tmp_path: Path
) -> None:
    folder = tmp_path / "backup.zip"
    folder.mkdir()
    (folder / "earlier").write_text("stays", "utf-8")
    with pytest.raises(NotStored, match=r"backup\.zip"):
        make_backup(WHO, own_small_data, folder)
    assert (folder / "earlier").read_text("utf-8") == "stays"
    assert [one.name for one in tmp_path.iterdir() if "partial" in one.name] == []


@pytest.mark.parametrize("there", ["records.sqlite", "lake/a.parquet", "notes.txt"])
def test_nothing_is_restored_where_something_is(there: str, own_small_data: DataDir, tmp_path: Path) -> None:
    make_backup(WHO, own_small_data, tmp_path / "backup.zip")
    target = DataDir(tmp_path / "full")
    file = target.root / there
    file.parent.mkdir(parents=True)
    file.write_text("mine", "utf-8")
    with pytest.raises(NotStored, match="is not empty"):
        restore_backup(WHO, target, tmp_path / "backup.zip", is_alone=True)
    assert [one.read_text("utf-8") for one in target.root.rglob("*") if one.is_file()] == ["mine"]


def test_lookups_and_what_a_dead_restore_left_are_no_hindrance(own_small_data: DataDir, tmp_path: Path) -> None:
    make_backup(WHO, own_small_data, tmp_path / "backup.zip")
    target = DataDir(tmp_path / "project_data")
    for file in ("lookups/a.csv", "restore.x.partial/lake/b.parquet", "lake/import.lock"):
        (target.root / file).parent.mkdir(parents=True, exist_ok=True)
        (target.root / file).write_bytes(b"")
    restore_backup(WHO, target, tmp_path / "backup.zip", is_alone=True)
    assert releases(WHO, target) == releases(WHO, own_small_data)
    assert (target.root / "lookups" / "a.csv").exists()
    assert not list(target.root.glob("*.partial"))


def test_records_that_are_elsewhere_already_stop_a_restore_and_nothing_is_left(
    own_small_data: DataDir, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_backup(WHO, own_small_data, tmp_path / "backup.zip")
    target = DataDir(tmp_path / "restored")
    monkeypatch.setenv("RECORDS_URL", f"sqlite:///{(own_small_data.root / 'records.sqlite').as_posix()}")
    with pytest.raises(RecordRefused, match="already"):
        restore_backup(WHO, target, tmp_path / "backup.zip")
    assert [one for one in target.root.rglob("*") if one.is_file()] == []


def test_what_is_not_there_can_be_neither_kept_nor_restored(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="no folder"):
        make_backup(WHO, DataDir(tmp_path / "none"), tmp_path / "backup.zip")
    with pytest.raises(NotFound, match=r"backup\.zip"):
        restore_backup(WHO, DataDir(tmp_path / "none"), tmp_path / "backup.zip")
    assert list(tmp_path.iterdir()) == []


@pytest.fixture(scope="module")
def server() -> Iterator[Databases]:
    """A PostgreSQL of this file's own."""
    with databases() as made:
        yield made


def test_records_on_a_server_are_backed_up_and_restored_onto_another(
    server: Databases, own_data: DataDir, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with server.fresh() as first, server.fresh(is_empty=True) as second:
        file = open_data_records(own_data)
        before = every_row(file)
        there = open_records(first)
        copy_records(file, there)
        close_records(file)
        close_records(there)
        (own_data.root / "records.sqlite").unlink()
        monkeypatch.setenv("RECORDS_URL", first)
        make_backup(WHO, own_data, tmp_path / "backup.zip")
        assert not (own_data.root / "records.sqlite").exists()

        with pytest.raises(RecordRefused, match="holds rows already"):
            restore_backup(WHO, DataDir(tmp_path / "refused"), tmp_path / "backup.zip")
        assert [one for one in (tmp_path / "refused").rglob("*") if one.is_file()] == []

        monkeypatch.setenv("RECORDS_URL", second)
        restored = DataDir(tmp_path / "restored")
        restore_backup(WHO, restored, tmp_path / "backup.zip")
        with opened(restored) as copy:
            assert copy.records.engine.dialect.name == "postgresql"
            assert every_row(copy.records) == before
            assert len(school_list(WHO, copy, Scope("999"))) == 259
        assert not (restored.root / "records.sqlite").exists()
