"""Every inspection of every school over the years: dates, kinds, grades."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random

from risk_model.demo.randomness import STANDARD_NORMAL, stream
from risk_model.demo.schools import WITH_KS2, School
from risk_model.demo.story import FixedInspection

GRADED, UNGRADED, REPORT_CARD = "graded", "ungraded", "report card"
NEW_FRAMEWORK = date(2019, 9, 1)
NO_OVERALL_GRADE = date(2024, 9, 2)
LAST_OLD = date(2025, 7, 16)
FIRST_REPORT_CARD = date(2025, 11, 11)
LAST_REPORT_CARD = date(2026, 9, 24)
PAUSE = (date(2020, 3, 17), date(2021, 9, 13))
REPORT_CARDS = 55

AREAS = (
    "Inclusion",
    "Curriculum and teaching",
    "Achievement",
    "Attendance and behaviour",
    "Personal development and wellbeing",
    "Early years",
    "Post-16 provision",
    "Leadership and governance",
)
CARD_GRADES = ("Exceptional", "Strong standard", "Expected standard", "Needs attention", "Urgent improvement")
# Grades given to England's first 1,329 report cards, best to worst, in the order of AREAS.
# Source: Ofsted, state-funded schools inspections and outcomes, management information, May 2026.
CARD_COUNTS = (
    (23, 447, 710, 130, 19),
    (11, 206, 797, 287, 28),
    (18, 207, 701, 364, 39),
    (16, 405, 699, 188, 21),
    (23, 504, 728, 66, 8),
    (6, 232, 578, 115, 8),
    (7, 50, 107, 20, 1),
    (18, 292, 813, 172, 34),
)


@dataclass(frozen=True)
class Inspection:
    """One inspection, as it will be published.

    Attributes:
        kind: graded, ungraded or report card.
        urn: of the school inspected, which for an academy may be its predecessor.
        overall: "1" to "4", or "Not judged" since September 2024; blank when ungraded or a report card.
        areas: grades of a report card in the order of AREAS.
        safeguarding: Yes or No; 9 before it was recorded; Met or Not met on a report card.
    """

    kind: str
    start: date
    published: date
    urn: int
    number: str
    inspection_type: str
    event_type: str
    overall: str = ""
    category: str = ""
    quality: str = ""
    behaviour: str = ""
    personal: str = ""
    leadership: str = ""
    safeguarding: str = ""
    early_years: str = ""
    sixth_form: str = ""
    outcome: str = ""
    areas: tuple[str, ...] = ()


History = dict[int, list[Inspection]]

# After these outcomes of an ungraded inspection the next one is graded, and soon.
_GRADED_NEXT = ("Some aspects not as strong", "Improved significantly")


def make_history(seed: int, schools: Sequence[School]) -> History:
    """All inspections by the URN of today's school, oldest first, with numbers in the order of the days."""
    history = {school.urn: _until_2025(seed, school) for school in schools}
    for school in _carded(seed, schools, history):
        history[school.urn].append(_report_card(seed, school, history[school.urn]))
    return _numbered(history)


def _numbered(history: History) -> History:
    """Inspections get their numbers in the order of their days, as if they had been booked so."""
    found: History = {urn: [] for urn in history}
    everything = sorted((item.start, urn, item) for urn, items in history.items() for item in items)
    for place, (start, urn, item) in enumerate(everything):
        serial = 10_000_000 + (start - date(2015, 9, 1)).days * 100 + place % 100
        number = f"ITS{400_000 + place}" if start < date(2015, 9, 1) else str(serial)
        found[urn].append(replace(item, number=number))
    return found


def in_term(day: date) -> date:
    """The next Tuesday or Wednesday in term time, for inspections begin then."""
    while True:
        holiday = (
            day.month == 8
            or (day.month == 7 and day.day > 20)
            or (day.month == 12 and day.day > 17)
            or (day.month == 1 and day.day < 6)
            or (day.month == 4 and day.day < 17)
        )
        if not holiday and day.weekday() in (1, 2):
            return day
        day += timedelta(days=1)


def _published(chance: Random, start: date) -> date:
    return start + timedelta(days=chance.randrange(27, 62))


def _until_2025(seed: int, school: School) -> list[Inspection]:
    """What happened before report cards: graded and ungraded inspections, and the story's fixed ones."""
    chance = stream(seed, "inspections", school.urn)
    fixed = [item for item in (school.story.inspections if school.story else ()) if item.grades]
    stop = fixed[0].start - timedelta(days=800) if fixed else min(LAST_OLD, school.closed or LAST_OLD)
    found: list[Inspection] = [] if school.is_new else _background(chance, school, stop)
    for item in fixed:
        found.append(_fixed(chance, school, item, found))
    return found


def _background(chance: Random, school: School, stop: date) -> list[Inspection]:
    day = in_term(date(2011, 9, 5) + timedelta(days=chance.randrange(1150)))
    if school.opened and school.predecessor is None:
        day = in_term(max(day, school.opened + timedelta(days=chance.randrange(560, 1100))))
    found: list[Inspection] = []
    since_graded = 0
    concern = False
    while True:
        day = _after_conversion(chance, school, day, found)
        if PAUSE[0] <= day <= PAUSE[1]:
            wait = 1050 if _latest_grade(found) in ("1", "2") else 420
            day = in_term(PAUSE[1] + timedelta(days=chance.randrange(20, wait)))
        if day > stop:
            return found
        grade = _latest_grade(found)
        eligible = grade in ("1", "2") and day >= date(2016, 1, 5) and not concern
        if eligible and since_graded < 2 and chance.random() < (0.80 if since_graded == 0 else 0.45):
            item = _ungraded(chance, school, day, grade)
            concern = "S5 Next" in item.outcome or item.outcome in _GRADED_NEXT
            since_graded += 1
        else:
            item = _graded(chance, school, day, found)
            concern, since_graded = False, 0
        found.append(item)
        day = in_term(day + timedelta(days=_gap(chance, school, found, concern)))


def _after_conversion(chance: Random, school: School, day: date, found: list[Inspection]) -> date:
    """A new academy is left alone until its third year."""
    if school.predecessor is None or school.opened is None or day < school.opened:
        return day
    if any(item.start >= school.opened for item in found):
        return day
    return in_term(max(day, school.opened + timedelta(days=chance.randrange(760, 1080))))


def _gap(chance: Random, school: School, found: list[Inspection], concern: bool) -> int:
    grade = _latest_grade(found)
    if concern:
        return chance.randrange(330, 620)
    if grade == "1" and found[-1].start < date(2018, 1, 1):
        # Outstanding schools were exempt until November 2020.
        return max(1400, (date(2021, 11, 2) - found[-1].start).days + chance.randrange(980))
    if grade == "3":
        return chance.randrange(600, 940)
    return chance.randrange(480, 800) if grade == "4" else chance.randrange(1250, 1850)


def _latest_grade(found: Sequence[Inspection]) -> str:
    """The last overall grade; where none is given any more, the worst of the four key judgements."""
    for item in reversed(found):
        if item.kind == GRADED:
            return item.overall if item.overall in ("1", "2", "3", "4") else _worst(item)
    return ""


def _worst(item: Inspection) -> str:
    return max(item.quality, item.behaviour, item.personal, item.leadership)


def standing(school: School, year: int) -> float:
    """What inspectors would see, in deviations of schools: what is added, how it is led, intake a little."""
    nature = school.nature
    added = nature.quality[min(max(year, 2010), 2026)]
    return 0.58 * added + 0.50 * nature.leadership + 0.24 * nature.intake - 0.22 * nature.disadvantaged_z


def _grade(value: float, year: int) -> str:
    # Harder before 2016, when three schools in ten were judged below good.
    ease = -0.35 if year < 2016 else -0.05 if year < 2019 else 0.25
    value += ease
    return "1" if value > 1.55 else "2" if value > -1.02 else "3" if value > -2.35 else "4"


def _graded(chance: Random, school: School, day: date, found: Sequence[Inspection]) -> Inspection:
    seen = standing(school, day.year)
    overall = _grade(seen + chance.gauss(0, 0.62), day.year)
    sponsored = school.predecessor is not None and school.school_type == "Academy sponsor led"
    category = ""
    if sponsored and school.opened and day < school.opened and (school.opened - day).days < 1300:
        overall = "4"
    if overall == "4":
        category = "SM" if chance.random() < 0.6 else "SWK"
    parts = [_part(chance, overall) for _ in range(2)]
    leadership = overall if chance.random() < 0.86 else _better(overall)
    early = _part(chance, overall) if school.low_age < 5 and school.kind != "nursery" else "9"
    sixth = _part(chance, overall) if school.high_age >= 18 and school.kind == "secondary" else "9"
    grades = (overall, overall, parts[0], parts[1], leadership, early)
    unsafe = "No" if overall == "4" and chance.random() < 0.3 else ""
    return _judged(chance, school, day, grades, category, unsafe, sixth, found)


def _judged(
    chance: Random,
    school: School,
    day: date,
    grades: tuple[str, ...],
    category: str,
    safeguarding: str,
    sixth: str,
    found: Sequence[Inspection],
) -> Inspection:
    overall, quality, behaviour, personal, leadership, early = grades
    if day < NEW_FRAMEWORK:
        quality = behaviour = personal = "9"
    if day < date(2015, 9, 1):
        early = sixth = "9"
    if day >= NO_OVERALL_GRADE:
        overall = "Not judged"
    kind = _inspection_type(school, day, found)
    return Inspection(
        kind=GRADED,
        start=day,
        published=_published(chance, day),
        urn=school.urn_on(day),
        number="",
        inspection_type=kind,
        event_type="Schools - S8 deemed S5" if kind == "Exempt School Inspection" else "Schools - S5",
        overall=overall,
        category=category,
        quality=quality,
        behaviour=behaviour,
        personal=personal,
        leadership=leadership,
        safeguarding=safeguarding or ("9" if day < date(2016, 9, 1) else "Yes"),
        early_years=early,
        sixth_form=sixth,
    )


def _inspection_type(school: School, day: date, found: Sequence[Inspection]) -> str:
    grade = _latest_grade(found)
    opened = school.opened if school.predecessor else None
    own = [item for item in found if item.kind == GRADED and opened and item.start >= opened]
    if opened and day >= opened and not own:
        return "Academy First Section 5"
    if grade == "3":
        return "Requires Improvement S5 Reinspection Visit 1"
    if grade == "4":
        weak = found[-1].category == "SWK"
        return "Serious Weaknesses S5 Reinspection" if weak else "Special Measures S5 ReInspection"
    if grade == "1" and day > PAUSE[1] and found[-1].start < date(2018, 1, 1):
        return "Exempt School Inspection"
    return "S5 Inspection"


def _better(grade: str) -> str:
    return str(max(1, int(grade) - 1))


def _part(chance: Random, overall: str) -> str:
    draw = chance.random()
    if draw < 0.28:
        return _better(overall)
    return "3" if overall == "2" and draw > 0.985 else overall


def _ungraded(chance: Random, school: School, day: date, grade: str) -> Inspection:
    seen = standing(school, day.year) + chance.gauss(0, 0.5)
    word = "Outstanding" if grade == "1" else "Good"
    if day >= NO_OVERALL_GRADE:
        low, high = "Some aspects not as strong", "Improved significantly"
        outcome = low if seen < -1.45 else high if seen > 1.5 else "Standards maintained"
    else:
        outcome = f"School remains {word}"
        if seen < -1.35:
            outcome += " (Concerns) - S5 Next"
        elif seen > 1.75 and grade == "2":
            outcome += " (Improving) - S5 Next"
    return Inspection(
        kind=UNGRADED,
        start=day,
        published=_published(chance, day),
        urn=school.urn_on(day),
        number="",
        inspection_type="",
        event_type="",
        outcome=outcome,
    )


def _fixed(chance: Random, school: School, item: FixedInspection, found: Sequence[Inspection]) -> Inspection:
    sixth = "2" if school.high_age >= 18 and school.kind == "secondary" else "9"
    return _judged(chance, school, item.start, item.grades, item.category, item.safeguarding, sixth, found)


def _carded(seed: int, schools: Sequence[School], history: History) -> list[School]:
    """The schools with a report card: those of the story, and others, the longest waiting first by weight."""
    told = [s for s in schools if s.story and any(item.areas for item in s.story.inspections)]
    chance = stream(seed, "report cards")
    free = [s for s in schools if s.story is None and s.closed is None and history[s.urn]]
    waiting = sorted(free, key=lambda s: (history[s.urn][-1].start.toordinal() + chance.gauss(0, 700), s.urn))
    return told + waiting[: REPORT_CARDS - len(told)]


def _report_card(seed: int, school: School, found: Sequence[Inspection]) -> Inspection:
    chance = stream(seed, "report card", school.urn)
    fixed = next((item for item in (school.story.inspections if school.story else ()) if item.areas), None)
    if fixed:
        areas: tuple[str, ...] = (*fixed.areas[:6], "Not applicable", fixed.areas[6])
        day, safeguarding, category = fixed.start, fixed.safeguarding, fixed.category
    else:
        span = (LAST_REPORT_CARD - FIRST_REPORT_CARD).days
        day = in_term(FIRST_REPORT_CARD + timedelta(days=chance.randrange(span)))
        areas = _areas(chance, school)
        urgent = areas.count("Urgent improvement")
        safeguarding = "Met"
        category = "" if not urgent else "SM" if areas[7] == "Urgent improvement" and urgent > 1 else "RSI"
    return Inspection(
        kind=REPORT_CARD,
        start=day,
        published=_published(chance, day),
        urn=school.urn_on(day),
        number="",
        inspection_type=_inspection_type(school, day, found),
        event_type="Schools - S5",
        category=category,
        safeguarding=safeguarding,
        areas=areas,
    )


def _areas(chance: Random, school: School) -> tuple[str, ...]:
    """Grades of all areas, near one another within a school, with England's shares over schools."""
    common = standing(school, 2026) / 0.83
    found = []
    for area, counts in zip(AREAS, CARD_COUNTS, strict=True):
        young = school.low_age <= 4 and school.kind in (*WITH_KS2, "infant", "nursery")
        if area == "Early years" and not young:
            found.append("Not applicable")
            continue
        if area == "Post-16 provision" and not (school.high_age >= 18 and school.kind == "secondary"):
            found.append("Not applicable")
            continue
        lean = -0.35 * school.nature.absence[2025] if area == "Attendance and behaviour" else 0.0
        place = STANDARD_NORMAL.cdf(-(0.84 * common + 0.5 * chance.gauss(0, 1) + lean) / 1.06)
        found.append(_card_grade(place, counts))
    return tuple(found)


def _card_grade(place: float, counts: Sequence[int]) -> str:
    """The grade at a place (0 best, 1 worst) among so many grades."""
    whole, reached = sum(counts), 0
    for grade, count in zip(CARD_GRADES, counts, strict=True):
        reached += count
        if place <= reached / whole:
            return grade
    return CARD_GRADES[-1]
