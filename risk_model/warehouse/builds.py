"""Builds: one read-only database each, and a pointer to the current one.

A build is written under another name, closed, renamed; then the pointer is moved, by rename, too. A reader
that has an older build open keeps it until it is done; the next call finds the new one.
"""

import contextlib
import json
import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import TracebackType
from typing import Any

import pandas as pd

from risk_model.domain.paths import DataDir
from risk_model.warehouse.engine import Connection, Params, create, frame, open_sealed, rows

_POINTER = "current.json"
_KEPT = 5


@dataclass(frozen=True)
class Build:
    """One build: which file, of which date, by which rules."""

    build_id: str
    number: int
    as_at: date
    rule_set: str
    path: Path

    @contextmanager
    def reader(self) -> Iterator["Reader"]:
        """Open the build for a short while."""
        reader = Reader(self)
        try:
            yield reader
        finally:
            reader.close()


class Reader:
    """A build, open for reading. Each call takes a cursor of its own, so threads may share a reader."""

    def __init__(self, build: Build) -> None:
        self.build = build
        self._con = open_sealed(build.path)

    def rows(self, sql: str, params: Params | None = None) -> list[dict[str, Any]]:
        """The rows of a query as dictionaries."""
        cursor = self._con.cursor()
        try:
            return rows(cursor, sql, params)
        finally:
            cursor.close()

    def frame(self, sql: str, params: Params | None = None) -> pd.DataFrame:
        """The rows of a query as a DataFrame."""
        cursor = self._con.cursor()
        try:
            return frame(cursor, sql, params)
        finally:
            cursor.close()

    def close(self) -> None:
        """Let go of the file."""
        self._con.close()


class BuildWriter:
    """Makes one build; leaves nothing behind where it fails."""

    def __init__(self, data: DataDir, as_at: date, rule_set: str) -> None:
        number = max((build.number for build in read_builds(data)), default=0) + 1
        build_id = f"{number:05d}-{as_at:%Y%m%d}-{uuid.uuid4().hex[:6]}"
        data.builds.mkdir(parents=True, exist_ok=True)
        path = data.builds / f"risk_{build_id}.duckdb"
        self.build = Build(build_id, number, as_at, rule_set, path)
        self._data = data
        self._partial = path.with_suffix(".partial")
        self.con: Connection = create(self._partial)
        self._is_finished = False

    def __enter__(self) -> "BuildWriter":
        return self

    def finish(self, *, make_current: bool) -> None:
        """Close the file, give it its name, and move the pointer."""
        self.con.execute("checkpoint")
        self.con.close()
        os.replace(self._partial, self.build.path)
        self._is_finished = True
        _write_json(self.build.path.with_suffix(".json"), _described(self.build))
        if make_current:
            show_build(self._data, self.build)
        _forget_old(self._data)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if not self._is_finished:
            self.con.close()
            self._partial.unlink(missing_ok=True)


def read_builds(data: DataDir) -> list[Build]:
    """Every build that is kept, oldest first."""
    found = [_read(path) for path in data.builds.glob("risk_*.json")]
    return sorted((build for build in found if build.path.exists()), key=lambda build: build.number)


def current_build(data: DataDir) -> Build | None:
    """The build that readers should see now, or None where there is none yet."""
    pointer = data.builds / _POINTER
    try:
        build_id = json.loads(pointer.read_text("utf-8"))["build_id"]
    except FileNotFoundError:
        return None
    description = data.builds / f"risk_{build_id}.json"
    return _read(description) if description.exists() else None


def show_build(data: DataDir, build: Build) -> None:
    """Move the pointer to a build that is kept: readers see it from their next call on."""
    _write_json(data.builds / _POINTER, {"build_id": build.build_id})


def build_for(data: DataDir, as_at: date) -> Build | None:
    """The newest build of a date."""
    of_date = [build for build in read_builds(data) if build.as_at == as_at]
    return of_date[-1] if of_date else None


def _described(build: Build) -> dict[str, object]:
    return {
        "build_id": build.build_id,
        "number": build.number,
        "as_at": build.as_at.isoformat(),
        "rule_set": build.rule_set,
        "file": build.path.name,
    }


def _read(description: Path) -> Build:
    stored = json.loads(description.read_text("utf-8"))
    return Build(
        stored["build_id"],
        stored["number"],
        date.fromisoformat(stored["as_at"]),
        stored["rule_set"],
        description.parent / stored["file"],
    )


def _write_json(path: Path, content: dict[str, object]) -> None:
    partial = path.with_suffix(f".{uuid.uuid4().hex[:6]}.partial")
    partial.write_text(json.dumps(content), "utf-8")
    os.replace(partial, path)


def _forget_old(data: DataDir) -> None:
    """Keep the last builds; one that is still open elsewhere goes next time."""
    current = current_build(data)
    for build in read_builds(data)[:-_KEPT]:
        if current is not None and build.build_id == current.build_id:
            continue
        with contextlib.suppress(PermissionError):
            build.path.unlink(missing_ok=True)
            build.path.with_suffix(".json").unlink(missing_ok=True)
