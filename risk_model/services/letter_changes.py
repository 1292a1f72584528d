"""Writing a letter: drafted, changed, sent, answered, withdrawn. To an academy no power is named that the LA lacks."""

from datetime import date

from risk_model.casework import (
    Letter,
    LetterStatus,
    NewLetter,
    ReplyKind,
    add_letter,
    change_letter,
    withdraw_letter,
)
from risk_model.domain.errors import RecordRefused
from risk_model.domain.viewer import Right, Viewer, require
from risk_model.rules.letters import TO_SAY, LetterSettings, read_letter_settings
from risk_model.services.copy import Copy
from risk_model.services.letter_school import LetterSchool, has_powers, letter_school
from risk_model.services.letters import LetterDraft, fitting_template, one_letter

__all__ = [
    "REPLY_KINDS",
    "Letter",
    "change_draft",
    "new_letter",
    "record_reply",
    "save_letter",
    "send_letter",
    "take_back_letter",
]

# what an answer may come to, for a form
REPLY_KINDS = tuple(one.value for one in ReplyKind)


def save_letter(
    viewer: Viewer,
    copy: Copy,
    urn: str,
    template_id: str,
    addressed_to: str,
    subject: str,
    body: str,
    answer_by: date | None,
    meeting_id: int | None = None,
) -> int:
    """Record a letter as a draft, with the template that it was begun from and the build that it rests on.

    Returns:
        The letter's number.
    Raises:
        NotAllowed: the viewer may not write.
        NotFound: no school of this build has the URN.
        RecordRefused: the template is not for such a school, a letter to an academy names a power over maintained
            schools, or the text is not valid.
        RulesRefused: the LA's own templates are not valid.
    """
    require(viewer, Right.LETTERS)
    settings = read_letter_settings(copy.data.root)
    draft = LetterDraft(urn, template_id, meeting_id, addressed_to, subject, body, answer_by)
    return add_letter(copy.records, viewer.name, new_letter(viewer, copy, settings, draft))


def change_draft(
    viewer: Viewer,
    copy: Copy,
    letter_id: int,
    version: int,
    addressed_to: str,
    subject: str,
    body: str,
    answer_by: date | None,
) -> Letter:
    """Change the text of a draft.

    Raises:
        NotAllowed: the viewer may not write.
        NotFound: no such letter, or its school is not in this build any more.
        RecordRefused: it was sent, somebody else changed it, or the text is not valid.
    """
    require(viewer, Right.LETTERS)
    letter = one_letter(viewer, copy, letter_id)
    settings = read_letter_settings(copy.data.root)
    _refuse_threats(viewer, copy, settings, letter_school(viewer, copy, letter.urn), addressed_to, subject, body)
    changes = {"addressed_to": addressed_to, "subject": subject, "body": body, "answer_by": answer_by}
    return change_letter(copy.records, viewer.name, letter_id, version, changes)


def send_letter(viewer: Viewer, copy: Copy, letter_id: int, version: int, sent_on: date, sent_how: str) -> Letter:
    """Record that a letter was sent; from then on its text is never changed.

    Args:
        sent_how: such as "by post" or "by secure mail".
    Raises:
        NotAllowed: the viewer may not write.
        NotFound: no such letter, or its school is not in this build any more.
        RecordRefused: its writer has yet to fill something in, it no longer fits the school, it was sent already, or
            somebody else changed it.
    """
    require(viewer, Right.LETTERS)
    letter = one_letter(viewer, copy, letter_id)
    if letter.status != LetterStatus.DRAFTED:
        raise RecordRefused(f"The letter was not sent: it is {letter.status} already.", ["Nothing was changed."])
    if TO_SAY in letter.body or TO_SAY in letter.subject:
        raise RecordRefused(
            "The letter was not sent: something has yet to be said in it.",
            [f'Look for "{TO_SAY}", and put your own words there or take it out.'],
        )
    settings = read_letter_settings(copy.data.root)
    school = letter_school(viewer, copy, letter.urn)
    # the school may have become an academy since the draft, and its letter have become an empty threat
    if settings.template(letter.template) is not None:
        fitting_template(viewer, copy, settings, letter.template, school)
    _refuse_threats(viewer, copy, settings, school, letter.addressed_to, letter.subject, letter.body)
    changes = {"sent_on": sent_on, "sent_how": sent_how}
    return change_letter(copy.records, viewer.name, letter_id, version, changes)


def record_reply(
    viewer: Viewer,
    copy: Copy,
    letter_id: int,
    version: int,
    reply_kind: str,
    replied_on: date,
    reply: str,
    reason: str | None = None,
) -> Letter:
    """Record the answer to a letter that was sent, or correct it with a reason.

    Raises:
        NotAllowed: the viewer may not write.
        NotFound: no such letter.
        RecordRefused: it was not sent, the answer is not whole, or somebody else changed it.
    """
    require(viewer, Right.LETTERS)
    changes = {"reply_kind": reply_kind, "replied_on": replied_on, "reply": reply}
    return change_letter(copy.records, viewer.name, letter_id, version, changes, reason)


def take_back_letter(viewer: Viewer, copy: Copy, letter_id: int, version: int, reason: str) -> None:
    """Withdraw a letter; it stays on record as it was, with the reason.

    Raises:
        NotAllowed: the viewer may not write.
        NotFound: no such letter.
        RecordRefused: no reason, or somebody else changed it.
    """
    require(viewer, Right.LETTERS)
    withdraw_letter(copy.records, viewer.name, letter_id, version, reason)


def new_letter(viewer: Viewer, copy: Copy, settings: LetterSettings, draft: LetterDraft) -> NewLetter:
    """The draft as a record, with the template that it was begun from and the build that it rests on.

    Raises:
        NotAllowed: the viewer may not write.
        RecordRefused: the template is not for such a school, or its text names a power that the LA lacks there.
    """
    require(viewer, Right.LETTERS)
    school = letter_school(viewer, copy, draft.urn)
    template = fitting_template(viewer, copy, settings, draft.template_id, school)
    _refuse_threats(viewer, copy, settings, school, draft.addressed_to, draft.subject, draft.body)
    build = copy.build
    return NewLetter(
        school.la_code,
        draft.urn,
        template.id,
        template.text_hash,
        draft.addressed_to,
        draft.subject,
        draft.body,
        draft.answer_by,
        draft.meeting_id,
        build.build_id,
        build.rule_set,
        build.as_at,
    )


def _refuse_threats(viewer: Viewer, copy: Copy, settings: LetterSettings, school: LetterSchool, *texts: str) -> None:
    """Where the LA holds no power of intervention, it may not write as if it did."""
    if has_powers(viewer, copy, school):
        return
    named = settings.powers.named_in(" ".join(texts), school.names)
    if named:
        words = ", ".join(f'"{one}"' for one in named)
        to_whom = "an academy" if school.is_academy else f"a {school.type.casefold()}"
        instead = "or will tell the regional director (RSC)" if school.is_academy else "or ask the LA's lawyer first"
        raise RecordRefused(
            f"The letter was not saved: it is to {to_whom}, and says {words}.",
            [
                f"The law gives the LA no such power over {to_whom} by itself, so the letter may not name it.",
                f"Say what the LA asks for, {instead}. {settings.powers.reference}.",
            ],
        )
