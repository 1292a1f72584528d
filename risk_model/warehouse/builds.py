"""Builds: one read-only database each, and a pointer to the current one.

A build is written under another name, closed, renamed; then the pointer is moved, by rename, too. A reader
that has an older build open keeps it until it is done; the next call finds the new one.
"""

import json
import shutil
import uuid
import zlib
from collections.abc import Collection, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import TracebackType
from typing import Any

import pandas as pd

from risk_model.domain.errors import BuildRefused, Damaged
from risk_model.domain.paths import DataDir
from risk_model.warehouse.engine import (
    Connection,
    Params,
    close_beside,
    create_beside,
    first_line,
    frame,
    is_damage,
    is_refused_by_system,
    literal,
    open_cut,
    open_sealed,
    rows,
    undamaged,
)
from risk_model.warehouse.flags import (
    clear_unfinished_flags,
    describe_flags,
    forget_flags,
    has_flags,
    keep_flags_of,
    last_number,
    write_flags,
)
from risk_model.warehouse.storing import PARTIAL, clear_leftovers, forget, rename, storing, write_whole
from risk_model.warehouse.turns import turn

_POINTER = "current.json"
_KEPT = 5
_PIECE = 1 << 20
_FORM = 4  # raised when pages ask a build for tables that earlier ones lack: those are then made anew, not shown
_AGAIN = "Run `python -m risk_model build` to make a new one; nothing that was imported or recorded is lost."


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

    def __init__(
        self,
        build: Build,
        la_codes: frozenset[str] | None = None,
        held: Collection[str] = (),
        carried: Collection[str] = (),
    ) -> None:
        """Open it.

        Args:
            la_codes: the LAs whose schools' judgements are there; what is published of schools is there for all. None
                for every LA.
            held: the sources that an LA fills itself: a figure from them is its own, too.
            carried: the measures that are judgements put as figures.
        """
        self.build = build
        self.la_codes = la_codes
        with undamaged(build.path, _AGAIN):
            self._con = (
                open_sealed(build.path)
                if la_codes is None
                else open_cut(build.path, _conditions(la_codes, held, carried))
            )

    def rows(self, sql: str, params: Params | None = None) -> list[dict[str, Any]]:
        """The rows of a query as dictionaries."""
        cursor = self._con.cursor()
        try:
            with undamaged(self.build.path, _AGAIN):
                return rows(cursor, sql, params)
        finally:
            cursor.close()

    def frame(self, sql: str, params: Params | None = None) -> pd.DataFrame:
        """The rows of a query as a DataFrame."""
        cursor = self._con.cursor()
        try:
            with undamaged(self.build.path, _AGAIN):
                return frame(cursor, sql, params)
        finally:
            cursor.close()

    def close(self) -> None:
        """Let go of the file."""
        self._con.close()


# What is judged of a school, and what its LA holds on it: of these tables a reader for some LAs sees those LAs' rows.
# Of `current_values` too: what rules read does not say which of it was published.
_JUDGED = (
    "current_values",
    "schools_at_risk",
    "statement_levels",
    "levels",
    "outcomes",
    "rule_outcomes",
    "score_points",
    "held_evidence",
)


def _conditions(la_codes: frozenset[str], held: Collection[str], carried: Collection[str]) -> dict[str, str]:
    """For each table that is cut, which of its rows are there; `whole` is the build itself."""
    codes = ", ".join(literal(code) for code in sorted(la_codes)) or "null"
    urns = f"select urn from whole.schools where la_code in ({codes})"
    numbers = f"select school_no from whole.numbered_schools where urn in ({urns})"
    cuts = dict.fromkeys(_JUDGED, f"urn in ({urns})")
    sources, measures = (", ".join(literal(one) for one in sorted(some)) or "null" for some in (held, carried))
    of_one_la = f"source_id in ({sources}) or measure_id in ({measures})"
    own = f"not coalesce({of_one_la}, false) or urn in ({urns})"
    by_number = dict.fromkeys(("current_values", "outcomes"), f"school_no in ({numbers})")
    return cuts | by_number | {"measure_values": own}


class BuildWriter:
    """Makes one build, one at a time in a data directory; leaves nothing behind where it fails.

    Attributes:
        build: what it will be, and con the database to fill; both from `with` on.
    """

    build: Build
    con: Connection

    def __init__(self, data: DataDir, as_at: date, rule_set: str, made_by: str) -> None:
        """Nothing happens yet.

        Args:
            made_by: by which version of the product, in one word: a build starts as a copy of the last one of it.
        """
        self._data = data
        self._as_at = as_at
        self._rule_set = rule_set
        self._made_by = made_by
        self._turn = ExitStack()

    def __enter__(self) -> "BuildWriter":
        """Wait for the turn, clear away what a dead process left, and begin: with what the last build holds, where
        the same product made it and it is whole, else with nothing.

        Raises:
            TurnTaken: another build has been running for too long.
            NotStored: the folder of builds cannot be written.
        """
        self._turn.enter_context(turn(self._data.builds, "build"))
        with self._turn:
            _clear_unfinished(self._data)
            clear_leftovers(self._data.typed)  # only builds write there
            clear_unfinished_flags(self._data)
            # never a number of a build that was forgotten: what it said is kept under it
            number = max([last_number(self._data), *(build.number for build in read_builds(self._data))]) + 1
            build_id = f"{number:05d}-{self._as_at:%Y%m%d}-{uuid.uuid4().hex[:6]}"
            path = self._data.builds / f"risk_{build_id}.duckdb"
            self.build = Build(build_id, number, self._as_at, self._rule_set, path)
            self._partial = path.with_suffix(PARTIAL)
            _copy_last(self._data, self._made_by, self._partial)
            self.con = create_beside(self._partial)
            self._turn = self._turn.pop_all()
        return self

    def finish(self, *, make_current: bool, flags: str) -> None:
        """Give the database its file, its description and its name, in that order, and move the pointer.

        What it says of each school is kept for ever, as is what earlier builds say that are still there.

        Args:
            flags: the query for what is kept.
        Raises:
            BuildRefused: it could not be written; the current build stays.
        """
        told = _described(self.build)
        try:
            _keep_flags(self._data, flags)
            said = write_flags(self._data, self.build.build_id, self.con, flags)
            close_beside(self.con)
            described = {**told, "made_by": self._made_by, "crc32": _checksum(self._partial)}
            rename(self._partial, self.build.path)
            _write_json(self.build.path.with_suffix(".json"), described)
            describe_flags(self._data, told, said, was_shown=make_current)
            if make_current:
                show_build(self._data, self.build)
        except BaseException:
            if current_id(self._data) != self.build.build_id:
                forget(self.build.path.with_suffix(".json"))
                forget(self.build.path)
                forget_flags(self._data, self.build.build_id)
            raise
        forget_old_builds(self._data)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Let go of everything; say in words where the system refused.

        Raises:
            BuildRefused: the disk, the memory or a file of the lake refused.
        """
        with self._turn:
            self.con.close()
            clear_leftovers(self._data.builds)
            if isinstance(error, Exception) and (is_refused_by_system(error) or is_damage(error)):
                raise _refused(self._data, error) from error


def _copy_last(data: DataDir, made_by: str, target: Path) -> None:
    """Begin with what the last build holds, where it is of the same product and as it was written."""
    last = last_build(data)
    if last is None:
        return
    try:
        described = json.loads(last.path.with_suffix(".json").read_text("utf-8"))
        if described.get("made_by") != made_by:
            return
        shutil.copyfile(last.path, target)
        is_whole = _checksum(target) == described.get("crc32")
    except (OSError, ValueError, AttributeError):
        is_whole = False
    if not is_whole:
        forget(target)


def _checksum(path: Path) -> int:
    """Tells a file that is not as it was written."""
    found = 0
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            found = zlib.crc32(piece, found)
    return found


def is_as_written(build: Build) -> bool:
    """Whether a build's file is byte for byte as it was written."""
    try:
        described = json.loads(build.path.with_suffix(".json").read_text("utf-8"))
        return bool(_checksum(build.path) == described.get("crc32"))
    except (OSError, ValueError, AttributeError):
        return False


def _refused(data: DataDir, error: Exception) -> BuildRefused:
    return BuildRefused(
        f"The build was not made: {first_line(error)}.",
        [
            "The current build stays, and so does everything that was imported.",
            f"Make room on the disk, and check that {data.root} may be written to. If the file named is one of "
            f"{data.typed}, remove that folder: it is made again. Then build again.",
        ],
    )


def read_builds(data: DataDir) -> list[Build]:
    """Every build that is kept and described, oldest first."""
    found = [_described_at(path) for path in data.builds.glob("risk_*.json")]
    return sorted((build for build in found if build and build.path.exists()), key=lambda build: build.number)


def current_id(data: DataDir) -> str | None:
    """Which build the pointer names; None where there is no pointer.

    Raises:
        Damaged: the pointer cannot be read.
    """
    pointer = data.builds / _POINTER
    try:
        return str(json.loads(pointer.read_text("utf-8"))["build_id"])
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise Damaged(f"{pointer}, which says which build is shown, cannot be read.", [_AGAIN]) from error


def pointer_state(data: DataDir) -> tuple[int, int, int] | None:
    """What changes whenever the pointer is written: it is a new file each time; None where there is none."""
    try:
        told = (data.builds / _POINTER).stat()
    except OSError:
        return None
    return told.st_ino, told.st_mtime_ns, told.st_size


def current_build(data: DataDir) -> Build | None:
    """The build that readers should see now, or None where there is none yet, or only of an earlier form.

    Raises:
        Damaged: the pointer names a build that is not there, or cannot be read.
    """
    build_id = current_id(data)
    if build_id is None:
        return None
    # by a list of what is there: the pointer's text never becomes a path
    for path in data.builds.iterdir():
        if path.name == f"risk_{build_id}.json":
            build = _described_at(path)
            if build is not None and build.build_id == build_id and build.path.exists():
                return build
    if earlier_forms(data):
        return None
    raise Damaged(f"The build {build_id[:40]}, which should be shown, is not in {data.builds}.", [_AGAIN])


def earlier_forms(data: DataDir) -> list[Path]:
    """The descriptions of builds that an earlier version of the product made."""
    found = []
    for path in data.builds.glob("risk_*.json"):
        try:
            form = json.loads(path.read_text("utf-8")).get("form", 1)
        except (OSError, ValueError, AttributeError):
            continue
        if form != _FORM:
            found.append(path)
    return found


def last_build(data: DataDir) -> Build | None:
    """The current build, or None where there is none or it is lost: what a new build is compared with."""
    try:
        return current_build(data)
    except Damaged:
        return None


def show_build(data: DataDir, build: Build) -> None:
    """Move the pointer to a build that is kept: readers see it from their next call on.

    Raises:
        NotStored: the pointer could not be written; it stays where it was.
    """
    with storing(f"That the build {build.build_id} is shown"):
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
        "form": _FORM,
    }


def _described_at(description: Path) -> Build | None:
    """A build by its description; None for one that is damaged, of an earlier form, or goes away just now."""
    try:
        stored = json.loads(description.read_text("utf-8"))
        if stored.get("form", 1) != _FORM:
            return None
        return Build(
            stored["build_id"],
            int(stored["number"]),
            date.fromisoformat(stored["as_at"]),
            stored["rule_set"],
            # the file of the same name, whatever the description says: a path never comes from a text
            description.with_suffix(".duckdb"),
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _write_json(path: Path, content: dict[str, object]) -> None:
    write_whole(path, lambda partial: partial.write_text(json.dumps(content), "utf-8"))


def _clear_unfinished(data: DataDir) -> None:
    """Remove databases that never got their description: the process that made them died."""
    for path in data.builds.glob("risk_*.duckdb"):
        if not path.with_suffix(".json").exists():
            forget(path)


def _keep_flags(data: DataDir, flags: str) -> None:
    """What the builds say that an earlier version of the product made: from now on it outlives them."""
    for build in read_builds(data):
        if not has_flags(data, build.build_id):
            keep_flags_of(data, _described(build), build.path, flags)


def forget_old_builds(data: DataDir) -> None:
    """Keep the last builds; one that is still open elsewhere goes next time."""
    for description in earlier_forms(data):
        forget(description.with_suffix(".duckdb"))
        forget(description)
    for build in read_builds(data)[:-_KEPT]:
        if build.build_id == current_id(data):
            continue
        forget(build.path)
        if not build.path.exists():
            forget(build.path.with_suffix(".json"))
