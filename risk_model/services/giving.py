"""Who gives a piece of support: which school, or who else; and which pieces are support that was given."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from risk_model.casework import (
    ACTIVE_STATUSES,
    Allocation,
    AllocationStatus,
    ProviderType,
    SystemLeader,
)

GIVEN_STATUSES: frozenset[AllocationStatus] = ACTIVE_STATUSES | {
    AllocationStatus.PAUSED,
    AllocationStatus.COMPLETED,
    AllocationStatus.ENDED_EARLY,
}
KIND_NOT_RECORDED = "kind not recorded"


@dataclass(frozen=True)
class Giver:
    """Who gives support.

    Attributes:
        urn: of the giving school; None where the giver is no school, or it is not certain which one.
        name: the provider as it is recorded, or the system leader's label.
        kind: "school", or the type of the provider in the words of the record.
    """

    urn: str | None
    name: str
    kind: str


@dataclass(frozen=True)
class Given:
    """One school's part in one piece of support that was given.

    Attributes:
        urn: the school that is supported, or that supports.
        kind: of support, in the words of the record.
        start: None where it is not recorded; then nobody can say what was before it.
        end: None where it is open.
    """

    urn: str
    kind: str
    start: date | None
    end: date | None

    def overlaps(self, first: date, last: date) -> bool:
        """Whether it may have run on a day from first to last; not knowing when it began counts as yes."""
        begun = self.start is None or self.start <= last
        return begun and (self.end is None or self.end >= first)


def giver_of(one: Allocation, leaders: Mapping[int, SystemLeader], urns: Mapping[str, str | None]) -> Giver:
    """Who gives an allocation: the system leader's home school, else the school that is named as its provider, else
    the provider, which is no school.

    Args:
        leaders: the LA's system leaders by number.
        urns: of each school's exact name its URN; None where several have it.
    """
    leader = leaders.get(one.system_leader_id) if one.system_leader_id is not None else None
    if leader is not None and leader.home_urn is not None:
        return Giver(leader.home_urn, leader.label, ProviderType.SCHOOL.value)
    if one.provider_type is ProviderType.SCHOOL:
        return Giver(urns.get(one.provider_name), one.provider_name, ProviderType.SCHOOL.value)
    return Giver(None, one.provider_name, one.provider_type.value)


def urns_by_name(schools: Iterable[tuple[str, str]]) -> dict[str, str | None]:
    """Of each name the URN that has it, or None where it is not certain which.

    Args:
        schools: (name, URN) of each.
    """
    found: dict[str, str | None] = {}
    for name, urn in schools:
        found[name] = None if name in found else urn
    return found


def was_given(one: Allocation, as_at: date) -> bool:
    """Whether support was given by a day: agreed or further, never called off, and not yet to begin."""
    return one.status in GIVEN_STATUSES and (one.start_date is None or one.start_date <= as_at)


def received(known: Sequence[Allocation], as_at: date) -> list[Given]:
    """What each supported school had, one entry for each school of each piece."""
    return [_given(one, urn) for one in known if was_given(one, as_at) for urn in one.urns]


def given_by_schools(
    known: Sequence[Allocation],
    leaders: Mapping[int, SystemLeader],
    urns: Mapping[str, str | None],
    as_at: date,
) -> list[Given]:
    """What each supporting school gave to another, one entry for each piece."""
    found = []
    for one in known:
        giver = giver_of(one, leaders, urns)
        if giver.urn is not None and giver.urn not in one.urns and was_given(one, as_at):
            found.append(_given(one, giver.urn))
    return found


def _given(one: Allocation, urn: str) -> Given:
    kind = KIND_NOT_RECORDED if one.support_type is None else one.support_type.value
    return Given(urn, kind, one.start_date, one.end_date)
