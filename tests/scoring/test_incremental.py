"""A build that goes on from the one before holds, row for row, what a build from nothing holds; and it does less."""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from risk_model.demo import DEMO_AS_AT
from risk_model.domain.paths import PROJECT, DataDir
from risk_model.rules.reader import FOLDER as RULES
from risk_model.scoring.building import BuildReport, make_build
from risk_model.sources.importing import import_paths
from risk_model.warehouse.builds import Build, current_build
from risk_model.warehouse.lake import Withdrawal, mark_withdrawn, read_releases
from tests.conftest import copied
from tests.robustness.child import environment

Change = Callable[[DataDir], None]
# what says when and as what a build was made, and nothing of what it holds
OF_ITS_OWN = ("build_id", "made_at", "earlier_build_id")


@dataclass(frozen=True)
class Both:
    """The same data built twice: on from the last build, and from nothing."""

    onward: BuildReport
    anew: BuildReport

    def assert_same(self) -> None:
        """Every table of the one holds the rows of the other."""
        tables = _tables(self.onward.build)
        assert tables == _tables(self.anew.build)
        for table in tables:
            assert _rows(self.onward.build, table) == _rows(self.anew.build, table), table

    def made(self, table: str) -> list[str]:
        """Which parts of a table were made anew in the build that went on."""
        return [name.partition(":")[2] for name in self.onward.made_anew if name.partition(":")[0] == table]


def _tables(build: Build) -> list[str]:
    with build.reader() as reader:
        return [row["table_name"] for row in reader.rows("select table_name from information_schema.tables order by 1")]


def _rows(build: Build, table: str) -> list[str]:
    """A table's rows as texts, in order; a sum of floats may differ in its sixteenth digit from run to run."""
    with build.reader() as reader:
        found = reader.rows(f"select * from {table}")
    kept = [{name: one for name, one in row.items() if name not in OF_ITS_OWN} for row in found]
    return sorted(repr({k: round(v, 9) if isinstance(v, float) else v for k, v in row.items()}) for row in kept)


def _last_by_another(data: DataDir) -> None:
    """Let the last build be one of another version: the next one starts from nothing, and is compared with it."""
    build = current_build(data)
    assert build is not None
    description = build.path.with_suffix(".json")
    described = json.loads(description.read_text("utf-8"))
    assert described["made_by"]
    description.write_text(json.dumps({**described, "made_by": "another version"}), "utf-8")


def _both(demo_dir: Path, folder: Path, change: Change, as_at: date = DEMO_AS_AT, rules: Path = RULES) -> Both:
    onward = DataDir(copied(demo_dir, folder / "onward"))
    change(onward)
    anew = DataDir(copied(onward.root, folder / "anew"))
    _last_by_another(anew)
    return Both(make_build(onward, as_at, rules), make_build(anew, as_at, rules))


def _nothing(_: DataDir) -> None:
    pass


def _withdraw(source_id: str) -> Change:
    def change(data: DataDir) -> None:
        newest = [release for release in read_releases(data) if release.source_id == source_id][-1]
        mark_withdrawn(data, Withdrawal(newest.release_id, "Tester", datetime.now(UTC), "a try"))

    return change


def _a_file_more(demo_dir: Path, folder: Path, pattern: str, name: str, *changes: tuple[str, str]) -> Change:
    """A later file: one of the demo's with some texts changed."""
    (published,) = (demo_dir / "demo").rglob(pattern)
    text = published.read_bytes().decode("cp1252")
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    later = folder / name
    later.write_bytes(text.encode("cp1252"))

    def change(data: DataDir) -> None:
        assert [report.status for report in import_paths(data, [later])] == ["imported"]

    return change


def test_where_nothing_changed_nothing_is_made_anew(demo_dir: Path, tmp_path: Path) -> None:
    both = _both(demo_dir, tmp_path, _nothing)
    both.assert_same()
    assert both.onward.made_anew == ()
    assert {"schools", "inspections", "stg_ks2"} < set(both.anew.made_anew)


def test_a_month_of_inspections_leaves_every_other_measure(demo_dir: Path, tmp_path: Path) -> None:
    name = "State-funded_schools_inspections_and_outcomes_as_at_30_September_2025.csv"
    change = _a_file_more(demo_dir, tmp_path, "State-funded*2025.csv", name, (",2,", ",3,"))
    both = _both(demo_dir, tmp_path, change)
    both.assert_same()
    assert {"schools", "inspections"} <= set(both.onward.made_anew)
    assert "below_good_score" in both.made("measure_values")
    assert "rwm_expected_pct" not in both.made("measure_values")
    assert "stg_ks2" not in both.onward.made_anew


def test_a_register_with_another_name_for_a_school_leaves_every_figure(demo_dir: Path, tmp_path: Path) -> None:
    change = _a_file_more(
        demo_dir, tmp_path, "edubase*.csv", "edubasealldata20261105.csv", ("Primary School", "Elementary School")
    )
    both = _both(demo_dir, tmp_path, change)
    both.assert_same()
    assert "schools" in both.onward.made_anew
    assert set(both.made("measure_values")) <= {"unfilled_places_pct"}  # which names the register's release


def test_other_pupils_change_what_is_weighed_by_them(demo_dir: Path, tmp_path: Path) -> None:
    """A school that is there no more changes every rank: all measures of schools are worked out anew."""
    (published,) = (demo_dir / "demo").rglob("edubase*.csv")
    gone = published.read_bytes().decode("cp1252").splitlines()[1]
    change = _a_file_more(demo_dir, tmp_path, "edubase*.csv", "edubasealldata20261105.csv", (f"{gone}\r\n", ""))
    both = _both(demo_dir, tmp_path, change)
    both.assert_same()
    assert both.onward.schools == both.anew.schools
    assert "rwm_expected_pct" in both.made("measure_values")


def test_a_withdrawn_release_takes_its_figures_along(demo_dir: Path, tmp_path: Path) -> None:
    both = _both(demo_dir, tmp_path, _withdraw("ks2"))
    both.assert_same()
    assert "rwm_expected_pct" in both.made("measure_values")
    assert "pupils_count" not in both.made("measure_values")
    assert "inspections" not in both.onward.made_anew


@pytest.mark.parametrize("as_at", [date(2026, 11, 18), date(2026, 12, 24), date(2024, 1, 1)])
def test_another_date_counts_where_it_counts(demo_dir: Path, tmp_path: Path, as_at: date) -> None:
    """The day before key stage 4 of 2026 came out, a month later, and years ago."""
    both = _both(demo_dir, tmp_path, _nothing, as_at)
    both.assert_same()
    assert "inspections" in both.onward.made_anew
    # on the day before, benchmarks are others, too; for a month nothing of key stage 2 changes
    assert ("rwm_expected_pct" in both.made("measure_values")) == (as_at < DEMO_AS_AT)


def test_another_rule_set_judges_anew_the_same_figures(demo_dir: Path, tmp_path: Path) -> None:
    rules = tmp_path / "rules"
    shutil.copytree(RULES, rules, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    for path in rules.glob("*.toml"):
        path.write_text(path.read_text("utf-8").replace("points = 2.0", "points = 1.5"), "utf-8")
    both = _both(demo_dir, tmp_path, _nothing, rules=rules)
    both.assert_same()
    assert both.onward.made_anew == ()
    before = current_build(DataDir(demo_dir))
    assert before is not None
    assert _rows(before, "rule_outcomes") != _rows(both.onward.build, "rule_outcomes")
    assert _rows(before, "statement_levels") != _rows(both.onward.build, "statement_levels")


def _spoil(data: DataDir) -> None:
    """Twenty bytes in the middle of the last build."""
    build = current_build(data)
    assert build is not None
    content = bytearray(build.path.read_bytes())
    middle = len(content) // 2
    content[middle : middle + 20] = b"\x55" * 20
    build.path.write_bytes(bytes(content))


def test_a_damaged_build_is_no_start(demo_dir: Path, tmp_path: Path) -> None:
    data = DataDir(copied(demo_dir, tmp_path / "data"))
    whole = make_build(data, DEMO_AS_AT)
    assert whole.made_anew == ()
    _spoil(data)
    anew = make_build(data, DEMO_AS_AT)
    assert len(anew.made_anew) > 60
    for table in ("measure_values", "inspections", "schools"):
        assert _rows(anew.build, table) == _rows(_whole(demo_dir), table)


def _whole(demo_dir: Path) -> Build:
    build = current_build(DataDir(demo_dir))
    assert build is not None
    return build


@pytest.mark.parametrize(
    ("path", "old", "new", "measures"),
    [
        # a school type that is of academies no more; a measure that means something else; a remark
        ("data/lookups/school_types.csv", ",Academy converter,", ",Academy that converted,", None),
        ("risk_model/measures/absence_pct.sql", "absence_pct as value", "absence_pct / 2 as value", {"absence_pct"}),
        ("risk_model/measures/absence_pct.sql", "-- measure:", "-- a remark\n-- measure:", set()),
    ],
)
def test_what_the_product_itself_brings_counts_too(
    demo_dir: Path, tmp_path: Path, path: str, old: str, new: str, measures: set[str] | None
) -> None:
    """Lookups and the measures' SQL are inputs as well: tried on a copy of the product, in a process of its own."""
    product = tmp_path / "product"
    for folder in ("risk_model", "data/lookups"):
        shutil.copytree(PROJECT / folder, product / folder, ignore=shutil.ignore_patterns("__pycache__"))
    changed = product / path
    text = changed.read_text("utf-8")
    assert old in text, changed
    changed.write_text(text.replace(old, new), "utf-8")
    data, anew = DataDir(copied(demo_dir, tmp_path / "data")), DataDir(copied(demo_dir, tmp_path / "anew"))
    _last_by_another(anew)
    builds = [_built_by(product, one) for one in (data, anew)]
    for table in _tables(builds[0]):
        assert _rows(builds[0], table) == _rows(builds[1], table), table
    keys = [dict.fromkeys(_rows(build, "build_steps")) for build in (_whole(demo_dir), builds[0])]
    remade = {
        row.split("measure_values:")[1].split("'")[0]
        for row in keys[1]
        if row not in keys[0] and "measure_values:" in row
    }
    if measures is not None:
        assert remade == measures
    else:
        assert _rows(_whole(demo_dir), "schools") != _rows(builds[0], "schools")


def _built_by(product: Path, data: DataDir) -> Build:
    """A build that another copy of the product makes."""
    ended = subprocess.run(
        [sys.executable, "-m", "risk_model", "build", "--as-at", DEMO_AS_AT.isoformat()],
        cwd=product,
        env={**environment(data.root), "PYTHONPATH": str(product)},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    build = current_build(data)
    assert build is not None
    return build
