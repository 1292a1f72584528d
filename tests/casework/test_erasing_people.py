"""Anybody else who stands in the records: what is held on them is told, goes everywhere, and the chain holds."""

import json
import re
from datetime import date

import pytest

from risk_model.casework import (
    NewAction,
    NewAdviserView,
    NewAllocation,
    NewAttendance,
    NewConflict,
    NewEvidence,
    NewExport,
    NewGrant,
    NewHeadComment,
    NewInterest,
    NewMeeting,
    NewSystemLeader,
    NewWatch,
    Records,
    ShownNote,
    add_action,
    add_adviser_view,
    add_allocation,
    add_attendance,
    add_conflict,
    add_grant,
    add_head_comment,
    add_interest,
    add_meeting,
    add_system_leader,
    allocations,
    audit_trail,
    end_system_leader,
    erase_leader,
    erase_person,
    exports,
    held_on_person,
    interests,
    log_note_views,
    meetings,
    note_views,
    record_export,
    system_leaders,
    verify,
    watch,
    withdraw_grant,
)
from risk_model.casework.people import is_text_of_people
from risk_model.domain.errors import NotFound, RecordRefused
from tests.casework.test_erasing import all_text
from tests.hostile_records import free_texts, kinds

TODAY = date(2026, 11, 22)
ACCOUNT = "officer.three@example.org"
LABEL = "Chair of governors 12"
SECRET = "Keeps bees"  # pragma: allowlist secret


def somebody_who_signed_in(records: Records) -> None:
    """An officer: two roles in two LAs, what they recorded, took out and were shown."""
    for la_code in ("999", "998"):
        grant = add_grant(records, "admin", NewGrant(ACCOUNT.title(), "adviser", la_code, note=SECRET))
        add_allocation(records, ACCOUNT, NewAllocation(la_code, "900001", "LA team", "Finance", aim=f"Ask {ACCOUNT}."))
        withdraw_grant(records, "admin", grant, 1, f"{SECRET} now")
    record_export(records, ACCOUNT, NewExport(None, "table", "list.csv", "a" * 64))
    log_note_views(records, ACCOUNT, [ShownNote("900001", "meeting_outcome", 9, "A note.")])
    watch(records, NewWatch("999", "900001", date(2026, 3, 1), ACCOUNT))
    add_allocation(records, f"other.{ACCOUNT}", NewAllocation("999", "900002", "LA team", "HR"))


def somebody_of_a_core_group(records: Records, la_code: str = "999", label: str = LABEL) -> None:
    """A member: chaired, attended, declared an interest, commented, gave a view, owns an action, gives support."""
    meeting = add_meeting(
        records, "officer", NewMeeting(la_code, "Alder Valley", date(2026, 3, 2), f"{label}; Head 04", chair=label)
    )
    add_attendance(records, "officer", NewAttendance(meeting, label, "chair of governors", "900001"))
    add_conflict(records, "officer", NewConflict(meeting, label, "900001", SECRET, "left the room"))
    add_action(
        records,
        "officer",
        NewAction(la_code, "900001", f"{label} writes to the head.", label, date(2026, 5, 1), meeting),
    )
    evidence = (NewEvidence("document", f"Seen with {label}."),)
    days = (date(2026, 3, 1), date(2026, 9, 1))
    view = NewAdviserView(la_code, "900001", "outcomes", "uncertain", "Books look better.", label, *days, evidence)
    add_adviser_view(records, "officer", view)
    add_head_comment(records, "officer", NewHeadComment(la_code, "900001", "We agree.", label, date(2026, 3, 4)))
    add_allocation(records, "officer", NewAllocation(la_code, "900001", "person", label))
    interest = NewInterest(la_code, label, "NLG", date(2026, 1, 1), "900077", strengths=SECRET)
    add_interest(records, "officer", interest)


def test_an_account_is_nowhere_any_more_and_what_it_did_stays(records: Records) -> None:
    somebody_who_signed_in(records)
    assert all_text(records).lower().count(ACCOUNT) > 12
    entries = len(audit_trail(records))
    erased = erase_person(records, "admin", ACCOUNT.upper(), "Left two years ago", TODAY)
    after = all_text(records).lower()
    # whose account ends alike is somebody else
    assert set(re.findall(rf"[\w.]*{re.escape(ACCOUNT)}", after)) == {f"other.{ACCOUNT}"}
    assert SECRET.lower() not in after
    assert erased.label == f"erased in entry {entries + 1}"
    assert exports(records)[0].exported_by == erased.label
    assert [one.who for one in note_views(records)] == [erased.label]
    assert [one.aim for one in allocations(records, la_code="998")] == [f"Ask {erased.label}."]
    assert (erased.las["999"] > 2, erased.las["998"] > 2, erased.las[None] > 1) == (True, True, True)
    assert sum(erased.las.values()) == sum(erased.rows.values())
    assert verify(records).findings == ()


def test_a_member_of_a_core_group_is_nowhere_any_more_and_numbers_days_and_schools_stay(records: Records) -> None:
    somebody_of_a_core_group(records)
    somebody_of_a_core_group(records, label=f"{LABEL}0")
    erased = erase_person(records, "admin", LABEL, "Left the board", TODAY)
    after = all_text(records)
    assert not re.search(rf"{LABEL}(?!\w)", after)
    assert f"{LABEL}0" in after
    assert after.count(SECRET) == all_text_of_the_other(records)
    (first, second) = sorted(meetings(records), key=lambda one: one.id)
    assert (first.chair, second.chair) == (erased.label, f"{LABEL}0")
    assert first.attending == f"{erased.label}; Head 04"
    assert {one.provider_name for one in allocations(records)} == {erased.label, f"{LABEL}0"}
    (own,) = [one for one in interests(records) if one.label == erased.label]
    assert (own.urn, own.strengths, own.registered_on) == (None, "erased", date(2026, 1, 1))
    assert set(erased.rows) >= {
        *("meeting", "attendance", "conflict", "action", "adviser_view", "view_evidence", "head_comment"),
        *("allocation", "interest", "audit"),
    }
    assert dict(erased.las) == {"999": sum(erased.rows.values())}
    assert verify(records).findings == ()


def all_text_of_the_other(records: Records) -> int:
    """How often the secret is held on whoever was not erased."""
    return json.dumps([one.value for one in held_on_person(records, f"{LABEL}0")]).count(SECRET)


def test_of_two_of_one_label_one_las_alone_can_be_erased(records: Records) -> None:
    for la_code in ("999", "998"):
        somebody_of_a_core_group(records, la_code)
    record_export(records, LABEL, NewExport(None, "table", "list.csv", "a" * 64))
    assert {one.table for one in held_on_person(records, LABEL, "998")} >= {"meeting", "attendance", "interest"}
    erased = erase_person(records, "admin", LABEL, "Left the board", TODAY, "998")
    assert set(erased.las) == {"998"}
    assert {(one.la_code, one.chair) for one in meetings(records)} == {("999", LABEL), ("998", erased.label)}
    # of no LA: nobody knows of which of the two it speaks
    assert exports(records)[0].exported_by == LABEL
    assert verify(records).findings == ()
    # now there is one of that label: what is of no LA speaks of that one
    again = erase_person(records, "admin", LABEL, "Left the board", TODAY, "999")
    assert exports(records)[0].exported_by == again.label
    assert LABEL not in all_text(records)
    assert verify(records).findings == ()


def test_of_two_of_one_label_both_are_erased_and_it_is_said_where(records: Records) -> None:
    for la_code in ("999", "998"):
        somebody_of_a_core_group(records, la_code)
    erased = erase_person(records, "admin", LABEL, "Left the board", TODAY)
    assert erased.las["999"] == erased.las["998"] > 8
    assert LABEL not in all_text(records)


def test_everything_that_is_held_is_told_and_nothing_after_the_erasure(records: Records) -> None:
    somebody_of_a_core_group(records)
    somebody_who_signed_in(records)
    told = held_on_person(records, LABEL)
    assert {one.where for one in told} == {"records", "audit trail"}
    assert {(one.table, one.field) for one in told if one.where == "records"} >= {
        *(("meeting", "chair"), ("attendance", "label"), ("conflict", "interest"), ("interest", "strengths")),
        *(("adviser_view", "made_by"), ("head_comment", "made_by"), ("allocation", "provider_name")),
    }
    signed = held_on_person(records, ACCOUNT)
    assert {one.where for one in signed} == {"records", "audit trail", "log of views"}
    assert {one.table for one in signed} >= {"access_grant", "export", "watch", "allocation"}
    for one in (LABEL, ACCOUNT):
        erase_person(records, "admin", one, "Left", TODAY)
        with pytest.raises(NotFound, match="Nobody is written so"):
            held_on_person(records, one)


@pytest.mark.parametrize(
    ("still", "said"),
    [
        ("signs in", "can still sign in"),
        ("is a system leader", "label of a system leader"),
        ("asks", "Nobody erases themselves"),
        ("is named", "names the person"),
        ("no reason", "a reason is needed"),
        ("unknown", "Nobody is written so"),
        ("nobody", "Nobody is named"),
        ("an LA", "one person's in every LA"),
        ("erased", "Nobody is named"),
    ],
)
def test_an_erasure_that_is_not_fit_changes_nothing(records: Records, still: str, said: str) -> None:
    somebody_who_signed_in(records)
    written = {"unknown": "Head 99", "nobody": " ", "erased": "erased in entry 3"}.get(still, ACCOUNT)
    if still == "signs in":
        add_grant(records, "admin", NewGrant(ACCOUNT, "viewer", "999", to_date=TODAY))
    if still == "is a system leader":
        written = "System leader 07"
        add_system_leader(records, "officer", NewSystemLeader("999", written, "NLE"))
    before = all_text(records)
    reason = {"no reason": " ", "is named": f"{ACCOUNT} left"}.get(still, "Left")
    who = ACCOUNT if still == "asks" else "admin"
    with pytest.raises((RecordRefused, NotFound), match=said):
        erase_person(records, who, written, reason, TODAY, "999" if still == "an LA" else None)
    assert all_text(records) == before


def test_a_grant_that_is_over_does_not_keep_anybody(records: Records) -> None:
    somebody_who_signed_in(records)
    add_grant(records, "admin", NewGrant(ACCOUNT, "viewer", "999", to_date=date(2026, 11, 21)))
    assert erase_person(records, "admin", ACCOUNT, "Left", TODAY).rows["access_grant"] == 3


def test_a_label_of_one_word_goes_only_where_it_stands_alone_and_a_word_of_ours_stays(records: Records) -> None:
    add_allocation(records, "officer", NewAllocation("999", "900001", "LA team", "Finance", aim="Finance in order"))
    add_allocation(records, "officer", NewAllocation("999", "900002", "LA team", "LA team"))
    finance = erase_person(records, "admin", "Finance", "A name after all", TODAY)
    team = erase_person(records, "admin", "LA team", "A name after all", TODAY)
    found = {one.urn: one for one in allocations(records)}
    assert (found["900001"].provider_name, found["900001"].aim) == (finance.label, "Finance in order")
    assert (found["900002"].provider_name, found["900002"].provider_type) == (team.label, "LA team")
    assert verify(records).findings == ()


def test_a_member_and_a_system_leader_in_one_row_can_both_be_erased(records: Records) -> None:
    label = "System leader 07"
    leader = add_system_leader(records, "officer", NewSystemLeader("999", label, "NLE"))
    given = NewAllocation("999", "900001", "school", LABEL, aim=f"{LABEL} and {label} teach")
    add_allocation(records, "officer", given)
    end_system_leader(records, "officer", leader, 1, date(2026, 7, 31), "Moved away")
    first = erase_person(records, "admin", LABEL, "Left", TODAY)
    erase_leader(records, "admin", leader, "Left", TODAY)
    assert [one.aim for one in allocations(records)] == [f"{first.label} and erased {leader} teach"]
    assert verify(records).findings == ()
    assert [one.label for one in system_leaders(records)] == [f"erased {leader}"]


def test_no_column_of_words_of_ours_is_taken_for_what_people_wrote() -> None:
    """A label that is written like a word of ours would make the record unreadable, were it erased there."""
    taken = {
        (table, field.name)
        for table, kind in kinds().items()
        for field in kind.fields
        if field.name not in free_texts(kind) and is_text_of_people(field.name, table)
    }
    columns = {(table, name): kinds()[table].table.c[name].type for table, name in taken}
    # schools, as a system leader's own entry has them
    texts = {one for one, kind in columns.items() if kind.python_type is str}
    assert texts == {("system_leader", "home_urn"), ("system_leader", "ties")}
