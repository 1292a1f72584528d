"""Explore on England's published files: what is pooled from schools against what DfE publishes for LAs."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from risk_model.domain.paths import DataDir
from risk_model.domain.viewer import local_viewer
from risk_model.services.copy import Copy, opened
from risk_model.services.explore import explore
from risk_model.services.explore_answers import Wanted
from risk_model.services.pooled_figures import set_figures
from risk_model.services.preparing import build_now, import_files
from risk_model.services.school_sets import SchoolSet, england_set, usual_sets
from risk_model.services.scope import Scope
from risk_model.sources.options import ImportOptions

WHO = local_viewer()
WARWICKSHIRE = Scope("937")


@pytest.fixture(scope="module")
def england(real_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Copy]:
    """England's schools with key stage 2 results, and what is published by LA."""
    data = DataDir(tmp_path_factory.mktemp("explored"))
    names = ("derived/ofsted", "derived/ks2", "raw/ks2", "raw/la_level")
    wanted = [real_data / name for name in names]
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("RECORDS_URL", raising=False)
        import_files(WHO, data, wanted, ImportOptions())
        build_now(WHO, data, date(2026, 10, 20))
        with opened(data) as copy:
            yield copy


def test_an_la_stands_beside_its_ten_neighbours_its_region_and_england(england: Copy) -> None:
    sets = usual_sets(WHO, england, WARWICKSHIRE)
    assert [one.name for one in sets] == ["Warwickshire", "10 statistical neighbours", "West Midlands", "England"]
    assert sets[1].note.startswith("10 statistical neighbours: Gloucestershire, Cheshire East, Oxfordshire")


def test_pooled_figures_are_a_little_above_those_published_for_las(england: Copy) -> None:
    # the LA's own has special schools in it, and pupils whose school has no figure
    published = england.reader.rows(
        "select la_code, value from la_group_figures where topic = 'rwm' and pupil_group = 'all' and year = 2025 "
        "and scope = 'la' and value is not null and la_code in (select la_code from schools)"
    )
    everybody = england_set(WHO, england)
    assert everybody is not None
    apart = sorted(_pooled(england, row["la_code"], everybody) - row["value"] for row in published)
    assert len(apart) > 140
    assert 0.5 < apart[len(apart) // 2] < 2.5
    # nine in ten LAs within three points of one another
    assert apart[int(len(apart) * 0.95)] - apart[int(len(apart) * 0.05)] < 4


def _pooled(copy: Copy, la: str, like: SchoolSet) -> float:
    one = SchoolSet(f"la:{la}", la, like.role, las=(la,))
    found = set_figures(WHO, copy, one, ["rwm_expected_pct"], "primary")["rwm_expected_pct"]["2024-2025"].value
    assert found is not None
    return found


def test_groups_of_an_la_are_as_dfe_publishes_them(england: Copy) -> None:
    found = explore(WHO, england, WARWICKSHIRE, "groups", Wanted(chosen={"pupil_groups": "rwm.disadvantaged"}))
    # DfE, key stage 2 attainment 2024/25, Warwickshire and England
    assert found.finding.startswith(
        "Warwickshire, disadvantaged 41%, others 68% in 2024-25: a gap of 27 points, wider than in England (22 points)."
    )
    assert len(found.charts[0].table["Where"].unique()) == 12


def test_england_has_a_line_in_every_chart_of_what_is_changing(england: Copy) -> None:
    answer = explore(WHO, england, WARWICKSHIRE, "changing", Wanted())
    drawn = [line.name for line in answer.charts[0].drawing.lines]  # type: ignore[union-attr]
    assert drawn == ["Warwickshire", "10 statistical neighbours", "West Midlands", "England"]
    assert "England is worked out from its schools in the same way." in answer.charts[0].notes
