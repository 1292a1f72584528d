"""What stood on a day, part by part: views, agreed, actions, support, letters, referrals.

Each function takes what is known and returns its lines, the newest first, also those that did not stand any more.
"""

from collections.abc import Callable, Sequence

from risk_model.casework import ACTIVE_STATUSES, FINISHED_STATUSES, AllocationStatus, RecordThen
from risk_model.services.history_meetings import actions_lines, agreed_lines
from risk_model.services.history_sent import left_lines, letters_lines, referrals_lines, steps_lines
from risk_model.services.history_words import (
    SUPPORT,
    VIEWS,
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

TABLES = (
    "adviser_view",
    "view_evidence",
    "head_comment",
    "meeting",
    "attendance",
    "conflict",
    "meeting_school",
    "meeting_outcome",
    "action",
    "allocation",
    "allocation_share",
    "letter",
    "escalation",
    "ladder_step",
    "referral",
    "export",
)


def all_lines(known: Known) -> list[Line]:
    """The lines of every part, in the order of the parts."""
    return [line for make in _PARTS for line in sorted(make(known), key=_newest_first)]


def _newest_first(line: Line) -> tuple[int, str, str]:
    return (-line.on.toordinal() if line.on else 0, line.school, line.what)


def _views(known: Known) -> list[Line]:
    evidence: dict[int, list[str]] = {}
    for piece in known.records["view_evidence"]:
        evidence.setdefault(piece.image["view_id"], []).append(str(piece.image["description"]))
    lines = []
    newest: set[tuple[str, str]] = set()
    made = [one for one in known.of("adviser_view") if is_of(known.day, one, day_of(one.image["made_on"]))]
    for one in sorted(made, key=lambda each: (each.image["made_on"], each.record_id), reverse=True):
        image = one.image
        review_by = day_of(image["review_by"])
        which = (image["urn"], image["statement"])
        stands = not one.is_withdrawn and which not in newest and (review_by is None or review_by > known.day)
        if not one.is_withdrawn:
            newest.add(which)
        lines.append(
            Line(
                VIEWS,
                image["urn"],
                known.name(image["urn"]),
                day_of(image["made_on"]),
                sentence(level_words(image["statement"], image["level"]), image["reason"]),
                image["made_by"],
                (
                    *(f"Evidence: {text}" for text in evidence.get(one.record_id, [])),
                    f"To be looked at again by {value_words(image['review_by'])}.",
                    *((f"Computed then: {image['computed_level']}.",) if image.get("computed_level") else ()),
                ),
                notes_of(known, one),
                stands,
            )
        )
    return lines + [_comment(known, one) for one in known.of("head_comment") if _is_said(known, one)]


def _is_said(known: Known, one: RecordThen) -> bool:
    return not one.is_withdrawn and is_of(known.day, one, day_of(one.image["made_on"]))


def _comment(known: Known, one: RecordThen) -> Line:
    image = one.image
    said = f"Comment on the judgement: {image['comment']}"
    made_on = day_of(image["made_on"])
    return Line(
        VIEWS, image["urn"], known.name(image["urn"]), made_on, said, image["made_by"], (), notes_of(known, one)
    )


def _support(known: Known) -> list[Line]:
    shares: dict[int, list[str]] = {}
    for share in known.records["allocation_share"]:
        if not share.is_withdrawn:
            shares.setdefault(share.image["allocation_id"], []).append(share.image["urn"])
    lines = []
    for one in known.records["allocation"]:
        image = one.image
        urns = shares.get(one.record_id) or [image["urn"]]
        asked = [urn for urn in urns if known.urns is None or urn in known.urns]
        start = day_of(image["start_date"])
        if image["la_code"] != known.la_code or not asked or one.is_withdrawn or not is_of(known.day, one, start):
            continue
        lines += [_piece(known, one, urn) for urn in asked]
    return lines


def _piece(known: Known, one: RecordThen, urn: str) -> Line:
    image = one.image
    who = image["provider_name"]
    kind = str(image["support_type"] or "support of a kind that is not recorded")
    days = f"{image['days_planned']:g} days planned" if image["days_planned"] is not None else "days not recorded"
    until = f"until {value_words(image['end_date'])}" if image["end_date"] else "no end recorded"
    what = sentence(f"{kind[:1].upper()}{kind[1:]}: {image['status']}; {days}; {until}", image["aim"])
    start = told_on(one, day_of(image["start_date"]))
    return Line(SUPPORT, urn, known.name(urn), start, what, who, (), notes_of(known, one), _is_active(known, one))


def _is_active(known: Known, one: RecordThen) -> bool:
    """Whether support was given on the day, by its dates; what was written down later has the status of later."""
    image = one.image
    status, end = AllocationStatus(image["status"]), day_of(image["end_date"])
    if status in FINISHED_STATUSES:
        return end is not None and end >= known.day
    return status in ACTIVE_STATUSES and (end is None or end >= known.day)


_PARTS: Sequence[Callable[[Known], list[Line]]] = (
    _views,
    agreed_lines,
    actions_lines,
    _support,
    letters_lines,
    steps_lines,
    referrals_lines,
    left_lines,
)
