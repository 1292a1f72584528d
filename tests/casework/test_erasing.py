"""A system leader who left: what describes them goes everywhere, what they did stays, and the chain holds."""

import json
import re
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError

from risk_model.casework import (
    Allocation,
    NewAllocation,
    NewAttendance,
    NewDesignation,
    NewExport,
    NewGrant,
    NewInterest,
    NewMeeting,
    NewMeetingOutcome,
    NewSystemLeader,
    NewVisit,
    Records,
    ShownNote,
    add_allocation,
    add_attendance,
    add_designation,
    add_grant,
    add_interest,
    add_meeting,
    add_system_leader,
    allocations,
    audit_trail,
    change_system_leader,
    close_records,
    disagreements,
    end_allocation,
    end_system_leader,
    erase_leader,
    exports,
    held_on_leader,
    log_note_views,
    meetings,
    note_views,
    record_export,
    record_visit,
    system_leaders,
    verify,
    visits,
    withdraw_grant,
)
from risk_model.casework.store import reading, writing
from risk_model.casework.tables import METADATA
from risk_model.domain.errors import NotFound, RecordRefused
from tests.casework.past_the_guards import lift_guard, went_past

LABEL = "System leader 07"
ACCOUNT = "leader.seven@example.org"
TODAY = date(2026, 11, 22)
SECRET = "Collects beetles"  # pragma: allowlist secret
FIELDS = {
    "home_urn": "900077",
    "locality": "Alder Valley",
    "phase": "Primary",
    "specialisms": f"{SECRET} and phonics",
    "note": f"{SECRET}; leads a school well",
    "strengths": f"{SECRET} with pupils",
    "training": f"{SECRET} course",
    "head_since": date(2019, 9, 1),
    "ties": "900078",
    "limited_from": date(2026, 1, 5),
    "limited_note": f"{SECRET} all spring",
}


def leader_with_a_history(records: Records) -> int:
    """Somebody who helped, in every kind of record that may tell of a system leader."""
    leader = add_system_leader(records, "officer", NewSystemLeader("999", LABEL, "NLE", days_per_term=6, **FIELDS))
    other = add_system_leader(records, "officer", NewSystemLeader("999", f"{LABEL}1", "SLE", note="Stays"))
    add_system_leader(records, "officer", NewSystemLeader("998", LABEL, "NLE", note="Of another LA"))
    add_designation(records, "officer", NewDesignation(leader, "NLE", specialism=SECRET, note=SECRET))
    interest = NewInterest("999", LABEL, "NLE", date(2026, 1, 1), "900077", strengths=SECRET)
    number = add_interest(records, "officer", interest)
    went_past(records, f"update interest set system_leader_id = {leader} where id = {number}")
    went_past(records, f"update interest set system_leader_id = null where id <> {number}")
    given = NewAllocation(
        *("999", "900001", "school", LABEL, leader),
        days_planned=6,
        start_date=date(2026, 2, 1),
        end_date=date(2026, 6, 1),
        aim=f"{LABEL} and {LABEL}1 teach maths",
    )
    support = add_allocation(records, "officer", given)
    record_visit(records, LABEL, NewVisit(support, "900001", date(2026, 3, 1), LABEL, 1, note="Books look better."))
    end_allocation(records, "officer", support, 2, "completed", date(2026, 6, 1), f"{LABEL} is done")
    reason = f"Agreed with {LABEL}."
    outcome = NewMeetingOutcome("900001", "step up support", reason=reason)
    meeting = add_meeting(records, "officer", NewMeeting("999", "Alder Valley", date(2026, 3, 2), outcomes=(outcome,)))
    add_attendance(records, "officer", NewAttendance(meeting, LABEL, "system leader"))
    add_attendance(records, "officer", NewAttendance(meeting, f"{LABEL}1", "system leader"))
    record_export(records, LABEL, NewExport("999", "own schools", "own.csv", "a" * 64))
    log_note_views(records, LABEL, [ShownNote("900001", "meeting_outcome", 1, "A note.")])
    grant = add_grant(records, "admin", NewGrant(ACCOUNT, "system leader", "999", system_leader_id=leader, note=SECRET))
    withdraw_grant(records, "admin", grant, 1, f"{SECRET} elsewhere")
    # what they did and were shown while they signed in
    log_note_views(records, ACCOUNT, [ShownNote("900002", "meeting_outcome", 9, "Another note.")])
    add_allocation(
        records, ACCOUNT, NewAllocation("999", "900003", "LA team", "Finance", aim=f"Ask {ACCOUNT.upper()}.")
    )
    change_system_leader(records, "officer", leader, 1, {"note": f"{SECRET} still"}, f"{LABEL} said so")
    end_system_leader(records, "officer", leader, 2, date(2026, 7, 31), "Moved away")
    assert other == leader + 1
    return leader


def own_support(records: Records) -> Allocation:
    (found,) = allocations(records, urn="900001")
    return found


def all_text(records: Records) -> str:
    with reading(records) as connection:
        found = [{**row} for table in METADATA.tables.values() for row in connection.execute(select(table)).mappings()]
    return json.dumps(found, default=str, ensure_ascii=False)


def test_what_describes_them_is_nowhere_any_more(records: Records) -> None:
    leader = leader_with_a_history(records)
    before = all_text(records)
    assert before.count(SECRET) > 10
    erase_leader(records, "admin", leader, "Left two years ago", TODAY)
    after = all_text(records)
    assert SECRET not in after
    assert "900077" not in after
    assert "900078" not in after
    assert ACCOUNT not in after.lower()
    others = re.findall(rf"{LABEL}\w*", after)
    # the one whose label begins alike, and the one of another LA
    assert set(others) == {LABEL, f"{LABEL}1"}
    assert [one.note for one in system_leaders(records, la_code="998")] == ["Of another LA"]
    left = [text_of for text_of in re.findall(r'"[^"]*"', after) if re.search(rf"{LABEL}(?!\w)", text_of)]
    assert set(left) == {f'"{LABEL}"'}


def test_numbers_days_and_schools_stay(records: Records) -> None:
    leader = leader_with_a_history(records)
    support, visit = own_support(records), visits(records)[0]
    entries = len(audit_trail(records))
    erase_leader(records, "admin", leader, "Left two years ago", TODAY)
    kept = own_support(records)
    told = {
        "provider_name": f"erased {leader}",
        "system_leader_label": f"erased {leader}",
        "aim": f"erased {leader} and {LABEL}1 teach maths",
    }
    assert {name: getattr(kept, name) for name in told} == told
    assert kept.status_reason == f"erased {leader} is done"
    same = set(vars(kept)) - {*told, "status_reason"}
    assert {name: getattr(kept, name) for name in same} == {name: getattr(support, name) for name in same}
    (seen,) = visits(records)
    assert (seen.visited_by, seen.days, seen.visited_on, seen.note) == (
        f"erased {leader}",
        1,
        visit.visited_on,
        visit.note,
    )
    (shown,) = [one for one in system_leaders(records) if one.id == leader]
    assert (shown.label, shown.role, shown.days_per_term, shown.note) == (f"erased {leader}", "NLE", 6, "erased")
    assert (shown.home_urn, shown.head_since, shown.available_to) == (None, None, date(2026, 7, 31))
    assert exports(records)[0].exported_by == f"erased {leader}"
    assert {one.who for one in note_views(records)} == {f"erased {leader}"}
    assert meetings(records)[0].outcomes[0].reason == f"Agreed with erased {leader}."
    trail = audit_trail(records)
    assert len(trail) == entries + 1
    assert (trail[0].what, trail[0].who, trail[0].reason) == ("erased", "admin", "Left two years ago")


def test_the_chain_holds_and_records_agree_with_it(records: Records) -> None:
    leader = leader_with_a_history(records)
    before = {(one.table, one.record_id) for one in disagreements(records)}
    hashes = chain_of(records)
    erase_leader(records, "admin", leader, "Left two years ago", TODAY)
    assert chain_of(records)[: len(hashes)] == hashes
    seen = verify(records)
    assert [one for one in seen.findings if one.table in ("audit", "note_view")] == []
    # the interest was joined to the leader past the trail: that is told before and after
    assert {(one.table, one.number) for one in seen.findings} == before == {("interest", 1)}


def chain_of(records: Records) -> list[str]:
    with reading(records) as connection:
        return list(connection.execute(text("select hash from audit order by id")).scalars())


@pytest.mark.parametrize(
    "tampering",
    [
        "update audit set after = '{\"id\": 1}' where sealed is not null and id = 1",
        "update audit set reason = 'another' where id = {sealed}",
        'update audit set sealed = \'{{"keys": {{}}, "digests": {{}}}}\' where id = {sealed}',
        "update audit set who = 'another' where id = {sealed}",
        "update audit set record_id = 9 where id = {sealed}",
    ],
)
def test_what_is_left_of_a_sealed_row_is_as_safe_as_before(records: Records, tampering: str) -> None:
    leader = leader_with_a_history(records)
    erase_leader(records, "admin", leader, "Left two years ago", TODAY)
    lift_guard(records, "audit", "update")
    went_past(records, tampering.replace("{{", "{").replace("}}", "}").replace("{sealed}", "1"))
    assert {(one.table, one.number) for one in verify(records).findings} >= {("audit", 1)}


def test_what_stands_in_place_of_what_was_erased_cannot_be_written_anew(records: Records) -> None:
    leader = leader_with_a_history(records)
    erase_leader(records, "admin", leader, "Left two years ago", TODAY)
    lift_guard(records, "audit", "update")
    went_past(records, "update audit set reason = 'another' where reason = 'erased'")
    problems = {one.problem for one in verify(records).findings if one.table == "audit"}
    assert problems == {"something was erased in it, and no entry says so."}


def test_the_database_lets_an_erasure_through_and_nothing_else(records: Records) -> None:
    leader = leader_with_a_history(records)
    erase_leader(records, "admin", leader, "Left two years ago", TODAY)
    # the erasure is the newest entry still: rows that it did not name stay shut, and so do the other columns of those
    for statement in (
        "update audit set at = at, what = 'ended' where id = 1",
        "update audit set hash = previous_hash where id = 1",
        "update audit set salt = 'x' where id = 1",
        "update audit set sealed = null where id = 1",
        "update audit set who = 'another' where id = 2",
        "update export set file_name = 'other.csv'",
        "update note_view set content_hash = urn",
    ):
        with pytest.raises(DatabaseError, match="audit trail never changes"), writing(records) as connection:
            connection.execute(text(statement))
    # once anything else was written, none of them
    add_allocation(records, "officer", NewAllocation("999", "900001", "LA team", "Finance"))
    with pytest.raises(DatabaseError, match="audit trail never changes"), writing(records) as connection:
        connection.execute(text("update audit set who = 'another' where id = 1"))


def test_two_who_stand_in_one_row_can_both_be_erased(records: Records) -> None:
    leader = leader_with_a_history(records)
    erase_leader(records, "admin", leader, "Left two years ago", TODAY)
    (other,) = [one for one in system_leaders(records, la_code="999") if one.id == leader + 1]
    end_system_leader(records, "officer", other.id, other.version, date(2026, 9, 1), "Moved away")
    erase_leader(records, "admin", other.id, "Left", TODAY)
    support = own_support(records)
    assert support.aim == f"erased {leader} and erased {other.id} teach maths"
    assert f"{LABEL}1" not in all_text(records)
    assert {one.table for one in verify(records).findings} == {"interest"}


@pytest.mark.parametrize("still", ["helps", "is allocated", "signs in", "no reason", "named", "again", "unknown"])
def test_an_erasure_that_is_not_fit_changes_nothing(records: Records, still: str) -> None:
    leader = add_system_leader(records, "officer", NewSystemLeader("999", LABEL, "NLE"))
    if still == "is allocated":
        given = NewAllocation("999", "900001", "school", "X", leader, start_date=date(2026, 1, 1))
        add_allocation(records, "officer", NewAllocation(**{**vars(given), "status": "active"}))
    if still == "signs in":
        add_grant(records, "admin", NewGrant(ACCOUNT, "system leader", "999", system_leader_id=leader))
    if still != "helps":
        end_system_leader(records, "officer", leader, 1, date(2026, 7, 31), "Moved away")
    if still == "again":
        erase_leader(records, "admin", leader, "Left", TODAY)
    before = all_text(records)
    reason = {"no reason": " ", "named": f"{LABEL} left"}.get(still, "Left")
    with pytest.raises((RecordRefused, NotFound)) as error:
        erase_leader(records, "admin", 77 if still == "unknown" else leader, reason, TODAY)
    said = {
        "helps": "still helps",
        "is allocated": "still allocated",
        "signs in": "can still sign in",
        "no reason": "a reason is needed",
        "named": "names the person",
        "again": "erased already",
        "unknown": "no system leader 77",
    }
    assert said[still] in error.value.message
    assert all_text(records) == before


def test_a_label_of_one_word_goes_only_where_it_stands_alone(records: Records) -> None:
    leader = add_system_leader(records, "officer", NewSystemLeader("999", "Finance", "NLE"))
    for aim in ("Finance", "Finance in order"):
        add_allocation(records, "officer", NewAllocation("999", "900001", "LA team", "Adviser", aim=aim))
    end_system_leader(records, "officer", leader, 1, date(2026, 7, 31), "Moved away")
    erase_leader(records, "admin", leader, "Left", TODAY)
    assert {one.aim for one in allocations(records)} == {f"erased {leader}", "Finance in order"}


def test_the_file_itself_does_not_hold_it_any_more(file_records: Records, tmp_path: Path) -> None:
    leader = leader_with_a_history(file_records)
    erase_leader(file_records, "admin", leader, "Left two years ago", TODAY)
    close_records(file_records)
    files = sorted(tmp_path.glob("records.sqlite*"))
    assert files
    assert not [path.name for path in files if SECRET.encode() in path.read_bytes()]


def test_everything_that_is_held_is_told_and_nothing_after_the_erasure(records: Records) -> None:
    leader = leader_with_a_history(records)
    held = held_on_leader(records, leader)
    assert {one.table for one in held if one.where == "records"} >= {
        *("system_leader", "designation", "interest", "allocation", "visit", "attendance", "meeting_outcome", "export"),
    }
    assert {one.where for one in held} == {"records", "audit trail", "log of views"}
    told = "\n".join(one.value for one in held)
    assert told.count(SECRET) == all_text(records).count(SECRET)
    assert "Of another LA" not in told
    assert "Stays" not in told
    erase_leader(records, "admin", leader, "Left two years ago", TODAY)
    left = "\n".join(one.value for one in held_on_leader(records, leader))
    assert SECRET not in left
    assert not re.search(rf"{LABEL}(?!\w)", left)
    assert ACCOUNT not in left.lower()
