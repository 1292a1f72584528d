"""The demo's levels against the file that was last reviewed."""

from pathlib import Path

from risk_model.domain.paths import DataDir
from tests.golden.levels import GOLDEN, levels_as_csv


def test_demo_levels_are_those_that_were_reviewed(demo_dir: Path) -> None:
    now = levels_as_csv(DataDir(demo_dir)).splitlines()
    reviewed = GOLDEN.read_text("utf-8").splitlines()
    moved = [f"was {old}\nnow {new}" for old, new in zip(reviewed, now, strict=False) if old != new]
    assert len(now) == len(reviewed)
    assert not moved, "\n".join(moved[:20])
