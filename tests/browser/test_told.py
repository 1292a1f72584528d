"""What a person sees when something fails in earnest: what to do, or that it failed; never a path, query or stack."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from risk_model.domain.paths import PROJECT, DataDir
from tests.browser.browsing import serving, visiting
from tests.conftest import copied

BUG = """
import streamlit as st
from pages.components.running import run
from pages.components.session import enter

def broken() -> None:
    told = "postgresql://risk:geheim@db.internal/records"  # pragma: allowlist secret
    raise ValueError(f"select geheim from audit; /srv/geheim/x.sqlite; {told}")

run(st.navigation([st.Page(broken, title="Broken")]), enter())
"""


def _shows_nothing_inner(page: Page, data: Path) -> None:
    shown = page.locator("body").inner_text()
    for inner in (str(data), str(PROJECT), "Traceback", ".py", "sqlite", "geheim", "OperationalError"):
        assert inner not in shown, shown
    assert not re.search(r"(?i)\bselect\b.*\bfrom\b", shown), shown


def test_a_bug_in_a_page_is_in_the_log_and_not_on_the_screen(
    browser: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(PROJECT))
    app, log = tmp_path / "app.py", tmp_path / "log.txt"
    app.write_text(BUG, "utf-8")
    with serving(tmp_path, log, ("run", str(app))) as address, visiting(browser) as visitor:
        page = visitor.open_any(address)
        expect(page.get_by_test_id("stException")).to_be_visible()
        _shows_nothing_inner(page, tmp_path)
    assert "geheim@db.internal" in log.read_text("utf-8")


def test_records_that_are_damaged_while_it_serves(
    small_dir: Path, browser: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("RECORDS_URL", raising=False)
    data, log = DataDir(copied(small_dir, tmp_path / "data")), tmp_path / "log.txt"
    with serving(data.root, log) as address, visiting(browser) as visitor:
        visitor.open(f"{address}/support")
        for each in data.root.glob("records.sqlite*"):
            each.write_bytes(b"no database " * 10_000)
        page = visitor.open_any(f"{address}/support?view=all")
        expect(page.get_by_test_id("stException").or_(page.get_by_test_id("stAlert")).first).to_be_visible()
        _shows_nothing_inner(page, data.root)
    assert "database disk image is malformed" in log.read_text("utf-8") or "not a database" in log.read_text("utf-8")
