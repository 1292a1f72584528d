"""What belongs to system leaders and to support: roles with dates, interests, objectives."""

from dataclasses import replace
from datetime import date

import pytest

from risk_model.casework import (
    NewAllocation,
    NewDesignation,
    NewInterest,
    NewObjective,
    NewSystemLeader,
    Records,
    accept_interest,
    add_allocation,
    add_designation,
    add_interest,
    add_interests,
    add_objective,
    add_system_leader,
    allocations,
    change_allocation,
    change_designation,
    change_interest,
    change_objective,
    designations,
    interests,
    objectives,
    system_leaders,
    withdraw_designation,
    withdraw_objective,
)
from risk_model.domain.errors import NotFound, RecordRefused
from tests.registers import HOSTILE

DAY = date(2026, 10, 5)
INTEREST = NewInterest("999", "Head 12", "SLE", DAY, "900001", "primary", "attendance", "Work with families", 3)
LEADER = NewSystemLeader("999", "System leader 31", "SLE", "900001")


@pytest.fixture
def leader(records: Records) -> int:
    return add_system_leader(records, "tester", NewSystemLeader("999", "System leader 01", "NLE"))


@pytest.fixture
def support(records: Records) -> int:
    return add_allocation(records, "tester", NewAllocation("999", "900001", "LA team", "Finance"))


def test_a_role_comes_back_and_one_that_lapsed_stays(records: Records, leader: int) -> None:
    old = NewDesignation(leader, "national leader of education", None, "DfE", date(2018, 9, 1), date(2022, 8, 31))
    add_designation(records, "tester", old)
    add_designation(records, "tester", NewDesignation(leader, "SLE", "mathematics", "the LA", date(2023, 9, 1)))
    newest, oldest = designations(records, la_code="999")
    assert (newest.role, newest.specialism, newest.is_held_on(DAY)) == ("SLE", "mathematics", True)
    assert (oldest.role, oldest.designated_by, oldest.is_held_on(DAY)) == ("NLE", "DfE", False)
    days = (date(2018, 8, 31), date(2018, 9, 1), date(2022, 8, 31), date(2022, 9, 1))
    assert [oldest.is_held_on(day) for day in days] == [False, True, True, False]
    assert designations(records, la_code="998") == []


def test_a_role_lapses_by_its_last_day_and_is_withdrawn_with_a_reason(records: Records, leader: int) -> None:
    number = add_designation(records, "tester", NewDesignation(leader, "SLE", from_date=date(2023, 9, 1)))
    changed = change_designation(records, "tester", number, 1, {"to_date": "2026-07-31"})
    assert (changed.version, changed.to_date) == (2, date(2026, 7, 31))
    with pytest.raises(RecordRefused, match="before the from_date"):
        change_designation(records, "tester", number, 2, {"to_date": "2020-07-31"})
    with pytest.raises(RecordRefused, match="Withdraw the record"):
        change_designation(records, "tester", number, 2, {"withdrawn_reason": "x"})
    withdraw_designation(records, "tester", number, 2, "It was another person's.")
    assert designations(records) == []


def test_the_same_role_twice_and_one_of_nobody_are_refused(records: Records, leader: int) -> None:
    add_designation(records, "tester", NewDesignation(leader, "SLE", "mathematics"))
    with pytest.raises(RecordRefused, match="this role is recorded already"):
        add_designation(records, "tester", NewDesignation(leader, "SLE", "mathematics"))
    add_designation(records, "tester", NewDesignation(leader, "SLE", "reading"))
    with pytest.raises(RecordRefused, match="no such system leader"):
        add_designation(records, "tester", NewDesignation(99, "SLE"))


def test_an_interest_is_accepted_once_and_becomes_a_system_leader(records: Records) -> None:
    number = add_interest(records, "tester", INTEREST)
    found, leader = accept_interest(records, "tester", number, 1, LEADER)
    assert (found.status, found.system_leader_id, found.version) == ("accepted", leader, 2)
    assert [one.label for one in system_leaders(records)] == ["System leader 31"]
    with pytest.raises(RecordRefused, match="it is already"):
        accept_interest(records, "tester", number, 2, replace(LEADER, label="System leader 32"))


def test_an_interest_that_cannot_be_accepted_leaves_no_system_leader(records: Records) -> None:
    number = add_interest(records, "tester", INTEREST)
    with pytest.raises(RecordRefused, match="after you opened it"):
        accept_interest(records, "tester", number, 7, LEADER)
    with pytest.raises(RecordRefused, match="role: 'wizard' is not a known word"):
        accept_interest(records, "tester", number, 1, replace(LEADER, role="wizard"))
    with pytest.raises(NotFound):
        accept_interest(records, "tester", 99, 1, LEADER)
    assert system_leaders(records) == []
    assert interests(records)[0].status == "registered"


def test_an_interest_is_declined_with_a_reason_and_not_accepted_by_a_change(records: Records) -> None:
    number = add_interest(records, "tester", INTEREST)
    with pytest.raises(RecordRefused, match="an interest that is declined needs a reason"):
        change_interest(records, "tester", number, 1, {"status": "declined"})
    for changes in ({"status": "accepted"}, {"system_leader_id": 1}):
        with pytest.raises(RecordRefused, match="Accept it"):
            change_interest(records, "tester", number, 1, changes)
    changed = change_interest(records, "tester", number, 1, {"status": "declined", "status_reason": "Not this year."})
    assert changed.status == "declined"
    assert add_interest(records, "tester", replace(INTEREST, registered_on=date(2027, 10, 5))) == number + 1


def test_an_open_interest_is_not_recorded_twice_and_a_list_is_all_or_nothing(records: Records) -> None:
    with pytest.raises(RecordRefused, match="None of the 2 interests was added") as refused:
        add_interests(records, "tester", [INTEREST, INTEREST])
    assert "number 2, label: this interest is recorded and open." in str(refused.value)
    assert interests(records) == []
    assert add_interests(records, "tester", [INTEREST, replace(INTEREST, label="Head 13")]) == 2
    assert interests(records, la_code="998") == []


def test_an_objective_is_followed_to_its_end(records: Records, support: int) -> None:
    new = NewObjective(support, "Every class reads daily", "Phonics check", "71%", "80%", date(2027, 6, 30))
    number = add_objective(records, "tester", new)
    (found,) = objectives(records, allocation_id=support)
    assert (found.success_measure, found.baseline, found.target, found.progress) == (
        "Phonics check",
        "71%",
        "80%",
        None,
    )
    with pytest.raises(RecordRefused, match="progress needs the day of the look"):
        change_objective(records, "tester", number, 1, {"progress": "on track"})
    changed = change_objective(records, "tester", number, 1, {"progress": "On track", "checked_on": DAY})
    assert (changed.progress, changed.checked_on, changed.version) == ("on track", DAY, 2)
    with pytest.raises(RecordRefused, match="has that objective already"):
        add_objective(records, "tester", new)
    with pytest.raises(RecordRefused, match="no such support"):
        add_objective(records, "tester", replace(new, allocation_id=99))
    withdraw_objective(records, "tester", number, 2, "Of another school.")
    assert objectives(records) == []


@pytest.mark.parametrize(("day", "last"), [(DAY, DAY), (date(2026, 1, 5), date(2026, 1, 6))])
def test_a_look_at_an_objective_is_an_update_of_its_support(
    records: Records, support: int, day: date, last: date
) -> None:
    (before,) = allocations(records)
    change_allocation(records, "tester", support, before.version, {"last_update": date(2026, 1, 6)})
    number = add_objective(records, "tester", NewObjective(support, "Every class reads daily"))
    change_objective(records, "lead", number, 1, {"progress": "on track", "checked_on": day})
    assert allocations(records)[0].last_update == last
    # words alone are no look
    change_objective(records, "lead", number, 2, {"target": "80%"})
    assert allocations(records)[0].last_update == last


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"ties": "Birchmoor"}, "'Birchmoor' is not a URN"),
        ({"limited_to": "2026-12-18"}, "a limit needs its first day"),
        ({"limited_note": "Inspection due."}, "a limit needs its first day"),
        ({"limited_from": "2026-12-18", "limited_to": "2026-12-01"}, "before the limited_from"),
        ({"head_since": "long ago"}, "is not a date"),
        ({"strengths": "x" * 501}, "Give at most 500"),
    ],
)
def test_a_system_leader_with_one_fault_names_it(records: Records, changes: dict[str, object], message: str) -> None:
    with pytest.raises(RecordRefused, match=message):
        add_system_leader(records, "tester", replace(LEADER, **changes))


def test_notice_and_ties_of_a_system_leader(records: Records) -> None:
    given = replace(LEADER, ties="900012,900020; 900012", limited_from=date(2026, 9, 1), limited_to=date(2026, 12, 18))
    add_system_leader(records, "tester", given)
    (found,) = system_leaders(records)
    assert found.tied_urns == ("900012", "900020")
    days = (date(2026, 8, 31), date(2026, 9, 1), date(2026, 12, 18), date(2026, 12, 19))
    assert [found.is_limited_on(day) for day in days] == [False, True, True, False]
    assert replace(found, limited_to=None).is_limited_on(date(2030, 1, 1))
    assert not replace(found, limited_from=None).is_limited_on(DAY)
    assert replace(found, ties=None).tied_urns == ()


def test_hostile_text_comes_through_unchanged(records: Records, leader: int, support: int) -> None:
    add_designation(records, "tester", NewDesignation(leader, "SLE", note=HOSTILE))
    add_objective(records, "tester", NewObjective(support, HOSTILE))
    add_interest(records, "tester", replace(INTEREST, strengths=HOSTILE))
    assert designations(records)[0].note == HOSTILE
    assert objectives(records)[0].objective == HOSTILE
    assert interests(records)[0].strengths == HOSTILE
