"""A back-test that a test makes up: 1,200 inspections by a rule that can be worked out on paper."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pandas as pd

from risk_model.rules.reader import RuleSet, read_rules
from risk_model.scoring.model_figures import ModelFigures, TradePoint, figures_of
from tests.scoring.frames import frame_of, inspection

FIRST, LAST, MADE = date(2022, 9, 5), date(2023, 7, 17), date(2026, 11, 22)
LEVELS = ("unlikely", "uncertain", "likely", "not enough evidence")
FAILED_OF_TEN = {"unlikely": 5, "uncertain": 3, "likely": 1, "not enough evidence": 2}
TRADEOFF = (
    TradePoint(0.5, 0.785, 0.48, 2.0, 0.67, is_ours=True, why="It loses little."),
    TradePoint(0.0, 0.79, 0.48, 2.5, 0.86),
    TradePoint(1.0, 0.76, 0.45, 1.4, 0.56),
)
# what the fixture `committed` is: the product comes with these figures of England, or with none
Committed = Callable[[ModelFigures | None], None]


def made_up_frame() -> pd.DataFrame:
    """1,200 graded inspections, 300 a level: of ten at "unlikely" five failed, at "uncertain" three, at "likely" one.

    The scores fall from level to level, so that the riskiest fifth is 240 of the 300 at "unlikely". Every third school
    is a secondary; the intake's fifths, the regions and the types take turns. The first 40 are of the LA 999.
    """
    rows = []
    for number in range(1_200):
        level, place = LEVELS[number % 4], number // 4 % 10
        rows.append(
            inspection(
                100_001 + number,
                score=10.0 - 2 * (number % 4) + place / 100,
                failed=place < FAILED_OF_TEN[level],
                level=level,
                inspection_date=FIRST + timedelta(days=number % 316),
                phase="secondary" if number % 3 == 0 else "primary",
                size_band="600 to 1,100" if number % 3 == 0 else "100 to 249",
                fsm_fifth=str(number // 7 % 5 + 1),
                region=("London", "North West", "South West")[number // 11 % 3],
                la_code="999" if number < 40 else "202",
                is_academy=number // 5 % 2 == 0,
            )
        )
    return frame_of(rows)


def made_up_figures(frame: pd.DataFrame | None = None, rules: RuleSet | None = None) -> ModelFigures:
    """The figures of the made-up back-test, by the rules of the files, with a trade-off."""
    table = made_up_frame() if frame is None else frame
    found = figures_of(table, rules or read_rules(), FIRST, LAST, [], MADE)
    return replace(found, tradeoff=TRADEOFF)
