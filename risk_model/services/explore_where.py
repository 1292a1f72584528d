"""Where? The schools that need help, on a map."""

from risk_model.domain.charts import Places
from risk_model.domain.viewer import Viewer, require_reader
from risk_model.domain.words import Priority
from risk_model.services.copy import Copy
from risk_model.services.explore_answers import Answer, NamedSchool, Select, Wanted
from risk_model.services.places import COLOURINGS, places_map, schools_without_place
from risk_model.services.scope import Scope

_COLOUR = Select("colour", "Colour and shape by", COLOURINGS)


def where_selects(viewer: Viewer, copy: Copy, scope: Scope) -> tuple[Select, ...]:
    """It asks by what the schools are coloured.

    Raises:
        NotAllowed: the viewer may not read.
    """
    require_reader(viewer)
    return (_COLOUR,)


def where(viewer: Viewer, copy: Copy, scope: Scope, wanted: Wanted) -> Answer:
    """Where the schools in scope stand; schools that were picked have their names beside them.

    Raises:
        NotAllowed: the viewer may not read.
    """
    require_reader(viewer)
    chart = places_map(viewer, copy, scope, wanted.of(_COLOUR), wanted.picks)
    without = schools_without_place(viewer, copy, scope) if scope.la_code else []
    spots = {one.key: one for one in chart.drawing.spots} if isinstance(chart.drawing, Places) else {}
    picked = [spots[urn] for urn in wanted.picks if urn in spots]
    return Answer(
        finding=chart.finding,
        charts=(chart,),
        how=(
            "Schools stand on the National Grid by the newer of the national register and the list of coordinates that "
            "DfE publishes with its tables. That list goes by postcodes: a school may be drawn a street away.",
            "The finding names the fewest localities that hold half of the schools asked for, and how many of all "
            "schools are there; without localities it names postcode districts. Where schools stand close together "
            "says nothing of why.",
        ),
        schools=(
            *(NamedSchool(one.key, one.name, one.told) for one in picked),
            *(
                NamedSchool(urn, name, f"{priority}, and not on the map")
                for urn, name, priority in without
                if priority == Priority.PRIORITY or urn in wanted.picks
            ),
        ),
        selects_schools=True,
    )
