"""Getting ready: the demo, imports and builds, and the first start."""

import hashlib
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from pathlib import Path

from risk_model.casework import What, audited, close_records, keep_heads, load_demo_records
from risk_model.demo import DEMO_AS_AT, make_demo
from risk_model.domain.errors import BuildRefused, FileRefused, NotFound, RecordRefused
from risk_model.domain.paths import DataDir
from risk_model.domain.viewer import Right, Viewer, require, require_reader
from risk_model.rules.reader import FOLDER as RULES_FOLDER
from risk_model.scoring.building import BuildReport, make_build
from risk_model.scoring.staging import REGISTERS
from risk_model.services.copy import open_data_records
from risk_model.services.publishing import fetch, publish, store_address
from risk_model.sources.importing import (
    FileReport,
    ImportOptions,
    import_paths,
    import_uploaded,
    look_at_uploaded,
)
from risk_model.sources.options import Said
from risk_model.warehouse.builds import Build, current_build, last_build, read_builds, show_build
from risk_model.warehouse.engines import Engine
from risk_model.warehouse.lake import lake_damage, read_releases, read_standing

DEMO_LA = "999"
DEMO_SPRING = date(2026, 4, 30)
Progress = Callable[[str], None]
_FIRST_YEAR = 2000
# England's files, of all kinds and years that were tried, are 64
MOST_UPLOADS = 200
MOST_UPLOADED_BYTES = 1_000_000_000

__all__ = [
    "Build",
    "BuildReport",
    "DemoReport",
    "FileReport",
    "ImportOptions",
    "Lacking",
    "Said",
    "academic_years",
    "build_before",
    "build_now",
    "check_uploads",
    "find_build",
    "get_ready",
    "go_to_build",
    "import_files",
    "import_uploads",
    "is_ready",
    "kept_builds",
    "lacking",
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
    require(viewer, Right.LOAD)
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
        keep_heads(records, data.records_heads)
    finally:
        close_records(records)
    return DemoReport(len(files), build, loaded)


class Lacking(StrEnum):
    """What is made before the first page can be shown, as it ends the words "Getting ready: "."""

    BUILD = "a build of the files that are imported here"
    FETCHED = "the build that is published"
    DEMO = "the invented local authority Exampleshire"


def lacking(data: DataDir) -> Lacking:
    """What `get_ready` makes where there is no build: the demo never stands in the place of anything."""
    if read_releases(data) or lake_damage(data):
        return Lacking.BUILD
    return Lacking.FETCHED if store_address() else Lacking.DEMO


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
    what = lacking(data)
    if what is Lacking.BUILD:
        return build_now(viewer, data, None, progress=progress).build
    if what is Lacking.FETCHED:
        progress("Fetching the build that is published")
        return _fetched(viewer, data)
    return make_demo_copy(viewer, data, progress).build.build


def _fetched(viewer: Viewer, data: DataDir) -> Build:
    """The build of the store; never an invented one in its place."""
    fetch(viewer, data)
    build = last_build(data)
    if build is None:
        raise NotFound(
            "Nothing has been published yet to the store that this copy shows (RISK_STORE).",
            ["Run `python -m risk_model publish` on the machine that makes the builds; this page then shows it."],
        )
    return build


def import_files(
    viewer: Viewer, data: DataDir, paths: Sequence[Path], options: ImportOptions, progress: Progress = _silent
) -> list[FileReport]:
    """Import files, folders and ZIPs; all good files land, a refused one changes nothing.

    Raises:
        NotAllowed: the viewer may not write.
        FileRefused: a path does not exist.
    """
    require(viewer, Right.LOAD)
    return import_paths(data, paths, options, progress)


def look_at_upload(
    viewer: Viewer, data: DataDir, name: str, content: bytes, options: ImportOptions
) -> list[FileReport]:
    """What an uploaded file is, table by table, and what it would change; nothing is stored.

    The checks are those of `import_uploads`, which makes them all again.

    Raises:
        NotAllowed: the viewer may not write.
    """
    require(viewer, Right.LOAD)
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


def check_uploads(viewer: Viewer, sizes: Sequence[int]) -> None:
    """Refuse more at once than a desk can hold: each file is kept in memory until it is stored.

    Args:
        sizes: of each file, in bytes.
    Raises:
        NotAllowed: the viewer may not write.
        FileRefused: too many, or together too large.
    """
    require(viewer, Right.LOAD)
    if len(sizes) > MOST_UPLOADS:
        raise FileRefused(
            f"{len(sizes):,} files are too many at once: at most {MOST_UPLOADS} are taken.",
            ["Nothing was changed.", "Give them in parts, or as one ZIP."],
        )
    if sum(sizes) > MOST_UPLOADED_BYTES:
        raise FileRefused(
            f"These files hold {sum(sizes) / 1e6:,.0f} MB: at most {MOST_UPLOADED_BYTES // 1_000_000:,} MB are taken "
            "at once.",
            ["Nothing was changed.", "Give them in parts."],
        )


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
        FileRefused: too many, or together too large.
    """
    require(viewer, Right.LOAD)
    check_uploads(viewer, [len(content) for _, content in uploads])
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
    engine: Engine = Engine.DUCKDB,
) -> BuildReport:
    """Make a new build and show it from now on.

    Args:
        engine: evaluates the rules: the same rows come of each.

    Raises:
        NotAllowed: the viewer may not write.
        BuildRefused, RulesRefused: it cannot be made; the current one stays.
        StoreLost, NotStored: it was made, is shown here, and could not be published for the machines that follow.
    """
    require(viewer, Right.LOAD)
    report = make_build(data, as_at, rules_folder, progress, engine=engine)
    # a build needs no records: where they are out of reach, their heads are kept by the next one
    with suppress(RecordRefused):
        _keep_heads(data)
    if store_address():
        progress("Publishing")
        publish(viewer, data)
    return report


def _keep_heads(data: DataDir) -> None:
    records = open_data_records(data)
    try:
        keep_heads(records, data.records_heads)
    finally:
        close_records(records)


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
    require(viewer, Right.LOAD)
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
    if store_address():
        publish(viewer, data)
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
