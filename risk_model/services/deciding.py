"""What a core group decides: recorded, taken back, locked, amended; refused where the law or the form does."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from risk_model.casework import (
    MeetingOutcomeWord,
    NewAction,
    NewAllocation,
    NewDecision,
    NewMeetingOutcome,
    agenda_items,
    lock_meeting,
    one_meeting,
    record_decision,
    undo_decision,
)
from risk_model.domain.errors import NotFound, RecordRefused
from risk_model.domain.viewer import Right, Viewer, require
from risk_model.domain.words import Level, Route, Statement
from risk_model.services.copy import Copy
from risk_model.services.meeting_room import held_meeting
from risk_model.services.seeing import require_chair
from risk_model.services.support_changes import refuse_unfit

_FOR_ACADEMIES = MeetingOutcomeWord.REFER_TO_REGIONAL_DIRECTOR
DEFERRED = MeetingOutcomeWord.DEFERRED.value
_FOR_MAINTAINED = MeetingOutcomeWord.CONSIDER_WARNING_NOTICE


@dataclass(frozen=True)
class Decision:
    """What a core group decides for one school, as its form gives it.

    Attributes:
        levels: the level that the group agrees on, for the statements for which it agrees on one.
        levels_reason: why they differ from the computed ones.
        restricted_note: None leaves the note as it is: whoever decides may not have seen it.
        actions: what, who, by when.
        seen: numbers and versions of the outcomes that the form was opened on.
        amends: why locked minutes are amended; "" for open ones.
    """

    meeting_id: int
    urn: str
    outcome: str
    reason: str = ""
    review_by: date | None = None
    restricted_note: str | None = None
    levels: Mapping[Statement, str] | None = None
    levels_reason: str = ""
    actions: tuple[tuple[str, str, date | None], ...] = ()
    support: tuple[NewAllocation, ...] = ()
    seen: frozenset[tuple[int, int]] = frozenset()
    amends: str = ""


def outcome_choices(viewer: Viewer, copy: Copy, urn: str) -> list[str]:
    """The outcomes that the law and the form allow for a school, in the order of the form.

    Raises:
        NotAllowed: the viewer may not write.
        NotFound: no school of the shown build has the URN.
    """
    require_chair(viewer)
    not_for = {
        Route.REGIONAL_DIRECTOR.value: _FOR_MAINTAINED,
        Route.LA_SUPPORT.value: _FOR_ACADEMIES,
    }.get(_route(copy, urn))
    return [one.value for one in MeetingOutcomeWord if one != not_for]


def decide(viewer: Viewer, copy: Copy, new: Decision) -> None:
    """Record what a core group decides for one school: outcome, agreed levels, actions, support asked for; all at once.

    Raises:
        NotAllowed: the viewer may not write, or writes a restricted note, which they may not see.
        NotFound: no such meeting, or the school is not on its agenda.
        RecordRefused: not valid; an agreed level that differs has no reason or review-by date; an outcome that the
            law does not allow for its type of school; support that does not fit; somebody else was faster.
    """
    meeting = held_meeting(viewer, copy, new.meeting_id)
    if new.restricted_note is not None:
        require(viewer, Right.RESTRICTED)
    _require_on_agenda(copy, new.meeting_id, new.urn)
    _refuse_wrong_route(copy, new)
    _refuse_unexplained(copy, new)
    support = tuple(replace(one, meeting_id=new.meeting_id) for one in new.support)
    for one in support:
        refuse_unfit(viewer, copy, one)
    record_decision(
        copy.records,
        viewer.name,
        NewDecision(
            meeting_id=new.meeting_id,
            urn=new.urn,
            outcome=NewMeetingOutcome(
                new.urn,
                new.outcome,
                reason=new.reason,
                review_by=new.review_by,
                restricted_note=_note(copy, new),
            ),
            levels=tuple(
                NewMeetingOutcome(
                    new.urn, new.outcome, statement.value, level, new.levels_reason or new.reason, new.review_by
                )
                for statement, level in (new.levels or {}).items()
            ),
            actions=tuple(NewAction(meeting.la_code, new.urn, what, who, due) for what, who, due in new.actions),
            support=support,
            seen=new.seen,
        ),
        new.amends,
    )


def undo(viewer: Viewer, copy: Copy, meeting_id: int, urn: str) -> None:
    """Take back what an open meeting decided for a school.

    Raises:
        NotAllowed: the viewer may not write.
        RecordRefused: the minutes are locked, or nothing was decided.
    """
    held_meeting(viewer, copy, meeting_id)
    undo_decision(copy.records, viewer.name, meeting_id, urn)


def lock(viewer: Viewer, copy: Copy, meeting_id: int, version: int) -> None:
    """Lock the minutes of a meeting.

    Raises:
        NotAllowed: the viewer may not write.
        RecordRefused: a school has no outcome, or somebody changed the meeting.
    """
    held_meeting(viewer, copy, meeting_id)
    lock_meeting(copy.records, viewer.name, meeting_id, version)


def _note(copy: Copy, new: Decision) -> str | None:
    if new.restricted_note is not None:
        return new.restricted_note
    # as recorded: whoever decides need not see it to leave it as it is
    outcomes = one_meeting(copy.records, new.meeting_id).outcomes
    known = [one for one in outcomes if one.urn == new.urn and one.statement is None]
    return known[0].restricted_note if known else None


def _require_on_agenda(copy: Copy, meeting_id: int, urn: str) -> None:
    if not any(one.urn == urn for one in agenda_items(copy.records, meeting_id)):
        raise NotFound(f"The school {urn[:20]} is not on this agenda.", ["Nothing was recorded.", "Put it on first."])


def _route(copy: Copy, urn: str) -> str:
    rows = copy.reader.rows("select route from schools_at_risk where urn = $urn", {"urn": urn})
    if not rows:
        raise NotFound(f"No school of this build has the URN {urn[:20]}.", ["Nothing was recorded.", "Check it."])
    return str(rows[0]["route"])


def _refuse_wrong_route(copy: Copy, new: Decision) -> None:
    route = _route(copy, new.urn)
    if new.outcome == _FOR_ACADEMIES and route != Route.REGIONAL_DIRECTOR:
        raise RecordRefused(
            "The decision was not recorded: this school is not an academy.",
            ["Only academies and free schools are referred to the regional director.", "Choose another outcome."],
        )
    if new.outcome == _FOR_MAINTAINED and route != Route.LA_SUPPORT:
        raise RecordRefused(
            "The decision was not recorded: this school is not maintained by the LA.",
            [
                "The LA can give no warning notice to an academy.",
                "Refer it to the regional director, or meet the trust.",
            ],
        )


def _refuse_unexplained(copy: Copy, new: Decision) -> None:
    rows = copy.reader.rows("select statement, level from statement_levels where urn = $urn", {"urn": new.urn})
    computed = {Statement(row["statement"]): Level(row["level"]) for row in rows}
    differing = [one for one, level in (new.levels or {}).items() if computed.get(one) != level]
    if differing and not (new.levels_reason or new.reason).strip():
        raise RecordRefused(
            "The decision was not recorded: an agreed level differs from the computed one.", ["Say what the group saw."]
        )
    if differing and new.review_by is None:
        raise RecordRefused(
            "The decision was not recorded: an agreed level differs from the computed one.",
            ["Give a day by which the group looks again."],
        )
