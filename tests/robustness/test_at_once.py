"""Several at once: imports that would clash, builds, an import and a build while users read."""

import textwrap
import threading
from collections.abc import Callable
from pathlib import Path

import pyarrow.parquet as pq

from risk_model.domain.paths import DataDir
from risk_model.domain.viewer import local_viewer
from risk_model.services.at_risk import school_list
from risk_model.services.copy import opened
from risk_model.services.data import releases
from risk_model.services.preparing import build_now, import_files
from risk_model.services.scope import Scope
from risk_model.sources.options import ImportOptions
from risk_model.warehouse.builds import current_id, read_builds
from risk_model.warehouse.lake import lake_damage, parquet_path, read_releases
from tests.conftest import SMALL_AS_AT, SMALL_SCHOOLS
from tests.robustness import child
from tests.robustness.killing import write_absence

WHO = local_viewer()
# The first stops where its rows have their name and its description has not. Without the lock the second would
# write another file's rows under the same release's name meanwhile, and the first would describe what is not there.
STOPS_HALFWAY = """
    import sys
    from pathlib import Path
    from risk_model.domain.paths import DataDir
    from risk_model.sources import importing
    from risk_model.warehouse import lake, storing

    rename = storing.os.replace

    def stop_at_description(source, target):
        if str(target).endswith(".json"):
            print("halfway", flush=True)
            sys.stdin.readline()
        rename(source, target)

    storing.os.replace = stop_at_description
    for report in importing.import_paths(DataDir(Path(sys.argv[1])), [Path(sys.argv[2])]):
        print(report.status, flush=True)
"""
SAYS_WHEN_IT_WAITS = """
    import sqlite3, sys
    from pathlib import Path
    from risk_model.domain.paths import DataDir
    from risk_model.sources import importing
    from risk_model.warehouse import turns

    connect = sqlite3.connect

    def told(*given, **named):
        print("at the lock", flush=True)
        return connect(*given, **named)

    turns.sqlite3.connect = told
    for report in importing.import_paths(DataDir(Path(sys.argv[1])), [Path(sys.argv[2])]):
        print(report.status, flush=True)
"""
BUILDS = """
    import sys
    from datetime import date
    from pathlib import Path
    from risk_model.domain.paths import DataDir
    from risk_model.scoring.building import make_build

    print("ready", flush=True)
    sys.stdin.readline()
    print(make_build(DataDir(Path(sys.argv[1])), date.fromisoformat(sys.argv[2])).build.build_id, flush=True)
"""


def _line(process: object) -> str:
    out = getattr(process, "stdout", None)
    assert out is not None
    return str(out.readline()).strip()


def _go(process: object) -> None:
    given = getattr(process, "stdin", None)
    assert given is not None
    given.write("\n")
    given.flush()


def test_import_of_the_same_release_waits_until_the_other_has_stored_it(
    own_small_data: DataDir, tmp_path: Path
) -> None:
    """Forced: the second asks for the lock while the first is between rows and description."""
    files = write_absence(tmp_path / "files", [2023], 40)
    arguments = (str(own_small_data.root), str(files))
    first = child.start_script(own_small_data.root, textwrap.dedent(STOPS_HALFWAY), *arguments)
    assert _line(first) == "halfway"
    halfway = sorted(path.name for path in own_small_data.lake.glob("absence*"))
    second = child.start_script(own_small_data.root, textwrap.dedent(SAYS_WHEN_IT_WAITS), *arguments)
    assert _line(second) == "at the lock"
    said: list[str] = []
    listening = threading.Thread(target=lambda: said.append(_line(second)))
    listening.start()
    listening.join(timeout=1.5)
    # with no lock, or one that does not hold, the second would have stored the release by now
    assert said == []
    assert sorted(path.name for path in own_small_data.lake.glob("absence*")) == halfway

    _go(first)
    ended = child.end(first)
    assert (ended.code, ended.out.split()) == (0, ["imported"]), ended
    listening.join(timeout=60)
    assert said
    assert said[0] in ("imported", "already loaded")
    assert child.end(second).code == 0
    assert lake_damage(own_small_data) == []
    (release,) = [one for one in read_releases(own_small_data) if one.source_id == "absence"]
    assert pq.read_metadata(parquet_path(own_small_data, release.release_id)).num_rows == 40


def test_two_builds_at_once_are_made_one_after_the_other(own_small_data: DataDir) -> None:
    dates = ("2025-10-01", "2025-11-01")
    script = textwrap.dedent(BUILDS)
    both = [child.start_script(own_small_data.root, script, str(own_small_data.root), day) for day in dates]
    assert [_line(process) for process in both] == ["ready", "ready"]
    for process in both:
        _go(process)
    ended = [child.end(process) for process in both]
    assert [one.code for one in ended] == [0, 0], ended
    made = {one.out.strip() for one in ended}
    builds = read_builds(own_small_data)
    assert made < {build.build_id for build in builds}
    assert sorted(build.number for build in builds) == [1, 2, 3]
    assert current_id(own_small_data) == builds[-1].build_id
    assert child.left_over(own_small_data.root) == []


def test_build_while_files_are_imported_reads_whole_releases_alone(own_small_data: DataDir, tmp_path: Path) -> None:
    files = write_absence(tmp_path / "files", range(2014, 2024), 200)
    importing = child.start(own_small_data.root, "import", str(files))
    ended = [child.run(own_small_data.root, "build", "--as-at", "2026-03-01") for _ in range(2)]
    assert child.end(importing).code == 0
    assert [one.code for one in ended] == [0, 0], ended
    assert lake_damage(own_small_data) == []
    assert len(read_releases(own_small_data)) == 12
    assert child.run(own_small_data.root, "build", "--as-at", "2026-03-01").code == 0


def test_users_read_on_while_files_are_imported_and_builds_are_made(own_small_data: DataDir, tmp_path: Path) -> None:
    """Each answer is one of a whole build: no error, never a list of half the schools."""
    files = write_absence(tmp_path / "files", range(2016, 2022), 200)
    urns = {str(school.urn) for school in SMALL_SCHOOLS}
    wrong: list[str] = []
    answers: list[int] = []
    done = threading.Event()

    def use() -> None:
        while not done.is_set():
            try:
                with opened(own_small_data) as copy:
                    table = school_list(WHO, copy, Scope())
                    builds = set(table["build_id"])
                if set(table["urn"]) != urns or builds != {copy.build.build_id}:
                    wrong.append(f"{len(table)} schools of {builds}")
                if len(releases(WHO, own_small_data)) < 2:
                    wrong.append("a release was gone")
                answers.append(len(table))
            except Exception as error:
                wrong.append(f"{type(error).__name__}: {error}")

    _beside([use] * 3, done, lambda: _import_and_build(own_small_data, files))
    assert wrong == []
    assert len(answers) > 10


def _import_and_build(data: DataDir, files: Path) -> None:
    assert all(report.status == "imported" for report in import_files(WHO, data, [files], ImportOptions()))
    # more builds than are kept: the oldest go while somebody reads
    for _ in range(7):
        build_now(WHO, data, SMALL_AS_AT)


def _beside(uses: list[Callable[[], None]], done: threading.Event, work: Callable[[], None]) -> None:
    """Let users go on, each in a thread, while some work is done."""
    threads = [threading.Thread(target=use) for use in uses]
    for thread in threads:
        thread.start()
    try:
        work()
    finally:
        done.set()
        for thread in threads:
            thread.join(timeout=60)
