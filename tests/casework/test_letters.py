"""Letters: a draft can change, what was sent cannot; where one has come to follows from its dates."""

import hashlib
from dataclasses import replace
from datetime import date

import pytest

from risk_model.casework import (
    LetterStatus,
    NewLetter,
    NewMeeting,
    Records,
    ReplyKind,
    add_letter,
    add_meeting,
    audit_trail,
    change_letter,
    letter_hash,
    letters,
    withdraw_letter,
)
from risk_model.domain.errors import NotFound, RecordRefused

BASE = NewLetter(
    la_code="999",
    urn="900001",
    template="review_maintained",
    template_hash="a" * 64,
    addressed_to="The head teacher and the chair of governors",
    subject="What our review found",
    body="Dear colleagues,\n\n# Why\n\n=SUM(A1) {levels} <b>",
    answer_by=date(2026, 12, 11),
    build_id="00002-20261120-c9d62c",
    rule_set="2026.3",
    as_at=date(2026, 11, 20),
)
SENT = {"sent_on": date(2026, 11, 23), "sent_how": "by post"}
REPLY = {"reply_kind": "accepted in part", "replied_on": date(2026, 12, 4), "reply": "We take the coaching."}


def test_a_draft_comes_back_whole_with_the_hash_of_its_text(records: Records) -> None:
    number = add_letter(records, "tester", BASE)
    (found,) = letters(records, urn="900001")
    for name, value in vars(BASE).items():
        assert getattr(found, name) == value
    assert (found.id, found.status, found.withdrawn_reason) == (number, LetterStatus.DRAFTED, None)
    text = "\n\n".join((BASE.addressed_to, BASE.subject, BASE.body))
    assert found.content_hash == hashlib.sha256(text.encode()).hexdigest()
    assert [entry.what for entry in audit_trail(records, table="letter", record_id=number)] == ["created"]


def test_the_hash_is_that_of_the_text_as_it_is_kept(records: Records) -> None:
    add_letter(records, "tester", replace(BASE, subject="  What our review found ", body=f"{BASE.body}\r\nEnd\n"))
    (found,) = letters(records)
    assert found.content_hash == letter_hash(found.addressed_to, found.subject, found.body)
    assert found.body.endswith("<b>\nEnd")


@pytest.mark.parametrize("name", ["addressed_to", "subject", "body"])
def test_a_changed_draft_has_another_hash(records: Records, name: str) -> None:
    number = add_letter(records, "tester", BASE)
    before = letters(records)[0].content_hash
    changed = change_letter(records, "tester", number, 1, {name: "Other words"})
    assert changed.content_hash == letter_hash(changed.addressed_to, changed.subject, changed.body) != before
    assert changed.status == LetterStatus.DRAFTED


def test_a_letter_goes_from_draft_to_sent_to_answered(records: Records) -> None:
    number = add_letter(records, "tester", BASE)
    sent = change_letter(records, "tester", number, 1, SENT)
    assert (sent.status, sent.sent_on, sent.sent_how) == (LetterStatus.SENT, date(2026, 11, 23), "by post")
    assert not sent.is_overdue_on(date(2026, 12, 11))
    assert sent.is_overdue_on(date(2026, 12, 12))
    answered = change_letter(records, "tester", number, 2, REPLY)
    assert (answered.status, answered.reply_kind) == (LetterStatus.ANSWERED, ReplyKind.ACCEPTED_IN_PART)
    assert not answered.is_overdue_on(date(2027, 1, 1))
    assert answered.content_hash == sent.content_hash


@pytest.mark.parametrize(
    "changes",
    [
        {"body": "Other words"},
        {"subject": "Other words"},
        {"addressed_to": "The trust"},
        {"answer_by": date(2027, 1, 1)},
        {"answer_by": None},
        {"sent_on": date(2026, 11, 24)},
        {"sent_on": None, "sent_how": None},
        {"sent_how": "by mail"},
        {"template_hash": "b" * 64},
        {"build_id": "another"},
        {"as_at": date(2026, 11, 1)},
    ],
)
def test_nothing_of_a_letter_that_was_sent_is_changed(records: Records, changes: dict[str, object]) -> None:
    number = add_letter(records, "tester", BASE)
    sent = change_letter(records, "tester", number, 1, SENT)
    with pytest.raises(RecordRefused, match="never changed"):
        change_letter(records, "tester", number, 2, changes, "A slip of the pen.")
    assert letters(records) == [sent]


@pytest.mark.parametrize(
    "name", ["content_hash", "status", "withdrawn_reason", "urn", "template", "la_code", "nothing"]
)
def test_what_follows_or_is_fixed_is_not_given(records: Records, name: str) -> None:
    number = add_letter(records, "tester", BASE)
    with pytest.raises(RecordRefused, match=name):
        change_letter(records, "tester", number, 1, {name: "900002"})


@pytest.mark.parametrize(
    ("before", "changes", "problem"),
    [
        ({}, {"sent_on": date(2026, 11, 23)}, "sent_how: a letter that is sent needs this"),
        ({}, {"sent_how": "by post"}, "sent_on: a letter that is sent needs this"),
        ({}, {**SENT, "sent_on": date(2026, 12, 12)}, "answer_by: 2026-12-11 is before it is sent"),
        ({}, REPLY, "sent_on: a letter that was not sent has no answer"),
        (SENT, {**REPLY, "replied_on": date(2026, 11, 22)}, "replied_on: 2026-11-22 is before it was sent"),
        (SENT, {"reply_kind": "declined"}, "replied_on: an answer needs this"),
        (SENT, {**REPLY, "reply": ""}, "reply: an answer needs this"),
        (SENT, {**REPLY, "reply_kind": "perhaps"}, "reply_kind: 'perhaps' is not a known word"),
        ({}, {"body": ""}, "body: nothing was given"),
        ({}, {"body": "x" * 20_001}, "body: the text has 20001 characters"),
        ({}, {"subject": "\u202eturned"}, "subject: '\\u202eturned' holds a control character"),
    ],
)
def test_a_change_that_cannot_be_is_refused_in_words(
    records: Records, before: dict[str, object], changes: dict[str, object], problem: str
) -> None:
    number = add_letter(records, "tester", BASE)
    version = change_letter(records, "tester", number, 1, before).version if before else 1
    with pytest.raises(RecordRefused) as refused:
        change_letter(records, "tester", number, version, changes)
    assert problem in str(refused.value)


def test_a_recorded_answer_is_corrected_with_a_reason_alone(records: Records) -> None:
    number = add_letter(records, "tester", BASE)
    change_letter(records, "tester", number, 1, SENT)
    change_letter(records, "tester", number, 2, REPLY)
    with pytest.raises(RecordRefused, match="correcting a recorded answer needs a reason"):
        change_letter(records, "tester", number, 3, {"reply_kind": "declined"})
    found = change_letter(records, "tester", number, 3, {"reply_kind": "declined"}, "Read once more.")
    assert found.reply_kind == ReplyKind.DECLINED
    assert audit_trail(records, table="letter", record_id=number)[0].reason == "Read once more."


@pytest.mark.parametrize("is_sent", [False, True])
def test_a_withdrawn_letter_stays_as_it_was_with_the_reason(records: Records, is_sent: bool) -> None:
    number = add_letter(records, "tester", BASE)
    version = change_letter(records, "tester", number, 1, SENT).version if is_sent else 1
    withdraw_letter(records, "tester", number, version, "Sent to the wrong school.")
    (found,) = letters(records)
    assert (found.status, found.withdrawn_reason) == (LetterStatus.WITHDRAWN, "Sent to the wrong school.")
    assert (found.body, found.sent_on) == (BASE.body, date(2026, 11, 23) if is_sent else None)
    assert not found.is_overdue_on(date(2027, 1, 1))
    with pytest.raises(RecordRefused, match="is withdrawn"):
        change_letter(records, "tester", number, found.version, REPLY)


def test_to_withdraw_needs_a_reason_and_a_letter(records: Records) -> None:
    number = add_letter(records, "tester", BASE)
    with pytest.raises(RecordRefused, match="a reason is needed"):
        withdraw_letter(records, "tester", number, 1, " ")
    with pytest.raises(NotFound):
        withdraw_letter(records, "tester", number + 1, 1, "Why.")


def test_the_same_draft_twice_is_one(records: Records) -> None:
    number = add_letter(records, "tester", BASE)
    with pytest.raises(RecordRefused, match=f"there already, number {number}"):
        add_letter(records, "tester", BASE)
    withdraw_letter(records, "tester", number, 1, "Begun too early.")
    assert add_letter(records, "tester", BASE) != number


def test_a_letter_may_name_a_meeting_that_stands(records: Records) -> None:
    with pytest.raises(RecordRefused, match="meeting_id: there is no such meeting"):
        add_letter(records, "tester", replace(BASE, meeting_id=1))
    meeting = add_meeting(records, "tester", NewMeeting("999", "Alder Valley", date(2026, 10, 5)))
    add_letter(records, "tester", replace(BASE, meeting_id=meeting))
    assert letters(records)[0].meeting_id == meeting


def test_letters_are_found_by_la_and_school_the_newest_first(records: Records) -> None:
    first = add_letter(records, "tester", BASE)
    second = add_letter(records, "tester", replace(BASE, urn="900002"))
    add_letter(records, "tester", replace(BASE, la_code="998", urn="900003"))
    assert [one.id for one in letters(records, la_code="999")] == [second, first]
    assert [one.id for one in letters(records, urn="900002")] == [second]
