"""Accessible to everyone: axe, dark, keyboard, zoom."""

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe

from risk_model.domain.paths import DataDir
from risk_model.domain.viewer import local_viewer
from risk_model.services.at_risk import school_list
from risk_model.services.copy import opened
from risk_model.services.scope import Scope
from tests.browser.conftest import PAGES, OpenVisitor, Visitor

SCHEMES = ("light", "dark")


@pytest.fixture(scope="module")
def addresses(demo_dir: Path) -> dict[str, str]:
    """Where each page shows something: the profile needs a school."""
    with opened(DataDir(demo_dir)) as copy:
        urn = school_list(local_viewer(), copy, Scope())["urn"].iloc[0]
    return PAGES | {"school": f"/school?urn={urn}", "schools_at_risk": "/schools_at_risk?priority=priority"}


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing(
    name: str, scheme: str, server: str, addresses: dict[str, str], visitor_with: OpenVisitor
) -> None:
    page = visitor_with(color_scheme=scheme).open(server + addresses[name])
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


def test_axe_finds_nothing_in_the_plain_table(server: str, visitor: Visitor) -> None:
    page = visitor.open(f"{server}/schools_at_risk?priority=watch")
    page.get_by_text("Plain table").click()
    page.locator("table").wait_for()
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


def test_each_theme_has_its_own_colours(server: str, visitor_with: OpenVisitor) -> None:
    colours = {}
    for scheme in SCHEMES:
        page = visitor_with(color_scheme=scheme).open(server)
        colours[scheme] = page.get_by_test_id("stApp").evaluate("app => getComputedStyle(app).backgroundColor")
    assert colours == {"light": "rgb(255, 255, 255)", "dark": "rgb(11, 12, 12)"}


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


@pytest.mark.parametrize("name", PAGES)
def test_at_double_zoom_nothing_scrolls_sideways(
    name: str, server: str, addresses: dict[str, str], visitor_with: OpenVisitor
) -> None:
    # 1280 pixels at 200 percent
    page = visitor_with(viewport={"width": 640, "height": 450}).open(server + addresses[name])
    too_wide = page.evaluate(
        """() => [document.scrollingElement, document.querySelector('[data-testid=stMain]')]
            .filter(one => one.scrollWidth > one.clientWidth + 1).length"""
    )
    assert too_wide == 0


@pytest.mark.parametrize("name", PAGES)
def test_each_page_has_one_main_heading_and_a_language(
    name: str, server: str, addresses: dict[str, str], visitor: Visitor
) -> None:
    page = visitor.open(server + addresses[name])
    assert page.locator("h1").count() == 1
    assert page.locator("html").get_attribute("lang") == "en"
