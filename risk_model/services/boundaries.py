"""The outlines of local authorities, from the boundaries in the project: nothing is fetched from anywhere."""

import csv
from collections.abc import Iterable
from functools import cache
from itertools import pairwise

from risk_model.domain.charts import Outline
from risk_model.domain.paths import LOOKUPS

BOUNDARY_LICENCE = (
    "Boundaries: Source: Office for National Statistics licensed under the Open Government Licence v.3.0. Contains OS "
    "data © Crown copyright and database right 2024."
)
BOUNDARIES_ARE = (
    "Boundaries of December 2024, drawn with few corners: near a border a school may seem to stand outside."
)
INVENTED_BOUNDARY = "The outline is invented, like the schools: no such place exists."
_INVENTED = "999"
# How much of the land around is shown, as a share of the LA's own width and height.
_AROUND = 0.4

Point = tuple[float, float]
Ring = tuple[Point, ...]


def outlines(la_code: str | None) -> tuple[Outline, ...]:
    """An LA's outline and, as lines near it, those of the LAs around; all of England's where none is named.

    Returns:
        The LA's own first. Nothing where the project has no boundary of it.
    """
    rings = _rings()
    names = _names()
    if la_code is None:
        return tuple(Outline(names[code], found) for code, found in rings.items() if code != _INVENTED)
    own = rings.get(la_code)
    if own is None:
        return ()
    if la_code == _INVENTED:
        # no land is near it: what is invented and what is real are never on one map
        return (Outline(names[la_code], own),)
    box = _box(own)
    around = [
        Outline(names[code], near, is_own=False)
        for code, found in rings.items()
        if code not in (la_code, _INVENTED)
        and (near := tuple(line for ring in found for line in lines_within(ring, *box)))
    ]
    return (Outline(names[la_code], own), *around)


@cache
def _rings() -> dict[str, tuple[Ring, ...]]:
    """The rings of each LA that has any, by code."""
    found: dict[str, tuple[Ring, ...]] = {}
    with (LOOKUPS / "la_boundaries.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            corners = (corner.partition(",") for corner in row["points"].split())
            ring = tuple((float(east), float(north)) for east, _, north in corners)
            found[row["la_code"]] = (*found.get(row["la_code"], ()), ring)
    return found


@cache
def _names() -> dict[str, str]:
    with (LOOKUPS / "local_authorities.csv").open(encoding="utf-8", newline="") as file:
        return {row["la_code"]: row["la_name"] for row in csv.DictReader(file)}


def _box(rings: Iterable[Ring]) -> tuple[Point, Point]:
    """South-west and north-east corner of what is shown around some rings."""
    corners = [corner for ring in rings for corner in ring]
    east, north = [one for one, _ in corners], [one for _, one in corners]
    beyond = max(max(east) - min(east), max(north) - min(north)) * _AROUND
    return (min(east) - beyond, min(north) - beyond), (max(east) + beyond, max(north) + beyond)


def lines_within(ring: Ring, low: Point, high: Point) -> tuple[Ring, ...]:
    """The parts of a ring that run through a rectangle, each to the first corner beyond it; nothing is closed, so that
    no border is drawn where there is none.

    Args:
        low, high: the south-west and the north-east corner of the rectangle.
    """
    inside = [low[0] <= east <= high[0] and low[1] <= north <= high[1] for east, north in ring]
    lines: list[list[Point]] = []
    for at, (one, after) in enumerate(pairwise(ring)):
        if not (inside[at] or inside[at + 1]):
            continue
        if not lines or lines[-1][-1] is not one:
            lines.append([one])
        lines[-1].append(after)
    return tuple(tuple(line) for line in lines)
