"""The whole evaluation a second time: in pandas from the rule files, and the product's own SQL on another engine."""

import sqlite3
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import sqlglot
from sqlglot import expressions

from risk_model.domain.paths import DataDir
from risk_model.domain.words import Statement
from risk_model.rules.reader import read_rules
from risk_model.scoring.evaluating import levels_sql, read_sql, rules_sql
from risk_model.warehouse.builds import Build, current_build
from risk_model.warehouse.translating import said_to, tables_read
from tests.engines import in_pandas, in_polars
from tests.engines.judged_twice import schools_of
from tests.engines.reading import polars_world_of, world_of
from tests.scoring.kit import build_rows

READ_BY_A_LEVEL = (
    "urn, rule_id, statement, status, missing_reason, points, points_available, near_miss, is_gate, is_significant, "
    "is_core_evidence"
)


@pytest.fixture(scope="module")
def build(demo_dir: Any) -> Build:
    found = current_build(DataDir(demo_dir))
    assert found is not None
    return found


def test_pandas_comes_to_the_same_outcomes_and_levels(build: Build) -> None:
    found, levels = in_pandas.judge(world_of(build), read_rules(), build.as_at)
    ours = build_rows(build, f"select {READ_BY_A_LEVEL} from rule_outcomes")
    theirs = found.astype(object).where(found.notna(), None).to_dict("records")
    assert len(ours) > 1000
    assert _sorted(theirs) == _sorted(ours)
    ours = build_rows(build, "select urn, statement, level from statement_levels")
    theirs = [{"urn": u, "statement": s, "level": level} for s in levels for u, level in levels[s].items()]
    assert _sorted(theirs) == _sorted(ours)


def test_polars_comes_to_the_same_outcomes_and_levels(build: Build) -> None:
    found, levels = in_polars.judge(*polars_world_of(build), read_rules(), build.as_at)
    ours = build_rows(build, "from outcomes")
    assert len(ours) > 1000
    assert _sorted(found.to_dicts()) == _sorted(ours)
    ours = build_rows(
        build,
        "select s.school_no, l.* exclude (urn, gate_rule_id), r.rule_no as gate_rule_no from levels as l "
        "inner join numbered_schools as s using (urn) left join rules as r on r.rule_id = l.gate_rule_id",
    )
    assert _sorted(levels.to_dicts()) == _sorted(ours)


def _sorted(found: list[dict[str, Any]]) -> list[list[tuple[str, Any]]]:
    return sorted((sorted(row.items()) for row in found), key=repr)


def test_the_rules_as_sql_run_on_another_engine_with_the_same_outcomes(build: Build, tmp_path: Path) -> None:
    """SQLite knows no DuckDB: what runs there, by way of a translator, is SQL that others know."""
    with closing(sqlite3.connect(":memory:")) as lite:
        for table in ("numbered_schools", "current_values", "rules", "tests", "statement_rules"):
            _copy(build, table, lite)
        for sql in _rules(build, tmp_path):
            said = said_to("sqlite", sql)
            lite.execute(f"create table if not exists findings as {said} limit 0")
            lite.execute(f"insert into findings {said}")
        lite.execute(f"create view outcomes as {said_to('sqlite', read_sql('outcomes'))}")
        names = "school_no, rule_no, statement, test_key, status, missing_reason, points, points_available, near_miss, "
        names += "is_gate, is_significant, is_capped, share, is_core_evidence"
        ours = [tuple(map(_plain, row.values())) for row in build_rows(build, f"select {names} from outcomes")]
        theirs = [tuple(map(_plain, row)) for row in lite.execute(f"select {names} from outcomes")]
        assert sorted(theirs, key=repr) == sorted(ours, key=repr)
        lite.execute("create table levels (urn, statement, level, points, points_available, coverage, gate_rule_id)")
        columns = "urn, statement, level, points, points_available, coverage, gate_rule_id"
        for statements in _IN_TURN:
            lite.execute(f"insert into levels ({columns}) {said_to('sqlite', _only(levels_sql(statements), columns))}")
        ours = [tuple(map(_plain, row.values())) for row in build_rows(build, f"select {columns} from levels")]
        theirs = [tuple(map(_plain, row)) for row in lite.execute(f"select {columns} from levels")]
        assert sorted(theirs, key=repr) == sorted(ours, key=repr)


_IN_TURN = ((Statement.OUTCOMES, Statement.LEADERSHIP), (Statement.INSPECTION,))


def _only(sql: str, columns: str) -> str:
    return f"select {columns} from ({sql}) as found"


@pytest.mark.parametrize("engine", ["spark", "postgres"])
def test_every_statement_that_judges_can_be_said_to_bigger_engines(build: Build, engine: str, tmp_path: Path) -> None:
    judging = [*_rules(build, tmp_path), *map(levels_sql, _IN_TURN)]
    assert sum(one.count("as is_core_evidence") for one in judging) == len(read_rules().on(build.as_at))
    for sql in [*judging, *map(read_sql, ("outcomes", "statement_levels", "current_values"))]:
        said = sqlglot.parse_one(said_to(engine, sql), read=engine, error_level=sqlglot.ErrorLevel.RAISE)
        # a function that the translator does not know stays as it is written, and fails on the engine
        assert not [one.name for one in said.find_all(expressions.Anonymous)]
    # what is handed over to another engine
    read = {"current_values", "levels", "numbered_schools", "outcomes", "rules", "statement_rules"}
    assert tables_read(judging) == read


@pytest.mark.parametrize(
    "sql", ["select x::int from t", "select * exclude (x) from t", "select x from read_parquet('t.parquet')"]
)
def test_a_statement_that_only_duckdb_knows_is_not_said_to_others(sql: str) -> None:
    with pytest.raises(ValueError, match="only DuckDB knows"):
        said_to("spark", sql)


def test_what_is_to_be_held_is_left_to_the_other_engine() -> None:
    assert said_to("spark", "with t as materialized (select 1 as x) select x from t") == (
        "WITH t AS (SELECT 1 AS x) SELECT x FROM t"
    )


def _rules(build: Build, folder: Path) -> list[str]:
    with schools_of(build, folder) as con:
        return rules_sql(con, read_rules(), list(Statement), build.as_at)


def _copy(build: Build, table: str, lite: sqlite3.Connection) -> None:
    found = build_rows(build, f"from {table}")
    names = list(found[0])
    lite.execute(f"create table {table} ({', '.join(names)})")
    values = [[v.isoformat() if isinstance(v, date) else v for v in row.values()] for row in found]
    lite.executemany(f"insert into {table} values ({', '.join('?' * len(names))})", values)


def _plain(value: object) -> object:
    """Another engine has numbers for true and false, and whole numbers where ours has floats."""
    return float(value) if isinstance(value, bool | int | float) else value
