"""A server of one data directory on a free port of this machine, and a person at a browser: for tests and the guide."""

import os
import shlex
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page, Playwright, Route, expect

from risk_model.domain.paths import PROJECT

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
WAIT_MS = 60_000
FETCH_SECONDS = 300
_NOTES = Path(__file__).parent / "at_rest.js"
# What was asked of the server is answered, no run goes on, and nothing has moved for a moment. A page that always
# moves, and a question without an answer, are waited for no longer than a person would.
_AT_REST = """since => {
    const rest = window.rest, app = document.querySelector('[data-testid=stApp]'), now = Date.now();
    if (!rest || !app || app.getAttribute('data-test-script-state') !== 'notRunning') return false;
    const isAnswered = rest.told >= rest.asked || now - rest.asked > 10000;
    const isStill = now - Math.max(since, rest.asked, rest.told, rest.moved) > 250 || now - since > 10000;
    return isAnswered && isStill;
}"""
_LOOK_AGAIN_MS = 50


def chromium(playwright: Playwright) -> str | None:
    """Where a Chromium or Chrome stands: an installed one, or Playwright's own, fetched now where that is possible."""
    return _installed(playwright) or _fetched(playwright)


def _installed(playwright: Playwright) -> str | None:
    named = [shutil.which(name) for name in ("chromium", "chromium-browser", "google-chrome", "chrome", "msedge")]
    candidates = [*CHROMIUM, *(one for one in named if one), playwright.chromium.executable_path]
    return next((one for one in candidates if Path(one).exists()), None)


def _fetched(playwright: Playwright) -> str | None:
    command = [sys.executable, "-m", "playwright", "install", "chromium"]
    try:
        subprocess.run(command, check=True, capture_output=True, timeout=FETCH_SECONDS)
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired):
        return None
    return _installed(playwright)


def launched(playwright: Playwright, path: str) -> Browser:
    """A browser without a window that asks nothing of anybody."""
    return playwright.chromium.launch(executable_path=path, args=list(ARGUMENTS))


def firefox() -> str | None:
    """Where Debian's Firefox ESR stands, if it is installed: the one that many offices have, and no patched build."""
    return shutil.which("firefox-esr")


def launched_firefox(playwright: Playwright, path: str, folder: Path) -> Browser:
    """The installed Firefox without a window, driven as Chromium is.

    Args:
        folder: where the command that starts it may be kept while it runs.
    """
    command = folder / "firefox"
    words = (sys.executable, "-m", "tests.browser.firefox_relay", path)
    command.write_text(f'#!/bin/sh\ncd {shlex.quote(str(PROJECT))}\nexec {shlex.join(words)} "$@"\n', "utf-8")
    command.chmod(0o755)
    # "moz-" says: by the protocol that every Firefox speaks
    return playwright.firefox.launch(channel="moz-firefox", executable_path=command)


@contextmanager
def serving(
    data: Path, log: Path, arguments: Sequence[str] = ("run", "app.py"), port: int | None = None
) -> Iterator[str]:
    """A server of a data directory for a while; says its address.

    Args:
        arguments: how Streamlit is started.
        port: a free one where it is not said.
    """
    port = port or free_port()
    environment = {key: value for key, value in os.environ.items() if key != "RECORDS_URL"}
    command = [sys.executable, "-m", "streamlit", *arguments, "--server.port", str(port)]
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
            wait_for(f"{address}/_stcore/health", process, log)
            yield address
        finally:
            process.terminate()
            process.wait(timeout=30)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOME, 0))
        return int(probe.getsockname()[1])


def wait_for(address: str, process: "subprocess.Popen[bytes]", log: Path) -> None:
    """Until the server answers; a server that has ended never will."""
    until = time.monotonic() + WAIT_MS / 1000
    while time.monotonic() < until:
        if process.poll() is not None:
            raise RuntimeError(f"the server ended: {log.read_text('utf-8', errors='replace')}")
        try:
            with urllib.request.urlopen(address, timeout=5):
                return
        except (urllib.error.URLError, OSError):
            # not listening yet: there is nothing to wait on but the clock
            time.sleep(0.1)
    raise RuntimeError("the server did not answer")


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
        """Wait until the server has nothing more to draw, and the page has come to rest."""
        self.page.wait_for_function(_AT_REST, arg=time.time() * 1000, polling=_LOOK_AGAIN_MS)
        expect(self.page.locator("h1").first).to_be_visible()
        expect(self.page.get_by_test_id("stSkeleton")).to_have_count(0)
        return self.page


@contextmanager
def visiting(browser: Browser, **options: object) -> Iterator[Visitor]:
    """A new person: nothing is remembered, and nothing but this machine can be reached."""
    context = browser.new_context(**{"viewport": {"width": 1280, "height": 900}, **options})  # type: ignore[arg-type]
    context.set_default_timeout(WAIT_MS)
    context.add_init_script(path=_NOTES)
    visitor = Visitor(context.new_page())
    context.route("**/*", lambda route: _only_home(route, visitor))
    visitor.page.on("pageerror", lambda error: visitor.troubles.append(str(error)))
    try:
        yield visitor
    finally:
        context.close()


def _only_home(route: Route, visitor: Visitor) -> None:
    address = urlsplit(route.request.url)
    if address.hostname == HOME or address.scheme in ("data", "blob"):
        route.continue_()
        return
    visitor.strangers.append(route.request.url)
    route.abort()
