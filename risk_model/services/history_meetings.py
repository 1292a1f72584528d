"""What core groups had decided by a day, who was there, and which actions were open."""

from collections.abc import Sequence
from datetime import datetime

from risk_model.casework import ENDED_ACTIONS, ActionState, Presence, RecordThen
from risk_model.domain.periods import in_words
from risk_model.domain.words import Statement
from risk_model.services.history_words import (
    ACTIONS,
    AGREED,
    Known,
    Line,
    day_of,
    is_of,
    level_words,
    notes_of,
    sentence,
    told_on,
    value_words,
)


def agreed_lines(known: Known) -> list[Line]:
    """What core groups decided for each school: why it was on the agenda, who was there, who locked the minutes."""
    meetings = known.by_number("meeting")
    people, conflicts = _by_meeting(known, "attendance"), _by_meeting(known, "conflict")
    reasons = {(one.image["meeting_id"], one.image["urn"]): one for one in known.of("meeting_school")}
    decided: dict[tuple[int, str], list[RecordThen]] = {}
    for one in known.of("meeting_outcome"):
        meeting = meetings.get(one.image["meeting_id"])
        if meeting is not None and not one.is_withdrawn and _is_meeting_of(known, meeting):
            decided.setdefault((meeting.record_id, one.image["urn"]), []).append(one)
    lines = []
    for (number, urn), outcomes in decided.items():
        meeting = meetings[number]
        locked_at = _locked_at(meeting)
        ordered = sorted(outcomes, key=_whole_first)
        item = reasons.get((number, urn))
        declared = [one for one in conflicts.get(number, []) if one.image["urn"] == urn]
        lines.append(
            Line(
                AGREED,
                urn,
                known.name(urn),
                day_of(meeting.image["held_on"]),
                _decided_words(known, ordered),
                f"{meeting.image['locality']} core group",
                (*_agenda_words(item), *_who_decided(meeting, people.get(number, [])), *_declared(declared)),
                tuple(dict.fromkeys(note for one in ordered for note in notes_of(known, one, locked_at))),
            )
        )
    return lines


def _whole_first(one: RecordThen) -> tuple[int, int]:
    statement = one.image["statement"]
    return (0 if statement is None else 1 + list(Statement).index(Statement(statement)), one.record_id)


def _is_meeting_of(known: Known, meeting: RecordThen) -> bool:
    image = meeting.image
    return (
        image["la_code"] == known.la_code
        and not meeting.is_withdrawn
        and is_of(known.day, meeting, day_of(image["held_on"]))
        and (known.locality is None or image["locality"] == known.locality)
    )


def _by_meeting(known: Known, table: str) -> dict[int, list[RecordThen]]:
    found: dict[int, list[RecordThen]] = {}
    for one in known.records[table]:
        if not one.is_withdrawn:
            found.setdefault(one.image["meeting_id"], []).append(one)
    return found


def _locked_at(meeting: RecordThen) -> datetime | None:
    """When the minutes were locked, also where that was after the day."""
    images = [meeting.image, *(entry.after or {} for entry in meeting.since)]
    moments = [image.get("locked_at") for image in images if image.get("locked_at")]
    return None if not moments else datetime.fromisoformat(str(moments[0]))


def _decided_words(known: Known, outcomes: Sequence[RecordThen]) -> str:
    """Outcome, agreed levels, reasons and review; what is said of each statement alike is said once."""
    images = [one.image for one in outcomes]
    whole = next((image for image in images if image["statement"] is None), images[0])
    outcome = str(whole["outcome"])
    levels = [
        level_words(image["statement"], image["agreed_level"])
        + ("" if image["outcome"] == outcome else f" ({image['outcome']})")
        for image in images
        if image["agreed_level"]
    ]
    reasons = [image["reason"] for image in images if image["reason"]]
    reviews = [f"Review by {value_words(image['review_by'])}" for image in images if image["review_by"]]
    hidden = [image.get("restricted_note") for image in images] if known.may_see_restricted else []
    notes = [f"Restricted note: {note}" for note in hidden if note]
    agreed = f"Agreed: {'; '.join(levels)}" if levels else ""
    return sentence(outcome[:1].upper() + outcome[1:], agreed, *dict.fromkeys((*reasons, *reviews, *notes)))


def _agenda_words(item: RecordThen | None) -> tuple[str, ...]:
    if item is None:
        return ()
    levels = [
        level_words(statement, item.image.get(f"{statement}_level"))
        for statement in ("outcomes", "leadership", "inspection")
    ]
    stood = "; ".join(level for level in levels if level)
    why = " ".join(str(item.image["reasons"]).split("\n"))
    return (sentence(f"On the agenda because: {why}"), *((sentence(f"Computed then: {stood}"),) if stood else ()))


def _who_decided(meeting: RecordThen, people: Sequence[RecordThen]) -> tuple[str, ...]:
    image = meeting.image
    there = [one.image for one in people if one.image["presence"] in (Presence.PRESENT, Presence.PART)]
    listed = "; ".join(f"{one['label']} ({one['role']})" for one in there) or image["attending"]
    locked_at = _locked_at(meeting)
    if locked_at is None:
        lock = "The minutes were not locked."
    else:
        locked_by = next(
            (
                one.get("locked_by")
                for one in (image, *(entry.after or {} for entry in meeting.since))
                if one.get("locked_by")
            ),
            "somebody",
        )
        lock = f"Minutes locked on {in_words(locked_at.date())} by {locked_by}."
    return (
        sentence(f"Chair: {image['chair']}") if image.get("chair") else "It is not recorded who chaired.",
        sentence(f"Present: {listed}") if listed else "It is not recorded who was there.",
        lock,
    )


def _declared(conflicts: Sequence[RecordThen]) -> tuple[str, ...]:
    return tuple(
        sentence(f"Interest declared by {one.image['label']}: {one.image['interest']} ({one.image['part_taken']})")
        for one in conflicts
    )


def actions_lines(known: Known) -> list[Line]:
    """Actions that were agreed by the day."""
    meetings = known.by_number("meeting")
    lines = []
    for one in known.of("action"):
        image = one.image
        meeting = meetings.get(image["meeting_id"] or 0)
        agreed_on = day_of(meeting.image["held_on"]) if meeting else None
        if one.is_withdrawn or not is_of(known.day, one, agreed_on):
            continue
        done_on, due = day_of(image.get("done_on")), day_of(image["due"])
        is_open = image["state"] not in ENDED_ACTIONS or (done_on is not None and done_on > known.day)
        # what was written down later tells how far it had come later, not then
        state = ActionState.NOT_STARTED if done_on is not None and done_on > known.day else image["state"]
        overdue = ", overdue" if is_open and due is not None and due < known.day else ""
        due_words = f"due {in_words(due)}{overdue}" if due else "no day recorded"
        how_far = "how far it had come is not known" if one.is_recorded_later and is_open else str(state)
        locked_at = _locked_at(meeting) if meeting else None
        lines.append(
            Line(
                ACTIONS,
                image["urn"],
                known.name(image["urn"]),
                told_on(one, agreed_on),
                sentence(str(image["action"]), f"{due_words[:1].upper()}{due_words[1:]}; {how_far}"),
                str(image["owner"] or "owner not recorded"),
                (sentence(str(image["state_reason"])),) if image.get("state_reason") else (),
                notes_of(known, one, locked_at),
                is_open,
            )
        )
    return lines
