"""What a file is called on screens and in the catalogue: as much of its path as the user pointed at."""

from pathlib import Path

_LONGEST_PART = 120
_NOT_SHOWN = frozenset({"", ".", ".."})


def shown_name(path: Path, pointed_at: Path) -> str:
    """A file's name below what the user named; a file by itself with its folder, which often says a year.

    The rest of the path is this machine's business: it is neither shown nor searched for dates.
    """
    path, pointed_at = path.resolve(), pointed_at.resolve()
    inner = path.relative_to(pointed_at) if path != pointed_at else Path(path.name)
    folder = pointed_at.name if path != pointed_at else path.parent.name
    return safe_name(f"{folder}/{inner.as_posix()}")


def safe_name(name: str) -> str:
    """A name from outside (a ZIP's member, an upload) without ways up and characters that do not print."""
    parts = [_safe_part(part) for part in name.replace("\\", "/").split("/")]
    return "/".join(part for part in parts if part not in _NOT_SHOWN) or "unnamed"


def _safe_part(part: str) -> str:
    printed = "".join(c if c.isprintable() else "?" for c in part.strip())
    return printed if len(printed) <= _LONGEST_PART else printed[: _LONGEST_PART - 1] + "…"
