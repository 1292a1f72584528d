"""Measures of statement 1 a second time: those of key stage 2 on the whole demo, the others on a few rows by hand."""

from collections.abc import Mapping, Sequence
from datetime import date
from math import sqrt
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pytest

from risk_model.domain.paths import DataDir
from risk_model.measures.reader import measures_by_id
from risk_model.scoring.building import make_build
from risk_model.scoring.evaluating import read_sql
from risk_model.sources.catalogue import SOURCES
from risk_model.warehouse.builds import Build, current_build
from risk_model.warehouse.engine import rows, scratch
from tests.measures import ks2_by_pandas
from tests.scoring.kit import build_rows

SUMMERS = (2017, 2018, 2019, 2023, 2024, 2025)


@pytest.fixture(scope="module")
def demo_build(demo_dir: Path) -> Build:
    build = current_build(DataDir(demo_dir))
    assert build is not None
    return build


@pytest.fixture(scope="module")
def by_pandas(demo_dir: Path, demo_build: Build) -> Mapping[str, Mapping[Any, Any]]:
    folder = demo_dir / "demo" / "ks2"
    files = {summer: next((folder / ks2_by_pandas.period(summer)).glob("*_ks2final.csv")) for summer in SUMMERS}
    return ks2_by_pandas.all_measures(ks2_by_pandas.read_results(files, demo_build))


@pytest.mark.parametrize("measure_id", ks2_by_pandas.MEASURES)
def test_pandas_finds_the_demos_key_stage_2_measures(
    demo_build: Build, by_pandas: Mapping[str, Mapping[Any, Any]], measure_id: str
) -> None:
    assert ks2_by_pandas.compared(demo_build, by_pandas, measure_id) > 100


# --- what the LA holds of the early years

EARLY = {
    "phonics_gap_pp": ("phonics year 1", {2024: 80, 2025: 80}),
    "early_development_gap_pp": ("good level of development", {2024: 67.7, 2025: 68.3}),
    "multiplication_gap_pp": ("multiplication check", {2024: 34, 2025: 37}),
}


@pytest.mark.parametrize("measure_id", EARLY)
def test_pandas_finds_the_demos_early_results(demo_dir: Path, demo_build: Build, measure_id: str) -> None:
    assessment, england = EARLY[measure_id]
    lines = pd.read_csv(demo_dir / "demo" / "held" / "early_results_2026-11-13.csv")
    lines["year"] = lines["academic_year"].str[-4:].astype(int)
    # the national figures of summer 2026 are not known: a year that cannot be compared is left out
    assert lines["year"].max() == 2026
    lines = lines[(lines["assessment"] == assessment) & lines["year"].isin(england)]
    found = build_rows(demo_build, "select * from measure_values where measure_id = $id", id=measure_id)
    by_school = {int(row["urn"]): row for row in found}
    few = 0
    for urn, of_school in lines.groupby("urn"):
        row, n = by_school[urn], int(of_school["pupils"].sum())
        if n <= 10:
            few += 1
            assert answer(row) == (None, "too_few_pupils")
            continue
        share = of_school["pupils_reached"].sum() / n
        nation = (of_school["year"].map(england) * of_school["pupils"]).sum() / n
        limit = (share + Z**2 / (2 * n) + Z * sqrt(share * (1 - share) / n + Z**2 / (4 * n**2))) / (1 + Z**2 / n)
        assert row["missing_reason"] is None
        assert row["value"] == pytest.approx(100 * share - nation, abs=1e-5)
        assert row["upper"] == pytest.approx(100 * limit - nation, abs=1e-5)
        assert row["denominator"] == n
        assert row["weight"] == (0.5 if of_school["pupils"].max() <= 10 else 1)
    assert len(lines) > 100


def test_results_are_stale_when_nobody_whom_they_count_is_in_the_key_stage(world_data: DataDir) -> None:
    """Results of summer 2025: five years on they count, and a day later they do not."""
    for as_at, reasons in ((date(2030, 8, 31), {None}), (date(2030, 9, 1), {"stale"})):
        build = make_build(world_data, as_at, make_current=False).build
        for measure_id in ("rwm_expected_gap_pp", "attainment8_rank_pct"):
            found = build_rows(
                build,
                "select distinct missing_reason from measure_values where measure_id = $id and period = '2024-2025'",
                id=measure_id,
            )
            assert {row["missing_reason"] for row in found} - OF_THE_SCHOOL == reasons, measure_id


OF_THE_SCHOOL = {"suppressed", "no_entries", "too_few_pupils"}
Z = ks2_by_pandas.Z


# --- a few rows by hand: the measures whose files the demo does not have, and the edges of the others

Row = dict[str, Any]
RELEASE: Row = {"release_id": "r1", "row_number": 7, "provisional": False}


def staged(year: int, urn: str = "1", **cells: object) -> Row:
    """A school's row of a year as a build stages it; a figure that is None is suppressed."""
    reasons = {f"{name}_missing": "suppressed" for name, value in cells.items() if value is None}
    return {
        "urn": urn,
        "period": ks2_by_pandas.period(year),
        "year": year,
        "measured_on": date(year, 8, 31),
        "published_on": date(year, 12, 1),
        **RELEASE,
        **cells,
        **reasons,
    }


def school(urn: str = "1", **more: object) -> Row:
    """A mainstream school of a year group of thirty."""
    usual = {"phase": "primary", "phase_group": "primary", "is_mainstream": True, "is_selective": False}
    return {"urn": urn, **usual, "is_technical": False, "year_group_estimate": 30.0, **more}


def national(measure_id: str, *figures: float, phase: str = "primary", first: int = 2023) -> list[Row]:
    """England's figure of each year from the first on."""
    return [
        {
            "measure_id": measure_id,
            "period": ks2_by_pandas.period(first + place),
            "scope": "national",
            "phase": phase,
            "value": float(figure),
            "origin": "published",
        }
        for place, figure in enumerate(figures)
    ]


def table(given_rows: Sequence[Row], columns: Sequence[str]) -> pa.Table:
    """Rows as a table; a column that no row fills is one of reasons."""
    names = [*dict.fromkeys([name for row in given_rows for name in row])]
    given = pa.Table.from_pylist([{name: row.get(name) for name in names} for row in given_rows])
    for name in columns:
        if name not in names:
            kind = pa.string() if name.endswith("_missing") else pa.float64()
            given = given.append_column(name, pa.nulls(len(given), kind))
    return given


def worked_out(measure_id: str, **tables: Sequence[Row]) -> dict[str, Row]:
    """The measure's own SQL over tables that a test writes down: {urn: the latest row}."""
    return asked(measures_by_id()[measure_id].sql, {}, tables)


def asked(sql: str, params: Row, tables: Mapping[str, Sequence[Row]]) -> dict[str, Row]:
    """A statement of the build's over tables that a test writes down: {urn: the latest row}."""
    with scratch() as con:
        for name, given in tables.items():
            fields = [f.name for source in SOURCES if name == f"stg_{source.id}" for f in source.fields]
            read = [one for one in fields if one in sql] + [
                f"{one}_missing" for one in fields if f"{one}_missing" in sql
            ]
            con.register(f"given_{name}", table(given, read))
            con.execute(f"create table {name} as from given_{name}")
        found = rows(con, f"select * from ({sql}) order by urn, measured_on", params)
    return {row["urn"]: row for row in found}


def answer(row: Row) -> tuple[float | None, str | None]:
    """As a build keeps it: a value, or else the reason."""
    return (None, row["missing_reason"]) if row["missing_reason"] else (pytest.approx(row["value"]), None)


def rwm(*figures: float | None, pupils: float | None = 30, first: int = 2023) -> list[Row]:
    return [staged(first + place, rwm_expected_pct=figure, pupils=pupils) for place, figure in enumerate(figures)]


SIXTY = national("rwm_expected_pct", 60, 61, 62)
FALLS: list[tuple[str, list[Row], float | None, str | None]] = [
    # gaps 0, -4, -9: 4 + 5
    ("two falls", rwm(60, 57, 53), 9.0, None),
    # gaps 0, -9, -9
    ("one fall and then no change", rwm(60, 52, 53), 0.0, None),
    # gaps 20, 9, 0: not below national
    ("down to national", rwm(80, 70, 62), 0.0, None),
    ("down to just below national", rwm(80, 70, 61), 21.0, None),
    # gaps 0, 4, -20
    ("up and down", rwm(60, 65, 42), 0.0, None),
    # as many points lower as the nation: nothing fell against it
    ("as the nation", rwm(50, 51, 52), 0.0, None),
    ("sixteen pupils", rwm(60, 57, 53, pupils=16), 9.0, None),
    ("fifteen pupils", rwm(60, 57, 53, pupils=15), None, "too_few_pupils"),
    ("suppressed now", rwm(60, 57, None), None, "suppressed"),
    ("suppressed before", rwm(60, None, 53), None, "no_earlier_figure"),
    ("two years", rwm(57, 53, first=2024), None, "no_earlier_figure"),
    # 2019 and 2023 are no neighbours, whatever lies between
    ("a gap of years", [*rwm(60, first=2019), *rwm(57, 53, first=2024)], None, "no_earlier_figure"),
    ("no national figure", rwm(60, 57, 53, first=2024), None, "no_benchmark"),
    # 30 pupils by the roll
    ("number of pupils not published", rwm(60, 57, 53, pupils=None), 9.0, None),
]


@pytest.mark.parametrize(("given", "value", "reason"), [pytest.param(*case[1:], id=case[0]) for case in FALLS])
def test_two_falls_in_a_row(given: list[Row], value: float | None, reason: str | None) -> None:
    found = worked_out("rwm_fall_pp", stg_ks2=given, schools=[school()], benchmarks=SIXTY)["1"]
    assert answer(found) == (value, reason)
    if value and given[0]["pupils"] is None:
        assert found["caveat"] == "pupil numbers estimated from the roll"


def test_two_falls_without_a_roll_either_are_not_known() -> None:
    nobody = school(year_group_estimate=None)
    found = worked_out("rwm_fall_pp", stg_ks2=rwm(60, 57, 53, pupils=None), schools=[nobody], benchmarks=SIXTY)["1"]
    assert answer(found) == (None, "not_in_file")


def gcse(*figures: float | None, pupils: float = 150, first: int = 2022, provisional: bool = False) -> list[Row]:
    return [
        {**staged(first + place, attainment8_score=figure, pupils=pupils), "provisional": provisional}
        for place, figure in enumerate(figures)
    ]


ATTAINMENT = national("attainment8_score", 48.8, 46.2, 45.9, 45.9, phase="secondary", first=2022)


def test_two_falls_of_attainment_8_are_against_national() -> None:
    # -0.8, -2.2, -4.9: 1.4 + 2.7
    given = {"schools": [school(phase="secondary", phase_group="secondary")], "benchmarks": ATTAINMENT}
    found = worked_out("attainment8_fall_score", stg_ks4=gcse(48, 44, 41, provisional=True), **given)["1"]
    assert answer(found) == (pytest.approx(4.1), None)
    assert found["caveat"] == "summer 2022 was graded more generously; includes provisional results"
    # with national from 48.8 to 45.9 no fall of its own
    found = worked_out("attainment8_fall_score", stg_ks4=gcse(44, 41.4, 41.1), **given)["1"]
    assert answer(found) == (0.0, None)
    found = worked_out("attainment8_fall_score", stg_ks4=gcse(46, 44, 41, first=2023), **given)["1"]
    assert found["caveat"] is None
    few = worked_out("attainment8_fall_score", stg_ks4=gcse(48, 44, 41, pupils=15), **given)["1"]
    assert answer(few) == (None, "too_few_pupils")


def test_slope_of_attainment_8_with_limits_by_hand() -> None:
    given = {"schools": [school(phase="secondary", phase_group="secondary")], "benchmarks": ATTAINMENT}
    # gaps -0.8, -2.2, -4.9: (-4.9 + 0.8) / 2 = -2.05; 1.96 x sqrt(2 x 400 / 150) / 2 = 2.263
    found = worked_out("attainment8_trend_score", stg_ks4=gcse(48, 44, 41), **given)["1"]
    assert answer(found) == (pytest.approx(-2.05), None)
    assert (found["lower"], found["upper"]) == (pytest.approx(-4.3132, abs=1e-3), pytest.approx(0.2132, abs=1e-3))
    # the middle year bends nothing: only first and last have a lever
    bent = worked_out("attainment8_trend_score", stg_ks4=gcse(48, 60, 41), **given)["1"]
    assert answer(bent) == (pytest.approx(-2.05), None)
    for figures, pupils, reason in (
        ((48, 44), 150, "no_earlier_figure"),
        ((48, None, 41), 150, "no_earlier_figure"),
        ((48, 44, None), 150, "suppressed"),
        ((48, 44, 41), 10, "too_few_pupils"),
    ):
        missing = worked_out("attainment8_trend_score", stg_ks4=gcse(*figures, pupils=pupils), **given)["1"]
        assert answer(missing) == (None, reason)
    assert answer(worked_out("attainment8_trend_score", stg_ks4=gcse(48, 44, 41, pupils=11), **given)["1"])[1] is None


def test_slope_of_shares_has_limits_at_a_hundred_per_cent() -> None:
    given = {"schools": [school()], "benchmarks": SIXTY}
    # gaps 40, 39, 38: -1 a year; (30 + 2) / 34 = 0.941; 10,000 x 0.941 x 0.059 / 34 = 16.28 each year
    found = worked_out("rwm_trend_pp", stg_ks2=rwm(100, 100, 100), **given)["1"]
    assert answer(found) == (pytest.approx(-1.0), None)
    assert found["upper"] == pytest.approx(-1 + 1.959964 * sqrt(2 * 16.28) / 2, abs=1e-2)
    assert answer(worked_out("rwm_trend_pp", stg_ks2=rwm(60, 57, 53, pupils=10), **given)["1"]) == (
        None,
        "too_few_pupils",
    )
    assert answer(worked_out("rwm_trend_pp", stg_ks2=rwm(60, 57), **given)["1"]) == (None, "no_earlier_figure")


def test_a_subject_that_is_low_everywhere_is_no_weakness_of_the_school() -> None:
    subjects = ("reading", "writing", "maths", "spelling")
    # nationally writing is 20 points lower than the rest, and so it is here
    given = [
        staged(2025, pupils=30, **dict(zip((f"{s}_expected_pct" for s in subjects), (70, 50, 70, 70), strict=True)))
    ]
    england = [
        one
        for subject, figure in zip(subjects, (72, 52, 72, 72), strict=True)
        for one in national(f"{subject}_expected_pct", figure, first=2025)
    ]
    found = worked_out("subject_spread_pp", stg_ks2=given, schools=[school()], benchmarks=england)["1"]
    assert answer(found) == (0.0, None)
    # maths 14 below national, the others 2: 14 - 2 = 12
    given[0]["maths_expected_pct"] = 58
    found = worked_out("subject_spread_pp", stg_ks2=given, schools=[school()], benchmarks=england)["1"]
    assert answer(found) == (12.0, None)
    assert (found["figure"], found["benchmark"]) == (-14, -2)
    assert found["caveat"] == "lowest in maths"
    # two subjects are no comparison
    for name in ("writing_expected_pct", "spelling_expected_pct"):
        given[0][name] = None
    found = worked_out("subject_spread_pp", stg_ks2=given, schools=[school()], benchmarks=england)["1"]
    assert answer(found) == (None, "not_in_file")


def test_subjects_of_three_years_are_pooled_by_their_pupils() -> None:
    england = [
        one for subject in ("reading", "maths", "spelling") for one in national(f"{subject}_score", 105, 105, 105)
    ]
    given = [
        # 90 pupils: maths -4, the others 0
        staged(2023, pupils=90, reading_score=105, maths_score=101, spelling_score=105),
        # 10 pupils: maths +6
        staged(2024, pupils=10, reading_score=105, maths_score=111, spelling_score=105),
    ]
    # (90 x -4 + 10 x 6) / 100 = -3
    found = worked_out("subject_spread_score", stg_ks2=given, schools=[school()], benchmarks=england)["1"]
    assert answer(found) == (3.0, None)
    assert (found["denominator"], found["weight"]) == (100, 1.0)
    small = [{**one, "pupils": 10} for one in given]
    found = worked_out("subject_spread_score", stg_ks2=small, schools=[school()], benchmarks=england)["1"]
    # 20 pupils, none of the years above ten: (-4 + 6) / 2 = 1 above
    assert (answer(found), found["weight"]) == ((0.0, None), 0.5)
    tiny = [{**one, "pupils": 5} for one in given]
    found = worked_out("subject_spread_score", stg_ks2=tiny, schools=[school()], benchmarks=england)["1"]
    assert answer(found) == (None, "too_few_pupils")


ELEMENTS = ("english", "maths", "ebacc", "open")


def elements(year: int, attained: Sequence[float | None], progress: Sequence[float | None] = ()) -> Row:
    cells: dict[str, object] = {
        f"attainment8_{one}_score": figure for one, figure in zip(ELEMENTS, attained, strict=True)
    }
    cells |= {f"progress8_{one}_score": f for one, f in zip(ELEMENTS, progress or [None] * 4, strict=True)}
    return staged(year, pupils=100, **cells)


def test_gcse_elements_are_compared_per_slot_or_by_progress() -> None:
    england = [
        one
        for element, figure in zip(ELEMENTS, (10, 9, 13.5, 14), strict=True)
        for one in national(f"attainment8_{element}_score", figure, figure, phase="secondary", first=2024)
    ]
    given = {"schools": [school(phase="secondary", phase_group="secondary")], "benchmarks": england}
    # maths 7 of two slots: -1 grade; the others on national
    found = worked_out("gcse_subject_spread_score", stg_ks4=[elements(2025, (10, 7, 13.5, 14))], **given)["1"]
    assert answer(found) == (1.0, None)
    assert found["caveat"] == "lowest in maths"
    # EBacc 10.5 of three slots is as far below
    found = worked_out("gcse_subject_spread_score", stg_ks4=[elements(2025, (10, 9, 10.5, 14))], **given)["1"]
    assert answer(found) == (1.0, None)
    # where progress was published it speaks: open -0.4 against a mean of 0.2
    by_progress = elements(2024, (10, 7, 13.5, 14), (0.2, 0.2, 0.2, -0.4))
    found = worked_out("gcse_subject_spread_score", stg_ks4=[by_progress], **given)["1"]
    assert answer(found) == (0.6, None)
    # three of four progress scores are not enough for it
    by_progress["progress8_open_score"] = None
    found = worked_out("gcse_subject_spread_score", stg_ks4=[by_progress], **given)["1"]
    assert answer(found) == (1.0, None)
    found = worked_out("gcse_subject_spread_score", stg_ks4=[elements(2025, (10, 7, None, 14))], **given)["1"]
    assert answer(found) == (None, "not_in_file")
    found = worked_out("gcse_subject_spread_score", stg_ks4=[elements(2025, [None] * 4)], **given)["1"]
    assert answer(found) == (None, "suppressed")


def test_progress_of_ten_disadvantaged_pupils_is_of_too_few() -> None:
    england = national("progress8_disadvantaged_score", -0.57, phase="secondary", first=2024)

    def found(**cells: object) -> Row:
        given = staged(2024, **{"progress8_disadvantaged_score": -0.9, "disadvantaged_pupils": 11, **cells})
        return worked_out("progress8_disadvantaged_score", stg_ks4=[given], schools=[school()], benchmarks=england)["1"]

    assert answer(found()) == (-0.9, None)
    assert found()["benchmark"] == -0.57
    assert answer(found(disadvantaged_pupils=10)) == (None, "too_few_pupils")
    # not known how many: the publisher has suppressed five or fewer
    assert answer(found(disadvantaged_pupils=None)) == (-0.9, None)
    assert answer(found(progress8_disadvantaged_score=None)) == (None, "suppressed")


def hundred(**more: object) -> list[Row]:
    return [school(str(number), **more) for number in range(101)]


def test_attainment_of_disadvantaged_pupils_is_ranked_among_schools_of_the_kind() -> None:
    schools = hundred(phase="secondary", phase_group="secondary")
    given = [
        staged(year, str(n), attainment8_disadvantaged_score=20.0 + n, disadvantaged_pupils=25)
        for n in range(101)
        for year in (2024, 2025)
    ]
    found = worked_out("attainment8_disadvantaged_rank_pct", stg_ks4=given, schools=schools, benchmarks=ATTAINMENT)
    # 100 others: n of them are lower
    assert {urn: row["value"] for urn, row in found.items()} == {str(n): pytest.approx(n) for n in range(101)}
    assert (found["7"]["figure"], found["7"]["denominator"]) == (27, 50)
    # of ten pupils in all, and of six and six
    given[0]["disadvantaged_pupils"] = given[1]["disadvantaged_pupils"] = 5
    given[2]["disadvantaged_pupils"] = given[3]["disadvantaged_pupils"] = 6
    found = worked_out("attainment8_disadvantaged_rank_pct", stg_ks4=given, schools=schools, benchmarks=ATTAINMENT)
    assert answer(found["0"]) == (None, "too_few_pupils")
    assert (found["1"]["weight"], found["2"]["weight"]) == (0.5, 1.0)
    # two LAs' file is no field for England: fewer than half have a figure
    few = worked_out("attainment8_disadvantaged_rank_pct", stg_ks4=given[:100], schools=schools, benchmarks=ATTAINMENT)
    assert {row["missing_reason"] for urn, row in few.items() if urn not in ("0", "1")} == {"no_ranking"}
    # three schools of a kind cannot be ranked among themselves
    selective = [{**one, "is_selective": int(one["urn"]) < 3} for one in schools]
    apart = worked_out("attainment8_disadvantaged_rank_pct", stg_ks4=given, schools=selective, benchmarks=ATTAINMENT)
    assert answer(apart["2"]) == (None, "no_ranking")
    assert apart["100"]["value"] == pytest.approx(100)


@pytest.mark.parametrize("kind", ["suspensions", "permanent_exclusions"])
def test_the_lower_of_two_years_places_counts(kind: str) -> None:
    rate = f"{kind}_per_100"

    def found(given: Sequence[Row]) -> dict[str, Row]:
        return worked_out(f"{kind}_rank_pct", stg_exclusions=given, schools=hundred())

    given = [staged(2023, str(n), pupils=200, **{rate: float(n)}) for n in range(101)]
    given += [staged(2024, str(n), pupils=200, **{rate: float(100 - n)}) for n in range(101)]
    # the school that is 97th in one year is third in the other
    assert {urn: row["value"] for urn, row in found(given).items() if row["period"] == "2023-2024"} == {
        str(n): pytest.approx(min(n, 100 - n)) for n in range(101)
    }
    # schools that share a figure share the lower place: four in five without any are at nought
    given = [
        staged(year, str(n), pupils=200, **{rate: max(0.0, n - 80.0)}) for n in range(101) for year in (2023, 2024)
    ]
    places = found(given)
    assert (places["80"]["value"], places["81"]["value"], places["100"]["value"]) == (0, pytest.approx(81), 100)
    given[0] |= {rate: None, f"{rate}_missing": "suppressed"}
    given[3] |= {rate: None, f"{rate}_missing": "suppressed"}
    given[5] |= {"pupils": 10}
    places = found(given)
    assert answer(places["0"]) == (None, "no_earlier_figure")
    assert answer(places["1"]) == (None, "suppressed")
    assert answer(places["2"]) == (None, "too_few_pupils")
    # a half of the schools, and no more
    assert {row["missing_reason"] for row in found(given[:100]).values()} == {
        "no_ranking",
        "suppressed",
        "too_few_pupils",
    }


def test_value_added_is_of_a_levels_or_else_of_applied_generals() -> None:
    cells = {
        "a_level_value_added_score": -0.2,
        "a_level_value_added_lower": -0.3,
        "a_level_value_added_upper": -0.1,
        "applied_general_value_added_score": 0.4,
        "applied_general_value_added_lower": 0.1,
        "applied_general_value_added_upper": 0.7,
    }
    found = worked_out("post16_value_added_score", stg_ks5=[staged(2025, **cells)], schools=[school()])["1"]
    assert (answer(found), found["upper"], found["caveat"]) == ((-0.2, None), -0.1, None)
    cells["a_level_value_added_score"] = None
    found = worked_out("post16_value_added_score", stg_ks5=[staged(2025, **cells)], schools=[school()])["1"]
    assert (answer(found), found["upper"]) == ((0.4, None), 0.7)
    assert found["caveat"] == "applied general qualifications, for there are no A levels"
    cells["applied_general_value_added_score"] = None
    found = worked_out("post16_value_added_score", stg_ks5=[staged(2025, **cells)], schools=[school()])["1"]
    assert answer(found) == (None, "suppressed")


def test_destinations_are_ranked_so_that_equals_are_in_no_lower_fifth_together() -> None:
    schools = hundred(phase="secondary", phase_group="secondary")
    england = national("sustained_pct", 94, phase="secondary", first=2025)
    # thirty schools at 85, the others higher: a fifth would cut through them, so none of them is in it
    given = [staged(2025, str(n), pupils=120, sustained_pct=85.0 if n < 30 else 60.0 + n) for n in range(101)]
    found = worked_out("destinations_rank_pct", stg_ks4_destinations=given, schools=schools, benchmarks=england)
    assert found["0"]["value"] == pytest.approx(29)
    assert found["40"]["value"] == pytest.approx(40)
    assert found["0"]["benchmark"] == 94
    given[0] |= {"sustained_pct": None, "sustained_pct_missing": "suppressed"}
    given[1]["pupils"] = 10
    found = worked_out("destinations_rank_pct", stg_ks4_destinations=given, schools=schools, benchmarks=england)
    assert answer(found["0"]) == (None, "suppressed")
    assert answer(found["1"]) == (None, "too_few_pupils")
    few = worked_out("destinations_rank_pct", stg_ks4_destinations=given[:40], schools=schools, benchmarks=england)
    assert answer(few["9"]) == (None, "no_ranking")


def test_gcse_results_of_ten_pupils_in_all_are_of_too_few() -> None:
    schools = hundred(phase="secondary", phase_group="secondary")
    given = [
        staged(year, str(n), attainment8_score=20.0 + n / 2, pupils=100, inherited_from=None)
        for n in range(101)
        for year in (2024, 2025)
    ]
    for place, pupils in ((0, 5), (1, 5), (2, 6), (3, 6)):
        given[place]["pupils"] = pupils
    found = asked(
        read_sql("attainment8_pooled"),
        {"as_at": date(2025, 12, 31)},
        {"stg_ks4": given, "schools": schools, "benchmarks": ATTAINMENT},
    )
    assert found["0"]["missing_reason"] == "too_few_pupils"
    assert (found["1"]["missing_reason"], found["1"]["weight"], found["1"]["caveat"]) == (None, 0.5, "small cohort")
    assert (found["2"]["missing_reason"], found["2"]["weight"], found["2"]["caveat"]) == (None, 1.0, None)


def test_results_before_and_after_the_years_without_any_are_never_pooled() -> None:
    """Summer 2019 and summer 2022 are three years apart: the last three years of 2022 begin with 2020."""
    schools = hundred(phase="secondary", phase_group="secondary")
    given = [
        staged(year, str(n), attainment8_score=score, pupils=100, inherited_from=None)
        for n in range(101)
        for year, score in ((2018, 10.0), (2019, 10.0), (2022, 40.0 + n / 10))
    ]
    found = asked(
        read_sql("attainment8_pooled"),
        {"as_at": date(2022, 12, 31)},
        {"stg_ks4": given, "schools": schools, "benchmarks": ATTAINMENT},
    )
    assert {urn: row["figure"] for urn, row in found.items()} == {
        str(n): pytest.approx(40 + n / 10) for n in range(101)
    }
