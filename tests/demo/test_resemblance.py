"""The demo's distributions against England's.

The constants were measured over all state-funded schools of each phase (Ofsted's list of 31 August 2025),
one value per school, unweighted: key stage 2 2024-25, 2023-24 and 2022-23; key stage 4 2023-24 and 2022-23;
absence 2023-24; census January 2025. All are DfE's final tables.
"""

from collections.abc import Callable, Sequence
from statistics import correlation, fmean, stdev

import pytest

Rows = list[dict[str, str]]
ReadRows = Callable[..., Rows]


Values = dict[str, float]
Tables = dict[str, Values]


def _number(text: str) -> float | None:
    try:
        return float(text.strip().rstrip("%"))
    except ValueError:
        return None


def _column(rows: Sequence[dict[str, str]], column: str, record_types: str = "1") -> Values:
    found = {}
    for row in rows:
        value = _number(row[column])
        if value is not None and row["URN"].strip().isdigit() and row.get("RECTYPE", "1") in record_types:
            found[row["URN"]] = value
    return found


@pytest.fixture(scope="session")
def tables(read: ReadRows) -> Tables:
    """One value per school of each measure, by phase: p_ primary, s_ secondary."""
    phases = {row["URN"]: row["Ofsted phase"] for row in read("ofsted/2026-10-31_latest_inspections.csv", "cp1252")}
    ks2 = {year: read(f"ks2/{year}/999_ks2final.csv") for year in ("2022-2023", "2023-2024", "2024-2025")}
    ks4 = {year: read(f"ks4/{year}/999_ks4final.csv") for year in ("2022-2023", "2023-2024")}
    absence = _column(read("absence/2023-2024/england_abs.csv"), "PPERSABS10")
    poor = _column(read("census/2024-2025/england_census.csv"), "PNUMFSMEVER")
    everything = {
        "p_rwm_2025": _column(ks2["2024-2025"], "PTRWM_EXP"),
        "p_rwm_2024": _column(ks2["2023-2024"], "PTRWM_EXP"),
        "p_rwm_2023": _column(ks2["2022-2023"], "PTRWM_EXP"),
        "p_higher": _column(ks2["2024-2025"], "PTRWM_HIGH"),
        "p_reading_average": _column(ks2["2024-2025"], "READ_AVERAGE"),
        "p_maths_average": _column(ks2["2024-2025"], "MAT_AVERAGE"),
        "p_reading_progress": _column(ks2["2022-2023"], "READPROG"),
        "p_maths_progress": _column(ks2["2022-2023"], "MATPROG"),
        "p_absence": absence,
        "p_poor": poor,
        "s_attainment_2024": _column(ks4["2023-2024"], "ATT8SCR"),
        "s_attainment_2023": _column(ks4["2022-2023"], "ATT8SCR"),
        "s_progress": _column(ks4["2022-2023"], "P8MEA"),
        "s_basics": _column(ks4["2023-2024"], "PTL2BASICS_95"),
        "s_absence": absence,
        "s_poor": poor,
    }
    phase = {"p": "Primary", "s": "Secondary"}
    return {
        name: {urn: value for urn, value in values.items() if phases.get(urn) == phase[name[0]]}
        for name, values in everything.items()
    }


# Measure, England's mean and deviation, and by how much the demo's may differ.
MOMENTS = [
    ("p_rwm_2025", 63.1, 15.4, 2.0, 2.0),
    ("p_rwm_2024", 61.5, 15.6, 2.0, 2.0),
    ("p_rwm_2023", 60.7, 15.5, 2.0, 2.0),
    ("p_higher", 8.3, 7.7, 2.0, 2.0),
    ("p_reading_average", 105.6, 2.8, 0.7, 0.5),
    ("p_maths_average", 104.6, 3.0, 1.2, 0.5),
    ("p_reading_progress", 0.27, 2.30, 0.7, 0.35),
    ("p_maths_progress", 0.05, 2.56, 0.5, 0.45),
    ("p_absence", 14.3, 7.1, 1.0, 1.0),
    ("p_poor", 25.5, 16.3, 2.0, 2.0),
    ("s_attainment_2024", 46.9, 9.4, 2.0, 2.0),
    ("s_progress", 0.0, 0.51, 0.15, 0.1),
    ("s_basics", 46.7, 18.2, 4.0, 3.5),
    ("s_absence", 25.7, 8.8, 2.5, 2.0),
    ("s_poor", 29.6, 14.6, 2.5, 2.5),
]

# Two measures, England's correlation, and by how much the demo's may differ: more where schools are few.
CORRELATIONS = [
    ("p_rwm_2025", "p_absence", -0.38, 0.10),
    ("p_rwm_2025", "p_poor", -0.29, 0.10),
    ("p_rwm_2025", "p_rwm_2024", 0.61, 0.10),
    ("p_rwm_2025", "p_rwm_2023", 0.56, 0.12),
    ("p_absence", "p_poor", 0.62, 0.10),
    ("p_reading_progress", "p_maths_progress", 0.72, 0.10),
    ("p_rwm_2023", "p_maths_progress", 0.64, 0.10),
    ("p_maths_progress", "p_poor", -0.10, 0.12),
    ("s_attainment_2024", "s_absence", -0.73, 0.12),
    ("s_attainment_2024", "s_poor", -0.58, 0.15),
    ("s_attainment_2023", "s_progress", 0.83, 0.12),
    ("s_progress", "s_absence", -0.67, 0.15),
    ("s_progress", "s_poor", -0.43, 0.15),
    ("s_absence", "s_poor", 0.52, 0.15),
    ("s_attainment_2024", "s_attainment_2023", 0.96, 0.05),
]


@pytest.mark.parametrize(("name", "mean", "deviation", "mean_within", "deviation_within"), MOMENTS)
def test_mean_and_deviation_are_near_englands(
    tables: Tables, name: str, mean: float, deviation: float, mean_within: float, deviation_within: float
) -> None:
    values = list(tables[name].values())
    assert fmean(values) == pytest.approx(mean, abs=mean_within)
    assert stdev(values) == pytest.approx(deviation, abs=deviation_within)


@pytest.mark.parametrize(("one", "other", "expected", "within"), CORRELATIONS)
def test_correlation_is_near_englands(tables: Tables, one: str, other: str, expected: float, within: float) -> None:
    both = sorted(tables[one].keys() & tables[other].keys())
    found = correlation([tables[one][urn] for urn in both], [tables[other][urn] for urn in both])
    assert found == pytest.approx(expected, abs=within)
