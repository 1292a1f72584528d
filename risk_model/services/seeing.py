"""Who may see what of a school: an officer, a reader, a peer of its locality, its own head. Denied by default."""

from collections.abc import Mapping
from enum import StrEnum

from risk_model.domain.errors import NotAllowed
from risk_model.domain.viewer import WHOLE_LA, Right, Viewer, require, require_la
from risk_model.services.copy import Copy


class Sight(StrEnum):
    """As what a viewer looks at a school."""

    OFFICER = "LA officer"
    READER = "reader of the LA"
    VIEWER = "viewer of the LA's figures"
    OWN = "head or chair of the school"
    PEER = "member of its core group"


class About(StrEnum):
    """What there is to be seen of a school."""

    COMPUTED = "computed levels"
    PUBLISHED_RULES = "rules on what is published or may be told"
    FEW_PUPILS = "figures of fewer pupils than may be told"
    HELD_RULES = "rules on what stays with the LA"
    ADVISER_VIEW = "the adviser's view and its reason"
    HEAD_COMMENT = "the head's comments"
    AGREED = "what the core group agreed"
    DECISION = "outcome, reason and review-by date of a meeting"
    ACTIONS = "actions"
    SHOWN_SUPPORT = "support that may be told"
    WITHHELD_SUPPORT = "support in matters of personnel, finance and safeguarding"
    LETTERS = "letters sent to the school"
    RESTRICTED_NOTE = "restricted notes"


_LA = frozenset({Sight.OFFICER, Sight.READER})
_SCHOOL = _LA | {Sight.OWN}
_FIGURES = _SCHOOL | {Sight.VIEWER}
_EVERYONE = _SCHOOL | {Sight.PEER}
# What is not listed for a sight is not shown to it. Peers see what is agreed and what is published, no intelligence.
SEEN_BY: Mapping[About, frozenset[Sight]] = {
    About.COMPUTED: _EVERYONE | _FIGURES,
    About.PUBLISHED_RULES: _EVERYONE | _FIGURES,
    About.FEW_PUPILS: _FIGURES,
    About.HELD_RULES: _LA | {Sight.VIEWER},
    About.ADVISER_VIEW: _SCHOOL,
    About.HEAD_COMMENT: _SCHOOL,
    About.AGREED: _EVERYONE,
    About.DECISION: _EVERYONE,
    About.ACTIONS: _EVERYONE,
    About.SHOWN_SUPPORT: _EVERYONE,
    About.WITHHELD_SUPPORT: _LA,
    About.LETTERS: _SCHOOL,
    About.RESTRICTED_NOTE: frozenset({Sight.OFFICER}),
}


def may_see(sight: Sight, about: About) -> bool:
    """Whether who looks as `sight` may see this of a school."""
    return sight in SEEN_BY[about]


def sight_of(viewer: Viewer, copy: Copy, urn: str) -> Sight:
    """As what a viewer looks at a school: the widest of what they are.

    Raises:
        NotAllowed: they are neither of the LA, nor of its core group, nor of the school; also where there is no such
            school, so that nobody learns which there are.
    """
    rows = copy.reader.rows("select la_code, locality from schools where urn = $urn", {"urn": urn})
    if viewer.may(Right.READ) and (viewer.la_codes is None or (rows and rows[0]["la_code"] in viewer.la_codes)):
        if viewer.may(Right.RESTRICTED):
            return Sight.OFFICER
        return Sight.READER if viewer.may(Right.PEOPLE) else Sight.VIEWER
    if urn in viewer.own_urns:
        return Sight.OWN
    if rows and viewer.sits_in(rows[0]["la_code"], rows[0]["locality"]):
        return Sight.PEER
    raise NotAllowed(f"{viewer.name} may not see this school.", ["Ask the LA's lead for access."])


def require_judged(viewer: Viewer, copy: Copy, urn: str) -> None:
    """Refuse a school whose judgements this copy does not hold for the viewer.

    Raises:
        NotAllowed: the viewer may not read, or the school is not one of their LAs' or none at all.
    """
    require(viewer, Right.READ)
    if not copy.reader.rows("select urn from schools_at_risk where urn = $urn", {"urn": urn}):
        raise NotAllowed(f"{viewer.name} may not see this school.", ["Ask the LA's lead for access."])


def require_member(viewer: Viewer, la_code: str, locality: str | None) -> None:
    """Refuse a viewer who neither reads for the LA nor sits in the core group.

    Args:
        locality: None where the group is of the whole LA.
    Raises:
        NotAllowed: they do not.
    """
    if not _works_for(viewer, la_code) and not viewer.sits_in(la_code, locality):
        raise NotAllowed(f"{viewer.name} may not see this core group.", ["Ask the LA's lead for access."])


def require_chair(viewer: Viewer) -> None:
    """Refuse a viewer who holds no core group's meetings.

    Raises:
        NotAllowed: they neither hold meetings for the LA nor chair a core group.
    """
    if not viewer.chairs:
        require(viewer, Right.MEET)


def require_holder(viewer: Viewer, la_code: str, locality: str | None) -> None:
    """Refuse a viewer who may not hold the meetings of one core group.

    Args:
        locality: None where the group is of the whole LA.
    Raises:
        NotAllowed: they neither hold meetings for the LA nor chair this group.
    """
    if not viewer.holds_meetings_of(la_code, locality):
        require_la(viewer, la_code, Right.MEET)


def as_member(viewer: Viewer, la_code: str, locality: str | None) -> Viewer:
    """The viewer as a member of a core group sees it: on a projector, or to look at what members see.

    Args:
        locality: None where the group is of the whole LA.
    Raises:
        NotAllowed: the viewer neither reads for the LA nor sits in the core group.
    """
    require_member(viewer, la_code, locality)
    group = frozenset({(la_code, locality or WHOLE_LA)})
    return Viewer(viewer.name, la_codes=frozenset({la_code}), localities=group)


def as_school(viewer: Viewer, urn: str) -> Viewer:
    """The viewer as the head of one school sees it, for the LA to look at what they see.

    Raises:
        NotAllowed: the viewer may not read.
    """
    require(viewer, Right.PEOPLE)
    return Viewer(viewer.name, la_codes=viewer.la_codes, own_urns=frozenset({urn}))


def _works_for(viewer: Viewer, la_code: str) -> bool:
    return viewer.may(Right.PEOPLE) and (viewer.la_codes is None or la_code in viewer.la_codes)
