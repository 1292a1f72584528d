"""A data officer's first hour, step by step: how fresh the data is, and what the LA itself holds brought in."""

from pathlib import Path

from playwright.sync_api import Locator, expect

from tests.guide.hand import Hand, shown
from tests.guide.walk import Step

TEMPLATE = "Warning notices, interim boards and other formal steps"
# a school without any notice, for the example that the template comes with
URN, SCHOOL = "900043", "Sorrelwyn Holt Church of England Primary School"
FILE = "formal_notices_filled_in.csv"
_EXAMPLE_URN = "999999"


def _see_how_fresh(hand: Hand) -> tuple[Locator, Locator]:
    hand.follow("Data")
    top = hand.page.get_by_role("heading", level=1)
    return top, hand.page.get_by_test_id("stDataFrame").first


def _take_a_template(hand: Hand) -> tuple[Locator, Locator]:
    hand.turn_to("What the LA holds")
    hand.unfold(TEMPLATE)
    made = hand.download(f"{TEMPLATE}: template as CSV")
    hand.files["template"] = Path(made.path()).read_text("utf-8-sig")
    top = hand.page.locator("summary").filter(has_text=TEMPLATE)
    return top, hand.page.get_by_role("button", name=f"{TEMPLATE}: template as CSV")


def _look_before_importing(hand: Hand) -> tuple[Locator, Locator]:
    hand.turn_to("Import")
    hand.upload("Files", FILE, hand.files["template"].replace(_EXAMPLE_URN, URN))
    top = shown(hand, "Published files as they are")
    return top, hand.page.get_by_role("button", name="Import 1 table", exact=True)


def _import(hand: Hand) -> tuple[Locator, Locator]:
    hand.press("Import 1 table")
    top = shown(hand, "1 of 1 table imported.")
    return top, hand.page.get_by_role("button", name="Build", exact=True)


def _build(hand: Hand) -> tuple[Locator, Locator]:
    hand.press("Build")
    top = shown(hand, "is shown from now on.")
    last = hand.page.get_by_test_id("stDataFrame").filter(visible=True).last
    expect(last).to_be_visible()
    return top, last


STEPS = (
    Step("e1_fresh", "See how fresh each source is", _see_how_fresh),
    Step("e2_template", "Take the template for what the LA holds", _take_a_template),
    Step("e3_look", "Drop the filled file, and read what it would change", _look_before_importing),
    Step("e4_import", "Import it", _import),
    Step("e5_build", "Build, and see which schools moved", _build),
)
