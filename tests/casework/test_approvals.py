"""That an LA approved a rule set: recorded, listed, withdrawn."""

from dataclasses import replace
from datetime import date

import pytest

from risk_model.casework import NewApproval, Records, add_approval, approvals, audit_trail, withdraw_approval
from risk_model.domain.errors import NotFound, RecordRefused
from tests.registers import HOSTILE

APPROVAL = NewApproval(
    "999", "2026.1", "a" * 64, "School improvement board", date(2026, 9, 22), "For the autumn; looked at again in July."
)


def test_an_approval_comes_back_as_it_was_given_and_is_audited(records: Records) -> None:
    number = add_approval(records, "tester", APPROVAL)
    (found,) = approvals(records)
    assert (found.id, found.version, found.la_code, found.rule_set) == (number, 1, "999", "2026.1")
    assert (found.rule_set_hash, found.approved_by) == ("a" * 64, "School improvement board")
    assert (found.approved_on, found.note) == (date(2026, 9, 22), APPROVAL.note)
    (entry,) = audit_trail(records)
    assert (entry.table, entry.what, entry.who) == ("rule_set_approval", "created", "tester")


def test_approvals_are_found_by_la_and_by_content_newest_first(records: Records) -> None:
    add_approval(records, "tester", APPROVAL)
    add_approval(records, "tester", replace(APPROVAL, rule_set_hash="b" * 64, approved_on=date(2026, 11, 3)))
    add_approval(records, "tester", replace(APPROVAL, la_code="998"))
    assert [one.rule_set_hash[0] for one in approvals(records, la_code="999")] == ["b", "a"]
    assert [one.la_code for one in approvals(records, rule_set_hash="a" * 64)] == ["998", "999"]
    assert approvals(records, la_code="997") == []


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("la_code", "", "nothing was given"),
        ("rule_set", "x" * 101, "Give at most 100"),
        ("rule_set_hash", "", "nothing was given"),
        ("rule_set_hash", "x" * 65, "Give at most 64"),
        ("approved_by", " ", "nothing was given"),
        ("approved_on", "autumn", "is not a date"),
        ("note", "bell\x07", "control character"),
    ],
)
def test_an_approval_with_a_fault_names_it(records: Records, field: str, value: object, message: str) -> None:
    with pytest.raises(RecordRefused) as refused:
        add_approval(records, "tester", replace(APPROVAL, **{field: value}))  # type: ignore[arg-type]
    (detail,) = refused.value.details
    assert detail.startswith(f"{field}:")
    assert message in detail
    assert approvals(records) == []


def test_the_same_content_is_approved_once_by_an_la_until_it_is_withdrawn(records: Records) -> None:
    number = add_approval(records, "tester", APPROVAL)
    with pytest.raises(RecordRefused, match=f"approved this rule set already, number {number}"):
        add_approval(records, "tester", replace(APPROVAL, rule_set="another name"))
    with pytest.raises(RecordRefused, match="a reason is needed"):
        withdraw_approval(records, "lead", number, 1, "")
    with pytest.raises(RecordRefused, match="after you opened it"):
        withdraw_approval(records, "lead", number, 3, "The rules changed.")
    withdraw_approval(records, "lead", number, 1, "The rules changed.")
    assert approvals(records) == []
    assert (audit_trail(records)[0].what, audit_trail(records)[0].reason) == ("withdrawn", "The rules changed.")
    with pytest.raises(RecordRefused, match="this approval is withdrawn"):
        withdraw_approval(records, "lead", number, 2, "Again.")
    with pytest.raises(NotFound):
        withdraw_approval(records, "lead", 99, 1, "No such one.")
    add_approval(records, "tester", APPROVAL)


def test_hostile_text_is_kept_as_text(records: Records) -> None:
    add_approval(records, HOSTILE, replace(APPROVAL, rule_set=HOSTILE, approved_by=HOSTILE, note=HOSTILE))
    (found,) = approvals(records)
    assert (found.rule_set, found.approved_by, found.note) == (HOSTILE, HOSTILE, HOSTILE)
