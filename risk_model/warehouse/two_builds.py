"""Two builds side by side, for one query over both."""

from collections.abc import Iterator
from contextlib import contextmanager

import pandas as pd

from risk_model.warehouse.builds import Build
from risk_model.warehouse.engine import Connection, Params, frame, scratch_of


class TwoBuilds:
    """Two builds, open for reading: in SQL they are the schemas `earlier` and `later`."""

    def __init__(self, con: Connection) -> None:
        self._con = con

    def frame(self, sql: str, params: Params | None = None) -> pd.DataFrame:
        """The rows of a query as a DataFrame."""
        return frame(self._con, sql, params)


@contextmanager
def reading_two(earlier: Build, later: Build) -> Iterator[TwoBuilds]:
    """Open two builds for a short while; what is asked for can change neither."""
    with scratch_of({"earlier": earlier.path, "later": later.path}) as con:
        yield TwoBuilds(con)
