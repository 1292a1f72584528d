"""Where schools stand: degrees onto the National Grid, the newer of two lists, and a school next door."""

from collections.abc import Mapping, Sequence
from datetime import date
from math import hypot
from typing import Any

import pyarrow as pa
import pytest

from risk_model.scoring.evaluating import read_sql
from risk_model.warehouse.engine import Connection, rows, scratch
from tests.scoring.kit import load

AS_AT = date(2025, 12, 31)
# Ordnance Survey's own points: degrees of ETRS89, which is WGS 84 to half a metre, and the grid by OSTN15
CHECK_POINTS = {
    "Caister water tower": (52 + 39 / 60 + 28.8282 / 3600, 1 + 42 / 60 + 57.8663 / 3600, 651_409.804, 313_177.450),
    "St Mary's": (49.92226393730, -6.29977752014, 91_492.146, 11_318.804),
    "Lizard": (49.96006137820, -5.20304609998, 170_370.718, 11_572.405),
    "Plymouth": (50.43885825610, -4.10864563561, 250_359.811, 62_016.569),
    "Isle of Wight": (50.57563665000, -1.29782277240, 449_816.371, 75_335.861),
}
_BY_RELEASE = [("release_id", pa.string()), ("row_number", pa.int32())]
_DAYS = [("release_as_at", pa.date32()), ("published_on", pa.date32())]
_DEGREES = [("latitude", pa.float64()), ("longitude", pa.float64())]
_METRES = [("easting", pa.float64()), ("northing", pa.float64())]
_TEXTS = [(name, pa.string()) for name in ("urn", "scope", "postcode")]
_POINTS = pa.schema([("place", pa.string()), ("postcode", pa.string()), *_DEGREES, *_BY_RELEASE, *_DAYS])
_LISTED = pa.schema([*_TEXTS, *_DEGREES, *_BY_RELEASE, *_DAYS])
_REGISTER = pa.schema([*_TEXTS, *_METRES, *_BY_RELEASE, *_DAYS])
_REGISTER_ROWS = pa.schema(
    [
        *((name, pa.string()) for name in ("urn", "postcode", "release_id")),
        ("is_later", pa.bool_()),
        ("release_as_at", pa.date32()),
    ]
)


@pytest.mark.parametrize("name", CHECK_POINTS)
def test_published_points_are_found_within_five_metres(name: str) -> None:
    latitude, longitude, easting, northing = CHECK_POINTS[name]
    with scratch() as con:
        load(con, "wgs84_points", [{"place": name, "latitude": latitude, "longitude": longitude}], _POINTS)
        (found,) = rows(con, read_sql("national_grid"))
    assert found["place"] == name
    assert hypot(found["easting"] - easting, found["northing"] - northing) < 5


def _released(on: date, number: int) -> dict[str, object]:
    return {"release_id": f"r{number}", "row_number": number, "release_as_at": on, "published_on": on}


def listed(urn: str, on: date, number: int, *, postcode: str = "ZZ1 1AA", **said: object) -> dict[str, object]:
    """A row of a list of coordinates; by default in St Mary's."""
    point = {"latitude": 49.92226393730, "longitude": -6.29977752014}
    return {"urn": urn, "scope": "school", "postcode": postcode, **point, **said, **_released(on, number)}


def registered(urn: str, on: date, number: int, *, postcode: str = "ZZ2 2BB", **said: object) -> dict[str, object]:
    """A row of the register."""
    point = {"easting": 500_000.0, "northing": 300_000.0}
    return {"urn": urn, "scope": "school", "postcode": postcode, **point, **said, **_released(on, number)}


def places(
    lists: Sequence[Mapping[str, object]] = (),
    register: Sequence[Mapping[str, object]] = (),
    postcodes: Mapping[str, str | None] | None = None,
) -> dict[str, dict[str, Any]]:
    """The table `school_places` by URN."""
    with scratch() as con:
        _load(con, lists, register, postcodes or {})
        for name in ("wgs84_points", "national_grid"):
            params = {"as_at": AS_AT} if name == "wgs84_points" else {}
            con.execute(f"create temp table {name} as {read_sql(name)}", params)
        return {row["urn"]: row for row in rows(con, read_sql("school_places"), {"as_at": AS_AT})}


def _load(
    con: Connection,
    lists: Sequence[Mapping[str, object]],
    register: Sequence[Mapping[str, object]],
    postcodes: Mapping[str, str | None],
) -> None:
    load(con, "stg_school_coordinates_rows", lists, _LISTED)
    load(con, "stg_gias_rows", register, _REGISTER)
    told = [{"urn": urn, "postcode": code, "is_later": False} for urn, code in postcodes.items()]
    load(con, "register_rows", told, _REGISTER_ROWS)


OLD, NEW, AFTER = date(2022, 4, 20), date(2025, 6, 1), date(2026, 5, 1)


def test_a_school_of_a_list_alone_has_its_row_as_origin() -> None:
    found = places([listed("900001", OLD, 7)])["900001"]
    assert (found["known_by"], found["release_id"], found["row_number"]) == ("coordinates", "r7", 7)
    assert hypot(found["easting"] - 91_492, found["northing"] - 11_319) < 6


@pytest.mark.parametrize(
    ("list_on", "register_on", "known_by"),
    [
        (NEW, OLD, "coordinates"),
        (OLD, NEW, "register"),
        (OLD, OLD, "register"),  # of the same day the register is the more exact one
        (OLD, AFTER, "coordinates"),  # what came out later than the day speaks only where nobody else does
        (AFTER, OLD, "register"),
    ],
)
def test_the_newer_of_two_that_had_come_out_by_the_day_counts(list_on: date, register_on: date, known_by: str) -> None:
    found = places([listed("900001", list_on, 1)], [registered("900001", register_on, 2)])
    assert found["900001"]["known_by"] == known_by


def test_a_later_list_is_better_than_none() -> None:
    assert places([listed("900001", AFTER, 1)])["900001"]["known_by"] == "coordinates"


def test_half_a_place_is_none() -> None:
    assert not places(
        [listed("900001", NEW, 1, longitude=None)], [registered("900002", NEW, 2, easting=0.0)], {"900001": None}
    )


def test_a_school_without_a_place_has_that_of_a_school_of_its_postcode() -> None:
    found = places([listed("900002", NEW, 4)], postcodes={"900001": "zz11aa", "900003": "ZZ9 9ZZ", "900002": "ZZ1 1AA"})
    assert set(found) == {"900001", "900002"}
    assert found["900001"]["known_by"] == "postcode"
    assert found["900002"]["known_by"] == "coordinates"
    same = ("easting", "northing", "release_id", "row_number")
    assert [found["900001"][name] for name in same] == [found["900002"][name] for name in same]
