"""A real server on a free port of this machine, and a real browser that may go nowhere else."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, Route, expect, sync_playwright

from risk_model.domain.paths import PROJECT, DataDir
from risk_model.scoring.model_figures import ModelFigures, save_backtest
from tests.conftest import copied
from tests.model_kit import made_up_frame

CHROMIUM = ("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
HOME = "127.0.0.1"
# generous: a machine that tests is a busy one
WAIT_MS = 30_000
FETCH_SECONDS = 300
PAGES = {
    "overview": "/",
    "schools_at_risk": "/schools_at_risk",
    "school": "/school",
    "support": "/support",
    "my_schools": "/my_schools?leader=1",
    "regional_director": "/regional_director",
    "rules": "/rules",
    "model": "/model",
    "data": "/data",
}


@pytest.fixture(scope="package")
def playwright() -> Iterator[Playwright]:
    # for this folder alone: its event loop would disturb the tests that follow
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="package")
def browser(playwright: Playwright) -> Iterator[Browser]:
    expect.set_options(timeout=WAIT_MS)
    found = _chromium(playwright) or _fetched(playwright)
    if found is None:
        reason = "no Chromium or Chrome was found, and Playwright's own could not be fetched"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    started = playwright.chromium.launch(executable_path=found, args=list(ARGUMENTS))
    yield started
    started.close()


def _chromium(playwright: Playwright) -> str | None:
    named = [shutil.which(name) for name in ("chromium", "chromium-browser", "google-chrome", "chrome", "msedge")]
    candidates = [*CHROMIUM, *(one for one in named if one), playwright.chromium.executable_path]
    return next((one for one in candidates if Path(one).exists()), None)


def _fetched(playwright: Playwright) -> str | None:
    """Playwright's own Chromium, fetched now where that is possible."""
    command = [sys.executable, "-m", "playwright", "install", "chromium"]
    try:
        subprocess.run(command, check=True, capture_output=True, timeout=FETCH_SECONDS)
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired):
        return None
    return _chromium(playwright)


@contextmanager
def serving(data: Path, log: Path) -> Iterator[str]:
    """A server of a data directory for a while; says its address."""
    port = _free_port()
    environment = {key: value for key, value in os.environ.items() if key != "RECORDS_URL"}
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port)]
    with log.open("wb") as output:
        process = subprocess.Popen(
            command,
            cwd=PROJECT,
            env={**environment, "RISK_DATA_DIR": str(data)},
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        try:
            address = f"http://{HOME}:{port}"
            _wait_for(f"{address}/_stcore/health", process, log)
            yield address
        finally:
            process.terminate()
            process.wait(timeout=30)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOME, 0))
        return int(probe.getsockname()[1])


def _wait_for(address: str, process: "subprocess.Popen[bytes]", log: Path) -> None:
    """Until the server answers; a server that has ended never will."""
    until = time.monotonic() + WAIT_MS / 1000
    while time.monotonic() < until:
        if process.poll() is not None:
            pytest.fail(f"the server ended: {log.read_text('utf-8', errors='replace')}")
        try:
            with urllib.request.urlopen(address, timeout=5):
                return
        except (urllib.error.URLError, OSError):
            # not listening yet: there is nothing to wait on but the clock
            time.sleep(0.1)
    pytest.fail("the server did not answer")


@pytest.fixture(scope="package")
def server(demo_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The demo, served; tests share it and change nothing."""
    folder = tmp_path_factory.mktemp("server")
    with serving(copied(demo_dir, folder / "data"), folder / "log.txt") as address:
        yield address


@pytest.fixture(scope="package")
def model_server(
    demo_dir: Path, england_figures: ModelFigures, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """The demo with a back-test that somebody has made, served; tests share it and change nothing."""
    folder = tmp_path_factory.mktemp("model_server")
    data = DataDir(copied(demo_dir, folder / "data"))
    save_backtest(data, made_up_frame(), england_figures)
    with serving(data.root, folder / "log.txt") as address:
        yield address


@pytest.fixture
def fresh_server(demo_dir: Path, tmp_path: Path) -> Iterator[str]:
    """A server that nobody has visited yet."""
    with serving(copied(demo_dir, tmp_path / "data"), tmp_path / "log.txt") as address:
        yield address


@dataclass
class Visitor:
    """A person at a browser.

    Attributes:
        strangers: what the pages asked of any other machine; each request was stopped.
        troubles: what the pages threw.
    """

    page: Page
    strangers: list[str] = field(default_factory=list)
    troubles: list[str] = field(default_factory=list)

    def open(self, address: str) -> Page:
        """Go to an address and wait until the page is drawn whole."""
        self.page.goto(address)
        return self.drawn()

    def open_any(self, address: str) -> Page:
        """Go to an address that may show an error instead of a page."""
        self.page.goto(address)
        return self.page

    def drawn(self) -> Page:
        """Wait until the server has nothing more to draw."""
        expect(self.page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")
        expect(self.page.locator("h1").first).to_be_visible()
        expect(self.page.get_by_test_id("stSkeleton")).to_have_count(0)
        return self.page


OpenVisitor = Callable[..., Visitor]


@pytest.fixture
def visitor_with(browser: Browser) -> Iterator[OpenVisitor]:
    """`visitor_with(color_scheme="dark")`: a new person; nothing is remembered from another test."""
    opened: list[tuple[BrowserContext, Visitor]] = []

    def open_visitor(**options: object) -> Visitor:
        context = browser.new_context(**{"viewport": {"width": 1280, "height": 900}, **options})  # type: ignore[arg-type]
        context.set_default_timeout(WAIT_MS)
        visitor = Visitor(context.new_page())
        context.route("**/*", lambda route: _only_home(route, visitor))
        visitor.page.on("pageerror", lambda error: visitor.troubles.append(str(error)))
        opened.append((context, visitor))
        return visitor

    yield open_visitor
    for context, visitor in opened:
        context.close()
        assert visitor.strangers == []
        assert visitor.troubles == []


@pytest.fixture
def visitor(visitor_with: OpenVisitor) -> Visitor:
    return visitor_with()


def _only_home(route: Route, visitor: Visitor) -> None:
    address = urlsplit(route.request.url)
    if address.hostname == HOME or address.scheme in ("data", "blob"):
        route.continue_()
        return
    visitor.strangers.append(route.request.url)
    route.abort()
