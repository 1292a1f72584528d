"""Visits: their days are added to the support that they belong to, whoever writes at the same time."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date

import pytest

from risk_model.casework import (
    NewAllocation,
    NewShare,
    NewVisit,
    Records,
    add_allocation,
    allocations,
    audit_trail,
    change_allocation,
    record_visit,
    visits,
    withdraw_visit,
)
from risk_model.domain.errors import NotFound, RecordRefused
from tests.registers import HOSTILE

SUPPORT = NewAllocation(
    "999", "900001", "LA team", "Finance", days_planned=12, start_date=date(2026, 9, 1), status="active"
)


def visit_of(number: int) -> NewVisit:
    return NewVisit(number, "900001", date(2026, 11, 9), "System leader 07", 1.5, "Looked at books.", "Plan together.")


@pytest.fixture
def support(records: Records) -> int:
    return add_allocation(records, "tester", SUPPORT)


def used(records: Records) -> tuple[float | None, date | None]:
    (found,) = allocations(records)
    return found.days_used, found.last_update


def test_a_visit_comes_back_and_its_days_are_used(records: Records, support: int) -> None:
    number = record_visit(records, "tester", visit_of(support))
    (found,) = visits(records, la_code="999")
    assert (found.id, found.urn, found.visited_on, found.days) == (number, "900001", date(2026, 11, 9), 1.5)
    assert (found.visited_by, found.note, found.next_step) == ("System leader 07", "Looked at books.", "Plan together.")
    assert used(records) == (1.5, date(2026, 11, 9))
    assert [entry.table for entry in audit_trail(records)] == ["allocation", "visit", "allocation"]
    assert visits(records, la_code="998") == []


def test_a_visit_without_days_leaves_the_days_unknown(records: Records, support: int) -> None:
    record_visit(records, "tester", replace(visit_of(support), days=None))
    assert used(records) == (None, date(2026, 11, 9))


def test_an_older_visit_does_not_turn_the_last_update_back(records: Records, support: int) -> None:
    record_visit(records, "tester", visit_of(support))
    record_visit(records, "tester", replace(visit_of(support), visited_on=date(2026, 10, 1)))
    assert used(records) == (3.0, date(2026, 11, 9))


def test_a_form_that_is_sent_twice_makes_one_visit(records: Records, support: int) -> None:
    record_visit(records, "tester", visit_of(support))
    with pytest.raises(RecordRefused, match="this visit is recorded already"):
        record_visit(records, "tester", visit_of(support))
    assert used(records) == (1.5, date(2026, 11, 9))
    record_visit(records, "tester", replace(visit_of(support), note="In the afternoon."))
    assert used(records) == (3.0, date(2026, 11, 9))


def test_a_withdrawn_visit_takes_its_days_off(records: Records, support: int) -> None:
    number = record_visit(records, "tester", visit_of(support))
    record_visit(records, "tester", replace(visit_of(support), days=2))
    withdraw_visit(records, "tester", number, 1, "It was another school.")
    assert [one.days for one in visits(records)] == [2]
    assert used(records)[0] == 2
    with pytest.raises(RecordRefused, match="withdrawn"):
        withdraw_visit(records, "tester", number, 2, "Again.")
    with pytest.raises(RecordRefused, match="a reason is needed"):
        withdraw_visit(records, "tester", number, 2, " ")


def test_a_visit_beyond_the_days_planned_needs_a_reason(records: Records, support: int) -> None:
    with pytest.raises(RecordRefused, match=r"13 days used are more than the 12 planned"):
        record_visit(records, "tester", replace(visit_of(support), days=13))
    assert (visits(records), used(records)) == ([], (None, None))
    record_visit(records, "tester", replace(visit_of(support), days=13), "A day more for the new deputy.")
    assert used(records)[0] == 13


def test_a_visit_is_to_a_school_of_the_support(records: Records) -> None:
    shares = (NewShare("900001", 8), NewShare("900002", 4))
    group = add_allocation(records, "tester", replace(SUPPORT, shares=shares))
    record_visit(records, "tester", replace(visit_of(group), urn="900002"))
    with pytest.raises(RecordRefused, match=r"not for the school 900003\. Give one of: 900001, 900002"):
        record_visit(records, "tester", replace(visit_of(group), urn="900003"))


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("allocation_id", 99, "there is no such support"),
        ("allocation_id", 0, "is not the number of a record"),
        ("urn", "12", "is not a URN"),
        ("visited_on", "soon", "is not a date"),
        ("visited_by", " ", "nothing was given"),
        ("days", -1, "days cannot be"),
        ("note", "x" * 2001, "Give at most 2000"),
        ("next_step", "a\x00b", "control character"),
    ],
)
def test_a_visit_with_one_fault_names_it(
    records: Records, support: int, field: str, value: object, message: str
) -> None:
    with pytest.raises((RecordRefused, NotFound), match=message):
        record_visit(records, "tester", replace(visit_of(support), **{field: value}))
    assert visits(records) == []


def test_hostile_text_comes_through_unchanged(records: Records, support: int) -> None:
    record_visit(records, "tester", replace(visit_of(support), note=HOSTILE, next_step=HOSTILE))
    (found,) = visits(records)
    assert (found.note, found.next_step) == (HOSTILE, HOSTILE)


def test_twenty_writers_at_once_lose_nothing(records: Records, support: int) -> None:
    new = [replace(visit_of(support), days=0.5, visited_by=f"System leader {place:02d}") for place in range(20)]
    with ThreadPoolExecutor(20) as pool:
        numbers = list(pool.map(lambda each: record_visit(records, each.visited_by, each), new))
    assert len(set(numbers)) == 20
    assert {one.visited_by for one in visits(records)} == {one.visited_by for one in new}
    assert used(records)[0] == 10
    assert len(audit_trail(records)) == 41


def test_twenty_writers_of_one_version_and_only_the_first_is_heard(records: Records, support: int) -> None:
    def change(place: int) -> str:
        try:
            change_allocation(records, f"Writer {place:02d}", support, 1, {"days_planned": 20 + place})
        except RecordRefused as refused:
            return str(refused)
        return f"Writer {place:02d}"

    with ThreadPoolExecutor(20) as pool:
        told = list(pool.map(change, range(20)))
    (winner,) = [each for each in told if each.startswith("Writer ")]
    (found,) = allocations(records)
    assert (found.version, found.days_planned) == (2, 20 + int(winner[-2:]))
    refused = [each for each in told if each != winner]
    assert len(refused) == 19
    for each in refused:
        assert f"{winner} changed days_planned from '12.0' to '{found.days_planned}'." in each
        assert "Nothing was changed now." in each
