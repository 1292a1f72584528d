"""The core groups of the invented LA: who met, about which schools and why, what they decided, what is to be done."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from random import Random

from risk_model.demo.places import LOCALITIES
from risk_model.demo.randomness import stream
from risk_model.demo.schools import School

# each file with its columns; "meeting" is the name of the meeting in meetings.csv
MEETING_FILES: Mapping[str, str] = {
    "meetings": "meeting,locality,date,attending,chair,next_on",
    "attendances": "meeting,label,role,urn,presence",
    "conflicts": "meeting,label,urn,interest,part_taken",
    "agendas": "meeting,urn,place,reasons,priority,outcomes_level,leadership_level,inspection_level",
    "meeting_outcomes": "meeting,urn,statement,agreed_level,outcome,reason,review_by,restricted_note",
    "actions": "meeting,urn,action,owner,due,state,state_reason,done_on",
}
_ROUNDS = ((date(2026, 3, 16), "spring"), (date(2026, 10, 5), "autumn"))
_REASONS: Mapping[str, str] = {
    "unlikely": "Priority for support.",
    "uncertain": "Watch: one statement has become uncertain.",
    "likely": "The core group asked to look again.",
}
_WHY: Mapping[str, str] = {
    "unlikely": "Results stay under England's, and the plan is behind.",
    "uncertain": "This year's own figures are better, but not yet over two years.",
    "likely": "The fall of last year has been explained and put right.",
}
Rows = dict[str, list[list[object]]]


def core_group_rows(
    seed: int, schools: Sequence[School], need: Mapping[int, float | None], as_at: date
) -> Mapping[str, Sequence[Sequence[object]]]:
    """Two rounds of core groups, one per locality: the rows of each of MEETING_FILES.

    Args:
        need: of each school, by URN; None where nothing is known, and such a school is not discussed.
    """
    rows: Rows = {name: [] for name in MEETING_FILES}
    for first, term in _ROUNDS:
        for place, locality in enumerate(LOCALITIES):
            chance = stream(seed, "meeting", term, locality)
            day = first + timedelta(days=place % 5 + 7 * (place // 5))
            here = [s for s in schools if s.locality == locality and need[s.urn] is not None]
            _add_meeting(rows, chance, f"{locality}, {term} 2026", locality, day, here, need, as_at)
    return rows


def _add_meeting(
    rows: Rows,
    chance: Random,
    name: str,
    locality: str,
    day: date,
    here: Sequence[School],
    need: Mapping[int, float | None],
    as_at: date,
) -> None:
    heads = chance.randrange(4, 9)
    attending = f"Heads and chairs of {heads} schools; LA adviser; consortium colleague"
    by_need = sorted(here, key=lambda s: (-(need[s.urn] or 0.0), s.urn))
    listed = by_need[: chance.randrange(3, 6)]
    next_on = day + timedelta(days=63)
    rows["meetings"].append([name, locality, day.isoformat(), attending, "LA adviser", next_on.isoformat()])
    _add_people(rows, chance, name, by_need[-heads:], listed)
    for place, school in enumerate(listed, start=1):
        level = _level(need[school.urn] or 0.0)
        rows["agendas"].append([name, school.urn, place, _REASONS[level], "", level, "", ""])
        _add_outcomes(rows, chance, name, school, level, day)
        if level != "likely":
            _add_action(rows, chance, name, school, day, as_at)


def _level(need: float) -> str:
    return "unlikely" if need > 13 else "uncertain" if need > 4 else "likely"


def _add_people(
    rows: Rows, chance: Random, name: str, from_schools: Sequence[School], listed: Sequence[School]
) -> None:
    rows["attendances"].append([name, "LA adviser", "LA adviser", "", "present"])
    rows["attendances"].append([name, "Consortium colleague", "consortium colleague", "", "present"])
    for number, school in enumerate(from_schools):
        role = "chair of governors" if number % 3 == 2 else "head teacher"
        label = f"{'Chair' if number % 3 == 2 else 'Head'} of {school.name}"[:100]
        presence = "apologies" if chance.random() < 0.15 else "present"
        rows["attendances"].append([name, label, role, school.urn, presence])
        if number == 0 and listed and school not in listed:
            what = "The two schools share a federation of local services."
            rows["conflicts"].append([name, label, listed[0].urn, what, "gave facts, took no part in the decision"])


def _add_outcomes(rows: Rows, chance: Random, name: str, school: School, level: str, day: date) -> None:
    """What was decided for the school, and one or two statements on which the group agreed."""
    review = (day + timedelta(days=120)).isoformat()
    outcome = {"unlikely": "step up support", "uncertain": "no change - monitor", "likely": "step down"}[level]
    if level == "unlikely" and school.is_academy:
        outcome = "request head or chair meeting"
    why = _WHY[level]
    note = "The board has not yet been told of the head's plans." if level == "unlikely" else ""
    rows["meeting_outcomes"].append([name, school.urn, "", "", outcome, why, review, note])
    rows["meeting_outcomes"].append([name, school.urn, "outcomes", level, outcome, why, review, ""])
    if chance.random() < 0.55:
        led = "likely" if school.nature.leadership > 0.4 else "uncertain"
        seen = (
            "Governors asked for the evidence and had it."
            if led == "likely"
            else "The head is new; the board has two vacancies."
        )
        rows["meeting_outcomes"].append([name, school.urn, "leadership", led, outcome, seen, review, ""])


def _add_action(rows: Rows, chance: Random, name: str, school: School, day: date, as_at: date) -> None:
    due = day + timedelta(days=42)
    state, why, done_on = "in progress", "", ""
    if chance.random() < 0.6 and due < as_at:
        state, done_on = "complete", (due - timedelta(days=chance.randrange(1, 10))).isoformat()
    elif chance.random() < 0.2:
        state, why = "cannot progress", "The post of deputy head is vacant."
    what = "Visit the school, and look at the plan with the head."
    rows["actions"].append([name, school.urn, what, "LA adviser", due.isoformat(), state, why, done_on])
