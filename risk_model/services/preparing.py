"""Getting ready: the demo, imports and builds, and the first start."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from risk_model.casework import What, audited, close_records, load_demo_records
from risk_model.demo import DEMO_AS_AT, make_demo
from risk_model.domain.errors import BuildRefused, NotFound
from risk_model.domain.paths import DataDir
from risk_model.domain.viewer import Viewer, require_reader, require_writer
from risk_model.rules.reader import FOLDER as RULES_FOLDER
from risk_model.scoring.building import BuildReport, make_build
from risk_model.scoring.staging import REGISTERS
from risk_model.services.copy import open_data_records
from risk_model.sources.importing import (
    FileReport,
    ImportOptions,
    import_paths,
    import_uploaded,
    look_at_uploaded,
)
from risk_model.sources.options import Said
from risk_model.warehouse.builds import Build, current_build, last_build, read_builds, show_build
from risk_model.warehouse.lake import lake_damage, read_releases, read_standing

DEMO_LA = "999"
DEMO_SPRING = date(2026, 4, 30)
Progress = Callable[[str], None]
_FIRST_YEAR = 2000

__all__ = [
    "Build",
    "BuildReport",
    "DemoReport",
    "FileReport",
    "ImportOptions",
    "Said",
    "academic_years",
    "build_before",
    "build_now",
    "find_build",
    "get_ready",
    "go_to_build",
    "import_files",
    "import_uploads",
    "is_ready",
    "kept_builds",
    "lake_state",
    "look_at_upload",
    "make_demo_copy",
]


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
    """Whether there is a build to show; one that is lost is none."""
    return last_build(data) is not None


def get_ready(viewer: Viewer, data: DataDir, progress: Progress = _silent) -> Build:
    """The current build; on a first start the demo, and after imports without a build, a build.

    Raises:
        NotAllowed: the viewer may not read; or nothing is built yet, and the viewer may not write.
        Damaged: what was imported cannot be read; the demo is never made in its place.
    """
    require_reader(viewer)
    build = last_build(data)
    if build is not None:
        return build
    if read_releases(data) or lake_damage(data):
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


def look_at_upload(
    viewer: Viewer, data: DataDir, name: str, content: bytes, options: ImportOptions
) -> list[FileReport]:
    """What an uploaded file is, table by table, and what it would change; nothing is stored.

    The checks are those of `import_uploads`, which makes them all again.

    Raises:
        NotAllowed: the viewer may not write.
    """
    require_writer(viewer)
    return look_at_uploaded(data, name, content, replace(options, imported_by=viewer.name))


def academic_years() -> list[str]:
    """The academic years that a file may describe, newest first: "2026-2027" to "2000-2001"."""
    return [f"{year}-{year + 1}" for year in range(date.today().year, _FIRST_YEAR - 1, -1)]


def lake_state(viewer: Viewer, data: DataDir) -> str:
    """A text that is another one as soon as another set of releases counts: what a look at a file rests on.

    Raises:
        NotAllowed: the viewer may not read.
    """
    require_reader(viewer)
    counting = "\n".join(sorted(release.release_id for release in read_standing(data)))
    return hashlib.sha256(counting.encode()).hexdigest()


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
    options = replace(options, imported_by=viewer.name)
    reports: list[FileReport] = []
    for name, content in uploads:
        progress(name)
        reports.extend(import_uploaded(data, name, content, options))
    return reports


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


def go_to_build(viewer: Viewer, data: DataDir, build_id: str, reason: str) -> Build:
    """Show another build that is kept, from now on; the audit trail says who did so and why.

    Args:
        build_id: the build's id, or its number.
    Raises:
        NotAllowed: the viewer may not write.
        NotFound: it is not kept any more.
        RecordRefused: the reason is missing.
    """
    require_writer(viewer)
    build = find_build(viewer, data, build_id)
    shown = current_build(data)
    records = open_data_records(data)
    try:
        with audited(
            records,
            viewer.name,
            What.SHOWN,
            "build",
            number=build.number,
            before=None if shown is None else _described(shown),
            after=_described(build),
            reason=reason,
        ):
            show_build(data, build)
    finally:
        close_records(records)
    return build


def find_build(viewer: Viewer, data: DataDir, build_id: str) -> Build:
    """A build that is kept, by its id or its number.

    Raises:
        NotAllowed: the viewer may not read.
        NotFound: it is not kept any more.
    """
    require_reader(viewer)
    for build in read_builds(data):
        if build_id in (build.build_id, str(build.number)):
            return build
    raise NotFound(f"The build {build_id[:40]} is not kept any more.", ["Choose another one."])


def build_before(viewer: Viewer, data: DataDir) -> Build:
    """The build that is kept from before the one that is shown.

    Raises:
        NotAllowed: the viewer may not read.
        NotFound: there is none.
    """
    require_reader(viewer)
    shown = current_build(data)
    earlier = [build for build in read_builds(data) if shown is not None and build.number < shown.number]
    if not earlier:
        raise NotFound("No earlier build is kept.", ["`python -m risk_model builds` lists those that are."])
    return earlier[-1]


def _described(build: Build) -> dict[str, str]:
    return {"build_id": build.build_id, "as_at": build.as_at.isoformat(), "rule_set": build.rule_set}
