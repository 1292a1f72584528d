"""The supporter's own school: helping others must not cost it what it has."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from risk_model.casework import Allocation, allocations, system_leaders
from risk_model.domain.periods import in_words
from risk_model.domain.viewer import Right, Viewer, require
from risk_model.domain.words import STATEMENT_TITLES, Priority, Statement
from risk_model.services.copy import Copy
from risk_model.services.giving import giver_of, urns_by_name

_SCHOOLS_SQL = """
    select s.urn, s.name, s.la_code, r.priority, r.last_inspection_date, r.last_inspection_outcome,
           string_agg(l.statement, ' ' order by l.statement) filter (l.direction = 'worse') as worse
    from schools as s
    inner join schools_at_risk as r using (urn)
    inner join statement_levels as l using (urn)
    where s.la_code in (select unnest($las))
    group by all
    order by s.urn"""
_SLIPPED = frozenset({Priority.PRIORITY.value, Priority.WATCH.value})


def supporter_standing(viewer: Viewer, copy: Copy, known: Sequence[Allocation]) -> dict[int, str]:
    """What slips in the schools that give support.

    Args:
        known: pieces of support.
    Returns:
        {number of the support: a sentence}; only of support that goes on, and only where something slips.
    Raises:
        NotAllowed: the viewer may not read.
    """
    require(viewer, Right.PEOPLE)
    as_at = copy.build.as_at
    active = [one for one in known if one.is_active_on(as_at)]
    if not active:
        return {}
    schools = _schools(copy, sorted({one.la_code for one in active}))
    leaders = {one.id: one for one in system_leaders(copy.records)}
    urns = _urns(schools)
    told = {}
    for one in active:
        home = schools.get(giver_of(one, leaders, urns).urn or "")
        sentence = "" if home is None else slips_in_words(home, one.start_date)
        if sentence:
            told[one.id] = sentence
    return told


def slips_in_words(school: dict[str, Any], since: date | None) -> str:
    """What slips in a supporting school: its place, statements that are worse, an inspection since support began."""
    found = []
    if school["priority"] in _SLIPPED:
        found.append(f"its own place is {school['priority']}")
    if school["worse"]:
        titles = [STATEMENT_TITLES[Statement(one)] for one in school["worse"].split()]
        found.append(f"worse since the last build: {'; '.join(titles)}")
    inspected = school["last_inspection_date"]
    if since is not None and inspected is not None and inspected > since:
        found.append(f"inspected on {in_words(inspected)} ({school['last_inspection_outcome']})")
    return f"▲ {school['name']}: {', '.join(found)}." if found else ""


def support_given_by(viewer: Viewer, copy: Copy, urn: str) -> list[tuple[Allocation, str]]:
    """The active support that a school gives to others, each with what slips in the school itself, "" for nothing.

    Raises:
        NotAllowed: the viewer may not read.
    """
    require(viewer, Right.PEOPLE)
    rows = copy.reader.rows("select la_code from schools where urn = $urn", {"urn": urn})
    if not rows:
        return []
    la_code = rows[0]["la_code"]
    schools = _schools(copy, [la_code])
    leaders = {one.id: one for one in system_leaders(copy.records, la_code=la_code)}
    urns = _urns(schools)
    return [
        (one, slips_in_words(schools[urn], one.start_date))
        for one in allocations(copy.records, la_code=la_code)
        if one.is_active_on(copy.build.as_at) and giver_of(one, leaders, urns).urn == urn
    ]


def _schools(copy: Copy, la_codes: Sequence[str]) -> dict[str, dict[str, Any]]:
    return {row["urn"]: row for row in copy.reader.rows(_SCHOOLS_SQL, {"las": list(la_codes)})}


def _urns(schools: Mapping[str, Mapping[str, Any]]) -> dict[str, str | None]:
    return urns_by_name((school["name"], urn) for urn, school in schools.items())
