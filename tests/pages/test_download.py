"""The tab from which the official files are fetched, through app.py, from a service on this machine."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from pages.components.words import plain
from risk_model.demo import make_demo
from risk_model.domain.paths import DataDir
from risk_model.warehouse.lake import read_releases
from tests.loopback import ABSENCE_FILE, Reply, Service, serving_absence
from tests.pages.conftest import Visit, well

PAGE = "https://www.gov.uk/absence"


@pytest.fixture
def service(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Service]:
    """One source, whose file is a year of the invented LA's absence."""
    make_demo(tmp_path / "files")
    content = (tmp_path / "files" / "absence" / "2018-2019" / "england_abs.csv").read_bytes()
    with serving_absence(tmp_path / "downloads.toml", Reply(content), page=PAGE) as one:
        monkeypatch.setenv("RISK_DOWNLOADS", str(tmp_path / "downloads.toml"))
        yield one


def _press(app: AppTest) -> AppTest:
    (button,) = [one for one in app.button if one.label == "Download"]
    return well(button.click().run())


def _fetch(app: AppTest) -> AppTest:
    app.multiselect(key="download_sources").set_value(["absence"])
    return _press(app)


def _said(app: AppTest) -> str:
    return " ".join(str(one.value) for one in (*app.markdown, *app.caption, *app.error, *app.info))


def test_what_can_be_fetched_is_shown_and_nothing_is_asked(
    own_small_data: DataDir, service: Service, visit: Visit
) -> None:
    app = visit("data", part="Download")
    assert "Absence *by school*" in app.dataframe[0].value["Source"].tolist()
    assert "No source is chosen." in _said(_press(app))
    assert service.asked == []


def test_file_is_fetched_imported_and_said_to_be(own_small_data: DataDir, service: Service, visit: Visit) -> None:
    # the four schools here are real numbers: the invented LA's absence lands beside them and is set aside by a build
    app = _fetch(visit("data", part="Download"))
    assert plain("absence/2018-2019_england_abs.csv") in _said(app)
    assert "under Import" in _said(app)
    assert [r.period for r in read_releases(own_small_data) if r.source_id == "absence"] == ["2018-2019"]
    assert "unchanged" in _said(_fetch(app))


def test_file_that_does_not_come_is_said_with_what_to_do(
    own_small_data: DataDir, service: Service, visit: Visit
) -> None:
    service.at(ABSENCE_FILE, Reply(b"<html><title>Sorry *all*</title>"))
    app = _fetch(visit("data", part="Download"))
    (error,) = app.error
    assert "Sorry \\*all\\*" in error.value
    assert "in a browser" in error.value
    assert not [r for r in read_releases(own_small_data) if r.source_id == "absence"]
