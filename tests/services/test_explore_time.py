"""Who gets our time: every figure counted a second way, small groups not told, and findings that stay true."""

from collections.abc import Iterator, Mapping
from datetime import date
from statistics import median
from typing import Any

import pytest

from risk_model.casework import NewAllocation, active_allocations, add_allocation, allocations
from risk_model.demo.places import LA_CODE
from risk_model.domain.charts import Dots
from risk_model.domain.paths import DataDir
from risk_model.domain.viewer import local_viewer
from risk_model.services.attention import GROUPINGS, Attention, GroupTime, Waits, attention
from risk_model.services.copy import Copy, opened
from risk_model.services.explore_answers import Answer, Wanted
from risk_model.services.explore_time import CAUTION, time_answer
from risk_model.services.scope import Scope
from risk_model.warehouse.flags import kept_flags, read_flags

WHO = local_viewer()
DEMO = Scope(LA_CODE)


@pytest.fixture
def small_copy(small_data: DataDir) -> Iterator[Copy]:
    with opened(small_data) as copy:
        yield copy


def a_group(**said: Any) -> GroupTime:
    usual: dict[str, Any] = {
        "name": "primary",
        "schools": 20,
        "pupils": 4_000,
        "without_roll": 0,
        "flagged": 5,
        "supported": 3,
        "planned": 30.0,
        "used": 10.0,
        "planned_with_roll": 40.0,
        "days_not_known": 0,
        "used_not_known": 0,
    }
    return GroupTime(**{**usual, **said})


def test_a_group_is_told_by_school_and_by_pupil() -> None:
    group = a_group()
    assert (group.planned_each, group.used_each, group.per_1000_pupils) == (6.0, 2.0, 10.0)
    assert group.flag_rate is not None
    # Wilson, 5 of 20: 11.2% to 46.9%
    assert (group.flag_rate.lower, group.flag_rate.value, group.flag_rate.upper) == pytest.approx(
        (11.19, 25, 46.87), abs=0.01
    )


@pytest.mark.parametrize(
    ("said", "rate", "each", "per_1000"),
    [
        ({"schools": 4, "flagged": 4}, False, False, False),
        ({"schools": 5, "flagged": 4}, True, False, True),
        ({"flagged": 5, "days_not_known": 1}, True, False, True),  # four are left whose days are known
        ({"flagged": 6, "days_not_known": 1}, True, True, True),
        ({"pupils": 0, "without_roll": 20}, True, True, False),
    ],
)
def test_a_small_group_is_not_told(said: Mapping[str, Any], rate: bool, each: bool, per_1000: bool) -> None:
    group = a_group(**said)
    assert [one is not None for one in (group.flag_rate, group.planned_each, group.per_1000_pupils)] == [
        rate,
        each,
        per_1000,
    ]


def test_days_that_nobody_recorded_are_left_out_and_no_noughts() -> None:
    # 30 days for five of six schools
    assert a_group(flagged=6, days_not_known=1).planned_each == 6.0
    assert a_group(flagged=7, used_not_known=2).used_each == 2.0


def test_waits_are_told_from_five_schools_on() -> None:
    four, five = (1, 2, 3, 400), (1, 2, 30, 4, 500)
    group = a_group(waits=Waits(started=four, waiting=five))
    assert group.days_until_support is None
    assert group.days_waiting == 4


@pytest.mark.parametrize("grouping", GROUPINGS)
def test_each_school_is_in_one_group(demo_copy: Copy, grouping: str) -> None:
    found = attention(WHO, demo_copy, DEMO, grouping)
    for name in ("schools", "pupils", "flagged", "supported", "planned", "used", "planned_with_roll"):
        assert sum(getattr(one, name) for one in found.groups) == pytest.approx(getattr(found.together, name)), name
    assert found.together.schools == 259


def test_the_days_are_those_of_the_records(demo_copy: Copy) -> None:
    place = {row["urn"]: row["priority"] for row in demo_copy.reader.rows("select urn, priority from schools_at_risk")}
    pieces = active_allocations(demo_copy.records, demo_copy.build.as_at, la_code=LA_CODE)
    shares = [(urn, one.days_planned_for(urn)) for one in pieces for urn in one.urns if place.get(urn) == "priority"]
    together = attention(WHO, demo_copy, DEMO, "phase").together
    assert together.planned == pytest.approx(sum(days for _, days in shares if days is not None))
    assert together.supported == len({urn for urn, _ in shares})
    assert together.flagged == sum(one == "priority" for one in place.values())


def test_fifths_are_in_order_and_sizes_from_small_to_large(demo_copy: Copy) -> None:
    assert [one.name for one in attention(WHO, demo_copy, DEMO, "fsm").groups] == [
        "fifth 1, least disadvantaged",
        "fifth 2",
        "fifth 3",
        "fifth 4",
        "fifth 5, most disadvantaged",
    ]
    sizes = [one.name for one in attention(WHO, demo_copy, DEMO, "size").groups if one.name.startswith("primary")]
    assert sizes == [
        "primary, under 100 pupils",
        "primary, 100 to 249 pupils",
        "primary, 250 to 450 pupils",
        "primary, over 450 pupils",
    ]


def test_a_wait_begins_with_the_first_build_that_flagged_the_school_without_a_break(own_copy: Copy) -> None:
    before = attention(WHO, own_copy, DEMO, "phase")
    assert before.since == date(2026, 4, 30)
    flagged_then = {row["urn"] for row in read_flags(kept_flags(own_copy.data)[0]) if row["priority"] == "priority"}
    now = own_copy.reader.rows("select urn from schools_at_risk where priority = 'priority' order by urn")
    helped = {urn for one in allocations(own_copy.records) for urn in one.urns}
    school = next(row["urn"] for row in now if row["urn"] in flagged_then - helped)
    assert median(before.together.waits.waiting) == (date(2026, 11, 20) - date(2026, 4, 30)).days
    support = NewAllocation(LA_CODE, school, "LA team", "Finance", status="active", start_date=date(2026, 5, 10))
    add_allocation(own_copy.records, "LA adviser", support)
    after = attention(WHO, own_copy, DEMO, "phase").together.waits
    assert len(after.waiting) == len(before.together.waits.waiting) - 1
    assert sorted(after.started) == sorted([*before.together.waits.started, 10])


def answered(copy: Copy, grouping: str, scope: Scope = DEMO) -> Answer:
    return time_answer(WHO, copy, scope, Wanted((), {"by": grouping}))


def _rated(found: Attention) -> list[GroupTime]:
    return [one for one in found.groups if one.flag_rate is not None]


@pytest.mark.parametrize("grouping", GROUPINGS)
def test_the_finding_names_the_groups_with_most_and_least(demo_copy: Copy, grouping: str) -> None:
    found = attention(WHO, demo_copy, DEMO, grouping)
    answer = answered(demo_copy, grouping)
    rates = {one.name: one.flagged / one.schools for one in _rated(found)}
    days = {one.name: one.planned_each for one in found.groups if one.planned_each is not None}
    most, least = max(rates, key=rates.__getitem__), min(rates, key=rates.__getitem__)
    assert f"Flagged most often: {most} (" in answer.finding
    assert f"; least often: {least} (" in answer.finding
    assert f"for each flagged school: {max(days, key=days.__getitem__)} ({max(days.values()):.1f})" in answer.finding
    assert f"fewest: {min(days, key=days.__getitem__)} ({min(days.values()):.1f})" in answer.finding
    assert answer.charts[0].notes[0] == CAUTION


def test_a_difference_that_chance_could_make_is_called_so(demo_copy: Copy) -> None:
    assert "chance alone could make that difference" in answered(demo_copy, "type").finding
    assert "chance alone" not in answered(demo_copy, "fsm").finding


def test_a_group_of_four_has_its_name_and_no_figure_anywhere(demo_copy: Copy) -> None:
    found = attention(WHO, demo_copy, DEMO, "size")
    few = [one for one in found.groups if one.schools < 5]
    assert few
    for chart in answered(demo_copy, "size").charts:
        assert isinstance(chart.drawing, Dots)
        own = chart.table.set_index("Group").loc[[one.name for one in few]]
        told = own.drop(columns=[name for name in ("Schools", "Without a roll", "Not told because") if name in own])
        assert told.isna().all(axis=None), chart.key
        for one in few:
            row = chart.drawing.rows.index(f"{one.name}, fewer than 5 schools")
            assert [dot.values[row] for dot in chart.drawing.dots] == [None] * len(chart.drawing.dots)


def test_without_support_or_an_la_it_says_so(small_copy: Copy) -> None:
    assert answered(small_copy, "phase", Scope()).finding.startswith("Choose a local authority")
    la_code = small_copy.reader.rows("select min(la_code) as la from schools")[0]["la"]
    answer = answered(small_copy, "phase", Scope(la_code))
    assert "No support is recorded for any of" in answer.finding or "None of the" in answer.finding
    assert [chart.key for chart in answer.charts] == ["time_flagged"]
    assert any("only one build is kept" in line for line in answer.how)
