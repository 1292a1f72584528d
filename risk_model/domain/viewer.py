"""Who is asking, and what they may do. Every service takes the viewer first and denies by default."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from risk_model.domain.errors import NotAllowed

_ASK = "Ask the LA's lead for access."
# stands for every locality of an LA, where the LA's schools are one group
WHOLE_LA = ""


class Right(StrEnum):
    """One thing that a viewer may do, as it ends the sentence "you may …"."""

    READ = "read schools' figures, judgements and the rules behind them"
    PEOPLE = "see who helps a school, and what people have recorded"
    RESTRICTED = "see restricted notes"
    SUPPORT = "change support, system leaders and expressions of interest"
    JUDGE = "record advisers' views and heads' comments"
    MEET = "prepare and hold core group meetings"
    LETTERS = "write letters and take steps of the ladder"
    RAISE = "raise academies with the regional director"
    EXPORT = "take tables, letters and minutes out of the product"
    SEND = "take out the list of academies for the regional director"
    LOAD = "import and withdraw files, and build"
    APPROVE = "approve the rules"
    ADMIN = "decide who sees what, and look after the records"


class Role(StrEnum):
    """What a person is to the product. A role says nothing of whose schools: its grant does."""

    VIEWER = "viewer"
    HEAD = "head or chair of governors"
    MEMBER = "locality member"
    CHAIR = "core-group chair"
    SYSTEM_LEADER = "system leader"
    TEAM = "LA team member"
    ADVISER = "adviser"
    DATA_LEAD = "data lead"
    LEAD = "lead"
    ADMIN = "admin"


_OFFICER = frozenset({Right.READ, Right.PEOPLE, Right.RESTRICTED, Right.SUPPORT, Right.EXPORT})
_ADVISER = _OFFICER | {Right.JUDGE, Right.MEET, Right.LETTERS, Right.RAISE}
# A head, a member and a system leader have no right over an LA's schools: they see their own, by what they are.
RIGHTS_OF: Mapping[Role, frozenset[Right]] = MappingProxyType(
    {
        Role.VIEWER: frozenset({Right.READ}),
        Role.HEAD: frozenset(),
        Role.MEMBER: frozenset(),
        Role.CHAIR: frozenset(),
        Role.SYSTEM_LEADER: frozenset(),
        Role.TEAM: _OFFICER,
        Role.ADVISER: _ADVISER,
        Role.DATA_LEAD: frozenset({Right.READ, Right.PEOPLE, Right.EXPORT, Right.LOAD}),
        Role.LEAD: _ADVISER | {Right.SEND, Right.APPROVE},
        Role.ADMIN: frozenset({Right.ADMIN}),
    }
)


@dataclass(frozen=True)
class Viewer:
    """A person who looks at the product.

    Attributes:
        name: a label for the audit trail.
        rights: what they may do with the schools of their LAs.
        la_codes: the LAs whose judgements and records they may see; None for every LA in this copy.
        system_leader_id: the number of the system leader that they are, who sees the schools that they are allocated
            to and nothing else; None for everybody else.
        localities: (LA code, locality) of the core groups that they sit in; they see what is agreed there.
        chairs: those of them whose meetings they hold.
        own_urns: the schools whose head or chair of governors they are; they see these schools' own pages.
    """

    name: str
    rights: frozenset[Right] = frozenset()
    la_codes: frozenset[str] | None = frozenset()
    system_leader_id: int | None = None
    localities: frozenset[tuple[str, str]] = frozenset()
    chairs: frozenset[tuple[str, str]] = frozenset()
    own_urns: frozenset[str] = frozenset()

    def may(self, right: Right) -> bool:
        """Whether they have a right, over the schools of their LAs."""
        return right in self.rights

    def sits_in(self, la_code: str, locality: str | None) -> bool:
        """Whether they sit in a core group; locality None for the group of a whole LA."""
        return _is_among(la_code, locality, self.localities)

    def holds_meetings_of(self, la_code: str, locality: str | None) -> bool:
        """Whether they hold a core group's meetings, for its LA or as its chair; locality None for a whole LA's."""
        is_of_la = self.la_codes is None or la_code in self.la_codes
        return (self.may(Right.MEET) and is_of_la) or _is_among(la_code, locality, self.chairs)


def _is_among(la_code: str, locality: str | None, groups: frozenset[tuple[str, str]]) -> bool:
    return (la_code, locality) in groups or (la_code, WHOLE_LA) in groups


def local_viewer() -> Viewer:
    """The one person at this machine, who may see and do everything: where no sign-in is configured."""
    return Viewer("local user", frozenset(Right), la_codes=None)


def as_reader(viewer: Viewer) -> Viewer:
    """The viewer as one who reads for the LA: for a service that has decided already what of it the viewer is shown."""
    rights = frozenset({Right.READ, Right.PEOPLE, Right.EXPORT})
    return Viewer(viewer.name, rights, la_codes=None)


def require(viewer: Viewer, right: Right) -> None:
    """Refuse a viewer who lacks a right.

    Raises:
        NotAllowed: they have no right to do this, in any LA.
    """
    if not viewer.may(right):
        done = "see" if right in {Right.READ, Right.PEOPLE, Right.RESTRICTED} else "change"
        raise NotAllowed(f"{viewer.name} may not {done} this: it takes the right to {right}.", [_ASK])


def require_reader(viewer: Viewer) -> None:
    """Refuse a viewer who may not read.

    Raises:
        NotAllowed: the viewer has no right to read this copy's figures.
    """
    require(viewer, Right.READ)


def require_role(viewer: Viewer) -> None:
    """Refuse whoever has no role at all: for what says nothing of any school, as the words and the guide.

    Raises:
        NotAllowed: no role is given to them.
    """
    is_somebody = viewer.rights or viewer.localities or viewer.own_urns or viewer.system_leader_id is not None
    if not is_somebody:
        raise NotAllowed(f"{viewer.name} may not see this: no role is given to them.", [_ASK])


def require_la(viewer: Viewer, la_code: str, right: Right = Right.READ) -> None:
    """Refuse a viewer who lacks a right for one LA.

    Raises:
        NotAllowed: they lack it, or have it only for other LAs.
    """
    require(viewer, right)
    if viewer.la_codes is not None and la_code not in viewer.la_codes:
        raise NotAllowed(f"{viewer.name} may not see this: it is of another local authority.", [_ASK])


def require_system_leader(viewer: Viewer) -> int:
    """Refuse a viewer who is no system leader.

    Returns:
        The number of the system leader that the viewer is.
    Raises:
        NotAllowed: the viewer is none, whatever else they may see.
    """
    if viewer.system_leader_id is None:
        raise NotAllowed(f"{viewer.name} may not see this: it is a system leader's own view.", [_ASK])
    return viewer.system_leader_id
