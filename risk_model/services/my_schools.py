"""What a system leader sees: the schools that they are allocated to, and no other."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import pandas as pd

from risk_model.casework import ACTIVE_STATUSES, Allocation, allocations, system_leaders
from risk_model.domain.errors import NotAllowed, NotFound
from risk_model.domain.viewer import Right, Viewer, require, require_system_leader
from risk_model.rules.support import read_support_settings
from risk_model.services.copy import Copy
from risk_model.services.support import allocation_rows

_SHOWN = (
    "Support",
    "Status",
    "Days used",
    "Days planned",
    "From",
    "Review",
    "Until",
    "Need",
    "Aim",
    "Success measure",
    "Last update",
)


@dataclass(frozen=True)
class MySchool:
    """A school that a system leader is allocated to.

    Attributes:
        support: what they give it themselves; nobody else's.
        table: the same, a row each: Support, Status, Days used, Days planned (of a group those of this school), From,
            Review, Until, Need, Aim, Success measure, Last update.
    """

    urn: str
    name: str
    phase: str
    locality: str | None
    support: tuple[Allocation, ...]
    table: pd.DataFrame


@dataclass(frozen=True)
class MySchools:
    """A system leader's own schools, by name.

    Attributes:
        label: how the LA calls the system leader.
        not_loaded: URNs of theirs that are no open school of the shown build.
    """

    label: str
    as_at: date
    schools: list[MySchool]
    not_loaded: list[str]

    @property
    def finding(self) -> str:
        """How many schools there are, in one sentence."""
        count = len(self.schools)
        return f"{self.label} is allocated to {count} school{'' if count == 1 else 's'} now."


def view_of(viewer: Viewer, copy: Copy, leader_id: int) -> Viewer:
    """The system leader as a viewer, for the LA to look at what they see: with their rights and no other.

    Raises:
        NotAllowed: the viewer may not read.
        NotFound: there is no such system leader.
    """
    require(viewer, Right.PEOPLE)
    return Viewer(name=_label(copy, leader_id), system_leader_id=leader_id)


def my_schools(viewer: Viewer, copy: Copy) -> MySchools:
    """The schools that the viewer is allocated to as a system leader, and their own support there.

    Support counts from the day on which it is agreed, so that there is time to prepare, until it is over: agreed,
    preparing or active on the day of the build, its last day not passed. What is proposed, paused or ended gives no
    sight.

    Raises:
        NotAllowed: the viewer is no system leader.
        NotFound: the system leader is not recorded any more.
    """
    leader = require_system_leader(viewer)
    own = _by_school(_given_now(copy, leader))
    known = {
        row["urn"]: row
        for row in copy.reader.rows(
            "select urn, name, phase, locality from schools where urn in (select unnest($urns)) order by name, urn",
            {"urns": list(own)},
        )
    }
    return MySchools(
        label=_label(copy, leader),
        as_at=copy.build.as_at,
        schools=[
            MySchool(urn, row["name"], row["phase"], row["locality"], tuple(own[urn]), _table(copy, urn, own[urn]))
            for urn, row in known.items()
        ],
        not_loaded=sorted(set(own) - set(known)),
    )


def own_support(viewer: Viewer, copy: Copy, urn: str) -> list[Allocation]:
    """What a system leader gives one school now.

    Raises:
        NotAllowed: the viewer is no system leader, or is not allocated to that school now.
    """
    own = _by_school(_given_now(copy, require_system_leader(viewer))).get(urn)
    if not own:
        raise NotAllowed(
            f"{viewer.name} may not see this school: no support of theirs is agreed or under way there.",
            ["Ask the LA's lead, who allocates the support."],
        )
    return own


def is_given_now(one: Allocation, as_at: date) -> bool:
    """Whether support is agreed, preparing or active and not over on a day; it may yet have to begin."""
    return one.status in ACTIVE_STATUSES and (one.end_date is None or as_at <= one.end_date)


def _given_now(copy: Copy, leader: int) -> list[Allocation]:
    known = allocations(copy.records)
    return [one for one in known if one.system_leader_id == leader and is_given_now(one, copy.build.as_at)]


def _by_school(known: Sequence[Allocation]) -> dict[str, list[Allocation]]:
    by_school: dict[str, list[Allocation]] = {}
    for one in known:
        for urn in one.urns:
            by_school.setdefault(urn, []).append(one)
    return by_school


def _table(copy: Copy, urn: str, own: Sequence[Allocation]) -> pd.DataFrame:
    stale_after = read_support_settings(copy.data.root).stale_after_days
    rows = allocation_rows([(one, urn) for one in own], copy.build.as_at, stale_after)
    # in the LA's own words alone: a rule that it answers may rest on what stays with the LA
    needs = {one.id: one.need for one in own}
    rows["Need"] = [needs[number] for number in rows["Number"]]
    return pd.DataFrame(rows[list(_SHOWN)])


def _label(copy: Copy, leader: int) -> str:
    for one in system_leaders(copy.records):
        if one.id == leader:
            return one.label
    raise NotFound(f"There is no system leader number {leader}.", ["Load the page again."])
