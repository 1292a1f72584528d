"""The README's walk of a core group's meeting: what must be in the records after each step."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from risk_model.casework import Meeting, actions, agenda_items, conflicts, exports, meetings
from risk_model.domain.paths import DataDir
from risk_model.services.copy import opened
from tests.browser.browsing import Visitor, serving
from tests.conftest import copied
from tests.guide.hand import Hand, shown
from tests.guide.meeting import GROUP, MEMBER, STEPS
from tests.guide.walk import promised, take


def _recorded(data: DataDir) -> Meeting:
    with opened(data) as copy:
        return max(meetings(copy.records), key=lambda one: one.id)


def _after_preparing(hand: Hand, data: DataDir) -> None:
    assert _recorded(data).held_on < date(2026, 11, 20)


def _after_opening(hand: Hand, data: DataDir) -> None:
    made = _recorded(data)
    assert (made.locality, made.held_on, made.is_locked) == (GROUP, date(2026, 11, 20), False)
    with opened(data) as copy:
        assert len(agenda_items(copy.records, made.id)) == 4


def _after_declaring(hand: Hand, data: DataDir) -> None:
    with opened(data) as copy:
        (declared,) = conflicts(copy.records, _recorded(data).id)
    assert (declared.label, declared.interest) == (MEMBER, "Governor there until July")


def _after_filling(hand: Hand, data: DataDir) -> None:
    assert _recorded(data).outcomes == ()


def _after_deferring(hand: Hand, data: DataDir) -> None:
    made = _recorded(data)
    assert sorted(one.outcome for one in made.outcomes) == ["deferred - need evidence"] * 3 + ["step up support"]
    with opened(data) as copy:
        (action,) = actions(copy.records, meeting_id=made.id)
    assert (action.action, action.owner) == ("Send the plan with dates to the adviser", "Head teacher")


def _after_locking(hand: Hand, data: DataDir) -> None:
    assert _recorded(data).is_locked
    with opened(data) as copy:
        assert exports(copy.records)[0].what == "minutes of a core group"


def _after_looking_back(hand: Hand, data: DataDir) -> None:
    shown(hand, "Step up support. Two years of low results, and the plan is late.")
    shown(hand, f"Interest declared by {MEMBER}: Governor there until July")
    shown(hand, "minutes of a core group: minutes_2026-11-20")


AFTER: dict[str, Callable[[Hand, DataDir], None]] = {
    "c1_prepare": _after_preparing,
    "c2_facts": _after_opening,
    "c3_conflict": _after_declaring,
    "c4_decide": _after_filling,
    "c5_defer": _after_deferring,
    "c6_minutes": _after_locking,
    "c7_history": _after_looking_back,
}


def test_a_meeting_is_prepared_held_closed_and_looked_back_at(
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
    assert efforts == promised("A core group's meeting")
