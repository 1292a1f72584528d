"""Networks: who supports whom now and ever, by locality and trust; each school stands in one of four places."""

from datetime import date

import pytest

from risk_model.casework import (
    NewAllocation,
    NewShare,
    active_allocations,
    add_allocation,
    allocations,
    change_system_leader,
    system_leaders,
)
from risk_model.domain.viewer import local_viewer
from risk_model.services.copy import Copy
from risk_model.services.networks import (
    ACROSS,
    ELSEWHERE,
    NO_SCHOOL,
    NOT_CERTAIN,
    STANDINGS,
    WITHIN,
    Network,
    network,
)
from risk_model.services.scope import Scope

WHO = local_viewer()
LA = Scope("999")


def _of(copy: Copy, scope: Scope = LA, by: str = "locality", when: str = "now") -> Network:
    return network(WHO, copy, scope, by, when)


def _school(copy: Copy, locality: str, place: int = 0) -> tuple[str, str]:
    """The URN and name of a school of a locality for which no support is recorded, and which gives none."""
    taken = {urn for one in allocations(copy.records) for urn in one.urns}
    taken |= {one.home_urn for one in system_leaders(copy.records) if one.home_urn is not None}
    rows = copy.reader.rows("select urn, name from schools where locality = $place order by urn", {"place": locality})
    free = [(row["urn"], row["name"]) for row in rows if row["urn"] not in taken]
    return free[place]


def _support(copy: Copy, urn: str, **changed: object) -> None:
    given: dict[str, object] = {
        "la_code": "999",
        "urn": urn,
        "provider_type": "school",
        "provider_name": "x",
        "start_date": date(2026, 9, 1),
        "status": "active",
    }
    add_allocation(copy.records, "a test", NewAllocation(**(given | changed)))  # type: ignore[arg-type]


def _standing(found: Network, urn: str) -> str:
    return str(found.schools.set_index("URN").loc[urn, "Standing"])


def test_every_school_stands_in_one_place_and_the_cells_add_up_to_the_links(demo_copy: Copy) -> None:
    found = _of(demo_copy)
    assert found.counts["Schools"].sum() == len(found.schools) == 259
    assert list(found.counts["Standing"]) == list(STANDINGS)
    active = active_allocations(demo_copy.records, demo_copy.build.as_at)
    assert found.cells["Pieces"].sum() == len(found.links) == sum(len(one.urns) for one in active)
    assert set(found.cells["Giver's group"]) == set(found.rows)
    assert set(found.cells["School's group"]) == set(found.columns)
    received = found.counts.set_index("Standing")["Schools"]
    assert received["gives and receives"] + received["receives"] == found.links["URN"].nunique()


def test_a_school_that_is_named_as_the_provider_gives_within_its_locality_or_to_another(own_copy: Copy) -> None:
    (giver, name), (near, _), (far, _) = (
        _school(own_copy, "Alder Valley"),
        _school(own_copy, "Alder Valley", 1),
        _school(own_copy, "Brackenside"),
    )
    assert _standing(_of(own_copy), giver) == "neither"
    _support(own_copy, near, provider_name=name)
    _support(own_copy, far, provider_name=name)
    found = _of(own_copy)
    assert (_standing(found, giver), _standing(found, near), _standing(found, far)) == ("gives", "receives", "receives")
    links = found.links[found.links["Giver's URN"] == giver].set_index("URN")
    assert dict(links["Giver is"]) == {near: WITHIN, far: ACROSS}
    assert found.schools.set_index("URN").loc[giver, "Schools supported"] == 2
    _support(own_copy, giver, provider_type="LA team", provider_name="Finance")
    assert _standing(_of(own_copy), giver) == "gives and receives"


def test_a_provider_that_no_school_or_no_single_one_is_counts_as_no_giving_school(own_copy: Copy) -> None:
    urn, _ = _school(own_copy, "Alder Valley")
    _support(own_copy, urn, provider_name="A school that nobody knows")
    _support(own_copy, urn, provider_type="diocese", provider_name="Diocese of Exampleshire")
    found = _of(own_copy)
    links = found.links[found.links["URN"] == urn].set_index("Giver")
    assert links.loc["A school that nobody knows", "Giver's group"] == NOT_CERTAIN
    assert links.loc["Diocese of Exampleshire", "Giver is"] == NO_SCHOOL
    assert any(note.startswith("For 1 the provider is a school, but") for note in found.notes)
    assert list(found.rows).index(NOT_CERTAIN) < list(found.rows).index("diocese")


def test_a_school_never_gives_to_itself(own_copy: Copy) -> None:
    urn, name = _school(own_copy, "Alder Valley")
    _support(own_copy, urn, provider_name=name)
    found = _of(own_copy)
    assert _standing(found, urn) == "receives"
    assert "For 1 the giver is the school itself: that is not counted as giving." in found.notes


def test_each_school_of_a_group_that_is_supported_together_has_a_link(own_copy: Copy) -> None:
    (first, _), (second, _) = _school(own_copy, "Alder Valley"), _school(own_copy, "Brackenside")
    _support(own_copy, first, days_planned=4.0, shares=(NewShare(first, 2.0), NewShare(second, 2.0)))
    found = _of(own_copy)
    assert {_standing(found, first), _standing(found, second)} == {"receives"}


def test_a_leader_from_another_la_gives_from_outside(own_copy: Copy) -> None:
    leader = system_leaders(own_copy.records)[0]
    assert ELSEWHERE not in _of(own_copy).rows
    change_system_leader(own_copy.records, "a test", leader.id, leader.version, {"home_urn": "140000"})
    urn, _ = _school(own_copy, "Alder Valley")
    _support(own_copy, urn, system_leader_id=leader.id)
    link = _of(own_copy).links.set_index("URN").loc[urn]
    assert (link["Giver"], link["Giver's group"], link["Giver is"]) == ("URN 140000", ELSEWHERE, ACROSS)


def test_ended_support_stands_only_among_all_that_was_given(demo_copy: Copy) -> None:
    now, ever = _of(demo_copy), _of(demo_copy, when="ever")
    assert set(now.links["Number"]) < set(ever.links["Number"])
    assert {"completed", "ended early"} <= set(ever.links["Status"])
    assert not {"declined", "cancelled", "proposed", "offered", "withdrawn"} & set(ever.links["Status"])


def test_by_trust_a_trust_that_helps_its_own_school_stands_in_its_own_row(demo_copy: Copy) -> None:
    found = _of(demo_copy, by="trust", when="ever")
    own = found.links[found.links["Giver"] == found.links["Giver's group"]]
    assert len(own)
    assert set(own["Giver is"]) == {NO_SCHOOL}
    # schools without a trust are no group: nothing is "within" it
    assert WITHIN not in set(found.links.loc[found.links["School's group"] == "no trust", "Giver is"])


def test_a_locality_shows_its_own_schools_and_the_links_that_reach_it(demo_copy: Copy) -> None:
    found = _of(demo_copy, Scope("999", locality="Dunmar Coast"))
    assert set(found.schools["Group"]) == {"Dunmar Coast"}
    touches = (found.links["School's group"] == "Dunmar Coast") | (found.links["Giver's group"] == "Dunmar Coast")
    assert touches.all()
    own = found.links_of("Dunmar Coast")
    assert own["School"].is_monotonic_increasing
    assert found.finding_of("Dunmar Coast").startswith(f"Dunmar Coast: {len(own)} pieces of support from ")


@pytest.mark.parametrize("by", ["locality", "trust"])
def test_without_support_that_is_said(demo_copy: Copy, by: str) -> None:
    found = _of(demo_copy, Scope("999", phase="nursery"), by=by)
    assert found.links.empty
    assert found.finding == "No support is recorded for these schools at this time"
    assert set(found.schools["Standing"]) == {"neither"}


def test_the_finding_counts_what_the_tables_hold(demo_copy: Copy) -> None:
    found = _of(demo_copy)
    counts = found.counts.set_index("Standing")["Schools"]
    between = found.links[found.links["Giver is"] != NO_SCHOOL]
    within = int((between["Giver is"] == WITHIN).sum())
    assert found.finding == (
        f"{counts['gives and receives'] + counts['receives']} of 259 schools receive support, "
        f"{counts['gives and receives'] + counts['gives']} give it and {counts['gives and receives']} do both; "
        f"{within} of the {len(between)} pieces that schools give stay within a locality"
    )
