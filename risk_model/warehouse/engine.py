"""DuckDB connections, and SQL kept in files."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pyarrow as pa

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


@contextmanager
def scratch() -> Iterator[Connection]:
    """A database in memory, gone at the end."""
    with duckdb.connect(":memory:", config=dict(_NO_NETWORK)) as con:
        yield con


def create(path: Path) -> Connection:
    """A new database file, open for writing by this process alone."""
    return duckdb.connect(str(path), config=dict(_NO_NETWORK))


def open_sealed(path: Path) -> Connection:
    """A database file, read-only, with no way to other files or the network."""
    return duckdb.connect(str(path), read_only=True, config=dict(_SEALED))


def rows(con: Connection, sql: str, params: Params | None = None) -> list[dict[str, Any]]:
    """The rows of a query as dictionaries."""
    cursor = con.execute(sql, dict(params or {}))
    names = [column[0] for column in cursor.description or []]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


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
