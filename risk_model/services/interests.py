"""Interests: schools and leaders who offer to help beyond their own, and what came of it."""

from collections.abc import Mapping
from datetime import date

import pandas as pd

from risk_model.casework import (
    Interest,
    InterestStatus,
    NewInterest,
    NewSystemLeader,
    Role,
    accept_interest,
    add_interest,
    change_interest,
    interests,
)
from risk_model.domain.errors import RecordRefused
from risk_model.domain.viewer import Right, Viewer, require
from risk_model.services.copy import Copy
from risk_model.services.school_facts import school_facts
from risk_model.services.scope import Scope

__all__ = [
    "Interest",
    "NewInterest",
    "accept",
    "change_offer",
    "interest_choices",
    "interests_table",
    "offers",
    "register",
]


def offers(viewer: Viewer, copy: Copy, scope: Scope) -> list[Interest]:
    """Every interest of the LA in scope, whatever came of it; the newest first.

    Raises:
        NotAllowed: the viewer may not read.
    """
    require(viewer, Right.PEOPLE)
    return interests(copy.records, la_code=scope.la_code)


def interests_table(viewer: Viewer, copy: Copy, known: list[Interest]) -> pd.DataFrame:
    """Interests as a table, a row each, in their order.

    Raises:
        NotAllowed: the viewer may not read.
    """
    require(viewer, Right.PEOPLE)
    schools = school_facts(viewer, copy, [one.urn for one in known if one.urn is not None])
    columns = ["Who", "School", "Role", "Phase", "Specialisms", "Strengths", "Days a term", "Registered", "Status",
               "Reason", "Number"]  # fmt: skip
    rows = [
        (
            one.label,
            "not recorded" if one.urn is None else schools[one.urn].name if one.urn in schools else f"URN {one.urn}",
            one.role.value,
            one.phase,
            one.specialisms,
            one.strengths,
            one.days_per_term,
            one.registered_on,
            one.status.value,
            one.status_reason,
            one.id,
        )
        for one in known
    ]
    return pd.DataFrame(rows, columns=columns)


def register(viewer: Viewer, copy: Copy, new: NewInterest) -> int:
    """Record an interest.

    Returns:
        The new record's number.
    Raises:
        NotAllowed: the viewer may not write.
        RecordRefused: the school is not known here, or the record is not valid.
    """
    require(viewer, Right.SUPPORT)
    if new.urn is not None and new.urn not in school_facts(viewer, copy, [new.urn]):
        raise RecordRefused(
            f"The interest was not recorded: no open school with the URN {new.urn[:20]} is loaded.",
            ["Check the URN, or leave it blank."],
        )
    return add_interest(copy.records, viewer.name, new)


def change_offer(viewer: Viewer, copy: Copy, interest_id: int, version: int, changes: Mapping[str, object]) -> Interest:
    """Change an interest, such as its status; "accepted" is for `accept`.

    Raises:
        NotAllowed: the viewer may not write.
        RecordRefused: not valid, or changed by somebody else.
    """
    require(viewer, Right.SUPPORT)
    return change_interest(copy.records, viewer.name, interest_id, version, changes)


def accept(
    viewer: Viewer, copy: Copy, interest_id: int, version: int, available_from: date, accredited_by: str | None
) -> int:
    """Accept an interest: a system leader is recorded with what the interest says, in the same transaction.

    Returns:
        The new system leader's number.
    Raises:
        NotAllowed: the viewer may not write.
        RecordRefused: there is none of that number, it is accepted already, or somebody else changed it.
    """
    require(viewer, Right.SUPPORT)
    one = next((each for each in interests(copy.records) if each.id == interest_id), None)
    if one is None:
        raise RecordRefused(f"There is no interest number {interest_id}.", ["Load the page again."])
    home = school_facts(viewer, copy, [one.urn]).get(one.urn) if one.urn is not None else None
    leader = NewSystemLeader(
        la_code=one.la_code,
        label=one.label,
        role=one.role,
        home_urn=one.urn,
        locality=home.locality if home else None,
        phase=one.phase,
        specialisms=one.specialisms,
        strengths=one.strengths,
        days_per_term=one.days_per_term,
        available_from=available_from,
        accredited_by=accredited_by,
    )
    _, number = accept_interest(copy.records, viewer.name, interest_id, version, leader)
    return number


def interest_choices() -> dict[str, list[str]]:
    """What a form about an interest offers: role, and status without "accepted", for which there is `accept`."""
    return {
        "role": [one.value for one in Role],
        "status": [one.value for one in InterestStatus if one is not InterestStatus.ACCEPTED],
    }
