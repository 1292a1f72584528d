"""Spending and balances of each school, one year after another."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from random import Random

from risk_model.demo.files import PLAIN, header_of, write_rows
from risk_model.demo.ks2_file import folder_of
from risk_model.demo.randomness import stream
from risk_model.demo.schools import WITH_KS4, School

FINANCE_YEARS = (2023, 2024, 2025)
_COSTS = {"special": 29_500, "alternative provision": 34_000, "nursery": 13_200}  # pounds per pupil, 2024-25


def write_finance(folder: Path, seed: int, schools: Sequence[School]) -> list[Path]:
    """Write `finance/<year>/finance.csv`: whole pounds, and thousands for academies.

    A trust that pools its reserves shows exactly 0 for its schools: held at the trust, not nothing.
    """
    header = header_of("finance")
    figures = {school.urn: _years(seed, school) for school in schools}
    paths = []
    for place, year in enumerate(FINANCE_YEARS):
        day = date(year, 3, 31)
        rows: list[list[object]] = [
            [school.urn_on(day), *figures[school.urn][place]]
            for school in schools
            if school.is_open_on(day) and school.roll_in(year) > 0
        ]
        paths.append(write_rows(folder / "finance" / folder_of(year) / "finance.csv", header, rows, PLAIN))
    return paths


def _years(seed: int, school: School) -> list[tuple[int, int, int]]:
    """Spend per pupil, reserve and in-year balance of each year, in pounds."""
    chance = stream(seed, "finance", school.urn)
    pooled = school.is_academy and _pools(seed, school)
    reserve = _opening_reserve(chance, school)
    found = []
    for year in FINANCE_YEARS:
        roll = max(1, school.roll_in(year))
        per_pupil = _cost(chance, school, roll) * (1.045 ** (year - 2025))
        balance = roll * per_pupil * chance.gauss(0.003, 0.022)
        reserve += balance
        academy = school.type_on(date(year, 3, 31)) == school.school_type and school.is_academy
        shown = 0.0 if pooled and academy else reserve
        size = -3 if academy else 0
        found.append((round(per_pupil), round(round(shown, size)), round(round(balance, size))))
    return found


def _pools(seed: int, school: School) -> bool:
    return school.trust is not None and stream(seed, "pooling", school.trust.uid).random() < 0.35


def _cost(chance: Random, school: School, roll: int) -> float:
    if school.kind in _COSTS:
        return _COSTS[school.kind] * chance.gauss(1, 0.06)
    base = 7_100 if school.kind in WITH_KS4 else 6_050
    return (base + 2_900 * school.nature.disadvantaged + 42_000 / roll) * chance.gauss(1, 0.03)


def _opening_reserve(chance: Random, school: School) -> float:
    """One school in six starts the years below nothing, as in England; the weakly led more often."""
    income = max(20, school.roll_in(2022)) * _COSTS.get(school.kind, 6_900)
    return income * (0.072 + 0.07 * chance.gauss(0, 1) + 0.015 * school.nature.leadership)
