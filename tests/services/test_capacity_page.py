"""Capacity on one screen, and what a new piece of support is warned of."""

from datetime import date
from pathlib import Path

import pytest

from risk_model.casework import (
    NewAllocation,
    NewSystemLeader,
    add_allocation,
    add_system_leader,
    system_leaders,
)
from risk_model.domain.errors import RecordRefused
from risk_model.domain.viewer import local_viewer
from risk_model.rules import people
from risk_model.rules.people import PEOPLE_FILE
from risk_model.services.capacity_page import allocation_warnings, capacity_page, capacity_table, sums_table
from risk_model.services.copy import Copy
from risk_model.services.school_facts import school_facts
from risk_model.services.scope import Scope

WHO = local_viewer()
LA = Scope("999")
AUTUMN = (date(2026, 9, 1), date(2026, 12, 31))
URN = "900027"


def _leader(copy: Copy, **given: object) -> int:
    values: dict[str, object] = {"la_code": "999", "label": "Leader 88", "role": "adviser", "days_per_term": 4.0}
    return add_system_leader(copy.records, WHO.name, NewSystemLeader(**(values | given)))  # type: ignore[arg-type]


def _support(copy: Copy, leader: int, days: float) -> int:
    new = NewAllocation(
        "999", URN, "LA team", "School improvement", leader, days_planned=days, start_date=AUTUMN[0],
        end_date=AUTUMN[1], status="active",
    )  # fmt: skip
    return add_allocation(copy.records, WHO.name, new)


def test_every_leader_stands_in_three_terms_and_the_sums_are_theirs(demo_copy: Copy) -> None:
    page = capacity_page(WHO, demo_copy, LA)
    leaders = system_leaders(demo_copy.records, la_code="999")
    assert len(page.lines) == 3 * len(leaders)
    assert [one.term.name for one in page.by_term] == ["autumn 2026", "spring 2027", "summer 2027"]
    assert [line.leader_id for line in page.this_term] == [one.id for one in leaders]
    for sums in (page.by_role, page.by_locality, page.by_term):
        assert sum(one.leaders for one in sums) == len(page.lines)
        assert sum(one.planned for one in sums) == pytest.approx(sum(line.planned for line in page.lines))
    assert len(capacity_table(page.lines)) == len(page.lines)
    assert "Role" in sums_table(page.by_role, "Role")


def test_the_title_says_how_many_days_are_free_and_who_has_too_many(own_copy: Copy) -> None:
    before = capacity_page(WHO, own_copy, LA)
    leader = _leader(own_copy)
    _support(own_copy, leader, 5.0)
    after = capacity_page(WHO, own_copy, LA)
    assert [one for one in after.over if one not in before.over] == [
        "Leader 88: 5.0 days are planned in autumn 2026 and 4 offered: 1.0 more than offered."
    ]
    now, over = after.by_term[0], sum(bool(line.over) for line in after.this_term)
    assert now.free == pytest.approx(now.offered - now.taken + now.over)
    assert after.finding == (
        f"{now.free:.1f} of {now.offered:.0f} days offered in autumn 2026 are free, with "
        f"{sum(bool(line.free) for line in after.this_term)} leaders; {now.taken:.1f} are planned or used, "
        f"and {over} leaders have {now.over:.1f} of these beyond what they offer."
    ).replace(".0 ", " ")


def test_every_free_day_of_the_table_is_what_is_offered_and_not_taken(demo_copy: Copy) -> None:
    page = capacity_page(WHO, demo_copy, LA)
    assert all(line.free is None or line.free >= 0 for line in page.lines)
    assert any(line.used > line.planned for line in page.this_term)
    for table in (capacity_table(page.lines), sums_table(page.by_locality, "Locality")):
        known = table[table["Free"].notna() & table["Offered"].notna()]
        assert list(known["Offered"] - known["Taken"] + known["More than offered"]) == pytest.approx(
            list(known["Free"])
        )


def test_days_used_beyond_the_planned_ones_count_in_the_warning(own_copy: Copy) -> None:
    leader = _leader(own_copy)
    new = NewAllocation(
        "999", URN, "LA team", "School improvement", leader, days_planned=4.0, days_used=3.5, start_date=AUTUMN[0],
        end_date=date(2027, 7, 31), status="active",
    )  # fmt: skip
    add_allocation(own_copy.records, WHO.name, new)
    assert allocation_warnings(WHO, own_copy, leader, [URN], 0.5, *AUTUMN) == []
    assert allocation_warnings(WHO, own_copy, leader, [URN], 1.0, *AUTUMN) == [
        "Leader 88 offers 4 days in autumn 2026; 3.5 are planned or used, and with this it would be 4.5."
    ]


def test_the_title_counts_one_leader_as_one_and_says_of_whom_nothing_is_known(own_copy: Copy) -> None:
    elsewhere = Scope("850")
    _leader(own_copy, la_code="850")
    free = "4 of 4 days offered in autumn 2026 are free, with 1 leader"
    taken = "0 are planned or used, and none beyond what a leader offers"
    assert capacity_page(WHO, own_copy, elsewhere).finding == f"{free}; {taken}."
    for number, told in (("89", "1 leader"), ("90", "2 leaders")):
        _leader(own_copy, la_code="850", label=f"Leader {number}", days_per_term=None)
        silent = f"how many days {told} can give is not recorded"
        assert capacity_page(WHO, own_copy, elsewhere).finding == f"{free}; {taken}; {silent}."


def test_an_la_without_leaders_is_told_so(demo_copy: Copy) -> None:
    page = capacity_page(WHO, demo_copy, Scope("850"))
    assert (page.lines, page.this_term, page.finding) == (
        (),
        (),
        "No system leader is recorded for this local authority.",
    )


def test_too_many_days_are_warned_of_in_the_term_and_just_enough_are_not(own_copy: Copy) -> None:
    leader = _leader(own_copy)
    _support(own_copy, leader, 3.0)
    assert allocation_warnings(WHO, own_copy, leader, [URN], 1.0, *AUTUMN) == []
    assert allocation_warnings(WHO, own_copy, leader, [URN], 1.5, *AUTUMN) == [
        "Leader 88 offers 4 days in autumn 2026; 3.0 are planned, and with this it would be 4.5."
    ]


def test_a_changed_piece_does_not_count_twice(own_copy: Copy) -> None:
    leader = _leader(own_copy)
    number = _support(own_copy, leader, 3.0)
    assert allocation_warnings(WHO, own_copy, leader, [URN], 4.0, *AUTUMN, without=number) == []
    assert len(allocation_warnings(WHO, own_copy, leader, [URN], 4.5, *AUTUMN, without=number)) == 1


def test_each_term_of_the_dates_is_looked_at_and_a_notice_takes_its_days(own_copy: Copy) -> None:
    leader = _leader(own_copy, limited_from=date(2027, 1, 1), limited_to=date(2027, 3, 31))
    # 122 days in the autumn, 90 in the spring: 2.3 and 1.7 of 4 days
    assert allocation_warnings(WHO, own_copy, leader, [URN], 4.0, date(2026, 9, 1), date(2027, 3, 31)) == [
        "Leader 88 offers 0 days in spring 2027 (limited by their own school from 1 January 2027 to 31 March 2027); "
        "0.0 are planned, and with this it would be 1.7."
    ]


@pytest.mark.parametrize(
    ("days", "dates"),
    [(None, AUTUMN), (99.0, (None, AUTUMN[1])), (99.0, (AUTUMN[0], None)), (99.0, (AUTUMN[1], AUTUMN[0]))],
)
def test_without_days_or_dates_nothing_is_said_of_too_many(
    days: float | None, dates: tuple[date | None, date | None], own_copy: Copy
) -> None:
    assert allocation_warnings(WHO, own_copy, _leader(own_copy), [URN], days, *dates) == []


def test_a_leader_without_recorded_days_is_not_called_over(own_copy: Copy) -> None:
    leader = _leader(own_copy, days_per_term=None)
    assert allocation_warnings(WHO, own_copy, leader, [URN], 99.0, *AUTUMN) == []


def test_conflicts_come_first_and_name_the_school_in_a_group(own_copy: Copy) -> None:
    leader = _leader(own_copy, home_urn=URN, ties="900031")
    name = school_facts(WHO, own_copy, [URN])[URN].name
    other = school_facts(WHO, own_copy, ["900031"])["900031"].name
    assert allocation_warnings(WHO, own_copy, leader, [URN], None, None, None) == ["Leader 88 works at this school."]
    assert allocation_warnings(WHO, own_copy, leader, [URN, "900031", "900040"], None, None, None) == [
        f"{name}: Leader 88 works at this school.",
        f"{other}: They have declared a tie with this school.",
    ]


def test_an_la_that_excludes_its_own_locality_is_warned_of_it(own_copy: Copy) -> None:
    leader = _leader(own_copy, locality=school_facts(WHO, own_copy, [URN])[URN].locality)
    assert allocation_warnings(WHO, own_copy, leader, [URN], None, None, None) == []
    delivered = Path(people.__file__).with_name(PEOPLE_FILE).read_text("utf-8")
    own = delivered.replace("exclude_own_locality = false", "exclude_own_locality = true")
    (own_copy.data.root / PEOPLE_FILE).write_text(own, "utf-8")
    (warning,) = allocation_warnings(WHO, own_copy, leader, [URN], None, None, None)
    assert warning.endswith("which this LA excludes.")


def test_a_leader_that_there_is_not_is_refused(own_copy: Copy) -> None:
    with pytest.raises(RecordRefused, match="no system leader number 999999"):
        allocation_warnings(WHO, own_copy, 999_999, [URN], 1.0, *AUTUMN)
