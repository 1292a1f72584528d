"""One file that holds many, each with its SHA-256: whole, or refused whole.

A ZIP that any tool opens. Its manifest names every member with size and SHA-256, and its last 64 characters (the ZIP's
own comment) are the SHA-256 of everything before them: one byte that is another one anywhere is noticed. That is no
signature: whoever may write the file can write another one that is whole.
"""

import hashlib
import json
import re
import shutil
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path, PurePosixPath
from typing import IO, Any

from risk_model.domain.errors import Damaged
from risk_model.warehouse.storing import write_whole

MANIFEST = "manifest.json"
FORM = 1
_SEAL = 64
_PIECE = 1 << 20
_MOST_MANIFEST = 32 << 20
# what the product keeps shrinks to a tenth at the least; far more is a file made to fill a disk
_MOST_TIMES = 100
_SMALL = 1 << 20
_SHRUNK_ALREADY = {".parquet", ".zip", ".xlsx", ".ods", ".png"}
# Windows gives some of these a meaning of their own; a colon names a drive or a stream
_BAD_PART = re.compile(r'[\x00-\x1f<>:"\\|?*]|^\.*$|[. ]$|^(con|prn|aux|nul|com\d|lpt\d)(\.|$)', re.IGNORECASE)
_SYMBOLIC_LINK, _KIND_OF_FILE = 0o120000, 0o170000


@dataclass(frozen=True)
class Member:
    """One file of an archive: its name with `/` between folders, its size in bytes, its SHA-256."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """What an archive says of itself.

    Attributes:
        about: what whoever made it wanted to say: words by name.
        members: every file of it but the manifest.
    """

    about: Mapping[str, str]
    members: tuple[Member, ...]


def write_archive(target: Path, files: Sequence[tuple[str, Path]], about: Mapping[str, str]) -> Manifest:
    """Put files into one; it is there whole or not at all, and may be read by its owner alone.

    Args:
        files: (the name in the archive, where it is), each name once.
    Raises:
        OSError: a file could not be read, or the archive not be written; nothing of it is left.
    """
    made: list[Manifest] = []
    write_whole(target, lambda partial: made.append(_write(partial, files, about)))
    return made[0]


def _write(partial: Path, files: Sequence[tuple[str, Path]], about: Mapping[str, str]) -> Manifest:
    partial.touch(mode=0o600)
    with zipfile.ZipFile(partial, "w", compresslevel=1) as archive:
        manifest = Manifest(dict(about), tuple(_add(archive, name, path) for name, path in files))
        told = {"form": FORM, "about": manifest.about, "members": [asdict(one) for one in manifest.members]}
        archive.writestr(MANIFEST, json.dumps(told, indent=1), zipfile.ZIP_DEFLATED)
        archive.comment = b"0" * _SEAL
    with partial.open("r+b") as file:
        seal = _seal_of(file)
        file.seek(-_SEAL, 2)
        file.write(seal)
    return manifest


def _add(archive: zipfile.ZipFile, name: str, path: Path) -> Member:
    how = zipfile.ZIP_STORED if path.suffix.lower() in _SHRUNK_ALREADY else zipfile.ZIP_DEFLATED
    told = zipfile.ZipInfo(name)
    told.compress_type, told.external_attr = how, 0o600 << 16
    found, size = hashlib.sha256(), 0
    with path.open("rb") as source, archive.open(told, "w", force_zip64=True) as target:
        while piece := source.read(_PIECE):
            found.update(piece)
            size += len(piece)
            target.write(piece)
    return Member(name, size, found.hexdigest())


def _seal_of(file: IO[bytes]) -> bytes:
    """The SHA-256 of all but the end of a file, as the text that its end should be."""
    left = file.seek(0, 2) - _SEAL
    file.seek(0)
    found = hashlib.sha256()
    while left > 0 and (piece := file.read(min(_PIECE, left))):
        found.update(piece)
        left -= len(piece)
    return found.hexdigest().encode("ascii")


def unpack_archive(archive: Path, folder: Path) -> Manifest:
    """Write every member below an empty folder, having checked each; a damaged archive leaves what it likes there.

    Args:
        folder: of the caller's own, to be used only where this comes back.
    Raises:
        Damaged: the archive is not as it was written, names a place outside, or would fill the disk.
        OSError: the archive could not be read, or a member not be written.
    """
    with archive.open("rb") as file:
        seal = _seal_of(file)
        if file.read() != seal:
            raise _damaged(archive, "it is cut short, or at least one byte of it is another one than was written")
        file.seek(0)
        try:
            with zipfile.ZipFile(file) as opened:
                return _unpack(archive, opened, folder)
        except (zipfile.BadZipFile, NotImplementedError, EOFError, RuntimeError) as error:
            raise _damaged(archive, f"it is no whole ZIP ({error})") from error


def _unpack(archive: Path, opened: zipfile.ZipFile, folder: Path) -> Manifest:
    manifest = _read_manifest(archive, opened)
    for problem in _problems(archive, opened, manifest, folder):
        raise _damaged(archive, problem)
    for member in manifest.members:
        target = folder.joinpath(*PurePosixPath(member.name).parts)
        target.parent.mkdir(parents=True, exist_ok=True)
        if _extract(opened, member, target) != member.sha256:
            raise _damaged(archive, f"{member.name} is not what the manifest says that it is")
    return manifest


def _read_manifest(archive: Path, opened: zipfile.ZipFile) -> Manifest:
    try:
        with opened.open(MANIFEST) as file:
            content = file.read(_MOST_MANIFEST + 1)
        if len(content) > _MOST_MANIFEST:
            raise _damaged(archive, "its manifest is longer than one can be")
        told: dict[str, Any] = json.loads(content)
        if told["form"] != FORM:
            raise _damaged(archive, f"its form is {told['form']!r}, and this version reads {FORM}")
        members = tuple(Member(str(one["name"]), int(one["size"]), str(one["sha256"])) for one in told["members"])
        return Manifest({str(name): str(value) for name, value in told["about"].items()}, members)
    except (KeyError, ValueError, TypeError, AttributeError) as error:
        raise _damaged(archive, "it has no manifest that can be read: it is no backup of this product") from error


def _problems(archive: Path, opened: zipfile.ZipFile, manifest: Manifest, folder: Path) -> Iterator[str]:
    """What is wrong with the list of members, before anything is written."""
    there = [one for one in opened.infolist() if one.filename != MANIFEST]
    named = {one.name: one for one in manifest.members}
    for one in there:
        if not is_safe_name(one.filename):
            yield f"the name {one.filename[:100]!r} is none that a backup has: it could lead outside"
        if (one.external_attr >> 16) & _KIND_OF_FILE == _SYMBOLIC_LINK:
            yield f"{one.filename} is a link, not a file"
    if len({one.filename.casefold() for one in opened.infolist()}) != len(opened.infolist()):
        yield "it names a file twice"
    for name in sorted(set(named) - {one.filename for one in there}):
        yield f"{name[:100]!r}, which its manifest names, is missing"
    for one in there:
        if one.filename not in named:
            yield f"{one.filename} is in it, and its manifest does not name it"
        elif one.file_size != named[one.filename].size:
            yield f"{one.filename} has another size than its manifest says"
    size = sum(one.size for one in manifest.members)
    if size > _MOST_TIMES * archive.stat().st_size + _SMALL:
        yield f"it says that it unpacks to {size:,} bytes, more than {_MOST_TIMES} times its own size"
    if size > shutil.disk_usage(folder).free:
        yield f"it unpacks to {size:,} bytes, and the disk has less room than that"


def is_safe_name(name: str) -> bool:
    """Whether a member's name can only be a place below a folder, on every system."""
    return bool(name) and not any(_BAD_PART.search(part) for part in name.split("/"))


def _extract(opened: zipfile.ZipFile, member: Member, target: Path) -> str:
    """Write a member, at most as much as it may have; its SHA-256."""
    found, left = hashlib.sha256(), member.size
    with opened.open(member.name) as source, target.open("xb") as file:
        # one byte more than it should have shows that it has more
        while left >= 0 and (piece := source.read(min(_PIECE, left + 1))):
            found.update(piece)
            file.write(piece)
            left -= len(piece)
    return found.hexdigest()


def _damaged(archive: Path, problem: str) -> Damaged:
    return Damaged(
        f"{archive.name} was not used: {problem}.",
        ["Nothing was changed.", "Take another copy of the backup, or an earlier backup."],
    )
