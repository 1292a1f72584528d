"""Letters to schools: drafted, sent, answered. What was sent is never changed, only answered or withdrawn.

Where a letter has come to follows from its dates, so that it can never say otherwise than they do. Its hash is of the
very text that leaves: whom it is addressed to, its subject and its body.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, select

from risk_model.casework.changes import Case, Kind, add_or_tell, change_row
from risk_model.casework.checks import (
    REASON_LENGTH,
    Field,
    Problem,
    Values,
    check,
    checked_reason,
    checked_who,
    line,
    lines,
    read_day,
    read_la_code,
    read_record_id,
    read_urn,
    refuse_if,
    word,
)
from risk_model.casework.store import Records, reading, writing
from risk_model.casework.tables import LETTER, MEETING
from risk_model.casework.withdrawing import needed_reason, not_withdrawing, withdrawn_already
from risk_model.casework.words import LetterStatus, ReplyKind, What
from risk_model.domain.errors import RecordRefused

BODY_LENGTH = 20_000


@dataclass(frozen=True)
class NewLetter:
    """A letter to be drafted.

    Attributes:
        template: id of the template that it was begun from; template_hash: SHA-256 of that template's text.
        build_id, rule_set, as_at: what its statements rest on.
    """

    la_code: str
    urn: str
    template: str
    template_hash: str
    addressed_to: str
    subject: str
    body: str
    answer_by: date | None = None
    meeting_id: int | None = None
    build_id: str | None = None
    rule_set: str | None = None
    as_at: date | None = None


@dataclass(frozen=True)
class Letter:
    """A recorded letter.

    Attributes:
        content_hash: SHA-256 of its text, as `letter_hash` makes it.
        withdrawn_reason: why it should not be relied on; None for one that stands.
    """

    id: int
    version: int
    la_code: str
    urn: str
    meeting_id: int | None
    template: str
    template_hash: str
    addressed_to: str
    subject: str
    body: str
    content_hash: str
    status: LetterStatus
    answer_by: date | None
    sent_on: date | None
    sent_how: str | None
    reply_kind: ReplyKind | None
    replied_on: date | None
    reply: str | None
    build_id: str | None
    rule_set: str | None
    as_at: date | None
    withdrawn_reason: str | None

    def is_overdue_on(self, day: date) -> bool:
        """Whether it was sent, asked for an answer by an earlier day, and has none."""
        return self.status == LetterStatus.SENT and self.answer_by is not None and self.answer_by < day


LETTER_FIELDS = (
    Field("la_code", read_la_code, required=True),
    Field("urn", read_urn, required=True),
    Field("meeting_id", read_record_id),
    Field("template", line(60), required=True),
    Field("template_hash", line(64), required=True),
    Field("addressed_to", line(200), required=True),
    Field("subject", line(300), required=True),
    Field("body", lines(BODY_LENGTH), required=True),
    Field("content_hash", line(64), required=True),
    Field("status", word(LetterStatus), required=True),
    Field("answer_by", read_day),
    Field("sent_on", read_day),
    Field("sent_how", line(100)),
    Field("reply_kind", word(ReplyKind)),
    Field("replied_on", read_day),
    Field("reply", lines(4000)),
    Field("build_id", line(100)),
    Field("rule_set", line(100)),
    Field("as_at", read_day),
    Field("withdrawn_reason", lines(REASON_LENGTH)),
)
# of a file of letters
LETTER_COLUMNS = (
    "urn",
    "template",
    "template_hash",
    "addressed_to",
    "subject",
    "body",
    "answer_by",
    "sent_on",
    "sent_how",
    "reply_kind",
    "replied_on",
    "reply",
)
_TEXT = ("addressed_to", "subject", "body")
_OF_THE_SENDING = ("sent_on", "sent_how")
_OF_THE_REPLY = ("reply_kind", "replied_on", "reply")
_DERIVED = ("content_hash", "status")


def letter_hash(addressed_to: str, subject: str, body: str) -> str:
    """SHA-256 of a letter's text in UTF-8: addressee, subject and body, with an empty line between them."""
    return hashlib.sha256("\n\n".join((addressed_to, subject, body)).encode("utf-8")).hexdigest()


def letters(records: Records, *, la_code: str | None = None, urn: str | None = None) -> list[Letter]:
    """Every letter of one LA, one school, or all, whatever became of it; the newest first."""
    query = select(LETTER).order_by(LETTER.c.id.desc())
    if la_code is not None:
        query = query.where(LETTER.c.la_code == la_code)
    if urn is not None:
        query = query.where(LETTER.c.urn == urn)
    with reading(records) as connection:
        return [_letter(dict(row)) for row in connection.execute(query).mappings()]


def add_letter(records: Records, who: str, new: NewLetter) -> int:
    """Record the draft of a letter.

    Returns:
        The new record's number.
    Raises:
        RecordRefused: with every problem; also when this very draft is there already.
    """
    name = checked_who(who)
    with writing(records) as connection:
        number, problems = add_letter_or_tell(connection, name, asdict(new))
        refuse_if(problems, "The letter was not added")
        return number


def add_letters(records: Records, who: str, new: Sequence[NewLetter]) -> list[int]:
    """Record the drafts of several letters: all of them, or none.

    Returns:
        Their numbers, in the same order.
    Raises:
        RecordRefused: with every problem of every one, by its place in the list.
    """
    name = checked_who(who)
    with writing(records) as connection:
        added = [add_letter_or_tell(connection, name, asdict(one)) for one in new]
        problems = [problem.at(f"number {place}") for place, (_, found) in enumerate(added, 1) for problem in found]
        refuse_if(problems, f"None of the {len(new)} letters was added")
        return [number for number, _ in added]


def add_letter_or_tell(connection: Connection, who: str, given: Mapping[str, object]) -> tuple[int, list[Problem]]:
    """Record a letter with whatever became of it, and its audit entry, or tell its problems.

    Returns:
        The new record's number and no problems; or 0 and the problems.
    """
    clean, problems = check([field for field in LETTER_FIELDS if field.name not in _DERIVED], given)
    if problems:
        return 0, problems
    return add_or_tell(connection, LETTERS, who, _settled(clean))


def change_letter(
    records: Records,
    who: str,
    letter_id: int,
    version: int,
    changes: Mapping[str, object],
    reason: str | None = None,
) -> Letter:
    """Change the draft of a letter, send it, or record the answer to one that was sent.

    Args:
        reason: why, for the audit trail; needed to correct a recorded answer.
    Raises:
        NotFound: no such letter.
        RecordRefused: an old version, an unknown field, the text of a letter that was sent, or problems.
    """
    derived = [name for name in _DERIVED if name in changes]
    if derived:
        raise RecordRefused("Nothing was changed.", [f"{derived[0]}: This follows from the text and the dates."])
    name, why = checked_who(who), checked_reason(reason)
    with writing(records) as connection:
        return _letter(change_row(connection, LETTERS, name, letter_id, version, not_withdrawing(changes), why))


def withdraw_letter(records: Records, who: str, letter_id: int, version: int, reason: str) -> None:
    """Withdraw a letter, whether it was sent or not. It stays on record as it was, with the reason.

    Raises:
        NotFound: no such letter.
        RecordRefused: no reason, an old version, or it is withdrawn already.
    """
    name, why = checked_who(who), needed_reason(reason, "letter")
    with writing(records) as connection:
        change_row(connection, LETTERS, name, letter_id, version, {"withdrawn_reason": why}, why)


def _settled(values: Mapping[str, Any]) -> Values:
    """The values with what follows from them: where the letter has come to, and the hash of its text."""
    status = (
        LetterStatus.WITHDRAWN
        if values.get("withdrawn_reason") is not None
        else LetterStatus.ANSWERED
        if values.get("reply_kind") is not None
        else LetterStatus.SENT
        if values.get("sent_on") is not None
        else LetterStatus.DRAFTED
    )
    text = [values.get(name) or "" for name in _TEXT]
    return {**values, "status": status.value, "content_hash": letter_hash(*text)}


def _across(case: Case) -> list[Problem]:
    withdrawn = withdrawn_already(case, "letter")
    return withdrawn or [*_sent_is_fixed(case), *_sending(case), *_answering(case)]


def _sent_is_fixed(case: Case) -> list[Problem]:
    if case.before is None or case.before["sent_on"] is None:
        return []
    free = {*_OF_THE_REPLY, *_DERIVED, "withdrawn_reason"}
    sent = f"this letter was sent on {case.before['sent_on'].isoformat()}; what was sent is never changed."
    problems = [
        Problem(name, "", sent, "Withdraw it with a reason, and write another.") for name in case.changed - free
    ]
    corrected = case.before["reply_kind"] is not None and case.changed & set(_OF_THE_REPLY)
    if corrected and case.reason is None:
        problems.append(Problem("reply", "", "correcting a recorded answer needs a reason.", "Say why."))
    return problems


def _sending(case: Case) -> list[Problem]:
    sent_on, how, answer_by = (case.after.get(name) for name in ("sent_on", "sent_how", "answer_by"))
    problems = _all_or_none(case, _OF_THE_SENDING, "a letter that is sent")
    if sent_on is not None and answer_by is not None and answer_by < sent_on:
        problem = f"{answer_by.isoformat()} is before it is sent, {sent_on.isoformat()}."
        problems.append(Problem("answer_by", answer_by.isoformat(), problem, "Give a later day, or leave it blank."))
    if how is None and sent_on is None and any(case.after.get(name) is not None for name in _OF_THE_REPLY):
        problem = "a letter that was not sent has no answer."
        problems.append(Problem("sent_on", "", problem, "Record first when and how it was sent."))
    return problems


def _answering(case: Case) -> list[Problem]:
    problems = _all_or_none(case, _OF_THE_REPLY, "an answer")
    sent_on, replied_on = case.after.get("sent_on"), case.after.get("replied_on")
    if sent_on is not None and replied_on is not None and replied_on < sent_on:
        problem = f"{replied_on.isoformat()} is before it was sent, {sent_on.isoformat()}."
        problems.append(Problem("replied_on", replied_on.isoformat(), problem, "Correct the day."))
    return problems


def _all_or_none(case: Case, names: tuple[str, ...], what: str) -> list[Problem]:
    """The problems of fields that only make sense together."""
    if all(case.after.get(name) is None for name in names):
        return []
    missing = [name for name in names if case.after.get(name) is None and name not in case.unfit]
    return [Problem(name, "", f"{what} needs this as well.", "Fill this in.") for name in missing]


def _beside(connection: Connection, case: Case) -> list[Problem]:
    problems = []
    meeting = case.after.get("meeting_id")
    if meeting is not None and "meeting_id" in case.changed:
        standing = select(MEETING.c.id).where(MEETING.c.id == meeting, MEETING.c.withdrawn_reason.is_(None))
        if connection.execute(standing).first() is None:
            what_to_do = "Choose one from the list."
            problems.append(Problem("meeting_id", str(meeting), "there is no such meeting.", what_to_do))
    return problems + (_same_draft(connection, case) if case.before is None else [])


def _same_draft(connection: Connection, case: Case) -> list[Problem]:
    """A form that is sent twice records once."""
    same = select(LETTER.c.id).where(
        LETTER.c.la_code == case.after.get("la_code"),
        LETTER.c.urn == case.after.get("urn"),
        LETTER.c.template == case.after.get("template"),
        LETTER.c.content_hash == case.after.get("content_hash"),
        LETTER.c.withdrawn_reason.is_(None),
    )
    found = connection.execute(same).scalar()
    if found is None:
        return []
    return [Problem("body", "", f"this letter is there already, number {found}.", "Open that one.")]


def _what(case: Case) -> What:
    return What.WITHDRAWN if "withdrawn_reason" in case.changed else What.CHANGED


LETTERS = Kind(
    LETTER,
    "letter",
    LETTER_FIELDS,
    fixed=frozenset({"la_code", "urn", "template"}),
    across=_across,
    beside=_beside,
    settle=lambda case: _settled(case.after),
    what=_what,
)


def _letter(row: Values) -> Letter:
    reply = None if row["reply_kind"] is None else ReplyKind(row["reply_kind"])
    return Letter(**(row | {"status": LetterStatus(row["status"]), "reply_kind": reply}))
