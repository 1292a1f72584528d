"""The pages of the two meetings: axe in light and dark, 200 percent; and a meeting held by keyboard alone."""

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Page, expect

from pages.components.meeting_views import VIEWS
from risk_model.casework import meetings, one_meeting
from risk_model.domain.paths import DataDir
from risk_model.domain.viewer import local_viewer
from risk_model.services.agenda import agenda_for
from risk_model.services.copy import opened
from risk_model.services.core_groups import Group
from risk_model.services.meeting_acts import prepare_meeting
from tests.browser.browsing import Visitor, serving
from tests.browser.conftest import OpenVisitor
from tests.browser.test_for_everyone import NOTHING_SCROLLS_SIDEWAYS, OURS
from tests.conftest import copied

GROUP = Group("999", "Isterport", "Isterport")
SEEN = [f"/core_group?view={view}" for view in VIEWS] + [
    f"/regional_director?view={view}" for view in ("choose", "fields", "preview", "export", "raised")
]


@pytest.fixture(scope="module")
def open_meeting(demo_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, DataDir, int]]:
    """A server of a copy of the demo in which a meeting is prepared: its address, its data, the meeting's number."""
    data = DataDir(copied(demo_dir, tmp_path_factory.mktemp("meeting") / "data"))
    with opened(data) as copy:
        day = date(2026, 12, 7)
        lines = agenda_for(local_viewer(), copy, GROUP, day)[:2]
        number = prepare_meeting(local_viewer(), copy, GROUP, day, "LA adviser", lines)
    with serving(data.root, data.root / "server.log") as address:
        yield address, data, number


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("address", SEEN)
def test_each_view_is_for_everyone(address: str, scheme: str, server: str, visitor_with: OpenVisitor) -> None:
    page = visitor_with(color_scheme=scheme).open(server + address)
    found = Axe().run(page, context=OURS)
    assert found.violations_count == 0, found.generate_report()
    page.set_viewport_size({"width": 640, "height": 450})
    page.wait_for_function(NOTHING_SCROLLS_SIDEWAYS)


def test_a_meeting_is_held_and_locked_by_keyboard_alone(
    open_meeting: tuple[str, DataDir, int], visitor: Visitor
) -> None:
    address, data, number = open_meeting
    page = visitor.open(f"{address}/core_group?view=meeting&meeting={number}")
    found = Axe().run(page, context=OURS)
    assert found.violations_count == 0, found.generate_report()
    expect(page.get_by_text("0 of 2 schools decided")).to_be_visible()
    for decided, outcome in enumerate(("step up support", "no change - monitor"), start=1):
        _tab_to(page, "Outcome")
        page.keyboard.type(outcome)
        page.keyboard.press("Enter")
        _tab_to(page, "Reason")
        page.keyboard.type("The group has seen the plan.")
        _tab_to(page, "Save and next")
        page.keyboard.press("Enter")
        expect(page.get_by_text(f"{decided} of 2 schools decided")).to_be_visible()
    _tab_to(page, "Lock the minutes")
    page.keyboard.press("Enter")
    expect(page.get_by_text("The minutes are locked.").first).to_be_visible()
    with opened(data) as copy:
        meeting = one_meeting(copy.records, number)
        assert meeting.is_locked
        assert sorted(one.outcome for one in meeting.outcomes) == ["no change - monitor", "step up support"]
        assert {one.reason for one in meeting.outcomes} == {"The group has seen the plan."}
        assert number == max(one.id for one in meetings(copy.records))


def _tab_to(page: Page, name: str) -> None:
    """Press Tab until the focus is on what is called so."""
    for _ in range(120):
        page.keyboard.press("Tab")
        if re.match(re.escape(name), page.evaluate(FOCUSED)):
            return
    raise AssertionError(f"{name} is not reached by keyboard")


FOCUSED = """() => {
    const one = document.activeElement;
    const named = one.getAttribute('aria-label') || '';
    return (named || one.innerText || '').trim();
}"""
