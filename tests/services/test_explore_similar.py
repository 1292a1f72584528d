"""Schools beside similar ones: each figure worked out a second way, and nobody dropped."""

from collections import Counter
from collections.abc import Iterator

import numpy as np
import pytest

from risk_model.demo.places import LA_CODE
from risk_model.domain.charts import Dots, Role
from risk_model.domain.paths import DataDir
from risk_model.domain.viewer import local_viewer
from risk_model.services.copy import Copy, opened
from risk_model.services.explore_answers import Answer, Wanted
from risk_model.services.explore_similar import Gap, school_gaps, similar_answer, similar_selects
from risk_model.services.scope import Scope
from risk_model.services.similar import MAIN_MEASURES, similar_schools

WHO = local_viewer()
DEMO = Scope(LA_CODE)


@pytest.fixture
def small_copy(small_data: DataDir) -> Iterator[Copy]:
    with opened(small_data) as copy:
        yield copy


def answered(copy: Copy, measure: str, picks: tuple[str, ...] = ()) -> Answer:
    (select,) = similar_selects(WHO, copy, DEMO)
    return similar_answer(WHO, copy, DEMO, Wanted(picks, {select.key: measure}))


@pytest.mark.parametrize("measure", ["rwm_expected_gap_pp", "progress8_score", "persistent_absence_pct"])
def test_each_school_is_beside_the_same_schools_as_on_its_profile(demo_copy: Copy, measure: str) -> None:
    title = MAIN_MEASURES[measure][1]
    compared = [one for one in school_gaps(WHO, demo_copy, DEMO, measure) if one.average is not None]
    assert len(compared) > 30
    for one in compared[:: len(compared) // 5]:
        standing = similar_schools(WHO, demo_copy, one.urn).standing.set_index("Measure").loc[title]
        assert one.figure == standing["This school"]
        assert one.average == pytest.approx(standing["Average of similar schools"], abs=1e-6)


def test_the_range_is_that_of_the_similar_schools_of_the_same_year(demo_copy: Copy) -> None:
    gaps = {one.urn: one for one in school_gaps(WHO, demo_copy, DEMO, "persistent_absence_pct")}
    one = next(gap for gap in gaps.values() if gap.average is not None)
    others = demo_copy.reader.rows("select similar_urn from similar_schools where urn = $urn", {"urn": one.urn})
    figures = [gaps[row["similar_urn"]] for row in others]
    known = [other.figure for other in figures if other.figure is not None and other.period == one.period]
    assert one.similar == len(known)
    assert (one.low, one.high) == pytest.approx(tuple(np.quantile(known, [0.1, 0.9])))


@pytest.mark.parametrize(
    ("figure", "more_is_good", "standing"),
    [
        (39.9, True, "worse than nine in ten"),
        (40.0, True, "among them"),
        (70.0, True, "among them"),
        (70.1, True, "better than nine in ten"),
        (39.9, False, "better than nine in ten"),
        (70.1, False, "worse than nine in ten"),
    ],
)
def test_beyond_the_range_is_worse_or_better_by_the_polarity(figure: float, more_is_good: bool, standing: str) -> None:
    gap = Gap("1", "A", "primary", None, None, figure, None, None, "", 50, 55.0, 40.0, 70.0, "", {})
    assert gap.standing(more_is_good=more_is_good) == standing


@pytest.mark.parametrize("measure", ["rwm_expected_gap_pp", "attainment8_rank_pct", "persistent_absence_pct"])
def test_the_finding_counts_what_the_table_says(demo_copy: Copy, measure: str) -> None:
    answer = answered(demo_copy, measure)
    (chart,) = answer.charts
    counts = Counter(chart.table["Among its similar schools"])
    worse, better = counts["worse than nine in ten"], counts["better than nine in ten"]
    compared = worse + better + counts["among them"]
    assert chart.finding == answer.finding
    assert f"of {compared} schools {worse} are worse" in answer.finding
    assert f"and {better} better" in answer.finding
    assert len(chart.table) == 259, "nobody is dropped"
    assert (chart.table["This school"].isna() <= chart.table["Among its similar schools"].str.startswith("not")).all()


def test_the_schools_drawn_are_the_farthest_on_either_side(demo_copy: Copy) -> None:
    (chart,) = answered(demo_copy, "persistent_absence_pct").charts
    assert isinstance(chart.drawing, Dots)
    table = chart.table.set_index("School")
    worse = table[table["Among its similar schools"] == "worse than nine in ten"]["Difference"].nlargest(8)
    better = table[table["Among its similar schools"] == "better than nine in ten"]["Difference"].nsmallest(8)
    assert list(chart.drawing.rows) == [*worse.index, *better.index[::-1]]
    assert chart.drawing.axis.better == "lower is better"
    assert [one.role for one in chart.drawing.dots] == [Role.SIMILAR, Role.OWN]


def test_picked_schools_stand_in_the_order_of_picking_and_those_without_a_figure_say_why(demo_copy: Copy) -> None:
    gaps = school_gaps(WHO, demo_copy, DEMO, "rwm_expected_gap_pp")
    without = next(one.urn for one in gaps if one.figure is None)
    answer = answered(demo_copy, "rwm_expected_gap_pp", (without, "900027", "la:999"))
    assert [one.urn for one in answer.schools] == [without, "900027"]
    assert answer.schools[0].told.startswith("no figure: ")
    assert answer.schools[1].told == "38%, its 49 similar schools 56% on average"
    assert "Intake of Alder Bank Primary School: 48% disadvantaged, 4% EAL, 40 pupils in a year group." in (
        answer.charts[0].notes
    )


def test_limits_of_a_gap_are_those_of_the_figure(demo_copy: Copy) -> None:
    (row,) = demo_copy.reader.rows(
        "select figure, benchmark, lower, upper from measure_values where urn = '900027' "
        "and measure_id = 'rwm_expected_gap_pp'"
    )
    gap = next(one for one in school_gaps(WHO, demo_copy, DEMO, "rwm_expected_gap_pp") if one.urn == "900027")
    assert (gap.lower, gap.upper) == pytest.approx((row["benchmark"] + row["lower"], row["benchmark"] + row["upper"]))
    assert gap.lower is not None
    assert gap.figure is not None
    assert gap.lower < gap.figure < (gap.upper or 0)


def test_without_any_figure_there_is_no_chart_and_it_says_so(small_copy: Copy) -> None:
    answer = similar_answer(WHO, small_copy, Scope(), Wanted())
    assert not answer.charts
    assert answer.finding.startswith("No school in this scope has results or attendance")
