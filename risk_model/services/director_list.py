"""Academies for the DfE regional director (RSC): which may be on the list, and what is known of each."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import pandas as pd

from risk_model.casework import (
    ACTIVE_STATUSES,
    Allocation,
    ProviderType,
    Referral,
    ReferralStatus,
    allocations,
    referrals,
)
from risk_model.domain.errors import NotAllowed
from risk_model.domain.periods import school_year
from risk_model.domain.viewer import Right, Viewer, require, require_la
from risk_model.domain.words import Route
from risk_model.services.at_risk import provider_in_words, school_list
from risk_model.services.copy import Copy
from risk_model.services.inspection_rows import inspection_words
from risk_model.services.scope import Scope

NO_TRUST = "Trust not known"
NOT_RAISED = "not raised"
# whose support means that DfE works with the school already
DFE_PROVIDERS = frozenset({ProviderType.RISE, ProviderType.REGIONAL_DIRECTOR})
_CATEGORIES = {
    "SM": "special measures",
    "RSI": "requires significant improvement",
    "SWK": "serious weaknesses",
    "NTI": "notice to improve",
}
_MORE_SQL = """
    select s.urn, s.open_date, i.full_kind, i.full_date, i.inherited, i.below_in_a_row, i.needs_attention,
           i.current_category,
           (select string_agg(p.predecessor_name || ' (URN ' || p.predecessor_urn || ')', '; ' order by p.since desc)
            from successions as p where p.urn = s.urn) as predecessors,
           (select max_by(struct_pack(value := v.value, period := v.period), v.period) from measure_values as v
            where v.urn = s.urn and v.measure_id = 'revenue_reserve_gbp' and v.value is not null) as reserve
    from schools as s
    left join latest_inspections as i using (urn)
    where list_contains($urns, s.urn)"""
_WHO_SQL = "select urn, name, la_code, la_name, route, control from schools where list_contains($urns, urn)"
_GONE_SQL = "select urn, name, reason from left_out_schools where list_contains($urns, urn)"


@dataclass(frozen=True)
class Academy:
    """What is known of one academy, before anything is left out for those outside.

    Attributes:
        row: of the school list.
        opened: the day on which it opened as this school; None where the register has none.
        predecessors: in words; "" where the register links none.
        reserve: the last that was published, of the school, in words; "" where none was.
        standing: category of concern, stuck, monitored: a sentence each.
        inspections: of every framework, newest first, a line each.
        support: that it has or had, the newest first; not yet sorted by what may be told.
        referral: the latest that was not withdrawn.
        programme: the programme of DfE that it is in already; "" where none is known.
    """

    row: dict[str, Any]
    opened: date | None
    predecessors: str
    reserve: str
    standing: tuple[str, ...]
    inspections: tuple[str, ...]
    support: tuple[Allocation, ...]
    referral: Referral | None
    programme: str

    @property
    def urn(self) -> str:
        """Its number."""
        return str(self.row["urn"])

    @property
    def trust(self) -> str:
        """The name of its trust, or that it is not known."""
        return str(self.row["trust_name"])


def require_academies(viewer: Viewer, copy: Copy, la_code: str, urns: Sequence[str]) -> None:
    """Refuse schools that cannot be on the list: maintained, closed, of another LA, or not known at all.

    Raises:
        NotAllowed: the viewer may not take this LA's list out, or any of the schools is no academy of it; with each.
    """
    require_la(viewer, la_code, Right.RAISE)
    known = {row["urn"]: row for row in copy.reader.rows(_WHO_SQL, {"urns": list(urns)})}
    gone = {row["urn"]: row for row in copy.reader.rows(_GONE_SQL, {"urns": list(urns)})}
    problems = [_why_not(urn, known.get(urn), gone.get(urn), la_code) for urn in dict.fromkeys(urns)]
    told = [one for one in problems if one]
    if told:
        raise NotAllowed(
            "The list for the regional director holds academies and free schools of this local authority alone.",
            [*told, "Nothing was made. Choose among the academies that are listed."],
        )


def academies(viewer: Viewer, copy: Copy, la_code: str, urns: Sequence[str]) -> list[Academy]:
    """What is known of some academies, by trust and most urgent first.

    Raises:
        NotAllowed: the viewer may not take this LA's list out, or one of them cannot be on it.
    """
    require_academies(viewer, copy, la_code, urns)
    rows = academy_rows(viewer, copy, Scope(la_code))
    chosen = rows[rows["urn"].isin(list(urns))].sort_values("trust_name", kind="stable")
    numbers = list(chosen["urn"])
    more = {row["urn"]: row for row in copy.reader.rows(_MORE_SQL, {"urns": numbers})}
    inspected = inspection_words(viewer, copy, numbers)
    latest = latest_referrals(seen_referrals(viewer, copy, la_code))
    known = dfe_programmes(viewer, copy, la_code)
    support = _support_by_school(allocations(copy.records, la_code=la_code))
    return [
        Academy(
            row={str(name): value for name, value in row.items()},
            opened=_day(more[row["urn"]]["open_date"]),
            predecessors=more[row["urn"]]["predecessors"] or "",
            reserve=_reserve(more[row["urn"]]["reserve"]),
            standing=_standing(more[row["urn"]]),
            inspections=tuple(inspected.get(row["urn"], ())),
            support=tuple(support.get(row["urn"], ())),
            referral=latest.get(row["urn"]),
            programme=known.get(row["urn"], ""),
        )
        for row in chosen.to_dict("records")
    ]


def dfe_programmes(viewer: Viewer, copy: Copy, la_code: str | None) -> dict[str, str]:
    """By school the programmes of DfE that a referral names, or that are recorded as support under way.

    Raises:
        NotAllowed: the viewer may not read.
    """
    require(viewer, Right.PEOPLE)
    latest = latest_referrals(seen_referrals(viewer, copy, la_code))
    found = {urn: [one.programme] for urn, one in latest.items() if one.programme}
    for piece in allocations(copy.records, la_code=la_code):
        if piece.provider_type in DFE_PROVIDERS and piece.status in ACTIVE_STATUSES:
            for urn in piece.urns:
                found.setdefault(urn, []).append(provider_in_words(piece))
    return {urn: "; ".join(dict.fromkeys(names)) for urn, names in found.items()}


def seen_referrals(viewer: Viewer, copy: Copy, la_code: str | None = None, *, urn: str | None = None) -> list[Referral]:
    """The referrals of an LA, of a school, or of all; without the restricted notes for who is no officer.

    Raises:
        NotAllowed: the viewer may not read.
    """
    require(viewer, Right.PEOPLE)
    known = referrals(copy.records, la_code=la_code, urn=urn)
    return known if viewer.may(Right.RESTRICTED) else [replace(one, restricted_note=None) for one in known]


def academy_rows(viewer: Viewer, copy: Copy, scope: Scope) -> pd.DataFrame:
    """The rows of a school list that are academies or free schools of an LA of the viewer's.

    Raises:
        NotAllowed: the viewer may not read.
    """
    require(viewer, Right.PEOPLE)
    schools = school_list(viewer, copy, scope)
    kept = schools["route"] == Route.REGIONAL_DIRECTOR.value
    if viewer.la_codes is not None:
        kept &= schools["la_code"].isin(viewer.la_codes)
    found = schools[kept].copy()
    found["trust_name"] = found["trust_name"].fillna(NO_TRUST)
    return found


def latest_referrals(raised: Iterable[Referral]) -> dict[str, Referral]:
    """The newest referral of each school that was not withdrawn: {URN: referral}."""
    kept = [one for one in raised if one.status is not ReferralStatus.WITHDRAWN]
    return {one.urn: one for one in sorted(kept, key=lambda one: one.id)}


def _support_by_school(known: Sequence[Allocation]) -> dict[str, list[Allocation]]:
    found: dict[str, list[Allocation]] = {}
    for piece in sorted(known, key=lambda one: (one.start_date or date.min, one.id), reverse=True):
        for urn in piece.urns:
            found.setdefault(urn, []).append(piece)
    return found


def _standing(more: dict[str, Any]) -> tuple[str, ...]:
    """Category, stuck, monitored; by published inspections alone."""
    said = []
    if more["current_category"]:
        code = str(more["current_category"])
        said.append(f"In a category of concern: {_CATEGORIES.get(code, code)}.")
    elif (more["below_in_a_row"] or 0) > 1:
        said.append(
            "Stuck, as DfE calls it: the latest inspection required improvement or found that leadership needs "
            "attention, and the one before was below good."
        )
    if more["needs_attention"]:
        said.append(
            f"Monitored by Ofsted: areas of the report card that need attention: {more['needs_attention']:.0f}."
        )
    if more["full_kind"] is None:
        said.append("Not yet inspected as a whole. That is not the same as good.")
    return tuple(said) or ("In no category of concern, not stuck, and not known to be monitored.",)


def _day(value: Any) -> date | None:
    return None if value is None or pd.isna(value) else pd.Timestamp(value).date()


def _reserve(found: dict[str, Any] | None) -> str:
    if found is None:
        return ""
    deficit = " in deficit" if found["value"] < 0 else ""
    return f"£{abs(found['value']):,.0f}{deficit} ({school_year(found['period'])})"


def _why_not(urn: str, known: dict[str, Any] | None, gone: dict[str, Any] | None, la_code: str) -> str:
    """Why a school cannot be on the list; "" where it can."""
    if known is None:
        return (
            f"{gone['name']} ({urn}) is left out: {gone['reason']}." if gone else f"{urn[:20]} is no open school here."
        )
    name = f"{known['name']} ({urn})"
    if known["la_code"] != la_code:
        return f"{name} is of another local authority, {known['la_name']}."
    if known["route"] != Route.REGIONAL_DIRECTOR.value:
        return f"{name} is not an academy or a free school ({known['control']}): the LA itself supports it."
    return ""
