"""The files at a path: itself, what a folder holds, the members of a ZIP."""

import io
import lzma
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from risk_model.domain.errors import FileRefused
from risk_model.sources.naming import safe_name, shown, shown_name

TABLE_ENDINGS = (".csv", ".xlsx", ".xls", ".ods", ".parquet")
MAX_BYTES = 400_000_000
MOST_MEMBERS = 2_000
# all that unpacking can say of bytes that are no archive, or one that somebody has tampered with
BROKEN_ARCHIVE = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    OSError,
    EOFError,
    ValueError,
    OverflowError,
    RuntimeError,
)
_ENCRYPTED = 0x1


@dataclass(frozen=True)
class Given:
    """A file as found: its bytes, and whether the user named it or it was met in a folder."""

    name: str
    content: bytes
    named: bool


def paths_at(path: Path) -> Iterator[Path]:
    """A path itself, or a folder's tables and ZIPs in order of name; what programs hide is left out.

    Raises:
        FileRefused: there is nothing there.
    """
    # a path that the system cannot even look up (too long, a name that it does not allow) is not there either
    try:
        is_folder = stat.S_ISDIR(path.stat().st_mode)
    except (OSError, ValueError) as error:
        if not _is_link(path):
            raise FileRefused(
                f"{shown(str(path), 200)} was not imported: there is no such file or folder.",
                ["Check how it is spelt. Nothing was changed."],
            ) from error
        is_folder = False
    if not is_folder:
        yield path
        return
    for inner in sorted(path.rglob("*")):
        # what is no plain file (a lost link, a pipe) is not passed over in silence: reading it is refused
        if not inner.is_dir() and _is_table(inner.name, (*TABLE_ENDINGS, ".zip")):
            yield inner


def _is_link(path: Path) -> bool:
    try:
        return path.is_symlink()
    except (OSError, ValueError):
        return False


def given_at(path: Path, pointed_at: Path) -> list[Given]:
    """A file's bytes, or the tables of a ZIP; nothing is written to disk.

    Raises:
        FileRefused: it cannot be opened, or is too large.
    """
    name = shown_name(path, pointed_at)
    named = path == pointed_at
    content = _content(path, name)
    return _members(name, content, named=named) if _is_zip(path.name) else [Given(name, content, named)]


def given_in(name: str, content: bytes) -> list[Given]:
    """A file that came as bytes, such as an upload; or the tables of a ZIP. Nothing is written to disk.

    Raises:
        FileRefused: it cannot be opened, or is too large.
    """
    shown = safe_name(name)
    if len(content) > MAX_BYTES:
        raise _too_large(shown)
    return _members(shown, content, named=True) if _is_zip(name) else [Given(shown, content, named=True)]


def _is_zip(name: str) -> bool:
    return name.lower().endswith(".zip")


def refuse_too_large(name: str, members: Sequence[zipfile.ZipInfo]) -> None:
    """Refuse an archive (a ZIP, a workbook) whose parts are together larger than this product reads."""
    if sum(member.file_size for member in members) > MAX_BYTES:
        raise FileRefused(
            f"{name} was not imported: unpacked it would be larger than {MAX_BYTES // 1_000_000} MB.",
            ["No published file is. Unpack it and import the table that is needed. Nothing was changed."],
        )


def _too_large(name: str) -> FileRefused:
    return FileRefused(
        f"{name} was not imported: it is larger than {MAX_BYTES // 1_000_000} MB.",
        ["No published file is. Import the years that are needed one by one. Nothing was changed."],
    )


def _content(path: Path, name: str) -> bytes:
    try:
        return _read(path, name)
    except OSError as error:
        raise FileRefused(
            f"{name} was not imported: it cannot be opened ({error.strerror or 'no reason was given'}).",
            ["Close it in other programs, check that you may read it, and try again. Nothing was changed."],
        ) from error


def _read(path: Path, name: str) -> bytes:
    before = path.stat()
    # asked before it is opened: a pipe would wait for ever, a device never ends
    if not stat.S_ISREG(before.st_mode):
        raise FileRefused(
            f"{name} was not imported: it is no file but a folder, a pipe or a device.",
            ["Save it as a file and import that. Nothing was changed."],
        )
    if before.st_size > MAX_BYTES:
        raise _too_large(name)
    with path.open("rb") as file:
        content = file.read(MAX_BYTES + 1)
    after = path.stat()
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns) or len(content) != after.st_size:
        raise FileRefused(
            f"{name} was not imported: it changed while it was read.",
            ["Wait until it has been saved or downloaded whole, and import it again. Nothing was changed."],
        )
    return content


def _members(name: str, content: bytes, *, named: bool) -> list[Given]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            inside = archive.infolist()
            refuse_too_large(name, inside)
            tables = [m for m in inside if not m.is_dir() and _is_table(m.filename, TABLE_ENDINGS)]
            _refuse_none_or_locked(name, tables)
            alone = named and len(tables) == 1
            return [Given(f"{name}/{safe_name(m.filename)}", archive.read(m), alone) for m in tables]
    except BROKEN_ARCHIVE as error:
        raise FileRefused(
            f"{name} was not imported: it is not a ZIP file that can be opened, or it is damaged.",
            ["Download it again, or unpack it and import the folder. Nothing was changed."],
        ) from error


def _refuse_none_or_locked(name: str, tables: Sequence[zipfile.ZipInfo]) -> None:
    if not tables:
        raise FileRefused(
            f"{name} was not imported: it holds no table.",
            [f"Expected a file that ends in {', '.join(TABLE_ENDINGS)}. Nothing was changed."],
        )
    if len(tables) > MOST_MEMBERS:
        raise FileRefused(
            f"{name} was not imported: it holds {len(tables):,} tables, and at most {MOST_MEMBERS:,} are read.",
            ["Unpack it and import the folders that are needed. Nothing was changed."],
        )
    if any(member.flag_bits & _ENCRYPTED for member in tables):
        raise FileRefused(
            f"{name} was not imported: it is locked with a password.",
            ["Unpack it with its password and import the folder. Nothing was changed."],
        )


def _is_table(name: str, endings: tuple[str, ...]) -> bool:
    """A table by its ending; not what an open spreadsheet or another system leaves beside one."""
    parts = PurePosixPath(name.replace("\\", "/")).parts
    hidden = any(part.startswith(("~$", "__MACOSX")) or (part[0] == "." and part != "..") for part in parts)
    return not hidden and name.lower().endswith(endings)
