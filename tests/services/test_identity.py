"""Schools in = schools out, whose figures are whose, and what a profile says of the schools before one."""

import pandas as pd
import pytest

from risk_model.domain.errors import NotFound
from risk_model.domain.viewer import local_viewer
from risk_model.measures.reader import measures_by_id
from risk_model.services.copy import Copy
from risk_model.services.explaining import explained, school_explanation
from risk_model.services.identity import (
    evidence_accounts,
    la_history,
    left_out_schools,
    school_accounts,
    school_history,
)
from risk_model.services.profile import school_profile
from risk_model.services.trends import Trend
from risk_model.warehouse.engine import rows, scratch
from risk_model.warehouse.lake import parquet_path, read_releases


def test_every_school_of_the_registers_is_in_the_build_or_left_out(demo_copy: Copy) -> None:
    accounts = school_accounts(local_viewer(), demo_copy)
    assert accounts.is_balanced
    assert accounts.schools_in == accounts.schools_out + sum(accounts.left_out.values())
    assert len(left_out_schools(local_viewer(), demo_copy)) == sum(accounts.left_out.values())


def test_the_accounts_agree_with_the_files_themselves(demo_copy: Copy) -> None:
    """Counted a second way, from the published rows: every six-digit URN of each register release."""
    accounts = {one.release_id: one for one in school_accounts(local_viewer(), demo_copy).registers}
    registers = [r for r in read_releases(demo_copy.data) if r.source_id in ("gias", "ofsted", "ofsted_report_cards")]
    assert accounts
    with scratch() as con:
        for release in registers:
            path = parquet_path(demo_copy.data, release.release_id).as_posix()
            sql = (
                f"select count(*) as n from read_parquet('{path}') where regexp_full_match(trim(\"URN\"), '[0-9]{{6}}')"
            )
            assert accounts[release.release_id].rows == rows(con, sql)[0]["n"]


def test_evidence_accounts_count_every_school_of_a_source_once(demo_copy: Copy) -> None:
    by_source: dict[str, int] = {}
    for one in evidence_accounts(local_viewer(), demo_copy):
        by_source[one.source_id] = by_source.get(one.source_id, 0) + one.schools
    with scratch() as con:
        for source in ("ks2", "absence", "census"):
            files = [
                parquet_path(demo_copy.data, r.release_id).as_posix()
                for r in read_releases(demo_copy.data)
                if r.source_id == source
            ]
            sql = (
                f'select count(distinct "URN") as n from read_parquet({files}, union_by_name = true) '
                "where regexp_full_match(trim(\"URN\"), '[0-9]{6}')"
            )
            assert by_source[source] == rows(con, sql)[0]["n"]


def test_a_profile_names_the_school_before_it(demo_copy: Copy) -> None:
    found = demo_copy.reader.rows("select * from successions where how = 'replaced' order by urn limit 1")
    (first,) = found
    told = school_history(local_viewer(), demo_copy, first["urn"])
    assert f"URN {first['predecessor_urn']}" in told[0]
    profile = school_profile(local_viewer(), demo_copy, first["urn"])
    assert profile.history == told
    assert told[0] in explained(profile, school_explanation(local_viewer(), demo_copy, profile))


def test_a_closed_schools_number_leads_to_the_school_of_today(demo_copy: Copy) -> None:
    (first,) = demo_copy.reader.rows("select * from successions where how = 'replaced' order by urn limit 1")
    with pytest.raises(NotFound) as error:
        school_profile(local_viewer(), demo_copy, first["predecessor_urn"])
    assert f"(URN {first['urn']})" in str(error.value)


def test_a_school_without_predecessors_has_no_history(demo_copy: Copy) -> None:
    (alone,) = demo_copy.reader.rows(
        "select urn from schools where urn not in (select urn from successions) order by urn limit 1"
    )
    assert school_history(local_viewer(), demo_copy, alone["urn"]) == []


@pytest.mark.parametrize(
    ("la_code", "words"),
    [
        ("942", ["took over from Cumbria (LA 909) on 1 April 2023", "are not shown as Cumberland's"]),
        ("909", ["was abolished on 1 April 2023", "Cumberland (LA 942) and Westmorland and Furness (LA 943)"]),
        ("839", ["Dorset (LA 835) and Poole (LA 836) and Bournemouth (LA 837)", "1 April 2019"]),
        ("941", ["Northamptonshire (LA 928) on 1 April 2021"]),
        ("825", ["E06000060 since 1 April 2020, and E10000002 before; it is the same LA"]),
        ("815", ["E06000065 since 1 April 2023, and E10000023 before"]),
        ("933", ["E06000066 since 1 April 2023, and E10000027 before"]),
        ("370", ["E08000038 since 1 April 2025, and E08000016 before"]),
        ("373", ["E08000039 since 1 April 2025, and E08000019 before"]),
    ],
)
def test_an_la_says_how_it_came_to_be_and_whose_the_earlier_figures_are(
    demo_copy: Copy, la_code: str, words: list[str]
) -> None:
    (sentence,) = la_history(local_viewer(), demo_copy, la_code)
    for word in words:
        assert word in sentence


def test_an_la_that_never_changed_says_nothing(demo_copy: Copy) -> None:
    assert la_history(local_viewer(), demo_copy, "202") == []


def test_a_trend_names_the_years_of_a_predecessor() -> None:
    points = pd.DataFrame({"label": ["2021-22", "2022-23"], "inherited_from": ["109010", None]})
    trend = Trend(measures_by_id()["rwm_expected_pct"], points, "")
    assert trend.inherited_note == "The figures of 2021-22 are those of the predecessor school (URN 109010)."
    assert Trend(trend.measure, points.iloc[1:], "").inherited_note == ""
