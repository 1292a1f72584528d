"""What a letter says of a school: its three statements, the reasons, the offer; as the school itself may read it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from risk_model.casework import ACTIVE_STATUSES, Allocation, AllocationStatus, Meeting, agreed_judgements, meetings
from risk_model.domain.errors import NotFound
from risk_model.domain.periods import in_words
from risk_model.domain.viewer import Right, Viewer, require
from risk_model.domain.words import INSPECTION_TARGET, NOT_A_PREDICTION, Level, Priority, Statement
from risk_model.rules.support import read_support_settings
from risk_model.services.briefing import weighs_most
from risk_model.services.briefing_support import giver
from risk_model.services.copy import Copy
from risk_model.services.letter_school import LetterSchool, letter_school, one_line
from risk_model.services.profile import SchoolProfile, StatementCard, school_profile
from risk_model.services.shareable import FEWEST_PUPILS, is_support_shown, told_rules

# as a school reads them: of a statement that is "unlikely", a heading that begins with "likely" would confuse
STATEMENTS_TOLD: Mapping[Statement, str] = {
    Statement.OUTCOMES: "Good outcomes for all children",
    Statement.LEADERSHIP: "Effective action by leaders and governors",
    Statement.INSPECTION: "Good or better at the next inspection",
}
LEVELS_TOLD: Mapping[Level, str] = {
    Level.LIKELY: "likely",
    Level.UNCERTAIN: "uncertain",
    Level.UNLIKELY: "unlikely",
    Level.NOT_ENOUGH_EVIDENCE: "there is not enough evidence to say",
}
PLACES_TOLD: Mapping[Priority, str] = {
    Priority.PRIORITY: "Together this makes the school a priority for support.",
    Priority.WATCH: "Together this means that we will keep in touch more closely than with most schools.",
    Priority.FIND_OUT: "Together this means that too little is known: we would like to find out more with you.",
    Priority.UNIVERSAL: "Together this means that the school has from us what every school has.",
}
LEFT_OUT_OF_LETTERS = (
    f"What rests on fewer than {FEWEST_PUPILS} pupils, and what the LA holds in confidence, is not set out in a "
    "letter, for any school. A level may rest on it; the LA's adviser will go through it with you."
)
_TOLD_STATUSES = ACTIVE_STATUSES | {
    AllocationStatus.PROPOSED,
    AllocationStatus.OFFERED,
    AllocationStatus.CONSIDERING,
}


def letter_facts(viewer: Viewer, copy: Copy, urn: str, meeting_id: int | None = None) -> dict[str, str]:
    """What is known of a school that a letter to it may say, by the name under which templates have it.

    Args:
        meeting_id: the core group's meeting after which it is written.
    Returns:
        A text for every name of a template but for who signs and by when to answer.
    Raises:
        NotAllowed: the viewer may not read.
        NotFound: no school of this build has the URN, or the meeting is not one of its LA.
    """
    require(viewer, Right.PEOPLE)
    school = letter_school(viewer, copy, urn)
    profile = school_profile(viewer, copy, urn)
    meeting = _meeting(copy, school, meeting_id)
    return {
        "as_at": in_words(copy.build.as_at),
        "diocese": school.diocese or "the diocese",
        "entitlement": _entitlement(copy, school, profile.priority),
        "la_name": school.la_name,
        "left_out": LEFT_OUT_OF_LETTERS,
        "levels": "\n".join(_level_line(card) for card in _cards(copy, profile, meeting)),
        "not_a_prediction": NOT_A_PREDICTION,
        "offer": _offer(profile.support, urn, copy.build.as_at),
        "place": PLACES_TOLD[Priority(profile.priority)],
        "reasons": _reasons(viewer, copy, profile),
        "reviewed": _reviewed(copy, meeting),
        "rule_set": copy.build.rule_set,
        "school_name": school.name,
        "trust_name": school.trust_name or "the academy's trust",
    }


def school_meetings(viewer: Viewer, copy: Copy, urn: str) -> dict[int, str]:
    """The meetings that spoke about a school, the newest first: {number: locality and day}.

    Raises:
        NotAllowed: the viewer may not read.
    """
    require(viewer, Right.PEOPLE)
    found = [one for one in meetings(copy.records) if any(outcome.urn == urn for outcome in one.outcomes)]
    return {one.id: f"{one.locality}, {in_words(one.held_on)}" for one in found}


def _cards(copy: Copy, profile: SchoolProfile, meeting: Meeting | None) -> list[StatementCard]:
    """The statements, with what the meeting agreed where it met, as is usual, after the day of the build."""
    if meeting is None or meeting.held_on <= copy.build.as_at:
        return profile.cards
    urn = profile.school["urn"]
    agreed = agreed_judgements(copy.records, meeting.held_on, urn=urn)
    return [
        replace(card, layers=replace(card.layers, agreed=agreed.get((urn, Statement(card.statement)))))
        for card in profile.cards
    ]


def _level_line(card: StatementCard) -> str:
    layers = card.layers
    said = [f"by our published rules, {LEVELS_TOLD[Level(card.level)]}"]
    if layers.view is not None and layers.adviser_disagrees:
        said.append(f"as the LA's adviser sees it, {LEVELS_TOLD[layers.view.level]}")
    if layers.agreed is not None and layers.agreed_differs:
        held = in_words(layers.agreed.held_on)
        said.append(f"as the core group agreed on {held}, {LEVELS_TOLD[layers.agreed.level]}")
    statement = Statement(card.statement)
    target = f" {INSPECTION_TARGET}" if statement == Statement.INSPECTION else ""
    return f"- {STATEMENTS_TOLD[statement]}: {'; '.join(said)}.{target}"


def _reasons(viewer: Viewer, copy: Copy, profile: SchoolProfile) -> str:
    shown = told_rules(viewer, copy, profile.school["urn"])
    said = []
    for card in profile.cards:
        title = STATEMENTS_TOLD[Statement(card.statement)]
        lines = weighs_most(card, shown.rules, shown.few).split("\n")
        said.append("\n".join([f"{title}:", *(f"- {one_line(line)}" for line in lines)]))
    return "\n\n".join(said)


def _offer(support: list[Allocation], urn: str, day: date) -> str:
    told = [
        one
        for one in support
        if one.status in _TOLD_STATUSES and is_support_shown(one) and (one.end_date is None or day <= one.end_date)
    ]
    if not told:
        return "No support that can be named in a letter is agreed or proposed yet: we would settle it with you."
    return "\n".join(_offer_line(one, urn) for one in told)


def _offer_line(one: Allocation, urn: str) -> str:
    days = one.days_planned_for(urn)
    what = str(one.support_type)
    parts = [
        f"{what[:1].upper()}{what[1:]} from {one_line(giver(one))}",
        "days to be settled" if days is None else "1 day" if days == 1 else f"{days:g} days",
        " ".join(
            [
                *([f"from {in_words(one.start_date)}"] if one.start_date else []),
                *([f"to {in_words(one.end_date)}"] if one.end_date else []),
            ]
        ),
        "agreed" if one.status in ACTIVE_STATUSES else "proposed",
    ]
    return f"- {', '.join(part for part in parts if part)}."


def _entitlement(copy: Copy, school: LetterSchool, priority: str) -> str:
    if school.is_academy:
        return "Support for an academy is by agreement with its trust."
    days = read_support_settings(copy.data.root).days_for(priority)
    return f"A maintained school with this place may expect up to {days:g} days of support a year from the LA."


def _meeting(copy: Copy, school: LetterSchool, meeting_id: int | None) -> Meeting | None:
    if meeting_id is None:
        return None
    known = {one.id: one for one in meetings(copy.records, la_code=school.la_code)}
    if meeting_id not in known:
        raise NotFound(f"There is no meeting number {meeting_id} for this letter.", ["Load the page again."])
    return known[meeting_id]


def _reviewed(copy: Copy, meeting: Meeting | None) -> str:
    if meeting is None:
        return f"It last did so on what was known on {in_words(copy.build.as_at)}."
    return f"The core group of {one_line(meeting.locality)} looked at the school on {in_words(meeting.held_on)}."
