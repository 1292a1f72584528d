"""A record as it was on a day, and what is noticed where somebody goes past the audit trail."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from risk_model.casework import (
    NewAllocation,
    NewMeeting,
    NewMeetingOutcome,
    Records,
    add_allocation,
    add_meeting,
    change_allocation,
    change_meeting_outcome,
    changed_fields,
    disagreements,
    end_of,
    meetings,
    records_then,
    withdraw_meeting_outcome,
)
from risk_model.casework.store import reading
from risk_model.casework.tables import METADATA
from tests.casework.past_the_guards import lift_guard, went_past
from tests.casework.test_store import fill

SUPPORT = NewAllocation("999", "900001", "LA team", "Finance", days_planned=6)
TODAY = datetime.now(UTC).date()
YESTERDAY = TODAY - timedelta(days=1)


def a_decision(records: Records) -> int:
    new = NewMeeting("999", "Alder Valley", TODAY, outcomes=(NewMeetingOutcome("900001", "step up support"),))
    add_meeting(records, "tester", new)
    return meetings(records)[0].outcomes[0].id


def test_a_day_ends_when_the_next_begins() -> None:
    assert end_of(date(2026, 2, 28)) == datetime(2026, 3, 1, tzinfo=UTC)


def test_what_was_written_down_by_the_day_is_shown_as_it_was_and_what_came_later_beside_it(records: Records) -> None:
    number = add_allocation(records, "tester", SUPPORT)
    change_allocation(records, "somebody", number, 1, {"days_planned": 8}, "agreed by telephone")
    (now,) = records_then(records, TODAY, ["allocation"])["allocation"]
    assert (now.image["days_planned"], now.is_recorded_later, now.since) == (8.0, False, ())
    (before,) = records_then(records, YESTERDAY, ["allocation"])["allocation"]
    assert (before.image["days_planned"], before.is_recorded_later) == (6.0, True)
    (change,) = before.since
    assert (change.who, change.reason) == ("somebody", "agreed by telephone")
    assert changed_fields(change) == [("days_planned", 6.0, 8.0)]


def test_a_record_changed_after_the_day_is_still_what_it_was(records: Records) -> None:
    number = add_allocation(records, "tester", SUPPORT)
    long_ago = "2026-01-10 09:00:00.000000"
    # as if it had been written down long ago: the guard is lifted for a moment, as no user can
    lift_guard(records, "audit", "update")
    went_past(records, f"update audit set at = '{long_ago}'")
    change_allocation(records, "somebody", number, 1, {"days_planned": 8})
    (then,) = records_then(records, date(2026, 1, 10), ["allocation"])["allocation"]
    assert (then.image["days_planned"], then.is_recorded_later, len(then.since)) == (6.0, False, 1)
    (a_day_before,) = records_then(records, date(2026, 1, 9), ["allocation"])["allocation"]
    assert a_day_before.is_recorded_later


def test_what_is_withdrawn_stood_until_then(records: Records) -> None:
    number = a_decision(records)
    withdraw_meeting_outcome(records, "tester", number, 1, "the wrong school")
    (now,) = records_then(records, TODAY, ["meeting_outcome"])["meeting_outcome"]
    (before,) = records_then(records, YESTERDAY, ["meeting_outcome"])["meeting_outcome"]
    assert (now.is_withdrawn, before.is_withdrawn) == (True, False)


def test_records_of_every_table_agree_with_the_audit_trail_after_every_kind_of_change(records: Records) -> None:
    fill(records)
    number = add_allocation(records, "tester", SUPPORT)
    change_allocation(records, "tester", number, 1, {"days_planned": 8})
    change_meeting_outcome(records, "tester", a_decision(records), 1, {"reason": "Results stay low."})
    assert disagreements(records) == []


def test_a_change_past_the_audit_trail_is_listed_whatever_the_table(records: Records) -> None:
    fill(records)
    tables = sorted(set(METADATA.tables) - {"audit", "export", "note_view"})
    with reading(records) as connection:
        filled = [name for name in tables if connection.execute(text(f"select count(*) from {name}")).scalar()]
    for table in filled:
        went_past(records, f"update {table} set version = version + 1 where id = 1")
    found = disagreements(records)
    assert [(one.table, one.record_id, one.fields) for one in found] == [(name, 1, ("version",)) for name in filled]
    assert len(filled) > 15


def test_the_log_of_exports_lets_no_line_be_changed(records: Records) -> None:
    fill(records)
    with pytest.raises(DatabaseError, match="never"):
        went_past(records, "update export set exported_by = 'somebody else'")


def test_a_change_past_the_trail_is_listed_after_an_honest_change_as_well(records: Records) -> None:
    number = add_allocation(records, "tester", SUPPORT)
    went_past(records, "update allocation set days_planned = 60")
    (found,) = disagreements(records)
    assert found.problem == "days_planned: not as the audit trail says."
    change_allocation(records, "tester", number, 1, {"aim": "Better maths"})
    (found,) = disagreements(records)
    assert found.fields == ("days_planned",)
    assert "without an entry in the audit trail" in found.problem


def test_a_record_without_an_entry_and_an_entry_without_a_record_are_listed(records: Records) -> None:
    add_allocation(records, "tester", SUPPORT)
    lift_guard(records, "allocation", "delete")
    went_past(records, "update allocation set id = 7")
    found = disagreements(records)
    assert [(one.record_id, one.problem) for one in found] == [
        (1, "the audit trail tells of it, and it is not there."),
        (7, "it is in no entry of the audit trail."),
    ]
