"""Tiny registers of a few schools, in the official layouts: what an LA has before it has anything else."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from risk_model.demo.files import header_of

HOSTILE = '<script>alert(1)</script> **bold** [x](javascript:alert(1)) =HYPERLINK("x")'
GROUPS = {"Community school": "Local authority maintained schools", "Academy converter": "Academies"}


@dataclass(frozen=True)
class SmallSchool:
    """A school of a tiny register.

    Attributes:
        overall: the grade of its last inspection, "" where it was never inspected.
    """

    urn: int
    name: str
    overall: str = "2"
    type: str = "Community school"
    phase: str = "Primary"
    trust_uid: str = ""
    trust_name: str = ""


def write_registers(folder: Path, schools: Sequence[SmallSchool]) -> list[Path]:
    """The register of schools and the one of inspections, of August 2025, as their publishers lay them out."""
    folder.mkdir(parents=True, exist_ok=True)
    gias = folder / "edubasealldata20250831.csv"
    ofsted = folder / "State-funded_schools_inspections_and_outcomes_as_at_31_August_2025.csv"
    _write(gias, "gias", [_gias(school) for school in schools], "")
    _write(ofsted, "ofsted_2025", [_ofsted(school) for school in schools], "NULL")
    return [gias, ofsted]


def _gias(school: SmallSchool) -> dict[str, object]:
    return {
        "URN": school.urn,
        "LA (code)": "850",
        "LA (name)": "Hampshire",
        "EstablishmentNumber": 2000 + school.urn % 1000,
        "EstablishmentName": school.name,
        "TypeOfEstablishment (name)": school.type,
        "EstablishmentTypeGroup (name)": GROUPS[school.type],
        "EstablishmentStatus (name)": "Open",
        "PhaseOfEducation (name)": school.phase,
        "StatutoryLowAge": 4 if school.phase == "Primary" else 11,
        "StatutoryHighAge": 11 if school.phase == "Primary" else 16,
        "NumberOfPupils": 210,
        "Trusts (code)": school.trust_uid,
        "Trusts (name)": school.trust_name,
    }


def _ofsted(school: SmallSchool) -> dict[str, object]:
    row: dict[str, object] = {
        "URN": school.urn,
        "LAESTAB": f"850{2000 + school.urn % 1000}",
        "School name": school.name,
        "Ofsted phase": school.phase,
        "Type of education": school.type,
        "Local authority": "Hampshire",
        "Total number of pupils": 210,
        "Multi-academy trust UID": school.trust_uid or "NULL",
        "Multi-academy trust name": school.trust_name or "NULL",
    }
    if not school.overall:
        return row
    grades = (
        "Overall effectiveness",
        "Quality of education",
        "Behaviour and attitudes",
        "Personal development",
        "Effectiveness of leadership and management",
    )
    return row | {
        "Inspection number of latest graded inspection": 10_000_000 + school.urn,
        "Inspection type": "S5 Inspection",
        "Event type grouping": "Schools - S5",
        "Inspection start date": "18/04/2023",
        "Publication date": "23/05/2023",
        "Does the latest graded inspection relate to the URN of the current school?": "Yes",
        "URN at time of latest graded inspection": school.urn,
        **dict.fromkeys(grades, school.overall),
        "Safeguarding is effective?": "No" if school.overall == "4" else "Yes",
        "Category of concern": "SM" if school.overall == "4" else "NULL",
    }


def _write(path: Path, layout: str, rows: Sequence[dict[str, object]], missing: str) -> None:
    header = header_of(layout)
    with path.open("w", encoding="cp1252", newline="") as file:
        writer = csv.DictWriter(file, header, restval=missing)
        writer.writeheader()
        writer.writerows(rows)
