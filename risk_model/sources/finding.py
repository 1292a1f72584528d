"""The files at a path: itself, what a folder holds, the members of a ZIP."""

import io
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from risk_model.domain.errors import FileRefused
from risk_model.sources.naming import safe_name, shown_name

TABLE_ENDINGS = (".csv", ".xlsx", ".xls", ".ods", ".parquet")
MAX_BYTES = 400_000_000
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
    if not path.exists():
        raise FileRefused(
            f"{path} was not imported: there is no such file or folder.",
            ["Check how it is spelt. Nothing was changed."],
        )
    if not path.is_dir():
        yield path
        return
    for inner in sorted(path.rglob("*")):
        if inner.is_file() and _is_table(inner.name, (*TABLE_ENDINGS, ".zip")):
            yield inner


def given_at(path: Path, pointed_at: Path) -> list[Given]:
    """A file's bytes, or the tables of a ZIP; nothing is written to disk.

    Raises:
        FileRefused: it cannot be opened, or is too large.
    """
    name = shown_name(path, pointed_at)
    named = path == pointed_at
    content = _content(path, name)
    return _members(name, content, named=named) if path.suffix.lower() == ".zip" else [Given(name, content, named)]


def refuse_too_large(name: str, members: Sequence[zipfile.ZipInfo]) -> None:
    """Refuse an archive (a ZIP, a workbook) whose parts are together larger than this product reads."""
    if sum(member.file_size for member in members) > MAX_BYTES:
        raise FileRefused(
            f"{name} was not imported: unpacked it would be larger than {MAX_BYTES // 1_000_000} MB.",
            ["No published file is. Unpack it and import the table that is needed. Nothing was changed."],
        )


def _content(path: Path, name: str) -> bytes:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise FileRefused(
                f"{name} was not imported: it is larger than {MAX_BYTES // 1_000_000} MB.",
                ["No published file is. Import the years that are needed one by one. Nothing was changed."],
            )
        return path.read_bytes()
    except OSError as error:
        raise FileRefused(
            f"{name} was not imported: it cannot be opened ({error.strerror or 'no reason was given'}).",
            ["Close it in other programs, check that you may read it, and try again. Nothing was changed."],
        ) from error


def _members(name: str, content: bytes, *, named: bool) -> list[Given]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            inside = archive.infolist()
            refuse_too_large(name, inside)
            tables = [m for m in inside if not m.is_dir() and _is_table(m.filename, TABLE_ENDINGS)]
            _refuse_none_or_locked(name, tables)
            alone = named and len(tables) == 1
            return [Given(f"{name}/{safe_name(m.filename)}", archive.read(m), alone) for m in tables]
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, OSError, EOFError) as error:
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
