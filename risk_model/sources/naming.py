"""What a file is called on screens and in the catalogue: as much of its path as the user pointed at."""

import re
from pathlib import Path

_LONGEST_PART = 120
_LONGEST_FILE_NAME = 120
_NOT_SHOWN = frozenset({"", ".", ".."})
# Windows opens a device by these names, whatever their ending
_DEVICE = re.compile(r"^(con|prn|aux|nul|com\d|lpt\d)(?=\.|$)", re.IGNORECASE)


def shown_name(path: Path, pointed_at: Path) -> str:
    """A file's name below what the user named; a file by itself with its folder, which often says a year.

    The rest of the path is this machine's business: it is neither shown nor searched for dates.
    """
    # a link is called what it is called here, wherever it leads
    if path == pointed_at:
        return safe_name(f"{path.absolute().parent.resolve().name}/{path.name or path.resolve().name}")
    return safe_name(f"{pointed_at.resolve().name}/{path.relative_to(pointed_at).as_posix()}")


def safe_name(name: str) -> str:
    """A name from outside (a ZIP's member, an upload) without ways up and characters that do not print."""
    parts = [_safe_part(part) for part in name.replace("\\", "/").split("/")]
    return "/".join(part for part in parts if part not in _NOT_SHOWN) or "unnamed"


def safe_file_name(name: str) -> str:
    """A file name from outside (an upload, a server) as one that is safe to write: its last part, plain characters.

    The year or date in it is kept, since the import reads them there; of a long name the end, with its ending.
    """
    last = re.split(r"[/\\]", name)[-1]
    plain = re.sub(r"[^\w.() -]", "_", last).strip(" .")[-_LONGEST_FILE_NAME:].strip(" .")
    return _DEVICE.sub(r"_\1", plain) or "upload"


def _safe_part(part: str) -> str:
    return shown(part.strip())


def shown(text: str, longest: int = _LONGEST_PART) -> str:
    """A text from a file as it may be shown: what does not print as "?", and no longer than a line."""
    printed = "".join(c if c.isprintable() else "?" for c in text[: longest + 1])
    return printed if len(text) <= longest else printed[: longest - 1] + "…"
