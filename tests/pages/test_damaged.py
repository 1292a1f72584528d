"""A damaged build is told in words in the page's place, and the navigation stays."""

import pytest
from streamlit.testing.v1 import AppTest

from risk_model.domain.paths import PROJECT, DataDir
from risk_model.warehouse.builds import current_build
from tests.pages.conftest import TIMEOUT_S


@pytest.mark.parametrize("page", ["overview", "schools_at_risk"])
def test_build_that_is_no_database_is_told_with_what_to_do(own_small_data: DataDir, page: str) -> None:
    build = current_build(own_small_data)
    assert build is not None
    build.path.write_text("no database", "utf-8")
    app = AppTest.from_file(str(PROJECT / "app.py"), default_timeout=TIMEOUT_S)
    app.switch_page(f"pages/{page}.py")
    app.run()
    assert not app.exception
    (said,) = app.error
    assert "is damaged or gone" in said.value
    assert "python -m risk_model build" in said.value.replace("\\", "")


def test_records_that_cannot_be_reached_are_told_without_their_address(
    own_small_data: DataDir, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = "postgresql+psycopg://risk:geheim@127.0.0.1:1/records"  # pragma: allowlist secret
    monkeypatch.setenv("RECORDS_URL", address)
    app = AppTest.from_file(str(PROJECT / "app.py"), default_timeout=TIMEOUT_S)
    app.run()
    assert not app.exception
    (said,) = app.error
    words = said.value.replace("\\", "")
    assert "records" in words
    assert not [inner for inner in ("geheim", "127.0.0.1", "psycopg", "://", "port 1", '"risk"') if inner in words]
