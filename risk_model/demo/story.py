"""The twelve schools that the demo is about, fixed on top of the random background.

Each row says what is fixed and why it is there. Everything else about these schools comes from the same
model as for all others.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True)
class FixedInspection:
    """An inspection that happened as written.

    Attributes:
        grades: overall (or "Not judged"), quality, behaviour, personal development, leadership, early years.
        areas: report-card grades for inclusion, curriculum, achievement, attendance and behaviour,
            personal development, early years, leadership and governance; empty for an older inspection.
    """

    start: date
    grades: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()
    safeguarding: str = "Yes"
    category: str = ""


@dataclass(frozen=True)
class StorySchool:
    """One school of the story.

    Attributes:
        kind: as in schools.py (infant, junior, primary, secondary, ...).
        school_type: as the register names it.
        converted: the day on which it became an academy.
        disadvantaged: share of pupils (0 to 1).
        persistent_absence: times the usual level of a school with such an intake.
        meets: share of pupils (0 to 1) at the expected standard, by the year in which the results came.
        disadvantaged_lift: added to disadvantaged pupils' standing, in pupil deviations.
        attainment, progress: Attainment 8 and Progress 8 by year.
    """

    key: str
    name: str
    why: str
    kind: str
    school_type: str
    roll: int
    disadvantaged: float
    quality: float = 0.0
    leadership: float = 0.0
    trust_uid: str = ""
    converted: date | None = None
    religious: str = ""
    persistent_absence: float = 1.0
    meets: Mapping[int, float] = field(default_factory=dict)
    disadvantaged_lift: float = 0.0
    attainment: Mapping[int, float] = field(default_factory=dict)
    progress: Mapping[int, float] = field(default_factory=dict)
    reading_progress: float | None = None
    inspections: tuple[FixedInspection, ...] = ()


EXPECTED = "Expected standard"
STRONG = "Strong standard"
ATTENTION = "Needs attention"

STORY = (
    StorySchool(
        key="supported",
        name="Alder Bank Primary School",
        why="Weak results three years running, many absences, leadership graded 3: and well supported.",
        kind="primary",
        school_type="Community school",
        roll=318,
        disadvantaged=0.44,
        quality=-1.9,
        leadership=-1.2,
        persistent_absence=1.35,
        meets={2023: 0.40, 2024: 0.38, 2025: 0.36},
        inspections=(
            FixedInspection(date(2021, 11, 16), ("2", "2", "2", "2", "2", "2")),
            FixedInspection(date(2025, 1, 21), ("Not judged", "3", "2", "2", "3", "2")),
        ),
    ),
    StorySchool(
        key="academy_unraised",
        name="Birchmoor Academy",
        why="Very low progress and attainment, no support; an academy that nobody has raised yet.",
        kind="secondary",
        school_type="Academy sponsor led",
        roll=812,
        disadvantaged=0.46,
        quality=-1.5,
        leadership=-1.0,
        trust_uid="90002",
        converted=date(2018, 9, 1),
        persistent_absence=1.35,
        attainment={2022: 36.8, 2023: 34.4, 2024: 33.9, 2025: 33.1, 2026: 32.8},
        progress={2022: -0.66, 2023: -0.78, 2024: -0.81},
        inspections=(FixedInspection(date(2022, 5, 17), ("3", "3", "3", "2", "2", "9")),),
    ),
    StorySchool(
        key="unsupported",
        name="Clayhollow Rise Primary School",
        why="As weak as Alder Bank and maintained by the LA, yet with no support at all: the gap to find.",
        kind="primary",
        school_type="Community school",
        roll=206,
        disadvantaged=0.35,
        quality=-1.7,
        leadership=-0.8,
        persistent_absence=2.3,
        meets={2023: 0.43, 2024: 0.40, 2025: 0.37},
        inspections=(FixedInspection(date(2023, 3, 7), ("2", "2", "2", "2", "2", "2")),),
    ),
    StorySchool(
        key="supporter_slipping",
        name="Elverdun Primary School",
        why="A National Support School whose own results fall three years running while it helps another.",
        kind="primary",
        school_type="Voluntary controlled school",
        roll=402,
        disadvantaged=0.18,
        quality=0.7,
        leadership=1.0,
        religious="Church of England",
        meets={2017: 0.80, 2018: 0.83, 2019: 0.85, 2023: 0.74, 2024: 0.67, 2025: 0.57},
        inspections=(FixedInspection(date(2022, 2, 8), ("1", "1", "1", "1", "1", "1")),),
    ),
    StorySchool(
        key="academy_raised",
        name="Fallowmere Reach Academy",
        why="An academy already raised with the regional director, who has acknowledged it.",
        kind="secondary",
        school_type="Academy converter",
        roll=948,
        disadvantaged=0.38,
        quality=-1.0,
        leadership=-0.9,
        trust_uid="90005",
        converted=date(2019, 2, 1),
        persistent_absence=1.3,
        attainment={2022: 40.1, 2023: 37.6, 2024: 37.2, 2025: 36.8, 2026: 37.0},
        progress={2022: -0.48, 2023: -0.55, 2024: -0.58},
        inspections=(FixedInspection(date(2024, 11, 19), ("Not judged", "3", "3", "2", "3", "9")),),
    ),
    StorySchool(
        key="tiny",
        name="Hazelquay Church of England Primary School",
        why="Cohorts of four to six: most figures are suppressed, so the answer is 'not enough evidence'.",
        kind="primary",
        school_type="Voluntary controlled school",
        roll=33,
        disadvantaged=0.16,
        religious="Church of England",
        inspections=(FixedInspection(date(2018, 6, 12), ("2", "9", "9", "9", "2", "2")),),
    ),
    StorySchool(
        key="stale_support",
        name="Isterdun Primary School",
        why="Has support on paper that nobody has reported on for more than a hundred days.",
        kind="primary",
        school_type="Community school",
        roll=188,
        disadvantaged=0.33,
        quality=-1.0,
        leadership=-0.6,
        meets={2023: 0.52, 2024: 0.47, 2025: 0.48},
        inspections=(FixedInspection(date(2023, 11, 14), ("3", "3", "2", "2", "3", "2")),),
    ),
    StorySchool(
        key="disadvantaged_do_well",
        name="Junipor Rise Primary School",
        why="Half its pupils are disadvantaged, and they do better than all pupils nationally.",
        kind="primary",
        school_type="Community school",
        roll=416,
        disadvantaged=0.50,
        quality=1.1,
        leadership=1.2,
        disadvantaged_lift=0.75,
        meets={2023: 0.71, 2024: 0.73, 2025: 0.74},
        inspections=(FixedInspection(date(2022, 10, 4), ("2", "2", "1", "1", "2", "2")),),
    ),
    StorySchool(
        key="leafy_and_falling",
        name="Larkenor Junior School",
        why="A leafy intake and a fine headline, but weak progress and a fall every year.",
        kind="junior",
        school_type="Community school",
        roll=356,
        disadvantaged=0.05,
        quality=-0.6,
        leadership=-0.5,
        meets={2017: 0.80, 2018: 0.81, 2019: 0.82, 2023: 0.79, 2024: 0.72, 2025: 0.65},
        reading_progress=-2.9,
        inspections=(FixedInspection(date(2017, 3, 21), ("2", "9", "9", "9", "2", "9")),),
    ),
    StorySchool(
        key="safeguarding",
        name="Merrowyn Primary School",
        why="A report card with safeguarding not met, so a category of concern.",
        kind="primary",
        school_type="Foundation school",
        roll=232,
        disadvantaged=0.29,
        quality=-0.5,
        leadership=-1.6,
        inspections=(
            FixedInspection(date(2021, 10, 12), ("2", "2", "2", "2", "2", "2")),
            FixedInspection(
                date(2026, 3, 10),
                areas=(EXPECTED, EXPECTED, EXPECTED, EXPECTED, EXPECTED, EXPECTED, ATTENTION),
                safeguarding="Not met",
                category="RSI",
            ),
        ),
    ),
    StorySchool(
        key="stuck",
        name="Netherquill Academy",
        why="Leadership needs attention after requires improvement before: what DfE calls stuck.",
        kind="primary",
        school_type="Academy sponsor led",
        roll=274,
        disadvantaged=0.41,
        quality=-1.2,
        leadership=-1.1,
        trust_uid="90003",
        converted=date(2019, 9, 1),
        persistent_absence=1.2,
        meets={2023: 0.49, 2024: 0.46, 2025: 0.47},
        inspections=(
            FixedInspection(date(2023, 6, 6), ("3", "3", "2", "2", "3", "2")),
            FixedInspection(
                date(2026, 2, 3),
                areas=(EXPECTED, ATTENTION, ATTENTION, EXPECTED, EXPECTED, EXPECTED, ATTENTION),
                safeguarding="Met",
            ),
        ),
    ),
    StorySchool(
        key="inherited_only",
        name="Orrinfold Academy",
        why="Not inspected since it converted: all that is known is its predecessor's grade.",
        kind="primary",
        school_type="Academy converter",
        roll=214,
        disadvantaged=0.22,
        trust_uid="90001",
        converted=date(2023, 9, 1),
        inspections=(FixedInspection(date(2019, 10, 8), ("3", "3", "2", "2", "3", "2")),),
    ),
)


def story_by_key() -> dict[str, StorySchool]:
    """The schools of the story by their key."""
    return {school.key: school for school in STORY}
