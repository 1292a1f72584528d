"""What belongs to a meeting: agenda, people, conflicts, decisions, actions; its lock, and amendments after it."""

from datetime import date

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine, text

from risk_model.casework import (
    NewAction,
    NewAgendaItem,
    NewAllocation,
    NewAttendance,
    NewConflict,
    NewDecision,
    NewMeeting,
    NewMeetingOutcome,
    Records,
    actions,
    add_action,
    add_agenda_item,
    add_attendance,
    add_conflict,
    add_meeting_outcome,
    add_meeting_with_agenda,
    agenda_items,
    allocations,
    attendances,
    audit_trail,
    change_action,
    change_agenda_item,
    change_attendance,
    change_meeting,
    change_meeting_outcome,
    close_records,
    conflicts,
    lock_meeting,
    one_meeting,
    open_records,
    record_decision,
    undo_decision,
    withdraw_action,
    withdraw_agenda_item,
    withdraw_attendance,
    withdraw_conflict,
)
from risk_model.casework.store import MIGRATIONS
from risk_model.domain.errors import NotFound, RecordRefused

DAY = date(2026, 12, 3)
FIRST, SECOND = "900001", "900002"
STEP_UP = NewMeetingOutcome(FIRST, "step up support", reason="Three years below.", review_by=date(2027, 3, 31))
AGREED = NewMeetingOutcome(FIRST, "step up support", "outcomes", "uncertain", "Books show more.", date(2027, 3, 31))
VISIT = NewAction("999", FIRST, "Visit the school.", "LA adviser", date(2027, 1, 15))
ASKED = NewAllocation("999", FIRST, "LA team", "School improvement", support_type="attendance", days_planned=4)


@pytest.fixture
def meeting(records: Records) -> int:
    """An open meeting with two schools on its agenda."""
    agenda = [
        NewAgendaItem(
            FIRST, ("Priority for support.", "Action overdue."), "priority", "unlikely", "uncertain", "likely"
        ),
        NewAgendaItem(SECOND, ("Review due.",)),
    ]
    return add_meeting_with_agenda(records, "lead", NewMeeting("999", "Alder Valley", DAY, chair="LA adviser"), agenda)


def decide_all(records: Records, meeting: int) -> None:
    record_decision(records, "lead", NewDecision(meeting, FIRST, STEP_UP, (AGREED,), (VISIT,), (ASKED,)))
    record_decision(records, "lead", NewDecision(meeting, SECOND, NewMeetingOutcome(SECOND, "not discussed")))


def lock(records: Records, meeting: int) -> None:
    lock_meeting(records, "lead", meeting, one_meeting(records, meeting).version)


def test_an_agenda_keeps_its_order_its_reasons_and_the_levels_as_they_stood(records: Records, meeting: int) -> None:
    first, second = agenda_items(records, meeting)
    assert (first.urn, first.place, second.urn, second.place) == (FIRST, 1, SECOND, 2)
    assert first.reasons == ("Priority for support.", "Action overdue.")
    assert (first.priority, first.outcomes_level, first.inspection_level) == ("priority", "unlikely", "likely")
    assert second.priority is None


def test_a_school_is_put_on_and_taken_off_once(records: Records, meeting: int) -> None:
    add_agenda_item(records, "lead", meeting, NewAgendaItem("900003", ("Asked for.",)))
    with pytest.raises(RecordRefused, match="needs attention") as refused:
        add_agenda_item(records, "lead", meeting, NewAgendaItem("900003", ("Again.",)))
    assert "on this agenda already" in refused.value.details[0]
    last = agenda_items(records, meeting)[-1]
    assert last.place == 3
    withdraw_agenda_item(records, "lead", last.id, last.version, "Not this term.")
    assert [one.urn for one in agenda_items(records, meeting)] == [FIRST, SECOND]


def test_a_meeting_with_a_wrong_school_is_not_added_at_all(records: Records) -> None:
    with pytest.raises(RecordRefused) as refused:
        add_meeting_with_agenda(
            records, "lead", NewMeeting("999", "Alder Valley", DAY), [NewAgendaItem("12", ("Because.",))]
        )
    assert "school 1, urn" in refused.value.details[0]
    with pytest.raises(NotFound):
        one_meeting(records, 1)


def test_a_meeting_with_a_person_listed_twice_is_not_added_at_all(records: Records) -> None:
    twice = [NewAttendance(0, "Head 12", "head teacher")] * 2
    with pytest.raises(RecordRefused) as refused:
        add_meeting_with_agenda(records, "lead", NewMeeting("999", "Alder Valley", DAY), [], twice)
    assert "person 2, label" in refused.value.details[0]
    with pytest.raises(NotFound):
        one_meeting(records, 1)


def test_a_decision_is_recorded_whole(records: Records, meeting: int) -> None:
    decide_all(records, meeting)
    found = one_meeting(records, meeting)
    whole = found.outcome_of(FIRST)
    assert whole is not None
    assert (whole.statement, whole.outcome, whole.review_by) == (None, "step up support", date(2027, 3, 31))
    assert [one.agreed_level for one in found.outcomes if one.statement] == ["uncertain"]
    (action,) = actions(records, meeting_id=meeting)
    assert (action.action, action.owner, action.due, action.state) == (
        "Visit the school.",
        "LA adviser",
        date(2027, 1, 15),
        "not started",
    )
    (support,) = allocations(records)
    assert (support.status, support.meeting_id, support.support_type) == ("proposed", meeting, "attendance")


def test_a_decision_with_a_wrong_action_records_nothing(records: Records, meeting: int) -> None:
    wrong = NewAction("999", FIRST, "Visit.", "", None)
    with pytest.raises(RecordRefused) as refused:
        record_decision(records, "lead", NewDecision(meeting, FIRST, STEP_UP, actions=(wrong,)))
    assert [one.split(":")[0] for one in refused.value.details] == ["owner", "due"]
    assert one_meeting(records, meeting).outcomes == ()
    assert actions(records) == []


def test_a_decision_that_somebody_else_made_meanwhile_is_not_overwritten(records: Records, meeting: int) -> None:
    record_decision(records, "lead", NewDecision(meeting, FIRST, STEP_UP))
    with pytest.raises(RecordRefused, match="somebody else has recorded one"):
        record_decision(records, "other", NewDecision(meeting, FIRST, NewMeetingOutcome(FIRST, "step down")))
    assert one_meeting(records, meeting).outcomes[0].outcome == "step up support"


def test_a_decision_made_anew_replaces_what_was_said_and_withdraws_what_is_not_said_again(
    records: Records, meeting: int
) -> None:
    record_decision(records, "lead", NewDecision(meeting, FIRST, STEP_UP, (AGREED,)))
    seen = frozenset((one.id, one.version) for one in one_meeting(records, meeting).outcomes)
    record_decision(records, "lead", NewDecision(meeting, FIRST, NewMeetingOutcome(FIRST, "step down"), seen=seen))
    assert [(one.statement, one.outcome) for one in one_meeting(records, meeting).outcomes] == [(None, "step down")]


def test_undo_takes_back_outcomes_actions_and_what_is_only_proposed(records: Records, meeting: int) -> None:
    decide_all(records, meeting)
    undo_decision(records, "lead", meeting, FIRST)
    assert [one.urn for one in one_meeting(records, meeting).outcomes] == [SECOND]
    assert actions(records) == []
    assert [one.status for one in allocations(records)] == ["withdrawn"]
    with pytest.raises(RecordRefused, match="nothing is decided"):
        undo_decision(records, "lead", meeting, FIRST)
    # and the school can be decided again, with the very same action
    record_decision(records, "lead", NewDecision(meeting, FIRST, STEP_UP, actions=(VISIT,)))
    assert len(actions(records)) == 1


def test_minutes_cannot_be_locked_while_an_outcome_is_missing(records: Records, meeting: int) -> None:
    record_decision(records, "lead", NewDecision(meeting, FIRST, STEP_UP))
    with pytest.raises(RecordRefused, match="not locked") as refused:
        lock(records, meeting)
    assert SECOND in refused.value.details[0]
    assert one_meeting(records, meeting).locked_at is None
    decide_all_second = NewDecision(meeting, SECOND, NewMeetingOutcome(SECOND, "deferred - need evidence"))
    record_decision(records, "lead", decide_all_second)
    lock(records, meeting)
    locked = one_meeting(records, meeting)
    assert locked.is_locked
    assert locked.locked_by == "lead"
    with pytest.raises(RecordRefused, match="locked already"):
        lock(records, meeting)


def test_locked_minutes_change_only_with_a_reason(records: Records, meeting: int) -> None:
    add_attendance(records, "lead", NewAttendance(meeting, "Head 12", "head teacher"))
    decide_all(records, meeting)
    lock(records, meeting)
    held = one_meeting(records, meeting)
    outcome = held.outcomes[0]
    person, item = attendances(records, meeting)[0], agenda_items(records, meeting)[0]
    again = NewDecision(
        meeting, FIRST, STEP_UP, seen=frozenset((o.id, o.version) for o in held.outcomes if o.urn == FIRST)
    )
    for refused in (
        lambda: change_meeting(records, "lead", meeting, held.version, {"chair": "Head 12"}),
        lambda: change_meeting_outcome(records, "lead", outcome.id, outcome.version, {"reason": "Other."}),
        lambda: add_meeting_outcome(
            records, "lead", meeting, NewMeetingOutcome(FIRST, "step down", "leadership", "likely")
        ),
        lambda: change_attendance(records, "lead", person.id, person.version, {"presence": "apologies"}),
        lambda: add_attendance(records, "lead", NewAttendance(meeting, "Head 13", "head teacher")),
        lambda: add_conflict(records, "lead", NewConflict(meeting, "Head 12", FIRST, "A relative.", "left the room")),
        lambda: change_agenda_item(records, "lead", item.id, item.version, {"place": 9}),
        lambda: add_agenda_item(records, "lead", meeting, NewAgendaItem("900003", ("Late.",))),
        lambda: add_action(records, "lead", NewAction("999", FIRST, "More.", "LA", DAY, meeting)),
        lambda: record_decision(
            records, "lead", NewDecision(meeting, FIRST, NewMeetingOutcome(FIRST, "step down"), seen=again.seen)
        ),
    ):
        with pytest.raises(RecordRefused):
            refused()
    with pytest.raises(RecordRefused, match="minutes are locked"):
        undo_decision(records, "lead", meeting, FIRST)
    change_meeting_outcome(
        records, "lead", outcome.id, outcome.version, {"reason": "Other."}, "The chair corrected the wording."
    )
    newest = audit_trail(records, table="meeting_outcome", limit=1)[0]
    assert (newest.reason, newest.after and newest.after["reason"]) == ("The chair corrected the wording.", "Other.")


def test_how_far_an_action_has_come_is_told_without_a_reason_also_after_the_lock(
    records: Records, meeting: int
) -> None:
    decide_all(records, meeting)
    lock(records, meeting)
    (action,) = actions(records)
    moved = change_action(records, "lead", action.id, 1, {"state": "complete", "done_on": "2027-01-10"})
    assert not moved.is_open
    with pytest.raises(RecordRefused):
        change_action(records, "lead", action.id, 2, {"due": "2027-02-01"})
    change_action(records, "lead", action.id, 2, {"due": "2027-02-01"}, "The school was closed by snow.")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"state": "complete"}, "done_on"),
        ({"state": "cannot progress"}, "state_reason"),
        ({"state": "in progress", "done_on": "2027-01-10"}, "done_on"),
    ],
)
def test_a_state_that_lacks_its_day_or_reason_is_refused(
    records: Records, changes: dict[str, object], field: str
) -> None:
    number = add_action(records, "lead", VISIT)
    with pytest.raises(RecordRefused) as refused:
        change_action(records, "lead", number, 1, changes)
    assert refused.value.details[0].startswith(field)


def test_an_action_is_overdue_from_the_day_after_it_was_due(records: Records) -> None:
    number = add_action(records, "lead", VISIT)
    (action,) = actions(records, urn=FIRST)
    assert not action.is_overdue_on(date(2027, 1, 15))
    assert action.is_overdue_on(date(2027, 1, 16))
    withdraw_action(records, "lead", number, 1, "Twice.")
    assert actions(records) == []


def test_people_and_conflicts_are_listed_once_and_withdrawn_with_a_reason(records: Records, meeting: int) -> None:
    add_attendance(records, "lead", NewAttendance(meeting, "Head 12", "head teacher", "900004"))
    declared = NewConflict(meeting, "Head 12", FIRST, "A relative teaches there.", "left the room")
    add_conflict(records, "lead", declared)
    for again in (
        lambda: add_attendance(records, "lead", NewAttendance(meeting, "Head 12", "governor")),
        lambda: add_conflict(records, "lead", declared),
    ):
        with pytest.raises(RecordRefused, match="was not added"):
            again()
    person, conflict = attendances(records, meeting)[0], conflicts(records, meeting)[0]
    assert (person.role, person.presence, conflict.part_taken) == ("head teacher", "present", "left the room")
    withdraw_conflict(records, "lead", conflict.id, 1, "It was another school.")
    withdraw_attendance(records, "lead", person.id, 1, "Not asked.")
    assert (attendances(records, meeting), conflicts(records, meeting)) == ([], [])


def test_what_outcomes_said_of_actions_becomes_actions_when_the_records_move_on(empty_address: str) -> None:
    engine = create_engine(empty_address)
    config = Config()
    config.set_main_option("script_location", MIGRATIONS.as_posix())
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "r0003")
        connection.execute(
            text(
                "insert into meeting (version, la_code, locality, held_on) "
                "values (1, '999', 'Alder Valley', '2026-03-20')"
            )
        )
        connection.execute(
            text(
                "insert into meeting_outcome (version, meeting_id, urn, outcome, actions) "
                "values (1, 1, '900001', 'step up support', 'Head: a plan.'), (1, 1, '900002', 'step down', null)"
            )
        )
    engine.dispose()
    records = open_records(empty_address)
    (action,) = actions(records)
    assert (action.urn, action.meeting_id, action.action, action.owner, action.due) == (
        "900001",
        1,
        "Head: a plan.",
        None,
        None,
    )
    assert audit_trail(records, table="action")[0].reason == "taken from the outcome 1"
    assert len(one_meeting(records, 1).outcomes) == 2
    close_records(records)
