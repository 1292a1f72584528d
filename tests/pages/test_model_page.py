"""The model page: with figures, without, of other rules, of few inspections; and what a link says."""

import re
from dataclasses import replace

import pytest

from risk_model.domain.paths import DataDir
from risk_model.scoring.model_figures import ModelFigures, save_backtest
from risk_model.services import model_figures
from risk_model.services.model_card import QUESTION_TITLES
from risk_model.services.model_errors import GROUP_TITLES
from risk_model.services.model_words import INVENTED, NO_FIGURES
from tests.model_kit import Committed, made_up_frame
from tests.pages.conftest import Visit, markdown_of, said, shows_no_markup, well

PARTS = ("The card", "For whom it errs", "Base rates", "Transparency record")
NO_NUMBER = r"\b(nan|NaN|NaT|None(?! is)|<NA>|inf)\b"


@pytest.mark.parametrize("part", PARTS)
def test_each_part_stands_and_a_link_leads_to_it(
    part: str, demo_data: DataDir, visit: Visit, committed: Committed, england_figures: ModelFigures
) -> None:
    committed(england_figures)
    app = visit("model", card=part)
    assert app.session_state["card"] == part
    assert shows_no_markup(app)
    assert not re.search(NO_NUMBER, said(app))


@pytest.mark.parametrize("part", PARTS)
def test_each_part_stands_without_figures(part: str, demo_data: DataDir, visit: Visit, committed: Committed) -> None:
    committed(None)
    app = visit("model", card=part)
    assert not re.search(NO_NUMBER, said(app))
    if part != "Base rates":
        assert NO_FIGURES.split(",")[0] in said(app)


@pytest.mark.parametrize("part", PARTS)
def test_each_part_stands_where_there_is_little(
    part: str, small_data: DataDir, visit: Visit, committed: Committed, england_figures: ModelFigures
) -> None:
    committed(england_figures)
    app = visit("model", card=part)
    assert shows_no_markup(app)
    assert not re.search(NO_NUMBER, said(app))


@pytest.mark.parametrize("question", QUESTION_TITLES)
def test_every_question_can_be_asked_by_a_link(
    question: str, demo_data: DataDir, visit: Visit, committed: Committed, england_figures: ModelFigures
) -> None:
    committed(england_figures)
    app = visit("model", question=question)
    assert app.selectbox(key="question").value == question


@pytest.mark.parametrize("by", GROUP_TITLES)
def test_every_group_can_be_asked_by_a_link(
    by: str, demo_data: DataDir, visit: Visit, committed: Committed, england_figures: ModelFigures
) -> None:
    committed(england_figures)
    app = visit("model", card="For whom it errs", errors_by=by)
    assert app.selectbox(key="errors_by").value == by
    assert "All primary and secondary schools" in app.dataframe[0].value["Schools"].tolist()


def test_a_forged_link_is_read_as_none(
    demo_data: DataDir, visit: Visit, committed: Committed, england_figures: ModelFigures
) -> None:
    committed(england_figures)
    app = visit("model", card="<b>no</b>", question="'; drop table", errors_by="x")
    assert app.session_state["card"] == "The card"
    assert app.selectbox(key="question").value == "graded"
    assert shows_no_markup(app)


def test_the_card_says_what_came_of_each_level_and_what_it_is_not_for(
    demo_data: DataDir, visit: Visit, committed: Committed, england_figures: ModelFigures
) -> None:
    committed(england_figures)
    text = said(visit("model"))
    assert "Of 100 schools at “unlikely” 50 were judged below good, of 100 at “likely” 10" in text
    assert "## What it is not for" not in text
    assert "which grade an inspection will give" in text
    assert "not drawn by lot" in text
    assert "directly comparable" in text
    assert "was looked at once" in text
    assert INVENTED in text


def test_figures_of_other_rules_are_said_to_be_so(
    demo_data: DataDir, visit: Visit, committed: Committed, england_figures: ModelFigures
) -> None:
    committed(replace(england_figures, rule_set="2020.1 **old**", fingerprint="0123456789ab"))
    app = visit("model")
    assert "These are of the rules 2020.1 **old**, and say how those did." in said(app)
    assert shows_no_markup(app)


def test_the_la_stands_beside_england_where_a_back_test_is_kept(
    own_data: DataDir, visit: Visit, committed: Committed, england_figures: ModelFigures
) -> None:
    committed(england_figures)
    save_backtest(own_data, made_up_frame(), england_figures)
    app = visit("model")
    assert "In this LA 40 inspections of primary and secondary schools are counted" in said(app)
    assert app.dataframe[0].value["Here: inspections"].tolist() == [10, 10, 10, 10]


def test_damaged_figures_are_told_on_the_page_and_a_profile_stands_without_them(
    demo_data: DataDir, visit: Visit, committed: Committed, england_figures: ModelFigures
) -> None:
    committed(england_figures)
    model_figures.FIGURES.write_text("{", "utf-8")
    app = visit("model")
    assert len(app.error) == 1
    assert "which holds the model's figures, cannot be read" in said(app)
    assert "the figures of the back-test cannot be read" in said(visit("school", urn="900001"))


def test_a_kept_back_test_whose_inspections_are_lost_is_told(
    own_data: DataDir, visit: Visit, committed: Committed, england_figures: ModelFigures
) -> None:
    committed(england_figures)
    save_backtest(own_data, made_up_frame(), england_figures).path.write_bytes(b"no table")
    app = visit("model")
    assert len(app.error) == 1
    assert "which holds a back-test's inspections, cannot be read" in said(app)
    assert str(own_data.root) not in said(app)


def test_another_phase_has_another_history(demo_data: DataDir, visit: Visit, committed: Committed) -> None:
    committed(None)
    app = visit("model", card="Base rates")
    first = app.dataframe[0].value
    well(app.selectbox(key="base_phase").set_value("secondary").run())
    assert not first.equals(app.dataframe[0].value)
    assert app.query_params["base_phase"] == "secondary"


def test_the_record_says_how_much_is_left_and_is_to_be_had_as_a_file(
    demo_data: DataDir, visit: Visit, committed: Committed, england_figures: ModelFigures
) -> None:
    committed(england_figures)
    app = visit("model", card="Transparency record")
    text = said(app)
    left = int(re.findall(r"\*\*(\d+) questions are left", text)[0])
    assert len(re.findall(r"^\[To be filled in by this LA", text, flags=re.MULTILINE)) == left > 10
    assert [one.label for one in app.download_button] == ["Download the record as a Word document"]


def test_the_profile_and_the_rules_say_what_came_of_a_level(
    demo_data: DataDir, visit: Visit, committed: Committed, england_figures: ModelFigures
) -> None:
    committed(england_figures)
    profile = said(visit("school", urn="900001"))
    assert len(re.findall(r"schools that stood at “[a-z ]+”, \d+ of 100 were judged below good", profile)) == 1
    rules = said(visit("rules"))
    assert rules.count("What came of schools at each level") == 1
    assert "“unlikely” 50 (n = 200)" in rules


def test_no_bare_probability_stands_anywhere_on_the_card(
    demo_data: DataDir, visit: Visit, committed: Committed, england_figures: ModelFigures
) -> None:
    committed(england_figures)
    for part in PARTS[:2]:
        for text in markdown_of(visit("model", card=part)):
            assert "probability" not in text
            assert not re.search(r"(?<![\d.])0\.\d\d(?!\d)", text) or "AUC" in text
