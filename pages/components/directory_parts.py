"""The parts of the directory: who could help, how eligible, with how many free days; supply, and offers to help."""

from datetime import date

import streamlit as st

from pages.components.as_opened import as_opened
from pages.components.downloads import draw_downloads
from pages.components.links import draw_link
from pages.components.session import ask
from pages.components.support_message import done, saved
from pages.components.tables import show_table
from pages.components.words import date_columns, draw_lines, plain
from risk_model.domain.errors import RiskModelError
from risk_model.domain.viewer import Right, Viewer
from risk_model.services.copy import Copy
from risk_model.services.directory import Directory, Entry, directory
from risk_model.services.directory_search import DirectoryFilters, directory_choices, directory_table, search
from risk_model.services.interests import (
    Interest,
    NewInterest,
    accept,
    change_offer,
    interest_choices,
    interests_table,
    offers,
    register,
)
from risk_model.services.profile import school_names
from risk_model.services.school_facts import school_facts
from risk_model.services.scope import Scope
from risk_model.services.supply import supply, supply_table

_DAYS = st.column_config.NumberColumn(format="%.1f")
_DIRECTORY_COLUMNS = {
    "System leader": st.column_config.TextColumn(pinned=True, width=150),
    "Role": st.column_config.TextColumn(width=120),
    "Helps": st.column_config.TextColumn(width=260),
    "Eligibility": st.column_config.TextColumn(width=120),
    "Free days": _DAYS,
    "Days a term": st.column_config.NumberColumn(format="%g"),
    "Distance km": _DAYS,
}
_SUPPLY_COLUMNS = {"Free days": _DAYS, "Days offered": st.column_config.NumberColumn(format="%g")}


def draw_directory(viewer: Viewer, copy: Copy, scope: Scope) -> None:
    """Every system leader, to be searched; a chosen one with all that is known."""
    try:
        known = ask(directory, viewer, copy, scope)
        if not known.entries:
            st.write(
                "No system leader is recorded for this local authority. Bring them with the system leaders' template."
            )
            return
        filters = _draw_filters(viewer, copy, scope, known)
    except RiskModelError as error:
        st.error(plain(error))
        return
    listed = search(known, filters)
    table = directory_table(listed)
    st.markdown(
        f"**{len(listed)}** of **{len(known.entries)}** system leaders. Free days are those of {known.term.name}."
    )
    if known.rules.is_own:
        st.caption(f"Judged by this LA's own people.toml, version {plain(known.rules.version)}.")
    chosen = show_table(
        table,
        key="directory",
        on_select="rerun",
        selection_mode="single-row",
        column_config=_DIRECTORY_COLUMNS,
        alt="System leaders with role, eligibility, free days and their own school's state",
    )
    st.caption("Select a row for roles, eligibility and days. Nobody is left out for not being eligible.")
    draw_downloads(table, "system_leaders", [f"System leaders as at {known.as_at:%d/%m/%Y}"], disabled=table.empty)
    rows = chosen.selection.rows
    if rows and rows[0] < len(listed):
        _draw_entry(listed[rows[0]].entry)


def _draw_filters(viewer: Viewer, copy: Copy, scope: Scope, known: Directory) -> DirectoryFilters:
    offered = ask(directory_choices, viewer, copy, known)
    names = ask(school_names, viewer, copy, Scope(scope.la_code))
    with st.container(horizontal=True):
        text = st.text_input("Search", key="dir_text", width=170, placeholder="Label or words")
        need = st.selectbox("Need", list(offered.needs), index=None, key="dir_need", width=190, placeholder="Any")
        topic = st.selectbox("Specialism", offered.topics, index=None, key="dir_topic", width=180, placeholder="Any")
        phase = st.selectbox("Phase", offered.phases, index=None, key="dir_phase", width=150, placeholder="Any")
        place = st.selectbox("Locality", offered.localities, index=None, key="dir_place", width=170, placeholder="Any")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        near = st.selectbox(
            "Near the school",
            list(names),
            index=None,
            format_func=lambda one: names[one],
            key="dir_near",
            width=360,
            placeholder="Type a name or URN",
        )
        km = st.number_input("Within km", min_value=0.0, step=5.0, value=None, key="dir_km", width=130)
        free = st.number_input("Free days, at least", min_value=0.0, step=0.5, value=None, key="dir_free", width=150)
        role = st.selectbox("Role", offered.roles, index=None, key="dir_role", width=190, placeholder="Any")
        now = st.toggle("Only who helps now", key="dir_now")
    return DirectoryFilters(
        need=offered.needs[need] if need else (),
        topic=topic,
        text=text or "",
        phase=phase,
        locality=place,
        role=role,
        near=ask(school_facts, viewer, copy, [near]).get(near) if near else None,
        within_km=km,
        free_days=free,
        now=now,
    )


def _draw_entry(entry: Entry) -> None:
    leader = entry.leader
    with st.container(border=True):
        st.header(plain(leader.label))
        st.markdown(f"Helps: {plain(entry.helps)}. {plain(entry.this_term.in_words)}")
        st.markdown("**Roles**")
        draw_lines([*entry.roles_now, *(f"Lapsed: {one}" for one in entry.roles_lapsed)])
        st.markdown(f"**Eligibility for {plain(leader.role)}: {plain(entry.standing)}**")
        draw_lines(one.in_words for one in entry.findings)
        st.markdown("**Recorded**")
        draw_lines(f"{name}: {value or 'not recorded'}" for name, value in entry.recorded)
        if entry.home is not None:
            draw_link(
                "pages/school.py",
                label=f"Their own school: {plain(entry.home.name)}",
                query_params={"urn": entry.home.urn},
            )


def draw_supply(viewer: Viewer, copy: Copy, scope: Scope) -> None:
    """Where supply is short of need; leaders by locality, phase, topic and role beside the flagged schools."""
    try:
        found = ask(supply, viewer, copy, scope)
    except RiskModelError as error:
        st.error(plain(error))
        return
    if not found.by_role:
        st.write("Once system leaders are recorded, this says where they are too few for the flagged schools.")
        return
    st.markdown(f"**{found.finding}**")
    draw_lines(found.short)
    st.caption(plain(found.rule))
    for lines, called, key in (
        (found.by_locality, "Locality", "supply_locality"),
        (found.by_phase, "Phase", "supply_phase"),
        (found.by_area, "Area of need", "supply_area"),
        (found.by_role, "Role", "supply_role"),
    ):
        st.markdown(f"**By {called.lower()}**")
        show_table(
            supply_table(lines, called),
            key=key,
            column_config=_SUPPLY_COLUMNS,
            alt=f"System leaders by {called.lower()}, beside flagged schools",
        )
    st.caption(
        "A leader with several specialisms, phases or roles is counted in each, and so is a school "
        "with several needs. Who has no school of their own, as an adviser, stands under not recorded, and "
        "may help everywhere."
    )


def draw_interests(viewer: Viewer, copy: Copy, scope: Scope) -> None:
    """Who offered to help, what came of it, and the forms for a new offer and for an answer."""
    known = ask(offers, viewer, copy, scope)
    if known:
        chosen = show_table(
            ask(interests_table, viewer, copy, known),
            key="interests",
            on_select="rerun",
            selection_mode="single-row",
            column_config=date_columns("Registered"),
            alt="Interests in helping beyond one's own school, the newest first",
        )
        rows = chosen.selection.rows
        if viewer.may(Right.SUPPORT):
            st.caption("Select a row to answer it.")
            if rows and rows[0] < len(known):
                _draw_answer(viewer, copy, known[rows[0]])
    else:
        st.write("Nobody has registered an interest yet.")
    if viewer.may(Right.SUPPORT):
        _draw_register(viewer, copy, scope)


def _draw_answer(viewer: Viewer, copy: Copy, current: Interest) -> None:
    one = as_opened("interest", current.id, current)
    if one.system_leader_id is not None:
        st.write(f"Accepted: system leader number {one.system_leader_id}.")
        return
    statuses = interest_choices()["status"]
    with st.form(f"answer_{one.id}_{saved()}"):
        st.markdown(f"**Answer {plain(one.label)}**")
        left, right = st.columns(2)
        with left:
            status = st.selectbox("Status", statuses, index=statuses.index(one.status) if one.status in statuses else 0)
            reason = st.text_input("Reason", value=one.status_reason or "", max_chars=500)
            keep = st.form_submit_button("Save the status")
        with right:
            since = st.date_input("If accepted, helps from", value=copy.build.as_at, format="DD/MM/YYYY")
            by = st.text_input("If accepted, accredited by", max_chars=200)
            take = st.form_submit_button("Accept as system leader", type="primary")
    if not keep and not take:
        return
    try:
        if take:
            number = accept(viewer, copy, one.id, one.version, since, by or None)
        else:
            change_offer(viewer, copy, one.id, one.version, {"status": status, "status_reason": reason or None})
    except RiskModelError as error:
        st.error(plain(error))
        return
    done(
        f"{plain(one.label)} is system leader number {number} now."
        if take
        else f"The status of {plain(one.label)} was changed."
    )


def _draw_register(viewer: Viewer, copy: Copy, scope: Scope) -> None:
    names = ask(school_names, viewer, copy, Scope(scope.la_code))
    with st.form(f"register_interest_{saved()}"):
        st.markdown("**Register an interest**")
        left, right = st.columns(2)
        with left:
            label = st.text_input("Who", placeholder="A label, such as Leader 31; never a name", max_chars=100)
            urn = st.selectbox(
                "School", list(names), index=None, format_func=lambda one: names[one], placeholder="Type a name or URN"
            )
            role = st.selectbox("Role", interest_choices()["role"], index=None, placeholder="Choose one")
            registered = st.date_input("Registered on", value=date.today(), format="DD/MM/YYYY")
        with right:
            phase = st.text_input("Phase", max_chars=100)
            specialisms = st.text_input("Specialisms", max_chars=500)
            strengths = st.text_input("Strengths to share", max_chars=500)
            days = st.number_input("Days a term", min_value=0.0, step=0.5, value=None)
        if not st.form_submit_button("Register the interest", type="primary"):
            return
    new = NewInterest(
        la_code=scope.la_code or "",
        label=label,
        role=role or "",
        registered_on=registered,
        urn=urn,
        phase=phase or None,
        specialisms=specialisms or None,
        strengths=strengths or None,
        days_per_term=days,
    )
    try:
        number = register(viewer, copy, new)
    except RiskModelError as error:
        st.error(plain(error))
        return
    done(f"Interest number {number} was registered.")
