"""Before and after support: which years, which similar schools, and a difference worked out by hand."""

from collections.abc import Mapping
from datetime import date

import pytest

from risk_model.services.before_after import Case, Evidence, Match, Spell, case_of, estimate, t_value

# A supported school, six like it that had nothing, two that lie far off, and one of another phase.
FIGURES: Mapping[str, Mapping[int, float]] = {
    "1": {2023: 40.0, 2024: 40.0, 2025: 46.0},
    "2": {2023: 41.0, 2024: 41.0, 2025: 43.0},
    "3": {2023: 42.0, 2024: 42.0, 2025: 44.0},
    "4": {2023: 39.0, 2024: 39.0, 2025: 40.0},
    "5": {2023: 38.0, 2024: 38.0, 2025: 39.0},
    "6": {2023: 43.0, 2024: 43.0, 2025: 47.0},
    "7": {2023: 44.0, 2024: 44.0, 2025: 54.0},
    "8": {2023: 80.0, 2024: 80.0, 2025: 81.0},
    "9": {2023: 10.0, 2024: 10.0, 2025: 11.0},
    "10": {2023: 40.0, 2024: 40.0, 2025: 40.0},
}
PHASES = dict.fromkeys(FIGURES, "primary") | {"10": "secondary"}
BEGAN = date(2024, 10, 1)


def evidence(
    figures: Mapping[str, Mapping[int, float]] = FIGURES,
    breaks: tuple[int, ...] = (),
    supported: frozenset[str] = frozenset(),
    places: Mapping[str, str] | None = None,
) -> Evidence:
    return Evidence(figures, PHASES, breaks, lambda urn, _first, _last: urn in supported, lambda _day: places)


def case(began: date | None = BEGAN, given: Evidence | None = None) -> Case:
    return case_of(Spell("1", "any support", began), given or evidence())


def test_before_is_the_last_year_that_had_ended_and_after_the_latest_half_a_year_on() -> None:
    found = case()
    assert (found.before_year, found.before, found.after_year, found.after) == (2024, 40.0, 2025, 46.0)
    assert found.change == 6.0
    assert found.why_not == ""


def test_a_year_that_ends_on_the_day_support_begins_is_not_before_it() -> None:
    assert case(date(2024, 8, 31)).before_year == 2023
    assert case(date(2024, 9, 1)).before_year == 2024


@pytest.mark.parametrize(
    ("began", "why"),
    [
        # 183 days before 31 August 2025 is 1 March 2025
        (date(2025, 3, 1), ""),
        (date(2025, 3, 2), "too early: the first figure that can count is that of 2025-26"),
    ],
)
def test_half_a_year_of_support_is_the_least(began: date, why: str) -> None:
    assert case(began).why_not == why


def test_similar_schools_are_the_five_nearest_of_the_phase_without_support() -> None:
    found = case()
    # 2 and 4 lie one point off, 3 and 5 two, 6 three; 7 is the sixth, 8 and 9 are far, 10 is of another phase
    assert [one.urn for one in found.matches] == ["2", "4", "3", "5", "6"]
    # they moved by 2, 1, 2, 1 and 4 points: on average 2; this one by 6
    assert found.similar_change == 2.0
    assert found.difference == 4.0


def test_the_distance_is_in_standard_deviations_of_the_phase() -> None:
    # 2024: 40, 41, 42, 39, 38, 43, 44, 80, 10; mean 41.89, sum of squares 2,506.9 over 8: deviation 17.70
    assert case().matches[0].distance == pytest.approx(1 / 17.70, rel=1e-3)
    assert case().matches[0].level_apart == case().matches[0].distance


def test_schools_with_support_are_never_beside_one_and_fewer_than_three_do_not_count() -> None:
    found = case(given=evidence(supported=frozenset({"2", "4", "5"})))
    assert [one.urn for one in found.matches] == ["3", "6", "7"]
    few = case(given=evidence(supported=frozenset({"2", "4", "5", "6"})))
    assert few.why_not == "fewer than 3 similar schools without support: 2 were near enough"
    assert few.difference is None


def test_a_school_that_fell_in_the_year_before_is_farther_than_one_that_did_not() -> None:
    falling = {**FIGURES, "2": {2023: 60.0, 2024: 41.0, 2025: 43.0}}
    found = case(given=evidence(falling))
    assert [one.urn for one in found.matches] == ["4", "3", "5", "6", "7"]


def test_another_place_in_an_earlier_build_adds_to_the_distance_and_is_said() -> None:
    places = dict.fromkeys(FIGURES, "priority") | {"2": "universal"}
    found = {one.urn: one for one in case(given=evidence(places=places, supported=frozenset({"7"}))).matches}
    assert found["2"].same_priority is False
    assert found["4"].same_priority is True
    assert found["2"].distance == pytest.approx(found["4"].distance + 0.25)
    assert case().matches[0].same_priority is None


def test_no_figure_is_compared_across_a_break() -> None:
    assert case(given=evidence(breaks=(2025,))).why_not == "what is counted changed between the years before and after"
    # a break before both years is none between them, but the change over it is not known
    found = case(given=evidence(breaks=(2024,)))
    assert (found.why_not, found.trend) == ("", None)
    assert found.matches[0].trend_apart is None


@pytest.mark.parametrize(
    ("own", "why"),
    [
        ({2025: 46.0}, "no figure of its own from before support began"),
        ({2024: 40.0}, "no figure of its own for 2024-25 or later"),
    ],
)
def test_a_missing_figure_is_said(own: Mapping[int, float], why: str) -> None:
    assert case(given=evidence({**FIGURES, "1": own})).why_not == why


def test_support_whose_start_is_not_recorded_does_not_count() -> None:
    assert case(began=None).why_not == "it is not recorded when support began"


def _with_difference(difference: float) -> Case:
    match = Match("2", 0.0, 40.0, 40.0, 0.0, None, None)
    return Case("1", "any support", BEGAN, 2024, 40.0, 2025, 40.0 + difference, None, (match,))


def test_the_interval_is_students_t_over_the_cases() -> None:
    found = estimate([_with_difference(by) for by in (1.0, 2.0, 3.0, 4.0, 5.0)])
    # mean 3, deviation 1.5811, standard error 0.7071, t of 4 degrees 2.776: 3 ± 1.963
    assert (found.value, found.low, found.high) == pytest.approx((3.0, 1.037, 4.963), abs=0.006)


def test_four_cases_are_not_enough() -> None:
    found = estimate([_with_difference(1.0)] * 4)
    assert found.value is None
    assert found.withheld == "not enough cases: 4 of the 5 that it needs"


@pytest.mark.parametrize(("freedom", "table"), [(4, 2.776), (9, 2.262), (29, 2.045), (120, 1.980)])
def test_t_is_that_of_the_tables(freedom: int, table: float) -> None:
    assert t_value(freedom) == pytest.approx(table, rel=0.004)
