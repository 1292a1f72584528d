"""Referrals of academies to the regional director, and the audit trail's own questions."""

from dataclasses import asdict, replace
from datetime import date

import pytest

from risk_model.casework import (
    NewReferral,
    Records,
    add_referral,
    audit_trail,
    change_referral,
    referrals,
)
from risk_model.domain.errors import NotFound, RecordRefused

BASE = NewReferral(
    la_code="999",
    urn="900005",
    concern="Progress has fallen three years running.",
    status="acknowledged",
    raised_on=date(2026, 9, 15),
    ask="RISE support",
    owner="LA lead",
    reply="Received.",
    next_date=date(2026, 12, 1),
    ask_kind="a meeting",
    tried="A review with the trust.",
    intelligence="Two complaints of parents.",
    restricted_note="For officers alone.",
    raised_with_trust_on=date(2026, 6, 1),
    trust_reply="It has a plan.",
    programme="RISE, targeted",
    programme_reason="The plan has stopped.",
)


def test_add_referral_comes_back_whole(records: Records) -> None:
    number = add_referral(records, "tester", BASE)
    (found,) = referrals(records)
    assert asdict(found) == {"id": number, "version": 1, **asdict(BASE)}


def test_referrals_are_found_by_la_and_school(records: Records) -> None:
    add_referral(records, "tester", BASE)
    add_referral(records, "tester", replace(BASE, urn="900004", status="drafted", raised_on=None))
    assert [found.urn for found in referrals(records, la_code="999")] == ["900004", "900005"]
    assert [found.id for found in referrals(records, urn="900005")] == [1]
    assert referrals(records, la_code="998") == []


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("urn", "x", "is not a URN"),
        ("concern", " ", "nothing was given"),
        ("status", "shouted", "is not a known word"),
        ("status", "withdrawn", "withdrawing a referral needs a reason"),
        ("raised_on", None, '"acknowledged" needs the day on which it was raised'),
        ("next_date", date(2026, 9, 14), "2026-09-14 is before it was raised"),
        ("owner", "x" * 201, "Give at most 200"),
        ("ask_kind", "a knighthood", "is not a known word"),
        ("raised_with_trust_on", None, "the trust's answer needs the day"),
        ("programme_reason", "x" * 501, "Give at most 500"),
    ],
)
def test_add_referral_with_a_fault_names_it(records: Records, field: str, value: object, message: str) -> None:
    with pytest.raises(RecordRefused) as error:
        add_referral(records, "tester", replace(BASE, **{field: value}))  # type: ignore[arg-type]
    (detail,) = error.value.details
    assert detail.startswith(f"{field}:")
    assert message in detail
    assert referrals(records) == []


def test_referral_goes_from_draft_to_closed(records: Records) -> None:
    number = add_referral(records, "tester", NewReferral("999", "900005", "Falling progress."))
    change_referral(records, "lead", number, 1, {"status": "discussed with trust"})
    with pytest.raises(RecordRefused, match="needs the day on which it was raised"):
        change_referral(records, "lead", number, 2, {"status": "raised with regional director"})
    raised = {"status": "raised with regional director", "raised_on": "20/11/2026"}
    assert change_referral(records, "lead", number, 2, raised).raised_on == date(2026, 11, 20)
    closed = change_referral(records, "lead", number, 3, {"status": "closed", "reply": "A new sponsor."})
    assert (closed.status, closed.version) == ("closed", 4)
    whats = [entry.what for entry in audit_trail(records, table="referral", record_id=number)]
    assert whats == ["ended", "changed", "changed", "created"]
    with pytest.raises(RecordRefused, match="taking it up again needs a reason"):
        change_referral(records, "lead", number, 4, {"status": "acknowledged"})


def test_withdraw_referral_needs_a_reason(records: Records) -> None:
    number = add_referral(records, "tester", BASE)
    with pytest.raises(RecordRefused, match="withdrawing a referral needs a reason"):
        change_referral(records, "lead", number, 1, {"status": "withdrawn"})
    withdrawn = change_referral(records, "lead", number, 1, {"status": "withdrawn"}, "Not an academy.")
    assert withdrawn.status == "withdrawn"
    assert (audit_trail(records)[0].what, audit_trail(records)[0].reason) == ("withdrawn", "Not an academy.")


def test_change_of_an_old_version_or_of_nothing_is_refused(records: Records) -> None:
    number = add_referral(records, "tester", BASE)
    with pytest.raises(RecordRefused, match="after you opened it"):
        change_referral(records, "lead", number, 5, {"reply": "Yes."})
    with pytest.raises(NotFound):
        change_referral(records, "lead", number + 1, 1, {"reply": "Yes."})


def test_audit_trail_is_newest_first_and_limited(records: Records) -> None:
    for urn in ("900001", "900002", "900003"):
        add_referral(records, "tester", replace(BASE, urn=urn))
    assert [entry.record_id for entry in audit_trail(records, limit=2)] == [3, 2]
    assert [entry.record_id for entry in audit_trail(records, table="referral", record_id=1)] == [1]
    assert audit_trail(records, table="allocation") == []


@pytest.mark.parametrize(
    ("question", "message"),
    [
        ({"limit": 0}, "limit of 0"),
        ({"limit": 10_001}, "limit of 10001"),
        ({"record_id": 1}, "table is missing"),
    ],
)
def test_audit_trail_refuses_what_it_cannot_answer(records: Records, question: dict[str, int], message: str) -> None:
    with pytest.raises(RecordRefused, match=message):
        audit_trail(records, **question)  # type: ignore[arg-type]
