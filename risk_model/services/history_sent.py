"""What had been sent by a day, and to whom: letters, steps of an escalation, referrals, files."""

from collections.abc import Sequence

from risk_model.casework import ENDED_REFERRALS, RecordThen, ReferralStatus
from risk_model.casework.as_recorded import Image
from risk_model.domain.periods import in_words
from risk_model.services.history_words import (
    LEFT,
    LETTERS,
    REFERRED,
    STEPS,
    Known,
    Line,
    changes_of,
    day_of,
    is_of,
    notes_of,
    sentence,
    told_on,
    value_words,
)


def letters_lines(known: Known) -> list[Line]:
    """Letters that were written or sent by the day, and the replies."""
    lines = []
    for one in known.of("letter"):
        image = one.image
        sent_on = day_of(image["sent_on"])
        if one.is_withdrawn or not is_of(known.day, one, sent_on):
            continue
        sent = f"sent on {in_words(sent_on)}" if sent_on else f"{image['status']}, not sent"
        how = f" ({image['sent_how']})" if image.get("sent_how") and sent_on else ""
        answer = f"Answer asked by {value_words(image['answer_by'])}" if image["answer_by"] else ""
        reply = ""
        if image.get("reply_kind"):
            reply = (
                f"Reply on {value_words(image['replied_on'])}: {image['reply_kind']}. {image['reply'] or ''}".strip()
            )
        lines.append(
            Line(
                LETTERS,
                image["urn"],
                known.name(image["urn"]),
                told_on(one, sent_on),
                sentence(f"{image['subject']}, to {image['addressed_to']}: {sent}{how}", answer, reply),
                one.recorded_by,
                (f"SHA-256 of the letter: {image['content_hash']}.",),
                notes_of(known, one),
                body=str(image["body"]),
            )
        )
    return lines


def steps_lines(known: Known) -> list[Line]:
    """Escalations of maintained schools, with the steps that had been taken."""
    lines = []
    taken = [one for one in known.records["ladder_step"] if not one.is_withdrawn]
    for one in known.of("escalation"):
        image = one.image
        opened_on, closed_on = day_of(image["opened_on"]), day_of(image["closed_on"])
        if one.is_withdrawn or not is_of(known.day, one, opened_on):
            continue
        own = [step for step in taken if step.image.get("escalation_id") == one.record_id]
        is_open = closed_on is None or closed_on > known.day
        closed = "" if is_open else sentence(f"Closed on {value_words(image['closed_on'])}", image["close_reason"])
        lines.append(
            Line(
                STEPS,
                image["urn"],
                known.name(image["urn"]),
                opened_on,
                sentence(f"Concern: {image['concern']}", closed),
                str(image["owner"] or "owner not recorded"),
                _steps_taken(known, own),
                notes_of(known, one),
                is_open,
            )
        )
    return lines


def _steps_taken(known: Known, steps: Sequence[RecordThen]) -> tuple[str, ...]:
    told = [one for one in steps if is_of(known.day, one, day_of(one.image["taken_on"]))]
    told.sort(key=lambda one: (one.image["taken_on"], one.record_id))
    return tuple(
        sentence(
            f"{value_words(one.image['taken_on'])}: {_step(known, one)}"
            + (f", decided by {one.image['decided_by']}" if one.image["decided_by"] else ""),
            f"Out of order, because: {one.image['out_of_order_reason']}" if one.image["out_of_order_reason"] else "",
            f"Paper: {one.image['paper']}" if one.image["paper"] else "",
            *changes_of(known, one),
        )
        for one in told
    )


def _step(known: Known, one: RecordThen) -> str:
    """A step by its title; one that the ladders do not know any more by its own word."""
    step = str(one.image["step"])
    return known.steps.get(step, step.replace("_", " "))


def referrals_lines(known: Known) -> list[Line]:
    """Academies that had been drafted for the regional director, or raised."""
    lines = []
    steps = [one for one in known.records["ladder_step"] if not one.is_withdrawn]
    for one in known.of("referral"):
        image = one.image
        days = [day for name in ("raised_with_trust_on", "raised_on") if (day := day_of(image.get(name))) is not None]
        own = min(days, default=None)
        if image["status"] == ReferralStatus.WITHDRAWN or not is_of(known.day, one, own):
            continue
        note = image.get("restricted_note") if known.may_see_restricted else None
        own_steps = [step for step in steps if step.image.get("referral_id") == one.record_id]
        lines.append(
            Line(
                REFERRED,
                image["urn"],
                known.name(image["urn"]),
                told_on(one, own),
                sentence(
                    f"{str(image['status'])[:1].upper()}{str(image['status'])[1:]}",
                    f"Concern: {image['concern']}",
                    f"Asked: {image['ask']}" if image["ask"] else "",
                    f"Reply: {image['reply']}" if image["reply"] else "",
                    f"Restricted note: {note}" if note else "",
                ),
                str(image["owner"] or "owner not recorded"),
                (*_beside(known, image), *_steps_taken(known, own_steps)),
                notes_of(known, one),
                image["status"] not in ENDED_REFERRALS,
            )
        )
    return lines


def _beside(known: Known, image: Image) -> tuple[str, ...]:
    """What had been tried, what the trust had said, and in which programme of DfE the school was."""
    raised_with_trust = image.get("raised_with_trust_on")
    told = (
        ("Tried", image.get("tried")),
        ("What the LA knows", image.get("intelligence") if known.may_see_restricted else None),
        ("Raised with the trust on", value_words(raised_with_trust) if raised_with_trust else None),
        ("The trust's reply", image.get("trust_reply")),
        ("In a programme of DfE already", image.get("programme")),
        ("Raised all the same, because", image.get("programme_reason")),
    )
    return tuple(sentence(f"{title}: {said}") for title, said in told if said)


def left_lines(known: Known) -> list[Line]:
    """Files that had left, with what was in them."""
    lines = []
    for one in known.records["export"]:
        image = one.image
        urns = frozenset(image["urns"] or ())
        exported_on = day_of(image["exported_at"])
        if image["la_code"] != known.la_code or not is_of(known.day, one, exported_on):
            continue
        if known.urns is not None and not urns & known.urns:
            continue
        count = "1 school" if len(urns) == 1 else f"{len(urns)} schools"
        fields = f"Fields: {', '.join(image['fields'])}." if image["fields"] else ""
        banner = f"Marked: {image['banner']}." if image["banner"] else ""
        lines.append(
            Line(
                LEFT,
                next(iter(urns)) if len(urns) == 1 else None,
                known.name(next(iter(urns))) if len(urns) == 1 else count,
                exported_on,
                sentence(f"{image['what']}: {image['file_name']}, about {count}"),
                image["exported_by"],
                tuple(each for each in (banner, fields, f"SHA-256: {image['content_hash']}.") if each),
            )
        )
    return lines
