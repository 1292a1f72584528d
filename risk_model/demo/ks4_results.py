"""What pupils reached at the end of Year 11, pupil by pupil."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from random import Random
from statistics import fmean

from risk_model.demo.randomness import STANDARD_NORMAL, stream
from risk_model.demo.schools import School

KS4_YEARS = (2017, 2018, 2019, 2022, 2023, 2024, 2025, 2026)
PROGRESS_YEARS = (2017, 2018, 2019, 2022, 2023, 2024)
PROGRESS_SPREAD = 1.27  # deviation of pupils' Progress 8


@dataclass(frozen=True)
class National:
    """England's state-funded schools in one year.

    Source: DfE, Key stage 4 performance, national tables of the year; those of disadvantaged pupils
    and the number of pupils are rounded.
    """

    attainment: float
    basics_95: float
    basics_94: float
    ebacc: float
    pupils: int
    disadvantaged_attainment: float
    disadvantaged_basics_95: float
    disadvantaged_progress: float | None
    progress: float | None
    disadvantaged: float = 26.5


NATIONAL: Mapping[int, National] = {
    2017: National(46.4, 42.9, 64.2, 4.03, 526_000, 37.0, 24.5, -0.40, -0.03),
    2018: National(46.6, 43.5, 64.4, 4.04, 523_626, 36.7, 24.9, -0.44, -0.03),
    2019: National(46.7, 43.2, 64.9, 4.07, 542_000, 36.7, 24.7, -0.45, -0.03),
    2022: National(48.8, 49.8, 69.0, 4.27, 587_000, 37.7, 29.6, -0.55, -0.03),
    2023: National(46.2, 45.3, 65.4, 4.05, 606_000, 35.0, 25.2, -0.57, -0.03),
    2024: National(45.9, 45.9, 65.4, 4.04, 620_000, 34.6, 26.0, -0.57, -0.03),
    2025: National(45.9, 45.2, 65.1, 4.04, 626_000, 34.9, 25.6, None, None),
    2026: National(46.0, 45.4, 65.2, 4.05, 630_000, 34.9, 25.7, None, None),
}


@dataclass(frozen=True)
class Ks4Group:
    """A group of pupils: how many, their Attainment 8, who passed English and mathematics, Progress 8."""

    pupils: int
    attainment: float
    basics_94: int
    basics_95: int
    progress: float


@dataclass(frozen=True)
class Ks4Result:
    """A school's results of one year; `with_progress` pupils have key stage 2 results to measure from."""

    year: int
    everybody: Ks4Group
    disadvantaged: Ks4Group
    boys: int
    eal: int
    prior_low: int
    prior_average: float
    with_progress: int


def progress_limits(value: float, pupils: int) -> tuple[float, float]:
    """The 95% limits of a Progress 8 score of so many pupils."""
    half = 1.96 * PROGRESS_SPREAD / math.sqrt(pupils)
    return value - half, value + half


def ks4_result(seed: int, school: School, year: int) -> Ks4Result:
    """The results of one school in one year; the same for the same seed."""
    chance = stream(seed, "ks4", school.urn, year)
    groups = {"all-through": 12.4, "special": 13}.get(school.kind, 5.05 if school.high_age == 16 else 6.0)
    size = max(2, round(school.roll_in(year) / groups * chance.gauss(1, 0.04)))
    attainment, progress = _standing(school, year)
    pupils = [_pupil(chance, school, year, attainment, progress) for _ in range(size)]
    poor = [pupil for pupil in pupils if pupil[0]]
    shift = _shift(school, year, pupils)
    return Ks4Result(
        year=year,
        everybody=_group(pupils, shift),
        disadvantaged=_group(poor, shift),
        boys=sum(chance.random() < 0.51 for _ in range(size)),
        eal=sum(chance.random() < school.nature.eal for _ in range(size)),
        prior_low=sum(chance.random() < _low_share(school) for _ in range(size)),
        prior_average=_prior_average(school, year),
        with_progress=max(1, round(size * chance.uniform(0.93, 0.995))),
    )


def _standing(school: School, year: int) -> tuple[float, float]:
    """The school's own level of Attainment 8 and Progress 8, before its pupils' chance."""
    england = NATIONAL[year]
    if school.kind == "special":
        return 4.5, -1.7
    nature = school.nature
    added = -0.34 * nature.disadvantaged_z + 0.90 * nature.quality[year]
    intake = -0.40 * nature.disadvantaged_z + 0.917 * nature.intake
    return england.attainment + 1.2 + 8.3 * (0.83 * added + 0.52 * intake), 0.05 + 0.47 * added


def _low_share(school: School) -> float:
    return min(0.7, max(0.01, 0.20 + 0.05 * school.nature.disadvantaged_z - 0.07 * school.nature.intake))


def _prior_average(school: School, year: int) -> float:
    """Average key stage 2 points: fine points until 2019, scaled scores since."""
    standing = -0.40 * school.nature.disadvantaged_z + 0.917 * school.nature.intake
    return 28.3 + 0.9 * standing if year <= 2019 else 104.0 + 1.6 * standing


# Disadvantaged or not, Attainment 8, passed at 4, passed at 5 (as margins), Progress 8.
_Pupil = tuple[bool, float, float, float]


def _pupil(chance: Random, school: School, year: int, attainment: float, progress: float) -> _Pupil:
    share = school.nature.disadvantaged
    poor = chance.random() < share
    distance = share - (1.0 if poor else 0.0)
    own, other = chance.gauss(0, 1), chance.gauss(0, 1)
    spread = 3.0 if school.kind == "special" else 17.0
    score = attainment + 10.5 * distance + spread * (0.6 * own + 0.8 * other)
    return poor, score, score + 8.0 * chance.gauss(0, 1), progress + 0.5 * distance + 1.24 * own


def _shift(school: School, year: int, pupils: list[_Pupil]) -> tuple[float, float]:
    """What a school of the story needs so that its figures are those that its row tells."""
    if school.story is None:
        return 0.0, 0.0
    attainment = school.story.attainment.get(year)
    progress = school.story.progress.get(year)
    return (
        0.0 if attainment is None else attainment - fmean(max(0.0, pupil[1]) for pupil in pupils),
        0.0 if progress is None else progress - fmean(pupil[3] for pupil in pupils),
    )


def _group(pupils: list[_Pupil], shift: tuple[float, float]) -> Ks4Group:
    if not pupils:
        return Ks4Group(0, 0.0, 0, 0, 0.0)
    return Ks4Group(
        pupils=len(pupils),
        attainment=fmean(max(0.0, pupil[1] + shift[0]) for pupil in pupils),
        basics_94=sum(pupil[2] + shift[0] >= BASICS_CUTS[0] for pupil in pupils),
        basics_95=sum(pupil[2] + shift[0] >= BASICS_CUTS[1] for pupil in pupils),
        progress=fmean(pupil[3] for pupil in pupils) + shift[1],
    )


def _basics_cuts() -> tuple[float, float]:
    """The Attainment 8 at which pupils pass English and mathematics at 4, and at 5, in a year like 2024."""
    england = NATIONAL[2024]
    spread = 21.0
    return (
        england.attainment - spread * STANDARD_NORMAL.inv_cdf(england.basics_94 / 100) + 0.9,
        england.attainment - spread * STANDARD_NORMAL.inv_cdf(england.basics_95 / 100) + 0.9,
    )


BASICS_CUTS = _basics_cuts()
