"""One piece of support with all that belongs to it: objectives, visits, the supporter's school, its history."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import pandas as pd

from risk_model.casework import Allocation, AuditEntry, Objective, Visit, audit_trail, objectives, visits
from risk_model.domain.viewer import Right, Viewer, require
from risk_model.services.copy import Copy
from risk_model.services.support import standing
from risk_model.services.support_changes import one_allocation
from risk_model.services.supporters import supporter_standing

_PASSED = frozenset({"id", "version", "la_code"})


@dataclass(frozen=True)
class OneSupport:
    """One piece of support.

    Attributes:
        schools: {urn: name} of the schools that it is for.
        standing: active, stale, not started, paused or ended, on the as-at date.
        slips: what slips in the supporter's own school, "" for nothing.
        history: When, Who, What: the newest first, in words.
    """

    allocation: Allocation
    schools: dict[str, str]
    standing: str
    slips: str
    objectives: list[Objective]
    visits: list[Visit]
    history: pd.DataFrame


def one_support(viewer: Viewer, copy: Copy, allocation_id: int) -> OneSupport:
    """One piece of support with all that belongs to it.

    Raises:
        NotAllowed: the viewer may not read.
        NotFound: there is none of that number.
    """
    require(viewer, Right.PEOPLE)
    one = one_allocation(viewer, copy, allocation_id)
    rows = copy.reader.rows("select urn, name from schools where urn in (select unnest($urns))", {"urns": [*one.urns]})
    names = {row["urn"]: row["name"] for row in rows}
    return OneSupport(
        allocation=one,
        schools={urn: names.get(urn, f"a school that is not loaded ({urn})") for urn in one.urns},
        standing=standing(viewer, copy, one),
        slips=supporter_standing(viewer, copy, [one]).get(one.id, ""),
        objectives=objectives(copy.records, allocation_id=one.id),
        visits=visits(copy.records, allocation_id=one.id),
        history=_history(audit_trail(copy.records, table="allocation", record_id=one.id)),
    )


def _history(entries: list[AuditEntry]) -> pd.DataFrame:
    rows = [(entry.at, entry.who, _in_words(entry)) for entry in entries]
    return pd.DataFrame(rows, columns=["When", "Who", "What"])


def _in_words(entry: AuditEntry) -> str:
    """What one change did, field by field."""
    after = entry.after or {}
    if entry.before is None:
        said = f"recorded as {after.get('status')}"
    else:
        said = "; ".join(_changes(entry.before, after)) or entry.what.value
    return f"{said}. Reason: {entry.reason}" if entry.reason else said


def _changes(before: Mapping[str, object], after: Mapping[str, object]) -> list[str]:
    return [
        f"{name.replace('_', ' ')}: {_value(before.get(name))} → {_value(after[name])}"
        for name in after
        if name not in _PASSED and before.get(name) != after[name]
    ]


def _value(value: object) -> str:
    if value is None:
        return "not recorded"
    if isinstance(value, str):
        try:
            return f"{date.fromisoformat(value):%d/%m/%Y}"
        except ValueError:
            return value
    return f"{value:g}" if isinstance(value, float) else str(value)
