"""Real schools followed through predecessors, mergers, splits and changes of LA."""

import csv
from collections.abc import Iterator
from datetime import date
from math import hypot
from pathlib import Path
from statistics import median
from typing import Any

import pytest

from risk_model.domain.paths import DataDir
from risk_model.domain.viewer import local_viewer
from risk_model.scoring.staging import stage_rows
from risk_model.services.boundaries import outlines
from risk_model.services.copy import Copy, opened
from risk_model.services.identity import EvidenceAccount, evidence_accounts, school_accounts, school_history
from risk_model.services.preparing import ImportOptions, build_now, import_files
from risk_model.warehouse.engine import rows, scratch
from risk_model.warehouse.lake import read_releases
from tests.boundaries.inside import is_within

AS_AT = date(2026, 11, 20)
# what says who is who, and the figures of three kinds of years long past
FILES = (
    "derived/ofsted/State-funded_schools_inspections_and_outcomes_as_at_31_August_2025.csv",
    "raw/ofsted/2026-02-28_leeds_latest_inspections.csv",
    "raw/gias",
    "derived/gias/school_coordinates_2025.csv",
    "raw/exclusions",
    "raw/absence",
    "derived/ks2",
)


@pytest.fixture(scope="module")
def copy(real_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Copy]:
    """England's schools, with a part of their figures, imported and built once."""
    data = DataDir(tmp_path_factory.mktemp("identity"))
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("RECORDS_URL", raising=False)
        import_files(local_viewer(), data, [real_data / name for name in FILES], ImportOptions())
        build_now(local_viewer(), data, AS_AT)
        with opened(data) as found:
            yield found


def ask(copy: Copy, sql: str, **params: object) -> list[dict[str, Any]]:
    return copy.reader.rows(sql, params)


@pytest.fixture(scope="module")
def evidence(copy: Copy) -> dict[tuple[str, str], EvidenceAccount]:
    """Whose figures each source has: {(source, standing): account}."""
    return {(one.source_id, one.standing): one for one in evidence_accounts(local_viewer(), copy)}


def test_schools_in_are_schools_out_and_those_left_out(copy: Copy) -> None:
    accounts = school_accounts(local_viewer(), copy)
    assert accounts.is_balanced
    assert accounts.schools_out == 21_990
    # two schools of Leeds closed between August 2025, when England was counted, and February 2026
    assert accounts.left_out == {"not in the newest register of its LA": 2}
    in_use = {one.rows for one in accounts.registers if one.is_in_use}
    assert in_use == {21_990, 279}


def test_most_of_englands_academies_have_one_school_before_them(copy: Copy) -> None:
    by_how = {
        row["how"]: row["n"] for row in ask(copy, "select how, count(distinct urn) as n from successions group by 1")
    }
    assert by_how["replaced"] > 10_000
    assert by_how["merger"] > 1_500
    assert by_how["split"] > 50


def test_a_school_of_three_conversions_is_followed_to_its_beginning(copy: Copy) -> None:
    chain = ask(
        copy, "select predecessor_urn from successions where urn = '144486' and how = 'replaced' order by steps"
    )
    assert [row["predecessor_urn"] for row in chain] == ["137749", "133281", "122901"]
    assert "URN 137749" in school_history(local_viewer(), copy, "144486")[0]


def test_infant_and_junior_schools_that_became_one_are_a_merger(copy: Copy) -> None:
    """The register calls both Rhyl's and Carlton's links mergers: Carlton was taken in, and brings nothing."""
    assert ask(copy, "select how from successions where urn = '100021' and predecessor_urn = '100012'") == [
        {"how": "merger"}
    ]
    assert ask(copy, "select * from inherited_figures where predecessor_urn = '100012'") == []


def test_results_lost_until_now_reach_thousands_of_schools(copy: Copy) -> None:
    by_source = {
        row["source_id"]: row["n"]
        for row in ask(copy, "select source_id, count(distinct urn) as n from inherited_figures group by 1")
    }
    assert by_source["ks2"] > 4_500
    assert by_source["absence"] > 7_500
    # never of a year that the school has itself
    twice = (
        "select urn, measure_id, period from measure_values where source_id = 'ks2' group by all having count(*) > 1"
    )
    assert ask(copy, twice) == []


def test_inherited_figures_count_for_half_and_set_no_gate(copy: Copy) -> None:
    inherited = "select count(*) as n from measure_values where inherited_from is not null"
    assert ask(copy, inherited)[0]["n"] > 50_000
    assert ask(copy, f"{inherited} and (weight > 0.5 or caveat not like '%predecessor school (URN %')") == [{"n": 0}]
    gates = "select count(*) as n from rule_outcomes where is_gate and caveat like '%predecessor school (URN %'"
    assert ask(copy, gates) == [{"n": 0}]


def test_hardly_any_school_of_a_file_is_unknown(evidence: dict[tuple[str, str], EvidenceAccount]) -> None:
    for source in ("ks2", "absence", "exclusions"):
        accounts = [one for (of, _), one in evidence.items() if of == source]
        unknown = evidence[source, "in no register and no link"].schools
        assert unknown / sum(one.schools for one in accounts) < 0.025


@pytest.mark.parametrize(("la", "schools"), [("835", 171), ("836", 43), ("837", 41), ("909", 313), ("928", 315)])
def test_exclusions_of_an_abolished_la_find_their_schools(copy: Copy, la: str, schools: int) -> None:
    """Exclusions of 2016-17 are keyed by the LAESTAB of then: nine in ten lead to a school of today."""
    with scratch() as con:
        stage_rows(con, copy.data, read_releases(copy.data), AS_AT)
        con.execute(f"attach '{copy.build.path.as_posix()}' as build (read_only)")
        (found,) = rows(
            con,
            """
            with old as (
                select distinct laestab from stg_exclusions_rows
                where scope = 'school' and period = '2016-2017' and left(laestab, 3) = $la
            )
            select count(*) as n, count(k.urn) as known,
                   count(*) filter (k.urn in (select urn from build.schools)) as before,
                   count(*) filter (k.urn in (select urn from build.schools)
                                    or k.urn in (select predecessor_urn from build.successions)) as now
            from old left join laestab_urns as k using (laestab)""",
            {"la": la},
        )
    assert found["n"] == found["known"] == schools
    assert found["now"] >= 0.94 * schools
    assert found["now"] > found["before"]


def test_schools_stand_under_todays_las(copy: Copy) -> None:
    by_la = {
        row["la_code"]: row["n"] for row in ask(copy, "select la_code, count(*) as n from schools group by la_code")
    }
    assert not {"835", "836", "837", "909", "928"} & set(by_la)
    assert {la: by_la[la] for la in ("838", "839", "940", "941", "942", "943")} == {
        "838": 158,
        "839": 101,
        "940": 144,
        "941": 186,
        "942": 172,
        "943": 147,
    }


def test_no_figure_of_an_abolished_la_is_shown_as_a_new_ones(copy: Copy) -> None:
    """Cumberland and the other new LAs have no figure of a year that ended before they were there."""
    early = """
        select count(*) as n from benchmarks as b inner join la_history as h on h.new_code = b.la_code
        where h.old_code <> h.new_code and right(b.period, 4)::integer < year(h.changed_on)"""
    assert ask(copy, early) == [{"n": 0}]


def test_nearly_all_schools_have_a_place_and_those_without_are_counted(copy: Copy) -> None:
    (found,) = ask(
        copy,
        """
        select count(*) as schools, count(easting) as placed, count(*) filter (northing is not null) as half,
               count(*) filter (easting is null and phase_group in ('primary', 'secondary')) as mainstream_without
        from schools""",
    )
    # the tables list no nursery and hardly any alternative provision
    assert found == {"schools": 21_990, "placed": 21_370, "half": 21_370, "mainstream_without": 28}
    known = ask(
        copy, "select p.known_by, count(*) as n from schools inner join school_places as p using (urn) group by 1"
    )
    assert {row["known_by"]: row["n"] for row in known} == {"coordinates": 21_231, "postcode": 139}


def test_places_from_degrees_are_where_the_register_says(copy: Copy, real_data: Path) -> None:
    with (real_data / "raw/gias/20220420_results_850_936.csv").open(encoding="cp1252", newline="") as file:
        register = {row["URN"]: row for row in csv.DictReader(file) if row["Easting"] > "0"}
    found = ask(copy, "select urn, easting, northing from school_places where known_by = 'coordinates'")
    both = [(row, register[row["urn"]]) for row in found if row["urn"] in register]
    east = [row["easting"] - float(own["Easting"]) for row, own in both]
    north = [row["northing"] - float(own["Northing"]) for row, own in both]
    assert len(both) > 600
    # the list goes by postcodes, so a school may be a street away; on the whole neither side is shifted
    assert median(map(hypot, east, north)) < 100
    assert abs(median(east)) < 10
    assert abs(median(north)) < 10


def test_schools_stand_inside_the_outline_of_their_la(copy: Copy) -> None:
    placed = ask(copy, "select la_code, easting, northing from schools where easting is not null")
    own = {code: outlines(code)[0].rings for code in {row["la_code"] for row in placed}}
    inside = sum(is_within((row["easting"], row["northing"]), own[row["la_code"]]) for row in placed)
    # the outlines cut corners of up to half a kilometre, and a few schools stand beyond their LA's border
    assert len(own) == 153
    assert inside / len(placed) > 0.97
