"""A whole build from published files: nothing lost, nothing newer than its date, the same from the same files."""

from pathlib import Path
from typing import Any

import pytest

from risk_model.domain.errors import BuildRefused
from risk_model.domain.paths import DataDir
from risk_model.rules.reader import read_rules
from risk_model.scoring.building import BuildReport, make_build
from risk_model.sources.importing import import_paths
from risk_model.warehouse.builds import current_build
from tests.measures import world
from tests.scoring.kit import build_rows, import_all


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> DataDir:
    folder = tmp_path_factory.mktemp("build")
    lake = DataDir(folder / "data")
    import_all(lake, world.write_world(folder / "files"))
    return lake


@pytest.fixture(scope="module")
def report(data: DataDir) -> BuildReport:
    return make_build(data, world.AS_AT)


def ask(report: BuildReport, sql: str, **params: object) -> list[dict[str, Any]]:
    return build_rows(report.build, sql, **params)


def test_schools_in_are_schools_out_at_every_step(report: BuildReport) -> None:
    n = len(world.PRIMARY) + len(world.SECONDARY) + 1
    assert report.schools == n
    counts = ask(
        report,
        """
        select (select count(*) from schools) as schools,
               (select count(distinct urn) from rule_outcomes) as judged,
               (select count(*) from statement_levels) as levels,
               (select count(*) from schools_at_risk) as placed""",
    )[0]
    assert counts == {"schools": n, "judged": n, "levels": 3 * n, "placed": n}


def test_every_school_has_every_rule_of_its_phase_once(report: BuildReport) -> None:
    rules = read_rules().on(world.AS_AT)
    for phase, schools in (("primary", world.PRIMARY), ("secondary", world.SECONDARY)):
        expected = sorted(rule.id for rule in rules if phase in rule.applies_to())
        for urn in schools:
            rows = ask(report, "select rule_id from rule_outcomes where urn = $urn order by rule_id", urn=str(urn))
            assert [row["rule_id"] for row in rows] == expected


def test_an_outcome_has_points_or_a_reason_and_always_a_sentence(report: BuildReport) -> None:
    odd = """
        select * from rule_outcomes
        where points is null or points_available is null or sentence is null or sentence = ''
            or (status in ('not assessed', 'not applicable')) <> (missing_reason is not null)
            or (missing_reason is not null and points <> 0)
            or (status = 'raised' and rule_id <> 'N10' and points <= 0)
            or (status = 'protective' and points >= 0) or (status = 'clear' and points <> 0)"""
    assert ask(report, odd) == []


def test_a_weak_primary_school_worked_out_whole(report: BuildReport) -> None:
    """School 7 of the primaries: 26 pupils a year, of whom 42, 41 and 40% reached the standard."""
    urn = world.PRIMARY[6]
    rows = {
        row["rule_id"]: row
        for row in ask(report, "select * from rule_outcomes where urn = $urn and statement = 'outcomes'", urn=str(urn))
    }
    assert [(y.pupils, y.expected) for s in world.YEARS if (y := world.ks2(urn, s))] == [
        (26, 42),
        (26, 41),
        (26, 40),
    ]
    # passed 10.92 -> 11, 10.66 -> 11, 10.4 -> 10: 32 of 78 = 41.03%, against (60 + 61 + 62) / 3 = 61: -19.97;
    # Wilson's upper limit (0.4103 + 0.0246 + 0.1114 x 1.0) / 1.0492 = 52.1%, below 61: two points beyond chance
    assert (rows["O1"]["status"], rows["O1"]["points"], rows["O1"]["is_significant"]) == ("raised", 2, True)
    assert rows["O1"]["value"] == pytest.approx(-19.97, abs=0.01)
    assert rows["O1"]["upper"] == pytest.approx(52.1 - 61, abs=0.1)
    # progress of summer 2023 is 28 months old: shown, not counted
    assert (rows["O3"]["status"], rows["O3"]["missing_reason"]) == ("not assessed", "stale")
    # disadvantaged: 8 a year at 32, 33 and 34%: 2.56 -> 3, 2.64 -> 3, 2.72 -> 3: 9 of 24 = 37.5%,
    # against (44 + 46 + 47) / 3 = 45.67: -8.17, by chance: one point, halved because eight a year are few
    assert (rows["O4"]["status"], rows["O4"]["points"]) == ("raised", 0.5)
    assert rows["O4"]["value"] == pytest.approx(-8.167, abs=0.001)
    # persistent absence of 10 + 4.2 - 4.2 = 10.0%: the lowest place of 25, and no point
    assert (rows["O10"]["status"], rows["O10"]["figure"]) == ("clear", 10.0)
    # 37.5% of 24 disadvantaged pupils against 61% of all
    assert rows["O14"]["status"] == "clear"
    # 2 + 0.5 = 2.5 points: uncertain; assessed O1 2, O2 1, O4 2, O10 2, O16 1 = 8, not O3 2, O5 1, O11 1, O12 2, O15 1
    (level,) = ask(report, "select * from statement_levels where urn = $urn and statement = 'outcomes'", urn=str(urn))
    assert (level["level"], level["points"], level["coverage"]) == ("uncertain", 2.5, 8 / 15)


def test_the_same_files_build_the_same_judgements(data: DataDir, report: BuildReport) -> None:
    again = make_build(data, world.AS_AT, make_current=False)
    for table in ("rule_outcomes", "measure_values", "schools_at_risk"):
        sql = f"select * {'exclude (build_id)' if table == 'schools_at_risk' else ''} from {table}"
        assert comparable(ask(report, sql)) == comparable(ask(again, sql))
    levels = "select urn, statement, level, points, coverage, score, direction from statement_levels order by all"
    first, second = ask(report, levels), ask(again, levels)
    assert {row.pop("direction") for row in first} == {"first build"}
    assert {row.pop("direction") for row in second} == {"same"}
    assert first == second


def test_the_order_in_which_files_came_changes_nothing(data: DataDir, report: BuildReport, tmp_path: Path) -> None:
    files = sorted(path for path in (data.root.parent / "files").rglob("*") if path.is_file())
    lake = DataDir(tmp_path)
    for file in reversed(files):
        (imported,) = import_paths(lake, [file])
        assert imported.status == "imported", imported.refusal
    again = make_build(lake, world.AS_AT)
    for table in ("rule_outcomes", "measure_values"):
        assert comparable(ask(report, f"select * from {table}")) == comparable(ask(again, f"select * from {table}"))


def comparable(found: list[dict[str, Any]]) -> list[str]:
    """Rows without their order; a sum of floats may differ in its sixteenth digit from run to run."""
    rounded = [{k: round(v, 9) if isinstance(v, float) else v for k, v in row.items()} for row in found]
    return sorted(map(repr, rounded))


def test_results_count_from_their_publication_on(data: DataDir) -> None:
    """Key stage 2 of 2025 came out on 11 December 2025: the day before, 2024 is the latest."""
    latest = "select max(period) as period from measure_values where measure_id = 'rwm_expected_pct'"
    for day, period in ((10, "2023-2024"), (11, "2024-2025")):
        early = make_build(data, world.AS_AT.replace(day=day), make_current=False)
        assert ask(early, latest) == [{"period": period}]


def test_a_build_that_is_not_made_current_leaves_the_pointer(data: DataDir, report: BuildReport) -> None:
    make_build(data, world.AS_AT, make_current=False)
    current = current_build(data)
    assert current is not None
    assert current.build_id == report.build.build_id


def test_nothing_to_build_from_is_said_in_words(tmp_path: Path) -> None:
    with pytest.raises(BuildRefused, match="nothing to build from"):
        make_build(DataDir(tmp_path), world.AS_AT)
    assert current_build(DataDir(tmp_path)) is None
