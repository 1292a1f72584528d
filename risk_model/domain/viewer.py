"""Who is asking. Every service takes the viewer first and denies by default."""

from dataclasses import dataclass

from risk_model.domain.errors import NotAllowed

_ASK = "Ask the LA's lead for access."


@dataclass(frozen=True)
class Viewer:
    """A person who looks at the product.

    Attributes:
        name: a label for the audit trail.
        may_see_all: may read every school's figures and records, of every LA in this copy.
        may_write: may change records and import files.
        system_leader_id: the number of the system leader that they are, who sees the schools that they are allocated
            to and nothing else; None for everybody else.
        may_see_restricted: an officer of the LA, who sees restricted notes as well.
        la_codes: the LAs whose schools they may export; None for every LA in this copy.
        localities: (LA code, locality) of the core groups that they sit in; they see what is agreed there.
        own_urns: the schools whose head or chair of governors they are; they see these schools' own pages.
    """

    name: str
    may_see_all: bool = False
    may_write: bool = False
    system_leader_id: int | None = None
    may_see_restricted: bool = False
    la_codes: frozenset[str] | None = None
    localities: frozenset[tuple[str, str]] = frozenset()
    own_urns: frozenset[str] = frozenset()


def local_viewer() -> Viewer:
    """The one person at this machine, who may see and do everything (no sign-in yet)."""
    return Viewer(name="local user", may_see_all=True, may_write=True, may_see_restricted=True)


def require_reader(viewer: Viewer) -> None:
    """Refuse a viewer who may not read.

    Raises:
        NotAllowed: the viewer has no right to read this copy's figures.
    """
    if not viewer.may_see_all:
        raise NotAllowed(f"{viewer.name} may not see this.", [_ASK])


def require_writer(viewer: Viewer) -> None:
    """Refuse a viewer who may not change anything.

    Raises:
        NotAllowed: the viewer has no right to change records or import files.
    """
    if not viewer.may_write:
        raise NotAllowed(f"{viewer.name} may not change this.", [_ASK])


def require_la(viewer: Viewer, la_code: str) -> None:
    """Refuse a viewer who may not take an LA's list out of the house.

    Raises:
        NotAllowed: the viewer may not read, or only for other LAs.
    """
    require_reader(viewer)
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
