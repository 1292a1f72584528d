"""A first day with support, step by step: an improvement lead closes one gap, from the list to the outcome."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Locator, expect

from risk_model.domain.paths import PROJECT
from tests.guide.hand import Hand, panel, shown

SCHOOL = "Merrowyn Rise Church of England Primary School"
LEADER = "System leader 09"
DAYS = "6"
REASON = "System leader 09 and their own school agreed to three more days this term."


@dataclass(frozen=True)
class Step:
    """One step of the walk.

    Attributes:
        name: of its picture, in the order of the steps; title: as the README says it.
        act: does it, and returns what the picture shows from its top to its bottom.
    """

    name: str
    title: str
    act: Callable[[Hand], tuple[Locator, Locator]]


def _find_gaps(hand: Hand) -> tuple[Locator, Locator]:
    hand.follow("Support")
    top = shown(hand, "pieces of support are active")
    return top, shown(hand, "Select a row to see who could help.")


def _see_who_could_help(hand: Hand) -> tuple[Locator, Locator]:
    hand.select_row(hand.page.get_by_test_id("stDataFrame").first, SCHOOL)
    hand.fill_and_enter("Days needed this term", DAYS)
    shown(hand, f"{DAYS} are needed.")
    top = hand.page.get_by_role("heading", name=SCHOOL)
    return top, hand.page.get_by_role("button", name="Allocate").nth(2)


def _allocate(hand: Hand) -> tuple[Locator, Locator]:
    hand.press(f"Allocate {LEADER}")
    shown(hand, "As it is filled in, it does not fit.")
    top = hand.page.get_by_test_id("stForm")
    return top, hand.page.get_by_role("button", name="Add support", exact=True)


def _say_why(hand: Hand) -> tuple[Locator, Locator]:
    hand.fill("Aim", "Leaders of every subject see lessons and books each fortnight")
    hand.fill("How you will know that it helped", "Subjects seen in the last fortnight")
    hand.fill("Where that stands now", "2 of 9")
    hand.fill("In spite of a warning, because", REASON)
    hand.press("Add support")
    added = shown(hand, "was added for")
    shown(hand, "No visit is recorded yet.")
    return added, hand.page.get_by_role("tab", name="History")


def _support(hand: Hand) -> Locator:
    return hand.page.get_by_role("heading", level=2).filter(has_text=f"{LEADER} for {SCHOOL}")


def _brief(hand: Hand) -> tuple[Locator, Locator]:
    hand.turn_to("Brief the supporter")
    made = hand.download("Briefing as PDF")
    assert made.suggested_filename.endswith(".pdf")
    return _support(hand), panel(hand)


def _record_a_visit(hand: Hand) -> tuple[Locator, Locator]:
    hand.turn_to("Record a visit")
    hand.fill("Person-days", "1.5")
    hand.fill("What was done and seen", "Books of four subjects seen with their leaders; two lack a plan")
    hand.fill("Next step", "Lessons of the other five subjects before the end of term")
    hand.press("Record the visit")
    shown(hand, "days planned: 6, 1.5 used")
    return _support(hand), panel(hand).get_by_role("button", name="Record the visit")


def _review(hand: Hand) -> tuple[Locator, Locator]:
    hand.turn_to("Review")
    hand.press("Add the objective")
    shown(hand, "Measure: Subjects seen in the last fortnight")
    hand.choose("How it goes", "on track")
    hand.press("Record the progress")
    shown(hand, "How it goes, looked at on")
    return _support(hand), panel(hand).get_by_role("button", name="Record the progress")


def _end(hand: Hand) -> tuple[Locator, Locator]:
    hand.turn_to("End")
    hand.choose("What it came to", "objectives met")
    hand.choose("What follows", "continue lighter")
    hand.press("End the support")
    shown(hand, "has ended: completed")
    expect(panel(hand).get_by_role("button", name="Save how it ended")).to_be_visible()
    return _support(hand), panel(hand).get_by_role("button", name="Save how it ended")


STEPS = (
    Step("1_gaps", "Find the flagged schools without help", _find_gaps),
    Step("2_who_could_help", "See who could help one of them", _see_who_could_help),
    Step("3_warned", "Allocate six days, and be warned", _allocate),
    Step("4_added", "Say why it is right, and add it", _say_why),
    Step("5_briefing", "Brief the leader", _brief),
    Step("6_visit", "Record a visit", _record_a_visit),
    Step("7_review", "Review at mid-point", _review),
    Step("8_end", "End with an outcome", _end),
)


@dataclass(frozen=True)
class Effort:
    """What one step took."""

    title: str
    clicks: int
    fields: int


def take(step: Step, hand: Hand) -> tuple[Effort, tuple[Locator, Locator]]:
    """Do one step, and count it."""
    clicks, fields = hand.clicks, hand.fields
    between = step.act(hand)
    return Effort(step.title, hand.clicks - clicks, hand.fields - fields), between


def promised(heading: str) -> list[Effort]:
    """What the README says that each step of a walk takes, by the heading under which the walk stands."""
    readme = (PROJECT / "README.md").read_text("utf-8")
    part = readme.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| \d\. ([^|]+) \| (\d+) \| (\d+) \|$", part, flags=re.MULTILINE)
    return [Effort(title, int(clicks), int(fields)) for title, clicks, fields in rows]
