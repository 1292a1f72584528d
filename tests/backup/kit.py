"""Taking a backup apart and putting it together again, sealed as the product seals it."""

import hashlib
import json
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import select

from risk_model.casework import Records
from risk_model.casework.tables import METADATA
from risk_model.warehouse.archive import MANIFEST

SEAL = 64


def contents(archive: Path) -> dict[str, bytes]:
    """Every member by name, the manifest among them."""
    with zipfile.ZipFile(archive) as opened:
        return {one: opened.read(one) for one in opened.namelist()}


def sealed(target: Path, members: Mapping[str, bytes]) -> Path:
    """A ZIP of these members with a true seal: only what its manifest says can be wrong with it."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
        archive.comment = b"0" * SEAL
    seal(target)
    return target


def seal(archive: Path) -> None:
    """Put the true seal at the end of a file."""
    content = archive.read_bytes()[:-SEAL]
    archive.write_bytes(content + hashlib.sha256(content).hexdigest().encode())


def named(name: str, content: bytes) -> dict[str, Any]:
    """A member as a manifest names it."""
    return {"name": name, "size": len(content), "sha256": hashlib.sha256(content).hexdigest()}


def with_manifest(members: Mapping[str, bytes], /, **changed: Any) -> dict[str, bytes]:
    """The same members with a manifest that fits them, but for what is changed."""
    files = {name: content for name, content in members.items() if name != MANIFEST}
    told = json.loads(members[MANIFEST])
    told["members"] = [named(name, content) for name, content in files.items()]
    return {**files, MANIFEST: json.dumps({**told, **changed}).encode()}


def every_row(records: Records) -> dict[str, list[tuple[Any, ...]]]:
    """All rows of all tables of the records, each table in the order of its key."""
    with records.engine.connect() as connection:
        return {
            table.name: [tuple(row) for row in connection.execute(select(table).order_by(*table.primary_key))]
            for table in METADATA.sorted_tables
        }
