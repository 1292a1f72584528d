"""A real browser behind nginx with the project's own settings: pages stand whole, and nothing is asked of elsewhere."""

from pathlib import Path

from playwright.sync_api import Browser, expect

from tests.browser.browsing import WAIT_MS
from tests.conftest import copied
from tests.servers.proxy_kit import COOKIE, USER_COOKIE, signed_in, site


def test_pages_with_tables_and_charts_stand_under_the_content_security_policy(
    browser: Browser, demo_dir: Path, tmp_path: Path
) -> None:
    with site(tmp_path, {"RISK_DATA_DIR": str(copied(demo_dir, tmp_path / "data"))}) as there:
        context = browser.new_context(ignore_https_errors=True)
        context.add_cookies([{"name": USER_COOKIE, "value": signed_in(there), "url": there.address, "secure": True}])
        page = context.new_page()
        refused: list[str] = []
        page.on("console", lambda said: refused.append(said.text) if "Content Security Policy" in said.text else None)
        page.on("pageerror", lambda error: refused.append(str(error)))
        page.goto(f"{there.address}/school?la=999&urn=900001")
        expect(page.get_by_role("heading", level=1)).to_be_visible(timeout=4 * WAIT_MS)
        # drawn by the browser itself, from what came over the websocket
        expect(page.locator(".js-plotly-plot .main-svg").first).to_be_visible(timeout=4 * WAIT_MS)
        page.goto(f"{there.address}/schools_at_risk?la=999")
        expect(page.get_by_test_id("stDataFrame").first).to_be_visible(timeout=4 * WAIT_MS)
        cookies = {one["name"]: one for one in context.cookies()}
        assert cookies[COOKIE]["secure"]
        assert cookies[COOKIE]["httpOnly"]
        assert all(one["secure"] for one in cookies.values()), cookies
        context.close()
    assert refused == []
