"""The heads of the chains, in a file outside the database: by it a trail that was cut off or written anew is found.

A line is added at each build: the moment, the chain, and its newest row with its hash. Whoever wants to be sure that
not the file was changed with the database keeps a line somewhere else, and gives it to `records verify --expect`.
"""

from datetime import UTC, datetime
from pathlib import Path

from risk_model.casework.chain import Head
from risk_model.casework.store import Records
from risk_model.casework.verifying import heads, read_head
from risk_model.domain.errors import RecordRefused


def keep_heads(records: Records, path: Path) -> dict[str, Head]:
    """Add a line for each chain that has a row, unless the last line of it says the same.

    Returns:
        The heads, by the chain's table.
    """
    now = datetime.now(UTC).isoformat(timespec="seconds")
    found, known = heads(records), dict(kept_heads(path))
    lines = [f"{now} {table} {head}\n" for table, head in found.items() if head.number and known.get(table) != head]
    with path.open("a", encoding="utf-8", newline="\n") as file:
        file.writelines(lines)
    return found


def kept_heads(path: Path) -> list[tuple[str, Head]]:
    """Each head that was kept, with the table of its chain, the oldest first; none where there is no file.

    Raises:
        RecordRefused: a line is not one.
    """
    if not path.exists():
        return []
    found = []
    for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), start=1):
        parts = line.split()
        if len(parts) != 3:
            raise RecordRefused(
                f"Line {number} of {path.name} in the data directory is not a kept head.",
                ["Somebody changed the file: take it from a backup, or remove the line if you know why it is there."],
            )
        found.append((parts[1], read_head(parts[2])))
    return found
