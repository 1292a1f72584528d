"""The decision of a core group for one school: outcome, agreed levels, actions, support; saved at once, or undone."""

from collections.abc import Callable
from datetime import date, timedelta

import streamlit as st

from pages.components.restricted import log_outcome_note
from pages.components.session import ask
from pages.components.support_message import done, saved
from pages.components.words import plain
from risk_model.domain.errors import RiskModelError
from risk_model.domain.periods import in_words
from risk_model.domain.viewer import Right, Viewer
from risk_model.domain.words import STATEMENT_TITLES, Level, Statement
from risk_model.services.copy import Copy
from risk_model.services.deciding import Decision, decide, outcome_choices, undo
from risk_model.services.meeting_room import DECIDED, Room, RoomItem
from risk_model.services.support import choices
from risk_model.services.support_changes import NewAllocation

_NO_LEVEL = "none agreed"
_ACTIONS = 3
_REVIEW = timedelta(days=120)


def draw_decision(viewer: Viewer, copy: Copy, room: Room, item: RoomItem, *, officers: bool) -> None:
    """What is decided, or the form for it; of locked minutes the outcome, and the form for an amendment."""
    if item.state == DECIDED:
        draw_decided(item, officers=officers)
    if room.meeting.is_locked:
        with st.expander("Amend the minutes"):
            _draw_form(viewer, copy, room, item, officers=officers)
        return
    if item.state != DECIDED:
        _draw_form(viewer, copy, room, item, officers=officers)
        return
    if st.button("Undo this decision", key="room_undo", help="Outcome, actions and proposed support are taken back."):
        _act(lambda: undo(viewer, copy, room.meeting.id, item.urn), item.urn, f"Nothing is decided for {item.title}.")
    with st.expander("Change it"):
        _draw_form(viewer, copy, room, item, officers=officers)


def draw_decided(item: RoomItem, *, officers: bool) -> None:
    """What is decided for a school; that nothing is, where nothing is."""
    whole = item.whole
    if whole is None:
        st.write("Nothing is decided yet.")
        return
    if officers:
        log_outcome_note(item.urn, whole.id, whole.restricted_note)
    st.markdown(f"**{plain(whole.outcome)}**")
    if whole.reason:
        st.write(plain(whole.reason))
    if whole.review_by:
        st.write(f"To be looked at again by {in_words(whole.review_by)}.")
    for statement, level in item.levels.items():
        st.write(f"{STATEMENT_TITLES[statement]}: the group agrees on {level}.")
    if officers and whole.restricted_note:
        st.caption(f"For LA officers only: {plain(whole.restricted_note)}")


def _draw_form(viewer: Viewer, copy: Copy, room: Room, item: RoomItem, *, officers: bool) -> None:
    try:
        offered = ask(outcome_choices, viewer, copy, item.urn)
    except RiskModelError as error:
        st.warning(plain(error))
        return
    key = f"decide_{room.meeting.id}_{item.urn}_{saved()}"
    whole = item.whole
    with st.form(key):
        outcome = st.selectbox(
            "Outcome",
            offered,
            index=offered.index(whole.outcome) if whole and whole.outcome in offered else None,
            placeholder="What does the group decide?",
        )
        reason = st.text_area("Reason", (whole.reason or "") if whole else "", max_chars=2000, height=80)
        review_by = st.date_input(
            "Look again by",
            whole.review_by if whole else room.meeting.held_on + _REVIEW,
            format="DD/MM/YYYY",
            help="Needed where a level is agreed that differs from the computed one.",
        )
        with st.expander("Agree a level", expanded=bool(item.levels)):
            levels, levels_reason = _draw_levels(item)
        with st.expander("Actions: what, who, by when"):
            actions = _draw_actions(room.meeting.held_on)
        support: tuple[NewAllocation, ...] = ()
        # whether it fits is told by what else the helpers do: not for every chair
        if viewer.may(Right.PEOPLE):
            with st.expander("Ask for support"):
                support = _draw_support(room.meeting.la_code, item.urn)
        note = None
        if officers:
            known = (whole.restricted_note or "") if whole else ""
            note = st.text_area("For LA officers only", known, max_chars=2000, height=68, help="Never in the minutes.")
        amends = st.text_input("Why the minutes are amended", max_chars=500) if room.meeting.is_locked else ""
        title = "Amend the minutes" if room.meeting.is_locked else "Save and next"
        if not st.form_submit_button(title, type="primary", shortcut="Alt+S"):
            return
    if not outcome:
        st.error("Choose an outcome.")
        return
    new = Decision(
        meeting_id=room.meeting.id,
        urn=item.urn,
        outcome=outcome,
        reason=reason,
        review_by=review_by if isinstance(review_by, date) else None,
        restricted_note=note,
        levels=levels,
        levels_reason=levels_reason,
        actions=actions,
        support=support,
        seen=item.seen,
        amends=amends,
    )
    _act(lambda: decide(viewer, copy, new), room.after(item.urn) or item.urn, f"{item.title}: {outcome}.")


def _draw_levels(item: RoomItem) -> tuple[dict[Statement, str], str]:
    offered = [_NO_LEVEL, *(level.value for level in Level)]
    agreed: dict[Statement, str] = {}
    for statement, title in STATEMENT_TITLES.items():
        known = item.levels.get(statement)
        level = st.selectbox(title, offered, index=offered.index(known.value) if known else 0)
        if level != _NO_LEVEL:
            agreed[statement] = level
    known_reason = next((one.reason or "" for one in item.outcomes if one.statement), "")
    return agreed, st.text_area("Why the group sees it so", known_reason, max_chars=2000, height=68)


def _draw_actions(held_on: date) -> tuple[tuple[str, str, date | None], ...]:
    found = []
    for number in range(1, _ACTIONS + 1):
        what = st.text_input(f"Action {number}", max_chars=2000)
        who, when = st.columns(2)
        owner = who.text_input(f"Owner of action {number}", max_chars=200, help="A role, not a name.")
        due = when.date_input(f"Action {number} by", held_on + timedelta(days=42), format="DD/MM/YYYY")
        if what.strip():
            found.append((what, owner, due if isinstance(due, date) else None))
    return tuple(found)


def _draw_support(la_code: str, urn: str) -> tuple[NewAllocation, ...]:
    offered = choices()
    kind = st.selectbox("Kind of support", offered["support_type"], index=None, placeholder="None is asked for")
    provider = st.selectbox("From", offered["provider_type"], index=offered["provider_type"].index("LA team"))
    name = st.text_input("Named", "School improvement", max_chars=200)
    days = st.number_input("Days", min_value=0.0, max_value=366.0, value=None, step=0.5)
    if not kind:
        return ()
    return (
        NewAllocation(
            la_code=la_code, urn=urn, provider_type=provider, provider_name=name, support_type=kind, days_planned=days
        ),
    )


def _act(act: Callable[[], None], school: str, message: str) -> None:
    try:
        act()
    except RiskModelError as error:
        st.error(plain(error))
        return
    st.session_state["go_to_school"] = school
    done(plain(message))
