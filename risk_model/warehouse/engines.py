"""The engines on which rules can be evaluated. DuckDB is always there; the others come to the same rows."""

from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path

from risk_model.warehouse.running import Run, run_here
from risk_model.warehouse.spark import on_spark, require_spark


class Engine(StrEnum):
    """An engine, as one names it."""

    DUCKDB = "duckdb"
    SPARK = "spark"


def require_engine(engine: Engine) -> None:
    """Refuse an engine that cannot be had, before any work is done.

    Raises:
        BuildRefused: with what to install.
    """
    if engine is Engine.SPARK:
        require_spark()


@contextmanager
def running_on(engine: Engine, folder: Path) -> Iterator[Run]:
    """What carries statements out on an engine, for as long as it is needed.

    Args:
        folder: where what passes between engines may stand meanwhile.
    Raises:
        BuildRefused: the engine cannot be had.
    """
    if engine is Engine.SPARK:
        with on_spark(folder) as run:
            yield run
    else:
        yield run_here
