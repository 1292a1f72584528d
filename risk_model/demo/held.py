"""What the invented LA knows of its schools itself, in its own templates: visits, heads, boards, letters, notices,
budgets, complaints, answers, plans and audits."""

import math
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path

from risk_model.demo.early import EARLY_COLUMNS, early_lines
from risk_model.demo.files import PLAIN, write_rows
from risk_model.demo.randomness import stream
from risk_model.demo.schools import School

_VISITS = "urn,seen_on,recorded_by,visit_kind,impact,leadership_and_governance,curriculum_and_teaching,achievement,note"
_POSTS = "urn,seen_on,recorded_by,post_status,started_on,changes_in_36_months"
_GOVERNANCE = "urn,seen_on,recorded_by,seats,vacancies,chair_since,external_review_on,clerk_concern"
_LETTERS = "urn,seen_on,recorded_by,inspected_on,action,monitored_for"
_NOTICES = "urn,seen_on,recorded_by,notice,issued_by,issued_on,ended_on,ended_because"
_FINANCE = "urn,seen_on,recorded_by,deficit,balance_gbp,recovery_plan,balanced_by,plan_on_track"
_COMPLAINTS = "urn,seen_on,recorded_by,reference,passed_on_by,qualifies,theme,finding"
_ENGAGEMENT = "urn,seen_on,recorded_by,offer,offered_on,answer"
_REVIEWS = (
    "urn,seen_on,recorded_by,milestones_due,milestones_met,success_measures_due,success_measures_missed,"
    "progress,next_review_on"
)
_AUDITS = "urn,seen_on,recorded_by,audit_kind,gaps,open_concern,actions_open"

_IMPACTS = (
    (-1.3, "not effective"),
    (-0.4, "partly effective"),
    (0.9, "effective"),
    (math.inf, "effective and evidenced"),
)
Row = list[object]

# What is fixed of the schools of the story: days before the demo's day, and what was found then.
_MONITORED: Mapping[str, tuple[tuple[int, str, str], ...]] = {
    "supported": ((240, "some progress", "requires improvement"), (60, "effective action", "requires improvement")),
    "stuck": ((45, "not effective action", "needs attention"),),
    "safeguarding": ((70, "some progress", "requires significant improvement"),),
    "stale_support": ((500, "effective action", "requires improvement"),),
}
_WARNED: Mapping[str, tuple[str, int, int | None]] = {
    "safeguarding": ("performance standards warning notice", 210, None),
    "stale_support": ("performance standards warning notice", 700, 420),
}
_REVIEWED: Mapping[str, tuple[tuple[int, int, int, int, int, str], ...]] = {
    # milestones due and met, success measures due and missed
    "supported": ((150, 5, 4, 3, 1, "behind"), (30, 6, 6, 4, 0, "on track")),
    "stale_support": ((160, 4, 2, 3, 2, "behind"), (40, 6, 2, 4, 3, "off track")),
    "safeguarding": ((50, 6, 4, 3, 1, "behind"),),
}
_ANSWERED: Mapping[str, tuple[str, int, str]] = {
    "unsupported": ("core group", 190, "no answer"),
    "supported": ("core group", 300, "took part"),
    "leafy_and_falling": ("entitlement", 60, "declined"),
}
_AUDITED: Mapping[str, tuple[tuple[int, str, str, str], ...]] = {
    "safeguarding": (
        (200, "audit by the local authority", "serious", "yes"),
        (25, "audit by the local authority", "minor", "no"),
    ),
    "academy_unraised": ((20, "external audit", "minor", "yes"),),
}


def write_held(folder: Path, seed: int, schools: Sequence[School], as_at: date) -> list[Path]:
    """Write eleven filled templates: a visit to each school of the story and each fourth other one; the post of head,
    the board, the budget, the answer to an offer and the audit of each maintained school that was visited; and what
    there is of letters, notices, complaints, plans and early results. Nothing is known of the rest, as in any LA."""
    living = [school for school in schools if school.closed is None]
    visited = [school for place, school in enumerate(living) if school.story or place % 4 == 0]
    boards = [school for school in visited if not school.is_academy]
    story = [school for school in living if school.story]
    place = folder / "held"

    def _write(kind: str, columns: str, rows: Sequence[Sequence[object]]) -> Path:
        return write_rows(place / f"{kind}_2026-11-13.csv", columns.split(","), rows, PLAIN)

    return [
        _write("la_visits", _VISITS, [_visit(seed, one, as_at) for one in visited]),
        _write("head_teacher_posts", _POSTS, [_post(seed, one, as_at) for one in boards]),
        _write("governance", _GOVERNANCE, [_board(seed, one, as_at) for one in boards]),
        _write("monitoring_letters", _LETTERS, [line for one in story for line in _letters(one, as_at)]),
        _write("formal_notices", _NOTICES, [_notice(one, as_at) for one in boards]),
        _write("la_finance", _FINANCE, [_budget(seed, one, as_at) for one in boards]),
        _write("complaints", _COMPLAINTS, [line for one in living for line in _complaints(seed, one, as_at)]),
        _write("engagement", _ENGAGEMENT, [_answer(seed, one, as_at) for one in boards]),
        _write("action_plan_reviews", _REVIEWS, [line for one in story for line in _reviews(one, as_at)]),
        _write("safeguarding_audits", _AUDITS, [line for one in visited for line in _audits(seed, one, as_at)]),
        _write("early_results", EARLY_COLUMNS, list(early_lines(seed, living))),
    ]


def _key(school: School) -> str:
    return school.story.key if school.story else ""


def _visit(seed: int, school: School, as_at: date) -> Row:
    """What an adviser found: the better the school is led, the likelier it is that what leaders do has an effect."""
    chance = stream(seed, "visit", school.urn)
    seen_on = as_at - timedelta(days=chance.randrange(14, 330))
    found = school.nature.leadership + chance.gauss(0, 0.5)
    impact = next(word for most, word in _IMPACTS if found < most)
    area = "below expected" if found < -0.9 else "secure"
    kind = "review day" if found < -0.9 else "routine visit"
    note = "Follow-up agreed." if found < -0.4 else ""
    taught, achieved = "", ""
    if kind == "review day" or chance.random() < 0.2:
        kind = kind if kind == "review day" else "pre-inspection review"
        taught = "below expected" if found + chance.gauss(0, 0.4) < -0.9 else "secure"
        achieved = "not looked at" if chance.random() < 0.3 else "secure" if found > -0.6 else "below expected"
    adviser = f"School improvement adviser {chance.randrange(1, 7)}"
    return [school.urn, seen_on, adviser, kind, impact, area, taught, achieved, note]


def _post(seed: int, school: School, as_at: date) -> Row:
    chance = stream(seed, "post", school.urn)
    status = chance.choices(("permanent", "executive head", "acting", "interim"), (80, 8, 7, 5))[0]
    years = chance.uniform(0.1, 0.9) if status in ("acting", "interim") else chance.uniform(0.3, 11)
    started_on = as_at - timedelta(days=round(365 * years))
    changes = 2 if years < 1 and status != "permanent" else 1 if years < 3 else 0
    return [school.urn, as_at - timedelta(days=35), "HR team", status, started_on, changes]


def _board(seed: int, school: School, as_at: date) -> Row:
    chance = stream(seed, "board", school.urn)
    seats = chance.choice((9, 10, 11, 12, 14))
    weak = school.nature.leadership < -0.6
    vacancies = chance.choice((2, 3, 4)) if weak else chance.choice((0, 0, 1, 1, 2))
    chair_since = as_at - timedelta(days=chance.randrange(60, 2_600))
    reviewed_on = as_at - timedelta(days=chance.randrange(200, 1_500)) if chance.random() < 0.4 else ""
    concern = "yes" if weak and chance.random() < 0.3 else "no"
    seen_on = as_at - timedelta(days=42)
    return [school.urn, seen_on, "Governor services", seats, vacancies, chair_since, reviewed_on, concern]


def _letters(school: School, as_at: date) -> Iterator[Row]:
    for days, action, monitored_for in _MONITORED.get(_key(school), ()):
        visited_on = as_at - timedelta(days=days)
        # a letter comes three weeks after its visit
        yield [school.urn, visited_on + timedelta(days=21), "Data officer 1", visited_on, action, monitored_for]


def _notice(school: School, as_at: date) -> Row:
    checked_on = as_at - timedelta(days=28)
    warned = _WARNED.get(_key(school))
    if warned is None:
        return [school.urn, checked_on, "School improvement team", "none", "", "", "", ""]
    what, since, ended = warned
    ended_on = as_at - timedelta(days=ended) if ended else ""
    end = [ended_on, "complied with" if ended else ""]
    issued_on = as_at - timedelta(days=since)
    return [school.urn, checked_on, "School improvement team", what, "local authority", issued_on, *end]


def _budget(seed: int, school: School, as_at: date) -> Row:
    """One school in twelve has a deficit; one in four of these is not licensed, or has no plan yet."""
    chance = stream(seed, "budget", school.urn)
    seen_on = as_at - timedelta(days=chance.randrange(30, 200))
    roll = max(school.roll, 20)
    if chance.random() >= 1 / 12:
        balance = round(roll * chance.uniform(50, 600), -2)
        return [school.urn, seen_on, "Finance team", "no deficit", f"{balance:.0f}", "not needed", "", ""]
    balance = -round(roll * chance.uniform(60, 400), -2)
    deficit, plan = chance.choices(
        (("licensed", "agreed"), ("licensed", "being written"), ("not licensed", "none")), (6, 1, 1)
    )[0]
    balanced_by = as_at + timedelta(days=chance.randrange(200, 900)) if plan == "agreed" else ""
    on_track = chance.choice(("yes", "yes", "no")) if plan == "agreed" else ""
    return [school.urn, seen_on, "Finance team", deficit, f"{balance:.0f}", plan, balanced_by, on_track]


_THEMES = ("behaviour and bullying", "special educational needs", "leadership", "teaching", "safeguarding", "other")
_FINDINGS = ("not upheld", "partly upheld", "upheld", "withdrawn", "open")


def _complaints(seed: int, school: School, as_at: date) -> Iterator[Row]:
    """Most schools have none in two years; the weaker a school is led, the more it has and the more are upheld."""
    chance = stream(seed, "complaints", school.urn)
    weak = max(0.0, -school.nature.leadership)
    for number in range(sum(chance.random() < 0.03 + 0.09 * weak for _ in range(6))):
        seen_on = as_at - timedelta(days=chance.randrange(10, 730))
        ofsted = chance.random() < 0.25
        finding = chance.choices(_FINDINGS, (5, 2, 1 + 2 * weak, 1, 1))[0]
        finding = finding if finding != "open" or (as_at - seen_on).days < 120 else "not upheld"
        come = "Ofsted" if ofsted else "parent or carer"
        reference = f"C-{school.urn % 1000:03d}-{number + 1}"
        theme = chance.choice(_THEMES)
        qualifies = "yes" if ofsted else chance.choice(("yes", "no", "no"))
        yield [school.urn, seen_on, "Complaints team", reference, come, qualifies, theme, finding]


def _answer(seed: int, school: School, as_at: date) -> Row:
    """Nearly every school takes what it is entitled to."""
    chance = stream(seed, "answer", school.urn)
    answer = chance.choices(("accepted", "declined", "no answer"), (92, 4, 4))[0]
    offer, days, answer = _ANSWERED.get(_key(school), ("entitlement", chance.randrange(60, 220), answer))
    offered_on = as_at - timedelta(days=days)
    # without an answer the line says how things stood when it was last looked at
    seen_on = (
        as_at - timedelta(days=14) if answer == "no answer" else offered_on + timedelta(days=chance.randrange(3, 30))
    )
    return [school.urn, seen_on, "School improvement team", offer, offered_on, answer]


def _reviews(school: School, as_at: date) -> Iterator[Row]:
    for days, due, met, measures, missed, progress in _REVIEWED.get(_key(school), ()):
        seen_on = as_at - timedelta(days=days)
        adviser = "School improvement adviser 2"
        yield [school.urn, seen_on, adviser, due, met, measures, missed, progress, seen_on + timedelta(days=120)]


def _audits(seed: int, school: School, as_at: date) -> Iterator[Row]:
    """The yearly return, which nearly every school makes; for academies only what the story fixes."""
    fixed = _AUDITED.get(_key(school))
    for days, kind, gaps, concern in fixed or ():
        yield [
            school.urn,
            as_at - timedelta(days=days),
            "Safeguarding team",
            kind,
            gaps,
            concern,
            0 if gaps == "none" else 3,
        ]
    if fixed or school.is_academy:
        return
    chance = stream(seed, "audit", school.urn)
    seen_on = as_at - timedelta(days=chance.randrange(40, 300))
    gaps = chance.choices(("none", "minor", "serious", "not returned"), (70, 25, 1, 4))[0]
    kind = "no audit" if gaps == "not returned" else "school's own return"
    actions = {"none": 0, "minor": chance.randrange(1, 5), "serious": 6}.get(gaps, "")
    yield [school.urn, seen_on, "Safeguarding team", kind, gaps, "no", actions]
