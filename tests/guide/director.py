"""The regional director's list, step by step: the LA's lead chooses, looks, takes it along, and raises an academy."""

from playwright.sync_api import Locator

from tests.guide.hand import Hand, shown
from tests.guide.walk import Step

ACADEMY = "Sorrelwyn Bank Academy"


def _choose(hand: Hand) -> tuple[Locator, Locator]:
    hand.follow("Regional director (RSC)")
    top = shown(hand, "not raised yet")
    return top, hand.page.get_by_role("heading", level=2).nth(2)


def _fields(hand: Hand) -> tuple[Locator, Locator]:
    hand.turn_to("2 Choose fields")
    top = shown(hand, "What is told of each academy.")
    return top, hand.page.get_by_test_id("stMultiSelect").filter(visible=True).last


def _preview(hand: Hand) -> tuple[Locator, Locator]:
    hand.turn_to("3 Preview")
    top = shown(hand, "Classification on every page")
    return top, hand.page.get_by_role("heading", name="What the rules make of the evidence")


def _export(hand: Hand) -> tuple[Locator, Locator]:
    hand.turn_to("4 Export and log")
    shown(hand, "Nothing has left yet.")
    made = hand.download("Export as PDF pack")
    assert made.suggested_filename.endswith(".pdf")
    top = shown(hand, "academies of")
    return top, shown(hand, "1 file. The log is never changed")


def _raise(hand: Hand) -> tuple[Locator, Locator]:
    hand.turn_to("Raised")
    top = hand.page.get_by_role("heading", name="Raise an academy")
    hand.look_up("Academy", ACADEMY)
    hand.choose("Kind of ask", "information")
    hand.fill("Concern", "Results stay low, and the trust has not said what it does")
    return top, hand.page.get_by_role("button", name="Keep as a draft")


STEPS = (
    Step("d1_choose", "Choose the academies", _choose),
    Step("d2_fields", "Choose what is told of them", _fields),
    Step("d3_preview", "Look at exactly what leaves", _preview),
    Step("d4_export", "Take it along, logged", _export),
    Step("d5_raise", "Raise an academy", _raise),
)
