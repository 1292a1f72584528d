"""Networks: who supports whom, within localities and trusts and across them; who gives, receives, both, neither."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import pandas as pd

from risk_model.casework import Allocation, ProviderType, SystemLeader, allocations, system_leaders
from risk_model.domain.viewer import Right, Viewer, require
from risk_model.services.copy import Copy
from risk_model.services.giving import (
    KIND_NOT_RECORDED,
    Giver,
    giver_of,
    urns_by_name,
    was_given,
)
from risk_model.services.scope import IN_SCOPE, Scope

GROUPINGS = {"locality": "Locality", "trust": "Trust"}
TIMES = {"now": "Support that runs now", "ever": "All support that was given, ended too"}
STANDINGS = ("gives and receives", "gives", "receives", "neither")
NO_GROUP = {"locality": "no locality recorded", "trust": "no trust"}
ELSEWHERE = "school of another LA"
NOT_CERTAIN = "school, not certain which"
WITHIN, ACROSS, NO_SCHOOL = "within the group", "from another group", "not a school"
_LINK_COLUMNS = (
    "Giver",
    "Giver's group",
    "School",
    "School's group",
    "Kind of support",
    "Role",
    "Status",
    "From",
    "Until",
    "Giver is",
    "Giver's URN",
    "URN",
    "Number",
)
_SCHOOL_COLUMNS = ("School", "Group", "Standing", "Schools supported", "Pieces received", "URN")
_SCHOOLS_SQL = f"""
    select urn, name, locality, trust_name, ({IN_SCOPE}) as is_in_scope
    from schools as s where la_code in (select unnest($las)) order by urn"""


@dataclass(frozen=True)
class Network:
    """Who supports whom.

    Attributes:
        finding: what the chart shows, in a sentence.
        cells: a row per giver's group and school's group between which there is support: Giver's group, School's
            group, Giver is (WITHIN, ACROSS or NO_SCHOOL), Pieces, Schools.
        rows, columns: the groups in the order of the chart: groups of schools by name, then givers that are none.
        links: a row per piece of support and school: the columns of _LINK_COLUMNS.
        schools: a row per school in scope: the columns of _SCHOOL_COLUMNS.
        counts: Standing, Schools, in the order of STANDINGS.
        notes: what is not certain or not counted.
        about: what an export is.
    """

    finding: str
    cells: pd.DataFrame
    rows: list[str]
    columns: list[str]
    links: pd.DataFrame
    schools: pd.DataFrame
    counts: pd.DataFrame
    notes: list[str]
    about: list[str]

    def links_of(self, group: str) -> pd.DataFrame:
        """The support that schools of one group receive, by school and giver."""
        own = self.links[self.links["School's group"] == group]
        return own.sort_values(["School", "Giver", "Number"]).reset_index(drop=True)

    def finding_of(self, group: str) -> str:
        """How much support the schools of one group receive, and from how many."""
        own = self.links_of(group)
        return (
            f"{group}: {_counted(len(own), 'piece')} of support from {_counted(own['Giver'].nunique(), 'giver')} for "
            f"{_counted(own['URN'].nunique(), 'school')}"
        )


@dataclass(frozen=True)
class _School:
    """A school as networks name it; its group is its locality or its trust."""

    name: str
    group: str
    is_in_scope: bool


def network(viewer: Viewer, copy: Copy, scope: Scope, by: str, when: str) -> Network:
    """Who supports whom, for the schools in scope; links reach beyond them where a giver stands outside.

    Args:
        by: a key of GROUPINGS.
        when: a key of TIMES.
    Raises:
        NotAllowed: the viewer may not read.
    """
    require(viewer, Right.PEOPLE)
    as_at = copy.build.as_at
    known = [one for one in allocations(copy.records, la_code=scope.la_code) if _is_shown(one, when, as_at)]
    leaders = {one.id: one for one in system_leaders(copy.records, la_code=scope.la_code)}
    las = [scope.la_code] if scope.la_code else sorted({one.la_code for one in known})
    found = copy.reader.frame(_SCHOOLS_SQL, {**scope.params, "las": las})
    column = found["locality"] if by == "locality" else found["trust_name"]
    groups = column.astype("object").where(column.notna(), NO_GROUP[by])
    trusts = set(found["trust_name"].dropna()) if by == "trust" else set()
    schools = {
        urn: _School(name, group, bool(is_in_scope))
        for urn, name, group, is_in_scope in zip(found["urn"], found["name"], groups, found["is_in_scope"], strict=True)
    }
    links = _links(copy, known, leaders, schools, trusts)
    table = _school_table(links, schools)
    return Network(
        finding=_finding(links, table, by),
        cells=_cells(links),
        rows=_ordered(links, "Giver's group"),
        columns=_ordered(links, "School's group"),
        links=links,
        schools=table,
        counts=_counts(table),
        notes=_notes(links),
        about=[
            f"Who supports whom, by {by}. {TIMES[when]}, as at {as_at:%d/%m/%Y}, build {copy.build.build_id}.",
            "A system leader gives for the home school; people are labels.",
        ],
    )


def _is_shown(one: Allocation, when: str, as_at: date) -> bool:
    return one.is_active_on(as_at) if when == "now" else was_given(one, as_at)


def _links(
    copy: Copy,
    known: Sequence[Allocation],
    leaders: Mapping[int, SystemLeader],
    schools: Mapping[str, _School],
    trusts: set[str],
) -> pd.DataFrame:
    urns = urns_by_name((school.name, urn) for urn, school in schools.items())
    givers = {one.id: giver_of(one, leaders, urns) for one in known}
    away = {giver.urn for giver in givers.values() if giver.urn is not None and giver.urn not in schools}
    found = copy.reader.rows("select urn, name from schools where urn in (select unnest($urns))", {"urns": list(away)})
    elsewhere = {row["urn"]: row["name"] for row in found}
    rows = []
    for one in known:
        giver = givers[one.id]
        name, group = _giver_words(giver, schools, elsewhere, trusts)
        for urn in one.urns:
            school = schools.get(urn)
            home = schools.get(giver.urn) if giver.urn is not None else None
            if school is None or not (school.is_in_scope or (home is not None and home.is_in_scope)):
                continue
            rows.append(
                (
                    name,
                    group,
                    school.name,
                    school.group,
                    KIND_NOT_RECORDED if one.support_type is None else one.support_type.value,
                    one.role,
                    one.status.value,
                    one.start_date,
                    one.end_date,
                    _relation(giver, group, school.group),
                    giver.urn,
                    urn,
                    one.id,
                )
            )
    return pd.DataFrame(rows, columns=list(_LINK_COLUMNS)).sort_values(
        ["School's group", "School", "Giver", "Number"], ignore_index=True
    )


def _giver_words(
    giver: Giver, schools: Mapping[str, _School], elsewhere: Mapping[str, str], trusts: set[str]
) -> tuple[str, str]:
    """Who gives, and of which group: a school's own, a trust's own, or the type of the provider."""
    if giver.urn is not None and giver.urn in schools:
        return schools[giver.urn].name, schools[giver.urn].group
    if giver.urn is not None:
        return elsewhere.get(giver.urn, f"URN {giver.urn}"), ELSEWHERE
    if giver.kind == ProviderType.SCHOOL.value:
        return giver.name, NOT_CERTAIN
    return giver.name, giver.name if giver.name in trusts else giver.kind


def _relation(giver: Giver, giver_group: str, school_group: str) -> str:
    if giver.kind != ProviderType.SCHOOL.value:
        return NO_SCHOOL
    is_no_group = giver_group in NO_GROUP.values()
    return WITHIN if giver_group == school_group and not is_no_group else ACROSS


def _cells(links: pd.DataFrame) -> pd.DataFrame:
    groups = ["Giver's group", "School's group", "Giver is"]
    return links.groupby(groups, sort=True).agg(Pieces=("Number", "size"), Schools=("URN", "nunique")).reset_index()


def _ordered(links: pd.DataFrame, column: str) -> list[str]:
    """Groups of schools by name, then those that are no such group."""
    if column == "School's group":
        named = set(links[column])
    else:
        named = set(links.loc[links["Giver is"] != NO_SCHOOL, column]) | (
            set(links[column]) & set(links["School's group"])
        )
    last = {*NO_GROUP.values(), ELSEWHERE, NOT_CERTAIN}
    others = set(links[column]) - named
    return [*sorted(named - last), *sorted(named & last), *sorted(others)]


def _school_table(links: pd.DataFrame, schools: Mapping[str, _School]) -> pd.DataFrame:
    between = links[links["Giver's URN"].notna() & (links["Giver's URN"] != links["URN"])]
    supported = between.groupby("Giver's URN")["URN"].nunique().to_dict()
    received = links.groupby("URN").size().to_dict()
    rows = [
        (
            school.name,
            school.group,
            _standing(urn in supported, urn in received),
            supported.get(urn, 0),
            received.get(urn, 0),
            urn,
        )
        for urn, school in schools.items()
        if school.is_in_scope
    ]
    in_order = sorted(rows, key=lambda row: (STANDINGS.index(row[2]), -row[3], -row[4], row[0]))
    return pd.DataFrame(in_order, columns=list(_SCHOOL_COLUMNS))


def _standing(gives: bool, receives: bool) -> str:
    if gives:
        return STANDINGS[0] if receives else STANDINGS[1]
    return STANDINGS[2] if receives else STANDINGS[3]


def _counts(table: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(
        [(standing, int((table["Standing"] == standing).sum())) for standing in STANDINGS],
        columns=["Standing", "Schools"],
    )


def _finding(links: pd.DataFrame, table: pd.DataFrame, by: str) -> str:
    if links.empty:
        return "No support is recorded for these schools at this time"
    both, gives, receives, _ = (int((table["Standing"] == one).sum()) for one in STANDINGS)
    between = links[links["Giver is"] != NO_SCHOOL]
    within = int((between["Giver is"] == WITHIN).sum())
    text = (
        f"{both + receives:,} of {len(table):,} schools receive support, {both + gives:,} give it and {both:,} do both"
    )
    if between.empty:
        return f"{text}; all of it comes from others than schools"
    return f"{text}; {within:,} of the {len(between):,} pieces that schools give stay within a {by}"


def _counted(n: int, word: str) -> str:
    return f"{n:,} {word}" if n == 1 else f"{n:,} {word}s"


def _notes(links: pd.DataFrame) -> list[str]:
    own = int((links["Giver's URN"].notna() & (links["Giver's URN"] == links["URN"])).sum())
    unsure = int((links["Giver's group"] == NOT_CERTAIN).sum())
    notes = [
        "A system leader's home school gives, and so does a school that is named as the provider exactly as the "
        "register names it; teams, trusts, hubs and dioceses give, but are no schools."
    ]
    if unsure:
        notes.append(
            f"For {unsure:,} the provider is a school, but no single school here has that exact name: it is not "
            "counted among the schools that give."
        )
    if own:
        notes.append(f"For {own:,} the giver is the school itself: that is not counted as giving.")
    return notes
