"""Recording, changing and ending system leaders."""

from dataclasses import asdict, replace
from datetime import date

import pytest

from risk_model.casework import (
    NewSystemLeader,
    Records,
    add_system_leader,
    audit_trail,
    change_system_leader,
    end_system_leader,
    system_leaders,
)
from risk_model.domain.errors import NotFound, RecordRefused

BASE = NewSystemLeader(
    la_code="999",
    label="System leader 07",
    role="NLE",
    home_urn="900010",
    locality="Alder Valley",
    phase="primary",
    specialisms="maths; early reading",
    days_per_term=6,
    available_from=date(2026, 9, 1),
    available_to=date(2027, 7, 31),
    accredited_by="LA",
    note="Chairs a task group.\nAsks for data first.",
)


def test_add_system_leader_comes_back_whole(records: Records) -> None:
    number = add_system_leader(records, "tester", BASE)
    (found,) = system_leaders(records)
    assert asdict(found) == {"id": number, "version": 1, **asdict(BASE)}


def test_system_leaders_are_found_by_la_in_order_of_label(records: Records) -> None:
    for la_code, label in [
        ("999", "System leader 02"),
        ("999", "System leader 01"),
        ("998", "System leader 01"),
    ]:
        add_system_leader(records, "tester", NewSystemLeader(la_code, label, "local system leader"))
    found = system_leaders(records, la_code="999")
    assert [leader.label for leader in found] == ["System leader 01", "System leader 02"]
    assert len(system_leaders(records)) == 3


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("la_code", "9999", "is not an LA code"),
        ("label", "", "nothing was given"),
        ("role", "hero", "is not a known word"),
        ("role", None, "nothing was given"),
        ("home_urn", "9", "is not a URN"),
        ("locality", "x" * 101, "Give at most 100"),
        ("specialisms", "x" * 501, "Give at most 500"),
        ("days_per_term", -0.5, "days cannot be"),
        ("available_to", date(2026, 8, 31), "before the available_from"),
        ("note", "bell\x07", "control character"),
    ],
)
def test_add_system_leader_with_a_fault_names_it(records: Records, field: str, value: object, message: str) -> None:
    with pytest.raises(RecordRefused) as error:
        add_system_leader(records, "tester", replace(BASE, **{field: value}))  # type: ignore[arg-type]
    (detail,) = error.value.details
    assert detail.startswith(f"{field}:")
    assert message in detail


def test_same_label_in_one_la_is_refused(records: Records) -> None:
    add_system_leader(records, "tester", BASE)
    with pytest.raises(RecordRefused, match="has a system leader with this label"):
        add_system_leader(records, "tester", BASE)
    other = add_system_leader(records, "tester", replace(BASE, label="System leader 08"))
    with pytest.raises(RecordRefused, match="has a system leader with this label"):
        change_system_leader(records, "tester", other, 1, {"label": BASE.label})
    assert change_system_leader(records, "tester", other, 1, {"label": "System leader 08"}).version == 1


def test_change_system_leader_is_audited(records: Records) -> None:
    number = add_system_leader(records, "tester", BASE)
    changed = change_system_leader(records, "lead", number, 1, {"days_per_term": 3}, "A new post.")
    assert (changed.days_per_term, changed.version) == (3, 2)
    entry = audit_trail(records, table="system_leader", record_id=number)[0]
    assert (entry.who, entry.what, entry.reason) == ("lead", "changed", "A new post.")


def test_change_of_an_old_version_or_of_nothing_is_refused(records: Records) -> None:
    number = add_system_leader(records, "tester", BASE)
    change_system_leader(records, "tester", number, 1, {"days_per_term": 3})
    with pytest.raises(RecordRefused, match="after you opened it"):
        change_system_leader(records, "tester", number, 1, {"days_per_term": 4})
    with pytest.raises(NotFound):
        change_system_leader(records, "tester", number + 1, 1, {"days_per_term": 4})


def test_end_system_leader_keeps_them_with_a_last_day(records: Records) -> None:
    number = add_system_leader(records, "tester", BASE)
    ended = end_system_leader(records, "lead", number, 1, date(2026, 12, 31), "A new post.")
    assert ended.available_to == date(2026, 12, 31)
    assert system_leaders(records) == [ended]
    assert (audit_trail(records)[0].what, audit_trail(records)[0].reason) == ("ended", "A new post.")


def test_end_system_leader_needs_a_reason_and_a_likely_day(records: Records) -> None:
    number = add_system_leader(records, "tester", BASE)
    with pytest.raises(RecordRefused, match="a reason is needed"):
        end_system_leader(records, "lead", number, 1, date(2026, 12, 31), " ")
    with pytest.raises(RecordRefused, match="before the available_from"):
        end_system_leader(records, "lead", number, 1, date(2026, 1, 1), "A new post.")
