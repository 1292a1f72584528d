"""What is wrong with an installation, and how to mend it; and whether it can serve at this moment."""

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from risk_model.casework.looking import RecordsState, records_state
from risk_model.domain.errors import NotFound, RiskModelError
from risk_model.domain.paths import PROJECT, DataDir
from risk_model.domain.periods import in_words
from risk_model.domain.viewer import Right, Viewer, require
from risk_model.services.copy import require_build
from risk_model.services.data import REPLACED_BY
from risk_model.services.findings import Finding, Level, fine, problem, warning
from risk_model.services.machine import access_findings, folder_findings, version_findings
from risk_model.services.publishing import store_address, store_shows
from risk_model.sources.catalogue import SOURCES
from risk_model.warehouse.builds import Build, current_build, is_as_written, last_build, read_builds
from risk_model.warehouse.flags import kept_flags, read_flags
from risk_model.warehouse.lake import is_whole, lake_damage, read_releases, read_standing

_AHEAD = timedelta(minutes=10)
_OLD_BUILD_DAYS = 45
_WORST: tuple[Level, ...] = ("problem", "warning", "fine")


@dataclass(frozen=True)
class Health:
    """Everything that was looked at, in a fixed order."""

    findings: tuple[Finding, ...]

    @property
    def level(self) -> Level:
        """The worst of what was found."""
        return next((one for one in _WORST if any(found.level == one for found in self.findings)), "fine")


def check_health(
    viewer: Viewer,
    data: DataDir,
    *,
    now: datetime | None = None,
    project: Path = PROJECT,
    environment: Mapping[str, str] = os.environ,
) -> Health:
    """Look at versions, rights, the disk, the clock, the data, the records and how it can be reached; change nothing.

    Raises:
        NotAllowed: the viewer does not look after the records.
    """
    require(viewer, Right.ADMIN)
    now = now or datetime.now(UTC)
    builds = read_builds(data)
    largest = max((one.path.stat().st_size for one in builds), default=0)
    records = _records_of(data)
    folders = (project / ".streamlit", Path.home() / ".streamlit")
    return Health(
        (
            *version_findings(project / "requirements.txt"),
            *folder_findings(data.root, largest),
            *_told("releases", lambda: _releases(data, now.date())),
            *_told("build", lambda: _build(data, now.date())),
            *_store(viewer, data),
            *_told("kept judgements", lambda: _kept(data)),
            _records(records),
            *_told("clock", lambda: _clock(data, records, now)),
            *access_findings(folders, environment),
        )
    )


def check_ready(viewer: Viewer, data: DataDir) -> Health:
    """Whether a page could be shown now: there is a build that opens, and the records answer. Quick: for a balancer.

    Raises:
        NotAllowed: the viewer does not look after the records.
    """
    require(viewer, Right.ADMIN)
    return Health((*_told("build", lambda: _opens(data)), _records(_records_of(data))))


def _told(about: str, look: Callable[[], Iterator[Finding]]) -> list[Finding]:
    """What a look finds; a failure that is told in words is a finding itself."""
    try:
        return list(look())
    except RiskModelError as error:
        return [problem(about, error.message, " ".join(error.details))]


def _records_of(data: DataDir) -> RecordsState:
    return records_state(data.records_url)


def _releases(data: DataDir, today: date) -> Iterator[Finding]:
    found = read_releases(data)
    if not found:
        yield warning("releases", "Nothing is imported.", "Import files; README says how.")
        return
    broken = [one.words for one in lake_damage(data)]
    lost = [one for one in found if not is_whole(data, one)]
    broken += [f"{one.release_id}.parquet is not as it was written: import {one.original_name} again." for one in lost]
    if broken:
        yield problem("releases", f"{len(broken)} files of the lake cannot be used.", " ".join(broken))
    else:
        yield fine("releases", f"{len(found):,} releases, each as it was written.")
    yield _freshness(data, today)


def _freshness(data: DataDir, today: date) -> Finding:
    newest: dict[str, date] = {}
    for one in read_standing(data):
        newest[one.source_id] = max(newest.get(one.source_id, one.published_on), one.published_on)
    dated = [one for one in SOURCES if one.dating in ("academic year", "as at") and not one.is_evidence]
    ended = {before for before, after in REPLACED_BY.items() if after in newest}
    loaded = [one for one in dated if one.id in newest and one.id not in ended]
    old = [one for one in loaded if (today - newest[one.id]).days > one.max_age_days]
    if not old:
        return fine("freshness", "No source is out of date.")
    told = "; ".join(f"{one.title} (counts from {in_words(newest[one.id])})" for one in old)
    remedy = "Run `python -m risk_model download --import` or import the newer files, then `build`."
    return warning("freshness", f"{len(old)} sources are older than they should be: {told}.", remedy)


def _opens(data: DataDir) -> Iterator[Finding]:
    try:
        build = require_build(data)
    except NotFound as error:
        yield problem("build", error.message, " ".join(error.details))
        return
    with build.reader() as reader:
        reader.rows("select count(*) as n from schools")
    yield fine("build", _of(build))


def _of(build: Build) -> str:
    return f"Build {build.number} as at {in_words(build.as_at)}, rules {build.rule_set}."


def _build(data: DataDir, today: date) -> Iterator[Finding]:
    build = current_build(data)
    broken = [one for one in read_builds(data) if not is_as_written(one)]
    for one in broken:
        remedy = "Run `python -m risk_model build` to make a new one."
        yield problem("build", f"Build {one.number} is not as it was written.", remedy)
    if build not in broken:
        yield from _opens(data)
    if build is None:
        return
    age = (today - build.as_at).days
    if age > _OLD_BUILD_DAYS:
        words = f"What is shown is as at {in_words(build.as_at)}, {age} days ago."
        yield warning("build", words, "Run `python -m risk_model build`.")


def _store(viewer: Viewer, data: DataDir) -> list[Finding]:
    """Whether the store that builds are shared by shows what is shown here; it may be away, and pages still stand."""
    if not store_address():
        return []
    try:
        there = store_shows(viewer)
    except RiskModelError as error:
        return [warning("store", error.message, " ".join(error.details))]
    here = last_build(data)
    if there is None or here is None or there.build_id != here.build_id:
        words = f"The store shows {f'build {there.number}' if there else 'nothing'}, and this copy another."
        return [warning("store", words, "Run `publish` where builds are made, `fetch` elsewhere.")]
    return [fine("store", f"The store shows build {there.number}, as this copy does.")]


def _kept(data: DataDir) -> Iterator[Finding]:
    kept = kept_flags(data)
    for one in kept:
        read_flags(one)
    yield fine("kept judgements", f"What {len(kept)} builds said is kept, as it was written.")


def _records(state: RecordsState) -> Finding:
    if state.trouble:
        remedy = "Start the database, and check RECORDS_URL, the network and the rights of its user."
        return problem("records", f"The records at {state.where} cannot be reached: {state.trouble}.", remedy)
    if not state.is_known:
        words = f"The records at {state.where} were written by a newer version of the product ({state.revision})."
        return problem("records", words, "Install that version, or restore a backup from before the update.")
    if not state.is_there:
        return fine("records", f"Nobody has recorded anything yet ({state.where}).")
    if state.revision != state.newest:
        words = f"The records at {state.where} are of form {state.revision}, and this version's is {state.newest}."
        return warning("records", words, "They are taken over at the next start; make a backup first.")
    return fine("records", f"The records at {state.where} answer, in the newest form ({state.revision}).")


def _clock(data: DataDir, records: RecordsState, now: datetime) -> Iterator[Finding]:
    """Whether something is dated later than now: then the clock is slow, or was fast."""
    ahead = [f"release {one.release_id}" for one in read_releases(data) if one.imported_at > now + _AHEAD]
    ahead += [f"build {one.number}" for one in kept_flags(data) if one.made_at and one.made_at > now + _AHEAD]
    if records.last_at is not None and records.last_at > now + _AHEAD:
        ahead.append("the newest line of the audit trail")
    if ahead:
        words = f"It is {now:%d/%m/%Y %H:%M} UTC by this machine, and what it made is dated later: {', '.join(ahead)}."
        yield problem("clock", words, "Set the clock, and let it be kept (NTP): dates decide what counts.")
    else:
        yield fine("clock", f"Nothing is dated later than now ({now:%d/%m/%Y %H:%M} UTC).")
