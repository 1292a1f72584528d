"""The five main tasks, from a clean start of the README's own command, in Chromium and in Debian's Firefox ESR."""

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Playwright, expect

from risk_model.domain.paths import PROJECT
from tests.browser.browsing import Visitor, firefox, launched_firefox, serving, visiting
from tests.guide.hand import Hand
from tests.guide.walk import promised, take
from tests.guide.walks import WALKS

# a quarter of a minute on a machine that does nothing else
FIRST_START_MS = 240_000


def _readme_arguments() -> list[str]:
    """What stands after `streamlit` in the README's command that starts it."""
    text = (PROJECT / "README.md").read_text("utf-8")
    said = re.search(r"^python3 -m venv .* && \.venv/bin/streamlit (.+)$", text, flags=re.MULTILINE)
    assert said is not None
    return said[1].split()


@pytest.fixture
def another_browser(playwright: Playwright, tmp_path: Path) -> Iterator[Browser]:
    path = firefox()
    if path is None:
        reason = "Debian's Firefox ESR is not installed"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    started = launched_firefox(playwright, path, tmp_path)
    yield started
    started.close()


def _take_every_walk(browser: Browser, folder: Path) -> None:
    """Start with nothing at all, wait for the demo, and take every walk in one copy, as one person would."""
    data = folder / "data"
    data.mkdir()
    with (
        serving(data, folder / "log.txt", _readme_arguments()) as address,
        visiting(browser, viewport={"width": 1280, "height": 1400}) as visitor,
    ):
        # the first visit makes the invented LA
        visitor.open_any(address)
        expect(visitor.page.get_by_role("heading", level=1)).to_be_visible(timeout=FIRST_START_MS)
        for walk in WALKS.values():
            visitor.open(address)
            hand = Hand(visitor)
            assert [take(step, hand)[0] for step in walk.steps] == promised(walk.heading)
        _nothing_went_wrong(visitor, browser)


def _nothing_went_wrong(visitor: Visitor, browser: Browser) -> None:
    assert visitor.strangers == []
    assert visitor.troubles == [], browser.browser_type.name


def test_the_five_tasks_from_a_clean_start_in_chromium(
    browser: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("RECORDS_URL", raising=False)
    _take_every_walk(browser, tmp_path)


def test_the_five_tasks_from_a_clean_start_in_firefox(
    another_browser: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("RECORDS_URL", raising=False)
    _take_every_walk(another_browser, tmp_path)
