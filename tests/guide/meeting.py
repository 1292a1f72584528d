"""A core group's meeting, step by step: the LA's lead prepares, holds and closes it, and looks back at it."""

import re

from playwright.sync_api import Locator, expect

from tests.guide.hand import Hand, shown
from tests.guide.walk import Step

GROUP = "Isterport"
DAY = "20/11/2026"
SCHOOL = "Quillon Wick Primary School"
MEMBER = "Consortium colleague"


def _prepare(hand: Hand) -> tuple[Locator, Locator]:
    hand.follow("Core group")
    hand.turn_to("Prepare a meeting")
    hand.choose("Core group", GROUP)
    hand.fill_day("Day of the meeting", DAY)
    top = shown(hand, "4 schools for the agenda")
    return top, hand.page.get_by_text(re.compile("people will be asked, as last time"))


def _open(hand: Hand) -> tuple[Locator, Locator]:
    hand.press("Make the agenda of 4 schools")
    shown(hand, "is prepared: 4 schools")
    shown(hand, "0 of 4 schools decided")
    top = hand.page.get_by_role("heading", name=SCHOOL)
    return top, hand.page.get_by_role("link", name=f"Open the profile of {SCHOOL}")


def _declare(hand: Hand) -> tuple[Locator, Locator]:
    hand.unfold("People:")
    hand.choose_in("Declare a conflict of interest", "Who", MEMBER)
    hand.choose_in("Declare a conflict of interest", "School", SCHOOL)
    hand.fill("The interest", "Governor there until July")
    hand.press("Declare")
    top = shown(hand, "conflicts of interest: 1")
    hand.unfold("People:")
    return top, shown(hand, "declared an interest")


def _decide(hand: Hand) -> tuple[Locator, Locator]:
    top = hand.page.get_by_role("heading", name="Decision")
    hand.choose("Outcome", "step up support")
    hand.fill("Reason", "Two years of low results, and the plan is late")
    hand.unfold("Actions: what, who, by when")
    hand.fill("Action 1", "Send the plan with dates to the adviser")
    hand.fill("Owner of action 1", "Head teacher")
    return top, hand.page.get_by_role("button", name="Save and next")


def _defer(hand: Hand) -> tuple[Locator, Locator]:
    hand.press_with_keys("Save and next")
    for decided in range(1, 4):
        shown(hand, f"{decided} of 4 schools decided")
        hand.press("Defer")
    bar = shown(hand, "4 of 4 schools decided")
    hand.visitor.drawn()
    return bar, hand.page.get_by_role("button", name="Undo this decision")


def _lock(hand: Hand) -> tuple[Locator, Locator]:
    hand.press("Lock the minutes")
    shown(hand, "The minutes were locked on")
    made = hand.download("Minutes as PDF")
    assert made.suggested_filename.startswith("minutes_2026-11-20")
    top = hand.page.get_by_role("heading", name="Close the meeting")
    return top, shown(hand, "Nothing was amended since")


def _look_back(hand: Hand) -> tuple[Locator, Locator]:
    hand.follow("History")
    shown(hand, "Records and audit trail agree")
    hand.look_up("School", SCHOOL)
    top = hand.page.get_by_role("heading", name="What core groups agreed")
    expect(top).to_be_visible()
    return top, hand.page.get_by_role("heading", name="Support", exact=True)


STEPS = (
    Step("c1_prepare", "Let the agenda make itself", _prepare),
    Step("c2_facts", "Open the first school: the facts on the left", _open),
    Step("c3_conflict", "Declare a conflict of interest", _declare),
    Step("c4_decide", "Decide, and say who does what", _decide),
    Step("c5_defer", "Defer the others", _defer),
    Step("c6_minutes", "Lock the minutes, and take them along", _lock),
    Step("c7_history", "Look back: what was agreed, by whom, and why", _look_back),
)
