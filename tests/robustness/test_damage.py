"""What lies in the data directory and is not as it was written: named, with what to do, and the rest still works."""

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from risk_model.domain.errors import Damaged, RiskModelError
from risk_model.domain.paths import DataDir
from risk_model.domain.viewer import local_viewer
from risk_model.scoring.building import make_build
from risk_model.services.at_risk import school_list
from risk_model.services.copy import opened
from risk_model.services.preparing import get_ready, import_files, is_ready
from risk_model.services.scope import Scope
from risk_model.sources.options import ImportOptions
from risk_model.warehouse.builds import current_build, read_builds
from risk_model.warehouse.lake import lake_damage, parquet_path, read_releases
from tests.conftest import SMALL_AS_AT, SMALL_SCHOOLS
from tests.registers import write_registers
from tests.robustness import child

WHO = local_viewer()


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def _empty(path: Path) -> None:
    path.write_bytes(b"")


def _overwrite(path: Path) -> None:
    content = bytearray(path.read_bytes())
    middle = len(content) // 2
    content[middle : middle + 20] = b"\x55" * 20
    path.write_bytes(bytes(content))


def _replace(path: Path) -> None:
    path.write_text("something else altogether", "utf-8")


def _remove(path: Path) -> None:
    path.unlink()


SPOILT: list[Callable[[Path], None]] = [_cut, _empty, _overwrite, _replace]


def _schools(data: DataDir) -> int:
    with opened(data) as copy:
        return len(school_list(WHO, copy, Scope()))


@pytest.mark.parametrize("spoil", [*SPOILT, _remove])
def test_spoilt_rows_are_named_by_a_build_and_mended_by_another_import(
    own_small_data: DataDir, tmp_path: Path, spoil: Callable[[Path], None]
) -> None:
    before = current_build(own_small_data)
    spoilt = parquet_path(own_small_data, read_releases(own_small_data)[0].release_id)
    spoil(spoilt)
    with pytest.raises(Damaged) as refused:
        make_build(own_small_data, SMALL_AS_AT)
    assert spoilt.name in str(refused.value)
    assert "again" in str(refused.value)
    assert current_build(own_small_data) == before
    assert _schools(own_small_data) == len(SMALL_SCHOOLS)

    files = write_registers(tmp_path / "again", SMALL_SCHOOLS)
    reports = import_files(WHO, own_small_data, files, ImportOptions())
    assert sorted(report.status for report in reports) == ["already loaded", "imported"]
    assert make_build(own_small_data, SMALL_AS_AT).schools == len(SMALL_SCHOOLS)


@pytest.mark.parametrize("spoil", [_cut, _empty, _replace])
def test_spoilt_description_is_named_and_the_other_releases_are_listed(
    own_small_data: DataDir, tmp_path: Path, spoil: Callable[[Path], None]
) -> None:
    first, second = read_releases(own_small_data)
    spoilt = parquet_path(own_small_data, first.release_id).with_suffix(".json")
    spoil(spoilt)
    assert read_releases(own_small_data) == [second]
    (damage,) = lake_damage(own_small_data)
    assert damage.file == spoilt.name
    assert damage.is_release
    with pytest.raises(Damaged, match="cannot be used"):
        make_build(own_small_data, SMALL_AS_AT)
    assert _schools(own_small_data) == len(SMALL_SCHOOLS)

    import_files(WHO, own_small_data, write_registers(tmp_path / "again", SMALL_SCHOOLS), ImportOptions())
    assert lake_damage(own_small_data) == []
    assert make_build(own_small_data, SMALL_AS_AT).schools == len(SMALL_SCHOOLS)


def test_foreign_files_in_the_lake_are_named_and_no_obstacle(own_small_data: DataDir) -> None:
    lake = own_small_data.lake
    known = read_releases(own_small_data)
    (lake / "notes.json").write_text("[1, 2]", "utf-8")
    (lake / "notes.txt").write_text("hello", "utf-8")
    (lake / "mine.parquet").write_bytes(b"PAR1")
    (lake / "folder.json").mkdir()
    (lake / "other.json").write_text(
        parquet_path(own_small_data, known[0].release_id).with_suffix(".json").read_text("utf-8"), "utf-8"
    )
    assert read_releases(own_small_data) == known
    damage = lake_damage(own_small_data)
    assert [one.file for one in damage] == ["folder.json", "mine.parquet", "notes.json", "other.json"]
    assert not any(one.is_release for one in damage)
    assert make_build(own_small_data, SMALL_AS_AT).schools == len(SMALL_SCHOOLS)


def test_damage_is_told_by_the_command_that_lists_releases(own_small_data: DataDir) -> None:
    (own_small_data.lake / "mine.parquet").write_bytes(b"PAR1")
    ended = child.run(own_small_data.root, "releases")
    assert ended.code == 0, ended
    assert "2 releases are loaded." in ended.out
    assert "mine.parquet has no description beside it" in ended.err


def test_lake_that_is_a_file_is_named(tmp_path: Path) -> None:
    data = DataDir(tmp_path)
    data.lake.write_text("not a folder", "utf-8")
    with pytest.raises(Damaged, match="cannot be read"):
        read_releases(data)


@pytest.mark.parametrize("spoil", [*SPOILT, _remove])
def test_spoilt_build_is_named_and_a_new_one_mends_it(own_small_data: DataDir, spoil: Callable[[Path], None]) -> None:
    spoilt = current_build(own_small_data)
    assert spoilt is not None
    spoil(spoilt.path)
    try:
        assert _schools(own_small_data) == len(SMALL_SCHOOLS)  # the spoilt place was none that is read
    except RiskModelError as error:
        said = str(error)
        assert spoilt.build_id in said
        assert "python -m risk_model build" in said
    report = make_build(own_small_data, SMALL_AS_AT)
    assert report.build.number > spoilt.number or spoil is _remove
    assert _schools(own_small_data) == len(SMALL_SCHOOLS)


@pytest.mark.parametrize("pointer", ['{"build_id": "00099-20250101-abcdef"}', '{"build_id": "../../x"}', "", "[]", "{"])
def test_pointer_to_nothing_is_named_and_mended_by_the_next_start(own_small_data: DataDir, pointer: str) -> None:
    (own_small_data.builds / "current.json").write_text(pointer, "utf-8")
    with pytest.raises(Damaged) as refused:
        current_build(own_small_data)
    assert "python -m risk_model build" in str(refused.value)
    assert not is_ready(own_small_data)
    assert get_ready(WHO, own_small_data).path.exists()
    assert _schools(own_small_data) == len(SMALL_SCHOOLS)


def test_demo_is_never_made_where_real_releases_cannot_be_read(own_small_data: DataDir) -> None:
    for path in own_small_data.lake.glob("*.json"):
        _empty(path)
    (own_small_data.builds / "current.json").unlink()
    with pytest.raises(Damaged):
        get_ready(WHO, own_small_data)
    assert not own_small_data.demo.exists()


def test_description_of_a_build_that_names_another_file_is_not_followed(own_small_data: DataDir) -> None:
    build = current_build(own_small_data)
    assert build is not None
    described = json.loads(build.path.with_suffix(".json").read_text("utf-8"))
    described["file"] = "../../elsewhere.duckdb"
    build.path.with_suffix(".json").write_text(json.dumps(described), "utf-8")
    assert [one.path for one in read_builds(own_small_data)] == [build.path]


def test_spoilt_typed_rows_are_refused_in_words(own_small_data: DataDir) -> None:
    make_build(own_small_data, SMALL_AS_AT)
    typed = sorted(own_small_data.typed.glob("*.parquet"))
    assert typed
    for path in typed:
        _cut(path)
    # the same again reads none of them: what they say is in the build before
    assert make_build(own_small_data, SMALL_AS_AT).made_anew == ()
    next_day = SMALL_AS_AT + timedelta(days=1)
    with pytest.raises(RiskModelError) as refused:
        make_build(own_small_data, next_day)
    assert str(own_small_data.typed) in str(refused.value)
    for path in typed:
        path.unlink()
    assert make_build(own_small_data, next_day).schools == len(SMALL_SCHOOLS)


@pytest.mark.parametrize(
    ("command", "spoilt"), [("list", "builds/current.json"), ("build", "lake/*.json"), ("list", "builds/*.duckdb")]
)
def test_command_ends_with_1_and_words(own_small_data: DataDir, command: str, spoilt: str) -> None:
    for path in own_small_data.root.glob(spoilt):
        _replace(path)
    ended = child.run(own_small_data.root, command)
    assert ended.code == 1, ended
    assert "Traceback" not in ended.err
    assert len(ended.err.splitlines()) > 1


def test_records_that_are_no_database_are_refused_in_words(own_small_data: DataDir) -> None:
    (own_small_data.root / "records.sqlite").write_text("not a database " * 100, "utf-8")
    ended = child.run(own_small_data.root, "list")
    assert ended.code == 1, ended
    assert "Traceback" not in ended.err
    assert "records.sqlite" in ended.err
