"""The back-test: inspections scored by what was known before them. What came later is planted, and changes nothing."""

import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from risk_model.cli import main
from risk_model.domain.errors import BacktestRefused, Damaged
from risk_model.domain.paths import DataDir
from risk_model.scoring.backtest import Batch, batches_between, releases_by, run_backtest
from risk_model.scoring.evaluating import read_sql
from risk_model.warehouse.builds import current_build, read_builds
from risk_model.warehouse.engine import arrow_table, literal, rows, scratch
from risk_model.warehouse.lake import Release, parquet_path, read_releases, write_release
from tests.scoring.kit import load

FIRST, LAST = date(2024, 4, 2), date(2024, 4, 28)
AS_AT = date(2024, 4, 1)
AFTER = date(2024, 5, 2)
SCHOOL = "900137"  # inspected on 17 April 2024
STRANGER = "905999"
LATER_URN = "909137"
CORE = ["urn", "inspection_date", "era", "phase", "good_or_better", "score", "level", "coverage"]


@pytest.fixture
def lake(demo_dir: Path, tmp_path: Path) -> DataDir:
    """The demo's releases, for a test to add to."""
    for name in ("lake", "typed"):
        shutil.copytree(demo_dir / name, tmp_path / "data" / name)
    return DataDir(tmp_path / "data")


@pytest.fixture(scope="module")
def plain(demo_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> pd.DataFrame:
    """The back-test of April 2024 by the demo as it is."""
    folder = tmp_path_factory.mktemp("plain") / "data"
    for name in ("lake", "typed"):
        shutil.copytree(demo_dir / name, folder / name)
    return run_backtest(DataDir(folder), FIRST, LAST)


def _release(data: DataDir, source_id: str, period: str | None = None) -> Release:
    return [r for r in read_releases(data) if r.source_id == source_id and r.period == period][-1]


def _rows_of(data: DataDir, release: Release, sql: str) -> pa.Table:
    """A release's rows as a statement changes them; it calls them `published`."""
    with scratch() as con:
        con.register("published", pq.read_table(parquet_path(data, release.release_id)))
        return arrow_table(con, sql)


def add_release(data: DataDir, release: Release, sql: str, published_on: date, as_at: date | None = None) -> None:
    """Another release of the same kind, with rows changed and published on another day."""
    other = replace(release, release_id=f"{release.release_id[:-8]}{published_on:%Y%m%d}", published_on=published_on)
    write_release(data, replace(other, as_at=as_at or other.as_at), _rows_of(data, release, sql))


def change_release(data: DataDir, release: Release, sql: str) -> None:
    """The same release with other rows."""
    write_release(data, release, _rows_of(data, release, sql))
    shutil.rmtree(data.typed, ignore_errors=True)


# --- what a file can say before or after the inspections; each plant takes the day on which it becomes known


def plant_results(data: DataDir, known_on: date) -> None:
    """A corrected file of the newest results: every school reaches the same."""
    release = _release(data, "ks2", "2022-2023")
    add_release(data, release, "select * replace ('61' as \"PTRWM_EXP\") from published", known_on)


def plant_grade(data: DataDir, known_on: date) -> None:
    """A visit of February, before the inspections, that found the schools inadequate."""
    _plant_events(data, [SCHOOL, "900044", "900236"], known_on)


def _plant_events(data: DataDir, urns: Sequence[str], known_on: date, started: str = "2024-02-05") -> None:
    found = ", ".join(literal(urn) for urn in urns)
    change_release(
        data,
        _release(data, "ofsted_events"),
        f"""
        from published union all by name
        select 100000 + row_number() over () as _row, urn, current_school_urn, {literal(started)} as start_date,
               {literal(known_on.isoformat())} as publication_date, 'graded' as kind, '4' as overall_effectiveness,
               '4' as quality_of_education, '4' as leadership_and_management, 'No' as safeguarding,
               '9' as early_years, '9' as sixth_form, '4' as behaviour_and_attitudes, '4' as personal_development,
               '1' || urn as inspection_number, '' as ungraded_outcome, 'SM' as category_of_concern, '' as source,
               'S5 Inspection' as inspection_type, 'Schools - S5' as event_type_grouping
        from (select unnest([{found}]) as urn, unnest([{found}]) as current_school_urn)""",
    )


def plant_link(data: DataDir, known_on: date) -> None:
    """A school that was found inadequate in February, and became the school on that day."""
    _plant_events(data, [STRANGER], date(2024, 3, 10))
    release = _release(data, "gias_links")
    row = f"""
        select 9999 as _row, {literal(SCHOOL)} as "URN", {literal(STRANGER)} as "LinkURN", 'Predecessor' as "LinkType",
               {literal(known_on.strftime("%d-%m-%Y"))} as "LinkEstablishedDate" """
    add_release(data, release, f"from published union all by name {row}", release.published_on, date(2026, 11, 10))


def plant_register(data: DataDir, known_on: date) -> None:
    """A register that has every school small."""
    small = "select * replace ('31' as \"Total number of pupils\") from published"
    add_release(data, _register(data, 2025), small, known_on, known_on)


def _register(data: DataDir, year: int) -> Release:
    return next(r for r in read_releases(data) if r.source_id == "ofsted" and r.as_at and r.as_at.year == year)


PLANTS: Mapping[str, Callable[[DataDir, date], None]] = {
    "results": plant_results,
    "a grade": plant_grade,
    "a predecessor": plant_link,
    "a register": plant_register,
}


def _same(found: pd.DataFrame, expected: pd.DataFrame, *, but: Sequence[str] = ()) -> bool:
    return found.drop(columns=list(but)).equals(expected.drop(columns=list(but)))


def test_nothing_that_was_published_later_changes_a_score(lake: DataDir, plain: pd.DataFrame) -> None:
    for plant in PLANTS.values():
        plant(lake, AFTER)
    found = run_backtest(lake, FIRST, LAST)
    assert len(found) == len(plain) > 5
    pd.testing.assert_frame_equal(found, plain)


@pytest.mark.parametrize("name", PLANTS)
def test_the_same_plant_published_before_is_seen(lake: DataDir, plain: pd.DataFrame, name: str) -> None:
    """So that the test above would catch each of them."""
    PLANTS[name](lake, date(2024, 3, 12))
    found = run_backtest(lake, FIRST, LAST)
    assert len(found) == len(plain)
    assert not _same(found, plain)


def test_a_school_that_became_another_one_later_is_scored_as_it_was(lake: DataDir, plain: pd.DataFrame) -> None:
    """From May on the school has another number, and every register has it under that alone."""
    opened = date(2024, 5, 1)
    for release in read_releases(lake):
        if release.source_id in ("ofsted", "ofsted_report_cards"):
            at_time = [name for name in release.header if name.startswith("URN at time")]
            since = [name for name in release.header if "relate to the URN" in name]
            of_it = f'"URN" = {literal(SCHOOL)}'
            changed = [f'if({of_it}, {literal(SCHOOL)}, "{name}") as "{name}"' for name in at_time]
            changed += [f'if({of_it}, \'No\', "{name}") as "{name}"' for name in since]
            changed.append(
                f'if({of_it}, {literal(opened.strftime("%d/%m/%Y"))}, "School open date") as "School open date"'
            )
            changed.append(f'if({of_it}, {literal(LATER_URN)}, "URN") as "URN"')
            change_release(lake, release, f"select * replace ({', '.join(changed)}) from published")
    gias = _release(lake, "gias")
    change_release(
        lake,
        gias,
        f"""select * replace (if("URN" = {literal(SCHOOL)}, {literal(LATER_URN)}, "URN") as "URN",
        if("URN" = {literal(SCHOOL)}, '01-05-2024', "OpenDate") as "OpenDate") from published""",
    )
    change_release(
        lake,
        _release(lake, "gias_links"),
        f"""from published union all by name
        select 9999 as _row, {literal(LATER_URN)} as "URN", {literal(SCHOOL)} as "LinkURN", 'Predecessor' as "LinkType",
               '01-05-2024' as "LinkEstablishedDate" """,
    )
    events = _release(lake, "ofsted_events")
    change_release(
        lake,
        events,
        f"""select * replace (
        if(urn = {literal(SCHOOL)}, {literal(LATER_URN)}, current_school_urn) as current_school_urn) from published""",
    )
    found = run_backtest(lake, FIRST, LAST)
    assert _same(found, plain, but=["urn_now", "is_academy"])
    (now,) = found[found.urn == SCHOOL].to_dict("records")
    assert (now["urn_now"], now["scored_as"]) == (LATER_URN, "itself")
    assert pd.isna(now["is_academy"])


# --- which build scores which inspection


def _published(data: DataDir, *days: date) -> list[Release]:
    yearly = _release(data, "ks2", "2022-2023")
    return [replace(yearly, published_on=day) for day in days]


def test_builds_are_for_each_month_and_each_publication(demo_data: DataDir) -> None:
    """An inspection that starts on the day of a publication is scored by the build before it."""
    found = batches_between(
        _published(demo_data, date(2024, 2, 14), date(2024, 7, 1)), date(2024, 1, 20), date(2024, 3, 9)
    )
    assert found == [
        Batch(date(2024, 1, 1), date(2024, 1, 20), date(2024, 2, 1)),
        Batch(date(2024, 2, 1), date(2024, 2, 2), date(2024, 2, 14)),
        Batch(date(2024, 2, 14), date(2024, 2, 15), date(2024, 3, 1)),
        Batch(date(2024, 3, 1), date(2024, 3, 2), date(2024, 3, 9)),
    ]


def test_a_period_that_begins_on_the_first_is_scored_by_the_month_before(demo_data: DataDir) -> None:
    found = batches_between([], date(2024, 3, 1), date(2024, 3, 1))
    assert found == [Batch(date(2024, 2, 1), date(2024, 3, 1), date(2024, 3, 1))]


def test_every_day_of_a_period_is_in_one_batch(demo_data: DataDir) -> None:
    first, last = date(2022, 9, 1), date(2025, 8, 31)
    found = batches_between(read_releases(demo_data), first, last)
    assert (found[0].first_day, found[-1].last_day) == (first, last)
    assert all(one.as_at < one.first_day <= one.last_day for one in found)
    assert all((two.first_day - one.last_day).days == 1 for one, two in pairwise(found))


def test_what_an_la_wrote_down_later_does_not_count(demo_data: DataDir) -> None:
    """The demo's own lists are of November 2026, and speak of visits before it."""
    kinds = {release.source_id for release in releases_by(read_releases(demo_data), date(2026, 11, 1))}
    assert "la_visits" not in kinds
    assert "gias" in kinds
    assert "la_visits" in {release.source_id for release in releases_by(read_releases(demo_data), date(2026, 11, 13))}


# --- what is in the frame


def test_every_inspection_has_a_score_and_a_level(plain: pd.DataFrame, demo_data: DataDir) -> None:
    build = current_build(demo_data)
    assert build is not None
    with build.reader() as reader:
        wanted = reader.rows(
            """
            select urn_at_time as urn, start_date, kind, good_or_better from inspections
            where start_date between $first and $last and kind in ('graded', 'ungraded') and mapping <> 'M11'
            order by start_date, urn""",
            {"first": FIRST, "last": LAST},
        )
    assert [(row["urn"], row["kind"], row["good_or_better"]) for row in wanted] == list(
        plain[["urn", "kind", "good_or_better"]].itertuples(index=False, name=None)
    )
    assert plain[["score", "level", "coverage", "as_at", "scored_as"]].notna().all().all()
    assert list(plain.columns[: len(CORE)]) == CORE
    assert set(plain.as_at.dt.date) == {AS_AT}


def test_an_inspection_of_a_school_that_no_register_has_stands_in_the_middle(
    lake: DataDir, plain: pd.DataFrame
) -> None:
    _plant_events(lake, ["909999"], AFTER, "2024-04-18")
    found = run_backtest(lake, FIRST, LAST)
    (of_it,) = found[found.urn == "909999"].to_dict("records")
    assert (of_it["scored_as"], of_it["level"], of_it["coverage"]) == ("not on the register", "not enough evidence", 0)
    assert bool(of_it["failed"])
    assert "not on the register" in of_it["evidence_note"]
    assert plain.score.min() <= of_it["score"] <= plain.score.max()
    assert _same(found[found.urn != "909999"].reset_index(drop=True), plain)


_AREAS = (
    *("inclusion", "curriculum_and_teaching", "achievement", "attendance_and_behaviour"),
    *("personal_development_and_wellbeing", "early_years_area", "post_16", "leadership_and_governance"),
)
_JUDGED = pa.schema(
    [
        *((name, pa.string()) for name in ("urn", "urn_at_time", "kind", "mapping", "good_or_better", "rc_outcome")),
        *((name, pa.string()) for name in ("leadership", *_AREAS)),
        *((f"{name}_date", pa.date32()) for name in (*_AREAS, "safeguarding")),
        ("start_date", pa.date32()),
    ]
)
_MET = dict.fromkeys(_AREAS, "Expected standard")
_NOW, _LATER = date(2026, 1, 13), date(2026, 6, 30)
# what was judged; what is counted as failed: strictly, softly, by leadership alone
ANSWERS: list[tuple[str, dict[str, Any], tuple[bool | None, bool | None, bool | None]]] = [
    ("graded good", {"good_or_better": "yes", "leadership": "2"}, (False, False, False)),
    ("graded below, led well", {"good_or_better": "no", "leadership": "2"}, (True, True, False)),
    ("graded good, led weakly", {"good_or_better": "yes", "leadership": "3"}, (False, False, True)),
    ("graded, no grade to be read", {"good_or_better": None, "mapping": "M23"}, (None, None, None)),
    ("ungraded", {"kind": "ungraded", "mapping": "M7", "good_or_better": "yes"}, (None, None, None)),
    ("card that meets", {"kind": "report card", "rc_outcome": "meets", **_MET}, (False, False, False)),
    (
        "card with attendance to attend to",
        {"kind": "report card", "rc_outcome": "mixed", **_MET, "attendance_and_behaviour": "Needs attention"},
        (True, False, False),
    ),
    (
        "card with achievement to attend to",
        {"kind": "report card", "rc_outcome": "mixed", **_MET, "achievement": "Needs attention"},
        (True, True, False),
    ),
    (
        "card with leadership to attend to",
        {"kind": "report card", "rc_outcome": "below", **_MET, "leadership_and_governance": "Needs attention"},
        (True, True, True),
    ),
    ("card in a category", {"kind": "report card", "rc_outcome": "category", **_MET}, (True, True, False)),
    (
        "card of which an area was graded up since",
        {"kind": "report card", "rc_outcome": "meets", **_MET, "inclusion_date": _LATER, "achievement_date": _NOW},
        (True, False, False),
    ),
    (
        "card of which leadership was graded up since",
        {"kind": "report card", "rc_outcome": "meets", **_MET, "leadership_and_governance_date": _LATER},
        (True, True, True),
    ),
    (
        "card without an area",
        {"kind": "report card", "mapping": "M23", **_MET, "achievement": None},
        (None, None, False),
    ),
]


@pytest.mark.parametrize(("name", "said", "expected"), ANSWERS, ids=[one[0] for one in ANSWERS])
def test_what_is_counted_as_failed(
    name: str, said: dict[str, Any], expected: tuple[bool | None, bool | None, bool | None]
) -> None:
    row = {"urn": "900001", "kind": "graded", "mapping": "M4", "start_date": _NOW, **said}
    with scratch() as con:
        load(con, "judged_inspections", [row], _JUDGED)
        (found,) = rows(con, read_sql("backtest_answers"), {"first_day": _NOW, "last_day": _NOW})
    assert (found["failed"], found["failed_soft"], found["failed_leadership"]) == expected, name


@pytest.mark.parametrize(
    "row",
    [
        {"kind": "ungraded", "mapping": "M11"},
        {"kind": "ungraded", "mapping": "M23"},
        {"kind": "monitoring", "mapping": "M20"},
        {"kind": "graded", "mapping": "M4", "start_date": date(2026, 1, 12)},
    ],
)
def test_a_visit_without_an_outcome_or_of_another_time_is_no_row(row: dict[str, object]) -> None:
    with scratch() as con:
        load(con, "judged_inspections", [{"urn": "900001", "start_date": _NOW, **row}], _JUDGED)
        assert rows(con, read_sql("backtest_answers"), {"first_day": _NOW, "last_day": _NOW}) == []


# --- what it leaves behind


def test_builds_and_pointer_stay_as_they_are(own_data: DataDir) -> None:
    before = [build.build_id for build in read_builds(own_data)]
    shown = current_build(own_data)
    there = sorted(path.name for path in own_data.root.iterdir())
    run_backtest(own_data, FIRST, LAST)
    assert [build.build_id for build in read_builds(own_data)] == before
    assert current_build(own_data) == shown
    assert sorted(path.name for path in own_data.root.iterdir()) == there


def test_a_failure_leaves_nothing_behind(lake: DataDir) -> None:
    parquet_path(lake, _release(lake, "ks2", "2022-2023").release_id).write_bytes(b"no table")
    there = sorted(path.name for path in lake.root.iterdir())
    with pytest.raises(Damaged):
        run_backtest(lake, FIRST, LAST)
    assert sorted(path.name for path in lake.root.iterdir()) == there


def test_a_period_without_inspections_is_refused(lake: DataDir) -> None:
    with pytest.raises(BacktestRefused, match="no inspection from 11 August 2024"):
        run_backtest(lake, date(2024, 8, 11), date(2024, 8, 12))


# --- the command


def test_command_writes_the_columns_that_others_count_on(own_data: DataDir, capsys: pytest.CaptureFixture[str]) -> None:
    out = own_data.root / "backtest.csv"
    assert main(["backtest", "--from", "2024-04-02", "--to", "2024-04-28", "--out", str(out)]) == 0
    written = pd.read_csv(out, dtype=str)
    assert list(written.columns[: len(CORE)]) == CORE
    assert written.inspection_date.min() == "2024-04-17"
    assert f"Wrote {len(written)} inspections" in capsys.readouterr().out


def test_command_refuses_a_period_that_ends_before_it_begins(
    own_data: DataDir, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["backtest", "--from", "2024-04-28", "--to", "2024-04-02"]) == 1
    assert "before it begins" in capsys.readouterr().err
    assert main(["backtest", "--from", "2024-04-02", "--to", "2024-04-28", "--out", "found.doc"]) == 1
    assert "its ending is not one that is known" in capsys.readouterr().err
