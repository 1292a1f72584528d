"""A trend says where its national figure is not a published one."""

import pandas as pd
import pytest

from risk_model.measures.reader import measures_by_id
from risk_model.services.trends import Trend, figure_in_words, side_of, trend_finding

MEASURE = measures_by_id()["rwm_expected_pct"]


def test_a_national_figure_that_was_worked_out_is_named_by_its_years() -> None:
    points = pd.DataFrame(
        {"label": ["2021-22", "2022-23", "2023-24"], "origin": ["published", "schools loaded", "schools loaded"]}
    )
    note = Trend(MEASURE, points, "").national_note
    assert note == "The national figure of 2022-23, 2023-24 is worked out from the schools loaded."


def test_published_national_figures_need_no_note() -> None:
    points = pd.DataFrame({"label": ["2021-22", "2022-23"], "origin": ["published", None]})
    assert Trend(MEASURE, points, "").national_note == ""


# 0.06 apart and both 5.5%; 0.02 apart and not both
@pytest.mark.parametrize(
    ("value", "national", "side"),
    [
        (5.46, 5.54, "level with"),
        (5.54, 5.46, "level with"),
        (5.54, 5.56, "below"),
        (5.56, 5.54, "above"),
        (5.0, 5.0, "level with"),
        (7.2, 5.0, "above"),
    ],
)
def test_a_figure_is_level_with_one_that_reads_the_same(value: float, national: float, side: str) -> None:
    measure = measures_by_id()["persistent_absence_pct"]
    assert measure.decimals == 1
    assert side_of(value, national, measure) == side
    points = pd.DataFrame({"value": [value], "benchmark": [national], "label": ["2024-25"], "year": [2024]})
    told = f"{figure_in_words(value, measure)} in 2024-25, {side} the national {figure_in_words(national, measure)}"
    assert trend_finding(measure, points) == f"{measure.label}: {told}"
