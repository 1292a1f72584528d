"""Support: who helps whom, how it stands, and what a form about it offers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import pandas as pd

from risk_model.casework import (
    ENDED_STATUSES,
    Allocation,
    AllocationStatus,
    ExitDecision,
    ExitOutcome,
    Formality,
    Intensity,
    Progress,
    ProviderType,
    Role,
    SupportType,
    allocations,
    system_leaders,
)
from risk_model.domain.periods import in_words
from risk_model.domain.viewer import Right, Viewer, require
from risk_model.domain.words import STATEMENT_TITLES
from risk_model.rules.support import read_support_settings
from risk_model.services.at_risk import flagged_without_support, provider_in_words, school_list
from risk_model.services.copy import Copy
from risk_model.services.needs import is_stale
from risk_model.services.profile import SchoolProfile
from risk_model.services.scope import Scope
from risk_model.services.supporters import supporter_standing


@dataclass(frozen=True)
class SupportPage:
    """The help that is recorded.

    Attributes:
        gaps: flagged schools without active support, most urgent first: rows of the school list.
        table: one row for each school of each allocation: School, Priority, its provider, need, days, dates, aim,
            outcome, what slips in the supporter's own school, URN.
        without_days: active pieces whose days are not recorded, and so not in the sums.
    """

    gaps: pd.DataFrame
    table: pd.DataFrame
    active: int
    days_planned: float
    days_used: float
    without_days: int


def support_page(viewer: Viewer, copy: Copy, scope: Scope) -> SupportPage:
    """The allocations of the schools in scope, and the gaps.

    Raises:
        NotAllowed: the viewer may not read.
        RulesRefused: the LA's own support.toml is not valid.
    """
    require(viewer, Right.PEOPLE)
    schools = school_list(viewer, copy, scope)
    in_scope = schools.set_index("urn")
    known = [one for one in allocations(copy.records, la_code=scope.la_code) if set(one.urns) & set(in_scope.index)]
    as_at = copy.build.as_at
    active = [(one, urn) for one in known if one.is_active_on(as_at) for urn in one.urns if urn in in_scope.index]
    planned = [one.days_planned_for(urn) for one, urn in active]
    used = [one.days_used_for(urn) for one, urn in active]
    gaps = flagged_without_support(schools)
    slips = supporter_standing(viewer, copy, known)
    return SupportPage(
        gaps=gaps,
        table=_table(known, in_scope, as_at, slips, _stale_after(copy)),
        active=len({one.id for one, _ in active}),
        days_planned=sum(days for days in planned if days is not None),
        days_used=sum(days for days in used if days is not None),
        without_days=sum(days is None for days in planned),
    )


def _stale_after(copy: Copy) -> int:
    return read_support_settings(copy.data.root).stale_after_days


def standing(viewer: Viewer, copy: Copy, one: Allocation) -> str:
    """How an allocation stands on the as-at date: active, stale, not started, paused or ended.

    Raises:
        NotAllowed: the viewer may not read.
        RulesRefused: the LA's own support.toml is not valid.
    """
    require(viewer, Right.PEOPLE)
    return _standing(one, copy.build.as_at, _stale_after(copy))


def _standing(one: Allocation, as_at: date, stale_after_days: int) -> str:
    """How an allocation stands on a day; stale without visit or update for so long."""
    if one.is_active_on(as_at):
        return "stale" if is_stale(one, as_at, stale_after_days) else "active"
    if one.status in ENDED_STATUSES or (one.end_date is not None and one.end_date < as_at):
        return "ended"
    return "paused" if one.status == "paused" else "not started"


def allocation_rows(known: Sequence[tuple[Allocation, str]], as_at: date, stale_after_days: int) -> pd.DataFrame:
    """Support as a table, the newest first, under the headings that screens and exports show.

    Args:
        known: each piece with one of its schools: the days of a group are those of that school.
    """
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
        "Review",
        "Last update",
        "Outcome",
        "Funding",
        "Commissioned by",
        "Number",
    ]
    newest_first = sorted(known, key=lambda each: (each[0].start_date or date.min, each[0].id), reverse=True)
    rows = [
        (
            one.system_leader_label or one.provider_name,
            one.provider_type,
            one.role,
            one.support_type,
            need_in_words(one),
            one.days_used_for(urn),
            one.days_planned_for(urn),
            one.start_date,
            one.end_date,
            one.status,
            _standing(one, as_at, stale_after_days),
            one.aim,
            one.success_measure,
            one.review_date,
            one.last_update,
            one.exit_outcome,
            one.funding,
            one.commissioner,
            one.id,
        )
        for one, urn in newest_first
    ]
    return pd.DataFrame(rows, columns=columns)


def school_support_rows(viewer: Viewer, copy: Copy, urn: str, known: Sequence[Allocation]) -> pd.DataFrame:
    """One school's support as a table, and what slips in its supporters' own schools.

    Raises:
        NotAllowed: the viewer may not read.
        RulesRefused: the LA's own support.toml is not valid.
    """
    require(viewer, Right.PEOPLE)
    rows = allocation_rows([(one, urn) for one in known], copy.build.as_at, _stale_after(copy))
    slips = supporter_standing(viewer, copy, known)
    _put_in_slips(rows, slips)
    return rows


def _put_in_slips(rows: pd.DataFrame, slips: Mapping[int, str]) -> None:
    rows.insert(list(rows.columns).index("Aim"), "Supporter's own school", [slips.get(n, "") for n in rows["Number"]])


def support_now(viewer: Viewer, profile: SchoolProfile) -> tuple[str, ...]:
    """The support of a school that is active on the day of the build, a line each; the profile is the viewer's own.

    Raises:
        NotAllowed: the viewer may not see what people recorded.
    """
    require(viewer, Right.PEOPLE)
    urn = str(profile.school["urn"])
    return tuple(support_line(one, urn) for one in profile.support if one.is_active_on(profile.as_at))


def support_line(one: Allocation, urn: str) -> str:
    """Who helps a school, with how many days, until when."""
    planned, used = one.days_planned_for(urn), one.days_used_for(urn)
    known = "a number not recorded" if used is None else f"{used:g}"
    days = "days not recorded" if planned is None else f"{known} of {planned:g} days used"
    until = f", until {in_words(one.end_date)}" if one.end_date else ""
    return f"{one.support_type or 'support'}: {provider_in_words(one)}, {days}{until}"


def need_in_words(one: Allocation) -> str | None:
    """Which need support answers: the statement, the rules and the words, as far as they are recorded."""
    parts = [one.need, STATEMENT_TITLES[one.statement] if one.statement else None, one.rules]
    return " · ".join(part for part in parts if part) or None


def _table(
    known: Sequence[Allocation],
    in_scope: pd.DataFrame,
    as_at: date,
    slips: Mapping[int, str],
    stale_after_days: int,
) -> pd.DataFrame:
    pairs = [(one, urn) for one in known for urn in one.urns if urn in in_scope.index]
    newest_first = sorted(pairs, key=lambda each: (each[0].start_date or date.min, each[0].id), reverse=True)
    urns = [urn for _, urn in newest_first]
    rows = allocation_rows(newest_first, as_at, stale_after_days)
    rows.insert(0, "School", [in_scope.at[urn, "name"] for urn in urns])
    rows.insert(1, "Priority", [in_scope.at[urn, "priority"] for urn in urns])
    _put_in_slips(rows, slips)
    rows["URN"] = urns
    return rows


def choices() -> dict[str, list[str]]:
    """What the forms about support offer, by field; "open_status" and "ending_status" part the statuses."""
    return {
        "provider_type": [one.value for one in ProviderType],
        "role": [one.value for one in Role],
        "support_type": [one.value for one in SupportType],
        "open_status": [one.value for one in AllocationStatus if one not in ENDED_STATUSES],
        "ending_status": [one.value for one in AllocationStatus if one in ENDED_STATUSES],
        "statement": [one.value for one in STATEMENT_TITLES],
        "formality": [one.value for one in Formality],
        "intensity": [one.value for one in Intensity],
        "progress": [one.value for one in Progress],
        "exit_outcome": [one.value for one in ExitOutcome],
        "exit_decision": [one.value for one in ExitDecision],
    }


def leader_choices(viewer: Viewer, copy: Copy, scope: Scope) -> dict[int, str]:
    """The system leaders that a form offers: {id: "label, role"}; those who have stopped are left out.

    Raises:
        NotAllowed: the viewer may not read.
    """
    require(viewer, Right.PEOPLE)
    as_at = copy.build.as_at
    return {
        one.id: f"{one.label}, {one.role}"
        for one in system_leaders(copy.records, la_code=scope.la_code)
        if one.available_to is None or one.available_to >= as_at
    }
