"""A real server on a free port of this machine, and a real browser that may go nowhere else."""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Playwright, expect, sync_playwright

from risk_model.domain.paths import DataDir
from risk_model.domain.viewer import local_viewer
from risk_model.scoring.model_figures import ModelFigures, save_backtest
from risk_model.services.agenda import agenda_for
from risk_model.services.copy import opened
from risk_model.services.core_groups import Group
from risk_model.services.meeting_acts import prepare_meeting
from tests.browser.browsing import WAIT_MS, Visitor, chromium, launched, serving, visiting
from tests.conftest import copied
from tests.model_kit import made_up_frame


@pytest.fixture(scope="package")
def playwright() -> Iterator[Playwright]:
    # for this folder alone: its event loop would disturb the tests that follow
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="package")
def browser(playwright: Playwright) -> Iterator[Browser]:
    expect.set_options(timeout=WAIT_MS)
    found = chromium(playwright)
    if found is None:
        reason = "no Chromium or Chrome was found, and Playwright's own could not be fetched"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    started = launched(playwright, found)
    yield started
    started.close()


@pytest.fixture(scope="package")
def server(demo_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The demo, served; tests share it and change nothing."""
    folder = tmp_path_factory.mktemp("server")
    with serving(copied(demo_dir, folder / "data"), folder / "log.txt") as address:
        yield address


@pytest.fixture(scope="package")
def furnished_server(
    demo_dir: Path, england_figures: ModelFigures, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """The demo with a meeting prepared and a back-test made, so that no view is empty; tests change nothing."""
    folder = tmp_path_factory.mktemp("furnished")
    data = DataDir(copied(demo_dir, folder / "data"))
    save_backtest(data, made_up_frame(), england_figures)
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("RECORDS_URL", raising=False)
        prepared(data)
    with serving(data.root, folder / "log.txt") as address:
        yield address


GROUP = Group("999", "Isterport", "Isterport")


def prepared(data: DataDir) -> int:
    """A meeting of two schools is prepared; says its number."""
    with opened(data) as copy:
        day = date(2026, 12, 7)
        lines = agenda_for(local_viewer(), copy, GROUP, day)[:2]
        return prepare_meeting(local_viewer(), copy, GROUP, day, "LA adviser", lines)


@pytest.fixture
def fresh_server(demo_dir: Path, tmp_path: Path) -> Iterator[str]:
    """A server that nobody has visited yet."""
    with serving(copied(demo_dir, tmp_path / "data"), tmp_path / "log.txt") as address:
        yield address


OpenVisitor = Callable[..., Visitor]


@pytest.fixture
def visitor_with(browser: Browser) -> Iterator[OpenVisitor]:
    """`visitor_with(color_scheme="dark")`: a new person; nothing is remembered from another test."""
    with ExitStack() as stack:
        opened: list[Visitor] = []

        def open_visitor(**options: object) -> Visitor:
            opened.append(stack.enter_context(visiting(browser, **options)))
            return opened[-1]

        yield open_visitor
    for visitor in opened:
        assert visitor.strangers == []
        assert visitor.troubles == []


@pytest.fixture
def visitor(visitor_with: OpenVisitor) -> Visitor:
    return visitor_with()
