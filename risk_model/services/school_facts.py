"""What must be known of a school to say who could help it, or whom its leaders could help."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from math import hypot

from risk_model.domain.viewer import Viewer, require_reader
from risk_model.services.copy import Copy

_METRES_A_KM = 1000.0
_FACTS_SQL = """
    select s.urn, s.name, s.la_code, s.la_name, s.locality, s.phase, s.phase_group, s.trust_uid, s.trust_name,
           s.easting, s.northing, r.priority, r.last_inspection_outcome, r.last_inspection_date,
           string_agg(l.statement || ' ' || l.direction, '; ' order by l.statement)
               filter (l.direction in ('worse', 'better')) as changes,
           i.full_kind, i.full_date, i.good_or_better, i.rc_outcome, i.full_mapping, i.inherited
    from schools as s
    inner join schools_at_risk as r using (urn)
    inner join statement_levels as l using (urn)
    left join latest_inspections as i using (urn)
    where list_contains($urns, s.urn)
    group by all
    order by s.urn"""


@dataclass(frozen=True)
class SchoolFacts:
    """One school as a place to help, or to help from; None is "not known".

    Attributes:
        easting, northing: in metres on the national grid.
        changes: which statements moved since the build before: "outcomes worse"; None where none did.
        last_inspection_outcome, last_inspection_date: of the latest inspection of any kind, in words.
        full_kind: "graded" or "report card": the latest inspection that judged the whole school; None where there is
            none. full_date is its first day.
        good_or_better: what a graded one says: "yes" or "no"; rc_outcome: what a report card says: meets, mixed,
            below, category.
        inherited: that inspection was of the school's predecessor.
    """

    urn: str
    name: str
    la_code: str
    la_name: str
    locality: str | None
    phase: str
    phase_group: str
    trust_uid: str | None
    trust_name: str | None
    easting: float | None
    northing: float | None
    priority: str
    last_inspection_outcome: str
    last_inspection_date: date | None
    changes: str | None
    full_kind: str | None
    full_date: date | None
    good_or_better: str | None
    rc_outcome: str | None
    full_mapping: str | None
    inherited: bool | None


def school_facts(viewer: Viewer, copy: Copy, urns: Iterable[str]) -> dict[str, SchoolFacts]:
    """What this build knows of some schools, of any LA that is loaded; a school that is not in it is left out.

    Raises:
        NotAllowed: the viewer may not read.
    """
    require_reader(viewer)
    rows = copy.reader.rows(_FACTS_SQL, {"urns": sorted(set(urns))})
    return {row["urn"]: SchoolFacts(**row) for row in rows}


def distance_km(one: SchoolFacts | None, other: SchoolFacts | None) -> float | None:
    """How far two schools are apart in a straight line, in km; None where a position is not known."""
    if one is None or other is None:
        return None
    if one.easting is None or one.northing is None or other.easting is None or other.northing is None:
        return None
    return hypot(one.easting - other.easting, one.northing - other.northing) / _METRES_A_KM
