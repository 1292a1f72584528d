"""What moved since an earlier build, or since the build that a core group had before it."""

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from risk_model.casework import Meeting, meetings
from risk_model.domain.errors import Damaged
from risk_model.domain.periods import in_words
from risk_model.domain.viewer import Right, Viewer, require_reader
from risk_model.domain.words import Priority, Statement, counted
from risk_model.services.comparing import direction_of
from risk_model.services.copy import Copy
from risk_model.services.history_builds import SchoolThen, schools_of
from risk_model.services.scope import Scope
from risk_model.warehouse.flags import KeptFlags, kept_flags

# A year of builds and of termly meetings; further back, History has every day.
_MOST = 12


@dataclass(frozen=True)
class SincePoint:
    """An earlier moment to tell changes against.

    Attributes:
        key: stands in links: "build-3", "meeting-7".
        words: "30 April 2026 (build 1)".
        build_id: of the build that stood then.
    """

    key: str
    words: str
    build_id: str


@dataclass(frozen=True)
class Change:
    """A school's level of one statement that is another than it was."""

    urn: str
    name: str
    statement: str
    level: str
    direction: str


@dataclass(frozen=True)
class Changes:
    """What moved since a point.

    Attributes:
        since: None where there is nothing earlier to compare with.
        flagged, unflagged: names of the schools that became a priority, or are none any more, by URN.
        moved: the levels that moved, the worse first, by name.
        new, gone: how many schools only today's build has, or only the earlier one.
        damage: why what was said then cannot be read; "" where it can.
        new_flagged: how many of the new are a priority: they are not among the flagged, since they were nothing before.
    """

    since: SincePoint | None
    flagged: Mapping[str, str]
    unflagged: Mapping[str, str]
    moved: tuple[Change, ...]
    new: int
    gone: int
    damage: str = ""
    new_flagged: int = 0

    @property
    def in_words(self) -> str:
        """How many schools changed, and how, in a sentence; "" where there is nothing earlier to compare with."""
        if self.since is None:
            return ""
        if self.damage:
            return f"What changed since {self.since.words} cannot be said: what was kept of it cannot be read."
        flagged = f" ({self.new_flagged} of them flagged)" if self.new_flagged else ""
        counts = {
            "newly flagged": len(self.flagged),
            "no longer flagged": len(self.unflagged),
            "with a worse level": self.schools("worse"),
            "with a better level": self.schools("better"),
            "with a level to or from not enough evidence": self.schools("otherwise"),
            f"new in this build{flagged}": self.new,
            "no longer in the build": self.gone,
        }
        told = [f"{counted(count, 'school')} {words}" for words, count in counts.items() if count]
        return f"Since {self.since.words}: {', '.join(told) if told else 'nothing has moved'}."

    def schools(self, direction: str) -> int:
        """How many schools have a level that moved in a direction."""
        return len({one.urn for one in self.moved if one.direction == direction})


NOTHING_EARLIER = Changes(None, {}, {}, (), 0, 0)


def since_points(viewer: Viewer, copy: Copy, scope: Scope) -> list[SincePoint]:
    """The earlier builds, the newest first, then the core groups' meetings of the scope, the newest first; none of
    these for who may not see people.

    Raises:
        NotAllowed: the viewer may not read.
    """
    require_reader(viewer)
    earlier = _earlier(copy)
    builds = [_of_build(one) for one in earlier]
    held = [
        one
        for one in (meetings(copy.records, la_code=scope.la_code) if viewer.may(Right.PEOPLE) else [])
        if scope.locality in (None, one.locality) and one.held_on <= copy.build.as_at
    ]
    of_meetings = [point for one in held if (point := _of_meeting(one, earlier)) is not None]
    return [*builds[:_MOST], *of_meetings[:_MOST]]


def changes_since(viewer: Viewer, copy: Copy, scope: Scope, schools: pd.DataFrame, key: str | None = None) -> Changes:
    """What moved for the schools of a list since a point; since the build before where none is named.

    Args:
        schools: of `school_list`, in the same scope.
        key: of a point; one that there is not is told as the build before.
    Raises:
        NotAllowed: the viewer may not read.
    """
    points = since_points(viewer, copy, scope)
    point = next((one for one in points if one.key == key), next(iter(points), None))
    kept = next((one for one in _earlier(copy) if point and one.build_id == point.build_id), None)
    if point is None or kept is None:
        return NOTHING_EARLIER
    try:
        then = schools_of(kept, scope.la_code)
    except Damaged as error:
        return Changes(point, {}, {}, (), 0, 0, str(error))
    return _compared(point, _in_scope(then, scope), schools)


def _earlier(copy: Copy) -> list[KeptFlags]:
    """What is kept of builds before the one that is shown, the newest first."""
    try:
        known = kept_flags(copy.data)
    except Damaged:
        # what cannot be read of earlier builds is said on the page History
        return []
    return [one for one in reversed(known) if one.number < copy.build.number and one.was_shown is not False]


def _of_build(kept: KeptFlags) -> SincePoint:
    return SincePoint(f"build-{kept.number}", f"{in_words(kept.as_at)} (build {kept.number})", kept.build_id)


def _of_meeting(meeting: Meeting, earlier: list[KeptFlags]) -> SincePoint | None:
    """The build that a meeting had before it: the one that its minutes name, else the newest of its day or before."""
    fitting = [one for one in earlier if one.build_id == meeting.build_id] or [
        one for one in earlier if meeting.build_id is None and one.as_at <= meeting.held_on
    ]
    if not fitting:
        return None
    words = f"the {meeting.locality} core group of {in_words(meeting.held_on)} (build {fitting[0].number})"
    return SincePoint(f"meeting-{meeting.id}", words, fitting[0].build_id)


def _in_scope(then: Mapping[str, SchoolThen], scope: Scope) -> dict[str, SchoolThen]:
    return {
        urn: one
        for urn, one in then.items()
        if scope.locality in (None, one.locality) and scope.phase in (None, one.phase)
    }


def _compared(point: SincePoint, then: Mapping[str, SchoolThen], schools: pd.DataFrame) -> Changes:
    flagged: dict[str, str] = {}
    unflagged: dict[str, str] = {}
    moved: list[Change] = []
    for row in schools.to_dict("records"):
        urn, name = str(row["urn"]), str(row["name"])
        before = then.get(urn)
        if before is None:
            continue
        was, now = before.priority == Priority.PRIORITY, row["priority"] == Priority.PRIORITY
        if now and not was:
            flagged[urn] = name
        if was and not now:
            unflagged[urn] = name
        for statement in Statement:
            level = str(row[f"{statement.value}_level"])
            if level != before.levels[statement]:
                direction = direction_of(before.levels[statement], level)
                moved.append(Change(urn, name, statement.value, level, direction))
    order = {"worse": 0, "better": 1, "otherwise": 2}
    moved.sort(key=lambda one: (order[one.direction], one.name, one.urn, one.statement))
    today = set(schools["urn"])
    new = today - set(then)
    new_flagged = int((schools["urn"].isin(new) & (schools["priority"] == Priority.PRIORITY.value)).sum())
    return Changes(point, flagged, unflagged, tuple(moved), len(new), len(set(then) - today), new_flagged=new_flagged)
