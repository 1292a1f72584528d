"""What England has no figures of: whole files and single figures that were not published for a year."""

import csv
from collections.abc import Mapping
from functools import cache

from risk_model.domain.paths import LOOKUPS

_WHOLE_FILE = "*"


@cache
def _gaps(source_id: str) -> Mapping[str, tuple[str, ...]]:
    gaps: dict[str, tuple[str, ...]] = {}
    with (LOOKUPS / "national_gaps.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["source"] == source_id:
                gaps[row["field"]] = (*gaps.get(row["field"], ()), row["period"])
    return gaps


def field_gaps(source_id: str) -> dict[str, tuple[str, ...]]:
    """The years of which a source's file has a column without figures: {field: years}."""
    return {field: years for field, years in _gaps(source_id).items() if field != _WHOLE_FILE}


def years_without_file(source_id: str) -> tuple[str, ...]:
    """The years of which a source has no file at all, so that none can be loaded."""
    return _gaps(source_id).get(_WHOLE_FILE, ())
