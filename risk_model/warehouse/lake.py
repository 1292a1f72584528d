"""The lake: one Parquet file per release, written once, with what is known of it beside it.

A release is there when its description is there: the Parquet is written and renamed first, the description
last, so a crash at any point leaves the earlier state whole.
"""

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from risk_model.domain.paths import DataDir

ROW = "_row"


@dataclass(frozen=True)
class Release:
    """One dated issue of a source, as it was imported.

    Attributes:
        release_id: source, period or as-at date, and the start of the content's hash.
        period: academic year "2023-2024", where the source is a yearly one.
        as_at: the day that the file describes, where the source is a snapshot.
        published_on: from when it counts; published_by says how that is known.
        header: the column names as published, in order.
        problems: what a data officer should know, in words.
    """

    release_id: str
    source_id: str
    original_name: str
    sha256: str
    period: str | None
    as_at: date | None
    published_on: date
    published_by: str
    provisional: bool
    header: tuple[str, ...]
    rows_read: int
    rows_kept: int
    schools: int
    las: int
    is_demo: bool
    imported_at: datetime
    imported_by: str
    problems: tuple[str, ...] = field(default=())

    @property
    def label(self) -> str:
        """What a screen calls its date: the academic year, or "as at" the day."""
        return self.period or (f"as at {self.as_at:%d/%m/%Y}" if self.as_at else "history")


def parquet_path(data: DataDir, release_id: str) -> Path:
    """Where a release's rows are."""
    return data.lake / f"{release_id}.parquet"


def write_release(data: DataDir, release: Release, table: pa.Table) -> None:
    """Store a release: its rows first, then its description, each by rename."""
    data.lake.mkdir(parents=True, exist_ok=True)
    target = parquet_path(data, release.release_id)
    partial = target.with_suffix(".parquet.partial")
    pq.write_table(table, partial, compression="zstd")
    os.replace(partial, target)
    description = target.with_suffix(".json")
    partial = target.with_suffix(".json.partial")
    partial.write_text(json.dumps(asdict(release), default=str, indent=1, ensure_ascii=False), "utf-8")
    os.replace(partial, description)


def read_releases(data: DataDir) -> list[Release]:
    """Every release of the lake, by source and date."""
    found = [_release(json.loads(path.read_text("utf-8"))) for path in data.lake.glob("*.json")]
    return sorted(found, key=lambda r: (r.source_id, r.period or str(r.as_at or ""), r.release_id))


def _release(stored: Mapping[str, Any]) -> Release:
    return Release(
        **{
            **stored,
            "as_at": date.fromisoformat(stored["as_at"]) if stored["as_at"] else None,
            "published_on": date.fromisoformat(stored["published_on"]),
            "imported_at": datetime.fromisoformat(stored["imported_at"]),
            "header": tuple(stored["header"]),
            "problems": tuple(stored["problems"]),
        }
    )
