"""The Help page: each view shows what the guide, the glossary and the statement say, with links that lead somewhere."""

import ast

import pytest

from pages.components.help_parts import PLACES
from pages.components.meeting_views import VIEWS as MEETING_VIEWS
from pages.components.support_views import VIEWS as SUPPORT_VIEWS
from risk_model.domain.paths import PROJECT, DataDir
from risk_model.domain.viewer import local_viewer
from risk_model.services.glossary import glossary
from risk_model.services.guide import GuideWalk, guide_walks
from tests.pages.conftest import Visit, said, well

WALKS = guide_walks(local_viewer())
STEPS = [step.key for walk in WALKS.values() for step in walk.steps]


def _choices(page: str) -> set[str]:
    """Every text in a page's own file, and the views that it takes from elsewhere."""
    tree = ast.parse((PROJECT / "pages" / f"{page}.py").read_text("utf-8"))
    own = {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    return own | {"support": set(SUPPORT_VIEWS), "core_group": set(MEETING_VIEWS)}.get(page, set())


def _unmarked(text: str) -> str:
    return text.replace("\\", "")


def test_each_step_of_the_guide_has_a_place_and_no_other_has() -> None:
    assert sorted(PLACES) == sorted(STEPS)


@pytest.mark.parametrize("key", STEPS)
def test_the_place_of_a_step_is_a_page_with_that_part(key: str) -> None:
    page, query = PLACES[key]
    assert (PROJECT / "pages" / f"{page}.py").is_file()
    assert {query[name] for name in ("view", "part") if name in query} <= _choices(page)


@pytest.mark.parametrize("walk", WALKS.values(), ids=lambda one: one.key)
def test_a_first_hour_shows_every_step(walk: GuideWalk, demo_data: DataDir, visit: Visit) -> None:
    app = visit("help", walk=walk.key)
    assert [_unmarked(one.value) for one in app.header] == [walk.heading]
    assert [_unmarked(one.value) for one in app.subheader] == [f"{one.number} {one.title}" for one in walk.steps]


def test_every_word_is_shown_and_one_is_found(demo_data: DataDir, visit: Visit) -> None:
    app = visit("help", view="words")
    everything = _unmarked(said(app))
    assert [one.term for one in glossary(local_viewer()) if one.meaning not in everything] == []
    found = said(well(app.text_input(key="word").set_value("P8").run()))
    assert "How far pupils came from key stage 2" in found
    assert "The body that inspects schools" not in found
    assert "Try a shorter part" in said(well(app.text_input(key="word").set_value("no such word").run()))


@pytest.mark.parametrize(
    ("view", "wanted"),
    [
        ("own", "save each file in a browser from its page below"),
        ("accessibility", "Safari, and browsers on real phones."),
        ("not_for", "To predict an inspection grade."),
        ("new", "Explore answers by question"),
    ],
)
def test_each_other_view_says_its_own(view: str, wanted: str, demo_data: DataDir, visit: Visit) -> None:
    assert wanted in _unmarked(said(visit("help", view=view)))


@pytest.mark.parametrize("between", ["help", "rules", "data"])
def test_a_step_leads_to_its_part_also_where_the_page_was_open_before(
    between: str, demo_data: DataDir, visit: Visit
) -> None:
    app = visit("support")
    assert app.session_state["view"] == "gaps"
    app.query_params.clear()
    app.switch_page(f"pages/{between}.py")
    well(app.run())
    _, choices = PLACES["2_who_could_help"]
    app.query_params["view"] = choices["view"]
    app.switch_page("pages/support.py")
    assert well(app.run()).session_state["view"] == choices["view"] == "match"
