"""The page of the quality report, through app.py."""

from pathlib import Path

from risk_model.domain.paths import DataDir
from risk_model.domain.viewer import local_viewer
from risk_model.services.quality import quality_choices, quality_reports
from tests.pages.conftest import Visit, said, shows_no_markup, well
from tests.sources.kit import Desk


def _release(data: DataDir, start: str) -> str:
    return next(one for one in quality_choices(local_viewer(), data) if one.startswith(start))


def test_link_to_a_release_shows_its_rows_its_figures_and_its_markers(demo_data: DataDir, visit: Visit) -> None:
    release_id = _release(demo_data, "ks2-2024-2025")
    [report] = quality_reports(local_viewer(), demo_data, release_id)
    app = visit("quality", quality_of=release_id)
    assert report.sentence in said(app)
    assert "they add up" in said(app)
    shown = [frame.value for frame in app.dataframe]
    rows = next(table for table in shown if "Fate" in table)
    assert list(rows["Rows"]) == [group.rows for group in report.quality.groups]
    markers = next(table for table in shown if "Share of rows %" in table)
    assert markers["Cells"].sum() == sum(one.cells for one in report.quality.marked)


def test_all_releases_are_gone_through_when_asked_and_not_before(demo_data: DataDir, visit: Visit) -> None:
    app = visit("quality")
    assert not app.dataframe
    well(app.button(key="quality_all").click().run())
    summary = app.dataframe[0].value
    assert len(summary) == len(quality_choices(local_viewer(), demo_data))
    assert set(summary["Adds up"]) == {"yes"}


def test_hostile_file_name_and_hostile_cell_are_text(own_data: DataDir, tmp_path: Path, visit: Visit) -> None:
    desk = Desk(own_data, tmp_path)
    lines = ["URN,Spend per pupil (GBP),Revenue reserve (GBP),In-year balance (GBP)"]
    lines += [f"{900_001 + i},{577161 if i == 0 else 6500},1000,50" for i in range(30)]
    report = desk.take("finance 2023-2024 **bold** [x](javascript).csv", "\r\n".join(lines))
    assert report.status == "imported", report
    app = visit("quality", quality_of=report.release_id)
    assert shows_no_markup(app)
    outliers = next(frame.value for frame in app.dataframe if "Value" in frame.value)
    assert list(outliers["Value"]) == ["577161"]
