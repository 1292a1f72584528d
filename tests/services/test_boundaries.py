"""Outlines of LAs: each LA of today has one, a point of each lies within it, and what lies around is cut off."""

import csv

import pytest

from risk_model.demo.places import LA_CODE
from risk_model.demo.schools import make_schools
from risk_model.domain.paths import LOOKUPS
from risk_model.services.boundaries import Point, Ring, lines_within, outlines
from tests.boundaries.inside import is_within
from tests.boundaries.making import invented_outline

SQUARE = ((0.0, 0.0), (10.0, 0.0), (10.0, 10.0), (0.0, 10.0), (0.0, 0.0))


def test_every_la_of_today_has_an_outline() -> None:
    with (LOOKUPS / "local_authorities.csv").open(encoding="utf-8", newline="") as file:
        today = [row["la_code"] for row in csv.DictReader(file) if not row["last_year"]]
    assert len(today) == 154
    assert not [code for code in today if not outlines(code)]
    assert outlines("909") == ()  # Cumbria, abolished


# town halls, read off a map to a kilometre
@pytest.mark.parametrize(
    ("la_code", "name", "place"),
    [
        ("937", "Warwickshire", (428_000.0, 265_000.0)),
        ("908", "Cornwall", (182_000.0, 45_000.0)),
        ("383", "Leeds", (430_000.0, 434_000.0)),
        ("373", "Sheffield", (435_000.0, 387_000.0)),
        ("929", "Northumberland", (420_000.0, 586_000.0)),
    ],
)
def test_an_la_is_where_it_is(la_code: str, name: str, place: Point) -> None:
    own, *around = outlines(la_code)
    assert (own.name, own.is_own) == (name, True)
    assert is_within(place, own.rings)
    assert around
    assert not any(one.is_own for one in around)


def test_the_neighbours_of_an_la_stay_near_it() -> None:
    own, *around = outlines("937")
    assert {"Coventry", "Solihull", "Leicestershire", "Oxfordshire", "Worcestershire"} <= {one.name for one in around}
    assert "Cornwall" not in {one.name for one in around}
    lengths = [len(line) for one in around for line in one.rings]
    assert sum(lengths) < 1_500, "a few lines near it, and not half of England"
    assert len([point for ring in own.rings for point in ring]) > 50


def test_all_of_england_is_drawn_without_the_invented_la() -> None:
    found = outlines(None)
    assert len(found) == 153
    assert "Exampleshire" not in {one.name for one in found}


def test_the_invented_la_is_an_island_that_holds_every_school_of_its_own() -> None:
    (own,) = outlines(LA_CODE)
    outside = [one.name for one in make_schools(999) if not is_within((one.easting, one.northing), own.rings)]
    assert not outside
    assert own.rings[0] == tuple((float(round(east)), float(round(north))) for east, north in invented_outline())


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        ((-5.0, -5.0), (15.0, 15.0), [SQUARE]),
        # only the corner in the south-east is inside: the line comes from the one before and goes on to the next
        ((5.0, -5.0), (15.0, 5.0), [((0.0, 0.0), (10.0, 0.0), (10.0, 10.0))]),
        # two corners, not next to one another in the list: two lines
        ((-5.0, -5.0), (5.0, 15.0), [((0.0, 0.0), (10.0, 0.0)), ((10.0, 10.0), (0.0, 10.0), (0.0, 0.0))]),
        ((20.0, 20.0), (30.0, 30.0), []),
    ],
)
def test_of_a_ring_the_parts_within_a_rectangle_are_lines(low: Point, high: Point, expected: list[Ring]) -> None:
    assert list(lines_within(SQUARE, low, high)) == expected
