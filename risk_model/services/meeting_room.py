"""A core group's meeting on screen: the agenda with what is decided, who is there, and each school, named or not."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from risk_model.casework import (
    AgendaItem,
    AgendaState,
    Attendance,
    Conflict,
    Meeting,
    MeetingOutcome,
    agenda_items,
    attendances,
    conflicts,
    meetings,
    one_meeting,
)
from risk_model.domain.errors import NotAllowed
from risk_model.domain.viewer import Right, Viewer, as_reader, require
from risk_model.domain.words import Level, Statement
from risk_model.services.copy import Copy
from risk_model.services.core_groups import group_of
from risk_model.services.scope import Scope
from risk_model.services.seeing import as_member, require_chair, require_holder, require_member
from risk_model.services.seen_school import SeenSchool, school_as_seen

DECIDED = "decided"


@dataclass(frozen=True)
class RoomItem:
    """A school on the agenda.

    Attributes:
        title: its name, or "School 3" in a view without names.
        reasons: why it is on the agenda.
        state: "decided", "skipped" or "to come".
        outcomes: what is decided so far: for the school as a whole first, then agreed levels.
    """

    urn: str
    title: str
    place: int
    reasons: tuple[str, ...]
    state: str
    outcomes: tuple[MeetingOutcome, ...]

    @property
    def whole(self) -> MeetingOutcome | None:
        """What is decided for the school as a whole."""
        return self.outcomes[0] if self.outcomes else None

    @property
    def levels(self) -> Mapping[Statement, Level]:
        """The levels that the group agreed on, of the statements for which it did."""
        return {one.statement: one.agreed_level for one in self.outcomes if one.statement and one.agreed_level}

    @property
    def seen(self) -> frozenset[tuple[int, int]]:
        """Numbers and versions of its outcomes, to tell whether somebody else decides meanwhile."""
        return frozenset((one.id, one.version) for one in self.outcomes)


@dataclass(frozen=True)
class Room:
    """A meeting with its agenda and the people in it."""

    meeting: Meeting
    items: tuple[RoomItem, ...]
    people: tuple[Attendance, ...]
    conflicts: tuple[Conflict, ...]

    @property
    def decided(self) -> int:
        """How many schools have an outcome."""
        return sum(one.state == DECIDED for one in self.items)

    @property
    def progress(self) -> str:
        """ "7 of 19 schools decided"."""
        return f"{self.decided} of {len(self.items)} schools decided"

    def after(self, urn: str) -> str | None:
        """The next school that has no outcome, round the agenda from this one; None where all have one."""
        places = [one.urn for one in self.items]
        start = places.index(urn) + 1 if urn in places else 0
        in_turn = [*self.items[start:], *self.items[:start]]
        to_come = [one.urn for one in in_turn if one.state == AgendaState.TO_COME and one.urn != urn]
        skipped = [one.urn for one in in_turn if one.state == AgendaState.SKIPPED and one.urn != urn]
        return next(iter(to_come + skipped), None)


def meeting_room(viewer: Viewer, copy: Copy, meeting_id: int, *, named: bool = True) -> Room:
    """A meeting as it stands.

    Args:
        named: False for a moderation on figures alone: schools are numbered by their place.
    Raises:
        NotAllowed: the viewer is neither of the LA nor of this core group.
        NotFound: there is no such meeting.
    """
    meeting = _without_notes(viewer, _meeting(viewer, copy, meeting_id))
    items = agenda_items(copy.records, meeting_id)
    names = _names(copy, [one.urn for one in items])
    # a meeting recorded without an agenda has decided all the same
    listed = {one.urn for one in items}
    others = [urn for urn in dict.fromkeys(one.urn for one in meeting.outcomes) if urn not in listed]
    names |= _names(copy, others)
    return Room(
        meeting=meeting,
        items=(
            *(_item(one, meeting, names, named) for one in items),
            *(_unlisted(urn, len(items) + n, meeting, names, named) for n, urn in enumerate(others, start=1)),
        ),
        people=tuple(attendances(copy.records, meeting_id)),
        conflicts=tuple(conflicts(copy.records, meeting_id)) if named else (),
    )


def school_in_room(viewer: Viewer, copy: Copy, meeting_id: int, urn: str, *, named: bool = True) -> SeenSchool:
    """The facts of one school on the agenda, as this viewer may see them.

    Args:
        named: False leaves out what tells which school it is: name, type, helpers, and what was said before.
    Raises:
        NotAllowed: the viewer may not see this school.
        NotFound: there is no such meeting or school.
    """
    meeting = _meeting(viewer, copy, meeting_id)
    school = school_as_seen(viewer, copy, urn, meeting.held_on)
    if named:
        return school
    place = next((one.place for one in agenda_items(copy.records, meeting_id) if one.urn == urn), 0)
    return replace(
        school,
        name=_numbered(place),
        about="",
        statements=tuple(replace(one, adviser="", agreed="") for one in school.statements),
        support=(f"{len(school.support)} pieces of support now",) if school.support else (),
        decisions=(),
        actions=(),
        comments=(),
        letters=(),
    )


def open_meetings(viewer: Viewer, copy: Copy, scope: Scope) -> list[Meeting]:
    """The meetings of an LA, or of one locality, the newest first; of the viewer's own core groups, where they are no
    more than a member.

    Raises:
        NotAllowed: the viewer neither reads for an LA nor sits in a core group.
    """
    if not viewer.localities:
        require(viewer, Right.PEOPLE)
    found = [one for one in meetings(copy.records, la_code=scope.la_code) if scope.locality in (None, one.locality)]
    is_reader = viewer.may(Right.PEOPLE)
    return [_without_notes(viewer, one) for one in found if is_reader or viewer.sits_in(one.la_code, one.locality)]


def require_asked(viewer: Viewer, copy: Copy, scope: Scope, number: str | None, urn: str | None) -> None:
    """Refuse what the address of a member's page asks for, where it is not of their core groups.

    Args:
        scope: the LA and locality of the address; number: of its meeting; urn: of its school. None where it says none.
    Raises:
        NotAllowed: it is another group's, on none of their agendas, or not there at all: nobody learns which.
    """
    own = open_meetings(viewer, copy, Scope())
    las = {la_code for la_code, _ in viewer.localities if scope.la_code in (None, la_code)}
    if not las or (scope.locality is not None and not any(viewer.sits_in(one, scope.locality) for one in las)):
        raise _not_theirs(viewer)
    asked = [one for one in own if number in (None, str(one.id))]
    if number is not None and not asked:
        raise _not_theirs(viewer)
    if urn is not None and not any(urn in _urns(copy, one) for one in asked):
        raise _not_theirs(viewer)


def as_members_see(viewer: Viewer, copy: Copy, meeting_id: int) -> Viewer:
    """The viewer as the members of a meeting's core group see it.

    Raises:
        NotAllowed: the viewer is neither of the LA nor of this core group.
        NotFound: there is no such meeting, or the shown build does not know its group any more.
    """
    meeting = _meeting(viewer, copy, meeting_id)
    # which group it is, is no secret of those who may see its meeting
    return as_member(viewer, meeting.la_code, group_of(as_reader(viewer), copy, meeting).locality)


def held_meeting(viewer: Viewer, copy: Copy, meeting_id: int) -> Meeting:
    """A meeting that the viewer may hold, with the notes that they may see.

    Raises:
        NotAllowed: they neither hold meetings for its LA nor chair its core group.
        NotFound: there is no such meeting.
    """
    require_chair(viewer)
    meeting = _without_notes(viewer, _meeting(viewer, copy, meeting_id))
    require_holder(viewer, meeting.la_code, meeting.locality)
    return meeting


def _meeting(viewer: Viewer, copy: Copy, meeting_id: int) -> Meeting:
    if viewer.may(Right.PEOPLE):
        meeting = one_meeting(copy.records, meeting_id)
        require_member(viewer, meeting.la_code, meeting.locality)
        return meeting
    # only theirs are looked at, so that nobody learns which other meetings there are
    own = {one.id: one for one in open_meetings(viewer, copy, Scope())}
    if meeting_id not in own:
        raise _not_theirs(viewer)
    return own[meeting_id]


def _not_theirs(viewer: Viewer) -> NotAllowed:
    return NotAllowed(
        f"{viewer.name} may not see this: it is not of their core group.", ["Open Core group for your own meeting."]
    )


def _urns(copy: Copy, meeting: Meeting) -> set[str]:
    return {one.urn for one in agenda_items(copy.records, meeting.id)} | {one.urn for one in meeting.outcomes}


def _without_notes(viewer: Viewer, meeting: Meeting) -> Meeting:
    if viewer.may(Right.RESTRICTED):
        return meeting
    return replace(meeting, outcomes=tuple(replace(one, restricted_note=None) for one in meeting.outcomes))


def _names(copy: Copy, urns: Sequence[str]) -> dict[str, str]:
    rows = copy.reader.rows("select urn, name from schools where list_contains($urns, urn)", {"urns": list(urns)})
    return {row["urn"]: row["name"] for row in rows}


def _numbered(place: int) -> str:
    return f"School {place}"


def _item(one: AgendaItem, meeting: Meeting, names: Mapping[str, str], named: bool) -> RoomItem:
    outcomes = _outcomes(meeting, one.urn)
    return RoomItem(
        urn=one.urn,
        title=names.get(one.urn, f"URN {one.urn}") if named else _numbered(one.place),
        place=one.place,
        reasons=one.reasons if named else (),
        state=DECIDED if outcomes else one.state,
        outcomes=outcomes,
    )


def _unlisted(urn: str, place: int, meeting: Meeting, names: Mapping[str, str], named: bool) -> RoomItem:
    title = names.get(urn, f"URN {urn}") if named else _numbered(place)
    return RoomItem(urn, title, place, (), DECIDED, _outcomes(meeting, urn))


def _outcomes(meeting: Meeting, urn: str) -> tuple[MeetingOutcome, ...]:
    found = [one for one in meeting.outcomes if one.urn == urn]
    return tuple(sorted(found, key=lambda one: (one.statement is not None, one.id)))
