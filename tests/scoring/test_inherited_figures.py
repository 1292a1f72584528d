"""A school's figures of the years before it was there: those of the one school that it replaced, marked, at half."""

from collections.abc import Mapping
from typing import Any

import pytest

from risk_model.domain.paths import DataDir
from risk_model.scoring.building import BuildReport, make_build
from tests.measures import world
from tests.scoring.kit import build_rows, import_all, write_file

# world's school 110010 is a school that replaced 109010, which replaced 108010; 110011 was made of 109011 and 109012;
# 110012 was split from 109013, which goes on elsewhere; 110013 has results of its own in every year
HEIR, BEFORE, FIRST = "110010", "109010", "108010"
MERGED, HALF, OTHER_HALF = "110011", "109011", "109012"
SPLIT, WHOLE, REST = "110012", "109013", "109014"
OWN, OLD_OWN = "110013", "109015"
# the files have these two in every year, but they opened in September 2023 and 2024
LATE, LATER = "110014", "110015"
OPENED = {LATE: "01-09-2023", LATER: "01-09-2024"}
LINKS = [
    (HEIR, BEFORE, "Predecessor"),
    (BEFORE, FIRST, "Predecessor"),
    (MERGED, HALF, "Predecessor"),
    (MERGED, OTHER_HALF, "Predecessor"),
    (SPLIT, WHOLE, "Predecessor - Split School"),
    (REST, WHOLE, "Predecessor - Split School"),
    (OWN, OLD_OWN, "Predecessor"),
    (LATE, "109016", "Predecessor"),
    (LATER, "109017", "Predecessor"),
]


def _ks2_row(urn: str, expected: int) -> dict[str, object]:
    return {"RECTYPE": 1, "LEA": 202, "ESTAB": urn[-4:], "URN": urn, "TELIG": 30, "PTRWM_EXP": f"{expected}%"}


def _rows_of(summer: int) -> list[dict[str, object]]:
    """World's results without those of the schools under test, and what stands under the old numbers."""
    under_test = {HEIR, MERGED, SPLIT}
    rows = [row for row in world._ks2_rows(summer) if str(row.get("URN", "")) not in under_test]
    if summer == 2025:
        return rows  # the heir has no results of its own in any year, nor have the others
    rows += [_ks2_row(HALF, 31), _ks2_row(OTHER_HALF, 33), _ks2_row(WHOLE, 35), _ks2_row(OLD_OWN, 1)]
    return [*rows, _ks2_row(BEFORE if summer == 2024 else FIRST, 20 if summer == 2024 else 25)]


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> BuildReport:
    folder = tmp_path_factory.mktemp("inherited")
    files = world.write_world(folder / "files")
    for summer in world.YEARS:
        write_file(files / world.label(summer) / "england_ks2final.csv", "ks2_2019", _rows_of(summer), summer=summer)
    register = [{**row, "OpenDate": OPENED.get(str(row["URN"]), "")} for row in world._register_rows()]
    write_file(files / "edubasealldata20250901.csv", "gias", register, encoding="cp1252")
    links = [
        {"URN": urn, "LinkURN": linked, "LinkName": f"Old School {linked}", "LinkType": kind, "LinkEstablishedDate": ""}
        for urn, linked, kind in LINKS
    ]
    write_file(files / "links_edubasealldata20250901.csv", "gias_links", links, encoding="cp1252")
    data = DataDir(folder / "data")
    import_all(data, files)
    return make_build(data, world.AS_AT)


def ask(report: BuildReport, sql: str, **params: object) -> list[dict[str, Any]]:
    return build_rows(report.build, sql, **params)


def figures(report: BuildReport, urn: str, measure: str) -> Mapping[str, Any]:
    """One school's rows of a measure: {period: row}."""
    sql = "select * from measure_values where urn = $urn and measure_id = $measure"
    return {row["period"]: row for row in ask(report, sql, urn=urn, measure=measure)}


def test_results_of_a_chain_reach_the_school_of_today(report: BuildReport) -> None:
    by_year = figures(report, HEIR, "rwm_expected_pct")
    assert {period: (row["value"], row["inherited_from"]) for period, row in by_year.items()} == {
        "2022-2023": (25, FIRST),
        "2023-2024": (20, BEFORE),
    }


def test_an_inherited_figure_keeps_its_file_and_row_and_weighs_half(report: BuildReport) -> None:
    row = figures(report, HEIR, "rwm_expected_pct")["2023-2024"]
    assert row["weight"] == 0.5
    assert row["caveat"] == f"inherited from the predecessor school (URN {BEFORE}), so it counts for half"
    (release,) = ask(report, "select original_name from releases where release_id = $id", id=row["release_id"])
    assert "2023-2024" in release["original_name"]
    assert row["source_row"] is not None


def test_pooled_results_of_a_predecessor_earn_half_the_points_and_say_so(report: BuildReport) -> None:
    """30 pupils at 25% and 30 at 20%: 7.5 -> 8 and 6, so 14 of 60 = 23.3%, against (60 + 61) / 2 = 60.5: beyond chance.

    Two points for that (Wilson's upper limit is about 35%), of which half count: one.
    """
    (row,) = ask(report, "select * from rule_outcomes where urn = $urn and rule_id = 'O1'", urn=HEIR)
    assert row["value"] == pytest.approx(100 * 14 / 60 - 60.5)
    assert (row["status"], row["points"], row["points_available"]) == ("raised", 1, 2)
    assert (row["is_significant"], row["is_gate"]) == (False, False)
    assert f"inherited from the predecessor school (URN {BEFORE}), so it counts for half" in row["sentence"]


def test_results_of_several_merged_schools_are_not_inherited(report: BuildReport) -> None:
    assert figures(report, MERGED, "rwm_expected_pct") == {}
    how = ask(report, "select distinct how from successions where urn = $urn", urn=MERGED)
    assert how == [{"how": "merger"}]


def test_results_of_a_split_school_are_not_inherited(report: BuildReport) -> None:
    assert figures(report, SPLIT, "rwm_expected_pct") == {}
    assert ask(report, "select how from successions where urn = $urn", urn=SPLIT) == [{"how": "split"}]


def test_a_school_with_results_of_its_own_inherits_none_of_the_same_years(report: BuildReport) -> None:
    own = figures(report, OWN, "rwm_expected_pct")
    assert [row["inherited_from"] for row in own.values()] == [None, None, None]
    assert all(row["weight"] == 1 for row in own.values())
    assert figures(report, OWN, "rwm_expected_gap_pp")["2024-2025"]["weight"] == 1


def test_a_year_that_ended_before_the_school_opened_is_the_predecessors(report: BuildReport) -> None:
    marked = {period: row["inherited_from"] for period, row in figures(report, LATER, "rwm_expected_pct").items()}
    assert marked == {"2022-2023": "109017", "2023-2024": "109017", "2024-2025": None}


def test_as_soon_as_a_school_has_results_they_alone_are_pooled(report: BuildReport) -> None:
    """School 110015, the fifteenth: 30 + 28 + 6 - 8 = 56% of 34 pupils in 2025: 19; 2023 and 2024 are not its own."""
    cells = world.ks2(int(LATER), 2025)
    assert cells is not None
    assert (cells.pupils, cells.expected) == (34, 56)
    pooled = figures(report, LATER, "rwm_expected_gap_pp")["2024-2025"]
    assert pooled["value"] == pytest.approx(100 * 19 / 34 - 62)
    assert (pooled["denominator"], pooled["weight"], pooled["inherited_from"]) == (34, 1, None)


def test_a_change_against_a_year_of_the_predecessor_counts_for_half_too(report: BuildReport) -> None:
    """School 110014 opened between the summers of 2023 and 2024: its own year against its predecessor's."""
    changes = figures(report, LATE, "persistent_absence_gap_change_pp")
    assert changes["2023-2024"]["caveat"] == (
        "worked out in part from figures of the predecessor school (URN 109016), so it counts for half"
    )
    assert changes["2023-2024"]["weight"] == 0.5
    assert changes["2022-2023"]["caveat"].startswith("inherited from the predecessor school")
    own = figures(report, LATE, "persistent_absence_pct")["2023-2024"]
    assert (own["weight"], own["caveat"]) == (1, None)


def test_what_was_inherited_is_listed(report: BuildReport) -> None:
    listed = ask(report, "select * from inherited_figures where urn = $urn order by period", urn=HEIR)
    assert listed == [
        {"urn": HEIR, "source_id": "ks2", "period": "2022-2023", "year": 2023, "predecessor_urn": FIRST},
        {"urn": HEIR, "source_id": "ks2", "period": "2023-2024", "year": 2024, "predecessor_urn": BEFORE},
    ]


def test_no_school_is_lost_or_made_by_it(report: BuildReport) -> None:
    assert report.schools == len(world.PRIMARY) + len(world.SECONDARY) + 1
    twice = "select urn, measure_id, period from measure_values group by all having count(*) > 1"
    assert ask(report, twice) == []
