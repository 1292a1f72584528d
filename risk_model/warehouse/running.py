"""How statements are carried out that add to a table: here by DuckDB; elsewhere by another engine, to the same rows."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

from risk_model.warehouse.engine import Connection, another

# adds to a table what some SELECTs come to, whatever the order: (connection, table, statements)
Run = Callable[[Connection, str, Sequence[str]], None]


def run_here(con: Connection, table: str, selects: Sequence[str]) -> None:
    """Add to a table what some SELECTs come to, by DuckDB."""
    # a statement is planned by one core, whatever the engine does with its rows: two are planned side by side
    shares = [share for share in (selects[::2], selects[1::2]) if share]

    def add(cursor: Connection, share: Sequence[str]) -> None:
        with cursor:
            cursor.execute(f"insert into {table} by name " + "\nunion all\n".join(share))

    cursors = [another(con) for _ in shares]
    with ThreadPoolExecutor() as pool:
        list(pool.map(add, cursors, shares))
