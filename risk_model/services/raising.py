"""Raising academies with the regional director (RSC): drafted, sent, acknowledged, answered, closed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import pandas as pd

from risk_model.casework import (
    ENDED_REFERRALS,
    WITH_REGIONAL_DIRECTOR,
    Ask,
    NewReferral,
    Referral,
    ReferralStatus,
    add_referral,
    audit_trail,
    change_referral,
)
from risk_model.domain.errors import NotAllowed, NotFound, RecordRefused
from risk_model.domain.periods import in_words
from risk_model.domain.viewer import Right, Viewer, require, require_la
from risk_model.services.copy import Copy
from risk_model.services.director_content import director_settings
from risk_model.services.director_list import NO_TRUST, dfe_programmes, require_academies, seen_referrals

__all__ = [
    "NewReferral",
    "OneRaise",
    "RaisedPage",
    "change_raise",
    "draft_ask",
    "one_raise",
    "raise_academy",
    "raise_choices",
    "raise_warnings",
    "raised_in_words",
    "raised_page",
    "raised_table",
]
# how a meeting speaks of the steps
STEPS: Mapping[ReferralStatus, str] = {
    ReferralStatus.DRAFTED: "drafted",
    ReferralStatus.DISCUSSED_WITH_TRUST: "discussed with the trust",
    ReferralStatus.WRITTEN_TO_TRUST: "written to the trust",
    ReferralStatus.RAISED: "sent",
    ReferralStatus.ACKNOWLEDGED: "acknowledged",
    ReferralStatus.UNDER_REVIEW: "under DfE review",
    ReferralStatus.OUTCOME_ADVISED: "replied",
    ReferralStatus.CLOSED: "closed",
    ReferralStatus.WITHDRAWN: "withdrawn",
}
_NAMES_SQL = "select urn, name, trust_name from schools where list_contains($urns, urn)"
_NOT_RECORDED = "not recorded"
_UNKNOWN = "a school that is not loaded"


@dataclass(frozen=True)
class RaisedPage:
    """What this LA has raised.

    Attributes:
        counts: how many stand at each step, in the order of the steps.
        open: {number: "academy: step"} of those that are not closed or withdrawn, the next date first.
        every: the same of all, the newest first.
        overdue: of those, how many should have been looked at before the as-at date.
        table: all, as `raised_table` gives them.
    """

    counts: dict[str, int]
    open: dict[int, str]
    every: dict[int, str]
    overdue: int
    table: pd.DataFrame

    @property
    def sentence(self) -> str:
        """The steps and how many stand there, in one line."""
        return " · ".join(f"{step} {n}" for step, n in self.counts.items())


@dataclass(frozen=True)
class OneRaise:
    """One academy raised.

    Attributes:
        history: When (UTC), Who, What: the newest first.
        programme: of DfE that it is known to be in; "" for none.
    """

    referral: Referral
    name: str
    programme: str
    history: pd.DataFrame


def raised_page(viewer: Viewer, copy: Copy, la_code: str) -> RaisedPage:
    """What an LA has raised, and what is due.

    Raises:
        NotAllowed: the viewer may not read this LA.
    """
    require_la(viewer, la_code, Right.RAISE)
    known = seen_referrals(viewer, copy, la_code)
    names = _names(copy, known)
    newest = sorted(known, key=lambda one: one.id, reverse=True)
    # one without a next date comes after those that have one
    still_open = sorted(
        (one for one in known if one.status not in ENDED_REFERRALS),
        key=lambda one: (one.next_date is None, one.next_date or copy.build.as_at, one.id),
    )
    return RaisedPage(
        counts={words: sum(one.status is step for one in known) for step, words in STEPS.items()},
        open={one.id: f"{names[one.urn]}: {STEPS[one.status]}" for one in still_open},
        every={one.id: f"{names[one.urn]}: {STEPS[one.status]}" for one in newest},
        overdue=sum(_is_overdue(copy, one) for one in still_open),
        table=raised_table(viewer, copy, known),
    )


def raised_table(viewer: Viewer, copy: Copy, raised: Sequence[Referral]) -> pd.DataFrame:
    """What has been raised, the newest first: academy, step, dates, concern, ask, answers, owner, number.

    Raises:
        NotAllowed: the viewer may not read.
    """
    require(viewer, Right.PEOPLE)
    names = _names(copy, raised)
    rows = [
        {
            "Academy": names[one.urn],
            "Status": one.status,
            "Raised on": one.raised_on,
            "Next date": one.next_date,
            "Overdue": "overdue" if _is_overdue(copy, one) else "no",
            "Concern": one.concern,
            "Kind of ask": one.ask_kind or _NOT_RECORDED,
            "Ask": one.ask or _NOT_RECORDED,
            "Reply": one.reply or _NOT_RECORDED,
            "With the trust on": one.raised_with_trust_on,
            "Trust's answer": one.trust_reply or _NOT_RECORDED,
            "DfE programme": one.programme or "none known",
            "Owner": one.owner or _NOT_RECORDED,
            "URN": one.urn,
            "Number": one.id,
        }
        for one in sorted(raised, key=lambda one: one.id, reverse=True)
    ]
    return pd.DataFrame(rows)


def one_raise(viewer: Viewer, copy: Copy, la_code: str, referral_id: int) -> OneRaise:
    """One academy raised, with its history.

    Raises:
        NotAllowed: the viewer may not read this LA.
        NotFound: this LA has none of that number.
    """
    require_la(viewer, la_code, Right.RAISE)
    found = [one for one in seen_referrals(viewer, copy, la_code) if one.id == referral_id]
    if not found:
        raise NotFound(f"There is no academy raised under number {referral_id}.", ["Load the page again."])
    (one,) = found
    history = [
        (entry.at, entry.who, _what(entry.before, entry.after or {}, entry.reason, viewer))
        for entry in audit_trail(copy.records, table="referral", record_id=one.id)
    ]
    return OneRaise(
        referral=one,
        name=_names(copy, found)[one.urn],
        programme=dfe_programmes(viewer, copy, la_code).get(one.urn, ""),
        history=pd.DataFrame(history, columns=["When", "Who", "What"]),
    )


def raise_warnings(viewer: Viewer, copy: Copy, la_code: str, urn: str) -> list[str]:
    """What speaks against raising an academy as new, a sentence each.

    Raises:
        NotAllowed: the viewer may not read this LA.
    """
    require_la(viewer, la_code, Right.RAISE)
    programme = dfe_programmes(viewer, copy, la_code).get(urn)
    return [f"It is in a programme of DfE already: {programme}."] if programme else []


def raise_academy(viewer: Viewer, copy: Copy, new: NewReferral) -> int:
    """Record that an academy is raised, or that this is being drafted.

    Returns:
        The record's number.
    Raises:
        NotAllowed: the viewer may not write, not this LA, or the school is no academy of it.
        RecordRefused: not valid; raised already and still open; or it is in a programme of DfE and no
            `programme_reason` is given.
    """
    require(viewer, Right.RAISE)
    _refuse_note(viewer, new.restricted_note)
    require_academies(viewer, copy, new.la_code, [new.urn])
    before = seen_referrals(viewer, copy, new.la_code, urn=new.urn)
    still_open = [one for one in before if one.status not in ENDED_REFERRALS]
    if still_open:
        raise RecordRefused(
            f"This academy is raised already, under number {still_open[0].id}: {STEPS[still_open[0].status]}.",
            ["Nothing was changed.", "Change that one."],
        )
    warnings = raise_warnings(viewer, copy, new.la_code, new.urn)
    if warnings or (new.programme or "").strip():
        _require_programme_reason(warnings, new.programme_reason)
        known = dfe_programmes(viewer, copy, new.la_code).get(new.urn, "")
        new = replace(new, programme=(new.programme or "").strip() or known[:200])
    return add_referral(copy.records, viewer.name, new)


def change_raise(
    viewer: Viewer,
    copy: Copy,
    la_code: str,
    referral_id: int,
    version: int,
    changes: Mapping[str, object],
    reason: str | None = None,
) -> Referral:
    """Change what is recorded of an academy raised: its step, an answer, the next date.

    Raises:
        NotAllowed: the viewer may not write, or not this LA.
        NotFound: this LA has none of that number.
        RecordRefused: not valid, changed by somebody else, another school; or it is sent although it is in a programme
            of DfE and no `programme_reason` is given.
    """
    require(viewer, Right.RAISE)
    _refuse_note(viewer, changes.get("restricted_note"))
    one = one_raise(viewer, copy, la_code, referral_id)
    before = one.referral
    if changes.get("urn", before.urn) != before.urn:
        raise RecordRefused(
            "An academy raised stays the same academy. Nothing was changed.", ["Withdraw this, and raise the other."]
        )
    is_sent = changes.get("status", before.status) in WITH_REGIONAL_DIRECTOR
    programme = changes.get("programme", before.programme) or one.programme
    if is_sent and before.status not in WITH_REGIONAL_DIRECTOR and programme:
        given = changes.get("programme_reason", before.programme_reason)
        _require_programme_reason([f"It is in a programme of DfE already: {programme}."], given)
    return change_referral(copy.records, viewer.name, referral_id, version, changes, reason)


def draft_ask(viewer: Viewer, copy: Copy, la_code: str, urn: str, kind: str) -> str:
    """How an ask of a kind is worded at first for an academy; "" for a kind without wording.

    Raises:
        NotAllowed: the viewer may not read this LA, or the school is no academy of it.
        RulesRefused: the LA's own director.toml is not valid.
    """
    require_academies(viewer, copy, la_code, [urn])
    (school,) = copy.reader.rows(_NAMES_SQL, {"urns": [urn]})
    words = {"academy": school["name"], "trust": school["trust_name"] or NO_TRUST.lower()}
    return director_settings(viewer, copy, la_code).ask_text(kind, words)


def raise_choices() -> dict[str, list[str]]:
    """The words that a form offers: {"status": …, "ask_kind": …}."""
    return {"status": [one.value for one in ReferralStatus], "ask_kind": [one.value for one in Ask]}


def _refuse_note(viewer: Viewer, note: object) -> None:
    """A note for officers alone is written by an officer: nobody else could see what they replace."""
    if note is not None and not viewer.may(Right.RESTRICTED):
        raise NotAllowed(f"{viewer.name} may not change this: the note is for the LA's officers alone.", [])


def _require_programme_reason(warnings: Sequence[str], reason: object) -> None:
    if not str(reason or "").strip():
        raise RecordRefused(
            "This academy was not raised: DfE knows of it already.",
            [*warnings, "Say why it is raised all the same, or leave it."],
        )


def _is_overdue(copy: Copy, one: Referral) -> bool:
    return one.status not in ENDED_REFERRALS and one.next_date is not None and one.next_date < copy.build.as_at


def _names(copy: Copy, raised: Sequence[Referral]) -> dict[str, str]:
    urns = sorted({one.urn for one in raised})
    names = {row["urn"]: row["name"] for row in copy.reader.rows(_NAMES_SQL, {"urns": urns})}
    return {urn: names.get(urn, f"{_UNKNOWN} ({urn})") for urn in urns}


def _what(before: Mapping[str, object] | None, after: Mapping[str, object], reason: str | None, viewer: Viewer) -> str:
    """What one change did; to who is no officer, only that a restricted note was changed."""
    passed = {"version"} if viewer.may(Right.RESTRICTED) else {"version", "restricted_note"}
    if before is None:
        said = f"recorded as {after.get('status')}"
    else:
        said = "; ".join(
            f"{name.replace('_', ' ')}: {_shown(before.get(name))} → {_shown(value)}"
            for name, value in after.items()
            if name not in passed and before.get(name) != value
        )
        said = said or "the note for officers alone was changed"
    return f"{said}. Reason: {reason}" if reason else said


def _shown(value: object) -> str:
    return _NOT_RECORDED if value is None else str(value)


def raised_in_words(one: Referral) -> str:
    """How far the raising of an academy has come, and the day on which it was raised, in a sentence."""
    whom = "with the regional director (RSC)"
    day = f" on {in_words(one.raised_on)}" if one.raised_on else ""
    if one.status is ReferralStatus.RAISED:
        return f"Raised {whom}{day}."
    return f"Raising {whom}: {STEPS[one.status]}{f'; raised{day}' if day else ''}."
