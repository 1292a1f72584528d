"""Statements of ours on Apache Spark, over Parquet that it shares with DuckDB. An optional install.

Spark gets the tables as Parquet files and the statements translated, and gives its rows back as Parquet.
"""

import importlib.util
import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import reduce
from pathlib import Path
from typing import Any

from risk_model.domain.errors import BuildRefused
from risk_model.warehouse.engine import Connection, identifier, literal
from risk_model.warehouse.running import Run
from risk_model.warehouse.translating import said_to, tables_read

SPARK = "pyspark==4.0.5"
_SETTINGS = {
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.host": "127.0.0.1",
    "spark.driver.memory": "8g",
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.shuffle.partitions": "8",
    "spark.log.level": "ERROR",
}


def require_spark() -> None:
    """Refuse where Spark cannot be had.

    Raises:
        BuildRefused: with what to install.
    """
    if importlib.util.find_spec("pyspark") is None:
        raise BuildRefused(
            "Spark is not installed here.",
            [
                f"Install it beside the product: `pip install {SPARK}`. It needs Java 17 too.",
                "Or leave --engine out: DuckDB comes to the same rows. Nothing was changed.",
            ],
        )
    if shutil.which("java") is None and not os.environ.get("JAVA_HOME"):
        raise BuildRefused(
            "Spark finds no Java here.",
            ["Install Java 17, or name it in JAVA_HOME.", "Or leave --engine out. Nothing was changed."],
        )


@contextmanager
def on_spark(folder: Path) -> Iterator[Run]:
    """A runner on Spark, for as long as it is needed; what passes between the engines stands in the folder meanwhile.

    Raises:
        BuildRefused: Spark or Java is not installed.
    """
    require_spark()
    from pyspark.sql import SparkSession

    builder: Any = SparkSession.builder
    for name, value in _SETTINGS.items():
        builder = builder.config(name, value)
    session = builder.master("local[*]").appName("risk_model").getOrCreate()
    try:
        with tempfile.TemporaryDirectory(prefix="spark-", dir=folder, ignore_cleanup_errors=True) as place:
            yield _Runner(session, Path(place)).run
    finally:
        session.stop()


class _Runner:
    """Carries statements out, one table after the other."""

    def __init__(self, session: Any, place: Path) -> None:
        self._session = session
        self._place = place
        self._passed = 0

    def run(self, con: Connection, table: str, selects: Sequence[str]) -> None:
        """Add to a table of DuckDB's what the statements come to on Spark."""
        for name in sorted(tables_read(selects)):
            path = self._next(name)
            con.execute(f"copy (from {identifier(name)}) to {literal(path.as_posix())} (format parquet)")
            self._session.read.parquet(path.as_posix()).createOrReplaceTempView(name)
        found = reduce(
            lambda one, other: one.unionByName(other),
            (self._session.sql(said_to("spark", sql)) for sql in selects),
        )
        out = self._next(table)
        found.write.parquet(out.as_posix())
        con.execute(
            f"insert into {identifier(table)} by name from read_parquet({literal(f'{out.as_posix()}/*.parquet')})"
        )

    def _next(self, name: str) -> Path:
        self._passed += 1
        return self._place / f"{self._passed}_{name}.parquet"
