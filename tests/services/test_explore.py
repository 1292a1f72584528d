"""Explore on the demo: every question answers, and what it says is worked out a second way."""

import re

import pandas as pd
import pytest

from risk_model.domain.charts import Lines, Role, Scatter
from risk_model.domain.errors import NotFound
from risk_model.domain.viewer import local_viewer
from risk_model.domain.words import Level, Statement
from risk_model.services.at_risk import school_list
from risk_model.services.copy import Copy
from risk_model.services.explore import QUESTIONS, explore, explore_selects
from risk_model.services.explore_answers import Answer, Wanted
from risk_model.services.school_sets import MOST_PICKS, pick_choices, picked_sets
from risk_model.services.scope import Scope

WHO = local_viewer()
LA = Scope("999")
LOCALITY = Scope("999", "Alder Valley")


def asked(copy: Copy, key: str, *picks: str, scope: Scope = LA, **chosen: str) -> Answer:
    return explore(WHO, copy, scope, key, Wanted(picks, chosen))


def figures(copy: Copy, measure_id: str, period: str) -> "pd.Series[float]":
    """A yearly measure by school, from the build itself."""
    frame = copy.reader.frame(
        "select urn, value from measure_values where measure_id = $m and period = $p and value is not null",
        {"m": measure_id, "p": period},
    )
    return pd.Series(frame["value"].to_numpy(dtype=float), index=frame["urn"])


@pytest.mark.parametrize("scope", [LA, LOCALITY, Scope("999", None, "special"), Scope()], ids=str)
@pytest.mark.parametrize("key", [one.key for one in QUESTIONS])
def test_every_question_answers_in_every_scope(key: str, scope: Scope, demo_copy: Copy) -> None:
    answer = asked(demo_copy, key, scope=scope)
    assert answer.finding.endswith(".")
    charts = [*answer.small, *answer.charts]
    assert len({chart.key for chart in charts}) == len(charts)
    for chart in charts:
        assert chart.finding
        assert chart.source
        assert not chart.table.empty
        assert not any(word in chart.finding for word in ("nan", "None", "{"))


def test_how_many_schools_lack_a_figure_is_said_where_some_do(demo_copy: Copy) -> None:
    (select, *_) = explore_selects(WHO, demo_copy, LA, "together")
    for code in select.options:
        note = asked(demo_copy, "together", **{select.key: code}).charts[0].notes[0]
        both, schools = map(int, re.findall(r"^(\d+) of (\d+) ", note)[0])
        assert ("Lacking one or both: " in note) == (both < schools)
        if both < schools:
            assert f"Lacking one or both: {schools - both} (suppressed, not published, " in note


@pytest.mark.parametrize("key", [one.key for one in QUESTIONS])
def test_every_option_of_every_question_answers(key: str, demo_copy: Copy) -> None:
    for select in explore_selects(WHO, demo_copy, LA, key):
        for code in select.options:
            answer = asked(demo_copy, key, **{select.key: code})
            assert answer.charts, code


def test_a_code_that_is_no_option_is_as_if_nothing_was_chosen(demo_copy: Copy) -> None:
    assert asked(demo_copy, "together", pair="nonsense").charts[0].key == asked(demo_copy, "together").charts[0].key


def test_a_question_that_is_not_there_is_not_found(demo_copy: Copy) -> None:
    with pytest.raises(NotFound, match="no question called nonsense"):
        asked(demo_copy, "nonsense")


def test_six_can_be_picked_and_no_more(demo_copy: Copy) -> None:
    codes = tuple(pick_choices(WHO, demo_copy, LA))
    assert [one.code for one in picked_sets(WHO, demo_copy, LA, codes[:9])] == list(codes[:MOST_PICKS])
    assert picked_sets(WHO, demo_copy, LA, (codes[0], codes[0]))[0].role == Role.FIRST


# --- how do we compare


def test_levels_are_those_of_the_list_of_schools(demo_copy: Copy) -> None:
    schools = school_list(WHO, demo_copy, LA)
    for statement, chart in zip(Statement, asked(demo_copy, "compare").charts, strict=True):
        counted = chart.table.set_index("Level")["Schools"].to_dict()
        expected = schools[f"{statement.value}_level"].value_counts().to_dict()
        assert {level: n for level, n in counted.items() if n} == expected


def test_one_la_alone_says_that_there_is_no_england(demo_copy: Copy) -> None:
    answer = asked(demo_copy, "compare")
    assert any(line.startswith("Only one LA is loaded, so there are no schools of England") for line in answer.how)
    assert (
        answer.finding
        == "Of 259 schools in Exampleshire, 44 are unlikely for outcomes, 15 for leadership and 36 for inspection. "
        "Not enough evidence: outcomes 32, leadership 114, inspection 4."
    )


def test_a_locality_is_compared_with_its_la(demo_copy: Copy) -> None:
    answer = asked(demo_copy, "compare", scope=LOCALITY)
    assert "(8%) in Alder Valley are unlikely, against 17% in Exampleshire" in answer.charts[0].finding
    first = answer.charts[0].table
    assert first[first["Group"] == "Alder Valley"]["Schools"].sum() == 26
    assert Level.LIKELY.value in set(first["Level"])


# --- what is changing


def test_no_year_is_left_out_and_none_without_a_release_has_a_figure(demo_copy: Copy) -> None:
    chart = asked(demo_copy, "changing", trend="primary.rwm_expected_pct").charts[0]
    assert isinstance(chart.drawing, Lines)
    drawing = chart.drawing
    assert drawing.periods[0] == "2016-17"
    assert drawing.periods[-1] == "2024-25"
    assert len(drawing.periods) == 9
    gap = [drawing.periods.index(year) for year in ("2019-20", "2020-21", "2021-22")]
    assert all(line.values[place] is None for line in drawing.lines for place in gap)
    assert [one.period for one in drawing.breaks] == ["2017-18", "2022-23"]


def test_the_change_is_counted_from_the_first_year_after_the_break(demo_copy: Copy) -> None:
    finding = asked(demo_copy, "changing", trend="primary.rwm_expected_pct").charts[0].finding
    assert finding.endswith("62% in 2024-25, not clearly apart from England (62%); up 2 points since 2022-23")


def test_a_locality_and_its_la_are_both_worked_out_from_their_schools(demo_copy: Copy) -> None:
    trend = "primary.rwm_expected_pct"
    table = asked(demo_copy, "changing", scope=LOCALITY, trend=trend).charts[0].table
    found = table[(table["Group"] == "Exampleshire") & (table["Year"] == "2024-25")].iloc[0]
    pupils = demo_copy.reader.frame(
        "select value, denominator from measure_values inner join schools using (urn) where phase_group = 'primary' "
        "and measure_id = 'rwm_expected_pct' and period = '2024-2025' and value is not null"
    )
    assert found["Percent"] == pytest.approx((pupils["value"] * pupils["denominator"]).sum() / found["Pupils"])
    # the LA alone is as published beside England's published figure, which has special schools in it
    alone = asked(demo_copy, "changing", trend=trend).charts[0]
    assert any(note.startswith("Exampleshire is as published for the whole LA") for note in alone.notes)
    assert alone.table.set_index("Year").at["2024-25", "Percent"] == 62


def test_small_charts_stand_for_the_whole_phase(demo_copy: Copy) -> None:
    answer = asked(demo_copy, "changing", trend="secondary.progress8_score")
    assert 4 <= len(answer.small) <= 6
    assert all(chart.key.endswith("_small") for chart in answer.small)
    assert "changing_attainment8_score_small" in {chart.key for chart in answer.small}


def test_a_median_is_that_of_the_school_in_the_middle(demo_copy: Copy) -> None:
    table = asked(demo_copy, "changing", trend="primary.in_year_balance_gbp").charts[0].table
    phases = demo_copy.reader.frame("select urn from schools where phase_group = 'primary'")["urn"]
    expected = figures(demo_copy, "in_year_balance_gbp", "2024-2025").reindex(phases).median()
    found = table.set_index("Year").at["2024-25", "Pounds"]
    assert found == pytest.approx(expected)


# --- does it hang together


def test_the_correlation_is_that_of_the_schools_with_both_figures(demo_copy: Copy) -> None:
    chart = asked(demo_copy, "together", pair="primary_absence").charts[0]
    schools = demo_copy.reader.frame("select urn from schools where phase_group = 'primary'")["urn"]
    absence = figures(demo_copy, "persistent_absence_pct", "2024-2025").reindex(schools)
    results = figures(demo_copy, "rwm_expected_pct", "2024-2025").reindex(schools)
    both = pd.DataFrame({"x": absence, "y": results}).dropna()
    assert f"{len(both)} primary schools" in chart.finding
    assert f"correlation {both['x'].corr(both['y']):.2f}" in chart.finding
    assert isinstance(chart.drawing, Scatter)
    assert {spot.key for spot in chart.drawing.spots} == set(both.index)


def test_it_says_that_it_is_no_proof_and_names_no_correlation_of_few(demo_copy: Copy) -> None:
    few = asked(demo_copy, "together", scope=LOCALITY, pair="secondary_absence")
    assert "too few schools have both figures" in few.finding
    assert "no correlation is worked out for so few" in few.charts[0].finding
    assert "This is no proof that one causes the other." in few.finding
    assert "This is no proof that one causes the other." in asked(demo_copy, "together").finding


def test_the_schools_of_the_scope_stand_out_and_picked_ones_are_named(demo_copy: Copy) -> None:
    own = demo_copy.reader.rows(
        "select min(urn) as urn from schools where locality = 'Alder Valley' and phase_group = 'primary' and urn in "
        "(select urn from measure_values where measure_id = 'rwm_expected_pct' and period = '2024-2025' "
        "and value is not null)"
    )[0]["urn"]
    answer = asked(demo_copy, "together", own, scope=LOCALITY, pair="primary_absence")
    assert isinstance(answer.charts[0].drawing, Scatter)
    spots = answer.charts[0].drawing.spots
    assert {spot.role for spot in spots} == {Role.OWN, Role.REST, Role.FIRST}
    assert [spot.key for spot in spots if spot.label] == [own]
    assert [one.urn for one in answer.schools] == [own]
    assert answer.selects_schools


# --- what differs within schools


def test_schools_that_are_clearly_apart_come_first(demo_copy: Copy) -> None:
    answer = asked(demo_copy, "within", subjects="reading_maths")
    table = answer.charts[0].table.set_index("URN")
    clear = [table.at[one.urn, "Clearly apart"] == "yes" for one in answer.schools]
    assert len(clear) == 10
    assert clear == sorted(clear, reverse=True)
    weaker = (table["Apart"] < 0).sum()
    assert f"{weaker} of {len(table)} schools" in answer.finding
