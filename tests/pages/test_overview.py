"""The overview's lists about support: each count leads to the rows that it counts."""

from urllib.parse import parse_qs

import pytest
from streamlit.testing.v1 import AppTest

from risk_model.domain.paths import DataDir
from risk_model.domain.viewer import local_viewer
from risk_model.rules.support import SUPPORT_FILE
from risk_model.services.copy import opened
from risk_model.services.needs import SupportList, need_page
from risk_model.services.scope import Scope
from tests.pages.conftest import TIMEOUT_S, Visit, said, shows_no_markup, well

KEYS = ("without", "calm", "two", "stale", "review", "ended")


def _lists(data: DataDir) -> dict[str, SupportList]:
    with opened(data) as copy:
        return {one.key: one for one in need_page(local_viewer(), copy, Scope("999")).lists}


def _links(app: AppTest) -> dict[str, str]:
    """The labels of the links to a list of the Support page, by the list that they name."""
    found = {}
    for link in app.main.get("page_link"):
        asked = parse_qs(link.proto.query_string)
        if "gap_list" in asked:
            assert (link.proto.page, asked["view"]) == ("support", ["gaps"])
            found[asked["gap_list"][0]] = link.proto.label
    return found


def test_every_list_stands_on_the_overview_once_with_its_count(demo_data: DataDir, visit: Visit) -> None:
    lists = _lists(demo_data)
    app = visit("overview")
    assert _links(app) == {key: f"{lists[key].title.capitalize()}: **{len(lists[key].rows)}**" for key in KEYS}
    assert shows_no_markup(app)


@pytest.mark.parametrize("key", KEYS)
def test_a_link_opens_the_list_that_it_counts(key: str, demo_data: DataDir, visit: Visit) -> None:
    expected = _lists(demo_data)[key]
    app = visit("support", view="gaps", gap_list=key)
    assert expected.why in said(app)
    if expected.rows.empty:
        assert expected.when_empty in said(app)
    else:
        assert list(app.dataframe(key=f"gaps_{key}").value["URN"]) == list(expected.rows["URN"])


def test_a_list_that_there_is_not_opens_the_first(demo_data: DataDir, visit: Visit) -> None:
    assert _lists(demo_data)["without"].why in said(visit("support", view="gaps", gap_list="<b>"))


def _with_new_schools_alone() -> None:
    from dataclasses import replace

    from pages.components.overview_parts import draw_changes
    from pages.components.session import copy, viewer
    from risk_model.services.overview import overview
    from risk_model.services.scope import Scope

    seen = overview(viewer(), copy(), Scope("999"))
    draw_changes(replace(seen, changes=replace(seen.changes, flagged={}, unflagged={}, moved=(), new=1, gone=2)))


def test_new_schools_are_told_where_no_level_moved(demo_data: DataDir) -> None:
    told = said(well(AppTest.from_function(_with_new_schools_alone, default_timeout=TIMEOUT_S).run()))
    assert "Schools that are new in this build: 1; no longer in it: 2." in told
    assert "No level has moved." in told


def test_settings_that_cannot_be_read_are_said_and_the_rest_stays(own_data: DataDir, visit: Visit) -> None:
    (own_data.root / SUPPORT_FILE).write_text("from = 1", "utf-8")
    app = visit("overview")
    assert "support.toml" in said(app)
    assert "of 259 schools are a priority" in said(app)
    assert _links(app) == {}
