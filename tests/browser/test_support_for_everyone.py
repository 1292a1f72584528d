"""Each view of the page of support: axe, dark where there is a chart, and 200 percent."""

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]

from pages.components.support_views import VIEWS
from tests.browser.conftest import OpenVisitor
from tests.browser.test_for_everyone import NOTHING_SCROLLS_SIDEWAYS, OURS

WITH_CHARTS = ("capacity", "impact", "networks")
SEEN = [(view, "light") for view in VIEWS] + [(view, "dark") for view in WITH_CHARTS]


@pytest.mark.parametrize(("view", "scheme"), SEEN)
def test_each_view_of_support_is_for_everyone(view: str, scheme: str, server: str, visitor_with: OpenVisitor) -> None:
    number = "&number=1" if view == "support" else "&for=900027" if view in ("match", "add") else ""
    page = visitor_with(color_scheme=scheme).open(f"{server}/support?view={view}{number}")
    found = Axe().run(page, context=OURS)
    assert found.violations_count == 0, found.generate_report()
    page.set_viewport_size({"width": 640, "height": 450})
    page.wait_for_function(NOTHING_SCROLLS_SIDEWAYS)
