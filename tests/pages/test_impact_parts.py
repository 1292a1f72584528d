"""The parts that show what came of support: they draw on the demo, on an LA without support, and no text is markup."""

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from risk_model.domain.paths import DataDir
from tests.pages.conftest import TIMEOUT_S, said, shows_no_markup, well


def _page() -> None:
    from pages.components.impact_parts import draw_impact, draw_outcomes
    from pages.components.session import copy, viewer
    from risk_model.services.scope import Scope

    draw_impact(viewer(), copy(), Scope())
    draw_outcomes(viewer(), copy(), Scope())


def _drawn() -> AppTest:
    return well(AppTest.from_function(_page, default_timeout=TIMEOUT_S).run())


def _tables(app: AppTest, column: str) -> list[pd.DataFrame]:
    return [one.value for one in app.dataframe if column in one.value.columns]


def test_each_measure_of_the_demo_is_drawn_with_its_tables(demo_data: DataDir) -> None:
    app = _drawn()
    offered = app.selectbox(key="impact_measure").options
    assert "Persistent absence" in offered
    for measure in ("persistent_absence_pct", "progress8_score"):
        well(app.selectbox(key="impact_measure").select(measure).run())
        assert "it does not prove that support did it." in said(app)
    assert len(_tables(app, "In words")) == 2
    assert "Schools that gave support: their own results" in [one.value for one in app.header]


def test_one_kind_of_support_can_be_chosen(demo_data: DataDir) -> None:
    app = _drawn()
    well(app.selectbox(key="impact_supported_kind").select("attendance").run())
    cases = app.dataframe(key="impact_supported_cases").value
    assert set(cases["Kind of support"]) == {"attendance"}


def test_what_became_of_support_stands_below(demo_data: DataDir) -> None:
    app = _drawn()
    assert _tables(app, "Stage")[0]["Stage"].iloc[0] == "Need put forward"
    assert "pieces of support that were given and are over" in said(app)


@pytest.mark.usefixtures("small_data")
def test_schools_without_results_or_support_are_said_and_not_drawn() -> None:
    app = _drawn()
    text = said(app)
    assert "nothing can be compared" in text
    assert "No support of these schools has been given and has ended." in text
    assert shows_no_markup(app)
