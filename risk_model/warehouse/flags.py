"""What a build said of each school, kept for ever in a small file: builds are forgotten, what they said is not.

Each file has a description beside it, written last, with the SHA-256 of the file: another file under the same name is
noticed, and said.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from risk_model.domain.errors import Damaged
from risk_model.domain.paths import DataDir
from risk_model.warehouse.engine import Connection, arrow_table, first_line, is_damage, open_sealed
from risk_model.warehouse.storing import clear_leftovers, forget, write_whole

_ALSO_TOLD = ("rule_set_hash", "made_at")
_REMEDY = "Restore the folder of builds from a backup; nothing else that was imported or recorded depends on this file."


@dataclass(frozen=True)
class KeptFlags:
    """What is kept of one build, whether the build itself is kept or not.

    Attributes:
        rule_set_hash: the fingerprint of the rules by which it judged.
        made_at: when it was made, in UTC; None where the build could not be read.
        was_shown: whether it was shown when it was made; None for one of an earlier version, of which it is not known.
        sha256: of the file; None where there is none.
        lost: why there is no file, in words; "" where there is one.
        path: of the file.
    """

    build_id: str
    number: int
    as_at: date
    rule_set: str
    rule_set_hash: str | None
    made_at: datetime | None
    was_shown: bool | None
    sha256: str | None
    lost: str
    path: Path


def write_flags(data: DataDir, build_id: str, con: Connection, sql: str) -> dict[str, Any]:
    """Write what a build says; until `describe_flags` it is nobody's.

    Args:
        con: the build, open.
        sql: its schools and their raised rules, each row with `rule_set_hash` and `made_at` of the build.
    Returns:
        What the description is to say of the file.
    Raises:
        OSError: it could not be written; nothing of it is left.
    """
    table = arrow_table(con, sql)
    path = _file(data, build_id)
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, lambda partial: pq.write_table(table, partial, compression="zstd"))
    return {**_told(table), "sha256": _sha256(path), "lost": ""}


def describe_flags(data: DataDir, described: dict[str, Any], told: dict[str, Any], *, was_shown: bool | None) -> None:
    """Give what was written its description, once its build is there: from now on it is kept for ever.

    Args:
        described: build_id, number, as_at (yyyy-mm-dd) and rule_set; told: by `write_flags`.
    Raises:
        OSError: it could not be written.
    """
    kept = {name: described[name] for name in ("build_id", "number", "as_at", "rule_set")}
    content = json.dumps({**kept, **told, "was_shown": was_shown})
    path = _file(data, described["build_id"]).with_suffix(".json")
    write_whole(path, lambda partial: partial.write_text(content, "utf-8"))


def keep_flags_of(data: DataDir, described: dict[str, Any], build: Path, sql: str) -> None:
    """Keep what an earlier build says that was made before this was done; that it cannot be read is kept, too.

    Raises:
        OSError: it could not be written.
    """
    try:
        with open_sealed(build) as con:
            told = write_flags(data, described["build_id"], con, sql)
    except duckdb.Error as error:
        if not (is_damage(error) or isinstance(error, duckdb.CatalogException | duckdb.BinderException)):
            raise
        _file(data, described["build_id"]).parent.mkdir(parents=True, exist_ok=True)
        lost = f"The build could not be read when its judgements were to be kept: {first_line(error)}."
        told = {"sha256": None, "lost": lost}
    describe_flags(data, described, told, was_shown=None)


def clear_unfinished_flags(data: DataDir) -> None:
    """Remove what never got its description: the process that wrote it died before its build was there."""
    clear_leftovers(_folder(data))
    for path in _folder(data).glob("flags_*.parquet"):
        if not path.with_suffix(".json").exists():
            forget(path)


def has_flags(data: DataDir, build_id: str) -> bool:
    """Whether it is kept what a build says, or that it cannot be."""
    return _file(data, build_id).with_suffix(".json").exists()


def forget_flags(data: DataDir, build_id: str) -> None:
    """Take back what was kept of a build that came to nothing; of no other one."""
    forget(_file(data, build_id).with_suffix(".json"))
    forget(_file(data, build_id))


def last_number(data: DataDir) -> int:
    """The highest number of a build of which anything is kept, by the names of the files; 0 where there is none."""
    names = (path.name.removeprefix("flags_").partition("-")[0] for path in _folder(data).glob("flags_*.json"))
    return max((int(name) for name in names if name.isdecimal()), default=0)


def kept_flags(data: DataDir) -> list[KeptFlags]:
    """Every build of which it is kept what it said, the oldest first.

    Raises:
        Damaged: a description cannot be read.
    """
    return sorted((_described_at(path) for path in _folder(data).glob("flags_*.json")), key=lambda one: one.number)


def read_flags(kept: KeptFlags, *, la_code: str | None = None, urn: str | None = None) -> list[dict[str, Any]]:
    """What a build said of its schools, by LA, URN and statement.

    Returns:
        A row per school and raised rule, and one for a school without any, as the query by which it was kept says.
    Raises:
        Damaged: there is no file, or it is not as it was written.
    """
    if kept.sha256 is None:
        raise Damaged(f"What build {kept.number} said of its schools is lost. {kept.lost}", [_REMEDY])
    asked: Sequence[tuple[str, str, str]] = [
        (name, "==", value) for name, value in (("la_code", la_code), ("urn", urn)) if value is not None
    ]
    try:
        if _sha256(kept.path) != kept.sha256:
            raise Damaged(
                f"{kept.path}, what build {kept.number} said of its schools, is not as it was written.", [_REMEDY]
            )
        rows: list[dict[str, Any]] = pq.read_table(kept.path, filters=list(asked) or None).to_pylist()
    except (OSError, pa.ArrowException) as error:
        raise Damaged(f"{kept.path} cannot be read: {first_line(error)}.", [_REMEDY]) from error
    return rows


def _folder(data: DataDir) -> Path:
    return data.flags


def _file(data: DataDir, build_id: str) -> Path:
    return _folder(data) / f"flags_{build_id}.parquet"


def _told(table: pa.Table) -> dict[str, Any]:
    """Of the build itself; every row says it, so that the file explains itself."""
    first = table.select(list(_ALSO_TOLD)).slice(0, 1).to_pylist()
    told = first[0] if first else dict.fromkeys(_ALSO_TOLD)
    made_at = told["made_at"]
    return {
        "rule_set_hash": told["rule_set_hash"],
        "made_at": None if made_at is None else made_at.replace(tzinfo=UTC).isoformat(),
        "schools": pc.count_distinct(table["urn"]).as_py(),
    }


def _described_at(description: Path) -> KeptFlags:
    try:
        stored = json.loads(description.read_text("utf-8"))
        made_at = stored.get("made_at")
        return KeptFlags(
            str(stored["build_id"]),
            int(stored["number"]),
            date.fromisoformat(stored["as_at"]),
            str(stored["rule_set"]),
            stored.get("rule_set_hash"),
            None if made_at is None else datetime.fromisoformat(made_at),
            stored["was_shown"],
            stored["sha256"],
            str(stored["lost"]),
            # the file of the same name, whatever the description says: a path never comes from a text
            description.with_suffix(".parquet"),
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise Damaged(f"{description}, which says what was kept of a build, cannot be read.", [_REMEDY]) from error


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
