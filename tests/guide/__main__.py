"""`python -m tests.guide [WALK…]`: takes each walk on a fresh demo, draws its pictures, and prints what a step took."""

import io
import os
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from PIL import Image
from playwright.sync_api import Locator, Page, expect, sync_playwright

from risk_model.domain.paths import PROJECT, DataDir
from risk_model.domain.viewer import local_viewer
from risk_model.services.preparing import make_demo_copy
from tests.browser.browsing import WAIT_MS, chromium, launched, serving, visiting
from tests.guide.hand import Hand
from tests.guide.walk import Step, take
from tests.guide.walks import WALKS

PICTURES = PROJECT / "data" / "guide"
WIDTH, HEIGHT = 1280, 3600
MARGIN = 16
COLOURS = 224
MOST_BYTES = 150_000


def main(names: Sequence[str]) -> None:
    """Walk, draw and count: the walks of these names, or all of them."""
    os.environ.pop("RECORDS_URL", None)
    PICTURES.mkdir(exist_ok=True)
    for name in names or WALKS:
        with tempfile.TemporaryDirectory() as folder:
            data = DataDir(Path(folder) / "data")
            make_demo_copy(local_viewer(), data)
            with serving(data.root, Path(folder) / "log.txt") as address:
                _walk(address, WALKS[name].steps)


def _walk(address: str, steps: Sequence[Step]) -> None:
    expect.set_options(timeout=WAIT_MS)
    with sync_playwright() as playwright:
        found = chromium(playwright)
        if found is None:
            raise SystemExit("No Chromium or Chrome was found, and Playwright's own could not be fetched.")
        browser = launched(playwright, found)
        with visiting(browser, viewport={"width": WIDTH, "height": HEIGHT}) as visitor:
            visitor.open(address)
            hand = Hand(visitor)
            for step in steps:
                effort, (top, bottom) = take(step, hand)
                _draw(hand.page, top, bottom, PICTURES / f"{step.name}.png")
                print(f"| {effort.title} | {effort.clicks} | {effort.fields} |")
            print(f"| together | {hand.clicks} | {hand.fields} |")
        browser.close()


def _draw(page: Page, top: Locator, bottom: Locator, path: Path) -> None:
    """One picture of the page from one element to another, in few colours."""
    # the pointer would show a table's tools, and a message that passes would lie over the page
    page.mouse.move(0, 0)
    page.evaluate("document.activeElement?.blur()")
    expect(page.get_by_test_id("stToast")).to_have_count(0)
    page.get_by_test_id("stMain").evaluate("main => main.scrollTo(0, 0)")
    first, last = top.bounding_box(), bottom.bounding_box()
    if first is None or last is None:
        raise RuntimeError(f"What {path.name} should show is not on the page.")
    upper = max(0.0, first["y"] - MARGIN)
    clip = {"x": 0, "y": upper, "width": WIDTH, "height": last["y"] + last["height"] + MARGIN - upper}
    drawn = Image.open(io.BytesIO(page.screenshot(clip=clip, animations="disabled")))  # type: ignore[arg-type]
    drawn.convert("RGB").quantize(COLOURS).save(path, optimize=True)
    if path.stat().st_size > MOST_BYTES:
        raise RuntimeError(f"{path.name} has {path.stat().st_size:,} bytes, more than {MOST_BYTES:,}.")


if __name__ == "__main__":
    main(sys.argv[1:])
