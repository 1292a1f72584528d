"""The whole evaluation a second time: in pandas from the rule files, and the product's own SQL on another engine."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from typing import Any

import pytest
import sqlglot

from risk_model.domain.paths import DataDir
from risk_model.rules.reader import read_rules
from risk_model.scoring.compiling import outcomes_sql
from risk_model.scoring.evaluating import read_sql
from risk_model.scoring.rule_tables import numbered_rules
from risk_model.warehouse.builds import Build, current_build
from tests.engines import in_pandas, in_polars
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
    numbers = {row["school_no"]: row["urn"] for row in build_rows(build, "select school_no, urn from numbered_schools")}
    theirs = [{"urn": numbers[row.pop("school_no")], **row} for row in found.to_dicts()]
    assert _sorted(theirs) == _sorted(build_rows(build, f"select {READ_BY_A_LEVEL} from rule_outcomes"))
    theirs = [{"urn": numbers[row.pop("school_no")], **row} for row in levels.to_dicts()]
    assert _sorted(theirs) == _sorted(build_rows(build, "select urn, statement, level from statement_levels"))


def _sorted(found: list[dict[str, Any]]) -> list[list[tuple[str, Any]]]:
    return sorted((sorted(row.items()) for row in found), key=repr)


def test_the_rules_as_sql_run_on_another_engine_with_the_same_outcomes(build: Build) -> None:
    """SQLite knows no DuckDB: what runs there, by way of a translator, is SQL that others know."""
    with closing(sqlite3.connect(":memory:")) as lite:
        for table in ("numbered_schools", "current_values", "rules", "statement_rules"):
            _copy(build, table, lite)
        for sql in _rules_sql(build):
            lite.execute(f"create table if not exists outcomes as {sql} limit 0")
            lite.execute(f"insert into outcomes {sql}")
        names = "school_no, rule_no, statement, test_key, status, missing_reason, points, points_available, near_miss, "
        names += "is_gate, is_significant, is_capped, share, is_stale, is_core_evidence"
        ours = [tuple(map(_plain, row.values())) for row in build_rows(build, f"select {names} from outcomes")]
        theirs = [tuple(map(_plain, row)) for row in lite.execute(f"select {names} from outcomes")]
        assert sorted(theirs, key=repr) == sorted(ours, key=repr)
        lite.execute("create table levels (urn, statement, level, points, points_available, coverage, gate_rule_id)")
        columns = "urn, statement, level, points, points_available, coverage, gate_rule_id"
        for statements in (("outcomes", "leadership"), ("inspection",)):
            sql = read_sql("levels").replace("select unnest($statements)", ", ".join(f"'{one}'" for one in statements))
            lite.execute(f"insert into levels ({columns}) select {columns} from ({_translated(sql, 'sqlite')})")
        ours = [tuple(map(_plain, row.values())) for row in build_rows(build, f"select {columns} from levels")]
        theirs = [tuple(map(_plain, row)) for row in lite.execute(f"select {columns} from levels")]
        assert sorted(theirs, key=repr) == sorted(ours, key=repr)


@pytest.mark.parametrize("engine", ["spark", "postgres"])
def test_the_rules_as_sql_can_be_said_to_bigger_engines(build: Build, engine: str) -> None:
    for sql in [*_rules_sql(build, None), read_sql("statement_levels"), read_sql("current_values")]:
        translated = _translated(sql, engine)
        assert sqlglot.parse_one(translated, read=engine)
        # these would pass a translator as they stand, and fail on the engine
        assert "::" not in sql
        assert "MATERIALIZED" not in translated.upper()


def _rules_sql(build: Build, engine: str | None = "sqlite") -> Iterator[str]:
    numbers = build_rows(build, "select measure_id, measure_no, is_loaded from measure_numbers")
    for one in numbered_rules(read_rules(), build.as_at):
        sql = outcomes_sql(
            [one],
            {row["measure_id"]: row["measure_no"] for row in numbers},
            {row["measure_id"] for row in numbers if row["is_loaded"]},
            build.as_at,
        )
        yield _translated(sql, engine) if engine else sql


def _translated(sql: str, engine: str) -> str:
    (translated,) = sqlglot.transpile(
        sql, read="duckdb", write=engine, comments=False, unsupported_level=sqlglot.ErrorLevel.RAISE
    )
    return translated


def _copy(build: Build, table: str, lite: sqlite3.Connection) -> None:
    found = build_rows(build, f"from {table}")
    names = list(found[0])
    lite.execute(f"create table {table} ({', '.join(names)})")
    values = [[v.isoformat() if isinstance(v, date) else v for v in row.values()] for row in found]
    lite.executemany(f"insert into {table} values ({', '.join('?' * len(names))})", values)


def _plain(value: object) -> object:
    """Another engine has numbers for true and false, and whole numbers where ours has floats."""
    return float(value) if isinstance(value, bool | int | float) else value
