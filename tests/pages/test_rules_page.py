"""The rules page: cards, a sandbox that a link can share, and two rule sets side by side."""

import re

import pytest
from streamlit.testing.v1 import AppTest

from risk_model.domain.paths import DataDir
from risk_model.domain.viewer import local_viewer
from risk_model.rules.reader import read_rules
from risk_model.services.copy import opened
from risk_model.services.sandbox import read_changes, trial_rules
from tests.conftest import SMALL_AS_AT
from tests.pages.conftest import Visit, markdown_of, said, shows_no_markup, well

VIEWS = ("Catalogue", "Sandbox", "Compare")
MOVING = "outcomes.uncertain_points:1"


def sandbox(visit: Visit, **query: str) -> AppTest:
    return visit("rules", view="Sandbox", **query)


@pytest.mark.parametrize("view", VIEWS)
def test_each_part_stands_and_a_link_leads_to_it(view: str, demo_data: DataDir, visit: Visit) -> None:
    app = visit("rules", view=view)
    assert app.session_state["view"] == view
    assert shows_no_markup(app)


@pytest.mark.parametrize("view", VIEWS)
def test_each_part_stands_where_there_is_little(view: str, small_data: DataDir, visit: Visit) -> None:
    assert shows_no_markup(visit("rules", view=view, change=MOVING))


@pytest.mark.parametrize("view", VIEWS)
def test_each_part_stands_in_a_scope_without_schools(view: str, demo_data: DataDir, visit: Visit) -> None:
    app = visit("rules", view=view, change=MOVING, locality="Brackenside", phase="alternative provision")
    assert shows_no_markup(app)


@pytest.mark.parametrize("view", VIEWS)
def test_no_part_shows_a_number_that_is_not_one(view: str, demo_data: DataDir, visit: Visit) -> None:
    text = said(visit("rules", view=view, change=MOVING))
    assert not re.search(r"\b(nan|NaN|NaT|None|<NA>|inf)\b", text)


# the catalogue


def test_the_catalogue_has_a_card_for_every_rule_in_force(demo_data: DataDir, visit: Visit) -> None:
    text = said(visit("rules"))
    for rule in read_rules().rules:
        assert f"### {rule.id} {rule.title}" in text
        assert rule.checked_by in text
    assert "Not yet approved by this local authority." in text


def test_the_catalogue_of_one_statement_has_its_rules_alone(demo_data: DataDir, visit: Visit) -> None:
    text = said(visit("rules", rules_of="leadership"))
    shown = set(re.findall(r"### ([OLN]\d+) ", text))
    assert shown == {rule.id for rule in read_rules().rules if rule.id[0] == "L"}


def test_an_approval_is_recorded_and_shown(own_data: DataDir, visit: Visit) -> None:
    app = visit("rules")
    next(one for one in app.text_input if one.label == "Approved by").set_value("School improvement **board**")
    next(one for one in app.button if one.label == "Record the approval").click()
    text = said(well(app.run()))
    assert "Approved by School improvement **board** on " in text
    assert shows_no_markup(app)


def test_an_approval_without_anybody_is_refused_in_words(own_data: DataDir, visit: Visit) -> None:
    app = visit("rules")
    next(one for one in app.button if one.label == "Record the approval").click()
    well(app.run())
    assert app.error
    assert "Not yet approved" in said(app)


# the sandbox


def test_an_empty_sandbox_says_what_to_do(demo_data: DataDir, visit: Visit) -> None:
    app = sandbox(visit)
    assert [one.value for one in app.info] == [
        "Nothing is tried yet: choose a rule above and change one of its numbers."
    ]
    assert not app.metric


def test_a_link_tries_what_it_says(demo_data: DataDir, visit: Visit) -> None:
    app = sandbox(visit, change=MOVING)
    before, after, enter, leave = (int(one.value) for one in app.metric)
    assert after == before + enter - leave
    assert enter > 0
    assert f"{before} → {after} of 259 schools are a priority" in said(app)
    assert "adviser days" in said(app)
    assert "in every case" in said(app)


def test_a_number_that_is_changed_stands_in_the_link_and_can_be_undone(demo_data: DataDir, visit: Visit) -> None:
    app = sandbox(visit)
    app.selectbox(key="sandbox_rule").set_value("outcomes")
    well(app.run())
    number = app.number_input(key="try_outcomes.uncertain_points:")
    was = number.value
    well(number.set_value(was - 0.5).run())
    code = f"outcomes.uncertain_points:{was - 0.5:g}"
    assert app.query_params["change"] == code
    assert app.metric
    well(app.button(key=f"back_{code}").click().run())
    assert "change" not in app.query_params
    assert app.number_input(key="try_outcomes.uncertain_points:").value == was
    assert not app.metric


def test_a_rule_is_switched_off_and_on_again(demo_data: DataDir, visit: Visit) -> None:
    app = sandbox(visit)
    app.selectbox(key="sandbox_rule").set_value("O10")
    well(app.run())
    well(app.toggle(key="try_O10.off").set_value(False).run())
    assert app.query_params["change"] == "O10.off"
    assert "O10 does not count" in said(app)
    well(app.toggle(key="try_O10.off").set_value(True).run())
    assert "change" not in app.query_params


def test_a_number_back_at_its_own_is_no_change(demo_data: DataDir, visit: Visit) -> None:
    app = sandbox(visit, change=MOVING)
    app.selectbox(key="sandbox_rule").set_value("outcomes")
    well(app.run())
    number = app.number_input(key="try_outcomes.uncertain_points:")
    assert number.value == 1.0
    own = next(one for one in read_rules().levels if one.id == "outcomes").uncertain_points
    well(number.set_value(own).run())
    assert not app.metric


def test_other_days_change_the_work_and_stand_in_the_link(demo_data: DataDir, visit: Visit) -> None:
    app = sandbox(visit, change=MOVING, days="priority:2")
    assert app.number_input(key="days_of_priority").value == 2
    maintained = re.search(r"(\d+) schools, (\d+) adviser days", said(app))
    assert maintained
    assert int(maintained[2]) % 2 == 0
    well(app.number_input(key="days_of_priority").set_value(3.0).run())
    assert app.query_params["days"] == "priority:3"
    other = re.search(r"(\d+) schools, (\d+) adviser days", said(app))
    assert other
    assert int(other[2]) == int(maintained[2]) // 2 * 3


@pytest.mark.parametrize(
    "code", ["<script>alert(1)</script>", "**bold**", "[x](javascript:a)", "O1.2.value:1;drop", "O99.off", "9" * 3000]
)
def test_a_forged_change_is_told_as_text_and_tried_by_nobody(code: str, demo_data: DataDir, visit: Visit) -> None:
    app = sandbox(visit, change=code, days=code)
    assert app.warning
    assert not app.metric
    assert shows_no_markup(app), markdown_of(app)
    assert "change" not in app.query_params


# two rule sets


def test_the_rules_of_the_build_and_of_the_files_do_not_differ(demo_data: DataDir, visit: Visit) -> None:
    app = visit("rules", view="Compare")
    assert "No school of 259 moves" in said(app)


@pytest.mark.parametrize("name", ["build-99", "<b>", "../../x"])
def test_a_forged_choice_is_none(name: str, demo_data: DataDir, visit: Visit) -> None:
    app = visit("rules", view="Compare", rules_from=name, rules_to=name)
    assert app.selectbox(key="rules_from").value == "shown"
    assert shows_no_markup(app)


def test_an_uploaded_rule_set_is_compared(demo_data: DataDir, visit: Visit) -> None:
    with opened(demo_data) as copy:
        text = trial_rules(local_viewer(), copy, read_changes(local_viewer(), copy, [MOVING]).changes)
    app = visit("rules", view="Compare")
    app.file_uploader(key="rules_file").set_value(("mine.toml", text.encode(), "application/toml"))
    well(app.run())
    assert int(app.metric[2].value) > 0


def test_an_uploaded_file_that_is_no_rule_set_is_told_in_words(demo_data: DataDir, visit: Visit) -> None:
    app = visit("rules", view="Compare")
    app.file_uploader(key="rules_file").set_value(("**bold**.toml", b"[[rule", "application/toml"))
    well(app.run())
    assert app.error
    assert shows_no_markup(app)


def test_a_small_copy_is_as_at_its_own_date(small_data: DataDir, visit: Visit) -> None:
    assert f"as at {SMALL_AS_AT.day} October 2025" in said(visit("rules"))
