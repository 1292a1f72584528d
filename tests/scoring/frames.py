"""Frames of a back-test that a test writes down: ten inspections worked by hand, each as often as it takes."""

from datetime import date, timedelta
from typing import Any

import pandas as pd

FIRST_DAY = date(2022, 9, 5)
# score and what happened, the riskiest first: 4 of 10 failed, and one of them shares its score with one that did not
TEN = (
    (9.0, True),
    (8.0, False),
    (7.0, True),
    (6.0, True),
    (6.0, False),
    (5.0, False),
    (4.0, False),
    (3.0, False),
    (2.0, True),
    (1.0, False),
)


def inspection(urn: int, score: float | None, failed: bool | None, **more: Any) -> dict[str, Any]:
    """One graded inspection of a maintained primary school, as `run_backtest` has it."""
    return {
        "urn": str(urn),
        "inspection_date": FIRST_DAY + timedelta(days=urn % 200),
        "era": "2019 to 2024",
        "kind": "graded",
        "phase": "primary",
        "good_or_better": None if failed is None else "no" if failed else "yes",
        "mapping": "M5" if failed else "M4",
        "is_derived": False,
        "is_warning": None,
        "failed": failed,
        "failed_soft": None,
        "failed_leadership": None,
        "score": score,
        "level": "uncertain",
        "priority": "watch",
        "coverage": 0.8,
        "last_grade": 1.0,
        "best_single": 50.0,
        "unit_points": 2,
        "size_band": "100 to 249",
        "fsm_fifth": "3",
        "is_academy": False,
        "has_religious_character": False,
        "region": "London",
        "la_code": "202",
        "as_at": date(2022, 9, 1),
        **more,
    }


def frame_of(rows: list[dict[str, Any]]) -> pd.DataFrame:
    """The frame of some inspections; booleans that may be missing keep what is missing."""
    table = pd.DataFrame(rows)
    for name in ("failed", "failed_soft", "failed_leadership", "is_warning", "is_academy", "has_religious_character"):
        table[name] = table[name].astype("object")
    return table


def ten_times(times: int = 10, **more: Any) -> list[dict[str, Any]]:
    """The ten, so many times over, each of a school of its own: as many of a hundred as of ten."""
    return [
        inspection(110_000 + place * 100 + again, score, failed, **more)
        for place, (score, failed) in enumerate(TEN)
        for again in range(times)
    ]
