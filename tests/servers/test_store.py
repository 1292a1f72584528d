"""One machine publishes its builds; others follow: whole, checked, and with the last good one without the store."""

import json
import shutil
import threading
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from risk_model.domain.errors import Damaged, NotAllowed, NotFound, NotStored
from risk_model.domain.paths import DataDir
from risk_model.domain.viewer import Viewer, local_viewer
from risk_model.services.at_risk import school_list
from risk_model.services.copy import opened, require_build
from risk_model.services.doctor import check_health
from risk_model.services.preparing import build_now, get_ready, go_to_build
from risk_model.services.publishing import Following, fetch, publish
from risk_model.services.scope import Scope
from risk_model.warehouse.flags import kept_flags
from risk_model.warehouse.store import StoreLost
from tests.cli.conftest import Run, run
from tests.servers.store_kit import KEYS, s3

__all__ = ["run"]

WHO = local_viewer()
LATER = date(2025, 11, 1)


@pytest.fixture
def shared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that several machines share, as the store of this process."""
    folder = tmp_path / "shared"
    folder.mkdir()
    monkeypatch.setenv("RISK_STORE", folder.as_uri())
    return folder


@pytest.fixture
def reader(tmp_path: Path) -> DataDir:
    """The data directory of a machine that makes no builds."""
    return DataDir(tmp_path / "reader")


def _shown(data: DataDir) -> str:
    return require_build(data).build_id


def test_builds_are_published_to_s3_and_followed_through_its_loss(
    own_small_data: DataDir, reader: DataDir, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in KEYS.items():
        monkeypatch.setenv(name, value)
    with s3(tmp_path) as store:
        monkeypatch.setenv("RISK_STORE", store.address)
        with pytest.raises(NotFound, match="Nothing has been published"):
            get_ready(WHO, reader)
        publish(WHO, own_small_data)
        assert get_ready(WHO, reader).build_id == _shown(own_small_data)
        assert fetch(WHO, reader) is None
        # a new build is published by being made
        build_now(WHO, own_small_data, LATER)
        following = Following(WHO, reader)
        following.look()
        assert following.note() == ""
        assert _shown(reader) == _shown(own_small_data)
        with opened(reader) as here, opened(own_small_data) as there:
            assert here.build.as_at == LATER
            assert school_list(WHO, here, Scope()).equals(school_list(WHO, there, Scope()))
        assert [one.sha256 for one in kept_flags(reader)] == [one.sha256 for one in kept_flags(own_small_data)]

        store.stop()
        before = _shown(reader)
        following.look()
        assert _shown(reader) == before
        assert "No newer build could be fetched since" in following.note()
        assert "nothing-secret" not in following.trouble
        found = check_health(WHO, reader)
        assert [one.level for one in found.findings if one.about == "store"] == ["warning"]
        assert get_ready(WHO, reader).build_id == before
        with pytest.raises(StoreLost, match="does not answer"):
            publish(WHO, own_small_data)

        store.start()
        publish(WHO, own_small_data)
        following.look()
        assert following.note() == ""
        found = check_health(WHO, reader)
        assert [one.level for one in found.findings if one.about == "store"] == ["fine"]


def test_a_reader_fetches_a_build_once_and_goes_back_with_the_writer(
    own_small_data: DataDir, reader: DataDir, shared: Path
) -> None:
    first = _shown(own_small_data)
    publish(WHO, own_small_data)
    fetch(WHO, reader)
    build_now(WHO, own_small_data, LATER)
    fetch(WHO, reader)
    # what is here already is not fetched again: it could not be
    for path in (shared / "builds").glob("*.duckdb"):
        path.unlink()
    go_to_build(WHO, own_small_data, first, "It was the better one.")
    build = fetch(WHO, reader)
    assert build is not None
    assert (build.build_id, _shown(reader)) == (first, first)


def _flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def _other_pointer(folder: Path, **changed: object) -> None:
    path = folder / "current.json"
    path.write_text(json.dumps({**json.loads(path.read_text("utf-8")), **changed}), "utf-8")


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (lambda folder: _flip(next(folder.glob("*_00002-*.duckdb"))), "is not what was published"),
        (lambda folder: next(folder.glob("*_00002-*.duckdb")).write_bytes(b""), "is not what was published"),
        (lambda folder: next(folder.glob("*_00002-*.duckdb")).unlink(), "is not in it"),
        (lambda folder: next(folder.glob("*_00002-*.json")).write_text("{}", "utf-8"), "of another version"),
        (lambda folder: (folder / "current.json").write_text("{", "utf-8"), "pointer in the store"),
        (lambda folder: _other_pointer(folder, build_id="../../outside"), "is not in it"),
        (lambda folder: _other_pointer(folder, sha256="0" * 64), "is not what was published"),
    ],
)
def test_what_is_damaged_in_the_store_is_refused_and_the_last_good_build_stays(
    damage: Callable[[Path], object], words: str, own_small_data: DataDir, reader: DataDir, shared: Path
) -> None:
    publish(WHO, own_small_data)
    fetch(WHO, reader)
    good = _shown(reader)
    build_now(WHO, own_small_data, LATER)
    damage(shared / "builds")
    with pytest.raises(Damaged, match=words):
        fetch(WHO, reader)
    assert _shown(reader) == good
    with opened(reader) as copy:
        assert len(school_list(WHO, copy, Scope())) == 4
    # whole again, it is taken
    shutil.rmtree(shared)
    publish(WHO, own_small_data)
    fetch(WHO, reader)
    assert _shown(reader) == _shown(own_small_data) != good
    assert not list(reader.builds.glob("*.partial"))


def test_two_processes_that_fetch_at_once_fetch_one_build(
    own_small_data: DataDir, reader: DataDir, shared: Path
) -> None:
    publish(WHO, own_small_data)
    found: list[str] = []

    def take() -> None:
        fetch(WHO, reader)
        found.append(_shown(reader))

    threads = [threading.Thread(target=take) for _ in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert found == [_shown(own_small_data)] * 4
    assert len(list(reader.builds.glob("*.duckdb"))) == 1


def test_only_the_machine_that_imports_publishes_and_only_others_follow(
    own_small_data: DataDir, small_dir: Path, reader: DataDir, shared: Path, tmp_path: Path
) -> None:
    publish(WHO, own_small_data)
    with pytest.raises(NotFound, match="builds are made here"):
        fetch(WHO, own_small_data)
    # another machine with builds of its own
    other = DataDir(tmp_path / "other")
    shutil.copytree(small_dir, other.root)
    shutil.rmtree(other.flags)
    with pytest.raises(NotStored, match="was not made here"):
        publish(WHO, other)
    with pytest.raises(NotFound, match="no build to publish"):
        publish(WHO, reader)
    with pytest.raises(NotAllowed):
        publish(Viewer("Somebody else"), own_small_data)


def test_what_is_published_is_never_changed(own_small_data: DataDir, shared: Path) -> None:
    publish(WHO, own_small_data)
    next((shared / "builds").glob("*.duckdb")).write_bytes(b"another")
    with pytest.raises(NotStored, match="holds another"):
        publish(WHO, own_small_data)


def test_a_build_that_cannot_be_published_is_made_and_told(
    own_small_data: DataDir, shared: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.rmtree(shared)
    shared.write_text("no folder", "utf-8")
    ran = run("build", "--as-at", "2025-11-01")
    assert ran.code == 1
    assert "does not answer" in ran.err
    assert require_build(own_small_data).as_at == LATER
    shared.unlink()
    ran = run("publish")
    assert (ran.code, ran.err) == (0, "")
    assert "Build 2 " in ran.out
    assert "builds are made here" in run("fetch").err
    monkeypatch.setenv("RISK_STORE", "nonsense://key:word@nowhere")  # pragma: allowlist secret
    ran = run("publish")
    assert "RISK_STORE is not the address of a store" in ran.err
    assert "word" not in ran.err.replace("keyword", "")
    monkeypatch.delenv("RISK_STORE")
    assert "There is no store" in run("publish").err
