"""Who gets the LA's time: how often schools of each kind are flagged, what support they have, how long they waited.

A description of what is recorded, by groups; it does not say what would be fair. Groups of fewer than five schools are
named and not told, since one school would be their figure.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from statistics import median
from typing import Any

from risk_model.casework import allocations
from risk_model.domain.errors import Damaged
from risk_model.domain.viewer import Viewer, require_reader
from risk_model.domain.words import Priority
from risk_model.scoring.intervals import Limits, share_limits
from risk_model.services.at_risk import school_list
from risk_model.services.copy import Copy
from risk_model.services.giving import Given, received
from risk_model.services.scope import Scope
from risk_model.warehouse.flags import kept_flags, read_flags

FEWEST = 5
# Builds of longer ago say nothing of a wait that anybody could still shorten: our choice.
_MOST_BUILDS = 12
_FIFTHS = {"1": "fifth 1, least disadvantaged", "5": "fifth 5, most disadvantaged"}
_NO_LOCALITY = "no locality"
# By what schools are grouped: {code: in words}.
GROUPINGS: dict[str, str] = {
    "fsm": "Disadvantaged pupils, in fifths of the schools of the phase",
    "phase": "Phase",
    "size": "Size",
    "type": "Who runs the school",
    "locality": "Locality",
}
_GROUPS_SQL = "select urn, phase, size_band, fsm_fifth, is_academy from school_groups where list_contains($urns, urn)"


@dataclass(frozen=True)
class Waits:
    """How long flagged schools waited for support, in days since a kept build first had them flagged.

    Attributes:
        started: of schools with support: until it began, 0 where it was there already.
        waiting: of schools without any: until the day of the build.
        not_known: schools whose support has no recorded start.
    """

    started: tuple[int, ...] = ()
    waiting: tuple[int, ...] = ()
    not_known: int = 0


@dataclass(frozen=True)
class GroupTime:
    """The schools of one group, and the support recorded for them on the day of the build.

    Attributes:
        pupils: of those schools whose roll is known; planned_with_roll: days planned for these.
        flagged: schools of the place "priority"; supported: of these, with active support.
        planned, used: person-days of active support for flagged schools, as far as recorded.
        days_not_known: flagged schools that have support of which no days are recorded; used_not_known: of which it is
            not recorded how many were used.
    """

    name: str
    schools: int
    pupils: int
    without_roll: int
    flagged: int
    supported: int
    planned: float
    used: float
    planned_with_roll: float
    days_not_known: int
    used_not_known: int
    waits: Waits = field(default_factory=Waits)

    @property
    def is_told(self) -> bool:
        """Whether the group is large enough for its figures to be told."""
        return self.schools >= FEWEST

    @property
    def flag_rate(self) -> Limits | None:
        """Flagged schools in percent, between 95% limits; None for a group that is not told."""
        return share_limits(100 * self.flagged / self.schools, self.schools) if self.is_told else None

    @property
    def planned_each(self) -> float | None:
        """Days planned for each flagged school; None for fewer than five of them, or where days are not recorded."""
        counted = self.flagged - self.days_not_known
        return self.planned / counted if counted >= FEWEST else None

    @property
    def used_each(self) -> float | None:
        """Days used for each flagged school; None as with those planned."""
        counted = self.flagged - self.used_not_known
        return self.used / counted if counted >= FEWEST else None

    @property
    def per_1000_pupils(self) -> float | None:
        """Days planned for all schools of the group, for each 1,000 of their pupils."""
        return 1000 * self.planned_with_roll / self.pupils if self.is_told and self.pupils else None

    @property
    def days_until_support(self) -> float | None:
        """The middle of the days until support began; None for fewer than five schools."""
        return float(median(self.waits.started)) if len(self.waits.started) >= FEWEST else None

    @property
    def days_waiting(self) -> float | None:
        """The middle of the days that schools without support have waited so far; None for fewer than five."""
        return float(median(self.waits.waiting)) if len(self.waits.waiting) >= FEWEST else None


@dataclass(frozen=True)
class Attention:
    """The groups side by side.

    Attributes:
        together: all schools in scope.
        groups: in the order of the screen.
        since: the day of the earliest build by which waits are counted; None where only one is kept.
        damage: what could not be read, in words.
    """

    together: GroupTime
    groups: tuple[GroupTime, ...]
    since: date | None
    damage: str


def attention(viewer: Viewer, copy: Copy, scope: Scope, grouping: str) -> Attention:
    """The schools in scope by group, each with how many are flagged, their support and how long they waited.

    Args:
        grouping: of GROUPINGS.
    Raises:
        NotAllowed: the viewer may not read.
    """
    require_reader(viewer)
    schools = school_list(viewer, copy, scope).to_dict("records")
    groups_of = {row["urn"]: row for row in copy.reader.rows(_GROUPS_SQL, {"urns": [one["urn"] for one in schools]})}
    flagged = {one["urn"] for one in schools if one["priority"] == Priority.PRIORITY}
    first, since, damage = _first_flagged(copy, scope, flagged)
    given = received(allocations(copy.records, la_code=scope.la_code), copy.build.as_at)
    waits = _days(first, given, copy.build.as_at)
    members: dict[str, list[Mapping[Any, Any]]] = {}
    for one in schools:
        members.setdefault(_group(grouping, one, groups_of.get(one["urn"], {})), []).append(one)
    return Attention(
        together=_counted("All schools here", schools, waits),
        groups=tuple(_counted(name, members[name], waits) for name in sorted(members, key=_order)),
        since=since,
        damage=damage,
    )


def _group(grouping: str, school: Mapping[Any, Any], said: Mapping[str, Any]) -> str:
    match grouping:
        case "phase":
            return str(school["phase_group"])
        case "size":
            return f"{school['phase_group']}, {said.get('size_band') or 'not known'} pupils"
        case "type":
            return {True: "academy", False: "maintained"}.get(said.get("is_academy"), "not known")  # type: ignore[arg-type]
        case "locality":
            return school["locality"] if isinstance(school["locality"], str) else _NO_LOCALITY
    fifth = str(said.get("fsm_fifth") or "not known")
    return _FIFTHS.get(fifth, f"fifth {fifth}")


def _order(name: str) -> tuple[bool, str, int, str]:
    """Fifths and names in order, sizes from small to large, what is not known last."""
    phase, _, size = name.partition(", ")
    is_last = name == _NO_LOCALITY or "not known" in name
    numbers = {"under": 0, "over": 10**6}
    word = size.split(" ")[0] if size else ""
    return is_last, phase, numbers.get(word, int(word.replace(",", "")) if word.replace(",", "").isdigit() else 0), name


def _first_flagged(copy: Copy, scope: Scope, flagged: set[str]) -> tuple[dict[str, date], date | None, str]:
    """Of each flagged school the day of the first of the builds that had it flagged without a break until today."""
    as_at = copy.build.as_at
    try:
        of_day = {one.as_at: one for one in kept_flags(copy.data) if one.as_at <= as_at and one.sha256 is not None}
        days = sorted(of_day, reverse=True)[:_MOST_BUILDS]
        first = dict.fromkeys(flagged, as_at)
        still = set(flagged)
        for day in days:
            if day == as_at:
                continue
            rows = read_flags(of_day[day], la_code=scope.la_code)
            still &= {row["urn"] for row in rows if row["priority"] == Priority.PRIORITY}
            first.update(dict.fromkeys(still, day))
    except Damaged as error:
        return {}, None, str(error)
    return first, (min(days) if len(days) > 1 else None), ""


def _days(first: Mapping[str, date], given: Sequence[Given], as_at: date) -> dict[str, tuple[str, int]]:
    """Of each flagged school whether it has support or waits, and how many days that took or takes."""
    of_school: dict[str, list[Given]] = {}
    for one in given:
        of_school.setdefault(one.urn, []).append(one)
    found = {}
    for urn, day in first.items():
        own = [one for one in of_school.get(urn, []) if one.overlaps(day, as_at)]
        starts = [one.start for one in own]
        if not own:
            found[urn] = ("waiting", (as_at - day).days)
        elif None in starts:
            found[urn] = ("not known", 0)
        else:
            found[urn] = ("started", max(0, (min(start for start in starts if start) - day).days))
    return found


def _counted(name: str, schools: Sequence[Mapping[Any, Any]], waits: Mapping[str, tuple[str, int]]) -> GroupTime:
    flagged = [one for one in schools if one["priority"] == Priority.PRIORITY]
    with_roll = [one for one in schools if _known(one["pupils"])]
    own = [waits[one["urn"]] for one in flagged if one["urn"] in waits]
    return GroupTime(
        name=name,
        schools=len(schools),
        pupils=sum(int(one["pupils"]) for one in with_roll),
        without_roll=len(schools) - len(with_roll),
        flagged=len(flagged),
        supported=sum(one["support_active"] > 0 for one in flagged),
        planned=_sum(flagged, "support_days_planned"),
        used=_sum(flagged, "support_days_used"),
        planned_with_roll=_sum(with_roll, "support_days_planned"),
        days_not_known=_not_recorded(flagged, "support_days_planned"),
        used_not_known=_not_recorded(flagged, "support_days_used"),
        waits=Waits(
            tuple(days for what, days in own if what == "started"),
            tuple(days for what, days in own if what == "waiting"),
            sum(what == "not known" for what, _ in own),
        ),
    )


def _not_recorded(schools: Sequence[Mapping[Any, Any]], column: str) -> int:
    return sum(one["support_active"] > 0 and not _known(one[column]) for one in schools)


def _known(value: Any) -> bool:
    """Whether a figure is one: in a table a missing one is NaN, which equals nothing, or NA."""
    return value is not None and bool(value == value)


def _sum(schools: Sequence[Mapping[Any, Any]], column: str) -> float:
    return float(sum(one[column] for one in schools if _known(one[column])))
