"""Builds in a store that several machines reach (S3 or another that pyarrow.fs knows): one writes, the others read.

Objects are written once and never changed, but for the pointer, which is written last: it names a build and the
SHA-256 of its file. A reader fetches a build once, beside, checks it, gives it its name, and moves its own pointer:
what is damaged on the way, or lost, leaves it with the last good build.
"""

import hashlib
import json
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pyarrow as pa
from pyarrow import fs

from risk_model.domain.errors import Damaged, NotFound, NotStored, RiskModelError
from risk_model.domain.paths import DataDir
from risk_model.warehouse.builds import Build, current_build, forget_old_builds, read_builds, show_build
from risk_model.warehouse.storing import forget, storing, write_whole
from risk_model.warehouse.turns import turn

_POINTER = "current.json"
_BUILDS, _FLAGS = "builds", "builds/flags"
_PIECE = 1 << 20
_MOST_TEXT = 1 << 20


class StoreLost(RiskModelError):
    """The store cannot be reached, or does not answer as one."""


@dataclass(frozen=True)
class Store:
    """Where builds are published.

    Attributes:
        shown: its address without keys and options, for people.
        root: the folder in it.
    """

    shown: str
    files: Any
    root: str

    def path(self, name: str) -> str:
        """A place in it."""
        return f"{self.root}/{name}"


@dataclass(frozen=True)
class Published:
    """What the pointer of a store says.

    Attributes:
        sha256, size: of the build's file, the size in bytes; published_at: in UTC.
    """

    build_id: str
    number: int
    sha256: str
    size: int
    published_at: datetime


def open_store(address: str) -> Store:
    """A store by its address; nothing is asked of it yet.

    Args:
        address: as pyarrow.fs takes it: `s3://bucket/folder?region=eu-west-2`, with `endpoint_override=host:port` for
            one that is not Amazon's; `file:///folder` for a folder that several machines share.
    Raises:
        NotFound: it is not an address.
    """
    try:
        files, root = fs.FileSystem.from_uri(address)
    except (pa.ArrowException, OSError, ValueError) as error:
        # not the message itself: it repeats the address, in which there may be keys
        raise NotFound(
            f"RISK_STORE is not the address of a store ({type(error).__name__}).",
            ["Give it as s3://bucket/folder?region=eu-west-2, or as file:///folder."],
        ) from None
    told = urlsplit(address)
    return Store(f"{told.scheme}://{root.strip('/')}", files, root.rstrip("/"))


@contextmanager
def _reaching(store: Store) -> Iterator[None]:
    try:
        yield
    except (pa.ArrowException, OSError) as error:
        raise StoreLost(
            f"The store {store.shown} does not answer ({type(error).__name__}).",
            [
                "What is shown here stays as it is.",
                "Check the network, the store and its keys; `python -m risk_model fetch` tries again.",
            ],
        ) from error


def published(store: Store) -> Published | None:
    """What the store shows; None where nothing was ever published.

    Raises:
        StoreLost: it does not answer.
        Damaged: its pointer cannot be read.
    """
    content = _text(store, f"{_BUILDS}/{_POINTER}")
    if content is None:
        return None
    try:
        told = json.loads(content)
        return Published(
            str(told["build_id"]),
            int(told["number"]),
            str(told["sha256"]),
            int(told["size"]),
            datetime.fromisoformat(told["published_at"]),
        )
    except (ValueError, KeyError, TypeError) as error:
        raise Damaged(
            f"The pointer in the store {store.shown} cannot be read.",
            ["What is shown here stays.", "Run `python -m risk_model publish` on the machine that makes the builds."],
        ) from error


def publish_build(data: DataDir, store: Store) -> Published:
    """Put the build that is shown here into the store, with what every build here said, and let it be shown there.

    What is there already is not written again; the pointer comes last.

    Raises:
        NotFound: nothing is shown here.
        StoreLost: the store does not answer; its readers see what they saw.
        NotStored: another machine publishes to it, too, or it holds another build under this one's name.
    """
    build = current_build(data)
    if build is None:
        raise NotFound("There is no build to publish.", ["Run `python -m risk_model build`."])
    with turn(data.builds, "publish"):
        _refuse_other_writer(data, store)
        told = Published(
            build.build_id,
            build.number,
            _sha256(build.path),
            build.path.stat().st_size,
            datetime.now(UTC).replace(microsecond=0),
        )
        with _reaching(store):
            store.files.create_dir(store.path(_FLAGS), recursive=True)
            _put(store, f"{_BUILDS}/{build.path.name}", build.path)
            for path in sorted(data.flags.glob("flags_*"), key=lambda one: one.suffix == ".json"):
                if path.suffix in (".parquet", ".json"):
                    _put(store, f"{_FLAGS}/{path.name}", path)
            description = build.path.with_suffix(".json")
            _put(store, f"{_BUILDS}/{description.name}", description)
            _write_text(store, f"{_BUILDS}/{_POINTER}", _as_json(told))
    return told


def _as_json(told: Published) -> str:
    return json.dumps({**vars(told), "published_at": told.published_at.isoformat()})


def _refuse_other_writer(data: DataDir, store: Store) -> None:
    there = published(store)
    kept = {path.stem.removeprefix("flags_") for path in data.flags.glob("flags_*.json")}
    if there is not None and there.build_id not in kept:
        raise NotStored(
            f"Nothing was published: build {there.number} in the store {store.shown} was not made here.",
            ["Only one machine may publish to a store. Publish from that one, or name another folder in RISK_STORE."],
        )


def fetch_build(data: DataDir, store: Store) -> Build | None:
    """Show what the store shows: fetch it where it is not here yet, check it, and move the pointer.

    Returns:
        The build, where another one is shown now; None where nothing has changed.
    Raises:
        StoreLost: the store does not answer, or lost the build; Damaged: what came is not what was published;
        NotStored: the disk refused. What is shown here stays.
    """
    wanted = published(store)
    shown = _shown(data)
    if wanted is None or (shown is not None and shown.build_id == wanted.build_id):
        return None
    with turn(data.builds, "build"):
        build = _kept(data, wanted.build_id) or _fetched(data, store, wanted)
        show_build(data, build)
        forget_old_builds(data)
    return build


def _shown(data: DataDir) -> Build | None:
    try:
        return current_build(data)
    except Damaged:
        return None


def _kept(data: DataDir, build_id: str) -> Build | None:
    return next((one for one in read_builds(data) if one.build_id == build_id), None)


def _fetched(data: DataDir, store: Store, wanted: Published) -> Build:
    """Every file of a build, its description last: until that is there, the rest is nobody's."""
    listed = _names(store, _BUILDS)
    # by a list of what is there: the pointer's text never becomes a path
    name = next((one for one in listed if one == f"risk_{wanted.build_id}.duckdb"), None)
    if name is None:
        raise _damaged(store, f"build {wanted.number} is not in it")
    data.flags.mkdir(parents=True, exist_ok=True)
    with storing(f"Build {wanted.number}"):
        _get_build(data, store, name, wanted)
        for flags in sorted(_names(store, _FLAGS), key=lambda one: one.endswith(".json")):
            if flags.startswith("flags_") and not (data.flags / flags).exists():
                _get_whole(store, f"{_FLAGS}/{flags}", data.flags / flags)
        description = data.builds / Path(name).with_suffix(".json").name
        _get_whole(store, f"{_BUILDS}/{description.name}", description)
    build = _kept(data, wanted.build_id)
    if build is None:
        forget(description)
        raise _damaged(store, f"build {wanted.number} is of another version of the product, or its description is")
    return build


def _get_build(data: DataDir, store: Store, name: str, wanted: Published) -> None:
    def write(partial: Path) -> None:
        _get(store, f"{_BUILDS}/{name}", partial)
        if (partial.stat().st_size, _sha256(partial)) != (wanted.size, wanted.sha256):
            raise _damaged(store, f"what came of build {wanted.number} is not what was published")

    write_whole(data.builds / name, write)


def _damaged(store: Store, what: str) -> Damaged:
    return Damaged(
        f"Nothing was taken from the store {store.shown}: {what}.",
        [
            "The last good build stays.",
            "It is tried again; if that does not help, run `python -m risk_model publish` where builds are made.",
        ],
    )


def _names(store: Store, folder: str) -> Sequence[str]:
    with _reaching(store):
        found = store.files.get_file_info(fs.FileSelector(store.path(folder), allow_not_found=True))
    return sorted(one.base_name for one in found if one.type == fs.FileType.File)


def _text(store: Store, name: str) -> bytes | None:
    with _reaching(store):
        if store.files.get_file_info([store.path(name)])[0].type != fs.FileType.File:
            return None
        with store.files.open_input_stream(store.path(name)) as source:
            return bytes(source.read(_MOST_TEXT))


def _get_whole(store: Store, name: str, target: Path) -> None:
    write_whole(target, lambda partial: _get(store, name, partial))


def _get(store: Store, name: str, target: Path) -> None:
    with _reaching(store):
        source = store.files.open_input_stream(store.path(name))
    with target.open("wb") as file:
        while piece := _read(store, source):
            file.write(piece)
    source.close()


def _read(store: Store, source: Any) -> bytes:
    # only reading: that the disk here is full is not the store's fault
    with _reaching(store):
        return bytes(source.read(_PIECE))


def _put(store: Store, name: str, path: Path) -> None:
    """Write an object once: one that is there stays, and must be as long."""
    there = store.files.get_file_info([store.path(name)])[0]
    if there.type == fs.FileType.File:
        if there.size == path.stat().st_size:
            return
        if path.suffix != ".json":
            raise NotStored(
                f"Nothing was published: the store {store.shown} holds another {path.name}.",
                ["What is published is never changed. Name another folder in RISK_STORE."],
            )
    _stream(store, name, path)


def _stream(store: Store, name: str, path: Path) -> None:
    with path.open("rb") as source, store.files.open_output_stream(store.path(name)) as target:
        shutil.copyfileobj(source, target, _PIECE)


def _write_text(store: Store, name: str, text: str) -> None:
    with store.files.open_output_stream(store.path(name)) as target:
        target.write(text.encode("utf-8"))


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
