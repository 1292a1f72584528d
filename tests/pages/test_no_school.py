"""Who leads an LA that has no school in a copy: each page says so, and none turns them away."""

from datetime import UTC, datetime

import pytest
from streamlit.testing.v1 import AppTest

from risk_model.casework import NewGrant, add_grant
from risk_model.domain.paths import PROJECT, DataDir
from risk_model.domain.viewer import Role
from risk_model.services.copy import opened
from tests.pages.conftest import TIMEOUT_S, well

WHO = "lead@example.gov.uk"
PAGES = ("overview", "schools_at_risk", "support", "explore", "core_group", "regional_director", "history", "data")


@pytest.mark.parametrize("page", PAGES)
def test_a_page_says_that_there_is_no_school_of_theirs(own_data: DataDir, page: str) -> None:
    with opened(own_data) as copy:
        add_grant(copy.records, "test", NewGrant(WHO, Role.LEAD.value, "001"))
    app = AppTest.from_file(str(PROJECT / "app.py"), default_timeout=TIMEOUT_S)
    app.secrets["auth"] = {"cookie_secret": "a secret of this test"}  # pragma: allowlist secret
    app.user = {"is_logged_in": True, "email": WHO, "iat": datetime.now(UTC).timestamp()}
    app.session_state["has_landed"] = True
    app.switch_page(f"pages/{page}.py")
    well(app.run())
    assert any("holds no school of yours" in one.value for one in app.info)
    assert [one.value for one in app.error] == []
    assert len(app.title) == 1
