"""Accessible to everyone: axe, dark, keyboard, zoom."""

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]

from risk_model.domain.paths import DataDir
from risk_model.domain.viewer import local_viewer
from risk_model.services.at_risk import school_list
from risk_model.services.copy import opened
from risk_model.services.scope import Scope
from tests.browser.browsing import Visitor
from tests.browser.conftest import PAGES, OpenVisitor

SCHEMES = {"light": "rgb(255, 255, 255)", "dark": "rgb(11, 12, 12)"}
BACKGROUND = "app => getComputedStyle(app).backgroundColor"
NOTHING_SCROLLS_SIDEWAYS = """() => [document.scrollingElement, document.querySelector('[data-testid=stMain]')]
    .every(one => one.scrollWidth <= one.clientWidth + 1)"""


@pytest.fixture(scope="module")
def addresses(demo_dir: Path) -> dict[str, str]:
    """Where each page shows something: the profile needs a school."""
    with opened(DataDir(demo_dir)) as copy:
        urn = school_list(local_viewer(), copy, Scope())["urn"].iloc[0]
    return PAGES | {"school": f"/school?urn={urn}", "schools_at_risk": "/schools_at_risk?priority=priority"}


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("name", PAGES)
def test_each_page_is_for_everyone(
    name: str, scheme: str, server: str, addresses: dict[str, str], visitor_with: OpenVisitor
) -> None:
    page = visitor_with(color_scheme=scheme).open(server + addresses[name])
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    assert page.locator("h1").count() == 1
    assert page.locator("html").get_attribute("lang") == "en"
    assert page.get_by_test_id("stApp").evaluate(BACKGROUND) == SCHEMES[scheme]
    # 1280 pixels at 200 percent; charts and tables take a moment to follow
    page.set_viewport_size({"width": 640, "height": 450})
    page.wait_for_function(NOTHING_SCROLLS_SIDEWAYS)


# Streamlit's own drop zone has a role that its label contradicts, a minor fault that nothing of ours can mend
OURS = {"exclude": [["[data-testid=stFileUploaderDropzone]"]]}


@pytest.mark.parametrize(
    "part", ["Import", "Download", "What+the+LA+holds", "Coverage", "Releases", "Problems", "Builds"]
)
def test_axe_finds_nothing_in_each_part_of_the_data_page(part: str, server: str, visitor: Visitor) -> None:
    page = visitor.open(f"{server}/data?part={part}")
    found = Axe().run(page, context=OURS)
    assert found.violations_count == 0, found.generate_report()
    page.set_viewport_size({"width": 640, "height": 450})
    page.wait_for_function(NOTHING_SCROLLS_SIDEWAYS)


@pytest.mark.parametrize("view", ["Sandbox&change=outcomes.uncertain_points:1", "Compare"])
def test_axe_finds_nothing_in_each_part_of_the_rules_page(view: str, server: str, visitor: Visitor) -> None:
    page = visitor.open(f"{server}/rules?view={view}")
    page.get_by_text("What it means in work").wait_for()
    found = Axe().run(page, context=OURS)
    assert found.violations_count == 0, found.generate_report()
    page.set_viewport_size({"width": 640, "height": 450})
    page.wait_for_function(NOTHING_SCROLLS_SIDEWAYS)


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("card", ["For+whom+it+errs", "Base+rates", "Transparency+record"])
def test_each_part_of_the_model_page_is_for_everyone(
    card: str, scheme: str, model_server: str, visitor_with: OpenVisitor
) -> None:
    page = visitor_with(color_scheme=scheme).open(f"{model_server}/model?card={card}")
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    page.set_viewport_size({"width": 640, "height": 450})
    page.wait_for_function(NOTHING_SCROLLS_SIDEWAYS)


def test_axe_finds_nothing_in_the_plain_table(server: str, visitor: Visitor) -> None:
    page = visitor.open(f"{server}/schools_at_risk?priority=watch")
    page.get_by_text("Plain table").click()
    page.locator("table").wait_for()
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


NAME_OF_FOCUS = """() => {
    const at = document.activeElement;
    const labels = [...(at.labels || [])].map(label => label.innerText);
    return [at.getAttribute('aria-label') || '', ...labels, at.innerText || ''].join(' ').trim();
}"""


def test_the_keyboard_reaches_navigation_scope_filters_list_and_export(server: str, visitor: Visitor) -> None:
    page = visitor.open(f"{server}/schools_at_risk")
    wanted = {
        "Skip to main content",
        "Schools at risk",
        "Data",
        "Local authority",
        "Locality",
        "Find a school",
        "Priority",
        "Plain table",
        "Export as CSV",
    }
    # enough for every control of the page, and for the table's own
    for _ in range(80):
        page.keyboard.press("Tab")
        focused = page.evaluate(NAME_OF_FOCUS)
        wanted -= {one for one in wanted if one in focused}
        if not wanted:
            return
    assert not wanted
