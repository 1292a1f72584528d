"""Absence of a full year: the figures and the file."""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

from risk_model.demo.files import DFE, header_of, short, write_rows
from risk_model.demo.ks2_file import folder_of
from risk_model.demo.places import LA_CODE
from risk_model.demo.randomness import stream
from risk_model.demo.schools import School

ABSENCE_YEARS = (2019, 2023, 2024, 2025)

# England's rows: overall absence and persistent absence, in percent.
# Source: DfE, Pupil absence in schools in England, full-year tables of each year.
NATIONAL: Mapping[int, Mapping[str, tuple[float, float]]] = {
    2019: {"PRI": (4.0, 8.2), "SEC": (5.5, 13.7), "SPE": (10.1, 28.8)},
    2023: {"PRI": (5.9, 16.2), "SEC": (9.0, 26.5), "SPE": (13.0, 37.5)},
    2024: {"PRI": (5.5, 14.6), "SEC": (8.9, 25.6), "SPE": (13.0, 37.2)},
    2025: {"PRI": (5.2, 13.2), "SEC": (8.5, 23.9), "SPE": (12.8, 36.3)},
}
# Persistent absence of schools in 2023-24: mean and deviation of its square root, which is near normal.
_ROOTS = {"PRI": (3.65, 0.93), "SEC": (4.98, 0.80), "SPE": (6.1, 1.05)}
# Overall absence as a straight line of persistent absence: start, slope, deviation around it.
_LINES = {"PRI": (2.55, 0.208, 0.33), "SEC": (1.6, 0.287, 0.55), "SPE": (1.4, 0.32, 1.1)}
_PHASES = {"secondary": "SEC", "all-through": "SEC", "special": "SPE"}


def phase_of(school: School) -> str | None:
    """PRI, SEC or SPE; None where the tables have no row (nursery schools, alternative provision)."""
    if school.kind in ("nursery", "alternative provision"):
        return None
    return _PHASES.get(school.kind, "PRI")


def absence_of(seed: int, school: School, year: int) -> tuple[float, float]:
    """Overall and persistent absence of a school in a year, both in percent.

    Raises:
        ValueError: the tables have no row for this kind of school.
    """
    phase = phase_of(school)
    if phase is None:
        raise ValueError(f"{school.name} has no row in the absence tables")
    middle, spread = _ROOTS[phase]
    level = NATIONAL[year][phase][1] / NATIONAL[2024][phase][1]
    factor = school.story.persistent_absence if school.story else 1.0
    expected = level * factor * max(1.3, middle + spread * school.nature.absence[year]) ** 2
    pupils = max(12, school.roll_in(year))
    persistent = min(pupils, round(expected / 100 * pupils))
    share = 100 * persistent / pupils
    start, slope, around = _LINES[phase]
    overall = start + slope * share + around * stream(seed, "absence", school.urn, year).gauss(0, 1)
    return max(1.5, overall), share


def write_absence(folder: Path, seed: int, schools: Sequence[School]) -> list[Path]:
    """Write `absence/<year>/england_abs.csv` for each year that the demo holds.

    Until 2018-19 a small school's persistent absence is marked SUPP; since then the school is left out.
    """
    paths = []
    header = header_of("absence")
    for year in ABSENCE_YEARS:
        day = date(year, 5, 10)
        rows: list[list[object]] = []
        for school in schools:
            if phase_of(school) is None or not school.is_open_on(day) or school.roll_in(year) < 10:
                continue
            overall, persistent = absence_of(seed, school, year)
            small = school.roll_in(year) < (45 if year <= 2019 else 30)
            if small and year > 2019:
                continue
            shown = "SUPP" if small else short(persistent, 1)
            rows.append([LA_CODE, school.number, school.urn_on(day), short(overall, 1), shown])
        for phase, (overall, persistent) in NATIONAL[year].items():
            rows.append(["NAT", phase, "", short(overall, 1), short(persistent, 1)])
        paths.append(write_rows(folder / "absence" / folder_of(year) / "england_abs.csv", header, rows, DFE))
    return paths
