"""An officer's first hour, step by step: from the whole LA to one school, and why it is on the list."""

import re

from playwright.sync_api import Locator, expect

from tests.guide.hand import Hand, shown
from tests.guide.walk import Step

SCHOOL = "Birchmoor Academy"


def _look_at_all(hand: Hand) -> tuple[Locator, Locator]:
    hand.follow("Overview")
    top = hand.page.get_by_role("heading", level=1)
    return top, hand.page.get_by_role("link", name=re.compile("^○ not enough evidence: ")).last


def _open_the_list(hand: Hand) -> tuple[Locator, Locator]:
    hand.follow_like("■ unlikely: ")
    top = shown(hand, re.compile(r"^\d+ of \d+ schools$"))
    return top, shown(hand, "Select a row to see why, and what is being done.")


def _read_why(hand: Hand) -> tuple[Locator, Locator]:
    hand.select_row(hand.page.get_by_test_id("stDataFrame").first, SCHOOL)
    top = hand.page.get_by_role("heading", level=2, name=SCHOOL)
    return top, shown(hand, "Need and help of all schools of this scope")


def _open_the_profile(hand: Hand) -> tuple[Locator, Locator]:
    hand.follow("Open the profile")
    top = hand.page.get_by_role("heading", level=1, name=SCHOOL)
    expect(top).to_be_visible()
    hand.unfold("rules")
    return top, hand.page.get_by_test_id("stExpander").filter(has_text="rules").first


STEPS = (
    Step("a1_overview", "Look at the whole LA", _look_at_all),
    Step("a2_list", "Open the schools behind a number", _open_the_list),
    Step("a3_why", "Choose a school, and read why it is there", _read_why),
    Step("a4_profile", "Open its profile, and every rule behind a level", _open_the_profile),
)
