"""The disk is full, the place cannot be written, somebody holds the lock: words, the end with 1, and no damage."""

import sqlite3
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest

from risk_model.domain.errors import NotStored, RecordRefused
from risk_model.domain.paths import DataDir
from risk_model.domain.viewer import local_viewer
from risk_model.scoring.building import make_build
from risk_model.services.copy import open_data_records
from risk_model.services.preparing import import_files
from risk_model.sources.options import ImportOptions
from risk_model.warehouse.builds import current_build
from risk_model.warehouse.lake import read_releases
from risk_model.warehouse.turns import TurnTaken, turn
from tests.conftest import SMALL_AS_AT
from tests.robustness import child
from tests.robustness.killing import write_absence

WHO = local_viewer()
# what the system says when a file would grow beyond what there is room for; SIGXFSZ is ignored by Python
LIMITED = """
    import resource, sys
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]), int(sys.argv[1])))
    from risk_model.cli import main
    sys.exit(main(sys.argv[2:]))
"""


def _file_in_place(folder: Path) -> None:
    """A file where a folder should be: nobody can write there, not even an administrator."""
    if folder.is_dir():
        folder.rename(folder.with_name(f"{folder.name}_elsewhere"))
    folder.write_text("no folder", "utf-8")


def _well_ended(ended: child.Ended) -> None:
    """Ended with 1, and said why in more than one line, without a traceback."""
    assert ended.code == 1, ended
    assert "Traceback" not in ended.err, ended.err
    assert len(ended.err.strip().splitlines()) > 1, ended.err


def test_import_into_what_is_no_folder_is_refused_in_words(own_small_data: DataDir, tmp_path: Path) -> None:
    _file_in_place(own_small_data.lake)
    ended = child.run(own_small_data.root, "import", str(write_absence(tmp_path / "files", [2023], 30)))
    _well_ended(ended)
    assert "lake" in ended.err


def test_build_into_what_is_no_folder_is_refused_in_words(own_small_data: DataDir) -> None:
    _file_in_place(own_small_data.builds)
    ended = child.run(own_small_data.root, "build")
    _well_ended(ended)
    assert "builds" in ended.err


def test_lock_that_cannot_be_used_is_named(own_small_data: DataDir, tmp_path: Path) -> None:
    lock = own_small_data.lake / "import.lock"
    lock.unlink(missing_ok=True)
    lock.mkdir()
    (report,) = import_files(WHO, own_small_data, [write_absence(tmp_path / "files", [2023], 30)], ImportOptions())
    assert report.status == "refused"
    assert any("import.lock" in line for line in report.refusal)


def test_lock_that_is_another_programs_file_is_named_and_left_alone(own_small_data: DataDir) -> None:
    lock = own_small_data.builds / "build.lock"
    lock.write_text("somebody's notes " * 100, "utf-8")
    with pytest.raises(NotStored, match=r"build\.lock"):
        make_build(own_small_data, SMALL_AS_AT)
    assert lock.read_text("utf-8").startswith("somebody's notes")


def test_build_waits_for_its_turn_and_says_so_when_it_is_too_long(own_small_data: DataDir) -> None:
    with (
        turn(own_small_data.builds, "build"),
        pytest.raises(TurnTaken, match="another build"),
        turn(own_small_data.builds, "build", patience_seconds=0.1),
    ):
        pass
    assert make_build(own_small_data, SMALL_AS_AT).schools


def _limited(data: DataDir, size: int, *arguments: str) -> child.Ended:
    return child.end(child.start_script(data.root, textwrap.dedent(LIMITED), str(size), *arguments))


def _full_for_an_import(data: DataDir, files: Path) -> None:
    before = child.state(data.root)
    ended = _limited(data, 4_000, "import", str(files))
    _well_ended(ended)
    assert "could not be stored" in ended.err
    assert child.state(data.root) == before
    assert child.left_over(data.root) == []
    assert child.run(data.root, "import", str(files)).code == 0


def _full_for_a_build(data: DataDir, files: Path) -> None:
    before = child.state(data.root)
    ended = _limited(data, 150_000, "build")
    _well_ended(ended)
    assert "The build was not made" in ended.err
    assert child.state(data.root) == before
    assert [left for left in child.left_over(data.root) if left.startswith("builds")] == []
    assert child.run(data.root, "build").code == 0


# a limit of a process on the size of files is POSIX's; elsewhere the cases above stand for a disk that refuses
FULL: list[Callable[[DataDir, Path], None]] = (
    [] if sys.platform == "win32" else [_full_for_an_import, _full_for_a_build]
)


def test_full_disk_is_told_in_words_and_leaves_everything_whole(own_small_data: DataDir, tmp_path: Path) -> None:
    files = write_absence(tmp_path / "files", [2022, 2023], 3_000)
    for happens in FULL:
        happens(own_small_data, files)
    assert len(read_releases(own_small_data)) == 2 + 2 * bool(FULL)
    assert current_build(own_small_data) is not None


def test_records_that_somebody_holds_are_refused_in_words(own_small_data: DataDir) -> None:
    assert child.run(own_small_data.root, "list").code == 0
    with sqlite3.connect(own_small_data.root / "records.sqlite") as held:
        held.execute("pragma locking_mode = exclusive")
        held.execute("begin exclusive")
        ended = child.run(own_small_data.root, "list")
    held.close()
    _well_ended(ended)
    assert "locked" in ended.err
    assert child.run(own_small_data.root, "list").code == 0


def test_records_in_a_place_that_cannot_be_written_are_refused_in_words(own_small_data: DataDir) -> None:
    (own_small_data.root / "records.sqlite").unlink(missing_ok=True)
    (own_small_data.root / "records.sqlite").mkdir()
    with pytest.raises(RecordRefused, match="could not be opened"):
        open_data_records(own_small_data)
    _well_ended(child.run(own_small_data.root, "list"))


def test_list_into_what_cannot_be_written_is_refused_in_words(own_small_data: DataDir, tmp_path: Path) -> None:
    taken = tmp_path / "list.csv"
    taken.mkdir()
    _well_ended(child.run(own_small_data.root, "list", "--out", str(taken)))
    _well_ended(child.run(own_small_data.root, "list", "--out", str(own_small_data.root / "records.sqlite" / "x.csv")))


def test_data_directory_that_is_a_file_is_refused_in_words(tmp_path: Path) -> None:
    place = tmp_path / "data"
    place.write_text("no folder", "utf-8")
    for command in (("releases",), ("build",), ("list",), ("demo",)):
        ended = child.run(place, *command)
        assert "Traceback" not in ended.err, ended.err
        assert ended.code == 1, (command, ended)
