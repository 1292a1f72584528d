"""Records with an attack in every field, in a real browser: nothing runs, nothing becomes markup, nothing is logged."""

from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Dialog

from risk_model.domain.paths import DataDir
from tests.browser.browsing import serving, visiting
from tests.conftest import copied
from tests.hostile_records import ATTACK, make_hostile, where_seen

LISTS = ("/my_schools?leader=1", "/regional_director?view=raised")
# what would be there if a text had been taken for markup
MARKUP = "img[src='x'], a[href^='javascript'], strong:text-is('bold')"


def test_no_script_runs_and_no_text_becomes_markup(
    demo_dir: Path, tmp_path: Path, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("RECORDS_URL", raising=False)
    data = DataDir(copied(demo_dir, tmp_path / "data"))
    make_hostile(data)
    dialogs: list[str] = []

    def refuse(dialog: Dialog) -> None:
        dialogs.append(dialog.message)
        dialog.dismiss()

    log = tmp_path / "log.txt"
    seen = 0
    with serving(data.root, log) as address, visiting(browser) as visitor:
        visitor.page.on("dialog", refuse)
        one_of_each_page = {urlsplit(one).path: one for one in where_seen(data.root / "records.sqlite")}
        for path in (*LISTS, *one_of_each_page.values()):
            page = visitor.open(address + path)
            assert page.locator(MARKUP).count() == 0, path
            seen += page.locator("body").inner_text().count(ATTACK)
        assert not dialogs
        assert not visitor.strangers
        assert not visitor.troubles
    assert seen > 20
    assert "onerror" not in log.read_text("utf-8", errors="replace")
