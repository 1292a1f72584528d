"""Recording and changing system leaders and their roles."""

from collections.abc import Callable
from datetime import date

import streamlit as st

from pages.components.as_opened import as_opened
from pages.components.session import ask
from pages.components.support_message import done, saved
from pages.components.words import plain
from risk_model.domain.errors import RiskModelError
from risk_model.domain.periods import in_words
from risk_model.domain.viewer import Right, Viewer
from risk_model.services.copy import Copy
from risk_model.services.leaders import (
    LeaderRecord,
    NewDesignation,
    NewSystemLeader,
    add_leader,
    add_role,
    change_leader,
    leader_record,
    leaders_to_change,
    let_role_lapse,
    role_choices,
)
from risk_model.services.profile import school_names
from risk_model.services.scope import Scope


def draw_leader_forms(viewer: Viewer, copy: Copy, scope: Scope) -> None:
    """A form for a new system leader, and those for one that is recorded."""
    if not viewer.may(Right.SUPPORT):
        return
    names = ask(school_names, viewer, copy, Scope(scope.la_code))
    with st.expander("Record a system leader"):
        _draw_new(viewer, copy, scope, names)
    known = ask(leaders_to_change, viewer, copy, scope)
    if not known:
        return
    with st.expander("Change a system leader, their roles or the notice that they gave"):
        number = st.selectbox(
            "System leader to change",
            list(known),
            index=None,
            format_func=lambda one: known[one],
            key="leader_to_change",
            placeholder="Choose one",
        )
        if number is not None:
            record = as_opened("leader", number, ask(leader_record, viewer, copy, number))
            _draw_change(viewer, copy, record, names)
            _draw_roles(viewer, copy, record)


def _draw_new(viewer: Viewer, copy: Copy, scope: Scope, names: dict[str, str]) -> None:
    st.caption("A system leader is a label here, never a name: the list of names stays with the local authority.")
    with st.form(f"new_leader_{saved()}"):
        label = st.text_input("Label", placeholder="System leader 31", max_chars=100)
        role = st.selectbox("Role in which they are asked first", role_choices(), index=None, placeholder="Choose one")
        given = _draw_fields(None, names)
        if not st.form_submit_button("Record the system leader", type="primary"):
            return
    new = NewSystemLeader(la_code=scope.la_code or "", label=label, role=role or "", **given)
    _try(lambda: add_leader(viewer, copy, new), f"{label} was recorded.")


def _draw_change(viewer: Viewer, copy: Copy, record: LeaderRecord, names: dict[str, str]) -> None:
    leader = record.leader
    with st.form(f"change_leader_{leader.id}_{saved()}"):
        given = _draw_fields(record, names)
        reason = st.text_input("Why this is changed", max_chars=500)
        if not st.form_submit_button("Save the system leader", type="primary"):
            return
    _try(
        lambda: change_leader(viewer, copy, leader.id, leader.version, given, reason or None),
        f"{leader.label} was changed.",
    )


def _draw_fields(record: LeaderRecord | None, names: dict[str, str]) -> dict[str, object]:
    """What can be said of a system leader; filled with what is recorded."""
    was = None if record is None else record.leader
    home = was.home_urn if was and was.home_urn in names else None
    urn = st.selectbox(
        "Home school",
        list(names),
        index=list(names).index(home) if home else None,
        format_func=lambda one: names[one],
        placeholder="Type a name or URN",
    )
    left, right = st.columns(2)
    with left:
        locality = st.text_input("Locality", value=_text(was and was.locality), max_chars=100)
        phase = st.text_input("Phase that they know best", value=_text(was and was.phase), max_chars=100)
        specialisms = st.text_input("Specialisms", value=_text(was and was.specialisms), max_chars=500)
        strengths = st.text_input("Strengths to share", value=_text(was and was.strengths), max_chars=500)
        training = st.text_input("Training done", value=_text(was and was.training), max_chars=500)
        accredited = st.text_input("Accredited by", value=_text(was and was.accredited_by), max_chars=200)
        assured = st.text_input("Quality looked at by", value=_text(was and was.quality_assured_by), max_chars=200)
    with right:
        days = st.number_input("Days a term", min_value=0.0, step=0.5, value=was.days_per_term if was else None)
        since = _day("Head of a school that improved since", was and was.head_since)
        first, last = _day("Helps from", was and was.available_from), _day("Helps until", was and was.available_to)
        limited, until = (
            _day("Limited by their own school from", was and was.limited_from),
            _day("Limited until", was and was.limited_to),
        )
        note = st.text_input("What they said about the limit", value=_text(was and was.limited_note), max_chars=500)
    ties = st.text_input(
        "Schools to which they are tied (URNs)",
        value=_text(was and was.ties),
        max_chars=500,
        help="A governor there, a relative's post: support for these schools is warned of.",
    )
    return {
        "home_urn": urn,
        "locality": locality or None,
        "phase": phase or None,
        "specialisms": specialisms or None,
        "strengths": strengths or None,
        "training": training or None,
        "accredited_by": accredited or None,
        "quality_assured_by": assured or None,
        "days_per_term": days,
        "head_since": since,
        "available_from": first,
        "available_to": last,
        "limited_from": limited,
        "limited_to": until,
        "limited_note": note or None,
        "ties": ties or None,
    }


def _draw_roles(viewer: Viewer, copy: Copy, record: LeaderRecord) -> None:
    for one in record.roles:
        special = f", {one.specialism}" if one.specialism else ""
        begun = f" from {in_words(one.from_date)}" if one.from_date else ""
        ended = f" until {in_words(one.to_date)}" if one.to_date else ""
        st.markdown(plain(f"{one.role}{special}{begun}{ended}; {one.designated_by or 'by whom is not recorded'}"))
    lasting = {one.id: one for one in record.roles if one.to_date is None}
    new, lapse = st.columns(2)
    with new, st.form(f"new_role_{record.leader.id}_{saved()}"):
        role = st.selectbox("Further role", role_choices(), index=None, placeholder="Choose one")
        specialism = st.text_input("Specialism in it", max_chars=200)
        by = st.text_input("Given by", max_chars=200)
        first, last = _day("Role from", copy.build.as_at), _day("Role until", None)
        if st.form_submit_button("Record the role"):
            given = NewDesignation(record.leader.id, role or "", specialism or None, by or None, first, last)
            _try(lambda: add_role(viewer, copy, given), "The role was recorded.")
    if not lasting:
        return
    with lapse, st.form(f"lapse_role_{record.leader.id}_{saved()}"):
        number = st.selectbox("Role that lapses", list(lasting), format_func=lambda one: lasting[one].role.value)
        day = _day("Its last day", copy.build.as_at)
        if st.form_submit_button("Let it lapse") and day is not None:
            held = lasting[number]
            _try(lambda: let_role_lapse(viewer, copy, held.id, held.version, day), "The role's last day was recorded.")


def _text(value: str | None) -> str:
    return value or ""


def _day(label: str, value: date | None) -> date | None:
    chosen: date | None = st.date_input(label, value=value, format="DD/MM/YYYY")
    return chosen


def _try(act: Callable[[], object], message: str) -> None:
    """Do it and say so, or say why not."""
    try:
        act()
    except RiskModelError as error:
        st.error(plain(error))
        return
    done(plain(message))
