"""Taking a release out, bringing it back, and what was done to the data by whom."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

import pandas as pd

from risk_model.casework import What, audit_trail, audited
from risk_model.domain.errors import FileRefused, NotFound
from risk_model.domain.viewer import Right, Viewer, require, require_reader
from risk_model.services.copy import Copy
from risk_model.sources.catalogue import source_named
from risk_model.warehouse.lake import (
    Release,
    Withdrawal,
    mark_restored,
    mark_withdrawn,
    read_releases,
    read_withdrawals,
)

RELEASE, BUILD = "release", "build"
_SHOWN_ACTS = 200


@dataclass(frozen=True)
class WithdrawnRelease:
    """A release that does not count, and who took it out, when and why."""

    release: Release
    withdrawal: Withdrawal


def withdrawn_releases(viewer: Viewer, copy: Copy) -> list[WithdrawnRelease]:
    """The releases that were taken out, by source and date.

    Raises:
        NotAllowed: the viewer may not read.
    """
    require_reader(viewer)
    withdrawn = read_withdrawals(copy.data)
    return [
        WithdrawnRelease(release, withdrawn[release.release_id])
        for release in read_releases(copy.data)
        if release.release_id in withdrawn
    ]


def withdraw_release(viewer: Viewer, copy: Copy, release_id: str, reason: str) -> Release:
    """Let a release count no longer, from the next build on. It stays in the lake, and earlier builds stand.

    Raises:
        NotAllowed: the viewer may not write.
        NotFound: no release of that id is loaded, or it is withdrawn already.
        RecordRefused: the reason is missing.
    """
    require(viewer, Right.LOAD)
    release = _release(copy, release_id)
    if release.release_id in read_withdrawals(copy.data):
        raise NotFound(f"{release.release_id} is withdrawn already.", ["Nothing was changed."])
    withdrawal = Withdrawal(
        release.release_id, viewer.name, datetime.now(UTC).replace(microsecond=0), reason=reason.strip()
    )
    with audited(
        copy.records,
        viewer.name,
        What.WITHDRAWN,
        RELEASE,
        before=_described(release, "counts"),
        after=_described(release, "withdrawn"),
        reason=reason,
    ):
        mark_withdrawn(copy.data, withdrawal)
    return release


def restore_release(viewer: Viewer, copy: Copy, release_id: str, reason: str) -> Release:
    """Let a withdrawn release count again, from the next build on.

    Raises:
        NotAllowed: the viewer may not write.
        NotFound: no withdrawn release has that id.
        FileRefused: the same file was imported again meanwhile, under another date.
        RecordRefused: the reason is missing.
    """
    require(viewer, Right.LOAD)
    release = _release(copy, release_id)
    withdrawn = read_withdrawals(copy.data)
    if release.release_id not in withdrawn:
        raise NotFound(f"{release.release_id} is not withdrawn.", ["Nothing was changed."])
    _refuse_second(copy, release, withdrawn)
    with audited(
        copy.records,
        viewer.name,
        What.RESTORED,
        RELEASE,
        before=_described(release, "withdrawn"),
        after=_described(release, "counts"),
        reason=reason,
    ):
        mark_restored(copy.data, release.release_id)
    return release


def _release(copy: Copy, release_id: str) -> Release:
    for release in read_releases(copy.data):
        if release.release_id == release_id:
            return release
    raise NotFound(
        f'No release "{release_id[:60]}" is loaded.',
        ["`python -m risk_model releases` lists them. Nothing was changed."],
    )


def _refuse_second(copy: Copy, release: Release, withdrawn: Mapping[str, Withdrawal]) -> None:
    for other in read_releases(copy.data):
        is_same = (other.source_id, other.sha256) == (release.source_id, release.sha256)
        if is_same and other.release_id != release.release_id and other.release_id not in withdrawn:
            raise FileRefused(
                f"{release.release_id} was not restored: the same file counts as {other.release_id} now.",
                ["One file cannot be two releases. Withdraw the other one first. Nothing was changed."],
            )


def _described(release: Release, standing: str) -> dict[str, str]:
    return {
        "release_id": release.release_id,
        "source": release.source_id,
        "date": release.label,
        "file": release.original_name,
        "sha256": release.sha256,
        "standing": standing,
    }


def data_acts(viewer: Viewer, copy: Copy) -> pd.DataFrame:
    """What was done to releases and builds by hand, newest first: When (UTC), Who, What, Which, Why.

    Raises:
        NotAllowed: the viewer may not read.
    """
    require_reader(viewer)
    entries = [one for table in (RELEASE, BUILD) for one in audit_trail(copy.records, table=table, limit=_SHOWN_ACTS)]
    entries.sort(key=lambda one: one.id, reverse=True)
    return pd.DataFrame(
        [
            {
                "When (UTC)": one.at,
                "Who": one.who,
                "What": f"{one.table} {one.what.value}",
                "Which": _which(one.after or {}),
                "Why": one.reason or "",
            }
            for one in entries
        ],
        columns=["When (UTC)", "Who", "What", "Which", "Why"],
    )


def _which(after: Mapping[str, object]) -> str:
    if "release_id" in after:
        return f"{source_named(str(after['source'])).title}, {after['date']} ({after['file']})"
    return f"build {after['id']}, as at {after['as_at']}, rules {after['rule_set']}"
