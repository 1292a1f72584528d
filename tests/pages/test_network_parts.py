"""The part that shows who supports whom: it draws on the demo and on an LA without support; no text is markup."""

from datetime import date

import pytest
from streamlit.testing.v1 import AppTest

from risk_model.casework import NewAllocation
from risk_model.domain.paths import DataDir
from risk_model.domain.viewer import local_viewer
from risk_model.services.copy import opened
from risk_model.services.networks import STANDINGS
from risk_model.services.support_changes import add_support
from tests.pages.conftest import TIMEOUT_S, said, shows_no_markup, well


def _page() -> None:
    from pages.components.network_parts import draw_networks
    from pages.components.session import copy, viewer
    from risk_model.services.scope import Scope

    draw_networks(viewer(), copy(), Scope())


def _drawn() -> AppTest:
    return well(AppTest.from_function(_page, default_timeout=TIMEOUT_S).run())


@pytest.mark.usefixtures("demo_data")
def test_by_locality_and_by_trust_now_and_ever() -> None:
    app = _drawn()
    assert "schools receive support" in said(app)
    for key, choice in (("network_when", "ever"), ("network_by", "trust")):
        app.radio(key=key).set_value(choice)
        well(app.run())
    assert "stay within a trust" in said(app)
    counts = next(one.value for one in app.dataframe if list(one.value.columns) == ["Standing", "Schools"])
    assert tuple(counts["Standing"]) == STANDINGS


@pytest.mark.usefixtures("small_data")
def test_without_support_that_is_said() -> None:
    assert "No support is recorded for these schools at this time." in said(_drawn())


def test_hostile_names_stay_text(own_small_data: DataDir) -> None:
    with opened(own_small_data) as copy:
        la_code = copy.reader.rows("select la_code from schools where urn = '100001'")[0]["la_code"]
        given = NewAllocation(
            la_code,
            "100001",
            "diocese",
            "<b>Diocese</b> **bold** [x](javascript:alert(1))",
            start_date=date(2025, 9, 1),
            status="active",
        )
        add_support(local_viewer(), copy, given)
    app = _drawn()
    assert "1 of 4 schools receive support" in said(app)
    assert shows_no_markup(app)
