"""Taking a step of a ladder, and what belongs to it. Recorded and reminded of; decided by people.

A step out of order is allowed with a reason alone. A maintained school's steps are never taken at an academy, nor the
other way round: the powers are not the same.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from risk_model.casework import (
    ENDED_REFERRALS,
    Escalation,
    NewEscalation,
    NewLadderStep,
    Referral,
    ReferralStatus,
    change_escalation,
    escalations,
    ladder_steps,
    open_escalation,
    referrals,
    take_step,
    withdraw_escalation,
    withdraw_step,
)
from risk_model.domain.errors import NotFound, RecordRefused
from risk_model.domain.viewer import Right, Viewer, require
from risk_model.domain.words import Route
from risk_model.rules.escalation import EscalationSettings, Ladder, Step, read_escalation_settings
from risk_model.services.copy import Copy
from risk_model.services.ladder import steps_done
from risk_model.services.letter_school import LetterSchool, letter_school


@dataclass(frozen=True)
class StepTaken:
    """What is filled in for a step.

    Attributes:
        number: of the escalation of a maintained school, or of the referral of an academy.
        step: its id in the ladder of such schools.
        checked: ids of the questions that were answered with yes.
        out_of_order_reason: needed where a step that must come first is not recorded.
    """

    urn: str
    number: int
    step: str
    taken_on: date
    decided_by: str | None = None
    paper: str | None = None
    checked: tuple[str, ...] = ()
    answer_by: date | None = None
    note: str | None = None
    out_of_order_reason: str | None = None


def begin_escalation(
    viewer: Viewer,
    copy: Copy,
    urn: str,
    opened_on: date,
    concern: str,
    owner: str | None = None,
    next_date: date | None = None,
) -> int:
    """Open an escalation of a maintained school.

    Returns:
        Its number.
    Raises:
        NotAllowed: the viewer may not write.
        NotFound: no school of this build has the URN.
        RecordRefused: the school is not maintained, has an escalation that is open, or something is not valid.
    """
    require(viewer, Right.LETTERS)
    school = letter_school(viewer, copy, urn)
    _refuse_route(school, Route.LA_SUPPORT)
    new = NewEscalation(school.la_code, urn, opened_on, concern, owner, next_date)
    return open_escalation(copy.records, viewer.name, new)


def take_ladder_step(viewer: Viewer, copy: Copy, taken: StepTaken) -> int:
    """Record a step; an academy's referral moves on with it, in the same transaction, and never back.

    Returns:
        The step's number.
    Raises:
        NotAllowed: the viewer may not write.
        NotFound: there is no such school, escalation or referral.
        RecordRefused: the step is not on the ladder of such schools, comes too soon without a reason, or is not valid.
        RulesRefused: the LA's own ladders are not valid.
    """
    require(viewer, Right.LETTERS)
    settings = read_escalation_settings(copy.data.root)
    school = letter_school(viewer, copy, taken.urn)
    ladder, step = _step_for(settings, school, taken.step)
    _refuse_unknown_checks(step, taken.checked)
    if school.is_academy:
        referral = _referral(copy, taken)
        recorded = ladder_steps(copy.records, referral_id=referral.id)
        new = _new_step(taken, referral_id=referral.id)
        _refuse_too_soon(ladder, step, steps_done(ladder, recorded, referral), taken)
        return take_step(copy.records, viewer.name, new, _referral_changes(ladder, step, referral, taken.taken_on))
    _require_escalation(copy, taken)
    recorded = ladder_steps(copy.records, escalation_id=taken.number)
    _refuse_too_soon(ladder, step, steps_done(ladder, recorded), taken)
    return take_step(copy.records, viewer.name, _new_step(taken, escalation_id=taken.number))


def edit_escalation(
    viewer: Viewer,
    copy: Copy,
    escalation_id: int,
    version: int,
    changes: Mapping[str, object],
    reason: str | None = None,
) -> Escalation:
    """Change an escalation's concern, owner or next date; close it with a day and a reason, or open it again.

    Raises:
        NotAllowed: the viewer may not write.
        NotFound: there is none of that number.
        RecordRefused: not valid, or changed by somebody else.
    """
    require(viewer, Right.LETTERS)
    return change_escalation(copy.records, viewer.name, escalation_id, version, changes, reason)


def take_back_step(viewer: Viewer, copy: Copy, step_id: int, version: int, reason: str) -> None:
    """Withdraw a step that was not taken. An academy's referral keeps its status: that is changed on its own page.

    Raises:
        NotAllowed: the viewer may not write.
        NotFound: there is none of that number.
        RecordRefused: no reason, or somebody else changed it.
    """
    require(viewer, Right.LETTERS)
    withdraw_step(copy.records, viewer.name, step_id, version, reason)


def take_back_escalation(viewer: Viewer, copy: Copy, escalation_id: int, version: int, reason: str) -> None:
    """Withdraw an escalation that should not be here, with its steps.

    Raises:
        NotAllowed: the viewer may not write.
        NotFound: there is none of that number.
        RecordRefused: no reason, or somebody else changed it.
    """
    require(viewer, Right.LETTERS)
    withdraw_escalation(copy.records, viewer.name, escalation_id, version, reason)


def _step_for(settings: EscalationSettings, school: LetterSchool, step_id: str) -> tuple[Ladder, Step]:
    ladder = settings.ladder_for(school.route)
    step = ladder.step(step_id) if ladder is not None else None
    if ladder is not None and step is not None:
        return ladder, step
    elsewhere = next((one for one in settings.ladders if one.step(step_id) is not None), None)
    if elsewhere is None:
        raise RecordRefused("The step was not recorded: there is no such step.", ["Choose one of the list."])
    raise RecordRefused(
        f"The step was not recorded: {school.name} is {school.what_it_is}, and this step is on the ladder "
        f'"{elsewhere.title}".',
        [f"The LA's powers are not the same over both. {settings.why}", "Choose a step of the school's own ladder."],
    )


def _refuse_route(school: LetterSchool, route: Route) -> None:
    if school.route == route:
        return
    what_to_do = (
        "An academy's steps hang on its referral: draft one on the page Regional director (RSC), then take its steps."
        if school.is_academy
        else "Only maintained schools have this ladder."
    )
    raise RecordRefused(
        f"The escalation was not opened: {school.name} is {school.what_it_is}.",
        ["The LA holds these powers over maintained schools alone.", what_to_do],
    )


def _refuse_unknown_checks(step: Step, checked: Sequence[str]) -> None:
    lost = [one for one in checked if one not in step.checks]
    if lost:
        raise RecordRefused(
            f'The step was not recorded: "{lost[0][:60]}" is no question of "{step.title}".', ["Load the page again."]
        )


def _refuse_too_soon(ladder: Ladder, step: Step, done: set[str], taken: StepTaken) -> None:
    missing = ladder.missing_before(step, done)
    if not missing or (taken.out_of_order_reason or "").strip():
        return
    before = ", ".join(f'"{one.title}"' for one in missing)
    raise RecordRefused(
        f'The step was not recorded: before "{step.title}" comes {before}.',
        ["Record that first, or say why this step is taken without it."],
    )


def _require_escalation(copy: Copy, taken: StepTaken) -> None:
    if all(one.id != taken.number for one in escalations(copy.records, urn=taken.urn)):
        raise NotFound(f"There is no escalation number {taken.number} of this school.", ["Load the page again."])


def _referral(copy: Copy, taken: StepTaken) -> Referral:
    found = next((one for one in referrals(copy.records, urn=taken.urn) if one.id == taken.number), None)
    if found is None:
        raise NotFound(f"There is no referral number {taken.number} of this school.", ["Load the page again."])
    if found.status in ENDED_REFERRALS:
        raise RecordRefused(
            f"The step was not recorded: this referral is {found.status}.",
            ["Take it up again on the page Regional director (RSC), with a reason, or begin a new one."],
        )
    return found


def _referral_changes(ladder: Ladder, step: Step, referral: Referral, day: date) -> dict[str, object]:
    """What becomes of the referral: a step that is recorded late does not take it back."""
    order = {one.status: place for place, one in enumerate(ladder.steps)}
    changes: dict[str, object] = {}
    if order[step.status] > order.get(referral.status, -1):
        changes["status"] = step.status
    if step.status == ReferralStatus.RAISED and referral.raised_on is None:
        changes["raised_on"] = day
    with_trust = (ReferralStatus.DISCUSSED_WITH_TRUST, ReferralStatus.WRITTEN_TO_TRUST)
    if step.status in with_trust and referral.raised_with_trust_on is None:
        changes["raised_with_trust_on"] = day
    return changes


def _new_step(taken: StepTaken, *, escalation_id: int | None = None, referral_id: int | None = None) -> NewLadderStep:
    return NewLadderStep(
        step=taken.step,
        taken_on=taken.taken_on,
        escalation_id=escalation_id,
        referral_id=referral_id,
        decided_by=taken.decided_by,
        paper=taken.paper,
        checked=", ".join(dict.fromkeys(taken.checked)) or None,
        out_of_order_reason=taken.out_of_order_reason,
        answer_by=taken.answer_by,
        note=taken.note,
    )
