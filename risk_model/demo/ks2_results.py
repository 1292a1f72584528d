"""What pupils of Year 6 reached, pupil by pupil, so that every published figure is a count of somebody."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from random import Random
from statistics import fmean

from risk_model.demo.randomness import STANDARD_NORMAL, stream
from risk_model.demo.schools import School

KS2_YEARS = (2017, 2018, 2019, 2023, 2024, 2025)
PROGRESS_YEARS = (2017, 2018, 2019, 2023)
SUBJECTS = ("READ", "WRIT", "MAT")
PUPIL_SPREAD = {"READ": 6.3, "WRIT": 5.6, "MAT": 5.7}  # deviation of pupils' progress, in scaled-score points


@dataclass(frozen=True)
class National:
    """England's figures of one year, in percent; averages in scaled-score points.

    Source: DfE, Key stage 2 attainment, national tables of the year; those of the number of pupils,
    of EAL and of SEN are rounded.
    """

    meets: int
    higher: int
    disadvantaged: int
    others: int
    reading: int
    writing: int
    mathematics: int
    grammar: int
    reading_average: int
    mathematics_average: int
    grammar_average: int
    eligible: int
    eligible_disadvantaged: int = 30
    eal: int = 22
    sen_support: int = 18
    ehc_plans: int = 5


NATIONAL: Mapping[int, National] = {
    2017: National(61, 9, 47, 67, 72, 76, 75, 77, 104, 104, 106, 599_728, 32, 20, 14, 1),
    2018: National(64, 10, 51, 70, 75, 78, 75, 78, 105, 104, 106, 619_703, 31, 20, 14, 2),
    2019: National(65, 11, 51, 71, 73, 78, 79, 78, 104, 105, 106, 644_967, 31, 21, 15, 3),
    2023: National(60, 8, 44, 66, 73, 71, 73, 72, 105, 104, 105, 668_000),
    2024: National(61, 8, 46, 67, 74, 72, 73, 72, 105, 104, 105, 671_000),
    2025: National(62, 8, 47, 69, 75, 72, 74, 73, 106, 105, 105, 664_000),
}


# The higher standard is a scaled score of 110, or 1.3 deviations above the standard; in writing it is rarer.
HIGHER = (1.3, 1.95, 1.3)


@dataclass(frozen=True)
class Pupil:
    """One pupil's standing: latent scores in pupil deviations, progress in scaled-score points."""

    disadvantaged: bool
    scores: tuple[float, float, float, float]
    progress: tuple[float, float, float]


@dataclass(frozen=True)
class Group:
    """How many of a group of pupils reached what."""

    pupils: int
    meets: int
    higher: int
    reading: int
    writing: int
    mathematics: int
    grammar: int


@dataclass(frozen=True)
class Ks2Result:
    """A school's results of one year; averages and progress are None for a special school's pupils."""

    year: int
    everybody: Group
    disadvantaged: Group
    others: Group
    boys: int
    eal: int
    sen_support: int
    ehc_plans: int
    averages: tuple[float, float, float] | None
    progress: tuple[tuple[float, float, float], ...]
    covered: int


def thresholds(year: int) -> tuple[float, float, float, float]:
    """The latent standing at which a pupil meets the standard: reading, writing, mathematics, grammar."""
    england = NATIONAL[year]
    shares = (england.reading, england.writing, england.mathematics, england.grammar)
    # Pupils of all schools together spread 1.08 times as wide as those within one school. The nudge makes
    # the three subjects together come out at England's share, a point higher in the mean over schools.
    nudge = {2017: 0.03, 2018: 0.0, 2019: -0.02, 2023: -0.02, 2024: -0.05, 2025: -0.05}[year]
    cuts = [nudge - 1.08 * STANDARD_NORMAL.inv_cdf(share / 100) for share in shares]
    return cuts[0], cuts[1], cuts[2], cuts[3]


def cohort_size(chance: Random, school: School, year: int) -> int:
    """Pupils in Year 6, from the roll of the year."""
    groups = {"junior": 4, "all-through": 12, "special": 14}.get(school.kind, 7)
    return max(2, round(school.roll_in(year) / groups * chance.gauss(1, 0.06)))


def ks2_result(seed: int, school: School, year: int) -> Ks2Result:
    """The results of one school in one year; the same for the same seed."""
    chance = stream(seed, "ks2", school.urn, year)
    size = cohort_size(chance, school, year)
    if school.kind == "special":
        return _special_result(chance, school, year, size)
    pupils = _pupils(chance, school, year, size)
    cuts = thresholds(year)
    if school.story and year in school.story.meets:
        pupils = _moved(pupils, cuts, round(school.story.meets[year] * size))
    poor = [pupil for pupil in pupils if pupil.disadvantaged]
    rest = [pupil for pupil in pupils if not pupil.disadvantaged]
    averages = (_average(pupils, cuts, 0), _average(pupils, cuts, 2), _average(pupils, cuts, 3))
    covered = max(1, round(size * chance.uniform(0.9, 1.0))) if size > 8 else size
    return Ks2Result(
        year=year,
        everybody=_group(pupils, cuts),
        disadvantaged=_group(poor, cuts),
        others=_group(rest, cuts),
        boys=_some(chance, size, 0.51),
        eal=_some(chance, size, school.nature.eal),
        sen_support=_some(chance, size, min(0.6, school.nature.sen_support * 1.15)),
        ehc_plans=_some(chance, size, school.nature.ehc_plans * 1.2),
        averages=averages,
        progress=_progress(school, pupils, year, covered),
        covered=covered,
    )


def _some(chance: Random, size: int, share: float) -> int:
    return sum(chance.random() < share for _ in range(size))


def _pupils(chance: Random, school: School, year: int, size: int) -> list[Pupil]:
    nature = school.nature
    value_added = nature.quality[year]
    standing = 0.33 * (0.77 * value_added + 0.64 * nature.intake) - 0.32 * (nature.disadvantaged - 0.255)
    reading, writing, mathematics = nature.progress_own
    subjects = (0.11 * reading, 0.05 * writing, 0.11 * mathematics, 0.06)
    lift = school.story.disadvantaged_lift if school.story else 0.0
    leanings = [
        2.0 * (0.92 * value_added + 0.39 * reading - 0.05 * nature.disadvantaged_z),
        1.95 * (0.62 * value_added + 0.78 * writing - 0.05 * nature.disadvantaged_z),
        2.25 * (0.92 * value_added + 0.39 * mathematics - 0.05 * nature.disadvantaged_z),
    ]
    pupils = []
    for _ in range(size):
        poor = chance.random() < nature.disadvantaged
        general = chance.gauss(0, 1)
        own = [chance.gauss(0, 1) for _ in range(4)]
        middle = standing + (lift - 0.40 if poor else 0.145)
        middle += 0.9 * general
        scores = [middle + extra + 0.436 * part for extra, part in zip(subjects, own, strict=True)]
        gains = [
            lean + PUPIL_SPREAD[subject] * (0.4 * general + 0.35 * part + 0.847 * chance.gauss(0, 1))
            for subject, lean, part in zip(SUBJECTS, leanings, own, strict=False)
        ]
        four = (scores[0], scores[1], scores[2], scores[3])
        pupils.append(Pupil(poor, four, (gains[0], gains[1], gains[2])))
    return pupils


def _margin(pupil: Pupil, cuts: tuple[float, float, float, float]) -> float:
    return min(score - cut for score, cut in zip(pupil.scores[:3], cuts[:3], strict=True))


def _moved(pupils: list[Pupil], cuts: tuple[float, float, float, float], meeting: int) -> list[Pupil]:
    """The same pupils, all raised or lowered alike until exactly `meeting` of them reach the standard."""
    margins = sorted((_margin(pupil, cuts) for pupil in pupils), reverse=True)
    above = margins[meeting - 1] if meeting else margins[0] + 0.2
    below = margins[meeting] if meeting < len(margins) else margins[-1] - 0.2
    step = -(above + below) / 2
    return [
        Pupil(pupil.disadvantaged, tuple(score + step for score in pupil.scores), pupil.progress)  # type: ignore[arg-type]
        for pupil in pupils
    ]


def _group(pupils: list[Pupil], cuts: tuple[float, float, float, float]) -> Group:
    def reach(subject: int) -> int:
        return sum(pupil.scores[subject] >= cuts[subject] for pupil in pupils)

    higher = sum(
        all(score >= cut + more for score, cut, more in zip(pupil.scores, cuts, HIGHER, strict=False))
        for pupil in pupils
    )
    meets = sum(_margin(pupil, cuts) >= 0 for pupil in pupils)
    return Group(len(pupils), meets, higher, reach(0), reach(1), reach(2), reach(3))


def _average(pupils: list[Pupil], cuts: tuple[float, float, float, float], subject: int) -> float:
    scores = [100 + 7.6 * (pupil.scores[subject] - cuts[subject]) for pupil in pupils]
    return fmean(min(120.0, max(80.0, score)) for score in scores)


def _progress(school: School, pupils: list[Pupil], year: int, covered: int) -> tuple[tuple[float, float, float], ...]:
    """Value and 95% limits for reading, writing and mathematics; nothing in years without progress."""
    if year not in PROGRESS_YEARS or school.is_new:
        return ()
    found = []
    for place, subject in enumerate(SUBJECTS):
        value = fmean(pupil.progress[place] for pupil in pupils[:covered])
        if school.story and school.story.reading_progress is not None and year == 2023:
            value = school.story.reading_progress + 0.5 * place
        half = 1.96 * PUPIL_SPREAD[subject] / math.sqrt(covered)
        found.append((value, value - half, value + half))
    return tuple(found)


def _special_result(chance: Random, school: School, year: int, size: int) -> Ks2Result:
    """A special school: nobody, or next to nobody, takes the tests."""
    poor = _some(chance, size, school.nature.disadvantaged)
    meets = 1 if chance.random() < 0.06 else 0
    progress: tuple[tuple[float, float, float], ...] = ()
    if year in PROGRESS_YEARS and chance.random() < 0.8:
        values = [chance.gauss(middle, 3.3) for middle in (-7.2, -6.8, -7.4)]
        halves = [1.96 * PUPIL_SPREAD[subject] / math.sqrt(size) for subject in SUBJECTS]
        pairs = zip(values, halves, strict=True)
        progress = tuple((value, value - half, value + half) for value, half in pairs)
    return Ks2Result(
        year=year,
        everybody=Group(size, meets, 0, meets, meets, meets, meets),
        disadvantaged=Group(poor, 0, 0, 0, 0, 0, 0),
        others=Group(size - poor, meets, 0, meets, meets, meets, meets),
        boys=_some(chance, size, 0.72),
        eal=_some(chance, size, school.nature.eal),
        sen_support=0,
        ehc_plans=size,
        averages=None,
        progress=progress,
        covered=size,
    )
