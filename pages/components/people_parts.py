"""Who is in a meeting, their conflicts of interest, and its end: the lock, or that it is not held."""

from collections.abc import Callable
from datetime import timedelta

import streamlit as st

from pages.components.session import ask
from pages.components.support_message import done, saved
from pages.components.words import draw_lines, plain
from risk_model.domain.errors import RiskModelError
from risk_model.domain.periods import in_words
from risk_model.domain.viewer import Right, Viewer
from risk_model.services.copy import Copy
from risk_model.services.core_groups import group_of
from risk_model.services.deciding import lock
from risk_model.services.meeting_acts import (
    AttendeeRole,
    NewAttendance,
    NewConflict,
    PartTaken,
    Presence,
    add_person,
    call_off,
    change_meeting_facts,
    declare_conflict,
    put_on_agenda,
    set_presence,
    take_off_agenda,
    withdraw_declaration,
)
from risk_model.services.meeting_room import DECIDED, Room
from risk_model.services.profile import school_names

_PRESENT = (Presence.PRESENT, Presence.PART)


def draw_people(viewer: Viewer, copy: Copy, room: Room) -> None:
    """Who was asked and who is there; conflicts of interest; the agenda by hand."""
    holds = _holds(viewer, room)
    here = sum(one.presence in _PRESENT for one in room.people)
    with st.expander(f"People: {here} of {len(room.people)} there; conflicts of interest: {len(room.conflicts)}"):
        if room.meeting.attending and not room.people:
            st.write(plain(room.meeting.attending))
        for one in room.people:
            _draw_presence(viewer, copy, room, one.id)
        draw_lines(
            f"{one.label} declared an interest ({one.interest}) in {_titled(room, one.urn)}: {one.part_taken}."
            for one in room.conflicts
        )
        if holds:
            if room.conflicts:
                _draw_withdraw(viewer, copy, room)
            left, right = st.columns(2)
            with left:
                _draw_add_person(viewer, copy, room)
            with right:
                _draw_declare(viewer, copy, room)
    if viewer.may(Right.MEET) and not room.meeting.is_locked:
        with st.expander("Change the agenda"):
            _draw_agenda(viewer, copy, room)


def _holds(viewer: Viewer, room: Room) -> bool:
    return viewer.holds_meetings_of(room.meeting.la_code, room.meeting.locality)


def _titled(room: Room, urn: str) -> str:
    return next((one.title for one in room.items if one.urn == urn), f"URN {urn}")


def _draw_presence(viewer: Viewer, copy: Copy, room: Room, number: int) -> None:
    one = next(person for person in room.people if person.id == number)
    offered = [presence.value for presence in Presence]
    who, presence = st.columns([2, 1], vertical_alignment="center")
    who.write(plain(f"{one.label} ({one.role})"))
    with presence:
        if room.meeting.is_locked or not _holds(viewer, room):
            st.write(one.presence.value)
            return
        chosen = st.selectbox(
            f"Presence of {one.label}",
            offered,
            index=offered.index(one.presence),
            key=f"presence_{one.id}_{one.version}",
            label_visibility="collapsed",
        )
    if chosen != one.presence:
        set_presence(viewer, copy, room.meeting.id, one.id, one.version, chosen)
        st.rerun()


def _draw_add_person(viewer: Viewer, copy: Copy, room: Room) -> None:
    with st.form(f"add_person_{saved()}"):
        st.markdown("**Add somebody**")
        label = st.text_input("Who, as a role and school", max_chars=100, placeholder="Head of …")
        role = st.selectbox("In which role", [one.value for one in AttendeeRole])
        reason = st.text_input("Why the minutes are amended", max_chars=500) if room.meeting.is_locked else ""
        if st.form_submit_button("Add"):
            _act(
                lambda: add_person(viewer, copy, NewAttendance(room.meeting.id, label, role), reason),
                f"{label} is listed.",
            )


def _draw_declare(viewer: Viewer, copy: Copy, room: Room) -> None:
    titles = {one.urn: one.title for one in room.items}
    with st.form(f"declare_{saved()}"):
        st.markdown("**Declare a conflict of interest**")
        label = st.selectbox("Who", [one.label for one in room.people], index=None)
        urn = st.selectbox("School", list(titles), index=None, format_func=lambda one: titles[one])
        interest = st.text_input("The interest", max_chars=500)
        part = st.selectbox("What they do meanwhile", [one.value for one in PartTaken])
        reason = st.text_input("Why the minutes are amended", max_chars=500) if room.meeting.is_locked else ""
        if st.form_submit_button("Declare"):
            new = NewConflict(room.meeting.id, label or "", urn or "", interest, part)
            _act(lambda: declare_conflict(viewer, copy, new, reason), "The declaration is recorded.")


def _draw_withdraw(viewer: Viewer, copy: Copy, room: Room) -> None:
    known = {one.id: one for one in room.conflicts}
    with st.form(f"withdraw_declaration_{saved()}"):
        number = st.selectbox(
            "Withdraw a declaration made by mistake",
            list(known),
            index=None,
            format_func=lambda one: f"{known[one].label}, {_titled(room, known[one].urn)}",
        )
        reason = st.text_input("Why it is withdrawn", max_chars=500)
        if st.form_submit_button("Withdraw") and number is not None:
            meeting, version = room.meeting.id, known[number].version
            _act(
                lambda: withdraw_declaration(viewer, copy, meeting, number, version, reason),
                "The declaration is withdrawn.",
            )


def _draw_agenda(viewer: Viewer, copy: Copy, room: Room) -> None:
    try:
        names = ask(school_names, viewer, copy, ask(group_of, viewer, copy, room.meeting).scope)
    except RiskModelError as error:
        st.warning(plain(error))
        return
    listed = {one.urn for one in room.items}
    others = [urn for urn in names if urn not in listed]
    undecided = {one.urn: one.title for one in room.items if one.state != DECIDED}
    left, right = st.columns(2)
    with left, st.form(f"put_on_{saved()}"):
        urn = st.selectbox("Put on", others, index=None, format_func=lambda one: names[one], placeholder="Type a name")
        why = st.text_input("Because", max_chars=500)
        if st.form_submit_button("Put on the agenda"):
            _act(lambda: put_on_agenda(viewer, copy, room.meeting.id, urn or "", why), "The school is on the agenda.")
    with right, st.form(f"take_off_{saved()}"):
        off = st.selectbox("Take off", list(undecided), index=None, format_func=lambda one: undecided[one])
        because = st.text_input("Because of", max_chars=500)
        if st.form_submit_button("Take off the agenda"):
            _act(
                lambda: take_off_agenda(viewer, copy, room.meeting.id, off or "", because),
                "The school is off the agenda.",
            )


def draw_closing(viewer: Viewer, copy: Copy, room: Room) -> None:
    """The next meeting and the lock; of a meeting without decisions also that it is not held."""
    meeting = room.meeting
    holds = _holds(viewer, room)
    st.header("Close the meeting" if holds else "The minutes")
    if meeting.locked_at is not None:
        st.success(
            f"The minutes were locked on {in_words(meeting.locked_at.date())} by {plain(meeting.locked_by)}. What is "
            "changed now is an amendment, with its reason."
        )
        return
    if not holds:
        st.write("They are open: who holds the meeting locks them when every school has an outcome.")
        return
    missing = [one.title for one in room.items if one.state != DECIDED]
    if missing:
        st.write(f"**{len(missing)}** schools have no outcome yet. The minutes can be locked when all have one.")
        draw_lines(missing)
    with st.form(f"close_{saved()}"):
        next_on = st.date_input(
            "Next meeting", meeting.next_on or meeting.held_on + timedelta(days=77), format="DD/MM/YYYY"
        )
        if st.form_submit_button("Lock the minutes", type="primary", disabled=bool(missing) or not room.items):
            _act(lambda: _lock(viewer, copy, room, next_on), "The minutes are locked.")
    if viewer.may(Right.MEET) and not meeting.outcomes:
        with st.expander("This meeting is not held"), st.form(f"call_off_{saved()}"):
            reason = st.text_input("Why", max_chars=500)
            if st.form_submit_button("Call it off"):
                _act(lambda: call_off(viewer, copy, meeting.id, meeting.version, reason), "The meeting is called off.")


def _lock(viewer: Viewer, copy: Copy, room: Room, next_on: object) -> None:
    version = room.meeting.version
    if next_on != room.meeting.next_on:
        change_meeting_facts(viewer, copy, room.meeting.id, version, {"next_on": next_on})
        version += 1
    lock(viewer, copy, room.meeting.id, version)


def _act(act: Callable[[], None], message: str) -> None:
    try:
        act()
    except RiskModelError as error:
        st.error(plain(error))
        return
    done(plain(message))
