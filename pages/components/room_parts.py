"""The meeting room: the facts of one school on the left, the decision on the right, and the way through the agenda."""

from collections.abc import Sequence

import streamlit as st

from pages.components.decision_parts import draw_decided, draw_decision
from pages.components.links import draw_link
from pages.components.minutes_parts import draw_minutes
from pages.components.people_parts import draw_closing, draw_people
from pages.components.restricted import log_outcome_note
from pages.components.session import ask
from pages.components.support_message import done
from pages.components.url import put_into_url, take_from_url
from pages.components.words import draw_level, draw_lines, plain
from risk_model.domain.errors import RiskModelError
from risk_model.domain.periods import in_words
from risk_model.domain.viewer import Right, Viewer
from risk_model.domain.words import NOT_A_PREDICTION
from risk_model.services.action_list import Action
from risk_model.services.copy import Copy
from risk_model.services.deciding import DEFERRED, Decision, decide
from risk_model.services.meeting_acts import skip_school
from risk_model.services.meeting_room import (
    DECIDED,
    Room,
    RoomItem,
    as_members_see,
    meeting_room,
    open_meetings,
    require_asked,
    school_in_room,
)
from risk_model.services.scope import Scope
from risk_model.services.seen_school import PastDecision, SeenSchool, SeenStatement

_MARK = {DECIDED: "●", "skipped": "◌", "to come": "○"}


def draw_own_room(viewer: Viewer, copy: Copy) -> None:
    """The room for who sits in a core group and reads nothing else of the LA; its chair holds the meeting in it."""
    asked = st.query_params
    place = Scope(asked.get("la"), asked.get("locality"))
    ask(require_asked, viewer, copy, place, asked.get("meeting"), asked.get("school"))
    take_from_url("own_room", {"meeting": None, "school": None})
    draw_room(viewer, copy, Scope())
    put_room_into_url("own_room", ["meeting", "school"])


def put_room_into_url(group: str, keys: Sequence[str]) -> None:
    """Let the address say what is open; what is shown without names is not named by it either."""
    put_into_url(group, keys, ["school"] if st.session_state.get("room_unnamed") else [])


def draw_room(viewer: Viewer, copy: Copy, scope: Scope) -> None:
    """Choose a meeting; then a school of its agenda, with the facts on the left and the decision on the right.

    Who may not hold the meeting sees the same, and no form.
    """
    found = ask(open_meetings, viewer, copy, scope)
    if not found:
        prepare = 'Open "Prepare a meeting": the agenda makes itself.' if viewer.may(Right.MEET) else "The LA makes it."
        st.info(f"No meeting is recorded here. {prepare}")
        return
    # the open ones first; each part the newest first
    known = {str(one.id): one for one in sorted(found, key=lambda one: one.is_locked)}
    _go_to("meeting", list(known))
    number = st.selectbox(
        "Meeting",
        list(known),
        key="meeting",
        format_func=lambda one: (
            f"{known[one].locality}, {in_words(known[one].held_on)} ({'locked' if known[one].is_locked else 'open'})"
        ),
    )
    seen_by, named, officers = _draw_switches(viewer, copy, known[number].id)
    room = ask(meeting_room, seen_by, copy, known[number].id, named=named)
    st.progress(room.decided / len(room.items) if room.items else 0.0, text=room.progress)
    if not room.items:
        st.info("No school is on this agenda. Put one on below.")
    else:
        _draw_school(viewer, seen_by, copy, room, named=named, officers=officers)
    draw_people(viewer, copy, room)
    draw_closing(viewer, copy, room)
    # its files name the schools
    if named:
        draw_minutes(viewer, copy, room.meeting.id)


def _draw_switches(viewer: Viewer, copy: Copy, meeting_id: int) -> tuple[Viewer, bool, bool]:
    """How the room is shown: as the group's members see it, until somebody of the LA says otherwise."""
    left, right = st.columns(2)
    reads = viewer.may(Right.PEOPLE)
    with left:
        officers = reads and st.toggle(
            "Show what is for LA officers only",
            key="room_officers",
            help="Off, the screen shows what every member of the group may see: leave it off on a projector.",
        )
    with right if reads else left:
        unnamed = st.toggle(
            "Without names", key="room_unnamed", help="For a moderation on figures alone: schools are numbered."
        )
    if officers:
        return viewer, not unnamed, True
    try:
        return ask(as_members_see, viewer, copy, meeting_id), not unnamed, False
    except RiskModelError as error:
        # a locality that the shown build does not know any more
        st.warning(plain(error))
        return viewer, not unnamed, False


def _go_to(key: str, offered: list[str]) -> None:
    """Give a select box what the last act asked for; what is not offered is forgotten."""
    wanted = st.session_state.pop(f"go_to_{key}", None)
    if wanted in offered:
        st.session_state[key] = wanted
    if st.session_state.get(key) not in offered:
        st.session_state[key] = offered[0]


def _draw_school(viewer: Viewer, seen_by: Viewer, copy: Copy, room: Room, *, named: bool, officers: bool) -> None:
    items = {one.urn: one for one in room.items}
    if st.session_state.get("school") not in items:
        st.session_state["school"] = room.after("") or next(iter(items))
    _go_to("school", list(items))
    before, choice, after = st.columns([1, 5, 1], vertical_alignment="bottom")
    with before:
        _draw_step("Previous", list(items), -1, "Alt+ArrowLeft")
    with choice:
        urn = st.selectbox(
            "School on the agenda", list(items), key="school", format_func=lambda one: _titled(items[one])
        )
    with after:
        _draw_step("Next", list(items), 1, "Alt+ArrowRight")
    item = items[urn]
    facts, decision = st.columns([2, 1], gap="large")
    # first what is quick: who types into the next school's form must not wait for its facts
    with decision:
        st.header("Decision")
        if viewer.holds_meetings_of(room.meeting.la_code, room.meeting.locality):
            draw_decision(viewer, copy, room, item, officers=officers)
            if not room.meeting.is_locked and item.state != DECIDED:
                _draw_skip(viewer, copy, room, item)
        else:
            draw_decided(item, officers=officers)
    with facts:
        _draw_facts(seen_by, copy, room, item, named=named, linked=named and viewer.may(Right.READ))


def _draw_step(title: str, urns: list[str], step: int, keys: str) -> None:
    place = urns.index(st.session_state["school"]) + step
    there = 0 <= place < len(urns)
    args = (urns[place] if there else "",)
    st.button(title, key=f"room_{title}", disabled=not there, shortcut=keys, on_click=_open, args=args)


def _titled(item: RoomItem) -> str:
    said = f": {item.whole.outcome}" if item.whole else f" ({item.state})"
    return f"{_MARK.get(item.state, '○')} {item.place}. {item.title}{said}"


def _open(urn: str) -> None:
    st.session_state["school"] = urn


def _draw_skip(viewer: Viewer, copy: Copy, room: Room, item: RoomItem) -> None:
    """For later today, or for the next meeting: both without a form."""
    later, deferred = st.columns(2)
    following = room.after(item.urn) or item.urn
    if item.state == "skipped":
        later.caption("Skipped for now: it comes again after the others.")
    elif later.button("Skip for now", key="room_skip"):
        skip_school(viewer, copy, room.meeting.id, item.urn)
        st.session_state["go_to_school"] = following
        st.rerun()
    if deferred.button("Defer", key="room_defer", help="To the next meeting, because evidence is needed."):
        decide(viewer, copy, Decision(room.meeting.id, item.urn, DEFERRED, seen=item.seen))
        st.session_state["go_to_school"] = following
        done(f"{plain(item.title)} is deferred to the next meeting.")


def _draw_facts(seen_by: Viewer, copy: Copy, room: Room, item: RoomItem, *, named: bool, linked: bool) -> None:
    try:
        school = ask(school_in_room, seen_by, copy, room.meeting.id, item.urn, named=named)
    except RiskModelError as error:
        st.warning(plain(error))
        return
    st.header(plain(school.name))
    if school.about:
        st.caption(plain(school.about))
    if item.reasons:
        st.markdown("**Why it is on the agenda**")
        draw_lines(item.reasons)
    draw_seen_school(school)
    if linked:
        draw_link("pages/school.py", label=f"Open the profile of {plain(school.name)}", query_params={"urn": item.urn})


def draw_seen_school(school: SeenSchool) -> None:
    """The facts of a school, as far as whoever asked for them may see them."""
    for one in school.statements:
        _draw_statement(one)
    st.caption(f"{NOT_A_PREDICTION} {school.left_out}")
    if school.figures is not None:
        st.markdown("**How it has gone, and nationally**")
        columns = school.figures.columns
        st.table([dict(zip(columns, row, strict=True)) for row in school.figures.rows], hide_index=True)
    st.markdown("**Support now**")
    draw_lines(school.support)
    if not school.support:
        st.write("No support that can be shown here is recorded.")
    draw_decisions(school.decisions, school.actions)
    draw_notes(school.decisions)
    if school.letters:
        st.markdown("**Letters sent to the school**")
        draw_lines(school.letters)
    if school.comments:
        st.markdown("**The head's comments**")
        draw_lines(f"{in_words(one.made_on)}: {one.comment}" for one in school.comments)


def draw_decisions(decisions: Sequence[PastDecision], actions: Sequence[Action]) -> None:
    """What is still to be done for a school, and what meetings decided for it; nothing where there is none."""
    if actions:
        st.markdown("**Open actions**")
        draw_lines(_action(one) for one in actions)
    if decisions:
        st.markdown("**Last decisions**")
        draw_lines(_decision(one) for one in decisions)


def draw_notes(decisions: Sequence[PastDecision]) -> None:
    """What meetings noted for the LA's officers alone; that it was shown is logged first."""
    noted = [one for one in decisions if one.restricted_note]
    for one in noted:
        log_outcome_note(one.outcome.urn, one.outcome.id, one.restricted_note)
    draw_lines(f"For LA officers only: {one.group}, {in_words(one.held_on)}: {one.restricted_note}" for one in noted)


def _decision(one: PastDecision) -> str:
    return f"{one.group}, {in_words(one.held_on)}: {one.outcome.outcome}. {one.outcome.reason or 'No reason recorded.'}"


def _action(one: Action) -> str:
    by = f"by {in_words(one.due)}" if one.due else "no day given"
    return f"{one.action} {one.owner or 'Owner not known'}, {by}: {one.state}."


def _draw_statement(one: SeenStatement) -> None:
    with st.container(border=True):
        title, level = st.columns([3, 1])
        title.markdown(f"**{plain(one.title)}**")
        with level:
            draw_level(one.level)
        draw_lines(line for line in (one.adviser, one.agreed) if line)
        draw_lines(one.raised)
        if not one.raised:
            st.write("No rule that can be shown here is raised.")
        if one.left_out:
            st.caption(f"{one.left_out} more raised, of fewer pupils than may be told here.")
        draw_lines(f"In its favour: {line}" for line in one.in_favour[:2])
        if one.near or one.unknown:
            with st.expander(f"{len(one.near)} near misses, {len(one.unknown)} not assessed"):
                draw_lines([*one.near, *one.unknown])
