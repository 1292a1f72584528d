"""The school that is chosen in the list says which of its needs have no help."""

from streamlit.testing.v1 import AppTest

from risk_model.domain.paths import DataDir
from risk_model.domain.viewer import local_viewer
from risk_model.rules.support import SUPPORT_FILE
from risk_model.services.copy import opened
from risk_model.services.one_school_needs import one_school_needs
from risk_model.services.profile import school_profile
from tests.pages.conftest import Visit, said, shows_no_markup, well

WHO = local_viewer()


def _chosen(visit: Visit, urn: str) -> AppTest:
    """The list of one school, with its row selected."""
    app = visit("schools_at_risk", q=urn)
    app.session_state["schools"] = {"selection": {"rows": [0], "columns": [], "cells": []}}
    return well(app.run())


def test_the_chosen_school_says_its_needs_without_help(demo_data: DataDir, visit: Visit) -> None:
    for urn in ("900027", "900040"):
        with opened(demo_data) as copy:
            words = one_school_needs(WHO, copy, school_profile(WHO, copy, urn)).words
        assert words in said(_chosen(visit, urn))


def test_settings_that_cannot_be_read_leave_the_school_in_sight(own_data: DataDir, visit: Visit) -> None:
    (own_data.root / SUPPORT_FILE).write_text("from = 1", "utf-8")
    app = _chosen(visit, "900027")
    assert "support.toml is not valid" in app.warning[0].value.replace("\\", "")
    assert "Alder Bank Primary School" in said(app)
    assert shows_no_markup(app)
