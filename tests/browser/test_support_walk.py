"""The walk of the README's guide, step by step: what must be on the screen after each, and in the records."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from risk_model.casework import Allocation, allocations, objectives, visits
from risk_model.domain.paths import DataDir
from risk_model.services.copy import opened
from tests.browser.browsing import Visitor, serving
from tests.conftest import copied
from tests.guide.hand import Hand, panel, shown
from tests.guide.walk import DAYS, LEADER, REASON, SCHOOL, STEPS, promised, take

TOO_MANY = f"{LEADER} offers 3 days in autumn 2026; 0.0 are planned, and with this it would be 6.0."


def _gaps(page: Page) -> list[str]:
    """How many gaps there are, and the first schools of the list, as another window shows it at the same time."""
    other = page.context.new_page()
    other.goto(re.sub(r"/support.*", "/support?view=gaps", page.url))
    names = other.get_by_test_id("stDataFrame").first.locator("td[aria-colindex='1']")
    expect(names.first).to_be_attached()
    said = other.get_by_text(re.compile(r"^flagged and without support \(\d+\)$")).inner_text()
    shown_names = names.all_inner_texts()
    other.close()
    return [said, *shown_names]


def _recorded(data: DataDir) -> Allocation:
    with opened(data) as copy:
        return max(allocations(copy.records), key=lambda one: one.id)


def _after_finding(hand: Hand, data: DataDir) -> None:
    said, *names = _gaps(hand.page)
    assert said == "flagged and without support (49)"
    assert SCHOOL in names


def _after_seeing(hand: Hand, data: DataDir) -> None:
    shown(hand, f"{LEADER}, SLE: 11 of 15 points")
    shown(hand, "1 of 2: Free days this term. 3.0 of 3 days are free in autumn 2026. 6 are needed.")
    # somebody else could be chosen, who has the days
    shown(hand, "2 of 2: Free days this term. 6.0 of 6 days are free in autumn 2026. 6 are needed.")


def _after_allocating(hand: Hand, data: DataDir) -> None:
    page, before = hand.page, _recorded(data)
    for label, value in (("School", SCHOOL), ("System leader", LEADER), ("Role", "SLE")):
        box = page.get_by_role("combobox", name=label, exact=True)
        expect(box).to_have_value(re.compile(re.escape(value)))
    expect(page.get_by_role("spinbutton", name="Days planned")).to_have_value("6.0")
    expect(page.get_by_role("textbox", name="Need it answers")).to_have_value("Leadership")
    expect(page.get_by_role("textbox", name="Raised rules that it answers")).to_have_value("L1, L4")
    shown(hand, TOO_MANY)
    page.get_by_role("button", name="Add support", exact=True).click()
    shown(hand, "The support was not recorded: it does not fit.")
    shown(hand, TOO_MANY)
    assert _recorded(data) == before


def _after_adding(hand: Hand, data: DataDir) -> None:
    made = _recorded(data)
    assert (made.system_leader_label, made.days_planned, made.rules) == (LEADER, float(DAYS), "L1, L4")
    assert (made.statement, made.override_reason) == ("leadership", REASON)
    expect(hand.page).to_have_url(re.compile(rf"[?&]number={made.id}(&|$)"))
    said, *names = _gaps(hand.page)
    assert said == "flagged and without support (48)"
    assert SCHOOL not in names


def _after_briefing(hand: Hand, data: DataDir) -> None:
    expect(panel(hand).get_by_role("button", name="Briefing as Word")).to_be_visible()


def _after_visiting(hand: Hand, data: DataDir) -> None:
    made = _recorded(data)
    assert (made.days_planned, made.days_used) == (6.0, 1.5)
    with opened(data) as copy:
        (visit,) = visits(copy.records, allocation_id=made.id)
    assert (visit.visited_by, visit.days) == (LEADER, 1.5)
    shown(hand, "Next: Lessons of the other five subjects before the end of term")


def _after_reviewing(hand: Hand, data: DataDir) -> None:
    with opened(data) as copy:
        (objective,) = objectives(copy.records, allocation_id=_recorded(data).id)
    assert (objective.progress, objective.baseline) == ("on track", "2 of 9")
    shown(hand, "How it goes, looked at on 20 November 2026")


def _after_ending(hand: Hand, data: DataDir) -> None:
    made = _recorded(data)
    assert (made.status, made.exit_outcome, made.exit_decision) == ("completed", "objectives met", "continue lighter")
    address = hand.page.url
    hand.visitor.open(address)
    # nothing is lost on reload: the piece of support is still the one that is open, with all that was recorded
    shown(hand, re.compile(r"^completed · ended · leadership coaching · days planned: 6, 1\.5 used .* objectives met$"))
    shown(hand, "Lessons of the other five subjects before the end of term")
    hand.page.get_by_role("tab", name="Review").click()
    shown(hand, "How it goes, looked at on 20 November 2026")


AFTER: dict[str, Callable[[Hand, DataDir], None]] = {
    "1_gaps": _after_finding,
    "2_who_could_help": _after_seeing,
    "3_warned": _after_allocating,
    "4_added": _after_adding,
    "5_briefing": _after_briefing,
    "6_visit": _after_visiting,
    "7_review": _after_reviewing,
    "8_end": _after_ending,
}


def test_a_gap_is_closed_from_the_list_to_the_outcome(
    demo_dir: Path, tmp_path: Path, visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("RECORDS_URL", raising=False)
    data = DataDir(copied(demo_dir, tmp_path / "data"))
    with serving(data.root, tmp_path / "log.txt") as address:
        visitor.open(address)
        hand = Hand(visitor)
        efforts = []
        for step in STEPS:
            effort, _ = take(step, hand)
            efforts.append(effort)
            AFTER[step.name](hand, data)
    assert efforts == promised("A first day with support")
