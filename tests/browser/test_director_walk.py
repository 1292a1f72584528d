"""The README's walk of the regional director's list: what must be in the records after each step."""

from collections.abc import Callable
from pathlib import Path

import pytest

from risk_model.casework import exports, hash_of, referrals
from risk_model.domain.paths import DataDir
from risk_model.services.copy import opened
from tests.browser.browsing import Visitor, serving
from tests.conftest import copied
from tests.guide.director import STEPS
from tests.guide.hand import Hand, shown
from tests.guide.walk import promised, take


def _nothing_left(hand: Hand, data: DataDir) -> None:
    with opened(data) as copy:
        assert exports(copy.records) == []


def _after_exporting(hand: Hand, data: DataDir) -> None:
    with opened(data) as copy:
        (left,) = exports(copy.records)
        academies = {row["urn"] for row in copy.reader.rows(_ACADEMIES)}
    assert left.what == "regional director's list"
    assert set(left.urns or ()) <= academies
    # the number that the screen shows is the one in the log
    shown(hand, left.content_hash)
    assert left.content_hash != hash_of(b"")


_ACADEMIES = "select urn from schools_at_risk where route = 'regional director'"


def _after_filling(hand: Hand, data: DataDir) -> None:
    before = _recorded(data)
    hand.press("Keep as a draft")
    shown(hand, "is drafted. Open it above once it has been sent.")
    assert _recorded(data) == before + 1


def _recorded(data: DataDir) -> int:
    with opened(data) as copy:
        return len(referrals(copy.records))


AFTER: dict[str, Callable[[Hand, DataDir], None]] = {
    "d1_choose": _nothing_left,
    "d2_fields": _nothing_left,
    "d3_preview": _nothing_left,
    "d4_export": _after_exporting,
    "d5_raise": _after_filling,
}


def test_the_list_is_chosen_looked_at_taken_along_and_an_academy_raised(
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
    assert efforts == promised("The regional director's list")
