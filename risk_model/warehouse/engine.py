"""DuckDB connections, and SQL kept in files."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pyarrow as pa

from risk_model.domain.errors import Damaged

Params = Mapping[str, Any]
Connection = duckdb.DuckDBPyConnection
_NO_NETWORK: dict[str, str | bool | int | float | list[str]] = {
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
}
_SEALED: dict[str, str | bool | int | float | list[str]] = {
    **_NO_NETWORK,
    "enable_external_access": False,
    "lock_configuration": True,
    "memory_limit": "2GB",
}


def open_scratch() -> Connection:
    """A database in memory, gone when it is closed."""
    return duckdb.connect(":memory:", config=dict(_NO_NETWORK))


@contextmanager
def scratch() -> Iterator[Connection]:
    """A database in memory, gone at the end."""
    with open_scratch() as con:
        yield con


@contextmanager
def scratch_of(databases: Mapping[str, Path]) -> Iterator[Connection]:
    """A database in memory beside which others can be read by their names; with no way to any other file."""
    with scratch() as con:
        for name, path in databases.items():
            con.execute(f"attach {literal(path.as_posix())} as {identifier(name)} (read_only)")
        con.execute("set enable_external_access = false")
        con.execute("set lock_configuration = true")
        yield con


def create_beside(path: Path) -> Connection:
    """A new database in memory that `save` will write to a file; what memory cannot hold goes beside that file."""
    # without a checkpoint on the way, for which the first inserts would wait: all is written once, by `save`
    beside = {"temp_directory": str(path.with_suffix(".overflow")), "checkpoint_threshold": "1TB"}
    return duckdb.connect(":memory:", config={**_NO_NETWORK, **beside})


def save(con: Connection, path: Path) -> None:
    """Write a database that is in memory to a file, whole and at once, and close it.

    Not one long transaction on the file: in DuckDB 2.0.0 a join inside one misses rows that it has inserted.
    """
    with con:
        con.execute(f"attach {literal(path.as_posix())} as saved")
        con.execute("copy from database memory to saved")
        con.execute("detach saved")


def open_sealed(path: Path) -> Connection:
    """A database file, read-only, with no way to other files or the network."""
    return duckdb.connect(str(path), read_only=True, config=dict(_SEALED))


def rows(con: Connection, sql: str, params: Params | None = None) -> list[dict[str, Any]]:
    """The rows of a query as dictionaries."""
    cursor = con.execute(sql, dict(params or {}))
    names = [column[0] for column in cursor.description or []]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def arrow_table(con: Connection, sql: str) -> pa.Table:
    """The rows of a query as an Arrow table."""
    return con.sql(sql).to_arrow_table()


def frame(con: Connection, sql: str, params: Params | None = None) -> pd.DataFrame:
    """The rows of a query as a DataFrame."""
    return con.execute(sql, dict(params or {})).df()


def query_table(table: pa.Table, sql: str, params: Params | None = None) -> list[dict[str, Any]]:
    """Ask a table in memory; the SQL calls it `published`."""
    with scratch() as con:
        con.register("published", table)
        return rows(con, sql, params)


def identifier(name: str) -> str:
    """A column's name, quoted for SQL."""
    return '"' + name.replace('"', '""') + '"'


def literal(value: object) -> str:
    """A text or number, quoted for SQL that cannot take parameters."""
    if value is None:
        return "null"
    if isinstance(value, bool | int | float):
        return str(value).lower()
    return "'" + str(value).replace("'", "''") + "'"


def is_refused_by_system(error: BaseException | None) -> bool:
    """Whether the disk or the memory said no (full, read-only, gone), rather than the SQL."""
    # a commit that finds the disk full is told as a failed transaction
    refusals = duckdb.IOException | duckdb.OutOfMemoryException | duckdb.TransactionException | OSError
    return isinstance(error, refusals)


def is_damage(error: BaseException | None) -> bool:
    """Whether a file is not as it was written: cut short, overwritten, or of another kind."""
    if isinstance(error, duckdb.InvalidInputException):
        return ".parquet" in str(error)
    # a block whose checksum is wrong has no class of its own
    return isinstance(error, duckdb.IOException | duckdb.FatalException) or type(error) is duckdb.Error


@contextmanager
def undamaged(path: Path, remedy: str) -> Iterator[None]:
    """Say in words that a database file cannot be read back; a mistake in the SQL stays loud.

    Raises:
        Damaged: the file is not as it was written.
    """
    try:
        yield
    except duckdb.Error as error:
        if not is_damage(error):
            raise
        raise Damaged(f"{path} cannot be read: it is damaged or gone ({first_line(error)}).", [remedy]) from error


def first_line(error: BaseException) -> str:
    """What an error says, without what follows for programmers."""
    return str(error).partition("\n")[0][:300]
