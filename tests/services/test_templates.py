"""What the LA holds, from its template to the profile: how much there is, and one school's lines."""

import csv
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from risk_model.casework import NewSystemLeader, add_system_leader
from risk_model.domain.errors import NotFound
from risk_model.domain.paths import DataDir
from risk_model.domain.viewer import local_viewer
from risk_model.services.copy import opened
from risk_model.services.preparing import build_now, import_files
from risk_model.services.profile import school_profile
from risk_model.services.templates import HeldKind, held_kinds, held_table, template_file, templates
from risk_model.sources.held import LA_FINANCE, LA_VISITS
from risk_model.sources.options import ImportOptions
from tests.registers import HOSTILE

WHO = local_viewer()
AS_AT = date(2025, 10, 1)
VISIT = {
    "urn": "100001",
    "seen_on": "2025-09-12",
    "recorded_by": "School improvement adviser 3",
    "visit_kind": "routine visit",
    "impact": "partly effective",
}


def _held(path: Path, *lines: Mapping[str, str]) -> Path:
    source = LA_FINANCE if "deficit" in lines[0] else LA_VISITS
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, [one.name for one in source.fields], restval="")
        writer.writeheader()
        writer.writerows(lines)
    return path


def _load(data: DataDir, *paths: Path) -> None:
    reports = import_files(WHO, data, list(paths), ImportOptions())
    assert [report.status for report in reports] == ["imported"] * len(paths), reports


def _kinds(data: DataDir) -> dict[str, HeldKind]:
    with opened(data) as copy:
        return {one.template.kind: one for one in held_kinds(WHO, copy)}


def test_lines_reach_the_profile_with_day_author_words_file_and_row(own_small_data: DataDir, tmp_path: Path) -> None:
    note = f"Short. {HOSTILE}"
    visits = _held(
        tmp_path / "held/visits.csv",
        VISIT | {"note": note},
        VISIT | {"seen_on": "2025-09-30", "impact": "effective", "achievement": "secure"},
        VISIT | {"urn": "100002"},
        VISIT | {"seen_on": "2025-10-02"},  # after the date of the build
    )
    money = {"urn": "100001", "seen_on": "2025-06-01", "recorded_by": "Finance team", "deficit": "licensed"}
    finance = _held(tmp_path / "held/money.csv", money | {"balance_gbp": "-84000", "recovery_plan": "agreed"})
    _load(own_small_data, visits, finance)
    build_now(WHO, own_small_data, AS_AT)
    with opened(own_small_data) as copy:
        held = school_profile(WHO, copy, "100001").held
        assert school_profile(WHO, copy, "100003").held == []
    assert [(one.kind, one.seen_on) for one in held] == [
        ("la_visits", date(2025, 9, 30)),
        ("la_visits", date(2025, 9, 12)),
        ("la_finance", date(2025, 6, 1)),
    ]
    assert held[0].says == "visit kind: routine visit; impact: effective; achievement: secure"
    assert (held[1].note, held[1].recorded_by) == (note, "School improvement adviser 3")
    assert held[2].says == "deficit: licensed; balance: -£84,000; recovery plan: agreed"
    assert [one.source for one in held] == ["held/visits.csv, row 3", "held/visits.csv, row 2", "held/money.csv, row 2"]
    table = held_table(held)
    assert list(table.columns) == ["Seen on", "Kind", "What it says", "Note", "Recorded by", "File and row"]
    assert isinstance(table, pd.DataFrame)


def test_what_the_la_holds_moves_the_school_it_is_of_and_no_other(own_small_data: DataDir, tmp_path: Path) -> None:
    asked = "select urn, statement, level, points from statement_levels order by all"
    with opened(own_small_data) as copy:
        before = copy.reader.rows(asked)
    _load(own_small_data, _held(tmp_path / "visits.csv", VISIT | {"impact": "not effective"}))
    build_now(WHO, own_small_data, AS_AT)
    with opened(own_small_data) as copy:
        after = copy.reader.rows(asked)
    moved = [(was, now) for was, now in zip(before, after, strict=True) if was != now]
    # a visit of an adviser's is evidence of leadership: two points more, and no other statement or school
    assert [(now["urn"], now["statement"], now["points"] - was["points"]) for was, now in moved] == [
        ("100001", "leadership", 2.0)
    ]


def test_kinds_say_how_much_there_is_and_what_waits_for_a_build(own_small_data: DataDir, tmp_path: Path) -> None:
    nothing = _kinds(own_small_data)
    assert set(nothing) == {one.kind for one in templates(WHO)}
    assert all((one.lines, one.newest, one.waiting) == (0, None, 0) for one in nothing.values())
    _load(own_small_data, _held(tmp_path / "visits.csv", VISIT, VISIT | {"seen_on": "2025-09-30"}))
    waits = _kinds(own_small_data)["la_visits"]
    assert (waits.lines, waits.waiting) == (0, 1)
    build_now(WHO, own_small_data, AS_AT)
    with opened(own_small_data) as copy:
        add_system_leader(copy.records, "tester", NewSystemLeader("850", "System leader 01", "NLE"))
    found = _kinds(own_small_data)
    visits = found["la_visits"]
    assert (visits.lines, visits.schools, visits.newest, visits.waiting) == (2, 1, date(2025, 9, 30), 0)
    assert found["system_leaders"].lines == 1


def test_localities_are_counted_by_the_schools_that_are_placed(own_small_data: DataDir, tmp_path: Path) -> None:
    path = tmp_path / "localities_2025-09-01.csv"
    path.write_text("urn,locality\n100001,North\n100002,North\n", "utf-8")
    _load(own_small_data, path)
    build_now(WHO, own_small_data, AS_AT)
    found = _kinds(own_small_data)["localities"]
    assert (found.lines, found.schools, found.newest) == (2, 2, date(2025, 9, 1))


def test_a_build_of_an_earlier_version_has_no_lines_and_still_opens(own_small_data: DataDir, tmp_path: Path) -> None:
    with opened(own_small_data) as copy:
        path = copy.build.path
    with duckdb.connect(str(path)) as con:
        con.execute("drop table held_evidence")
    with opened(own_small_data) as copy:
        assert school_profile(WHO, copy, "100001").held == []
        assert {one.lines for one in held_kinds(WHO, copy)} == {0}


@pytest.mark.parametrize(("kind", "ending"), [("nothing", ".csv"), ("la_visits", ".doc"), ("", "")])
def test_a_template_that_there_is_not_is_told_with_the_ones_that_there_are(kind: str, ending: str) -> None:
    with pytest.raises(NotFound) as told:
        template_file(WHO, kind, ending)
    assert "la_visits" in str(told.value) or ".xlsx" in str(told.value)
