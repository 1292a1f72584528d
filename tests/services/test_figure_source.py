"""From a figure to the row of the file: the very cells, as text, whoever wrote them."""

import csv
from pathlib import Path

import pytest

from risk_model.domain.errors import NotFound
from risk_model.domain.paths import DataDir
from risk_model.domain.viewer import local_viewer
from risk_model.services.copy import Copy, opened
from risk_model.services.data import releases
from risk_model.services.figures import figure_source
from risk_model.services.profile import school_profile
from risk_model.services.withdrawing import withdraw_release
from tests.conftest import SMALL_SCHOOLS
from tests.registers import HOSTILE, write_registers

WHO = local_viewer()


def _published(path: Path, urn: str) -> tuple[int, dict[str, str]]:
    """A school's line of a published file, counted as a spreadsheet does, and its cells."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        for line, row in enumerate(csv.DictReader(file), start=2):
            if row["URN"] == urn:
                return line, row
    raise AssertionError(f"{urn} is not in {path.name}")


def test_every_rule_with_a_figure_leads_to_the_row_of_its_school(demo_copy: Copy) -> None:
    urn = "900001"
    rules = [rule for card in school_profile(WHO, demo_copy, urn).cards for rule in card.rules if rule.source]
    assert len(rules) > 5
    for release_id, row in {(rule.release_id, rule.source_row) for rule in rules}:
        found = figure_source(WHO, demo_copy, release_id, row)
        whose = found.cells[found.cells["Used"] == "whose it is"]
        assert urn in set(whose["Cell"]), found.title
        here = {rule.rule_id for rule in rules if (rule.release_id, rule.source_row) == (release_id, row)}
        assert here <= {word for line in found.uses for word in line.replace(":", " ").split()}


def test_the_row_is_the_line_of_the_file_cell_by_cell(demo_copy: Copy, demo_data: DataDir) -> None:
    urn = "900001"
    path = next((demo_data.demo / "absence" / "2024-2025").glob("*.csv"))
    line, published = _published(path, urn)
    release = next(one for one in releases(WHO, demo_data) if (one.source_id, one.period) == ("absence", "2024-2025"))
    found = figure_source(WHO, demo_copy, release.release_id, line)
    assert dict(zip(found.cells["Column"], found.cells["Cell"], strict=True)) == published
    assert list(found.cells.loc[found.cells["Used"] == "● used", "Column"]) == ["PERCTOT", "PPERSABS10"]
    assert dict(found.facts)["SHA-256 of the file"] == release.sha256


def test_trends_lead_to_their_rows_too(demo_copy: Copy) -> None:
    profile = school_profile(WHO, demo_copy, "900001")
    assert profile.trends
    for trend in profile.trends:
        known = trend.points[trend.points["value"].notna()]
        assert set(known["label"]) <= {label for label, *_ in trend.sources}
        for one in known.itertuples():
            found = figure_source(WHO, demo_copy, one.release_id, int(one.source_row))
            # the row may be a predecessor's: what was made of it is this school's
            assert any(use.startswith(f"{profile.school['name']}: {trend.measure.label}") for use in found.uses)


def test_hostile_cells_come_as_they_stand(small_data: DataDir, tmp_path: Path) -> None:
    gias, _ = write_registers(tmp_path / "files", SMALL_SCHOOLS)
    line, _ = _published(gias, "100001")
    release = next(one for one in releases(WHO, small_data) if one.source_id == "gias")
    with opened(small_data) as copy:
        assert HOSTILE in set(figure_source(WHO, copy, release.release_id, line).cells["Cell"])


def test_a_row_of_a_withdrawn_release_is_still_shown_and_says_so(own_small_data: DataDir) -> None:
    release = next(one for one in releases(WHO, own_small_data) if one.source_id == "ofsted")
    with opened(own_small_data) as copy:
        withdraw_release(WHO, copy, release.release_id, "Of the wrong month.")
        found = figure_source(WHO, copy, release.release_id, 2)
    assert "Of the wrong month." in found.standing


@pytest.mark.parametrize(
    ("release_id", "row"),
    [("../records", 2), ("nonsense", 2), ("", 0), ("known", 0), ("known", 1), ("known", 999_999_999)],
)
def test_what_is_not_there_is_told_in_words(release_id: str, row: int, small_data: DataDir) -> None:
    known = releases(WHO, small_data)[0].release_id
    with opened(small_data) as copy, pytest.raises(NotFound, match="no such row"):
        figure_source(WHO, copy, known if release_id == "known" else release_id, row)
