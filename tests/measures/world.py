"""A small LA in the official files: 26 primary schools, 30 secondary schools, a special school, and what they lack.

Every figure is made by a formula, so that a test can work the same measure out a second way.
"""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from tests.scoring.kit import header_of, write_file

AS_AT = date(2025, 12, 31)
PRIMARY = tuple(range(110_001, 110_027))
SECONDARY = tuple(range(120_001, 120_031))
SPECIAL = 130_001
YEARS = (2023, 2024, 2025)  # the summers of the results
# primary schools that lack something
NO_LATEST, NO_RESULTS, SMALL, TINY, ONE_YEAR, NO_COUNTS = PRIMARY[:6]
# secondary schools that lack something
NO_SCORES, NO_INTAKE, NO_LIMITS, FEW_DISADVANTAGED, UNKNOWN_DISADVANTAGED = SECONDARY[:5]
ACADEMIES = SECONDARY[::2]
CAPACITY = 240


def label(summer: int) -> str:
    """The academic year that ends in a summer."""
    return f"{summer - 1}-{summer}"


def index(urn: int) -> int:
    """The school's number within its phase, from 0."""
    return urn % 1_000 - 1


def roll(urn: int, summer: int) -> int | None:
    """Pupils on roll; three years before, the second primary school was not there yet."""
    if urn == PRIMARY[1] and summer == 2022:
        return None
    return 200 + index(urn) if summer == 2025 else 215 - index(urn)


# --- key stage 2


@dataclass(frozen=True)
class Ks2:
    """A school's cells of one year, as numbers; a text is the marker that stands there instead."""

    pupils: int | None
    expected: int | str
    disadvantaged_pupils: int
    disadvantaged: int | str


NATIONAL_EXPECTED = {2023: 60, 2024: 61, 2025: 62}
NATIONAL_DISADVANTAGED = {2023: 44, 2024: 46, 2025: 47}


def ks2(urn: int, summer: int) -> Ks2 | None:
    """A school's key stage 2 results; None where it is not in the year's file."""
    n, step = index(urn), summer - 2023
    if urn == ONE_YEAR and summer != 2023:
        return None
    pupils: int | None = {SMALL: 8, TINY: 3}.get(urn, 20 + n)
    expected: int | str = 30 + 2 * n + 3 * step - (n % 4) * step * 2
    disadvantaged: int | str = 20 + 2 * n + step
    if urn == NO_RESULTS or (urn == NO_LATEST and summer == 2025):
        expected, disadvantaged = "SUPP", "SUPP"
    if urn == NO_COUNTS:
        pupils = None
    return Ks2(pupils, expected, 2 + n, disadvantaged)


def progress(urn: int) -> dict[str, tuple[float, float, float, int]]:
    """Progress in summer 2023 by subject: score, lower and upper limit, band 1 (well above) to 5 (well below)."""
    n = index(urn)
    score = -4.0 + 0.5 * n
    found = {}
    for subject, shift in (("READ", 0.0), ("WRIT", 1.0), ("MAT", -1.0)):
        value = score + shift
        band = 5 if value <= -4 else 4 if value + 2 < 0 else 3
        found[subject] = (value, value - 2, value + 2, band)
    return found


def _ks2_rows(summer: int) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = []
    for urn in PRIMARY:
        cells = ks2(urn, summer)
        if cells is None:
            continue
        row: dict[str, object] = {
            "RECTYPE": 1,
            "LEA": 202,
            "ESTAB": urn % 10_000,
            "URN": urn,
            "SCHNAME": f"Test School {urn}",
            "TELIG": "" if cells.pupils is None else cells.pupils,
            "PTRWM_EXP": _percent(cells.expected),
            "TFSM6CLA1A": cells.disadvantaged_pupils,
            "PTRWM_EXP_FSM6CLA1A": _percent(cells.disadvantaged),
        }
        for subject, (score, lower, upper, band) in progress(urn).items():
            known = summer == 2023 and urn != NO_RESULTS
            row[f"{subject}PROG"] = score if known else "NP"
            row[f"{subject}PROG_LOWER"] = lower if known else "NP"
            row[f"{subject}PROG_UPPER"] = upper if known else "NP"
            row[f"{subject}PROG_DESCR"] = band if known else "NP"
        rows.append(row)
    national = {
        "RECTYPE": 5,
        "PTRWM_EXP": _percent(NATIONAL_EXPECTED[summer]),
        "PTRWM_EXP_FSM6CLA1A": _percent(NATIONAL_DISADVANTAGED[summer]),
    }
    return [*rows, national]


def _percent(value: int | str) -> str:
    return f"{value}%" if isinstance(value, int) else value


# --- key stage 4


@dataclass(frozen=True)
class Ks4:
    """A school's cells of one year."""

    pupils: int
    attainment: float | str
    grade5: int | str
    disadvantaged_pupils: int | None
    disadvantaged: float


NATIONAL_ATTAINMENT = {2023: 46.2, 2024: 45.9, 2025: 45.6}
NATIONAL_GRADE5 = {2023: 45, 2024: 46, 2025: 45}
DISADVANTAGED_YEARS = (2023, 2024)  # the provisional file of 2025 does not have the column


def ks4(urn: int, summer: int) -> Ks4:
    """A school's key stage 4 results."""
    n, step = index(urn), summer - 2023
    attainment: float | str = 30.5 + n + (0.7 if n % 2 else -0.6) * step
    grade5: int | str = 20 + 2 * n + step
    if urn == NO_SCORES:
        attainment, grade5 = "NE", "NE"
    few = {FEW_DISADVANTAGED: 19, UNKNOWN_DISADVANTAGED: None}
    return Ks4(100 + 3 * n + 5 * step, attainment, grade5, few.get(urn, 20 + n), 36.0 + n)


def progress8(urn: int) -> tuple[float, float | None, float | None]:
    """Progress 8 of summer 2024 with its limits; one school has none."""
    value = -1.0 + 0.1 * index(urn)
    return (value, None, None) if urn == NO_LIMITS else (value, value - 0.3, value + 0.3)


def _ks4_rows(summer: int, layout: str) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = []
    for urn in SECONDARY:
        cells = ks4(urn, summer)
        row: dict[str, object] = {
            "RECTYPE": 1,
            "LEA": 202,
            "ESTAB": urn % 10_000,
            "URN": urn,
            "TPUP": cells.pupils,
            "ATT8SCR": cells.attainment,
            "PTL2BASICS_95": _percent(cells.grade5),
        }
        if summer == 2024:
            value, lower, upper = progress8(urn)
            row |= {
                "P8MEA": value,
                "P8CILOW": "" if lower is None else lower,
                "P8CIUPP": "" if upper is None else upper,
            }
            row["P8PUP"] = 64 if urn == NO_LIMITS else cells.pupils
        else:
            row["P8MEA"] = "NP"
        if summer in DISADVANTAGED_YEARS:
            row["TFSM6CLA1A"] = "" if cells.disadvantaged_pupils is None else cells.disadvantaged_pupils
            row["ATT8SCR_FSM6CLA1A"] = cells.disadvantaged
        rows.append(row)
    national = {
        "RECTYPE": 7,
        "ATT8SCR": NATIONAL_ATTAINMENT[summer],
        "PTL2BASICS_95": _percent(NATIONAL_GRADE5[summer]),
        "P8MEA": -0.03 if summer == 2024 else "NP",
    }
    known = set(header_of(layout))
    return [{name: cell for name, cell in row.items() if name in known} for row in [*rows, national]]


# --- absence, census, finance

NATIONAL_PA = {
    ("PRI", 2022): 17.7,
    ("PRI", 2023): 16.2,
    ("PRI", 2024): 14.6,
    ("SEC", 2022): 27.7,
    ("SEC", 2023): 26.5,
    ("SEC", 2024): 25.6,
}
ABSENCE_YEARS = (2022, 2023, 2024)


def persistent(urn: int, summer: int) -> float | str | None:
    """Persistent absence in percent; None where the school is not in the file."""
    if urn == PRIMARY[2] and summer == 2023:
        return None
    if urn == PRIMARY[3] and summer == 2024:
        return "SUPP"
    return round(10 + 0.7 * index(urn) + (0.4 if index(urn) % 3 else -2.1) * (summer - 2022), 1)


def _absence_rows(summer: int) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = [
        {"LA": 202, "ESTAB": urn % 10_000, "URN": urn, "PERCTOT": 6.1, "PPERSABS10": cell}
        for urn in (*PRIMARY, *SECONDARY, SPECIAL)
        if (cell := persistent(urn, summer)) is not None
    ]
    for phase in ("PRI", "SEC"):
        rows.append({"LA": "NAT", "ESTAB": phase, "PERCTOT": 7.0, "PPERSABS10": NATIONAL_PA[phase, summer]})
    return rows


def fsm6(urn: int) -> float | str:
    """The share of pupils disadvantaged in six years, January 2025."""
    return "NP" if urn == NO_INTAKE else 10.0 + (index(urn) * 7) % 31


def _census_rows(summer: int) -> list[dict[str, object]]:
    return [
        {"URN": urn, "LA": 202, "Estab": urn % 10_000, "NOR": pupils, "PNUMFSMEVER": fsm6(urn)}
        for urn in (*PRIMARY, *SECONDARY)
        if (pupils := roll(urn, summer)) is not None
    ]


def balance(urn: int, summer: int) -> int | str | None:
    """In-year balance in pounds; None where the school is not in the file."""
    if urn == PRIMARY[9] and summer == 2023:
        return None
    if urn == PRIMARY[6] and summer == 2024:
        return "NP"
    return (index(urn) % 3 - 1) * 10_000 if summer == 2024 else (index(urn) % 2 * 2 - 1) * 7_000


def reserve(urn: int) -> int:
    """Revenue reserve in pounds; some academies' is held at the trust and stands as 0."""
    return 0 if index(urn) % 4 == 0 else -20_000 + 3_000 * index(urn)


def _finance_rows(summer: int) -> list[dict[str, object]]:
    return [
        {
            "URN": urn,
            "Spend per pupil (GBP)": 6_000,
            "Revenue reserve (GBP)": reserve(urn),
            "In-year balance (GBP)": cell,
        }
        for urn in (*PRIMARY, *SECONDARY)
        if (cell := balance(urn, summer)) is not None
    ]


def _register_rows() -> list[dict[str, object]]:
    rows = []
    for urn in (*PRIMARY, *SECONDARY, SPECIAL):
        is_secondary = urn in SECONDARY
        kind = "Community special school" if urn == SPECIAL else "Community school"
        rows.append(
            {
                "URN": urn,
                "LA (code)": 202,
                "LA (name)": "Camden",
                "EstablishmentNumber": urn % 10_000 if not is_secondary else 5_000 + index(urn),
                "EstablishmentName": f"Test School {urn}",
                "TypeOfEstablishment (name)": "Academy converter" if urn in ACADEMIES else kind,
                "EstablishmentStatus (name)": "Open",
                "PhaseOfEducation (name)": "Secondary" if is_secondary else "Primary",
                "StatutoryLowAge": 11 if is_secondary else 4,
                "StatutoryHighAge": 16 if is_secondary else 11,
                "SchoolCapacity": "" if urn == PRIMARY[7] else CAPACITY,
                "NumberOfPupils": roll(urn, 2025),
                "GOR (name)": "London",
            }
        )
    return rows


def write_world(folder: Path) -> Path:
    """Write every file of the small LA, as published, and give the folder back."""
    write_file(folder / "edubasealldata20250901.csv", "gias", _register_rows(), encoding="cp1252")
    for summer in YEARS:
        write_file(folder / label(summer) / "england_ks2final.csv", "ks2_2019", _ks2_rows(summer), summer=summer)
        layout = "ks4_provisional" if summer == 2025 else "ks4_2018"
        name = "england_ks4provisional.csv" if summer == 2025 else "england_ks4final.csv"
        of_year = None if summer == 2025 else summer
        write_file(folder / label(summer) / name, layout, _ks4_rows(summer, layout), summer=of_year)
    for summer in ABSENCE_YEARS:
        write_file(folder / label(summer) / "england_abs.csv", "absence", _absence_rows(summer))
    for summer in (2022, 2025):
        write_file(folder / label(summer) / "england_census.csv", "census_2025", _census_rows(summer))
    for summer in (2023, 2024):
        write_file(folder / label(summer) / "england_cfr.csv", "finance", _finance_rows(summer))
    return folder
