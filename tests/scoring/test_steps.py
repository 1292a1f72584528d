"""Steps are kept or made anew by what they are made of, and nothing that a statement reads escapes its key."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from risk_model.demo import DEMO_AS_AT
from risk_model.domain.paths import DataDir
from risk_model.measures.reader import read_measures
from risk_model.scoring.building import evidence_steps, identity_steps
from risk_model.scoring.inheriting import marked_sql
from risk_model.scoring.measuring import CARRIED
from risk_model.scoring.steps import Making, Part, Shared, Step, reading, sql_step, words_of
from risk_model.warehouse.engine import Connection, close_beside, create_beside, rows
from risk_model.warehouse.lake import read_releases

SCORING_SQL = Path(__file__).resolve().parents[2] / "risk_model" / "scoring" / "sql"
# of these the columns count that a statement names, and not the whole table
BY_COLUMN = ("schools", "successions", "laestab_urns")


# --- small builds of two tables


def _given(content: str) -> Step:
    """A table that is given: what it holds is its text."""
    sql = f"create or replace temp table given as select * from (values {content}) as v (id, n, name)"
    return Step(("given",), content, {}, lambda con: con.execute(sql), told_apart_by=("id",))


def _doubled() -> Step:
    return sql_step("doubled", "select id, 2 * n as n from given", DEMO_AS_AT, ["given"])


def _each() -> Shared:
    def insert(con: Connection, ids: Sequence[str]) -> None:
        for one in ids:
            con.execute(f"insert into each select '{one}', sum(n) from {one}")

    parts = tuple(Part(one, f"sum of {one}", reading(f"sum(n) from {one}", [one])) for one in ("given", "doubled"))
    return Shared("each", "create or replace table each (name varchar, total integer)", "name", parts, insert)


def _run(path: Path, *steps: Step | Shared) -> tuple[list[str], list[dict[str, Any]]]:
    """Make a build of the steps, on from what is in the file: what was made anew, and the table `each`."""
    con = create_beside(path)
    making = Making(con)
    making.run(steps)
    making.finish()
    found = rows(con, "from each order by name") if any(isinstance(one, Shared) for one in steps) else []
    close_beside(con)
    return making.made, found


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "small.duckdb"


def test_the_first_build_makes_everything(path: Path) -> None:
    made, found = _run(path, _given("(1, 10, 'a'), (2, 20, 'b')"), _doubled(), _each())
    assert made == ["given", "doubled", "each:given", "each:doubled"]
    assert found == [{"name": "doubled", "total": 60}, {"name": "given", "total": 30}]


def test_the_same_again_makes_nothing(path: Path) -> None:
    steps = (_given("(1, 10, 'a'), (2, 20, 'b')"), _doubled(), _each())
    first = _run(path, *steps)[1]
    assert _run(path, *steps) == ([], first)


@pytest.mark.parametrize("content", ["(2, 20, 'b'), (1, 10, 'a')", "(1, 10, 'other'), (2, 20, 'b')"])
def test_another_order_or_a_column_nobody_reads_changes_nothing_further(path: Path, content: str) -> None:
    _run(path, _given("(1, 10, 'a'), (2, 20, 'b')"), _doubled(), _each())
    made, found = _run(path, _given(content), _doubled(), _each())
    assert made == ["given"]
    assert found == [{"name": "doubled", "total": 60}, {"name": "given", "total": 30}]


@pytest.mark.parametrize(
    ("content", "total"),
    [("(1, 11, 'a'), (2, 20, 'b')", 31), ("(1, 10, 'a')", 10), ("(1, 10, 'a'), (2, null, 'b')", 10)],
)
def test_a_changed_lost_or_missing_figure_reaches_whoever_reads_it(path: Path, content: str, total: int) -> None:
    _run(path, _given("(1, 10, 'a'), (2, 20, 'b')"), _doubled(), _each())
    made, found = _run(path, _given(content), _doubled(), _each())
    assert made == ["given", "doubled", "each:given", "each:doubled"]
    assert found == [{"name": "doubled", "total": 2 * total}, {"name": "given", "total": total}]


def test_figures_that_change_places_are_other_figures(path: Path) -> None:
    _run(path, _given("(1, 10, 'a'), (2, 20, 'b')"), _doubled())
    assert _run(path, _given("(1, 20, 'a'), (2, 10, 'b')"), _doubled())[0] == ["given", "doubled"]


def test_a_step_that_is_no_more_leaves_nothing_behind(path: Path) -> None:
    _run(path, _given("(1, 10, 'a')"), _doubled(), _each())
    _run(path, _given("(1, 10, 'a')"), _doubled())
    con = create_beside(path)
    assert rows(con, "select table_name from information_schema.tables where table_catalog = 'build' order by 1") == [
        {"table_name": "build_contents"},
        {"table_name": "build_steps"},
        {"table_name": "doubled"},
    ]
    close_beside(con)


def test_what_is_for_the_time_of_the_build_is_made_only_for_who_needs_it(path: Path) -> None:
    between = sql_step("between", "select id, n from given", DEMO_AS_AT, ["given"], stays=False)
    after = sql_step("doubled", "select id, 2 * n as n from between", DEMO_AS_AT, ["between"])
    assert _run(path, _given("(1, 10, 'a')"), between, after)[0] == ["given", "between", "doubled"]
    assert _run(path, _given("(1, 10, 'b')"), between, after)[0] == ["given"]
    other = sql_step("doubled", "select id, 3 * n as n from between", DEMO_AS_AT, ["between"])
    assert _run(path, _given("(1, 10, 'b')"), between, other)[0] == ["given", "between", "doubled"]


# --- every statement of the real build


def test_words_are_what_counts_of_a_statement() -> None:
    assert words_of("select A.name -- of b\nfrom a union all by name select c") == {
        *("select", "a", "name", "from"),
        "c",
    }
    assert "name" not in words_of("select id from a union by name select id from b")
    assert "name" in words_of("select id from a order by name")


@pytest.fixture(scope="module")
def whole(demo_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Connection]:
    """The demo with every table that a statement of its build can read."""
    data = DataDir(demo_dir)
    releases = read_releases(data)
    con = create_beside(tmp_path_factory.mktemp("steps") / "whole.duckdb")
    making = Making(con)
    making.run(identity_steps(data, releases, DEMO_AS_AT))
    making.run(evidence_steps(releases, DEMO_AS_AT, making.tables))
    for table in making.tables:
        making.need(table)
    yield con
    con.close()


def _statements() -> list[Any]:
    found = {measure.id: marked_sql(measure) for measure in read_measures() if measure.id not in CARRIED}
    for name in ("benchmarks", "pooled_shares", "attainment8_pooled", "successions", "inspection_rows"):
        found[name] = (SCORING_SQL / f"{name}.sql").read_text("utf-8")
    for name in ("latest_inspections", "left_out_schools", "register_accounts"):
        found[name] = (SCORING_SQL / f"{name}.sql").read_text("utf-8")
    return [pytest.param(sql, id=name) for name, sql in found.items() if words_of(sql) & set(BY_COLUMN)]


@pytest.mark.parametrize("sql", _statements())
def test_a_statement_names_every_column_that_it_reads(whole: Connection, sql: str) -> None:
    """By the engine's own plan: `select *` would read a column that is not among the words of the statement."""
    dated = sql.replace("$as_at", f"date '{DEMO_AS_AT}'")
    (plan,) = rows(whole, f"explain (format json) {dated}")
    scans = [one for one in _nodes(json.loads(plan["explain_value"])) if "Table" in one.get("extra_info", {})]
    read = [(one["extra_info"]["Table"].rpartition(".")[2], one["extra_info"].get("Projections", [])) for one in scans]
    by_column = [(table, columns) for table, columns in read if table in BY_COLUMN]
    # a join that changes nothing may be left out of the plan, and so may a source of which nothing is loaded
    for table, columns in by_column:
        # of a count of rows the plan names no column
        named = ({columns} if isinstance(columns, str) else set(columns)) - {""}
        assert named <= words_of(sql) | {"urn"}, (table, named - words_of(sql))


def _nodes(plan: Any) -> Iterator[dict[str, Any]]:
    if isinstance(plan, list):
        for one in plan:
            yield from _nodes(one)
    else:
        yield plan
        yield from _nodes(plan.get("children", []))
