"""The rules on Spark: the same rows as DuckDB's. Needs Spark and Java: RISK_SPARK=1 asks for it."""

from pathlib import Path

from risk_model.domain.paths import DataDir
from risk_model.domain.viewer import local_viewer
from risk_model.services.copy import require_build
from risk_model.services.preparing import build_now
from risk_model.warehouse.engine import rows
from risk_model.warehouse.engines import Engine
from tests.engines.judged_twice import JUDGED, judged_on, schools_of
from tests.scoring.kit import build_rows


def test_every_outcome_and_level_is_the_same_row(demo_data: DataDir, tmp_path: Path) -> None:
    build = require_build(demo_data)
    with schools_of(build, tmp_path) as con:
        here = judged_on(Engine.DUCKDB, build, con, tmp_path)
        for table in JUDGED:
            con.execute(f"create table {table}_here as from {table}")
        there = judged_on(Engine.SPARK, build, con, tmp_path)
        assert here.told["outcomes"][0] > 1_000
        assert there.told == here.told
        for table in JUDGED:
            one, other = f"from {table}", f"from {table}_here"
            assert rows(con, f"({one} except all {other}) union all ({other} except all {one})") == []


def test_a_build_on_spark_explains_itself_in_the_same_words(own_data: DataDir) -> None:
    before = require_build(own_data)
    build_now(local_viewer(), own_data, before.as_at, engine=Engine.SPARK)
    after = require_build(own_data)
    assert after.build_id != before.build_id
    asked = "select * from rule_outcomes order by all"
    assert build_rows(after, asked) == build_rows(before, asked)
