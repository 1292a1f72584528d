"""The parts of the Access page: why somebody sees what they see, and an admin's list of grants."""

from datetime import UTC, datetime

import streamlit as st

from pages.components.sign_in import act_for
from pages.components.tables import show_table
from pages.components.words import date_columns, draw_lines, plain
from risk_model.domain.errors import RiskModelError
from risk_model.domain.viewer import Role, Viewer
from risk_model.services.access import (
    NewGrant,
    Standing,
    grant_role,
    grant_table,
    reasons,
    rights_in_words,
    take_role,
)
from risk_model.services.copy import Records

_DONE = "access_done"


def draw_own_access(who: Standing) -> None:
    """As what one is here: why, and what it lets one do."""
    st.header("Why can I see this?")
    draw_lines(reasons(who))
    _draw_acting(who)
    st.header("What you may do")
    draw_lines(f"You may {one}." for one in rights_in_words(who.viewer))
    st.caption("What is not in this list is denied, on every page, in every file and at every address.")


def _draw_acting(who: Standing) -> None:
    if len(who.choices) < 2:
        return
    names = {codes[0]: f"LA {', '.join(codes)}" for codes in who.choices}
    st.selectbox(
        "Your rights differ from LA to LA. You act for",
        list(names),
        index=list(who.choices).index(who.acting_for),
        format_func=lambda one: names[one],
        key="acting_choice",
        on_change=lambda: act_for(st.session_state["acting_choice"]),
    )


def draw_grants(viewer: Viewer, records: Records) -> None:
    """Who may see what: the list, a form to give a role, and one to take it."""
    st.header("Who may see what")
    done = st.session_state.pop(_DONE, None)
    if done:
        st.success(done)
    today = datetime.now(UTC).date()
    table = grant_table(viewer, records, today)
    if table.empty:
        st.write("No role has been granted to anybody here. What the sign-in's own groups give is in access.toml.")
    else:
        show_table(table, key="grants", alt="Grants, the oldest first", column_config=date_columns("From", "Until"))
    give, take = st.columns(2)
    with give:
        _draw_give(viewer, records)
    with take:
        _draw_take(viewer, records, {} if table.empty else dict(zip(table["Number"], table["Person"], strict=True)))


def _draw_give(viewer: Viewer, records: Records) -> None:
    with st.form("give_role"):
        st.subheader("Give a role")
        person = st.text_input("Person, as the sign-in names them", key="grant_person")
        role = st.selectbox("Role", [one.value for one in Role], key="grant_role")
        la_code = st.text_input("LA code (none for an admin)", key="grant_la")
        locality = st.text_input("Locality, for members and chairs", key="grant_locality")
        urn = st.text_input("URN, for a head or chair of governors", key="grant_urn")
        leader = st.text_input("Number, for a system leader", key="grant_leader")
        first = st.date_input("First day", None, key="grant_from", format="DD/MM/YYYY")
        last = st.date_input("Last day", None, key="grant_to", format="DD/MM/YYYY")
        note = st.text_input("Why, or of which team", key="grant_note")
        if not st.form_submit_button("Give the role", type="primary"):
            return
    new = NewGrant(
        person, role, la_code or None, locality or None, urn or None, leader or None, first, last, note or None
    )
    try:
        number = grant_role(viewer, records, new)
    except RiskModelError as error:
        st.error(plain(error))
        return
    st.session_state[_DONE] = f"The role was given, number {number}. It counts from their next click on."
    st.rerun()


def _draw_take(viewer: Viewer, records: Records, known: dict[int, str]) -> None:
    with st.form("take_role"):
        st.subheader("Take a role away")
        number = st.selectbox(
            "Grant", list(known), index=None, key="taken_grant", format_func=lambda one: f"{one}: {known[one]}"
        )
        reason = st.text_input("Reason", key="taken_reason")
        if not st.form_submit_button("Take it away"):
            return
    if number is None:
        st.error("Choose a grant.")
        return
    try:
        take_role(viewer, records, number, reason)
    except RiskModelError as error:
        st.error(plain(error))
        return
    st.session_state[_DONE] = (
        f"Grant {number} was withdrawn. An open page of theirs shows nothing from its next click on."
    )
    st.rerun()
