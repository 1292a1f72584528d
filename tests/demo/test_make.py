"""What is written: which files, how many schools, and the same bytes for the same seed."""

import hashlib
import re
import time
from collections import Counter
from collections.abc import Callable
from datetime import date
from pathlib import Path

from risk_model.demo import DEMO_AS_AT, make_demo

Rows = list[dict[str, str]]
ReadRows = Callable[..., Rows]

GIAS = "gias/edubasealldata20261102.csv"
AUGUST_2025 = "ofsted/State-funded_schools_inspections_and_outcomes_as_at_31_August_2025.csv"
OCTOBER_2026 = "ofsted/2026-10-31_latest_inspections.csv"

FILES = {
    GIAS,
    "gias/links_edubasealldata20261102.csv",
    "ofsted/State-funded_schools_inspections_and_outcomes_as_at_31_August_2024.csv",
    AUGUST_2025,
    OCTOBER_2026,
    "ofsted/inspection_events_2016_2025.csv",
    *(f"ks2/{year}/999_ks2final.csv" for year in ("2016-2017", "2017-2018", "2018-2019")),
    *(f"ks2/{year}/999_ks2final.csv" for year in ("2022-2023", "2023-2024", "2024-2025")),
    *(f"ks4/{year}/999_ks4final.csv" for year in ("2016-2017", "2017-2018", "2018-2019", "2021-2022")),
    *(f"ks4/{year}/999_ks4final.csv" for year in ("2022-2023", "2023-2024", "2024-2025")),
    "ks4/2025-2026/999_ks4provisional.csv",
    *(f"absence/{year}/england_abs.csv" for year in ("2018-2019", "2022-2023", "2023-2024", "2024-2025")),
    *(f"census/{year}/england_census.csv" for year in ("2018-2019", "2022-2023", "2023-2024")),
    *(f"census/{year}/england_census.csv" for year in ("2024-2025", "2025-2026")),
    *(f"finance/{year}/finance.csv" for year in ("2022-2023", "2023-2024", "2024-2025")),
    "localities.csv",
    *(f"held/{kind}_2026-11-13.csv" for kind in ("la_visits", "head_teacher_posts", "governance", "la_finance")),
    *(f"held/{kind}_2026-11-13.csv" for kind in ("monitoring_letters", "formal_notices", "complaints")),
    *(f"held/{kind}_2026-11-13.csv" for kind in ("engagement", "action_plan_reviews", "safeguarding_audits")),
    "held/early_results_2026-11-13.csv",
    "records/adviser_views.csv",
    "records/head_comments.csv",
    "records/system_leaders.csv",
    *(f"records/{kind}.csv" for kind in ("allocations", "designations", "interests", "objectives", "visits")),
    *(f"records/{kind}.csv" for kind in ("meetings", "attendances", "conflicts", "agendas", "actions")),
    "records/meeting_outcomes.csv",
    "records/referrals.csv",
    *(f"records/{kind}.csv" for kind in ("letters", "escalations", "ladder_steps")),
}


def _digest(folder: Path) -> dict[str, str]:
    files = [path for path in folder.rglob("*") if path.is_file()]
    return {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def test_make_demo_returns_every_file_it_writes(tmp_path: Path) -> None:
    said: list[str] = []
    start = time.monotonic()
    paths = make_demo(tmp_path, progress=said.append)
    assert {path.relative_to(tmp_path).as_posix() for path in paths} == FILES
    assert set(_digest(tmp_path)) == FILES
    assert len(said) >= 5
    assert time.monotonic() - start < 10


def test_make_demo_with_the_same_seed_writes_the_same_bytes(demo: Path, tmp_path: Path) -> None:
    make_demo(tmp_path / "again")
    assert _digest(tmp_path / "again") == _digest(demo)


def test_make_demo_with_another_seed_writes_other_figures(demo: Path, tmp_path: Path) -> None:
    make_demo(tmp_path / "other", seed=7)
    assert _digest(tmp_path / "other").keys() == _digest(demo).keys()
    same = "ks2/2024-2025/999_ks2final.csv"
    assert _digest(tmp_path / "other")[same] != _digest(demo)[same]


def test_register_holds_about_260_open_schools_of_every_kind(read: ReadRows) -> None:
    rows = read(GIAS, "cp1252")
    living = [row for row in rows if row["EstablishmentStatus (name)"] == "Open"]
    ages = Counter((row["StatutoryLowAge"], row["StatutoryHighAge"]) for row in living)
    phases = Counter(row["PhaseOfEducation (name)"] for row in living)
    assert 250 <= len(living) <= 270
    assert phases["Secondary"] == 36
    assert phases["All-through"] == 2
    assert phases["Nursery"] == 6
    assert ages["7", "11"] == 12
    assert ages["11", "16"] >= 10
    assert ages["11", "18"] >= 10
    types = {row["TypeOfEstablishment (name)"] for row in living}
    assert {"Community school", "Voluntary aided school", "Academy converter", "Academy sponsor led"} <= types
    trusts = Counter(row["Trusts (name)"] for row in living if row["Trusts (name)"])
    assert 10 <= len(trusts) <= 14
    assert max(trusts.values()) == 14
    assert min(trusts.values()) == 1
    assert sum(row["AdmissionsPolicy (name)"] == "Selective" for row in living) == 2
    assert sum(1 for row in living if int(row["NumberOfPupils"] or 0) in range(20, 61)) >= 4


def test_register_closed_one_school_in_2024_and_every_predecessor(read: ReadRows) -> None:
    closed = [row for row in read(GIAS, "cp1252") if row["EstablishmentStatus (name)"] == "Closed"]
    alone = [row for row in closed if row["ReasonEstablishmentClosed (name)"] == "Closure"]
    assert [row["CloseDate"] for row in alone] == ["31-08-2024"]
    successors = {row["URN"] for row in read("gias/links_edubasealldata20261102.csv", "cp1252")}
    assert {row["URN"] for row in closed} - successors == {alone[0]["URN"]}


def test_links_are_given_in_both_directions(read: ReadRows) -> None:
    rows = read("gias/links_edubasealldata20261102.csv", "cp1252")
    forward = {(row["URN"], row["LinkURN"]) for row in rows if row["LinkType"] == "Predecessor"}
    backward = {(row["LinkURN"], row["URN"]) for row in rows if row["LinkType"] == "Successor"}
    assert forward == backward
    assert len(forward) > 40


def test_every_urn_is_an_invented_one(read: ReadRows, demo: Path) -> None:
    # England's URNs have six digits, too, but none reaches 900001.
    checked = 0
    for path in sorted(demo.rglob("*.csv")):
        encoding = "cp1252" if path.parent.name in ("gias", "ofsted") else "utf-8-sig"
        for row in read(path.relative_to(demo).as_posix(), encoding):
            urns = [value for name, value in row.items() if re.search(r"\burn\b|LinkURN|URN_AC|_urn", name, re.I)]
            for urn in urns:
                if urn.strip().isdigit() and urn != "0":
                    assert int(urn) >= 900_001, path
                    checked += 1
    assert checked > 5_000


def test_heads_and_leaders_are_labels(read: ReadRows) -> None:
    assert all(row["HeadLastName"].startswith("Label ") for row in read(GIAS, "cp1252") if row["HeadLastName"])
    labels = [row["label"] for row in read("records/system_leaders.csv")]
    assert labels == [f"System leader {number:02d}" for number in range(1, 31)]


def test_every_open_school_has_one_of_twelve_localities(read: ReadRows) -> None:
    rows = read("localities.csv")
    living = {row["URN"] for row in read(GIAS, "cp1252") if row["EstablishmentStatus (name)"] == "Open"}
    assert {row["urn"] for row in rows} == living
    assert len({row["locality"] for row in rows}) == 12


def test_demo_date_is_after_every_release(read: ReadRows) -> None:
    assert date(2026, 11, 20) == DEMO_AS_AT
    published = [row["Publication date"] for row in read(OCTOBER_2026, "cp1252")]
    assert all(day == "NULL" or day[6:] in ("2025", "2026") for day in published)
