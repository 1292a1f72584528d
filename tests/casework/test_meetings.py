"""Core-group meetings, their outcomes, and what is refused."""

from dataclasses import replace
from datetime import date

import pytest

from risk_model.casework import (
    NewMeeting,
    NewMeetingOutcome,
    Records,
    add_meeting,
    add_meeting_outcome,
    audit_trail,
    change_meeting,
    change_meeting_outcome,
    meetings,
    withdraw_meeting,
    withdraw_meeting_outcome,
)
from risk_model.domain.errors import NotFound, RecordRefused
from risk_model.domain.words import Level, Statement

STEP_UP = NewMeetingOutcome(
    urn="900001",
    outcome="step up support",
    statement="outcomes",
    agreed_level="unlikely",
    reason="Three years below.",
    review_by=date(2027, 3, 1),
    restricted_note="The chair will resign.",
)
BASE = NewMeeting(
    la_code="999",
    locality="Alder Valley",
    held_on=date(2026, 10, 1),
    attending="Head; chair of governors; consortium colleague",
    outcomes=(STEP_UP,),
)


def test_add_meeting_comes_back_with_its_outcomes(records: Records) -> None:
    number = add_meeting(records, "tester", BASE)
    (found,) = meetings(records)
    (outcome,) = found.outcomes
    assert (found.id, found.locality, found.held_on) == (number, "Alder Valley", date(2026, 10, 1))
    assert (outcome.statement, outcome.agreed_level) == (Statement.OUTCOMES, Level.UNLIKELY)
    assert (outcome.outcome, outcome.review_by) == ("step up support", date(2027, 3, 1))
    assert [(entry.table, entry.what) for entry in audit_trail(records)] == [
        ("meeting_outcome", "created"),
        ("meeting", "created"),
    ]


def test_meetings_are_found_by_la_and_locality_newest_first(records: Records) -> None:
    for la_code, locality, day in [
        ("999", "Alder Valley", 1),
        ("999", "Alder Valley", 3),
        ("998", "Moor", 2),
    ]:
        add_meeting(records, "tester", NewMeeting(la_code, locality, date(2026, 10, day)))
    assert [found.held_on.day for found in meetings(records)] == [3, 2, 1]
    assert [found.held_on.day for found in meetings(records, la_code="999")] == [3, 1]
    assert [found.la_code for found in meetings(records, locality="Moor")] == ["998"]


def test_add_meeting_tells_the_faults_of_all_its_parts(records: Records) -> None:
    outcomes = (replace(STEP_UP, urn="1"), STEP_UP, replace(STEP_UP, outcome="remove flag", reason=None))
    with pytest.raises(RecordRefused) as error:
        add_meeting(records, "tester", replace(BASE, locality="", outcomes=outcomes))
    assert [detail.split(":")[0] for detail in error.value.details] == [
        "locality",
        "outcome 1, urn",
        "outcome 3, reason",
    ]
    assert meetings(records) == []
    assert audit_trail(records) == []


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("urn", "90000", "is not a URN"),
        ("outcome", "do nothing", "is not a known word"),
        ("statement", "finance", "Give one of: outcomes, leadership, inspection"),
        ("agreed_level", "bad", "Give one of: unlikely, uncertain, likely, not enough evidence"),
        ("reason", "x" * 2001, "Give at most 2000"),
        ("review_by", date(2026, 9, 30), "2026-09-30 is before the meeting, 2026-10-01"),
        ("restricted_note", "\x1b[31m", "control character"),
    ],
)
def test_outcome_with_a_fault_names_it(records: Records, field: str, value: object, message: str) -> None:
    meeting = add_meeting(records, "tester", replace(BASE, outcomes=()))
    with pytest.raises(RecordRefused) as error:
        add_meeting_outcome(
            records,
            "tester",
            meeting,
            replace(STEP_UP, **{field: value}),  # type: ignore[arg-type]
        )
    (detail,) = error.value.details
    assert detail.startswith(f"{field}:")
    assert message in detail


def test_second_outcome_for_one_school_and_statement_is_refused(records: Records) -> None:
    meeting = add_meeting(records, "tester", BASE)
    add_meeting_outcome(records, "tester", meeting, replace(STEP_UP, statement="leadership"))
    add_meeting_outcome(records, "tester", meeting, replace(STEP_UP, statement=None))
    for statement in ("outcomes", None):
        with pytest.raises(RecordRefused, match="has an outcome for this school and statement"):
            add_meeting_outcome(records, "tester", meeting, replace(STEP_UP, statement=statement))
    (found,) = meetings(records)
    assert len(found.outcomes) == 3


def test_outcome_of_no_meeting_is_refused(records: Records) -> None:
    with pytest.raises(RecordRefused, match="5 is not a meeting that stands"):
        add_meeting_outcome(records, "tester", 5, STEP_UP)


def test_change_meeting_and_outcome_are_audited(records: Records) -> None:
    meeting = add_meeting(records, "tester", BASE)
    changed = change_meeting(records, "lead", meeting, 1, {"attending": "Head"}, "One left.")
    assert (changed.attending, changed.version, len(changed.outcomes)) == ("Head", 2, 1)
    outcome = change_meeting_outcome(records, "lead", changed.outcomes[0].id, 1, {"agreed_level": None})
    assert (outcome.agreed_level, outcome.version) == (None, 2)
    assert [entry.what for entry in audit_trail(records)] == ["changed", "changed", "created", "created"]


def test_change_of_an_old_version_or_of_nothing_is_refused(records: Records) -> None:
    meeting = add_meeting(records, "tester", BASE)
    (outcome,) = meetings(records)[0].outcomes
    with pytest.raises(RecordRefused, match="after you opened it"):
        change_meeting(records, "lead", meeting, 2, {"attending": "Head"})
    with pytest.raises(RecordRefused, match="after you opened it"):
        change_meeting_outcome(records, "lead", outcome.id, 2, {"restricted_note": None})
    with pytest.raises(RecordRefused, match="never changed"):
        change_meeting_outcome(records, "lead", outcome.id, 1, {"urn": "900002"})
    with pytest.raises(RecordRefused, match="Withdraw the record"):
        change_meeting(records, "lead", meeting, 1, {"withdrawn_reason": None})
    with pytest.raises(NotFound):
        change_meeting_outcome(records, "lead", 99, 1, {"restricted_note": None})


def test_withdraw_outcome_leaves_it_in_the_audit_trail_alone(records: Records) -> None:
    meeting = add_meeting(records, "tester", BASE)
    (outcome,) = meetings(records)[0].outcomes
    with pytest.raises(RecordRefused, match="a reason is needed"):
        withdraw_meeting_outcome(records, "lead", outcome.id, 1, "")
    withdraw_meeting_outcome(records, "lead", outcome.id, 1, "The wrong school.")
    assert meetings(records)[0].outcomes == ()
    entry = audit_trail(records)[0]
    assert (entry.what, entry.reason, entry.record_id) == ("withdrawn", "The wrong school.", outcome.id)
    with pytest.raises(RecordRefused, match="this outcome is withdrawn"):
        withdraw_meeting_outcome(records, "lead", outcome.id, 2, "Again.")
    add_meeting_outcome(records, "tester", meeting, STEP_UP)


def test_withdraw_meeting_takes_its_outcomes_along(records: Records) -> None:
    meeting = add_meeting(records, "tester", BASE)
    with pytest.raises(RecordRefused, match="a reason is needed"):
        withdraw_meeting(records, "lead", meeting, 1, " ")
    withdraw_meeting(records, "lead", meeting, 1, "Did not take place.")
    assert meetings(records) == []
    with pytest.raises(RecordRefused, match="this meeting is withdrawn"):
        change_meeting(records, "lead", meeting, 2, {"attending": "Head"})
    with pytest.raises(RecordRefused, match="not a meeting that stands"):
        add_meeting_outcome(records, "lead", meeting, STEP_UP)
