"""Getting ready: the demo, imports and builds, and the first start."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from risk_model.casework import close_records, load_demo_records
from risk_model.demo import DEMO_AS_AT, make_demo
from risk_model.domain.errors import BuildRefused, NotFound
from risk_model.domain.paths import DataDir
from risk_model.domain.viewer import Viewer, require_reader, require_writer
from risk_model.rules.reader import FOLDER as RULES_FOLDER
from risk_model.scoring.building import BuildReport, make_build
from risk_model.scoring.staging import REGISTERS
from risk_model.services.copy import open_data_records
from risk_model.sources.importing import FileReport, ImportOptions, import_paths
from risk_model.warehouse.builds import Build, current_build, read_builds, show_build
from risk_model.warehouse.lake import read_releases

DEMO_LA = "999"
DEMO_SPRING = date(2026, 4, 30)
Progress = Callable[[str], None]


@dataclass(frozen=True)
class DemoReport:
    """What making the demo did."""

    files: int
    build: BuildReport
    records: dict[str, int]


def _silent(_: str) -> None:
    """Say nothing."""


def make_demo_copy(viewer: Viewer, data: DataDir, progress: Progress = _silent) -> DemoReport:
    """Make the invented LA in the official file formats, import it like any files, build, and load its records.

    Raises:
        NotAllowed: the viewer may not write.
        BuildRefused: real schools are loaded here; the two are never mixed.
    """
    require_writer(viewer)
    if any(not release.is_demo and release.source_id in REGISTERS for release in read_releases(data)):
        raise BuildRefused(
            "The demo was not made: real schools are loaded in this data directory.",
            ["Invented and real schools are never mixed.", "Set RISK_DATA_DIR to an empty folder and try again."],
        )
    progress("Making the invented LA")
    files = make_demo(data.demo)
    importable = [path for path in data.demo.iterdir() if path.name != "records"]
    progress("Importing its files")
    reports = import_paths(
        data, importable, ImportOptions(imported_by=viewer.name), lambda name: progress(f"Importing {name}")
    )
    refused = [line for report in reports for line in report.refusal]
    if refused:
        raise BuildRefused("The demo could not be imported.", refused)
    # two builds, so that the demo shows what has changed since the spring
    make_build(data, DEMO_SPRING, progress=progress)
    build = make_build(data, DEMO_AS_AT, progress=progress)
    progress("Loading support, meetings and referrals")
    records = open_data_records(data)
    try:
        loaded = load_demo_records(records, viewer.name, data.demo / "records", DEMO_LA)
    finally:
        close_records(records)
    return DemoReport(len(files), build, loaded)


def is_ready(data: DataDir) -> bool:
    """Whether there is a build to show."""
    build = current_build(data)
    return build is not None and build.path.exists()


def get_ready(viewer: Viewer, data: DataDir, progress: Progress = _silent) -> Build:
    """The current build; on a first start the demo, and after imports without a build, a build.

    Raises:
        NotAllowed: the viewer may not read; or nothing is built yet, and the viewer may not write.
    """
    require_reader(viewer)
    build = current_build(data)
    if build is not None and build.path.exists():
        return build
    if read_releases(data):
        return build_now(viewer, data, None, progress=progress).build
    return make_demo_copy(viewer, data, progress).build.build


def import_files(
    viewer: Viewer, data: DataDir, paths: Sequence[Path], options: ImportOptions, progress: Progress = _silent
) -> list[FileReport]:
    """Import files, folders and ZIPs; all good files land, a refused one changes nothing.

    Raises:
        NotAllowed: the viewer may not write.
        FileRefused: a path does not exist.
    """
    require_writer(viewer)
    return import_paths(data, paths, options, progress)


def import_uploads(
    viewer: Viewer,
    data: DataDir,
    uploads: Sequence[tuple[str, bytes]],
    options: ImportOptions,
    progress: Progress = _silent,
) -> list[FileReport]:
    """Import files that were uploaded, as (name, bytes): the name is data, and never a path that is written.

    Raises:
        NotAllowed: the viewer may not write.
    """
    require_writer(viewer)
    reports: list[FileReport] = []
    with TemporaryDirectory() as folder:
        for number, (name, content) in enumerate(uploads):
            progress(name)
            path = Path(folder) / str(number) / safe_file_name(name)
            path.parent.mkdir()
            path.write_bytes(content)
            reports.extend(import_paths(data, [path], options))
    return reports


def safe_file_name(name: str) -> str:
    """A file name that a user gave, as one that is safe to write: its last part, plain characters only.

    The year or date in it is kept, since the import reads them there.
    """
    last = re.split(r"[/\\\\]", name)[-1]
    plain = re.sub(r"[^\w.() -]", "_", last).strip(" .")[-120:]
    return plain or "upload"


def build_now(
    viewer: Viewer,
    data: DataDir,
    as_at: date | None,
    rules_folder: Path = RULES_FOLDER,
    progress: Progress = _silent,
) -> BuildReport:
    """Make a new build and show it from now on.

    Raises:
        NotAllowed: the viewer may not write.
        BuildRefused, RulesRefused: it cannot be made; the current one stays.
    """
    require_writer(viewer)
    return make_build(data, as_at, rules_folder, progress)


def kept_builds(viewer: Viewer, data: DataDir) -> list[Build]:
    """The builds that can be shown, newest first.

    Raises:
        NotAllowed: the viewer may not read.
    """
    require_reader(viewer)
    return read_builds(data)[::-1]


def go_to_build(viewer: Viewer, data: DataDir, build_id: str) -> Build:
    """Show another build that is kept, from now on.

    Raises:
        NotAllowed: the viewer may not write.
        NotFound: it is not kept any more.
    """
    require_writer(viewer)
    for build in read_builds(data):
        if build.build_id == build_id:
            show_build(data, build)
            return build
    raise NotFound(f"The build {build_id[:40]} is not kept any more.", ["Choose another one."])
