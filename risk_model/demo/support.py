"""The rest of what the invented LA records about support: the need, the price, visits, objectives, roles, interests."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from risk_model.demo.randomness import stream

MORE_LEADER_COLUMNS = "strengths,quality_assured_by,head_since,training,ties,limited_from,limited_to,limited_note"
MORE_ALLOCATION_COLUMNS = (
    "statement,rules,formality,intensity,rate_gbp,grant_name,commissioner,quality_assurer,review_date,exit_outcome,"
    "exit_decision,override_reason,shares"
)
DESIGNATION_COLUMNS = "system_leader,role,specialism,designated_by,from_date,to_date,note"
INTEREST_COLUMNS = "label,role,registered_on,urn,phase,specialisms,strengths,days_per_term,status,status_reason"
# "support" is the place of the support in allocations.csv, counted from 1
OBJECTIVE_COLUMNS = "support,objective,success_measure,baseline,target,due,progress,checked_on"
VISIT_COLUMNS = "support,urn,visited_on,visited_by,days,note,next_step"

_HEADS = ("NLE", "LLE", "executive head", "local system leader", "challenge partner")
_NEEDS: Mapping[str, str] = {
    "finance recovery": "leadership",
    "HR casework": "leadership",
    "governance review": "leadership",
    "leadership coaching": "leadership",
    "pre-inspection review": "inspection",
}
_RULES: Mapping[str, str] = {
    "finance recovery": "L7",
    "HR casework": "L9",
    "governance review": "L6",
    "leadership coaching": "L5",
    "attendance": "O10",
    "behaviour": "O11",
    "subject support": "O1",
    "teaching and curriculum": "O1",
}
_RATES: Mapping[str, int] = {"school": 450, "teaching school hub": 400, "external consultant": 600}
_STRENGTHS: Mapping[str, str] = {
    "mathematics": "Mastery teaching of mathematics from reception to year 6",
    "early reading": "One phonics scheme, taught the same way in every class",
    "writing": "A writing curriculum that starts from speech",
    "early years": "Language in the nursery and reception",
    "SEND": "A resourced provision that shares its training",
    "attendance": "Work with families on attendance",
    "behaviour": "Routines that every adult keeps",
    "middle leadership": "Subject leaders who coach each other",
    "curriculum": "Curriculum planning across three schools",
    "disadvantaged pupils": "Tutoring that reaches those who need it",
    "governance": "Reviews of governance with a report in ten days",
}
_NOTES = (
    ("Looked at pupils' books with the subject leader; two classes follow the plan.", "Coach the third teacher."),
    ("Joined the leadership meeting; actions have owners and dates now.", "Look at the evidence in four weeks."),
    ("Watched lessons with the head; agreed what good looks like.", "Plan the next half term together."),
    ("Went through the figures with governors.", "Governors visit two classrooms each."),
    ("The plan's second milestone is late; the reason is a vacancy.", "Move the review forward."),
)
_PROGRESS = ("on track", "on track", "needs attention", "off track", "met")


@dataclass(frozen=True)
class Support:
    """One row of allocations.csv, as far as more is said of it.

    Attributes:
        place: counted from 1.
        days_used: of the whole piece, before visits are told apart.
    """

    place: int
    urn: int
    provider_type: str
    provider: str
    leader: str
    support_type: str
    days_planned: int
    days_used: int
    start: date
    end: date
    status: str
    update: date

    @property
    def has_ended(self) -> bool:
        return self.status in ("completed", "ended early")


def support_of(place: int, row: Sequence[object]) -> Support:
    """What a row of allocations.csv says, by name."""
    return Support(
        place,
        int(str(row[0])),
        str(row[1]),
        str(row[2]),
        str(row[3]),
        str(row[5]),
        int(str(row[7])),
        int(str(row[8])),
        date.fromisoformat(str(row[9])),
        date.fromisoformat(str(row[10])),
        str(row[11]),
        date.fromisoformat(str(row[17])),
    )


def more_of_leader(seed: int, label: str, role: str, specialism: str, tie: int | str, as_at: date) -> list[object]:
    """The further cells of one system leader; a few have notice given, a tie, or too short a time as head."""
    chance = stream(seed, "more of leader", label)
    is_head = role in _HEADS
    years = chance.choice((1, 2, 4, 5, 6, 7, 9, 12))
    head_since = date(as_at.year - years, 9, 1).isoformat() if is_head and chance.random() < 0.9 else ""
    is_limited = label == "System leader 01"
    training = chance.choice(("Coaching, 2025", "Coaching, 2024; inspection, 2026", "Facilitation, 2025", ""))
    return [
        _STRENGTHS.get(specialism, ""),
        "the LA" if role != "adviser" else "the LA's lead for school improvement",
        head_since,
        training,
        tie,
        "2026-09-07" if is_limited else "",
        "2026-12-18" if is_limited else "",
        "Our own situation limits us this term." if is_limited else "",
    ]


def more_of_support(seed: int, one: Support, neighbours: Sequence[int]) -> list[object]:
    """The further cells of one piece of support.

    Args:
        neighbours: the other schools of its locality, for help that a group shares.
    """
    chance = stream(seed, "more of support", one.place, one.urn)
    is_peer_review = one.support_type == "peer review"
    rate = _RATES.get(one.provider_type, "")
    intensity = "light" if one.days_planned <= 4 else "targeted" if one.days_planned <= 8 else "intensive"
    outcome = chance.choice(("objectives met", "objectives met", "partly met", "not met", "")) if one.has_ended else ""
    decision = {
        "objectives met": "no further support",
        "partly met": "continue lighter",
        "not met": "change provider or focus",
    }.get(outcome, "")
    return [
        _NEEDS.get(one.support_type, "outcomes"),
        _RULES.get(one.support_type, ""),
        "informal" if is_peer_review else "formal",
        intensity,
        "" if chance.random() < 0.15 else rate,
        "Locality improvement grant" if one.provider_type == "teaching school hub" else "",
        _commissioner(one),
        "LA" if one.provider_type in ("school", "LA team", "external consultant") else "",
        (one.start + (one.end - one.start) / 2).isoformat(),
        outcome,
        decision,
        "",
        _shares(one, neighbours) if is_peer_review and one.days_planned >= 3 else "",
    ]


def _commissioner(one: Support) -> str:
    return {"academy trust": "trust", "diocese": "diocese", "DfE RISE": "DfE"}.get(one.provider_type, "LA")


def _shares(one: Support, neighbours: Sequence[int]) -> str:
    """The days of a group of three: a day for each neighbour, the rest for the school that leads."""
    others = list(neighbours[:2])
    if not others:
        return ""
    return "; ".join([f"{one.urn} {one.days_planned - len(others)}", *(f"{urn} 1" for urn in others)])


def visits_of(seed: int, one: Support, as_at: date) -> list[list[object]]:
    """The visits that used the days of one piece of support, half a day or a day each."""
    chance = stream(seed, "visits", one.place, one.urn)
    last = min(one.update, one.end, as_at)
    if one.days_used < 1 or last <= one.start:
        return []
    count = min(one.days_used, chance.randrange(1, 5))
    span = (last - one.start).days
    days = sorted(last - timedelta(days=chance.randrange(0, span)) for _ in range(count))
    who = one.leader or f"{one.provider}, adviser"
    return [[one.place, one.urn, day.isoformat(), who, 1, *_note(chance)] for day in days]


def _note(chance: Random) -> tuple[str, str]:
    return chance.choice(_NOTES)


def objectives_of(seed: int, one: Support, as_at: date) -> list[list[object]]:
    """A second objective of about a third of the support that goes on."""
    chance = stream(seed, "objectives", one.place, one.urn)
    if one.status != "active" or chance.random() > 0.4:
        return []
    return [
        [
            one.place,
            "Two colleagues carry the work on when the support ends",
            "Who leads the meetings of the last half term",
            "Led by the supporter",
            "Led by the school",
            one.end.isoformat(),
            chance.choice(_PROGRESS),
            max(min(one.update, as_at), one.start).isoformat(),
        ]
    ]


def designations_of(seed: int, label: str, role: str, specialism: str, start: date) -> list[list[object]]:
    """The roles of one system leader; those of the national schemes have lapsed and stand beside a local one."""
    chance = stream(seed, "designations", label)
    if role == "NLE":
        year = chance.choice((2014, 2016, 2018))
        lapsed: list[object] = [label, "NLE", "", "DfE", f"{year}-09-01", "2022-08-31", "National Support School"]
        return [lapsed, [label, "local system leader", "", "LA", start.isoformat(), "", ""]]
    return [[label, role, specialism if role == "SLE" else "", "LA", start.isoformat(), "", ""]]


def interests(schools: Sequence[tuple[int, str]], as_at: date) -> list[list[object]]:
    """Who has offered to help, and what came of it."""
    told = (
        ("SLE", "attendance", 3, "registered", ""),
        ("local system leader", "early reading", 4, "registered", ""),
        ("mentor for head", "middle leadership", 2, "in discussion", ""),
        ("task-group chair", "SEND", 2, "in discussion", ""),
        (
            "inspection-trained leader",
            "curriculum",
            3,
            "declined",
            "Two years as head; asked to come back.",
        ),
        ("NLG", "governance", 4, "withdrawn", "Moved to another county."),
    )
    rows: list[list[object]] = []
    for place, ((urn, phase), (role, specialism, days, status, reason)) in enumerate(
        zip(schools, told, strict=False), start=1
    ):
        day = as_at - timedelta(days=9 + 11 * place)
        strength = _STRENGTHS.get(specialism, "")
        label = f"Head {place:02d}"
        rows.append([label, role, day.isoformat(), urn, phase, specialism, strength, days, status, reason])
    return rows
