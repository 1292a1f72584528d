"""One file over the web, whole or not at all: resumed where it broke off, capped, and compared with its checksums."""

import base64
import hashlib
import json
import re
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from email.message import Message
from pathlib import Path

import httpx

from risk_model.domain.errors import DownloadRefused
from risk_model.sources.answers import (
    Interrupted,
    Web,
    answer,
    by_hand,
    refuse_bad_status,
    short,
    with_retries,
)
from risk_model.warehouse.storing import forget, storing

PART = "unfinished.part"
_STAMP = "unfinished.json"
_UNPACKED = "unfinished.unpacked"
_CHUNK = 65_536
# what is asked for once more on resuming: a file that was changed under the same name and stamp betrays itself here
_OVERLAP = 65_536
_TOLD_EVERY = 262_144  # bytes: a screen that is drawn for each packet would be slower than the network
_GZIP = b"\x1f\x8b"
_RANGE = re.compile(r"bytes ([0-9]{1,18})-[0-9]{1,18}/([0-9]{1,18}|\*)")
_COUNT = re.compile(r"[0-9]{1,18}")
_DIGESTS = re.compile(r"(?<![\w-])(sha-256|md5)=:?([A-Za-z0-9+/]+={0,2}):?", re.IGNORECASE)


class NotWorthKeeping(DownloadRefused):
    """What came is no file that a later try could go on with."""


class NoTable(NotWorthKeeping):
    """The service answered as if all were well, and sent no table but a page, a message or nothing."""


@dataclass(frozen=True)
class Wanted:
    """A file to fetch.

    Attributes:
        address: where it is.
        name: what to call it where the service does not say.
        size: the bytes that the publisher's own list gives it; none where it gives none.
        period: its academic year, where the address says it.
    """

    address: str
    name: str = ""
    size: int | None = None
    period: str = ""


@dataclass(frozen=True)
class Step:
    """How far a download is: bytes done, of so many (none where the service does not say), and what is to say."""

    done: int = 0
    total: int | None = None
    note: str = ""


@dataclass(frozen=True)
class Fetched:
    """A file that has come whole, under a name of its own until it is kept.

    Attributes:
        name: what the service called it; data, and no path.
        sha256, size: of the bytes as they are kept.
        sha256_sent: of the bytes as they were sent, where they were packed.
        promised: the checksums that the service gave, and that were compared: {"md5": "…"}, in hexadecimal.
    """

    path: Path
    name: str
    address: str
    final_address: str
    sha256: str
    size: int
    sha256_sent: str
    etag: str = ""
    last_modified: str = ""
    promised: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class _Stamp:
    """What an answer says of a file, kept beside the part of it that has come."""

    address: str
    final_address: str = ""
    etag: str = ""
    last_modified: str = ""
    total: int | None = None
    name: str = ""
    encoding: str = ""
    promised: Mapping[str, str] = field(default_factory=dict)

    @property
    def validator(self) -> str:
        """By what the service can tell whether the file is still the same; a weak tag does not vouch for bytes."""
        strong = self.etag if not self.etag.startswith("W/") else ""
        said = strong or self.last_modified
        return said if said.isascii() and said.isprintable() else ""

    def is_of_same_file(self, other: "_Stamp") -> bool:
        """Whether two answers speak of the same content, as far as they say."""
        return (self.etag, self.last_modified, self.encoding) == (other.etag, other.last_modified, other.encoding) and (
            None in (self.total, other.total) or self.total == other.total
        )


def fetch(web: Web, wanted: Wanted, folder: Path, progress: Callable[[Step], None]) -> Fetched:
    """Fetch a file into a folder of its own; what came of it in an earlier run is not fetched again.

    Raises:
        DownloadRefused: it could not be had whole, is too large, too slow, damaged, or no table but a page.
        NotThere: the service has no such file.
        NotStored: the folder cannot be written, or the disk is full.
    """
    with storing("The download"):
        folder.mkdir(parents=True, exist_ok=True)
    until = web.clock.seconds() + web.patience.file_seconds

    def attempt() -> _Stamp:
        stamp = _come_whole(web, wanted, folder, until, progress)
        _refuse_damaged(folder, stamp)
        return stamp

    try:
        stamp = with_retries(web, wanted.address, attempt, lambda note: progress(Step(_size(folder / PART), note=note)))
        path = _unpacked(web, wanted, folder, stamp)
        _refuse_page(web, wanted, path)
        _refuse_other_size(web, wanted, (_size(folder / PART), _size(path)))
    except NotWorthKeeping:
        discard(folder)
        raise
    return Fetched(
        path=path,
        name=stamp.name or wanted.name,
        address=wanted.address,
        final_address=stamp.final_address,
        sha256=sha256_of(path),
        size=_size(path),
        sha256_sent=sha256_of(folder / PART),
        etag=stamp.etag,
        last_modified=stamp.last_modified,
        promised=stamp.promised,
    )


def discard(folder: Path) -> None:
    """Forget what has come of a file."""
    for name in (_STAMP, PART, _UNPACKED):
        forget(folder / name)


def sha256_of(path: Path) -> str:
    """The checksum of a file's bytes."""
    return _hash_of(path, "sha256")


def _hash_of(path: Path, algorithm: str) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, lambda: hashlib.new(algorithm, usedforsecurity=False)).hexdigest()


def _come_whole(web: Web, wanted: Wanted, folder: Path, until: float, progress: Callable[[Step], None]) -> _Stamp:
    """One try: go on from what is there, or begin; afterwards the part is the whole."""
    before = _stamp_in(folder, wanted.address)
    start = max(0, _size(folder / PART) - _OVERLAP) if before and before.validator else 0
    headers = {"Range": f"bytes={start}-", "If-Range": before.validator} if before and start else {}
    with answer(web, wanted.address, headers) as (response, final_address):
        _refuse_unsatisfied(response, folder)
        refuse_bad_status(web, response, wanted.address)
        now = _stamp_of(response, wanted.address, final_address)
        known = b""
        if response.status_code == 206:
            known = _known_part(folder, start, before, now, response)
            now = replace(before or now, total=now.total)
        else:
            _begin(folder, now)
        _refuse_too_large(web, wanted, now.total or 0)
        _write(web, wanted, folder, response, known, now.total, until, progress)
    size = _size(folder / PART)
    if now.total is not None and size != now.total:
        raise Interrupted(f"the connection was cut off after {size:,} of {now.total:,} bytes")
    return now


def _refuse_unsatisfied(response: httpx.Response, folder: Path) -> None:
    """Begin anew where the service has less of the file than has come already: it is another one by now."""
    if response.status_code == 416:
        discard(folder)
        raise Interrupted("the file was changed in the meantime", 0.0)


def _known_part(folder: Path, start: int, before: _Stamp | None, now: _Stamp, response: httpx.Response) -> bytes:
    """The end of what has come, with which the continuation begins.

    Raises:
        Interrupted: the continuation is not one of this file.
    """
    found = _RANGE.fullmatch(response.headers.get("content-range", "").strip())
    if before is None or not before.is_of_same_file(now) or found is None or int(found.group(1)) != start:
        discard(folder)
        raise Interrupted("the file was changed in the meantime", 0.0)
    with (folder / PART).open("rb") as part:
        part.seek(start)
        return part.read()


def _begin(folder: Path, stamp: _Stamp) -> None:
    discard(folder)
    with storing("The download"):
        (folder / PART).write_bytes(b"")
        (folder / _STAMP).write_text(json.dumps(asdict(stamp)), "utf-8")


def _write(
    web: Web,
    wanted: Wanted,
    folder: Path,
    response: httpx.Response,
    known: bytes,
    total: int | None,
    until: float,
    progress: Callable[[Step], None],
) -> None:
    """Append what comes, after what is known already has come once more and is the same.

    Raises:
        Interrupted: what comes once more is not the same.
        DownloadRefused: it is too large, or does not come in time.
    """
    done = told = _size(folder / PART)
    # the network's faults are no OSError here: what is caught is the disk's, on closing, too
    with storing("The download"), (folder / PART).open("ab") as part:
        for chunk in response.iter_raw():
            again, new = chunk[: len(known)], chunk[len(known) :]
            if again != known[: len(again)]:
                break
            known = known[len(again) :]
            done += len(new)
            _refuse_too_large(web, wanted, done)
            part.write(new)
            if done - told >= _TOLD_EVERY:
                progress(Step(done, total))
                told = done
            _refuse_too_slow(web, wanted, done, total, until)
        else:
            progress(Step(done, total))
            return
    discard(folder)
    raise Interrupted("the file was changed in the meantime", 0.0)


def _refuse_too_large(web: Web, wanted: Wanted, size: int) -> None:
    if size <= web.patience.max_bytes:
        return
    raise NotWorthKeeping(
        f"{short(wanted.address)} was not downloaded: it is larger than {web.patience.max_bytes:,} bytes.",
        ["No published file is; what is sent is something else. Nothing was kept.", *by_hand(web)],
    )


def _refuse_too_slow(web: Web, wanted: Wanted, done: int, total: int | None, until: float) -> None:
    if web.clock.seconds() <= until:
        return
    of = f" of {total:,}" if total is not None else ""
    raise DownloadRefused(
        f"{short(wanted.address)} was not downloaded: after {web.patience.file_seconds / 60:.0f} minutes {done:,}{of} "
        "bytes had come.",
        ["The connection is too slow. What has come is kept; the next download goes on from there.", *by_hand(web)],
    )


def _stamp_of(response: httpx.Response, address: str, final_address: str) -> _Stamp:
    headers = response.headers
    whole = response.status_code == 200
    return _Stamp(
        address=address,
        final_address=final_address,
        etag=headers.get("etag", ""),
        last_modified=headers.get("last-modified", ""),
        total=_total(headers.get("content-length", "")) if whole else _total_of_range(headers.get("content-range", "")),
        name=_name_in(headers.get("content-disposition", "")),
        encoding=headers.get("content-encoding", "").strip().casefold(),
        promised=_promised(headers) if whole else {},
    )


def _total(text: str) -> int | None:
    return int(text) if _COUNT.fullmatch(text) else None


def _total_of_range(text: str) -> int | None:
    found = _RANGE.fullmatch(text.strip())
    return _total(found.group(2)) if found else None


def _name_in(disposition: str) -> str:
    """The file's name in a Content-Disposition, in either of the two ways that it is written there."""
    message = Message()
    message["content-disposition"] = " ".join(disposition.split())
    return message.get_filename("") or ""


def _promised(headers: httpx.Headers) -> dict[str, str]:
    """The checksums that a service gives for a whole file, in hexadecimal."""
    digests = _DIGESTS.findall(f"{headers.get('repr-digest', '')},{headers.get('digest', '')}")
    said = [(name.casefold(), value) for name, value in digests]
    said += [("md5", headers["content-md5"])] if "content-md5" in headers else []
    found: dict[str, str] = {}
    for name, value in said:
        try:
            found[name.replace("-", "")] = base64.b64decode(value, validate=True).hex()
        except ValueError:
            continue
    return found


def _refuse_damaged(folder: Path, stamp: _Stamp) -> None:
    """Begin anew where the bytes are not those that the service has."""
    for algorithm, promised in stamp.promised.items():
        if _hash_of(folder / PART, algorithm) != promised:
            discard(folder)
            raise Interrupted(
                f"the file came damaged: its checksum ({algorithm}) is not the one that the service gives"
            )


def _refuse_other_size(web: Web, wanted: Wanted, sizes: tuple[int, int]) -> None:
    """Refuse a file whose size, as sent and as unpacked, is not the one in its publisher's list."""
    if wanted.size is not None and wanted.size not in sizes:
        raise NotWorthKeeping(
            f"{short(wanted.address)} was not kept: it has {sizes[1]:,} bytes, and should have {wanted.size:,}.",
            ["So its publisher's list says. It may just be being replaced: try again later.", *by_hand(web)],
        )


def _unpacked(web: Web, wanted: Wanted, folder: Path, stamp: _Stamp) -> Path:
    """The file itself, where it was sent packed."""
    part = folder / PART
    with part.open("rb") as file:
        is_gzip = file.read(2) == _GZIP
    if not is_gzip:
        if stamp.encoding not in ("", "identity"):
            raise NotWorthKeeping(
                f"{short(wanted.address)} was not kept: it came packed in a way that cannot be opened here.",
                ["Nothing was asked for packed. Try again later.", *by_hand(web)],
            )
        return part
    target = folder / _UNPACKED
    size = 0
    try:
        with storing("The download"), target.open("wb") as file:
            for chunk in _inflated(part):
                size += len(chunk)
                _refuse_too_large(web, wanted, size)
                file.write(chunk)
    except (zlib.error, EOFError) as error:
        raise NotWorthKeeping(
            f"{short(wanted.address)} was not kept: it came packed, and is damaged.",
            ["Try again later.", *by_hand(web)],
        ) from error
    return target


def _inflated(packed: Path) -> Iterator[bytes]:
    """A gzip file's content, in pieces that are small however well it was packed.

    Raises:
        EOFError: it ends too early, or goes on after its end.
        zlib.error: it is damaged.
    """
    unpacker = zlib.decompressobj(wbits=31)
    with packed.open("rb") as file:
        while not unpacker.eof:
            chunk = unpacker.unconsumed_tail or file.read(_CHUNK)
            if not chunk:
                raise EOFError
            yield unpacker.decompress(chunk, _CHUNK)
        if unpacker.unused_data or file.read(1):
            raise EOFError


def _refuse_page(web: Web, wanted: Wanted, path: Path) -> None:
    """Refuse what services send, as if all were well, when they have no file: a page, a message, nothing."""
    with path.open("rb") as file:
        head = file.read(4096)
    text = head.decode("utf-8", "replace").lstrip("\ufeff \t\r\n")
    if text and text[0] not in "<{[":
        return
    found = re.search(r"<title[^>]*>([^<]{1,120})", text, re.IGNORECASE)
    titled = f' titled "{short(" ".join(found.group(1).split()))}"' if found else ""
    what = {"<": f"a web page{titled}", "{": "a message for programs", "[": "a message for programs", "": "nothing"}
    raise NoTable(
        f"{short(wanted.address)} was not kept: instead of a table the service sent {what[text[:1]]}.",
        ["It may be being repaired, or turn programs away. Try again later.", *by_hand(web)],
    )


def _stamp_in(folder: Path, address: str) -> _Stamp | None:
    """What is known of the part that has come, where it is one of this address."""
    try:
        stamp = _Stamp(**json.loads((folder / _STAMP).read_text("utf-8")))
    except (OSError, ValueError, TypeError):
        return None
    return stamp if stamp.address == address and (folder / PART).is_file() else None


def _size(path: Path) -> int:
    return path.stat().st_size if path.is_file() else 0
