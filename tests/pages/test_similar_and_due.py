"""Similar schools and the next inspection on the profile and in the list."""

import re

import pytest

from risk_model.domain.paths import DataDir
from risk_model.domain.viewer import local_viewer
from risk_model.domain.words import INSPECTION_TARGET, INSPECTION_TARGET_SOFT, OFSTED_DECIDES
from risk_model.services.copy import opened
from risk_model.services.next_inspection import next_inspection
from risk_model.services.similar import similar_schools
from tests.pages.conftest import Visit, said, shows_no_markup


def one_of(data: DataDir, table: str, condition: str) -> str:
    with opened(data) as copy:
        return str(copy.reader.rows(f"select min(urn) as urn from {table} where {condition}")[0]["urn"])


def test_the_profile_shows_the_similar_schools_and_where_the_school_stands(demo_data: DataDir, visit: Visit) -> None:
    urn = one_of(demo_data, "similar_schools", "distance > 0")
    with opened(demo_data) as copy:
        expected = similar_schools(local_viewer(), copy, urn)
    app = visit("school", urn=urn)
    text = said(app)
    assert expected.definition in text
    assert all(note in text for note in [*expected.intake, *expected.notes])
    tables = [list(table.value.columns) for table in app.dataframe]
    assert list(expected.standing.columns) in tables
    shown = next(table.value for table in app.dataframe if list(table.value.columns) == list(expected.schools.columns))
    assert list(shown["URN"]) == list(expected.schools["URN"])
    assert {f"similar_schools_{urn}_csv", f"similar_schools_{urn}_xlsx"} <= {one.key for one in app.download_button}


def test_a_special_school_is_told_why_it_has_no_similar_schools(demo_data: DataDir, visit: Visit) -> None:
    app = visit("school", urn=one_of(demo_data, "schools", "phase = 'special'"))
    assert "have no group of similar schools" in said(app)


@pytest.mark.parametrize("standing", ["overdue", "within 12 months", "later", "monitored"])
def test_both_targets_stand_beside_the_date_that_is_due(demo_data: DataDir, visit: Visit, standing: str) -> None:
    urn = one_of(demo_data, "next_inspections", f"standing = '{standing}'")
    with opened(demo_data) as copy:
        expected = next_inspection(local_viewer(), copy, urn)
    assert expected is not None
    text = said(visit("school", urn=urn))
    assert expected.summary in text
    assert f"Rules of 2025-11: {expected.why}" in text
    for words in (INSPECTION_TARGET, INSPECTION_TARGET_SOFT, OFSTED_DECIDES, *(era.why for era in expected.eras)):
        assert words in text


def test_the_list_is_narrowed_by_a_link_to_the_schools_that_are_overdue(demo_data: DataDir, visit: Visit) -> None:
    every_one = visit("schools_at_risk")
    overdue = visit("schools_at_risk", due="overdue")
    count = int(re.search(r"\*\*(\d+) of (\d+) schools\*\*", said(overdue)).group(1))  # type: ignore[union-attr]
    table = overdue.dataframe[0].value
    assert 0 < count == len(table) < len(every_one.dataframe[0].value)
    assert set(table["Next due"]) == {"overdue"}
    assert table["Next due by"].notna().all()


def test_a_forged_link_narrows_nothing(demo_data: DataDir, visit: Visit) -> None:
    app = visit("schools_at_risk", due="<b>overdue</b>")
    assert app.multiselect(key="due").value == []
    assert shows_no_markup(app)


def test_a_school_of_a_hostile_register_is_shown_as_text(small_data: DataDir, visit: Visit) -> None:
    app = visit("school", urn="100001")
    assert "no census with its pupils is loaded" in said(app)
    assert shows_no_markup(app)
