"""What lands stays whole: mixed folders, a process that dies half-way, two at once."""

import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from risk_model.domain.errors import FileRefused
from risk_model.domain.paths import PROJECT
from risk_model.sources.turns import import_turn
from risk_model.warehouse.lake import parquet_path
from tests.sources.kit import Desk, absence_text, csv_text

NAME = "2023-2024/england_abs.csv"
DIES_BEFORE_DESCRIPTION = """
    import sys, time
    from pathlib import Path
    from risk_model.domain.paths import DataDir
    from risk_model.sources.importing import import_paths
    from risk_model.warehouse import storing

    rename = storing.os.replace

    def stop_at_description(source, target):
        if str(target).endswith(".json"):
            print("rows are stored", flush=True)
            time.sleep(60)
        rename(source, target)

    storing.os.replace = stop_at_description
    import_paths(DataDir(Path(sys.argv[1])), [Path(sys.argv[2])])
"""
IMPORTS = """
    import sys
    from pathlib import Path
    from risk_model.domain.paths import DataDir
    from risk_model.sources.importing import import_paths

    for report in import_paths(DataDir(Path(sys.argv[1])), [Path(sys.argv[2])]):
        print(report.status, flush=True)
"""


def _start(script: str, desk: Desk, path: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(script), str(desk.data.root), str(path)],
        stdout=subprocess.PIPE,
        text=True,
        cwd=PROJECT,
    )


def test_good_files_of_a_folder_land_and_bad_ones_are_refused(desk: Desk) -> None:
    desk.write(NAME, absence_text())
    desk.write("2022-2023/england_abs.csv", absence_text(shift=1).replace("5.1", "140"))
    desk.write("2021-2022/england_abs.csv", b"\x89PNG\x00\x00")
    desk.write("2020-2021/england_abs.csv", "")
    desk.write("localities.csv", csv_text(("urn", "locality"), [["100001", "North"]]))
    desk.write("colours.csv", csv_text(("Colour",), [["red"]]))
    desk.write("notes.txt", "not a table")
    desk.write("~$england_abs.xlsx", b"left by a spreadsheet")
    assert {name: report.status for name, report in desk.take_folder().items()} == {
        NAME: "imported",
        "2022-2023/england_abs.csv": "refused",
        "2021-2022/england_abs.csv": "refused",
        "2020-2021/england_abs.csv": "refused",
        "localities.csv": "imported",
        "colours.csv": "not a known kind",
    }
    releases = desk.releases()
    assert [r.source_id for r in releases] == ["absence", "localities"]
    assert desk.lake_files() == {f"{r.release_id}.{ending}" for r in releases for ending in ("json", "parquet")}
    assert len(desk.staged("stg_absence")) == 3


def test_process_killed_between_rows_and_description_leaves_the_earlier_state(desk: Desk) -> None:
    desk.take("2022-2023/england_abs.csv", absence_text(shift=1))
    before = desk.releases()
    path = desk.write(NAME, absence_text())
    process = _start(DIES_BEFORE_DESCRIPTION, desk, path)
    assert process.stdout is not None
    assert process.stdout.readline().strip() == "rows are stored"
    process.kill()
    process.communicate(timeout=30)

    assert desk.releases() == before
    assert len(desk.staged("stg_absence")) == 3
    again = desk.take(NAME, absence_text())
    assert again.status == "imported"
    assert parquet_path(desk.data, again.release_id).exists()
    assert [r.period for r in desk.releases()] == ["2022-2023", "2023-2024"]


def test_two_processes_at_once_both_end_well(desk: Desk) -> None:
    for year in range(2016, 2022):
        desk.write(f"{year}-{year + 1}/england_abs.csv", absence_text(400, shift=(year - 2016) * 3))
    running = [_start(IMPORTS, desk, desk.folder) for _ in range(2)]
    said = [process.communicate(timeout=60)[0].split("\n") for process in running]
    assert [process.returncode for process in running] == [0, 0]
    for lines in said:
        assert len([line for line in lines if line in ("imported", "already loaded")]) == 6
    releases = desk.releases()
    assert len(releases) == 6
    assert desk.lake_files() == {f"{r.release_id}.{ending}" for r in releases for ending in ("json", "parquet")}
    assert len(desk.staged("stg_absence")) == 6 * 400


def test_turn_is_refused_after_patience_and_free_again_afterwards(desk: Desk) -> None:
    with (
        import_turn(desk.data),
        pytest.raises(FileRefused, match="another import"),
        import_turn(desk.data, patience_seconds=0.1),
    ):
        pass
    assert desk.take(NAME, absence_text()).status == "imported"
