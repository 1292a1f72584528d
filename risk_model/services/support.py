"""Support: who helps whom, and changing it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import pandas as pd

from risk_model.casework import (
    ACTIVE_STATUSES,
    ENDED_STATUSES,
    Allocation,
    AllocationStatus,
    FilePreview,
    NewAdviserView,
    NewAllocation,
    NewSystemLeader,
    ProviderType,
    Role,
    SupportType,
    SystemLeader,
    add_allocation,
    add_allocations,
    add_small_records,
    add_system_leaders,
    allocations,
    change_allocation,
    end_allocation,
    preview_record_file,
    recorded_for,
    system_leaders,
)
from risk_model.domain.errors import RecordRefused
from risk_model.domain.viewer import Viewer, require_reader, require_writer
from risk_model.services.at_risk import school_list
from risk_model.services.copy import Copy
from risk_model.services.judgements import add_views
from risk_model.services.scope import Scope

STALE_AFTER = timedelta(days=90)


@dataclass(frozen=True)
class SupportPage:
    """Need beside help.

    Attributes:
        gaps: flagged schools without active support, most urgent first: rows of the school list.
        table: one row per allocation: School, Priority, the columns of `allocation_rows`, URN.
        leaders: the system leaders, with the days that they are committed to now.
        without_days: active pieces whose days are not recorded, and so not in the sums.
    """

    gaps: pd.DataFrame
    table: pd.DataFrame
    leaders: pd.DataFrame
    active: int
    days_planned: float
    days_used: float
    without_days: int


def support_page(viewer: Viewer, copy: Copy, scope: Scope) -> SupportPage:
    """The allocations of the schools in scope, the gaps, and the system leaders of the LA.

    Raises:
        NotAllowed: the viewer may not read.
    """
    require_reader(viewer)
    schools = school_list(viewer, copy, scope)
    in_scope = schools.set_index("urn")
    known = [one for one in allocations(copy.records, la_code=scope.la_code) if one.urn in in_scope.index]
    as_at = copy.build.as_at
    active = [one for one in known if one.is_active_on(as_at)]
    gaps = schools[(schools["priority"] == "priority") & (schools["support_active"] == 0)]
    return SupportPage(
        gaps=gaps,
        table=_table(known, in_scope, as_at),
        leaders=_leaders(system_leaders(copy.records, la_code=scope.la_code), active),
        active=len(active),
        days_planned=sum(one.days_planned for one in active if one.days_planned is not None),
        days_used=sum(one.days_used for one in active if one.days_used is not None),
        without_days=sum(one.days_planned is None for one in active),
    )


def standing(one: Allocation, as_at: date) -> str:
    """How an allocation stands on a day: active, stale (no update for 90 days), not started, paused or ended."""
    if one.is_active_on(as_at):
        is_stale = one.last_update is not None and as_at - one.last_update > STALE_AFTER
        return "stale" if is_stale else "active"
    if one.status in ENDED_STATUSES or (one.end_date is not None and one.end_date < as_at):
        return "ended"
    return "paused" if one.status == "paused" else "not started"


def allocation_rows(known: Sequence[Allocation], as_at: date) -> pd.DataFrame:
    """Allocations as a table, the newest first, under the headings that screens and exports show."""
    columns = [
        "Provider",
        "Provider type",
        "Role",
        "Support",
        "Need",
        "Days used",
        "Days planned",
        "From",
        "Until",
        "Status",
        "Standing",
        "Aim",
        "Success measure",
        "Funding",
        "Last update",
        "Number",
    ]
    newest_first = sorted(known, key=lambda one: (one.start_date or date.min, one.id), reverse=True)
    rows = [
        (
            one.system_leader_label or one.provider_name,
            one.provider_type,
            one.role,
            one.support_type,
            one.need,
            one.days_used,
            one.days_planned,
            one.start_date,
            one.end_date,
            one.status,
            standing(one, as_at),
            one.aim,
            one.success_measure,
            one.funding,
            one.last_update,
            one.id,
        )
        for one in newest_first
    ]
    return pd.DataFrame(rows, columns=columns)


def _table(known: Sequence[Allocation], in_scope: pd.DataFrame, as_at: date) -> pd.DataFrame:
    rows = allocation_rows(known, as_at)
    urns = {one.id: one.urn for one in known}
    rows.insert(0, "School", [in_scope.at[urns[number], "name"] for number in rows["Number"]])
    rows.insert(1, "Priority", [in_scope.at[urns[number], "priority"] for number in rows["Number"]])
    rows["URN"] = [urns[number] for number in rows["Number"]]
    return rows


def _leaders(leaders: Sequence[SystemLeader], active: Sequence[Allocation]) -> pd.DataFrame:
    """The system leaders as a table. Days to come are those planned less those used; a piece of support whose
    days are not recorded is counted apart, never as none."""
    pieces: dict[int, list[Allocation]] = {}
    for one in active:
        if one.system_leader_id is not None:
            pieces.setdefault(one.system_leader_id, []).append(one)
    rows = []
    for leader in leaders:
        own = pieces.get(leader.id, [])
        planned = [one for one in own if one.days_planned is not None]
        rows.append(
            {
                "System leader": leader.label,
                "Role": leader.role,
                "Home school": leader.home_urn,
                "Locality": leader.locality,
                "Phase": leader.phase,
                "Specialisms": leader.specialisms,
                "Days a term": leader.days_per_term,
                "Days to come": sum(max(0.0, (one.days_planned or 0.0) - (one.days_used or 0.0)) for one in planned),
                "Days not recorded": len(own) - len(planned),
                "Schools now": len({one.urn for one in own}),
            }
        )
    return pd.DataFrame(rows)


def add_support(viewer: Viewer, copy: Copy, new: NewAllocation) -> int:
    """Record support for a school.

    Returns:
        The new allocation's id.
    Raises:
        NotAllowed: the viewer may not write.
        RecordRefused: the school is not known here, or the record is not valid.
    """
    require_writer(viewer)
    _require_school(copy, new.urn)
    return add_allocation(copy.records, viewer.name, new)


def change_support(
    viewer: Viewer,
    copy: Copy,
    allocation_id: int,
    version: int,
    changes: Mapping[str, object],
    reason: str | None = None,
) -> Allocation:
    """Change recorded support; refused where somebody else changed it in the meantime.

    Raises:
        NotAllowed: the viewer may not write.
        RecordRefused: not valid, or changed by somebody else.
    """
    require_writer(viewer)
    return change_allocation(copy.records, viewer.name, allocation_id, version, changes, reason)


def end_support(
    viewer: Viewer, copy: Copy, allocation_id: int, version: int, status: str, end_date: date, reason: str | None
) -> Allocation:
    """End support: completed, ended early, cancelled, declined or withdrawn. Nothing is deleted.

    Raises:
        NotAllowed: the viewer may not write.
        RecordRefused: a reason is missing, or somebody else changed it.
    """
    require_writer(viewer)
    return end_allocation(copy.records, viewer.name, allocation_id, version, status, end_date, reason)


def preview_support(viewer: Viewer, copy: Copy, name: str, content: bytes, la_code: str) -> FilePreview:
    """Look at a file of support, system leaders or advisers' views, CSV or workbook, without writing anything.

    Returns:
        The lines that can be added, and what is wrong with the others; `add_previewed` writes them.
    Raises:
        NotAllowed: the viewer may not write.
        RecordRefused: the file cannot be read.
    """
    require_writer(viewer)
    urns = {row["urn"] for row in copy.reader.rows("select urn from schools where la_code = $la", {"la": la_code})}
    return preview_record_file(name, content, la_code, urns, recorded_for(copy.records, la_code))


def add_previewed(viewer: Viewer, copy: Copy, preview: FilePreview) -> int:
    """Write a preview's good lines, all or none.

    Returns:
        How many were written.
    Raises:
        NotAllowed: the viewer may not write.
        RecordRefused: there is nothing to write, or a line is not valid after all.
    """
    require_writer(viewer)
    if not preview.new:
        raise RecordRefused("There is no line to add.", ["Mend the lines that are listed and try again."])
    support = [one for one in preview.new if isinstance(one, NewAllocation)]
    leaders = [one for one in preview.new if isinstance(one, NewSystemLeader)]
    views = [one for one in preview.new if isinstance(one, NewAdviserView)]
    if views:
        return add_views(viewer, copy, views)
    if leaders:
        return add_system_leaders(copy.records, viewer.name, leaders)
    if support:
        return add_allocations(copy.records, viewer.name, support)
    small = [one for one in preview.new if not isinstance(one, NewAllocation | NewSystemLeader | NewAdviserView)]
    return add_small_records(copy.records, viewer.name, small)


def add_record_file(viewer: Viewer, copy: Copy, name: str, content: bytes, la_code: str | None) -> FilePreview:
    """Record every line of a file of support, system leaders or advisers' views, or none; for the command line.

    Args:
        la_code: the LA for which the lines are; None where this copy holds the schools of a single one.
    Returns:
        What was read; every one of its `new` lines is recorded now.
    Raises:
        NotAllowed: the viewer may not write.
        RecordRefused: the file cannot be read, a line is not valid, or the LA is not certain.
    """
    require_writer(viewer)
    preview = preview_support(viewer, copy, name, content, la_code or _only_la(copy))
    if preview.problems:
        things = "1 thing needs" if len(preview.problems) == 1 else f"{len(preview.problems):,} things need"
        raise RecordRefused(
            f"{name}: {things} attention. Nothing was changed.", [problem.sentence for problem in preview.problems]
        )
    if preview.new:
        add_previewed(viewer, copy, preview)
    return preview


def _only_la(copy: Copy) -> str:
    codes: list[str] = [row["la_code"] for row in copy.reader.rows("select distinct la_code from schools limit 2")]
    if len(codes) != 1:
        raise RecordRefused(
            "It is not certain for which local authority the file is. Nothing was changed.",
            ["This copy holds the schools of several. Say --la with its three-digit code."],
        )
    return codes[0]


def one_allocation(viewer: Viewer, copy: Copy, allocation_id: int) -> Allocation:
    """One allocation as it is recorded now.

    Raises:
        NotAllowed: the viewer may not read.
        RecordRefused: there is none of that number.
    """
    require_reader(viewer)
    for one in allocations(copy.records):
        if one.id == allocation_id:
            return one
    raise RecordRefused(f"There is no support number {allocation_id}.", ["Load the page again."])


def choices() -> dict[str, list[str]]:
    """What a form about support offers: provider_type, role, support_type, active and ending statuses."""
    return {
        "provider_type": [one.value for one in ProviderType],
        "role": [one.value for one in Role],
        "support_type": [one.value for one in SupportType],
        "open_status": [one.value for one in AllocationStatus if one not in ENDED_STATUSES],
        "ending_status": [one.value for one in AllocationStatus if one in ENDED_STATUSES],
        "active_status": [one.value for one in ACTIVE_STATUSES],
    }


def _require_school(copy: Copy, urn: str) -> None:
    if not copy.reader.rows("select 1 from schools where urn = $urn", {"urn": urn}):
        raise RecordRefused(
            f"The support was not recorded: no open school with the URN {urn[:20]} is loaded.", ["Check the URN."]
        )


def leader_choices(viewer: Viewer, copy: Copy, scope: Scope) -> dict[int, str]:
    """The system leaders that a form offers: {id: "label, role"}.

    Raises:
        NotAllowed: the viewer may not read.
    """
    require_reader(viewer)
    return {one.id: f"{one.label}, {one.role}" for one in system_leaders(copy.records, la_code=scope.la_code)}
