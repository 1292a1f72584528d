"""The desk of an import: one database in memory, on which every table is laid out and compared with what is loaded."""

from collections.abc import Iterator
from contextlib import contextmanager

from risk_model.warehouse.engine import Connection, identifier, scratch


class Desk:
    """One database in memory for a whole import, with a connection for each table that is laid out.

    What is asked of a loaded release again and again, by one file after the other, is worked out once. Only the
    thread that stores releases may ask for that; any thread may lay a table out.
    """

    def __init__(self, con: Connection) -> None:
        self._con = con
        self._made: set[str] = set()

    def place(self) -> Connection:
        """A connection of its own for one table: what is registered there nobody else sees."""
        return self._con.cursor()

    def made(self, name: str, sql: str) -> str:
        """The table, as an identifier, that an SQL query gives; made when it is first asked for.

        Args:
            name: says all that it is made of, so that nothing else ever has it.
        """
        table = identifier(name)
        if name not in self._made:
            self._con.execute(f"create table {table} as {sql}")
            self._made.add(name)
        return table


@contextmanager
def open_desk() -> Iterator[Desk]:
    """A desk, cleared at the end."""
    with scratch() as con:
        yield Desk(con)
