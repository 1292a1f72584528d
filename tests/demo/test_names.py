"""No school of the demo bears a real school's name."""

import csv
import os
from collections.abc import Callable
from pathlib import Path

import pytest

Rows = list[dict[str, str]]
ReadRows = Callable[..., Rows]


PROJECT = Path(__file__).resolve().parents[2]
REAL = Path(os.environ.get("RISK_REAL_DATA") or PROJECT.parent / "shared" / "data")
INSPECTIONS = REAL / "derived/ofsted/State-funded_schools_inspections_and_outcomes_as_at_31_August_2025.csv"


def _real_names() -> tuple[set[str], set[str]]:
    """Names of England's schools and of their trusts, in small letters."""
    if not INSPECTIONS.exists():
        if os.environ.get("CI") == "true":
            pytest.fail(f"the real data is not at {REAL}")
        pytest.skip(f"the real data is not at {REAL}")
    with INSPECTIONS.open(encoding="cp1252", newline="") as file:
        rows = list(csv.DictReader(file))
    schools = {row["School name"].casefold() for row in rows}
    schools |= {row["School name at time of latest graded inspection"].casefold() for row in rows}
    return schools, {row["Multi-academy trust name"].casefold() for row in rows}


def test_no_school_or_trust_bears_a_real_name(read: ReadRows) -> None:
    schools, trusts = _real_names()
    rows = read("gias/edubasealldata20261102.csv", "cp1252")
    assert not {row["EstablishmentName"] for row in rows if row["EstablishmentName"].casefold() in schools}
    assert not {row["Trusts (name)"] for row in rows if row["Trusts (name)"].casefold() in trusts}


def test_names_of_open_schools_are_unique(read: ReadRows) -> None:
    rows = read("gias/edubasealldata20261102.csv", "cp1252")
    names = [row["EstablishmentName"] for row in rows if row["EstablishmentStatus (name)"] == "Open"]
    assert len(set(names)) == len(names)
