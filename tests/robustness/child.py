"""The product in a process of its own, on a data directory of its own."""

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from risk_model.domain.paths import PROJECT, DataDir
from risk_model.domain.viewer import local_viewer
from risk_model.services.at_risk import school_list
from risk_model.services.copy import opened
from risk_model.services.scope import Scope
from risk_model.warehouse.builds import current_id
from risk_model.warehouse.lake import lake_damage, read_releases

UNDER_WAY = (".partial", ".wal", ".tmp", ".overflow")


def environment(data: Path) -> dict[str, str]:
    """What a child inherits, with a data directory of its own and its records in there."""
    inherited = {key: value for key, value in os.environ.items() if key not in ("RECORDS_URL", "RISK_DATA_DIR")}
    return {**inherited, "RISK_DATA_DIR": str(data), "PYTHONPATH": str(PROJECT), "PYTHONUTF8": "1"}


def start(data: Path, *arguments: str) -> "subprocess.Popen[str]":
    """Begin `python -m risk_model …`."""
    return subprocess.Popen(
        [sys.executable, "-m", "risk_model", *arguments],
        cwd=PROJECT,
        env=environment(data),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )


def start_script(data: Path, script: str, *arguments: str) -> "subprocess.Popen[str]":
    """Begin a script of a test's own, which talks to it line by line."""
    return subprocess.Popen(
        [sys.executable, "-c", script, *arguments],
        cwd=PROJECT,
        env=environment(data),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )


@dataclass(frozen=True)
class Ended:
    """How a process ended, and what it said."""

    code: int
    out: str
    err: str


def end(process: "subprocess.Popen[str]") -> Ended:
    """Wait for a process."""
    out, err = process.communicate(timeout=300)
    return Ended(process.returncode, out, err)


def run(data: Path, *arguments: str) -> Ended:
    """Run `python -m risk_model …` to its end."""
    return end(start(data, *arguments))


def kill(process: "subprocess.Popen[str]") -> None:
    """End a process at once, without a chance to tidy up: SIGKILL, or what Windows has in its place."""
    process.kill()
    process.communicate(timeout=60)


@dataclass(frozen=True)
class State:
    """What a user would find: what is loaded, which build is shown, the list of schools, the records."""

    releases: tuple[str, ...]
    build_id: str | None
    schools: str
    records: str

    def differs_from(self, other: "State") -> list[str]:
        """The names of what is not equal."""
        return [name for name in self.__dataclass_fields__ if getattr(self, name) != getattr(other, name)]


def state(folder: Path) -> State:
    """The state of a data directory, opened as the product opens it."""
    data = DataDir(folder)
    with opened(data) as copy:
        found = school_list(local_viewer(), copy, Scope())
        with copy.records.engine.connect() as connection:
            connection.exec_driver_sql("pragma integrity_check").one()
            names = sorted(
                row[0] for row in connection.exec_driver_sql("select name from sqlite_master where type = 'table'")
            )
            records = {
                name: connection.exec_driver_sql(f'select * from "{name}" order by 1').fetchall() for name in names
            }
    return State(loaded(folder), current_id(data), as_text(found), str(records))


def loaded(folder: Path) -> tuple[str, ...]:
    """The releases, each with the hash of its rows, but not when it was imported."""
    data = DataDir(folder)
    assert [one for one in lake_damage(data) if one.is_release] == []
    return tuple(f"{one.release_id} {one.schools} {one.rows_sha256}" for one in read_releases(data))


def as_text(schools: pd.DataFrame) -> str:
    """The list without what differs from build to build."""
    return schools.drop(columns=["build_id"], errors="ignore").to_csv(index=False)


def left_over(folder: Path) -> list[str]:
    """Half-written files of the lake, the typed rows and the builds."""
    return sorted(
        path.relative_to(folder).as_posix()
        for part in ("lake", "typed", "builds")
        for path in (folder / part).rglob("*")
        if any(mark in path.name for mark in UNDER_WAY)
    )
