"""The time line on a school's page: it draws, a link chooses the measure, and no text is markup."""

import json
from datetime import date

import pandas as pd
from streamlit.testing.v1 import AppTest

from risk_model.casework import NewAllocation, add_allocation
from risk_model.domain.paths import DataDir
from risk_model.services.copy import opened
from risk_model.services.timeline import NO_SUPPORT
from risk_model.services.timeline_words import NO_CAUSE
from tests.pages.conftest import Visit, said, shows_no_markup, well


def _chart(app: AppTest) -> str:
    """What the browser is given to draw."""
    (chart,) = [one for one in app.get("plotly_chart") if "timeline_chart" in one.proto.id]
    return str(json.loads(chart.proto.spec))


def _rows(app: AppTest) -> pd.DataFrame:
    (table,) = [one.value for one in app.dataframe if list(one.value.columns) == ["Date", "Until", "What", "In words"]]
    return table


def test_support_stands_against_results_with_its_table(demo_data: DataDir, visit: Visit) -> None:
    app = visit("school", urn="900027")
    assert "Three pieces of support since 2026; the last results are from summer 2025, before any of them" in said(app)
    assert NO_CAUSE in said(app)
    assert set(_rows(app)["What"]) == {"result", "inspection", "support", "visit"}
    assert "not comparable" in _chart(app)
    assert "as at 20 November 2026" in _chart(app)


def test_a_link_names_the_measure_and_choosing_another_changes_the_table(demo_data: DataDir, visit: Visit) -> None:
    app = visit("school", urn="900027", timeline="persistent_absence_pct")
    assert "Persistent absence, 2024-25" in " ".join(_rows(app)["In words"])
    well(app.selectbox(key="timeline").select("reading_progress_score").run())
    assert "Progress in reading, 2022-23" in " ".join(_rows(app)["In words"])
    assert app.query_params["timeline"] == "reading_progress_score"


def test_a_link_to_a_measure_that_the_school_has_not_shows_its_main_one(demo_data: DataDir, visit: Visit) -> None:
    app = visit("school", urn="900027", timeline="<b>progress8_score")
    assert app.selectbox(key="timeline").value == "rwm_expected_pct"


def test_a_school_without_support_says_so(demo_data: DataDir, visit: Visit) -> None:
    with opened(demo_data) as copy:
        (row,) = copy.reader.rows("select min(urn) as urn from schools where phase_group = 'nursery'")
    assert NO_SUPPORT in said(visit("school", urn=row["urn"]))


def test_a_providers_name_is_text_in_the_chart_too(own_data: DataDir, visit: Visit) -> None:
    name = "<b>Team</b> **bold** <a href='https://example.invalid'>x</a>"
    with opened(own_data) as copy:
        new = NewAllocation("999", "900027", "LA team", name, start_date=date(2026, 9, 1), status="active")
        add_allocation(copy.records, "tester", new)
    app = visit("school", urn="900027")
    assert "&lt;b&gt;Team&lt;/b&gt;" in _chart(app)
    assert "<b>Team" not in _chart(app)
    assert shows_no_markup(app)
