"""Escalations and the steps of their ladders; an academy's steps move its referral in the same transaction."""

from dataclasses import replace
from datetime import date

import pytest

from risk_model.casework import (
    NewEscalation,
    NewLadderStep,
    NewReferral,
    Records,
    ReferralStatus,
    add_referral,
    audit_trail,
    change_escalation,
    change_step,
    escalations,
    ladder_steps,
    open_escalation,
    referrals,
    take_step,
    withdraw_escalation,
    withdraw_step,
)
from risk_model.domain.errors import NotFound, RecordRefused

BASE = NewEscalation(
    "999", "900001", date(2026, 9, 14), "Results fall, and the plan has no dates.", "LA lead", date(2026, 12, 1)
)
STEP = NewLadderStep(
    "formal_letter",
    date(2026, 10, 1),
    escalation_id=1,
    decided_by="LA lead",
    paper="File 12",
    checked="evidence_gathered, told_body",
    answer_by=date(2026, 10, 16),
)


def test_an_escalation_comes_back_whole(records: Records) -> None:
    number = open_escalation(records, "tester", BASE)
    (found,) = escalations(records, la_code="999", urn="900001")
    assert {name: getattr(found, name) for name in vars(BASE)} == vars(BASE)
    assert (found.id, found.version, found.closed_on, found.close_reason) == (number, 1, None, None)


def test_a_school_has_one_open_escalation(records: Records) -> None:
    number = open_escalation(records, "tester", BASE)
    with pytest.raises(RecordRefused, match=f"an escalation that is open, number {number}"):
        open_escalation(records, "tester", BASE)
    change_escalation(
        records, "tester", number, 1, {"closed_on": date(2026, 11, 1), "close_reason": "The plan has dates."}
    )
    later = open_escalation(records, "tester", replace(BASE, opened_on=date(2026, 11, 2)))
    with pytest.raises(RecordRefused, match=f"number {later}"):
        change_escalation(records, "tester", number, 2, {"closed_on": None, "close_reason": None}, "Too early.")
    assert [one.id for one in escalations(records)] == [later, number]
    assert [entry.what for entry in audit_trail(records, table="escalation", record_id=number)] == ["ended", "created"]


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"closed_on": date(2026, 11, 1)}, "close_reason: closing an escalation needs a reason"),
        ({"close_reason": "Done."}, "closed_on: a reason for closing needs the day"),
        ({"closed_on": date(2026, 9, 1), "close_reason": "Done."}, "closed_on: 2026-09-01 is before"),
        ({"next_date": date(2026, 9, 1)}, "next_date: 2026-09-01 is before"),
        ({"concern": ""}, "concern: nothing was given"),
        ({"urn": "900002"}, "urn: this is never changed"),
        ({"withdrawn_reason": "No."}, "withdrawn_reason: Withdraw the record instead"),
    ],
)
def test_an_escalation_that_cannot_be_is_refused(records: Records, changes: dict[str, object], problem: str) -> None:
    number = open_escalation(records, "tester", BASE)
    with pytest.raises(RecordRefused) as refused:
        change_escalation(records, "tester", number, 1, changes)
    assert problem in str(refused.value)


def test_to_open_one_again_needs_a_reason(records: Records) -> None:
    number = open_escalation(records, "tester", BASE)
    change_escalation(records, "tester", number, 1, {"closed_on": date(2026, 11, 1), "close_reason": "Done."})
    again = {"closed_on": None, "close_reason": None}
    with pytest.raises(RecordRefused, match="opening it again needs a reason"):
        change_escalation(records, "tester", number, 2, again)
    assert change_escalation(records, "tester", number, 2, again, "It fell back.").closed_on is None


def test_a_step_comes_back_whole_and_can_be_mended(records: Records) -> None:
    open_escalation(records, "tester", BASE)
    number = take_step(records, "tester", STEP)
    (found,) = ladder_steps(records, escalation_id=1)
    assert {name: getattr(found, name) for name in vars(STEP)} == vars(STEP)
    assert found.ticked == ("evidence_gathered", "told_body")
    assert change_step(records, "tester", number, 1, {"paper": "File 13"}).paper == "File 13"
    with pytest.raises(RecordRefused, match="step: this is never changed"):
        change_step(records, "tester", number, 2, {"step": "mediation"})


@pytest.mark.parametrize(
    ("new", "problem"),
    [
        (replace(STEP, escalation_id=None), "escalation_id: a step is of one escalation, or of one referral"),
        (replace(STEP, referral_id=1), "escalation_id: a step is of one escalation, or of one referral"),
        (replace(STEP, escalation_id=7), "escalation_id: there is no such escalation"),
        (replace(STEP, escalation_id=None, referral_id=7), "referral_id: there is no such referral"),
        (replace(STEP, taken_on=date(2026, 9, 13)), "taken_on: 2026-09-13 is before the escalation was opened"),
        (replace(STEP, answer_by=date(2026, 9, 30)), "answer_by: 2026-09-30 is before"),
        (replace(STEP, step=""), "step: nothing was given"),
    ],
)
def test_a_step_that_cannot_be_is_refused(records: Records, new: NewLadderStep, problem: str) -> None:
    open_escalation(records, "tester", BASE)
    add_referral(records, "tester", NewReferral("999", "900005", "Progress is falling."))
    with pytest.raises(RecordRefused) as refused:
        take_step(records, "tester", new)
    assert problem in str(refused.value)
    assert ladder_steps(records) == []


def test_a_step_is_recorded_once_a_day_and_never_at_a_closed_escalation(records: Records) -> None:
    open_escalation(records, "tester", BASE)
    number = take_step(records, "tester", STEP)
    with pytest.raises(RecordRefused, match="recorded for that day already"):
        take_step(records, "tester", STEP)
    withdraw_step(records, "tester", number, 1, "It was a talk, no letter.")
    assert ladder_steps(records) == []
    take_step(records, "tester", STEP)
    change_escalation(records, "tester", 1, 1, {"closed_on": date(2026, 11, 1), "close_reason": "Done."})
    with pytest.raises(RecordRefused, match="was closed on 2026-11-01"):
        take_step(records, "tester", replace(STEP, step="mediation"))


def test_the_steps_of_a_withdrawn_escalation_are_gone_from_the_lists(records: Records) -> None:
    open_escalation(records, "tester", BASE)
    take_step(records, "tester", STEP)
    withdraw_escalation(records, "tester", 1, 1, "The wrong school.")
    assert escalations(records) == []
    assert ladder_steps(records) == []
    with pytest.raises(RecordRefused, match="there is no such escalation"):
        take_step(records, "tester", replace(STEP, step="mediation"))


def test_an_academys_step_moves_its_referral_with_it(records: Records) -> None:
    referral = add_referral(records, "tester", NewReferral("999", "900005", "Progress is falling."))
    step = NewLadderStep("written", date(2026, 10, 1), referral_id=referral, note="Sent to the chief executive.")
    take_step(records, "tester", step, {"status": "written concern to trust"})
    (found,) = referrals(records)
    assert (found.status, found.version) == (ReferralStatus.WRITTEN_TO_TRUST, 2)
    entry = audit_trail(records, table="referral", record_id=referral)[0]
    assert entry.reason == "Sent to the chief executive."


def test_where_the_referral_cannot_move_the_step_is_not_recorded(records: Records) -> None:
    referral = add_referral(records, "tester", NewReferral("999", "900005", "Progress is falling."))
    step = NewLadderStep("raised", date(2026, 10, 1), referral_id=referral)
    with pytest.raises(RecordRefused, match="raised_on"):
        take_step(records, "tester", step, {"status": "raised with regional director"})
    assert ladder_steps(records) == []
    assert referrals(records)[0].status == ReferralStatus.DRAFTED


def test_steps_are_found_by_la_escalation_and_referral_in_their_order(records: Records) -> None:
    open_escalation(records, "tester", BASE)
    open_escalation(records, "tester", replace(BASE, la_code="998", urn="800001"))
    referral = add_referral(records, "tester", NewReferral("999", "900005", "Progress is falling."))
    later = take_step(records, "tester", STEP)
    first = take_step(records, "tester", replace(STEP, step="informal_challenge", taken_on=date(2026, 9, 20)))
    other = take_step(records, "tester", replace(STEP, escalation_id=2))
    academy = take_step(records, "tester", NewLadderStep("discussed", date(2026, 10, 5), referral_id=referral))
    assert [one.id for one in ladder_steps(records, la_code="999")] == [first, later, academy]
    assert [one.id for one in ladder_steps(records, escalation_id=2)] == [other]
    assert [one.id for one in ladder_steps(records, referral_id=referral)] == [academy]


def test_what_is_not_there_is_not_found(records: Records) -> None:
    with pytest.raises(NotFound):
        change_escalation(records, "tester", 1, 1, {"owner": "LA lead"})
    with pytest.raises(NotFound):
        withdraw_step(records, "tester", 1, 1, "Why.")
