"""Who somebody is here: their viewer, and why they may see what they see; and an admin's list of grants."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pandas as pd

from risk_model.casework import (
    Grant,
    NewGrant,
    Records,
    add_grant,
    as_person,
    audit_trail,
    grants,
    withdraw_grant,
)
from risk_model.domain.errors import NotAllowed
from risk_model.domain.paths import DataDir
from risk_model.domain.periods import in_words
from risk_model.domain.viewer import RIGHTS_OF, WHOLE_LA, Right, Role, Viewer, local_viewer, require
from risk_model.rules.access import AccessSettings, ClaimGrant, read_access

_NONE = "You are signed in as {person}, and no role is given to you here."
# what a grant says as locality, where the LA is one group
_WHOLE = "whole LA"
_REMEDY = "Ask the LA's lead or an admin of this product to give you one; then load the page again."


@dataclass(frozen=True)
class Given:
    """A role that a person has today, and where it comes from.

    Attributes:
        source: in words, such as "granted by admin@… on 3 November 2026".
    """

    role: Role
    la_code: str | None
    locality: str | None
    urn: str | None
    system_leader_id: int | None
    to_date: date | None
    source: str


@dataclass(frozen=True)
class Standing:
    """What a person is here today.

    Attributes:
        acting_for: the LAs for which the viewer acts now; () for an admin of no LA.
        choices: sets of LAs for which their rights differ: they act for one of them at a time.
        given: every role that they have today.
        is_local: there is no sign-in: the one person at this machine.
    """

    viewer: Viewer
    acting_for: tuple[str, ...] = ()
    choices: tuple[tuple[str, ...], ...] = ()
    given: tuple[Given, ...] = ()
    is_local: bool = False


def local_standing() -> Standing:
    """Where no sign-in is configured: the one person at this machine, who may do everything."""
    return Standing(local_viewer(), is_local=True)


def access_settings(data: DataDir) -> AccessSettings:
    """How people are known here, and what their claims give.

    Raises:
        RulesRefused: access.toml is not as it must be.
    """
    return read_access(data.root / "access.toml")


def standing_of(
    records: Records,
    settings: AccessSettings,
    claims: Mapping[str, Any],
    now: datetime,
    acting: str | None = None,
) -> Standing:
    """Who a person is whom the provider has signed in.

    Args:
        records: all of them.
        claims: what the provider says of the person.
        acting: an LA for which they want to act; their widest rights count where it is None or none of theirs.
    Raises:
        NotAllowed: the provider does not say who they are, their session is over, or they have no role today.
    """
    person = _person(settings, claims)
    if session_is_over(settings, claims, now):
        raise NotAllowed("Your session is over.", ["Sign in again."])
    given = _given(records, settings, claims, person, now.date())
    if not given:
        raise NotAllowed(_NONE.format(person=person), [_REMEDY])
    by_la: dict[str, frozenset[Right]] = {}
    for one in given:
        if one.la_code is not None:
            by_la[one.la_code] = by_la.get(one.la_code, frozenset()) | RIGHTS_OF[one.role]
    groups: dict[frozenset[Right], list[str]] = {}
    for la_code, rights in sorted(by_la.items()):
        groups.setdefault(rights, []).append(la_code)
    ordered = sorted(groups.items(), key=lambda item: (-len(item[0]), item[1]))
    rights, codes = next((one for one in ordered if acting in one[1]), ordered[0] if ordered else (frozenset(), []))
    if any(one.role is Role.ADMIN for one in given):
        rights |= RIGHTS_OF[Role.ADMIN]
    return Standing(
        viewer=_viewer(person, rights, [one for one in given if one.la_code in codes], frozenset(codes)),
        acting_for=tuple(codes),
        choices=tuple(tuple(one) for _, one in ordered),
        given=tuple(given),
    )


def session_is_over(settings: AccessSettings, claims: Mapping[str, Any], now: datetime) -> bool:
    """Whether a person has to sign in again: so many hours after they did; also where the provider tells no time."""
    since = claims.get("iat")
    if not isinstance(since, int | float):
        return True
    return now >= datetime.fromtimestamp(since, UTC) + timedelta(hours=settings.session_hours)


def reasons(standing: Standing) -> list[str]:
    """Why a person can see what they see, a sentence for each role."""
    if standing.is_local:
        return ["You are at the machine that runs this copy, and no sign-in is configured: you may do everything."]
    return [_reason(one) for one in standing.given]


def rights_in_words(viewer: Viewer) -> list[str]:
    """What a viewer may do, each as it follows "You may"."""
    own = [right.value for right in Right if viewer.may(right)]
    own += [f"see what is agreed in the core group of {place or _WHOLE}" for _, place in sorted(viewer.localities)]
    own += [
        f"hold the meetings of the core group of {place or _WHOLE} and lock their minutes"
        for _, place in sorted(viewer.chairs)
    ]
    own += [f"see the page of your own school, {urn}" for urn in sorted(viewer.own_urns)]
    if viewer.system_leader_id is not None:
        own.append("see the schools that you are allocated to, while you are")
    return own


def grant_table(viewer: Viewer, records: Records, today: date) -> pd.DataFrame:
    """Every grant that was not withdrawn: Number, Person, Role, For, From, Until, Today, Note.

    Args:
        records: all of them.
    Raises:
        NotAllowed: the viewer is no admin.
    """
    require(viewer, Right.ADMIN)
    rows = [
        {
            "Number": one.id,
            "Person": one.person,
            "Role": one.role.value,
            "For": _what_for(one.la_code, one.locality, one.urn, one.system_leader_id),
            "From": one.from_date,
            "Until": one.to_date,
            "Today": "counts" if one.counts_on(today) else "does not count",
            "Note": one.note,
        }
        for one in grants(records)
    ]
    return pd.DataFrame(rows, columns=["Number", "Person", "Role", "For", "From", "Until", "Today", "Note"])


def grant_role(viewer: Viewer, records: Records, granted: NewGrant) -> int:
    """Give somebody a role.

    Returns:
        The grant's number.
    Raises:
        NotAllowed: the viewer is no admin.
        RecordRefused: with every problem.
    """
    require(viewer, Right.ADMIN)
    return add_grant(records, viewer.name, granted)


def take_role(viewer: Viewer, records: Records, grant_id: int, reason: str) -> None:
    """Withdraw a grant: an open page of whoever had it shows nothing from its next run on.

    Raises:
        NotAllowed: the viewer is no admin.
        NotFound: no such grant.
        RecordRefused: no reason, or it is withdrawn already.
    """
    require(viewer, Right.ADMIN)
    known = {one.id: one for one in grants(records)}
    version = known[grant_id].version if grant_id in known else 1
    withdraw_grant(records, viewer.name, grant_id, version, reason)


def _person(settings: AccessSettings, claims: Mapping[str, Any]) -> str:
    named = claims.get(settings.person)
    if not isinstance(named, str) or not named.strip():
        raise NotAllowed(
            f"The sign-in does not say who you are: it has no {settings.person}.",
            ["Ask whoever runs this product: the provider must send it, or access.toml name another claim."],
        )
    if settings.person == "email" and claims.get("email_verified") is False:
        raise NotAllowed("The sign-in has not verified your e-mail address.", ["Verify it there, then sign in again."])
    return as_person(named)


def _given(
    records: Records, settings: AccessSettings, claims: Mapping[str, Any], person: str, today: date
) -> list[Given]:
    own = [_of_grant(records, one) for one in grants(records, person=person) if one.counts_on(today)]
    return own + [_of_claim(one) for one in settings.grant if _holds(claims.get(one.claim), one.value)]


def _holds(claim: Any, value: str) -> bool:
    return value in claim if isinstance(claim, list | tuple) else claim == value


def _of_grant(records: Records, one: Grant) -> Given:
    made = audit_trail(records, table="access_grant", record_id=one.id)[-1]
    source = f"granted by {made.who} on {in_words(made.at.date())}, number {one.id}"
    return Given(one.role, one.la_code, one.locality, one.urn, one.system_leader_id, one.to_date, source)


def _of_claim(one: ClaimGrant) -> Given:
    source = f'the sign-in says "{one.value}" of you ({one.claim})'
    return Given(one.role, one.la_code, one.locality, one.urn, None, None, source)


def _viewer(person: str, rights: frozenset[Right], given: Sequence[Given], la_codes: frozenset[str]) -> Viewer:
    sits = [one for one in given if one.role in (Role.MEMBER, Role.CHAIR)]
    return Viewer(
        person,
        rights,
        la_codes,
        system_leader_id=next((one.system_leader_id for one in given if one.role is Role.SYSTEM_LEADER), None),
        localities=frozenset(_group(one) for one in sits),
        chairs=frozenset(_group(one) for one in sits if one.role is Role.CHAIR),
        own_urns=frozenset(one.urn for one in given if one.role is Role.HEAD and one.urn),
    )


def _group(one: Given) -> tuple[str, str]:
    return one.la_code or "", WHOLE_LA if one.locality == _WHOLE else one.locality or WHOLE_LA


def _reason(one: Given) -> str:
    until = f" until {in_words(one.to_date)}" if one.to_date else ""
    what_for = _what_for(one.la_code, one.locality, one.urn, one.system_leader_id)
    return f"You are {one.role.value} for {what_for}{until}: {one.source}."


def _what_for(la_code: str | None, locality: str | None, urn: str | None, leader: int | None) -> str:
    parts = [
        f"LA {la_code}" if la_code else "this copy of the product",
        locality,
        f"school {urn}" if urn else None,
        f"system leader number {leader}" if leader else None,
    ]
    return ", ".join(part for part in parts if part)
