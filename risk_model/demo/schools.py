"""The schools of the invented LA: what each is, and the nature from which its figures follow."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from random import Random

from risk_model.demo.places import (
    CHURCH_WORDS,
    HEIGHT,
    LOCALITIES,
    SOUTH,
    TRUSTS,
    WEST,
    WIDTH,
    Trust,
    school_names,
)
from risk_model.demo.randomness import dealt_normals, drifting, logistic, stream, uncorrelated, whole_quotas
from risk_model.demo.story import STORY, StorySchool

FIRST_URN = 900_001
FIRST_PREDECESSOR_URN = 905_001
YEARS = range(2010, 2027)
ANCHOR_YEAR = 2025

KINDS = {
    "infant": 14,
    "junior": 12,
    "primary": 172,
    "secondary": 36,
    "all-through": 2,
    "special": 12,
    "alternative provision": 5,
    "nursery": 6,
}
MAINSTREAM = ("infant", "junior", "primary", "secondary", "all-through")
WITH_KS2 = ("junior", "primary", "all-through")
WITH_KS4 = ("secondary", "all-through")

# Shares of types are England's, rounded (Ofsted, schools as at 31 August 2025).
_TYPES: Mapping[str, Mapping[str, float]] = {
    "primary": {
        "Community school": 0.37,
        "Voluntary aided school": 0.14,
        "Voluntary controlled school": 0.11,
        "Foundation school": 0.04,
        "Academy converter": 0.23,
        "Academy sponsor led": 0.10,
        "Free schools": 0.01,
    },
    "secondary": {
        "Community school": 0.10,
        "Voluntary aided school": 0.06,
        "Foundation school": 0.06,
        "Academy converter": 0.50,
        "Academy sponsor led": 0.25,
        "Free schools": 0.03,
    },
    "special": {
        "Community special school": 0.5,
        "Academy special converter": 0.42,
        "Free schools special": 0.08,
    },
    "alternative provision": {"Pupil referral unit": 0.6, "Academy alternative provision converter": 0.4},
    "nursery": {"Local authority nursery school": 1.0},
}
ACADEMY_TYPES = (
    "Academy converter",
    "Academy sponsor led",
    "Free schools",
    "Academy special converter",
    "Free schools special",
    "Academy alternative provision converter",
)
_AGES = {
    "infant": (4, 7),
    "junior": (7, 11),
    "primary": (4, 11),
    "all-through": (4, 16),
    "special": (4, 19),
    "alternative provision": (5, 16),
    "nursery": (2, 5),
}
_FIRST_NUMBER = {"infant": 2000, "junior": 2200, "primary": 2400, "secondary": 4000, "all-through": 4200}
_OTHER_NUMBER = {"special": 7000, "alternative provision": 1100, "nursery": 1000}


@dataclass(frozen=True)
class Predecessor:
    """The maintained school that an academy was, under its own URN."""

    urn: int
    name: str
    school_type: str


@dataclass(frozen=True)
class Nature:
    """What a school's figures follow from; never written to any file.

    Attributes:
        disadvantaged, eal, sen_support, ehc_plans: shares of pupils (0 to 1).
        quality: how much the school adds, in deviations of schools, by year.
        intake: prior attainment beyond what disadvantage explains, in deviations of schools.
        leadership: how well it is led, in deviations of schools.
        absence: persistent absence, in deviations of schools of its phase, by year; high is much absence.
        progress_own: three more leanings of its own, for reading, writing and mathematics.
        growth: yearly change of the roll (share).
    """

    disadvantaged: float
    disadvantaged_z: float
    eal: float
    sen_support: float
    ehc_plans: float
    quality: Mapping[int, float]
    intake: float
    leadership: float
    absence: Mapping[int, float]
    progress_own: tuple[float, float, float]
    growth: float


@dataclass(frozen=True)
class School:
    """One school of the demo.

    Attributes:
        kind: infant, junior, primary, secondary, all-through, special, alternative provision or nursery.
        school_type: as the register names it today.
        opened: the day on which the present URN opened; None for the older schools, as in the register.
        closed: the last day, for a school that is no more.
        roll: pupils in January 2026.
    """

    urn: int
    number: int
    name: str
    kind: str
    school_type: str
    low_age: int
    high_age: int
    selective: bool
    religious: str
    trust: Trust | None
    locality: str
    easting: int
    northing: int
    postcode: str
    street: str
    opened: date | None
    closed: date | None
    predecessor: Predecessor | None
    roll: int
    capacity: int
    nature: Nature
    story: StorySchool | None = None

    @property
    def is_academy(self) -> bool:
        """Whether a trust runs it today."""
        return self.school_type in ACADEMY_TYPES

    @property
    def is_new(self) -> bool:
        """Whether it opened as a new school, without a predecessor, since 2023."""
        return self.predecessor is None and self.opened is not None and self.opened >= date(2023, 1, 1)

    def urn_on(self, day: date) -> int:
        """The URN under which it worked on a day."""
        return self.predecessor.urn if self.predecessor and self._was_predecessor(day) else self.urn

    def name_on(self, day: date) -> str:
        """The name that it bore on a day."""
        return self.predecessor.name if self.predecessor and self._was_predecessor(day) else self.name

    def type_on(self, day: date) -> str:
        """The type that it had on a day, as the register names it."""
        return self.predecessor.school_type if self.predecessor and self._was_predecessor(day) else self.school_type

    def is_open_on(self, day: date) -> bool:
        """Whether it, or its predecessor, taught pupils on a day."""
        if self.closed and day > self.closed:
            return False
        return self.predecessor is not None or self.opened is None or self.opened <= day

    def _was_predecessor(self, day: date) -> bool:
        return self.predecessor is not None and self.opened is not None and day < self.opened

    def roll_in(self, year: int) -> int:
        """Pupils in January of a year; a new school fills up year by year."""
        full = self.roll * (1 + self.nature.growth) ** (year - 2026)
        if self.is_new and self.opened:
            span = self.high_age - self.low_age
            full = self.roll * min(1.0, max(0, year - self.opened.year) / span)
        return max(0, round(full))


def make_schools(seed: int) -> list[School]:
    """All schools of the LA, in the order of their URNs: the story first, then the rest by kind.

    Args:
        seed: the same seed gives the same schools.
    Returns:
        260 schools that are open on 2 November 2026, and one that closed in 2024.
    """
    urns = iter(range(FIRST_URN, FIRST_PREDECESSOR_URN))
    predecessor_urns = iter(range(FIRST_PREDECESSOR_URN, FIRST_PREDECESSOR_URN + 900))
    names = _names(seed)
    trusts = _trust_places(seed)
    schools: list[School] = []
    for kind, count in KINDS.items():
        told = [story for story in STORY if story.kind == kind]
        natures = make_natures(seed, kind, count + (kind == "primary"))
        numbers = iter(range({**_FIRST_NUMBER, **_OTHER_NUMBER}[kind], 9999))
        types = _types(seed, kind, count - len(told))
        for place, nature in enumerate(natures):
            story = told[place] if place < len(told) else None
            school_type = story.school_type if story else types[min(place - len(told), len(types) - 1)]
            schools.append(
                _make_school(seed, next(urns), next(numbers), kind, place, school_type, nature, story, names, trusts)
            )
    return [_with_predecessor(seed, school, predecessor_urns) for school in _one_closed(schools)]


def _one_closed(schools: list[School]) -> list[School]:
    """The last primary school closed in 2024; nobody else did."""
    last = max((school for school in schools if school.kind == "primary"), key=lambda school: school.urn)
    gone = replace(
        last,
        closed=date(2024, 8, 31),
        school_type="Community school",
        trust=None,
        opened=None,
        religious="",
        roll=58,
        capacity=150,
        name="Vellandor Primary School",
    )
    return [gone if school is last else school for school in schools]


def _types(seed: int, kind: str, count: int) -> list[str]:
    shares = _TYPES.get(kind) or _TYPES["secondary" if kind == "all-through" else "primary"]
    types = whole_quotas(dict(shares), count)
    stream(seed, "types", kind).shuffle(types)
    return types


def _names(seed: int) -> Iterator[str]:
    taken = {" ".join(story.name.split()[:2]) for story in STORY} | {"Vellandor Primary"}
    names = [name for name in school_names() if name not in taken]
    stream(seed, "names").shuffle(names)
    return iter(names)


def _trust_places(seed: int) -> list[Trust]:
    places = [trust for trust in TRUSTS for _ in range(trust.places) if trust.uid not in ("90012", "90014")]
    stream(seed, "trusts").shuffle(places)
    return places


def _make_school(
    seed: int,
    urn: int,
    number: int,
    kind: str,
    place: int,
    school_type: str,
    nature: Nature,
    story: StorySchool | None,
    names: Iterator[str],
    trusts: list[Trust],
) -> School:
    chance = stream(seed, "school", urn)
    selective = kind == "secondary" and story is None and place in (10, 11)
    if selective:
        school_type = "Academy converter"
        nature = _selective(nature)
    if story:
        nature = _told(nature, story)
    if story is None and kind == "nursery":
        school_type = "Local authority nursery school"
    religious = story.religious if story else _religion(chance, kind, school_type)
    roll = story.roll if story else _roll(chance, kind, place)
    locality = LOCALITIES[chance.randrange(len(LOCALITIES))]
    easting, northing = _position(chance, locality)
    low, high = _ages(chance, kind)
    stem = next(names)
    return School(
        urn=urn,
        number=number
        + (1000 if school_type.startswith("Voluntary") and kind in ("infant", "junior", "primary") else 0),
        name=story.name if story else _full_name(stem, kind, school_type, religious, selective),
        kind=kind,
        school_type=school_type,
        low_age=low,
        high_age=high,
        selective=selective,
        religious=religious,
        trust=_trust(trusts, school_type, religious, selective, story),
        locality=locality,
        easting=easting,
        northing=northing,
        postcode=f"ZZ{LOCALITIES.index(locality) + 1} {chance.randrange(1, 10)}"
        f"{chance.choice('ABDEFGHJLNPQRSTUWXYZ')}{chance.choice('ABDEFGHJLNPQRSTUWXYZ')}",
        street=f"{stem.split()[0]} {chance.choice(('Road', 'Lane', 'Way', 'Street', 'Avenue'))}",
        opened=story.converted if story else _opened(chance, kind, place, school_type),
        closed=None,
        predecessor=None,
        roll=roll,
        capacity=max(roll, round(roll * chance.uniform(0.98, 1.28) / 15) * 15),
        nature=nature,
        story=story,
    )


def _trust(
    trusts: list[Trust], school_type: str, religious: str, selective: bool, story: StorySchool | None
) -> Trust | None:
    if school_type not in ACADEMY_TYPES:
        return None
    by_uid = {trust.uid: trust for trust in TRUSTS}
    if story:
        return by_uid[story.trust_uid]
    if selective:
        return by_uid["90014"]
    if "special" in school_type:
        return by_uid["90012"]
    if religious == "Roman Catholic":
        return by_uid["90007"]
    fitting = [trust for trust in trusts if trust.sponsor or school_type != "Academy sponsor led"]
    chosen = (fitting or trusts or [by_uid["90001"]])[0]
    if chosen in trusts:
        trusts.remove(chosen)
    return chosen


def _opened(chance: Random, kind: str, place: int, school_type: str) -> date | None:
    if school_type not in ACADEMY_TYPES:
        return None
    if school_type.startswith("Free"):
        return date(chance.choice((2023, 2024, 2025)), 9, 1)
    year = chance.choice((2011, 2012, 2012, 2013, 2014, 2015, 2017, 2017, 2018, 2019, 2020, 2022, 2023, 2024))
    return date(year, chance.choice((9, 9, 9, 4, 2, 1, 12)), 1)


def _religion(chance: Random, kind: str, school_type: str) -> str:
    if kind not in MAINSTREAM or school_type in ("Community school", "Foundation school", "Free schools"):
        return ""
    if school_type == "Voluntary controlled school":
        return "Church of England"
    catholic, church = (0.45, 0.55) if school_type == "Voluntary aided school" else (0.05, 0.17)
    draw = chance.random()
    return "Roman Catholic" if draw < catholic else "Church of England" if draw < catholic + church else ""


def _full_name(stem: str, kind: str, school_type: str, religious: str, selective: bool) -> str:
    church = f"{CHURCH_WORDS[religious]} " if religious else ""
    academy = school_type.startswith(("Academy", "Free"))
    if selective:
        return f"{stem.split()[0]} Grammar School"
    if kind in ("infant", "junior", "primary"):
        return f"{stem} {church}{kind.title()} {'Academy' if academy and not religious else 'School'}"
    if kind == "secondary":
        return f"{stem} {church}{'Academy' if academy else 'High School'}"
    if kind == "all-through":
        return f"{stem} All-through Academy"
    if kind == "nursery":
        return f"{stem} Nursery School"
    return f"{stem} School" if kind == "special" else f"{stem} Centre"


def _ages(chance: Random, kind: str) -> tuple[int, int]:
    if kind == "secondary":
        return (11, 18) if chance.random() < 0.5 else (11, 16)
    low, high = _AGES[kind]
    return (3, high) if kind in ("primary", "infant") and chance.random() < 0.5 else (low, high)


def _roll(chance: Random, kind: str, place: int) -> int:
    # Sizes of primary schools follow England's (5th to 95th percentile 63 to 586 pupils).
    if kind == "primary":
        if place % 34 == 20:
            return chance.randrange(26, 60)
        intake = chance.choice((15, 20, 28, 30, 30, 30, 30, 32, 45, 45, 58, 60, 60, 60, 75, 90))
        return round(intake * 7 * chance.uniform(0.82, 1.03))
    if kind == "secondary":
        return round(min(1800, max(430, chance.gauss(1067, 370))))
    middle = {"infant": 190, "junior": 260, "all-through": 1180, "special": 150, "nursery": 95}.get(kind, 55)
    return round(middle * chance.uniform(0.7, 1.35))


def _position(chance: Random, locality: str) -> tuple[int, int]:
    place = LOCALITIES.index(locality)
    east = WEST + (place % 4 + 0.5) * WIDTH / 4 + chance.gauss(0, 2600)
    north = SOUTH + (place // 4 + 0.5) * HEIGHT / 3 + chance.gauss(0, 2600)
    return round(east), round(north)


def _with_predecessor(seed: int, school: School, urns: Iterator[int]) -> School:
    """An academy that converted within ten years of the demo's date has its old school in the register."""
    converted = school.school_type.startswith("Academy") and school.opened and school.opened >= date(2016, 11, 1)
    if not converted:
        return school
    chance = stream(seed, "predecessor", school.urn)
    old_type = "Community school" if school.religious == "" else "Voluntary aided school"
    if "special" in school.school_type:
        old_type = "Community special school"
    if "alternative" in school.school_type:
        old_type = "Pupil referral unit"
    name = school.name.replace("Academy", "School")
    if school.school_type == "Academy sponsor led":
        name = f"{school.name.split()[0]} {chance.choice(('Lane', 'Road', 'Park'))} {_old_ending(school.kind)}"
    return replace(school, predecessor=Predecessor(next(urns), name, old_type))


def _old_ending(kind: str) -> str:
    return "School" if kind in WITH_KS4 else f"{kind.title()} School"


def make_natures(seed: int, kind: str, count: int) -> list[Nature]:
    """The natures of all schools of one kind.

    Means, deviations and correlations are set so that the published figures that follow from them
    resemble England's; tests/demo/test_resemblance.py says how closely.
    """
    chance = stream(seed, "natures", kind)
    columns = uncorrelated([dealt_normals(chance, count) for _ in range(9)]) if count > 9 else _drawn(chance, count)
    return [_nature(chance, kind, [column[place] for column in columns]) for place in range(count)]


def _drawn(chance: Random, count: int) -> list[list[float]]:
    return [[chance.gauss(0, 1) for _ in range(count)] for _ in range(9)]


def _nature(chance: Random, kind: str, z: list[float]) -> Nature:
    poverty, quality, intake, led, absence, eal, sen, ehc, growth = z
    secondary = kind in WITH_KS4
    centre, spread = (-0.98, 0.78) if secondary else (-1.295, 0.95)
    if kind in ("special", "alternative provision"):
        centre, spread = 0.12, 0.62
    keep = 0.965 if secondary else 0.92
    qualities = drifting(chance, quality, ANCHOR_YEAR, YEARS, keep)
    own_absence = drifting(chance, absence, ANCHOR_YEAR, YEARS, 0.96)
    weights = (0.43, -0.52, -0.12, 0.71) if secondary else (0.60, -0.15, -0.21, 0.755)
    absences = {
        year: weights[0] * poverty + weights[1] * qualities[year] + weights[2] * intake + weights[3] * own_absence[year]
        for year in YEARS
    }
    support = 0.43 * poverty + 0.9 * sen
    return Nature(
        disadvantaged=logistic(centre + spread * poverty),
        disadvantaged_z=poverty,
        eal=logistic(-2.1 + 1.35 * (0.35 * poverty + 0.94 * eal)),
        sen_support=0.7 * logistic(-1.32 + 0.5 * support),
        ehc_plans=0.99 if kind == "special" else logistic(-3.5 + 0.55 * ehc),
        quality=qualities,
        intake=intake,
        leadership=0.5 * quality + 0.87 * led,
        absence=absences,
        progress_own=(chance.gauss(0, 1), chance.gauss(0, 1), chance.gauss(0, 1)),
        growth=(0.002 if secondary else -0.009) + 0.011 * growth,
    )


def _selective(nature: Nature) -> Nature:
    """A grammar school: few disadvantaged pupils and a chosen intake."""
    quality = {year: value * 0.4 + 0.6 for year, value in nature.quality.items()}
    absence = {year: value * 0.4 - 1.2 for year, value in nature.absence.items()}
    return replace(
        nature,
        disadvantaged=0.08,
        disadvantaged_z=-1.5,
        intake=2.0,
        quality=quality,
        absence=absence,
        leadership=0.9,
    )


def _told(nature: Nature, story: StorySchool) -> Nature:
    """The nature of a school of the story: its row decides what it says, chance the rest."""
    centre, spread = (-0.98, 0.78) if story.kind in WITH_KS4 else (-1.295, 0.95)
    poverty = (_log_odds(story.disadvantaged) - centre) / spread
    shift = dict.fromkeys(YEARS, (poverty - nature.disadvantaged_z) * 0.55)
    return replace(
        nature,
        disadvantaged=story.disadvantaged,
        disadvantaged_z=poverty,
        quality={year: 0.15 * value + story.quality for year, value in nature.quality.items()},
        absence={year: 0.3 * value + shift[year] for year, value in nature.absence.items()},
        leadership=story.leadership,
    )


def _log_odds(share: float) -> float:
    return math.log(share / (1 - share))
