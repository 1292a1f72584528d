"""Which schools there are: phases by age where the register names none, today's LA, and nobody lost."""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from risk_model.domain.paths import LOOKUPS, DataDir
from risk_model.scoring.building import BuildReport, make_build
from risk_model.scoring.evaluating import read_sql
from risk_model.scoring.staging import stage_rows
from risk_model.warehouse.engine import literal, rows, scratch
from risk_model.warehouse.lake import read_releases
from tests.scoring.kit import build_rows, import_all, load, write_file

AS_AT = date(2025, 12, 31)
_REGISTER = pa.schema(
    [
        *(
            (name, pa.string())
            for name in ("urn", "laestab", "name", "ofsted_phase", "type_label", "control", "la_code")
        ),
        *((name, pa.string()) for name in ("admissions", "religious_character", "diocese", "region", "la_name")),
        *((name, pa.string()) for name in ("postcode", "trust_uid", "trust_name", "release_id", "stands_in_urn")),
        *((name, pa.float64()) for name in ("pupils", "capacity", "low_age", "high_age")),
        *((name, pa.date32()) for name in ("open_date", "release_as_at", "published_on")),
        *((name, pa.bool_()) for name in ("is_la_known", "is_type_known", "is_mainstream", "is_state_funded")),
        *((name, pa.bool_()) for name in ("is_open", "is_later")),
        ("row_number", pa.int32()),
    ]
)
_OF_A_SCHOOL = {
    "urn": "900001",
    "laestab": "9990001",
    "type_label": "Community school",
    "control": "maintained",
    "la_code": "999",
    "release_id": "register",
    "release_as_at": date(2025, 8, 31),
    "published_on": date(2025, 9, 1),
    "is_la_known": True,
    "is_type_known": True,
    "is_mainstream": True,
    "is_state_funded": True,
    "is_open": True,
    "is_later": False,
    "row_number": 2,
}
_LOCALITIES = pa.schema(
    [(n, pa.string()) for n in ("urn", "locality", "scope")] + [("imported_at", pa.timestamp("us"))]
)

_PLACES = pa.schema([("urn", pa.string()), ("easting", pa.float64()), ("northing", pa.float64())])
_CENSUS = pa.schema(
    [
        *((n, pa.string()) for n in ("urn", "scope", "period", "release_id")),
        ("pupils", pa.float64()),
        ("published_on", pa.date32()),
        ("row_number", pa.int32()),
    ]
)


def schools_of(
    given: Sequence[Mapping[str, object]], places: Sequence[Mapping[str, object]] = ()
) -> list[dict[str, Any]]:
    """The table `schools` for rows of a register."""
    with scratch() as con:
        load(con, "register_rows", [{**_OF_A_SCHOOL, **row} for row in given], _REGISTER)
        load(con, "school_places", places, _PLACES)
        load(con, "stg_localities_rows", [], _LOCALITIES)
        load(con, "stg_census_rows", [], _CENSUS)
        for name in ("local_authorities", "la_changes"):
            path = literal((LOOKUPS / f"{name}.csv").as_posix())
            con.execute(f"create table {name} as from read_csv({path}, all_varchar = true, header = true)")
        return rows(con, read_sql("schools"), {"as_at": AS_AT})


# what the register says: phase, lowest and highest age; what comes of it: phase and the group that it is compared in
PHASES = [
    ("Primary", 4, 11, "primary", "primary"),
    ("Primary", 4, 7, "infant", "primary"),
    ("Primary", 7, 11, "junior", "primary"),
    ("Primary", 5, 9, "first", "primary"),
    ("Primary", 9, 12, "middle", "primary"),  # three are: two years below 11, one above
    ("Primary", 4, 13, "primary", "primary"),
    ("Primary", None, None, "primary", "primary"),
    ("Secondary", 11, 16, "secondary", "secondary"),
    ("Secondary", 9, 13, "middle", "secondary"),
    ("Secondary", 9, 16, "secondary", "secondary"),
    ("Secondary", 4, 16, "all-through", "secondary"),
    ("Secondary", 7, 18, "all-through", "secondary"),
    ("Secondary", None, None, "secondary", "secondary"),
    ("16 plus", 16, 19, "secondary", "secondary"),
    ("All-through", 4, 18, "all-through", "secondary"),
    ("All-through", None, None, "all-through", "secondary"),
    ("Middle deemed primary", 8, 12, "middle", "primary"),
    ("Middle deemed primary", None, None, "middle", "primary"),
    ("Middle deemed primary", 8, 11, "junior", "primary"),  # 18 rows of Surrey, 2022
    ("Middle deemed secondary", 9, 13, "middle", "secondary"),
    ("Middle deemed secondary", None, None, "middle", "secondary"),
    ("Middle deemed secondary", 9, 16, "secondary", "secondary"),
    ("Nursery", 2, 5, "nursery", "nursery"),
    # the register names none
    ("Not applicable", 4, 11, "primary", "primary"),
    ("Not applicable", 4, 7, "infant", "primary"),
    ("Not applicable", 7, 11, "junior", "primary"),
    ("Not applicable", 5, 9, "first", "primary"),
    ("Not applicable", 8, 12, "middle", "primary"),
    ("Not applicable", 9, 13, "middle", "secondary"),
    ("Not applicable", 10, 14, "middle", "secondary"),
    ("Not applicable", 11, 18, "secondary", "secondary"),
    ("Not applicable", 14, 19, "secondary", "secondary"),
    ("Not applicable", 4, 18, "all-through", "secondary"),
    (None, 11, 16, "secondary", "secondary"),
    (None, None, 11, "primary", "primary"),
    (None, 11, None, "secondary", "secondary"),
]


@pytest.mark.parametrize(("named", "low", "high", "phase", "group"), PHASES)
def test_the_phase_by_name_and_age(
    named: str | None, low: int | None, high: int | None, phase: str, group: str
) -> None:
    (school,) = schools_of([{"ofsted_phase": named, "low_age": low, "high_age": high}])
    assert (school["phase"], school["phase_group"]) == (phase, group)


def test_a_special_school_is_special_whatever_its_ages() -> None:
    (school,) = schools_of([{"type_label": "Community special school", "low_age": 4, "high_age": 19}])
    assert (school["phase"], school["phase_group"]) == ("special", "special")


@pytest.mark.parametrize(("low", "high"), [(None, None), (4, None)])
def test_a_school_of_no_phase_and_no_ages_is_left_out(low: int | None, high: int | None) -> None:
    assert schools_of([{"ofsted_phase": "Not applicable", "low_age": low, "high_age": high}]) == []


# --- LAs that were abolished


def gias(urn: int, la: int, **more: object) -> dict[str, object]:
    """A row of the national register for an open community primary school."""
    return {
        "URN": urn,
        "LA (code)": la,
        "EstablishmentNumber": urn % 10_000,
        "EstablishmentName": f"Test School {urn}",
        "TypeOfEstablishment (name)": "Community school",
        "EstablishmentStatus (name)": "Open",
        "PhaseOfEducation (name)": "Primary",
        "StatutoryLowAge": 4,
        "StatutoryHighAge": 11,
        **more,
    }


def _built(folder: Path, registers: Mapping[str, Sequence[Mapping[str, object]]], as_at: date = AS_AT) -> BuildReport:
    for day, given in registers.items():
        write_file(folder / "files" / f"edubasealldata{day}.csv", "gias", given, encoding="cp1252")
    data = DataDir(folder / "data")
    import_all(data, folder / "files")
    return make_build(data, as_at)


def _las(report: BuildReport) -> dict[str, str]:
    return {row["urn"]: row["la_code"] for row in build_rows(report.build, "select urn, la_code from schools")}


OLD = [
    gias(112101, 909, **{"DistrictAdministrative (name)": "Carlisle"}),
    gias(112102, 909, **{"DistrictAdministrative (name)": "South Lakeland"}),
    gias(113701, 836),
    gias(113702, 837),
    gias(113703, 835, **{"DistrictAdministrative (name)": "Christchurch"}),
    gias(113704, 835, **{"DistrictAdministrative (name)": "Purbeck"}),
    gias(121701, 928, **{"DistrictAdministrative (name)": "Kettering"}),
    gias(121702, 928, **{"DistrictAdministrative (name)": "Daventry"}),
]
TODAY = {
    "112101": "942",
    "112102": "943",
    "113701": "839",
    "113702": "839",
    "113703": "839",
    "113704": "838",
    "121701": "940",
    "121702": "941",
}


def test_an_old_register_has_its_schools_under_todays_las(tmp_path: Path) -> None:
    report = _built(tmp_path, {"20180901": OLD})
    assert _las(report) == TODAY
    names = build_rows(report.build, "select la_name from schools where urn = '112101'")
    assert names == [{"la_name": "Cumberland"}]


def test_before_the_change_the_old_las_stand(tmp_path: Path) -> None:
    report = _built(tmp_path, {"20180901": OLD}, date(2018, 12, 31))
    assert set(_las(report).values()) == {"909", "835", "836", "837", "928"}
    assert build_rows(report.build, "select * from la_history") == []


def test_a_school_without_a_district_follows_a_newer_register_or_else_stays(tmp_path: Path) -> None:
    """School 112103 stands under Cumberland in a file of two schools; nobody knows where 112104 went."""
    old = [gias(112103, 909), gias(112104, 909)]
    new = [gias(112103, 942, **{"EstablishmentStatus (name)": "Closed"}), gias(112105, 942)]
    alone = _built(tmp_path / "alone", {"20180901": old})
    assert _las(alone) == {"112103": "909", "112104": "909"}
    # as soon as Cumberland itself is heard, the file of Cumbria says no more which schools there are
    both = _built(tmp_path / "both", {"20180901": old, "20240901": new})
    assert _las(both) == {"112105": "942"}


def test_an_laestab_of_an_abolished_la_leads_to_the_school(tmp_path: Path) -> None:
    """By its previous number where the register says it, else by the four figures that it kept."""
    kept = gias(112106, 942)
    moved = gias(112107, 943, **{"PreviousLA (code)": 909, "PreviousEstablishmentNumber": 3999})
    report = _built(tmp_path, {"20250901": [kept, moved]})
    data = DataDir(tmp_path / "data")
    with scratch() as con:
        stage_rows(con, data, read_releases(data), report.build.as_at)
        known = {row["laestab"]: row["urn"] for row in rows(con, "select laestab, urn from laestab_urns")}
    assert known == {
        "9422106": "112106",
        "9092106": "112106",
        "9432107": "112107",
        "9093999": "112107",
        "9092107": "112107",
    }


# --- schools in = schools out


def test_every_school_of_the_register_is_in_or_left_out_with_a_reason(tmp_path: Path) -> None:
    report = _built(
        tmp_path,
        {
            "20250901": [
                gias(100101, 202),
                gias(100102, 202, **{"EstablishmentStatus (name)": "Closed", "CloseDate": "31-08-2024"}),
                gias(100103, 202, **{"EstablishmentStatus (name)": "Proposed to open"}),
                gias(100104, 202, **{"TypeOfEstablishment (name)": "Other independent school"}),
                gias(100105, 202, **{"TypeOfEstablishment (name)": "Academy 16-19 converter"}),
                gias(100110, 202, **{"TypeOfEstablishment (name)": "Children's centre"}),
                gias(100106, 202, **{"TypeOfEstablishment (name)": "School of magic"}),
                gias(100107, 702),
                gias(100108, 202, EstablishmentNumber=""),
                gias(
                    100109,
                    202,
                    **{"PhaseOfEducation (name)": "Not applicable", "StatutoryLowAge": "", "StatutoryHighAge": ""},
                ),
            ]
        },
    )
    out = build_rows(report.build, "select urn, reason, close_date from left_out_schools")
    assert {row["urn"]: row["reason"] for row in out} == {
        "100102": "closed",
        "100103": "proposed to open",
        "100104": "independent",
        "100105": "not a state-funded school",
        "100106": "type not known",
        "100107": "LA not known",
        "100108": "no establishment number",
        "100109": "neither phase nor ages known",
        "100110": "not a state-funded school",
    }
    assert [row["close_date"] for row in out if row["urn"] == "100102"] == [date(2024, 8, 31)]
    assert list(_las(report)) == ["100101"]
    accounts = build_rows(report.build, "select standing, sum(rows)::integer as n from register_accounts group by 1")
    assert {row["standing"]: row["n"] for row in accounts} == {"of today, as this release has it": 1, "left out": 9}


def test_a_school_that_the_newest_register_of_its_la_has_no_more_is_left_out(tmp_path: Path) -> None:
    """Camden's newest file lacks 100102; Barnet's schools are still those of the older file."""
    old = [gias(100101, 202), gias(100102, 202), gias(100103, 202), gias(101301, 302)]
    report = _built(tmp_path, {"20240901": old, "20250901": [gias(100101, 202), gias(100103, 202)]})
    assert _las(report) == {"100101": "202", "100103": "202", "101301": "302"}
    out = build_rows(report.build, "select urn, reason from left_out_schools")
    assert out == [{"urn": "100102", "reason": "not in the newest register of its LA"}]


def test_a_school_has_its_place_and_one_that_nobody_places_is_kept() -> None:
    given = [
        {"urn": "900001", "laestab": "9990001", "low_age": 4, "high_age": 11},
        {"urn": "900002", "laestab": "9990002", "low_age": 4, "high_age": 11},
    ]
    found = schools_of(given, [{"urn": "900001", "easting": 500_000.0, "northing": 300_000.0}])
    assert [(row["urn"], row["easting"], row["northing"]) for row in found] == [
        ("900001", 500_000.0, 300_000.0),
        ("900002", None, None),
    ]
