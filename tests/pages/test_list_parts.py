"""The list: filters as chips, columns, the watch list, the chosen school; and the search that every page has."""

from streamlit.testing.v1 import AppTest

from risk_model.domain.paths import DataDir
from risk_model.domain.periods import in_words
from risk_model.domain.viewer import local_viewer
from risk_model.rules.support import SUPPORT_FILE
from risk_model.services.at_risk import provider_in_words
from risk_model.services.copy import opened
from risk_model.services.one_school_needs import one_school_needs
from risk_model.services.profile import school_profile
from risk_model.services.scope import Scope
from risk_model.services.since import since_points
from tests.pages.conftest import Visit, said, shows_no_markup, well

WHO = local_viewer()


def _chosen(visit: Visit, urn: str) -> AppTest:
    """The list of one school, with its row selected."""
    app = visit("schools_at_risk", q=urn)
    app.session_state["schools"] = {"selection": {"rows": [0], "columns": [], "cells": []}}
    return well(app.run())


def test_the_chosen_school_says_its_needs_without_help(demo_data: DataDir, visit: Visit) -> None:
    for urn in ("900027", "900040"):
        with opened(demo_data) as copy:
            words = one_school_needs(WHO, copy, school_profile(WHO, copy, urn)).words
        assert words in said(_chosen(visit, urn))


def test_the_chosen_school_says_who_helps_and_until_when(demo_data: DataDir, visit: Visit) -> None:
    with opened(demo_data) as copy:
        profile = school_profile(WHO, copy, "900027")
    helped = [one for one in profile.support if one.is_active_on(profile.as_at)]
    words = said(_chosen(visit, "900027"))
    assert helped
    for one in helped:
        assert provider_in_words(one) in words
        assert one.end_date is None or f", until {in_words(one.end_date)}" in words
    alone = visit("schools_at_risk", priority="priority", support="without").dataframe[0].value["URN"].iloc[0]
    assert "None is recorded." in said(_chosen(visit, alone))


def test_the_plain_table_reads_its_days_and_numbers_as_the_other_one_does(demo_data: DataDir, visit: Visit) -> None:
    app = visit("schools_at_risk")
    app = well(app.toggle(key="all_columns").set_value(True).run())
    app = well(app.toggle(key="plain_table").set_value(True).run())
    table = app.table[0].value
    until = table["Support until"][table["Support until"] != "–"]
    assert len(until)
    assert until.str.fullmatch(r"\d{1,2} [A-Z][a-z]+ \d{4}").all()
    assert table["Days planned"].str.fullmatch(r"–|\d+(\.\d+)?").all()
    assert not table["Days planned"].str.endswith("0000").any()


def test_settings_that_cannot_be_read_leave_the_school_in_sight(own_data: DataDir, visit: Visit) -> None:
    (own_data.root / SUPPORT_FILE).write_text("from = 1", "utf-8")
    app = _chosen(visit, "900027")
    assert "support.toml is not valid" in app.warning[0].value.replace("\\", "")
    assert "Alder Bank Primary School" in said(app)
    assert shows_no_markup(app)


def test_each_filter_is_a_chip_that_takes_it_away_again(demo_data: DataDir, visit: Visit) -> None:
    app = visit("schools_at_risk", priority="priority", support="without")
    narrowed = said(app)
    assert "49 of 259 schools" in narrowed
    app = well(app.button(key="chip_support_without").click().run())
    assert "72 of 259 schools" in said(app)
    assert app.session_state["priority"] == ["priority"]
    assert not [one for one in app.button if one.key == "chip_support_without"]
    assert "support" not in app.query_params


def test_all_filters_are_cleared_at_once(demo_data: DataDir, visit: Visit) -> None:
    app = visit("schools_at_risk", priority="priority", support="without", outcomes="unlikely")
    app = well(app.button(key="chips_clear").click().run())
    assert "259 of 259 schools" in said(app)
    assert not [one for one in app.button if one.key and one.key.startswith("chip_")]


def test_columns_beyond_the_first_come_on_request(demo_data: DataDir, visit: Visit) -> None:
    app = visit("schools_at_risk")
    first = list(app.dataframe(key="schools").proto.column_order)
    assert first[0] == "School"
    assert "Trust" not in first
    app = well(app.toggle(key="all_columns").set_value(True).run())
    everything = list(app.dataframe(key="schools").proto.column_order)
    assert "Trust" in everything
    assert everything == list(app.dataframe(key="schools").value.columns)


def test_a_watched_school_is_in_the_viewers_own_list_and_on_the_overview(own_data: DataDir, visit: Visit) -> None:
    app = visit("school", urn="900027")
    app = well(app.button(key="watch_900027").click().run())
    assert app.button(key="watch_900027").label == "Stop watching this school"
    watched = visit("schools_at_risk", watch="watched")
    assert list(watched.dataframe(key="schools").value["URN"]) == ["900027"]
    assert "Your watch list: **1** schools" in "\n".join(
        link.proto.label for link in visit("overview").get("page_link")
    )
    app = well(app.button(key="watch_900027").click().run())
    assert app.button(key="watch_900027").label == "Watch this school"


def test_a_school_is_found_from_any_page_and_hostile_text_finds_none(demo_data: DataDir, visit: Visit) -> None:
    app = visit("rules")
    app = well(app.text_input(key="find").set_value("alder bank").run())
    links = [link.proto for link in app.main.get("page_link") if "Alder Bank Primary School" in link.proto.label]
    assert [link.query_string for link in links] == ["urn=900027"]
    app = well(app.text_input(key="find").set_value("<b>**bold**</b>").run())
    assert "No school fits" in app.info[0].value
    assert shows_no_markup(app)


def test_the_overview_tells_changes_since_what_is_chosen(demo_data: DataDir, visit: Visit) -> None:
    app = visit("overview", since="build-1")
    assert "Since 30 April 2026 (build 1)" in said(app)
    with opened(demo_data) as copy:
        meeting = next(one for one in since_points(WHO, copy, Scope("999")) if one.key.startswith("meeting"))
    app = well(app.selectbox(key="since").set_value(meeting.key).run())
    assert f"Since {meeting.words}" in said(app)
