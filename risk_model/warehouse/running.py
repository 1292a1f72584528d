"""How statements are carried out that add to a table: here by DuckDB; elsewhere by another engine, to the same rows."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

from risk_model.warehouse.engine import Connection, another

# adds to a table what some SELECTs come to, whatever the order: (connection, table, statements)
Run = Callable[[Connection, str, Sequence[str]], None]


def run_here(con: Connection, table: str, selects: Sequence[str]) -> None:
    """Add to a table what some SELECTs come to, by DuckDB, side by side."""

    def add(cursor: Connection, select: str) -> None:
        with cursor:
            cursor.execute(f"insert into {table} by name {select}")

    cursors = [another(con) for _ in selects]
    with ThreadPoolExecutor() as pool:
        list(pool.map(add, cursors, selects))
