"""Support against results on one axis of dates: what is drawn, what is said, and that nothing claims a cause."""

from datetime import date, timedelta

import pandas as pd
import pytest

from risk_model.casework import NewAllocation, NewShare, NewVisit, add_allocation, allocations, record_visit
from risk_model.domain.paths import DataDir
from risk_model.domain.viewer import local_viewer
from risk_model.services.copy import Copy, opened
from risk_model.services.profile import school_profile
from risk_model.services.timeline import Timeline, timeline
from risk_model.services.timeline_words import NO_CAUSE

WHO = local_viewer()
AS_AT = date(2026, 11, 20)


def _school(copy: Copy, measure_id: str = "rwm_expected_pct", number: int = 0) -> str:
    """A school with a figure of 2024-25 and of eight years before, and without any support."""
    helped = [urn for one in allocations(copy.records) for urn in one.urns]
    schools = copy.reader.rows(
        "select urn from measure_values where measure_id = $measure and period in ('2016-2017', '2024-2025') "
        "and value is not null and urn not in (select unnest($helped)) group by urn having count(*) = 2 order by urn",
        {"measure": measure_id, "helped": helped},
    )
    return str(schools[number]["urn"])


def _add(copy: Copy, urn: str, start: date | None, **given: object) -> int:
    new: dict[str, object] = {
        "provider_type": "LA team",
        "provider_name": "Team A",
        "support_type": "attendance",
        "status": "active",
        "start_date": start,
        "end_date": date(2027, 3, 31),
        "last_update": AS_AT,
    }
    return add_allocation(copy.records, "tester", NewAllocation("999", urn, **(new | given)))  # type: ignore[arg-type]


def _drawn(copy: Copy, urn: str, measure_id: str | None = None) -> Timeline:
    found = timeline(WHO, copy, school_profile(WHO, copy, urn), measure_id)
    assert found is not None
    return found


def test_a_school_without_any_support_has_no_time_line(demo_copy: Copy) -> None:
    assert timeline(WHO, demo_copy, school_profile(WHO, demo_copy, _school(demo_copy))) is None


# the demo's primary schools have their last results from summer 2025; a school year ends on 31 August
@pytest.mark.parametrize(
    ("starts", "said"),
    [
        (["2025-08-31"], "One piece of support since 2025; the last results are from summer 2025, after it began."),
        (["2025-09-01"], "One piece of support since 2025; the last results are from summer 2025, before it began."),
        (
            ["2024-01-10", "2025-08-31"],
            "Two pieces of support since 2024; the last results are from summer 2025, after all of them began.",
        ),
        (
            ["2024-01-10", "2025-09-01", "2026-01-10"],
            "Three pieces of support since 2024; the last results are from summer 2025, before two of them began.",
        ),
        (
            ["2026-01-10", "2026-02-10"],
            "Two pieces of support since 2026; the last results are from summer 2025, before any of them began.",
        ),
    ],
)
def test_the_title_says_how_much_support_there_was_and_what_began_after_the_last_results(
    starts: list[str], said: str, own_copy: Copy
) -> None:
    urn = _school(own_copy)
    for start in starts:
        _add(own_copy, urn, date.fromisoformat(start))
    found = _drawn(own_copy, urn)
    assert found.finding == said
    assert found.notes[0] == NO_CAUSE
    assert [bar.began for bar in found.bars] == [date.fromisoformat(start) for start in starts]


def test_support_to_come_and_support_without_a_first_day_are_told_apart(own_copy: Copy) -> None:
    urn = _school(own_copy)
    _add(own_copy, urn, date(2026, 1, 10))
    _add(own_copy, urn, AS_AT + timedelta(days=1), status="agreed")
    _add(own_copy, urn, None, status="completed")
    _add(own_copy, urn, date(2026, 2, 1), status="declined", status_reason="The school had another offer.")
    found = _drawn(own_copy, urn)
    assert found.finding == (
        "One piece of support since 2026; the last results are from summer 2025, before it began; "
        "of one more it is not recorded when it began; one more planned."
    )
    assert [bar.standing for bar in found.bars] == ["active", "not started"]
    assert "Not drawn, because it is not recorded when it begins: one of the pieces of support." in found.notes
    assert "Not drawn, because it was declined, cancelled or withdrawn: one of the pieces of support." in found.notes
    support = found.table[found.table["What"] == "support"]
    assert len(support) == 4
    assert support["Date"].isna().sum() == 1


def test_support_that_only_was_declined_has_not_begun(own_copy: Copy) -> None:
    urn = _school(own_copy)
    _add(own_copy, urn, date(2026, 2, 1), status="declined", status_reason="The school had another offer.")
    found = _drawn(own_copy, urn)
    assert found.bars == ()
    assert found.finding.startswith("No support has begun on a recorded day; the last results are from summer 2025.")


def test_a_bar_without_a_last_day_goes_as_far_as_is_known_and_says_so(own_copy: Copy) -> None:
    urn = _school(own_copy)
    _add(own_copy, urn, date(2026, 10, 1), end_date=None)
    _add(own_copy, urn, date(2026, 1, 1), end_date=None, last_update=None)
    last = date(2025, 5, 1)
    _add(own_copy, urn, date(2025, 1, 1), end_date=None, status="completed", last_update=last)
    ended, stale, active = _drawn(own_copy, urn).bars
    assert (active.until, active.words) == (AS_AT, "LA team, Team A · attendance · active, no end agreed")
    assert (stale.until, stale.words) == (AS_AT, "LA team, Team A · attendance · stale, no end agreed")
    assert (ended.until, ended.words) == (last, "LA team, Team A · attendance · ended, its end is not recorded")


def test_the_length_of_a_bar_counts_its_last_day(own_copy: Copy) -> None:
    urn = _school(own_copy)
    _add(own_copy, urn, date(2026, 11, 1), end_date=date(2026, 11, 2))
    (bar,) = _drawn(own_copy, urn).bars
    # two days of 24 hours of 3,600,000 milliseconds
    assert bar.length_ms == 172_800_000


def test_a_group_shows_each_of_its_schools_its_own_visits(own_copy: Copy) -> None:
    first, second = _school(own_copy), _school(own_copy, number=1)
    number = _add(own_copy, first, date(2026, 9, 1), days_planned=4, shares=(NewShare(first, 2), NewShare(second, 2)))
    for urn, day in ((first, 5), (second, 9)):
        visit = NewVisit(number, urn, date(2026, 10, day), "System leader 07", days=0.5)
        record_visit(own_copy.records, "tester", visit)
    for urn, day in ((first, 5), (second, 9)):
        (bar,) = _drawn(own_copy, urn).bars
        assert [(visit.on.day, visit.words) for visit in bar.visits] == [(day, "Visit by System leader 07, 0.5 days")]


def test_results_stand_at_the_end_of_their_year_and_no_run_crosses_a_break(own_copy: Copy) -> None:
    urn = _school(own_copy)
    _add(own_copy, urn, date(2026, 9, 1))
    found = _drawn(own_copy, urn, "rwm_expected_pct")
    points = found.points
    assert list(points["on"]) == [pd.Timestamp(year, 8, 31) for year in points["year"]]
    assert list(points["year"]) == list(range(int(points["year"].min()), int(points["year"].max()) + 1))
    # breaks since 2017-18 and since 2022-23
    for year, run in zip(points["year"], points["run"], strict=True):
        assert run == (0 if year < 2018 else 1 if year < 2023 else 2)
    assert found.breaks == (date(2018, 3, 1), date(2023, 3, 1))
    assert any(note.startswith("Not comparable across 2022-23: ") for note in found.notes)
    assert any("2019-20, 2020-21, 2021-22" in note for note in found.notes if note.startswith("No figure for "))


def test_the_main_measure_comes_first_and_another_can_be_chosen(own_copy: Copy) -> None:
    urn = _school(own_copy, "attainment8_score")
    _add(own_copy, urn, date(2026, 9, 1))
    for asked, drawn in (
        (None, "attainment8_score"),
        ("progress8_score", "progress8_score"),
        ("<b>", "attainment8_score"),
    ):
        trend = _drawn(own_copy, urn, asked).trend
        assert trend is not None
        assert trend.measure.id == drawn
    words = _drawn(own_copy, urn, "progress8_score").table["In words"]
    # a published interval is said with its figure
    assert words.str.contains(r"Progress 8, \d{4}-\d\d: [+-]\d\.\d+ \([+-]\d\.\d+ to [+-]\d\.\d+\), nationally").any()
    absence = _drawn(own_copy, urn, "persistent_absence_pct").finding
    assert "; the last figure is that of 2024-25, before it began." in absence


def test_the_table_says_all_that_is_drawn_the_newest_first(demo_copy: Copy) -> None:
    profile = school_profile(WHO, demo_copy, "900027")
    found = _drawn(demo_copy, "900027")
    counts = found.table["What"].value_counts()
    assert counts["result"] == len(found.points)
    assert counts["inspection"] == len(found.inspections)
    assert counts["support"] == len(profile.support) == len(found.bars) == 3
    assert counts["visit"] == sum(len(bar.visits) for bar in found.bars) == 7
    days = [day for day in found.table["Date"] if pd.notna(day)]
    assert days == sorted(days, reverse=True)
    earlier = len(profile.inspections) - len(found.inspections)
    assert [note for note in found.notes if "under Inspections" in note] == [
        f"Inspections before 1 September 2016 stand below, under Inspections: {earlier}."
    ] * bool(earlier)


# ended and still to come; three at once; ended early; paused; one that was declined
@pytest.mark.parametrize("urn", ["900020", "900027", "900040", "900067", "900082"])
def test_every_mark_lies_on_the_axis(urn: str, demo_copy: Copy) -> None:
    found = _drawn(demo_copy, urn)
    days = [day for bar in found.bars for day in (bar.began, bar.until, *(visit.on for visit in bar.visits))]
    days += [day.date() for day in found.points["on"]]
    assert all(found.first <= day <= found.last for day in [*days, found.as_at])


def test_a_school_without_figures_has_its_support_drawn_and_the_lack_said(own_small_data: DataDir) -> None:
    with opened(own_small_data) as copy:
        new = NewAllocation(
            "999", "100002", "LA team", "Team A", start_date=date(2025, 9, 10), status="active", last_update=None
        )
        add_allocation(copy.records, "tester", new)
        found = _drawn(copy, "100002")
    assert found.trend is None
    assert found.finding == "One piece of support since 2025; no yearly figure of this school is loaded."
    assert [bar.words for bar in found.bars] == ["LA team, Team A · kind not recorded · active, no end agreed"]
