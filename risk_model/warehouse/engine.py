"""DuckDB connections, and SQL kept in files."""

from collections.abc import Iterable, Iterator, Mapping
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
_BESIDE = "build"  # what the database file is called beside the connection's own in memory


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
        # nobody counts on the order in which rows were put in, and without it two cores work where one would
        con.execute("set preserve_insertion_order = false")
        con.execute("set enable_external_access = false")
        con.execute("set lock_configuration = true")
        yield con


def create_beside(path: Path) -> Connection:
    """A connection that writes a database file, which it makes or goes on with; `close_beside` finishes it.

    Without a log, and without a checkpoint on the way: whoever dies leaves half a file, which nobody reads. What memory
    cannot hold goes beside the file. Never one long transaction: in DuckDB 2.0.0 a join inside one misses rows that it
    has inserted.
    """
    beside = {"temp_directory": str(path.with_suffix(".overflow")), "checkpoint_threshold": "1TB"}
    con = duckdb.connect(":memory:", config={**_NO_NETWORK, **beside})
    try:
        con.execute(f"attach {literal(path.as_posix())} as {_BESIDE} (recovery_mode no_wal_writes)")
        con.execute(f"use {_BESIDE}")
    except BaseException:
        con.close()
        raise
    return con


def close_beside(con: Connection) -> None:
    """Write all that a database file lacks, and let go of it."""
    with con:
        con.execute(f"checkpoint {_BESIDE}")
        con.execute("use memory")
        con.execute(f"detach {_BESIDE}")


def kept_tables(con: Connection) -> frozenset[str]:
    """The tables and views of the database file that a connection of `create_beside` writes."""
    return frozenset(_kinds(con))


def drop_kept(con: Connection, names: Iterable[str]) -> None:
    """Remove some of them."""
    kinds = _kinds(con)
    for name in sorted(names):
        con.execute(f"drop {'view' if kinds[name] == 'VIEW' else 'table'} {_BESIDE}.{identifier(name)}")


def _kinds(con: Connection) -> dict[str, str]:
    sql = f"select table_name, table_type from information_schema.tables where table_catalog = {literal(_BESIDE)}"
    return {row["table_name"]: row["table_type"] for row in rows(con, sql)}


def engine_version() -> str:
    """Which DuckDB this is: another one may add up otherwise."""
    return f"DuckDB {duckdb.__version__}"


def another(con: Connection) -> Connection:
    """A second connection to the same databases, for another thread; temporary tables are not seen from it."""
    cursor = con.cursor()
    (here,), (there,) = (one.execute("select current_database()").fetchall()[0] for one in (con, cursor))
    if here != there:
        cursor.execute(f"use {identifier(here)}")
    return cursor


def open_sealed(path: Path) -> Connection:
    """A database file, read-only, with no way to other files or the network."""
    return duckdb.connect(str(path), read_only=True, config=dict(_SEALED))


def open_cut(path: Path, conditions: Mapping[str, str]) -> Connection:
    """A database file like `open_sealed`, of which some tables are cut.

    Args:
        conditions: for each table that is cut the condition for a row to be there; the file is `whole` in it.
    """
    con = duckdb.connect(":memory:", config={**_NO_NETWORK, "memory_limit": "2GB"})
    try:
        con.execute(f"attach {literal(path.as_posix())} as whole (read_only)")
        names = rows(con, "select table_name from information_schema.tables where table_catalog = 'whole'")
        for (name,) in (row.values() for row in names):
            where = f" where {conditions[name]}" if name in conditions else ""
            con.execute(f"create view memory.main.{identifier(name)} as from whole.main.{identifier(name)}{where}")
        con.execute("set enable_external_access = false")
        con.execute("set lock_configuration = true")
    except BaseException:
        con.close()
        raise
    return con


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
