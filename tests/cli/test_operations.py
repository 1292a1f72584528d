"""Backup, restore and doctor from the terminal."""

from pathlib import Path

from risk_model.domain.paths import DataDir
from tests.cli.conftest import Run
from tests.conftest import UseData


def test_a_backup_is_made_restored_and_shows_the_same_list(
    run: Run, own_small_data: DataDir, use_data: UseData, tmp_path: Path
) -> None:
    listed = run("list").out
    made = run("backup", tmp_path / "kept" / "backup.zip")
    assert (made.code, made.err) == (0, "")
    assert "2 releases, 1 builds" in made.out
    done = run("restore", tmp_path / "kept" / "backup.zip", "--into", tmp_path / "there")
    assert (done.code, done.err) == (0, "")
    use_data(tmp_path / "there")
    assert run("list").out == listed


def test_a_damaged_backup_ends_with_1_and_the_reason(run: Run, own_small_data: DataDir, tmp_path: Path) -> None:
    file = tmp_path / "backup.zip"
    run("backup", file)
    file.write_bytes(file.read_bytes()[:-1])
    ran = run("restore", file, "--into", tmp_path / "there")
    assert ran.code == 1
    assert "backup.zip was not used: it is cut short" in ran.err
    assert not list((tmp_path / "there").iterdir())


def test_what_is_no_file_is_a_release(run: Run, own_small_data: DataDir) -> None:
    release = next(own_small_data.lake.glob("*.json")).stem
    assert run("withdraw", release, "--reason", "It was wrong.").code == 0
    assert "The reason is missing" in run("restore", release).err
    assert "counts again" in run("restore", release, "--reason", "It was right.").out
    assert 'No release "nothing"' in run("restore", "nothing", "--reason", "Because.").err
    assert "There is no backup nothing.zip" in run("restore", "nothing.zip").err
