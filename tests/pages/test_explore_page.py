"""Explore through app.py: every question by its link, choices that stand in the address, forged links."""

import pytest

from risk_model.domain.paths import DataDir
from risk_model.services.explore import QUESTIONS
from tests.pages.conftest import Visit, said, shows_no_markup, well


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda one: one.key)
def test_a_link_opens_its_question_with_charts_and_how_it_is_worked_out(
    question: object, demo_data: DataDir, visit: Visit
) -> None:
    assert hasattr(question, "key")
    assert hasattr(question, "words")
    app = visit("explore", question=question.key)
    assert [one.value for one in app.header] == [question.words]
    assert "How this is worked out" in [one.value for one in app.subheader]
    assert app.get("plotly_chart")
    text = said(app)
    assert "Source: " in text
    assert f"question={question.key}" in app.code[-1].value


def test_the_questions_stand_in_a_list_and_open_one_at_a_time(demo_data: DataDir, visit: Visit) -> None:
    app = visit("explore")
    asked = app.radio(key="question")
    assert asked.options == [one.words for one in QUESTIONS]
    well(asked.set_value("together").run())
    assert [one.value for one in app.header] == ["Does it hang together?"]
    assert app.query_params["question"] in ("together", ["together"])
    assert "This is no proof that one causes the other." in said(app)


def test_a_view_is_opened_again_by_its_address(demo_data: DataDir, visit: Visit) -> None:
    app = visit("explore", question="changing", trend="secondary.progress8_score", pick="locality:Alder Valley")
    assert app.selectbox(key="trend").value == "secondary.progress8_score"
    assert app.multiselect(key="pick").value == ["locality:Alder Valley"]
    assert "Progress 8, Alder Valley: " in said(app)
    address = app.code[-1].value
    assert address.startswith("/explore?")
    assert "pick=locality%3AAlder+Valley" in address


def test_a_forged_link_shows_the_first_question_and_picks_nobody(demo_data: DataDir, visit: Visit) -> None:
    app = visit("explore", question="<b>x</b>", pick="1 or 1=1", trend="nonsense")
    assert [one.value for one in app.header] == [QUESTIONS[0].words]
    assert app.multiselect(key="pick").value == []
    assert shows_no_markup(app)


def test_a_school_that_is_named_leads_to_its_profile(demo_data: DataDir, visit: Visit) -> None:
    app = visit("explore", question="within")
    assert "Schools named here" in [one.value for one in app.subheader]
    links = [one.proto for one in app.get("page_link")]
    assert any("urn=900" in link.query_string for link in links)


def test_a_pick_is_forgotten_where_the_scope_no_longer_has_it(demo_data: DataDir, visit: Visit) -> None:
    app = visit("explore", question="compare", pick="phase:special")
    assert app.multiselect(key="pick").value == ["phase:special"]
    well(app.multiselect(key="pick").set_value([]).run())
    assert "pick" not in app.query_params


def test_names_from_files_are_text(small_data: DataDir, visit: Visit) -> None:
    for question in QUESTIONS:
        assert shows_no_markup(visit("explore", question=question.key, pick="100001"))
