"""Every view of every page is for everyone: axe, contrast, light and dark, four widths, a table after each chart."""

import re

import pytest

from risk_model.domain.paths import PROJECT
from tests.browser.browsing import Visitor
from tests.browser.conftest import OpenVisitor
from tests.browser.seeing import at_width, charts_without_table, contrasts, faults
from tests.browser.views import VIEWS

BACKGROUNDS = {"light": "rgb(255, 255, 255)", "dark": "rgb(0, 0, 0)"}
BACKGROUND = "app => getComputedStyle(app).backgroundColor"
# a small laptop, 1280 pixels at 200 percent, a phone
NARROWER = (1024, 640, 390)


@pytest.mark.parametrize("name", VIEWS)
def test_each_view_is_for_everyone(name: str, furnished_server: str, visitor_with: OpenVisitor) -> None:
    page = visitor_with(color_scheme="light").open(furnished_server + VIEWS[name])
    assert faults(page) == []
    assert charts_without_table(page) == []
    assert page.locator("h1").count() == 1
    assert page.locator("html").get_attribute("lang") == "en"
    assert page.get_by_test_id("stApp").evaluate(BACKGROUND) == BACKGROUNDS["light"]
    for width in NARROWER:
        at_width(page, width)
        assert faults(page) == [], f"at {width} pixels"


@pytest.mark.parametrize("name", VIEWS)
def test_each_view_is_for_everyone_in_the_dark(name: str, furnished_server: str, visitor_with: OpenVisitor) -> None:
    page = visitor_with(color_scheme="dark").open(furnished_server + VIEWS[name])
    assert faults(page) == []
    assert page.get_by_test_id("stApp").evaluate(BACKGROUND) == BACKGROUNDS["dark"]
    for width in NARROWER:
        at_width(page, width)
        # beside the light page nothing but colours differs
        assert faults(page, ["color-contrast"]) == [], f"at {width} pixels"


def test_every_page_is_among_the_views() -> None:
    pages = re.findall(r'"pages/(\w+)\.py"(.*)', (PROJECT / "app.py").read_text("utf-8"))
    seen = {address.split("?")[0].strip("/") for address in VIEWS.values()}
    assert {"" if "default=True" in rest else name for name, rest in pages} == seen


def test_contrast_is_worked_out_from_the_colours_that_are_drawn(visitor: Visitor) -> None:
    page = visitor.page
    page.set_content(
        '<body style="background: #fff"><p style="color: #777">grey</p>'
        '<div style="background: #000"><p style="color: rgba(255, 255, 255, 0.5); font-size: 30px">half white</p></div>'
        '<p style="color: #000; opacity: 0.2">pale</p><button disabled style="color: #eee">off</button>'
        '<svg width="90" height="40"><g class="point"><path d="M0,0H90V40H0Z" fill="#000" />'
        '<text x="30" y="25" fill="#fff">in a bar</text></g></svg></body>'
    )
    found = {one.text: one for one in contrasts(page)}
    # grey: 1.05 / (0.1845 + 0.05); half white: (0.2159 + 0.05) / 0.05; pale black is #cccccc: 1.05 / (0.6038 + 0.05)
    ratios = {text: round(one.ratio, 2) for text, one in found.items()}
    assert ratios == {"grey": 4.48, "half white": 5.32, "pale": 1.61, "in a bar": 21.0}
    assert [text for text, one in found.items() if not one.is_enough] == ["grey", "pale"]
    assert found["half white"].is_large


def test_a_label_inside_a_bar_stands_on_the_bar(visitor: Visitor) -> None:
    page = visitor.page
    page.set_content(
        '<body style="background: #fff"><svg><pattern id="hatch"><rect fill="#000"></rect></pattern>'
        '<g class="point"><path d="M0,0H90V40H0Z" style="fill: #12436d"></path>'
        '<text class="bartext" y="20" style="fill: #fff">blue</text></g>'
        '<g class="point"><path d="M0,50H90V90H0Z" style="fill: url(#hatch)"></path>'
        '<text class="bartext" y="70" style="fill: #767676">hatched</text></g></svg></body>'
    )
    # white on #12436d: 1.05 / (0.0525 + 0.05); #767676 on black: (0.1812 + 0.05) / 0.05
    found = {one.text: round(one.ratio, 1) for one in contrasts(page)}
    assert found == {"blue": 10.2, "hatched": 4.6}


def test_a_chart_without_a_table_is_found(visitor: Visitor) -> None:
    visitor.page.set_content(
        "<div data-testid=stPlotlyChart>first</div><div data-testid=stExpander>Table and files</div>"
        "<div data-testid=stPlotlyChart>second</div><div data-testid=stPlotlyChart>third</div>"
        "<div data-testid=stDataFrame></div>"
    )
    assert charts_without_table(visitor.page) == ["second"]


def test_the_plain_table_is_for_everyone(furnished_server: str, visitor: Visitor) -> None:
    page = visitor.open(f"{furnished_server}/schools_at_risk?priority=watch")
    page.get_by_text("Plain table").click()
    page.locator("table").wait_for()
    assert faults(page) == []


def test_who_wants_less_motion_gets_none(furnished_server: str, visitor_with: OpenVisitor) -> None:
    visitor = visitor_with(reduced_motion="reduce")
    page = visitor.open(f"{furnished_server}/support?view=capacity")
    # in milliseconds, without the wait before it: what is over before the next picture is drawn moves nothing
    moving = "() => document.getAnimations().filter(one => one.effect.getComputedTiming().activeDuration > 10).length"
    page.get_by_role("tab", name="Networks").click()
    assert {page.evaluate(moving) for _ in range(100)} == {0}
    visitor.drawn()
    assert page.evaluate(moving) == 0
