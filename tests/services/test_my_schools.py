"""A system leader sees the schools that they are allocated to, while they are, and no other."""

from datetime import timedelta

import pytest

from risk_model.casework import (
    ACTIVE_STATUSES,
    Allocation,
    NewAllocation,
    NewShare,
    add_allocation,
    allocations,
    change_allocation,
)
from risk_model.domain.errors import NotAllowed, NotFound
from risk_model.domain.viewer import Viewer, local_viewer
from risk_model.services.briefing import briefed_support, school_briefing
from risk_model.services.copy import Copy
from risk_model.services.my_schools import my_schools, own_support, view_of
from risk_model.services.support_changes import change_support, end_support

WHO = local_viewer()


def a_leader(copy: Copy) -> int:
    """A system leader with support under way at two schools or more."""
    found: dict[int, set[str]] = {}
    for one in allocations(copy.records):
        if one.system_leader_id is not None and one.is_active_on(copy.build.as_at):
            found.setdefault(one.system_leader_id, set()).add(one.urn)
    return min(leader for leader, urns in found.items() if len(urns) > 1)


def own(copy: Copy, leader: int) -> list[Allocation]:
    known = allocations(copy.records)
    return [one for one in known if one.system_leader_id == leader and one.is_active_on(copy.build.as_at)]


def urns_seen(copy: Copy, leader: int) -> list[str]:
    return [one.urn for one in my_schools(view_of(WHO, copy, leader), copy).schools]


def test_a_leader_sees_their_schools_and_their_own_support_there(demo_copy: Copy) -> None:
    leader = a_leader(demo_copy)
    expected = own(demo_copy, leader)
    found = my_schools(view_of(WHO, demo_copy, leader), demo_copy)
    assert {school.urn for school in found.schools} == {one.urn for one in expected}
    assert [school.name for school in found.schools] == sorted(school.name for school in found.schools)
    assert {one.id for school in found.schools for one in school.support} == {one.id for one in expected}
    assert found.finding == f"{found.label} is allocated to {len(found.schools)} schools now."
    assert found.not_loaded == []
    for school in found.schools:
        assert list(school.table["Aim"]) == [one.aim for one in school.support]


def test_every_open_piece_of_the_demo_is_seen_by_its_own_leader_alone(demo_copy: Copy) -> None:
    leaders = {one.system_leader_id for one in allocations(demo_copy.records)} - {None}
    for leader in leaders:
        assert leader is not None
        assert set(urns_seen(demo_copy, leader)) == {one.urn for one in own(demo_copy, leader)}


def test_a_leader_may_not_see_the_school_of_another(demo_copy: Copy) -> None:
    leader = a_leader(demo_copy)
    viewer = view_of(WHO, demo_copy, leader)
    mine = set(urns_seen(demo_copy, leader))
    other = next(one for one in allocations(demo_copy.records) if one.urn not in mine)
    for ask in (own_support, briefed_support, school_briefing):
        with pytest.raises(NotAllowed, match=viewer.name):
            ask(viewer, demo_copy, other.urn)
    with pytest.raises(NotFound, match=f"number {other.id}"):
        school_briefing(viewer, demo_copy, sorted(mine)[0], other.id)


@pytest.mark.parametrize("status", ["completed", "ended early", "cancelled", "withdrawn"])
def test_support_that_ended_ends_the_sight(own_copy: Copy, status: str) -> None:
    leader = a_leader(own_copy)
    viewer = view_of(WHO, own_copy, leader)
    one = own(own_copy, leader)[0]
    assert one.urn in urns_seen(own_copy, leader)
    for piece in [each for each in own(own_copy, leader) if each.urn == one.urn]:
        # the last day is to come: the status alone ends the sight
        last = own_copy.build.as_at + timedelta(days=30)
        end_support(WHO, own_copy, piece.id, piece.version, status, last, "It is over.")
    assert one.urn not in urns_seen(own_copy, leader)
    with pytest.raises(NotAllowed):
        school_briefing(viewer, own_copy, one.urn)


def test_paused_support_gives_no_sight(own_copy: Copy) -> None:
    leader = a_leader(own_copy)
    one = own(own_copy, leader)[0]
    change_support(WHO, own_copy, one.id, one.version, {"status": "paused"}, "The head is new.")
    assert one.urn not in urns_seen(own_copy, leader)


def test_the_last_day_is_seen_and_the_day_after_is_not(own_copy: Copy) -> None:
    leader, as_at = a_leader(own_copy), own_copy.build.as_at
    one = own(own_copy, leader)[0]
    changed = change_allocation(own_copy.records, WHO.name, one.id, one.version, {"end_date": as_at})
    assert one.urn in urns_seen(own_copy, leader)
    over = {"end_date": as_at - timedelta(days=1)}
    change_allocation(own_copy.records, WHO.name, one.id, changed.version, over)
    assert one.urn not in urns_seen(own_copy, leader)


@pytest.mark.parametrize("status", ["proposed", "offered", "considering", "agreed", "preparing"])
def test_support_to_come_is_seen_once_it_is_agreed(own_copy: Copy, status: str) -> None:
    leader = a_leader(own_copy)
    mine = set(urns_seen(own_copy, leader))
    urn = next(one.urn for one in allocations(own_copy.records) if one.urn not in mine)
    start = own_copy.build.as_at + timedelta(days=14)
    new = NewAllocation("999", urn, "school", "Another school", leader, status=status, start_date=start)
    add_allocation(own_copy.records, WHO.name, new)
    assert (urn in urns_seen(own_copy, leader)) is (status in ACTIVE_STATUSES)


def test_every_school_of_a_group_is_seen(own_copy: Copy) -> None:
    leader = a_leader(own_copy)
    mine = set(urns_seen(own_copy, leader))
    first, second = sorted({one.urn for one in allocations(own_copy.records)} - mine)[:2]
    new = NewAllocation(
        "999",
        first,
        "school",
        "Another school",
        leader,
        status="active",
        start_date=own_copy.build.as_at,
        days_planned=5,
        shares=(NewShare(first, 2), NewShare(second, 3)),
    )
    add_allocation(own_copy.records, WHO.name, new)
    found = {school.urn: school for school in my_schools(view_of(WHO, own_copy, leader), own_copy).schools}
    assert {first, second} <= set(found)
    assert list(found[second].table["Days planned"]) == [3]


def test_which_rules_support_answers_is_not_told(own_copy: Copy) -> None:
    leader = a_leader(own_copy)
    one = own(own_copy, leader)[0]
    change_support(WHO, own_copy, one.id, one.version, {"rules": "N13, L11", "statement": "leadership"})
    found = my_schools(view_of(WHO, own_copy, leader), own_copy)
    told = [cell for school in found.schools for cell in school.table.to_numpy().ravel()]
    assert one.need in told
    assert not [cell for cell in told if "N13" in str(cell) or "L11" in str(cell)]


def test_a_school_that_is_not_loaded_is_named(own_copy: Copy) -> None:
    leader = a_leader(own_copy)
    start = own_copy.build.as_at
    new = NewAllocation("999", "999999", "school", "Another school", leader, status="active", start_date=start)
    add_allocation(own_copy.records, WHO.name, new)
    assert my_schools(view_of(WHO, own_copy, leader), own_copy).not_loaded == ["999999"]


def test_who_reads_everything_is_no_system_leader(demo_copy: Copy) -> None:
    with pytest.raises(NotAllowed, match="a system leader's own view"):
        my_schools(WHO, demo_copy)


def test_a_leader_may_not_look_as_another(demo_copy: Copy) -> None:
    with pytest.raises(NotAllowed):
        view_of(Viewer("System leader 12", system_leader_id=12), demo_copy, 1)
    with pytest.raises(NotFound, match="number 4711"):
        view_of(WHO, demo_copy, 4711)
