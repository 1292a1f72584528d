"""Where are the schools that need help? A map on the National Grid, from boundaries in the project alone."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from risk_model.domain.charts import Chart, Places, Role, Spot
from risk_model.domain.periods import in_words
from risk_model.domain.viewer import Viewer, require_reader
from risk_model.domain.words import STATEMENT_TITLES, Level, Priority, Statement, level_in_words
from risk_model.services.at_risk import LEVEL_TITLES
from risk_model.services.boundaries import BOUNDARIES_ARE, BOUNDARY_LICENCE, INVENTED_BOUNDARY, outlines
from risk_model.services.copy import Copy
from risk_model.services.scope import Scope, is_invented
from risk_model.sources.catalogue import source_named

BY_PRIORITY = "priority"
# By what a map may be coloured: {code: in words}.
COLOURINGS: dict[str, str] = {
    BY_PRIORITY: "Priority for support",
    **{one.value: STATEMENT_TITLES[one] for one in Statement},
}
_PLACES_SQL = (Path(__file__).parent / "sql" / "school_places.sql").read_text("utf-8")
# Areas that a finding may name. More are no answer to "where?": our choice.
_MOST_AREAS = 3
# Schools without a place that a note names; the table has them all.
_MOST_NAMED = 12
_NEXT_DOOR = "postcode"


@dataclass(frozen=True)
class _Asked:
    """What a map is coloured by.

    Attributes:
        column: of the schools; of: its value that a reader looks for; words: for those schools, "priority schools".
        order: the values, the one that matters least first: so it is drawn below the others.
    """

    column: str
    of: str
    words: str
    order: tuple[str, ...]


def places_map(
    viewer: Viewer, copy: Copy, scope: Scope, colouring: str = BY_PRIORITY, named: Sequence[str] = ()
) -> Chart:
    """The schools in scope where they stand, by priority or by the level of a statement.

    Without an LA in the scope only the schools that matter most are drawn, in the outlines of all LAs.

    Args:
        colouring: of COLOURINGS.
        named: URNs of schools whose names are written beside them.
    Returns:
        A chart of Places. Its table has every school, also those without a place; the notes count and name these.
    Raises:
        NotAllowed: the viewer may not read.
    """
    require_reader(viewer)
    asked = _asked(colouring)
    schools = copy.reader.rows(_PLACES_SQL, scope.params)
    shown = schools if scope.la_code else [one for one in schools if one[asked.column] == asked.of]
    return Chart(
        key=f"where_{asked.column}",
        finding=_finding(schools, asked, scope),
        drawing=Places(outlines(scope.la_code), _spots(shown, asked, frozenset(named))),
        table=_table(shown),
        source=_source(viewer, copy),
        notes=tuple(_notes(viewer, copy, schools, shown, asked)),
    )


def schools_without_place(viewer: Viewer, copy: Copy, scope: Scope) -> list[tuple[str, str, str]]:
    """The schools that no map can show: (URN, name, priority), by name.

    Raises:
        NotAllowed: the viewer may not read.
    """
    require_reader(viewer)
    found = copy.reader.rows(_PLACES_SQL, scope.params)
    return [(one["urn"], one["name"], one["priority"]) for one in found if one["easting"] is None]


def _asked(colouring: str) -> _Asked:
    if colouring in set(Statement):
        levels = (Level.LIKELY, Level.NOT_ENOUGH_EVIDENCE, Level.UNCERTAIN, Level.UNLIKELY)
        unlikely = level_in_words(Level.UNLIKELY)
        return _Asked(colouring, Level.UNLIKELY, f"schools that are “{unlikely}”", levels)
    places = (Priority.UNIVERSAL, Priority.FIND_OUT, Priority.WATCH, Priority.PRIORITY)
    return _Asked(BY_PRIORITY, Priority.PRIORITY, "priority schools", places)


def _spots(schools: Sequence[Mapping[str, Any]], asked: _Asked, named: frozenset[str]) -> tuple[Spot, ...]:
    placed = [one for one in schools if one["easting"] is not None]
    return tuple(
        Spot(
            key=one["urn"],
            name=one["name"],
            role=Role(one[asked.column]),
            x=float(one["easting"]),
            y=float(one["northing"]),
            label=one["name"] if one["urn"] in named else "",
            told=_told(one),
        )
        for one in sorted(placed, key=lambda one: asked.order.index(one[asked.column]))
    )


def _told(one: Mapping[str, Any]) -> str:
    levels = [f"{title.lower()} {level_in_words(one[statement])}" for statement, title in LEVEL_TITLES.items()]
    where = [one["locality"]] if one["locality"] else []
    return "; ".join([one["priority"], *levels, one["phase"], *where])


def _finding(schools: Sequence[Mapping[str, Any]], asked: _Asked, scope: Scope) -> str:
    areas, kind = _areas(schools, scope)
    wanted = [area for area, one in zip(areas, schools, strict=True) if one[asked.column] == asked.of]
    told = where_they_stand(wanted, areas, asked.words, kind)
    title = "" if asked.column == BY_PRIORITY else f"{STATEMENT_TITLES[Statement(asked.column)]}: "
    return f"{title}{told}" if title else f"{told[0].upper()}{told[1:]}"


def where_they_stand(wanted: Sequence[str], everybody: Sequence[str], words: str, kind: str) -> str:
    """The few areas in which half of the schools that matter stand, and how many of all schools these areas have;
    where they are spread more widely, the area that has most.

    Args:
        wanted, everybody: the area of each school that matters, and of each school.
        words: what those that matter are called, "priority schools"; kind: what areas are, "localities".
    """
    counts, schools_in = Counter(wanted), Counter(everybody)
    areas = sorted(counts, key=lambda area: (-counts[area], area))
    if not everybody:
        return "no school is in this scope."
    if not wanted:
        here = f"none of the {len(everybody):,} schools here is" if len(everybody) > 1 else "the one school here is not"
        return f"{here} among the {words}."
    if len(wanted) == 1:
        return f"the only one of the {words} stands in {areas[0]}."
    if len(schools_in) == 1:
        return f"{len(wanted):,} of the {len(everybody):,} schools in {areas[0]} are {words}."
    found = _fewest_with_half(areas, counts)
    if found:
        share = 100 * sum(schools_in[area] for area in found) / len(everybody)
        return (
            f"{sum(counts[area] for area in found):,} of the {len(wanted):,} {words} stand in {_listed(found)}, "
            f"where {share:.0f}% of all {len(everybody):,} schools are."
        )
    most, next_to_it = areas[:2]
    told = f"the {len(wanted):,} {words} are spread over {len(areas):,} of {len(schools_in):,} {kind}"
    if counts[most] == counts[next_to_it]:
        return f"{told}; none has more than {counts[most]:,} of them."
    return f"{told}; the most in one are in {most}: {counts[most]:,} of its {schools_in[most]:,} schools."


def _fewest_with_half(areas: Sequence[str], counts: Mapping[str, int]) -> Sequence[str]:
    """As many of the first areas as together hold half of the schools; none where that takes too many to name, or
    where the next one has as many as the last, so that the alphabet alone would choose.
    """
    total = sum(counts.values())
    for n in range(1, min(_MOST_AREAS, len(areas)) + 1):
        if 2 * sum(counts[area] for area in areas[:n]) >= total:
            is_tied = n < len(areas) and counts[areas[n]] == counts[areas[n - 1]]
            return () if is_tied else areas[:n]
    return ()


def _areas(schools: Sequence[Mapping[str, Any]], scope: Scope) -> tuple[list[str], str]:
    """By what "where" is answered: the LA, the locality or, where there is none, the postcode district."""
    if scope.la_code is None:
        return [one["la_name"] for one in schools], "LAs"
    if scope.locality is None and any(one["locality"] for one in schools):
        return [one["locality"] or "no locality" for one in schools], "localities"
    return [
        one["postcode"].partition(" ")[0] if one["postcode"] else "no postcode" for one in schools
    ], "postcode districts"


def _listed(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def _table(schools: Sequence[Mapping[str, Any]]) -> pd.DataFrame:
    how = {"register": "register", "coordinates": "list of coordinates", _NEXT_DOOR: "another school of its postcode"}
    return pd.DataFrame(
        [
            {
                "School": one["name"],
                "Priority": one["priority"],
                **{title: level_in_words(one[statement]) for statement, title in LEVEL_TITLES.items()},
                "Locality": one["locality"],
                "Phase": one["phase"],
                "LA": one["la_name"],
                "Postcode": one["postcode"],
                "Easting": _metres(one["easting"]),
                "Northing": _metres(one["northing"]),
                "Place known by": how[one["known_by"]] if one["known_by"] else "not known",
                "URN": one["urn"],
            }
            for one in schools
        ]
    )


def _metres(value: float | None) -> int | None:
    return None if value is None else round(value)


def _source(viewer: Viewer, copy: Copy) -> str:
    levels = f"The rules {copy.build.rule_set}, as at {in_words(copy.build.as_at)}"
    if is_invented(viewer, copy):
        return f"{levels}; places: the invented register. {INVENTED_BOUNDARY}"
    found = copy.reader.rows(
        "select distinct l.source_id, l.label from school_places as p inner join schools as s using (urn) "
        "inner join releases as l on l.release_id = p.release_id order by all"
    )
    places = [f"{source_named(row['source_id']).title}, {row['label']}" for row in found]
    return f"{levels}; places: {'; '.join(places) or 'none loaded'}. {BOUNDARY_LICENCE}"


def _notes(
    viewer: Viewer,
    copy: Copy,
    schools: Sequence[Mapping[str, Any]],
    shown: Sequence[Mapping[str, Any]],
    asked: _Asked,
) -> list[str]:
    notes = []
    if len(shown) < len(schools):
        notes.append(
            f"Of all LAs only the {len(shown):,} {asked.words} are drawn, of {len(schools):,} schools. Choose an LA "
            "above to see each of its schools."
        )
    without = [one for one in shown if one["easting"] is None]
    if without:
        names = ", ".join(one["name"] for one in without[:_MOST_NAMED])
        more = f" and {len(without) - _MOST_NAMED:,} more, which the table has" if len(without) > _MOST_NAMED else ""
        matter = sum(one[asked.column] == asked.of for one in without)
        notes.append(
            f"Not drawn, because the loaded files do not say where they stand: {len(without):,} of {len(shown):,} "
            f"schools, {matter:,} of the {asked.words} among them: {names}{more}. The list of coordinates has no "
            "nurseries and hardly any alternative provision; the national register (GIAS) has all."
        )
    next_door = sum(one["known_by"] == _NEXT_DOOR for one in shown)
    if next_door:
        notes.append(f"Drawn where another school of the same postcode stands: {next_door:,}.")
    if not is_invented(viewer, copy):
        notes.append(BOUNDARIES_ARE)
    return notes
