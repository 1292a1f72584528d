"""What the invented LA itself holds: system leaders, allocations, core-group meetings, referrals, judgements."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from random import Random

from risk_model.demo.files import PLAIN, write_rows
from risk_model.demo.ks2_results import Ks2Result
from risk_model.demo.ks4_results import Ks4Result
from risk_model.demo.letters import LETTER_FILES, letter_rows
from risk_model.demo.meetings import MEETING_FILES, core_group_rows
from risk_model.demo.randomness import stream
from risk_model.demo.referrals import REFERRAL_COLUMNS, referrals
from risk_model.demo.schools import WITH_KS2, WITH_KS4, School
from risk_model.demo.support import (
    DESIGNATION_COLUMNS,
    INTEREST_COLUMNS,
    MORE_ALLOCATION_COLUMNS,
    MORE_LEADER_COLUMNS,
    OBJECTIVE_COLUMNS,
    VISIT_COLUMNS,
    Support,
    designations_of,
    interests,
    more_of_leader,
    more_of_support,
    objectives_of,
    support_of,
    visits_of,
)

Ks2 = Mapping[tuple[int, int], Ks2Result]
Ks4 = Mapping[tuple[int, int], Ks4Result]

LEADERS = 30
ALLOCATIONS = 80
_ROLES = (
    *["NLE"] * 3,
    *["SLE"] * 8,
    *["LLE"] * 5,
    *["NLG"] * 3,
    *["local system leader"] * 5,
    *["executive head"] * 2,
    *["adviser"] * 2,
    *["challenge partner"] * 2,
)
_SPECIALISMS = (
    "mathematics",
    "early reading",
    "writing",
    "early years",
    "SEND",
    "attendance",
    "behaviour",
    "middle leadership",
    "curriculum",
    "disadvantaged pupils",
)
_LEADER_COLUMNS = (
    "label,role,home_urn,locality,phase,specialisms,days_per_term,available_from,available_to,accredited_by,note,"
    + MORE_LEADER_COLUMNS
)
# Two have stopped, so that the register shows who can no longer be asked.
_STOPPED = ("System leader 17", "System leader 26")
_ALLOCATION_COLUMNS = (
    "urn,provider_type,provider_name,system_leader,role,support_type,need,days_planned,days_used,start_date,"
    "end_date,status,status_reason,funding,aim,success_measure,baseline,last_update," + MORE_ALLOCATION_COLUMNS
)
_VIEW_COLUMNS = "urn,statement,level,reason,evidence,made_by,made_on,review_by"
_COMMENT_COLUMNS = "urn,statement,comment,made_by,made_on"


@dataclass(frozen=True)
class Leader:
    """A system leader, who is a label and never a name."""

    label: str
    role: str
    home: School | None
    locality: str
    phase: str
    specialism: str


@dataclass(frozen=True)
class Provider:
    """Who gives a kind of support, in which role, about what, paid by whom."""

    provider_type: str
    name: str
    role: str
    support_type: str
    funding: str
    need: str
    aim: str


_TEAMS = (
    Provider(
        "LA team",
        "Finance",
        "finance adviser",
        "finance recovery",
        "LA",
        "In-year deficit",
        "A balanced three-year budget plan",
    ),
    Provider(
        "LA team",
        "HR",
        "HR adviser",
        "HR casework",
        "LA",
        "High staff absence",
        "Every long absence has a plan for the return",
    ),
    Provider(
        "LA team",
        "Governor Services",
        "governance professional",
        "governance review",
        "LA",
        "Vacancies on the governing body",
        "A full board that asks about outcomes at every meeting",
    ),
    Provider(
        "LA team",
        "School improvement",
        "adviser",
        "teaching and curriculum",
        "LA",
        "Results below those of similar schools",
        "Teaching that is checked and coached each half term",
    ),
    Provider(
        "teaching school hub",
        "Example Coast Teaching School Hub",
        "curriculum lead",
        "training",
        "grant",
        "Several teachers new to the profession",
        "Every new teacher has a trained mentor",
    ),
    Provider(
        "consortium or cluster",
        "Locality cluster",
        "consortium colleague",
        "peer review",
        "school",
        "Moderation of pupils' writing",
        "Judgements that three schools share",
    ),
)


def weakness(school: School, ks2: Ks2, ks4: Ks4) -> float | None:
    """How far results of the last three years lie under England's, in points; None without results."""
    if school.kind in WITH_KS2:
        years = [ks2[school.urn, year] for year in (2023, 2024, 2025) if (school.urn, year) in ks2]
        pupils = sum(result.everybody.pupils for result in years)
        return 61.0 - 100 * sum(result.everybody.meets for result in years) / pupils if pupils > 20 else None
    if school.kind in WITH_KS4 and (school.urn, 2025) in ks4:
        return 1.6 * (45.9 - ks4[school.urn, 2025].everybody.attainment)
    return None


def write_records(folder: Path, seed: int, schools: Sequence[School], ks2: Ks2, ks4: Ks4, as_at: date) -> list[Path]:
    """Write the files of records; support goes mostly, but not only, where results are weak."""
    living = [school for school in schools if school.closed is None]
    need = {school.urn: weakness(school, ks2, ks4) for school in living}
    leaders = _leaders(seed, living, need)
    allocations = _allocations(seed, living, need, leaders, ks2, ks4, as_at)
    core_groups = core_group_rows(seed, living, need, as_at)
    known = [support_of(number, row) for number, row in enumerate(allocations, start=1)]
    visits = [visit for one in known for visit in visits_of(seed, one, as_at)]
    objectives = [objective for one in known for objective in objectives_of(seed, one, as_at)]
    place = folder / "records"
    return [
        _write(place / "system_leaders.csv", _LEADER_COLUMNS, _leader_rows(seed, leaders, living, as_at)),
        _write(place / "designations.csv", DESIGNATION_COLUMNS, _designations(seed, leaders)),
        _write(place / "interests.csv", INTEREST_COLUMNS, _interests(leaders, living, need, as_at)),
        _write(place / "allocations.csv", _ALLOCATION_COLUMNS, _widened(seed, allocations, known, visits, living)),
        _write(place / "objectives.csv", OBJECTIVE_COLUMNS, objectives),
        _write(place / "visits.csv", VISIT_COLUMNS, visits),
        *(_write(place / f"{name}.csv", columns, core_groups[name]) for name, columns in MEETING_FILES.items()),
        _write(place / "referrals.csv", REFERRAL_COLUMNS, referrals(living, need)),
        *(_write(place / f"{name}.csv", LETTER_FILES[name], rows) for name, rows in letter_rows(living).items()),
        _write(place / "adviser_views.csv", _VIEW_COLUMNS, _views(living)),
        _write(place / "head_comments.csv", _COMMENT_COLUMNS, _comments(living)),
    ]


def _write(path: Path, columns: str, rows: Sequence[Sequence[object]]) -> Path:
    return write_rows(path, columns.split(","), rows, PLAIN)


def _leaders(seed: int, schools: Sequence[School], need: Mapping[int, float | None]) -> list[Leader]:
    """Thirty system leaders, most at a school that does well; the first heads the slipping supporter."""
    chance = stream(seed, "leaders")
    strong = [s for s in schools if (need[s.urn] or 0.0) < -4 and s.story is None]
    chance.shuffle(strong)
    slipping = next(s for s in schools if s.story and s.story.key == "supporter_slipping")
    homes: list[School | None] = [slipping, *strong]
    found = []
    for place in range(LEADERS):
        role = _ROLES[place]
        home = None if role == "adviser" else homes[place % len(homes)]
        phase = "secondary" if home and home.kind in WITH_KS4 else "primary"
        specialism = "mathematics" if place == 3 else "governance" if role == "NLG" else chance.choice(_SPECIALISMS)
        locality = home.locality if home else ""
        found.append(Leader(f"System leader {place + 1:02d}", role, home, locality, phase, specialism))
    return found


def _widened(
    seed: int,
    rows: Sequence[Sequence[object]],
    known: Sequence[Support],
    visits: Sequence[Sequence[object]],
    schools: Sequence[School],
) -> list[list[object]]:
    """The rows of allocations.csv with their further cells; days that visits tell of are counted with the visits."""
    by_locality: dict[str, list[int]] = {}
    for school in schools:
        by_locality.setdefault(school.locality, []).append(school.urn)
    locality = {school.urn: school.locality for school in schools}
    wide = []
    for row, one in zip(rows, known, strict=True):
        told = sum(int(str(visit[4])) for visit in visits if visit[0] == one.place)
        neighbours = [urn for urn in by_locality[locality[one.urn]] if urn != one.urn]
        wide.append([*row[:8], one.days_used - told, *row[9:], *more_of_support(seed, one, neighbours)])
    return wide


def _designations(seed: int, leaders: Sequence[Leader]) -> list[list[object]]:
    return [
        row
        for leader in leaders
        for row in designations_of(seed, leader.label, leader.role, leader.specialism, _leads_from(seed, leader))
    ]


def _interests(
    leaders: Sequence[Leader], schools: Sequence[School], need: Mapping[int, float | None], as_at: date
) -> list[list[object]]:
    """Schools that do well and whose heads do not help others yet."""
    homes = {leader.home.urn for leader in leaders if leader.home}
    free = sorted(
        (s for s in schools if s.urn not in homes and s.story is None), key=lambda s: (-_rank(need[s.urn]), s.urn)
    )
    strong = [s for s in free if need[s.urn] is not None]
    return interests([(s.urn, "secondary" if s.kind in WITH_KS4 else "primary") for s in strong], as_at)


def _leads_from(seed: int, leader: Leader) -> date:
    """The day from which a system leader has helped."""
    return date(stream(seed, "leader", leader.label).choice((2022, 2023, 2024, 2025)), 9, 1)


def _leader_rows(seed: int, leaders: Sequence[Leader], schools: Sequence[School], as_at: date) -> list[list[object]]:
    rows: list[list[object]] = []
    # one system leader governs at a school that is not their own
    tied = next(school for school in schools if school.story and school.story.key == "unsupported")
    for leader in leaders:
        chance = stream(seed, "leader", leader.label)
        start = date(chance.choice((2022, 2023, 2024, 2025)), 9, 1)
        end = "2026-07-31" if leader.label in _STOPPED else ""
        accredited = {"NLE": "DfE (designation lapsed)", "SLE": "Example Coast Teaching School Hub"}.get(
            leader.role, "LA"
        )
        rows.append(
            [
                leader.label,
                leader.role,
                leader.home.urn if leader.home else "",
                leader.locality,
                leader.phase,
                leader.specialism,
                chance.choice((3, 4, 5, 5, 6, 8, 10)),
                start.isoformat(),
                end,
                accredited,
                "Head of a National Support School" if leader.label == "System leader 01" else "",
                *more_of_leader(
                    seed,
                    leader.label,
                    leader.role,
                    leader.specialism,
                    tied.urn if leader.label == "System leader 05" else "",
                    as_at,
                ),
            ]
        )
    return rows


def _allocations(
    seed: int,
    schools: Sequence[School],
    need: Mapping[int, float | None],
    leaders: Sequence[Leader],
    ks2: Ks2,
    ks4: Ks4,
    as_at: date,
) -> list[list[object]]:
    by_key = {school.story.key: school for school in schools if school.story}
    rows = _told_allocations(by_key, leaders, ks2, as_at)
    chance = stream(seed, "allocations")
    background = [school for school in schools if school.story is None]
    ranked = sorted(background, key=lambda s: (_rank(need[s.urn]), s.urn))
    weak = ranked[:44]
    # A fifth of the weak schools have nothing, and a dozen that are not weak have something: gaps to find.
    helped = [school for school in weak if chance.random() < 0.8] + chance.sample(ranked[80:], 12)
    turn = 0
    while len(rows) < ALLOCATIONS:
        school = helped[turn % len(helped)]
        provider, leader = _provider(chance, school, leaders)
        rows.append(_allocation_row(chance, school, provider, leader, ks2, ks4, as_at))
        turn += 1
    return sorted(rows, key=lambda row: (str(row[0]), str(row[9]), str(row[2])))


def _rank(need: float | None) -> float:
    """The weakest first, schools without results last."""
    return 99.0 if need is None else -need


def _provider(chance: Random, school: School, leaders: Sequence[Leader]) -> tuple[Provider, Leader | None]:
    draw = chance.random()
    if school.trust and draw < 0.45:
        aim = "The trust's curriculum taught in every class"
        need = "Results below those of the trust's other schools"
        return Provider(
            "academy trust",
            school.trust.name,
            "associate head",
            "teaching and curriculum",
            "trust",
            need,
            aim,
        ), None
    if school.religious and draw < 0.15:
        name = "Diocese of Exampleshire" if school.religious == "Church of England" else "Diocese of Example Port"
        aim = "Leaders who share the work"
        return Provider(
            "diocese", name, "mentor for head", "leadership coaching", "none", "A head new to the post", aim
        ), None
    if draw < 0.55:
        phase = "secondary" if school.kind in WITH_KS4 else "primary"
        fitting = [
            item for item in leaders if item.phase == phase and item.home is not school and item.label not in _STOPPED
        ]
        leader = chance.choice(fitting or list(leaders))
        return _by_leader(leader), leader
    return chance.choice(_TEAMS), None


def _by_leader(leader: Leader) -> Provider:
    name = leader.home.name if leader.home else "School improvement"
    kind = "school" if leader.home else "LA team"
    focus = "governance review" if leader.role == "NLG" else "subject support"
    if leader.specialism in ("SEND", "attendance", "behaviour", "early years"):
        focus = leader.specialism
    if leader.specialism in ("middle leadership", "curriculum"):
        focus = "leadership coaching"
    need = f"{leader.specialism[0].upper()}{leader.specialism[1:]} is weaker than the rest"
    return Provider(
        kind,
        name,
        leader.role,
        focus,
        "LA",
        need,
        f"A plan for {leader.specialism} that staff carry out themselves",
    )


def _baseline(school: School, ks2: Ks2, ks4: Ks4, start: date) -> str:
    """What the last results said that were known when support began."""
    year = min(start.year if start.month >= 9 else start.year - 1, 2025)
    if (school.urn, year) in ks2:
        group = ks2[school.urn, year].everybody
        return f"{group.meets} of {group.pupils} pupils at the expected standard in {year}" if group.pupils > 5 else ""
    if (school.urn, year) in ks4:
        return f"Attainment 8 of {ks4[school.urn, year].everybody.attainment:.1f} in {year}"
    return ""


_REASONS = {
    "paused": "The school asked to wait until the new deputy has started.",
    "declined": "Governors prefer the support of their trust.",
    "cancelled": "The provider could not release the person.",
    "ended early": "The head left; the plan is being written anew.",
}


def _allocation_row(
    chance: Random, school: School, provider: Provider, leader: Leader | None, ks2: Ks2, ks4: Ks4, as_at: date
) -> list[object]:
    status = chance.choice(
        (
            *["active"] * 9,
            "agreed",
            "proposed",
            "offered",
            *["completed"] * 6,
            "paused",
            "declined",
            "cancelled",
            "ended early",
        )
    )
    planned = chance.choice((2, 3, 4, 5, 6, 6, 8, 10, 12))
    over = status in ("completed", "ended early")
    start = (
        date(2025, 1, 7) + timedelta(days=chance.randrange(330))
        if over
        else as_at - timedelta(days=chance.randrange(20, 240))
    )
    if over and school.urn % 2:
        # a year earlier, so that there are enough results of both before and after support to compare
        start -= timedelta(days=364)
    end = (
        start + timedelta(days=chance.randrange(90, 240)) if over else as_at + timedelta(days=chance.randrange(60, 260))
    )
    end = min(end, as_at - timedelta(days=14)) if over else end
    used = _days_used(chance, status, planned)
    if status in ("proposed", "offered", "agreed"):
        start = as_at + timedelta(days=chance.randrange(5, 40)) if status != "agreed" else start
    update = end if over else as_at - timedelta(days=chance.choice((3, 9, 14, 22, 30, 41, 55, 64, 80, 118)))
    update = max(update, min(start, as_at)) if status not in ("proposed", "offered") else as_at - timedelta(days=6)
    return [
        school.urn,
        provider.provider_type,
        provider.name,
        leader.label if leader else "",
        provider.role,
        provider.support_type,
        provider.need,
        planned,
        used,
        start.isoformat(),
        end.isoformat(),
        status,
        _REASONS.get(status, ""),
        provider.funding,
        provider.aim,
        "More pupils at the expected standard next summer" if school.kind in WITH_KS2 else "Milestones of the plan met",
        _baseline(school, ks2, ks4, start),
        update.isoformat(),
    ]


def _days_used(chance: Random, status: str, planned: int) -> int:
    if status == "completed":
        return planned
    if status in ("active", "paused", "ended early"):
        return chance.randrange(0, planned)
    return 0


def _told_allocations(
    by_key: Mapping[str, School], leaders: Sequence[Leader], ks2: Ks2, as_at: date
) -> list[list[object]]:
    """The allocations of the story."""
    supported, supporter = by_key["supported"], by_key["supporter_slipping"]
    stale, stuck, raised = by_key["stale_support"], by_key["stuck"], by_key["academy_raised"]
    recent, old = (as_at - timedelta(days=9)).isoformat(), (as_at - timedelta(days=133)).isoformat()
    goal = "At least half of the pupils at the expected standard in summer 2027"

    def row(
        school: School, provider: Provider, leader: str, days: tuple[int, int], text: tuple[str, ...]
    ) -> list[object]:
        measure, baseline, start, end, update = text
        return [
            school.urn,
            provider.provider_type,
            provider.name,
            leader,
            provider.role,
            provider.support_type,
            provider.need,
            *days,
            start,
            end,
            "active",
            "",
            provider.funding,
            provider.aim,
            measure,
            baseline,
            update,
        ]

    mathematics = Provider(
        "school",
        leaders[3].home.name if leaders[3].home else "",
        "SLE",
        "subject support",
        "LA",
        "Mathematics below England three years running",
        "Teachers plan mathematics together every week",
    )
    leading = Provider(
        "school",
        supporter.name,
        "NLE",
        "leadership coaching",
        "LA",
        "Leadership and management graded 3",
        "Leaders check what their actions change",
    )
    adviser = Provider(
        "LA team",
        "School improvement",
        "adviser",
        "teaching and curriculum",
        "LA",
        "Results below those of similar schools",
        "Reading taught daily in every class",
    )
    trust = Provider(
        "academy trust",
        stuck.trust.name if stuck.trust else "",
        "executive head",
        "post-inspection action plan",
        "trust",
        "Leadership and governance need attention",
        "Every action of the report has an owner and a date",
    )
    rise = Provider(
        "DfE RISE",
        "RISE adviser",
        "adviser",
        "leadership coaching",
        "grant",
        "Low attainment and progress",
        "A plan agreed by the trust and DfE",
    )
    base = _baseline(supported, ks2, {}, as_at)
    return [
        row(
            supported,
            mathematics,
            "System leader 04",
            (6, 4),
            (goal, base, "2026-03-02", "2027-03-26", recent),
        ),
        row(supported, leading, "System leader 01", (12, 8), (goal, base, "2026-01-12", "2027-07-16", recent)),
        row(
            supported,
            _TEAMS[0],
            "",
            (4, 2),
            ("No deficit in March 2028", "Deficit of the last year", "2026-04-20", "2027-03-31", recent),
        ),
        row(stale, adviser, "", (10, 3), (goal, "", "2026-02-23", "2027-07-16", old)),
        row(
            stuck,
            trust,
            "",
            (20, 9),
            ("Monitoring visit finds progress", "", "2026-03-16", "2027-03-31", recent),
        ),
        row(
            raised,
            rise,
            "",
            (10, 2),
            ("Progress like that of similar schools", "", "2026-09-14", "2027-12-17", recent),
        ),
    ]


# Each view with what it is there to show: school of the story, statement, level, reason, evidence, by, made, review.
_VIEWS = (
    # replaced by the one after it
    (
        "supported",
        "outcomes",
        "uncertain",
        "Reading moved in the autumn; the plan for mathematics had just begun.",
        "Note of the visit of 26 February 2026, in the school's file.",
        1,
        "2026-03-02",
        "2026-09-30",
    ),
    # agrees with what three years of results say
    (
        "supported",
        "outcomes",
        "unlikely",
        "Books and tests say what the results say; mathematics has moved too little to change it.",
        "Note of the visit of 8 October 2026 and the school's own tests of September 2026, in the school's file.",
        1,
        "2026-10-12",
        "2027-03-31",
    ),
    # sees what the results do not, and is due for review
    (
        "unsupported",
        "inspection",
        "unlikely",
        "Results have fallen since the inspection of 2023, and no plan answers it.",
        "Note of the visit of 24 September 2026, in the school's file.",
        2,
        "2026-09-28",
        "2026-12-11",
    ),
    (
        "leafy_and_falling",
        "outcomes",
        "uncertain",
        "The headline hides that pupils with average starting points have fallen behind two years running.",
        "Review of pupils' books with two other schools, 23 June 2026, in the school's file.",
        3,
        "2026-06-30",
        "2027-03-26",
    ),
    # lapsed, and nobody has looked again
    (
        "stale_support",
        "outcomes",
        "likely",
        "A strong start of the new phonics scheme in every class.",
        "Note of the visit of 6 November 2025, in the school's file.",
        2,
        "2025-11-10",
        "2026-10-31",
    ),
    # another level than the gate of the rules sets
    (
        "safeguarding",
        "leadership",
        "uncertain",
        "The interim head and a new chair have put right what the inspection found; it has not been inspected again.",
        "Safeguarding audit of 29 June 2026 and minutes of the board of 2 July 2026, in the school's file.",
        3,
        "2026-07-06",
        "2026-12-18",
    ),
    (
        "disadvantaged_do_well",
        "outcomes",
        "likely",
        "Disadvantaged pupils do as well as others here, and leaders can say why.",
        "Note of the visit of 1 October 2026, in the school's file.",
        1,
        "2026-10-05",
        "2027-07-16",
    ),
)
_COMMENTS = (
    (
        "supported",
        "outcomes",
        "Eleven pupils of 2025 came in the last two terms; the head asks to read the figure with that in mind.",
        "2026-10-15",
    ),
    (
        "tiny",
        "",
        "With four to six pupils in a year the head would rather be judged by a visit than by a table.",
        "2026-09-22",
    ),
)


def _views(schools: Sequence[School]) -> list[list[object]]:
    """A few advisers' views: some agree with the rules, some do not, one has lapsed, one was replaced."""
    urns = {school.story.key: school.urn for school in schools if school.story}
    return [
        [urns[key], statement, level, reason, evidence, f"School improvement adviser {adviser}", made_on, review_by]
        for key, statement, level, reason, evidence, adviser, made_on, review_by in _VIEWS
    ]


def _comments(schools: Sequence[School]) -> list[list[object]]:
    """What two heads say, as the adviser noted it."""
    urns = {school.story.key: school.urn for school in schools if school.story}
    return [[urns[key], statement, text, "Head teacher", made_on] for key, statement, text, made_on in _COMMENTS]
