"""`python -m tests.benchmarks.first_paint [DATA_DIR LA_CODE]`: how soon a newcomer sees the list of schools at risk.

A Chromium that has never been here opens the page on a server that has served it before; beside it, in the same run
and by turns, a bare Streamlit page with a title alone, and one with the same texts, inputs and table as the list.
"""

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from risk_model.domain.paths import PROJECT, DataDir
from risk_model.domain.viewer import local_viewer
from risk_model.services.preparing import get_ready
from tests.benchmarks.pages import BARE, View, record
from tests.benchmarks.serving import served
from tests.browser.browsing import chromium, launched

ROUNDS = 7
_TITLE, _TABLE = "h1", "[data-testid=stDataFrame] canvas"
_SENTENCE = "text=/First in the order: ./"


def first_paint(browser: Browser, address: str, awaited: str) -> float:
    """Seconds from the address to what somebody came for, for a browser that keeps nothing from before."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    try:
        page = context.new_page()
        began = time.perf_counter()
        page.goto(address, wait_until="commit")
        page.locator(awaited).first.wait_for(state="visible", timeout=120_000)
        return time.perf_counter() - began
    finally:
        context.close()


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.first_paint", description=__doc__)
    parser.add_argument("data", nargs="?", type=Path)
    parser.add_argument("la", nargs="?", default="999")
    asked = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        scratch = Path(folder)
        data = asked.data or scratch / "data"
        if not asked.data:
            get_ready(local_viewer(), DataDir(data), lambda text: None)
        path = chromium(playwright)
        if path is None:
            raise SystemExit("No Chromium was found.")
        recorded = scratch / "recorded"
        recorded.mkdir()
        (recorded / "a_title.py").write_text('import streamlit as st\n\nst.title("Bare")\n', "utf-8")
        with served(PROJECT / "app.py", {"RISK_DATA_DIR": str(data)}, scratch / "ours.log") as ours:
            names = record(ours, [View("list", "schools_at_risk", {"la": asked.la})], recorded)
            with served(BARE, {"BARE_PAGES": str(recorded)}, scratch / "bare.log") as bare:
                list_page = f"{ours.address}/schools_at_risk?la={asked.la}"
                wanted = {
                    "a bare page with a title": (f"{bare.address}/a_title", _TITLE),
                    "a bare page with the same widgets": (f"{bare.address}/{names['list']}", _TABLE),
                    "Schools at risk: how many, and which come first": (list_page, _SENTENCE),
                    "Schools at risk: its table": (list_page, _TABLE),
                }
                browser = launched(playwright, path)
                taken: dict[str, list[float]] = {name: [] for name in wanted}
                for _ in range(ROUNDS + 1):
                    for name, (address, awaited) in wanted.items():
                        taken[name].append(first_paint(browser, address, awaited))
                browser.close()
    middle = {name: statistics.median(times[1:]) for name, times in taken.items()}
    floor, same = list(middle.values())[:2]
    sys.stdout.write("| page | first useful paint, s | times the title | times the same widgets |\n|---|---|---|---|\n")
    for name, seconds in middle.items():
        sys.stdout.write(f"| {name} | {seconds:.2f} | {seconds / floor:.2f} | {seconds / same:.2f} |\n")


if __name__ == "__main__":
    main()
