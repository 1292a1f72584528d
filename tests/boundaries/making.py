"""From a published file of boundaries to the lookup la_boundaries: England, on the National Grid, in whole metres."""

import csv
import json
from collections.abc import Iterable, Iterator, Mapping
from math import cos, pi, sin
from pathlib import Path
from typing import Any

import pyarrow as pa

from risk_model.demo.places import HEIGHT, LA_CODE, SOUTH, WEST, WIDTH
from risk_model.domain.paths import LOOKUPS
from risk_model.scoring.evaluating import read_sql
from risk_model.warehouse.engine import rows, scratch

COLUMNS = ("la_code", "ring", "points")
# la_code and number of the ring, and its corners
Rings = Iterable[tuple[str, int, list[tuple[float, float]]]]
# The invented LA is an island in the North Sea. Its coast swings about the rectangle in which its schools stand.
_CORNERS = 120
_BEYOND = 1.3
_POINTS = pa.schema([("place", pa.int32()), ("latitude", pa.float64()), ("longitude", pa.float64())])


def write_boundaries(published: Path, target: Path) -> int:
    """Make the lookup from the counties and unitary authorities of December 2024, ultra generalised (GeoJSON, WGS 84).

    Returns:
        How many LAs have a boundary, the invented one included.
    Raises:
        KeyError: an English authority is in no line of local_authorities or la_changes.
    Source: Office for National Statistics, Open Geography portal.
    """
    found = [*_on_the_grid(list(_english(json.loads(published.read_text("utf-8"))))), (LA_CODE, 1, invented_outline())]
    with target.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        for la_code, ring, corners in sorted(found):
            writer.writerow((la_code, ring, " ".join(f"{round(east)},{round(north)}" for east, north in corners)))
    return len({la_code for la_code, _, _ in found})


def _english(published: Mapping[str, Any]) -> Iterator[tuple[str, int, list[tuple[float, float]]]]:
    """Each ring of England's authorities, in degrees; holes are rings like any other."""
    codes = _codes()
    for feature in published["features"]:
        gss = feature["properties"]["CTYUA24CD"]
        if not gss.startswith("E"):
            continue
        shape = feature["geometry"]
        polygons = shape["coordinates"] if shape["type"] == "MultiPolygon" else [shape["coordinates"]]
        for number, ring in enumerate((ring for polygon in polygons for ring in polygon), start=1):
            yield codes[gss], number, [(east, north) for east, north, *_ in ring]


def _codes() -> dict[str, str]:
    """The LA's three digits by its E-code, also by the one that it had before."""
    with (LOOKUPS / "la_changes.csv").open(encoding="utf-8", newline="") as file:
        codes = {one["old_gss_code"]: one["new_code"] for one in csv.DictReader(file)}
    with (LOOKUPS / "local_authorities.csv").open(encoding="utf-8", newline="") as file:
        return codes | {one["la_gss_code"]: one["la_code"] for one in csv.DictReader(file)}


def _on_the_grid(rings: list[tuple[str, int, list[tuple[float, float]]]]) -> Iterator[tuple[str, int, Any]]:
    corners = [corner for _, _, ring in rings for corner in ring]
    points = [{"place": at, "latitude": north, "longitude": east} for at, (east, north) in enumerate(corners)]
    with scratch() as con:
        con.register("given_points", pa.Table.from_pylist(points, schema=_POINTS))
        con.execute("create temp table wgs84_points as from given_points")
        placed = iter([(row["easting"], row["northing"]) for row in rows(con, read_sql("national_grid"))])
    for la_code, number, ring in rings:
        yield la_code, number, [next(placed) for _ in ring]


def invented_outline() -> list[tuple[float, float]]:
    """The invented LA's coast: round, with bays, and farther out than any of its schools."""
    middle = (WEST + WIDTH / 2, SOUTH + HEIGHT / 2)
    turns = [2 * pi * at / _CORNERS for at in range(_CORNERS)]
    swing = [_BEYOND + 0.05 * sin(3 * turn + 1) + 0.04 * sin(7 * turn) + 0.02 * sin(17 * turn + 2) for turn in turns]
    return [
        # a power below one makes a rectangle with round corners of a circle
        (
            middle[0] + out * WIDTH / 2 * _squared(cos(turn)),
            middle[1] + out * HEIGHT / 2 * _squared(sin(turn)),
        )
        for turn, out in zip(turns + turns[:1], swing + swing[:1], strict=True)
    ]


def _squared(value: float) -> float:
    return float(abs(value) ** 0.55) * (1 if value >= 0 else -1)
