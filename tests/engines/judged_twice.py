"""England, or the demo, so many times over, judged by one engine after the other; and whether the rows are the same."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from risk_model.scoring.evaluating import judge
from risk_model.scoring.held_rules import held_rule_set
from risk_model.warehouse.builds import Build
from risk_model.warehouse.engine import Connection, literal, open_scratch, rows
from risk_model.warehouse.engines import Engine, running_on

JUDGED = ("outcomes", "levels")


@dataclass(frozen=True)
class Judged:
    """What an engine came to.

    Attributes:
        seconds: of judging alone; started: of the engine's start before it.
        told: of each table, how many rows, and a sum of their hashes that no order changes.
    """

    engine: Engine
    seconds: float
    started: float
    told: dict[str, tuple[int, int]]


@contextmanager
def schools_of(build: Build, folder: Path, times: int = 1) -> Iterator[Connection]:
    """What the rules read of a build, so many times over: each copy's schools have numbers and URNs of their own."""
    con = open_scratch()
    with con:
        con.execute(f"set temp_directory = {literal((folder / 'overflow').as_posix())}")
        con.execute("set preserve_insertion_order = false")
        con.execute(f"attach {literal(build.path.as_posix())} as build (read_only)")
        con.execute("create table measure_numbers as from build.measure_numbers")
        (most,) = (row["n"] for row in rows(con, "select max(school_no) as n from build.numbered_schools"))
        for table in ("numbered_schools", "current_values"):
            urn = ", urn || case when i = 0 then '' else '-' || i end as urn" if table == "numbered_schools" else ""
            con.execute(
                f"create table {table} as select t.* replace (cast(t.school_no + i * {most} as integer) as school_no"
                f"{urn}) from build.{table} as t cross join range({times}) as copies(i)"
            )
        yield con


def judged_on(engine: Engine, build: Build, con: Connection, folder: Path) -> Judged:
    """Judge those schools on an engine."""
    with build.reader() as reader:
        rule_set = held_rule_set(reader)
    before = time.perf_counter()
    with running_on(engine, folder) as run:
        started = time.perf_counter()
        judge(con, rule_set, build.as_at, run)
        ended = time.perf_counter()
    told = {table: _told(con, table) for table in JUDGED}
    # what was carried into the figures for the third statement is taken out by the next judging itself
    return Judged(engine, ended - started, started - before, told)


def _told(con: Connection, table: str) -> tuple[int, int]:
    (found,) = rows(con, f"select count(*) as n, sum(hash(t)::hugeint) as told from {table} as t")
    return found["n"], int(found["told"])
