"""Who is asking. Every service takes the viewer first and denies by default."""

from dataclasses import dataclass

from risk_model.domain.errors import NotAllowed


@dataclass(frozen=True)
class Viewer:
    """A person who looks at the product.

    Attributes:
        name: a label for the audit trail.
        may_see_all: may read every school's figures and records, of every LA in this copy.
        may_write: may change records and import files.
    """

    name: str
    may_see_all: bool = False
    may_write: bool = False


def local_viewer() -> Viewer:
    """The one person at this machine, who may see and do everything (no sign-in yet)."""
    return Viewer(name="local user", may_see_all=True, may_write=True)


def require_reader(viewer: Viewer) -> None:
    """Refuse a viewer who may not read.

    Raises:
        NotAllowed: the viewer has no right to read this copy's figures.
    """
    if not viewer.may_see_all:
        raise NotAllowed(f"{viewer.name} may not see this.", ["Ask the LA's lead for access."])


def require_writer(viewer: Viewer) -> None:
    """Refuse a viewer who may not change anything.

    Raises:
        NotAllowed: the viewer has no right to change records or import files.
    """
    if not viewer.may_write:
        raise NotAllowed(f"{viewer.name} may not change this.", ["Ask the LA's lead for access."])
