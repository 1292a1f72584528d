"""Core groups: one for each locality of an LA, or one for all its schools; when each met, and what is open."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import pandas as pd

from risk_model.casework import Meeting, actions, meetings
from risk_model.domain.errors import NotFound
from risk_model.domain.viewer import Right, Viewer, require
from risk_model.domain.words import Priority
from risk_model.services.at_risk import school_list
from risk_model.services.copy import Copy
from risk_model.services.scope import Scope

GROUP_COLUMNS = ("Group", "Schools", "Priority", "Last meeting", "Next meeting", "Open minutes", "Overdue actions")


@dataclass(frozen=True)
class Group:
    """A core group.

    Attributes:
        name: as meetings are recorded for it: a locality's, or the LA's where it has no localities.
        locality: None where the group is of the whole LA.
    """

    la_code: str
    name: str
    locality: str | None

    @property
    def scope(self) -> Scope:
        """The schools that it looks at."""
        return Scope(self.la_code, self.locality)


def core_groups(viewer: Viewer, copy: Copy, scope: Scope) -> list[Group]:
    """The core groups of an LA, by name: of its localities, or of all its schools where it has none.

    Args:
        scope: its locality narrows the list to that group.
    Raises:
        NotAllowed: the viewer may not read.
    """
    require(viewer, Right.PEOPLE)
    if scope.la_code is None:
        return []
    known = copy.reader.rows(
        "select distinct locality, la_name from schools where la_code = $la order by 1", {"la": scope.la_code}
    )
    found = [Group(scope.la_code, row["locality"], row["locality"]) for row in known if row["locality"]]
    if not found and known:
        found = [Group(scope.la_code, known[0]["la_name"], None)]
    return [one for one in found if scope.locality in (None, one.locality)]


def group_of(viewer: Viewer, copy: Copy, meeting: Meeting) -> Group:
    """The core group of a meeting.

    Raises:
        NotAllowed: the viewer may not read.
        NotFound: the shown build has no such locality or LA any more.
    """
    for one in core_groups(viewer, copy, Scope(meeting.la_code)):
        if one.name == meeting.locality:
            return one
    raise NotFound(
        f"The shown build has no locality {meeting.locality}.",
        ["Its minutes stand. To go on with the group, import a list of localities that names it."],
    )


def last_before(known: Sequence[Meeting], group: Group, day: date) -> Meeting | None:
    """The last meeting of a group before a day that is known to have met; one that is only prepared is none."""
    before = [one for one in known if one.has_met and one.locality == group.name and one.held_on < day]
    return max(before, key=lambda one: (one.held_on, one.id), default=None)


def group_table(viewer: Viewer, copy: Copy, scope: Scope) -> pd.DataFrame:
    """What there is of each core group, a row each: GROUP_COLUMNS. A day that is not known is missing.

    Raises:
        NotAllowed: the viewer may not read.
    """
    require(viewer, Right.PEOPLE)
    as_at = copy.build.as_at
    schools = school_list(viewer, copy, Scope(scope.la_code))
    known = meetings(copy.records, la_code=scope.la_code)
    overdue = [one.urn for one in actions(copy.records, la_code=scope.la_code) if one.is_overdue_on(as_at)]
    rows = []
    for group in core_groups(viewer, copy, scope):
        here = schools if group.locality is None else schools[schools["locality"] == group.locality]
        held = [one for one in known if one.locality == group.name]
        locked = [one for one in held if one.is_locked]
        latest = max(locked, key=lambda one: one.held_on, default=None)
        rows.append(
            {
                "Group": group.name,
                "Schools": len(here),
                "Priority": int((here["priority"] == Priority.PRIORITY.value).sum()),
                "Last meeting": latest.held_on if latest else None,
                "Next meeting": latest.next_on if latest else None,
                "Open minutes": len(held) - len(locked),
                "Overdue actions": sum(urn in set(here["urn"]) for urn in overdue),
            }
        )
    return pd.DataFrame(rows, columns=list(GROUP_COLUMNS))
