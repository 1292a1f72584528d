"""A trend says where its national figure is not a published one."""

import pandas as pd

from risk_model.measures.reader import measures_by_id
from risk_model.services.trends import Trend

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
