"""What was agreed, sent and begun for a school: decisions, actions, letters, escalation; the way to its history."""

import streamlit as st

from pages.components.escalation_parts import draw_school_escalation
from pages.components.folded import draw_folded
from pages.components.letter_parts import draw_school_letters
from pages.components.links import draw_link
from pages.components.room_parts import draw_decisions, draw_notes
from pages.components.session import ask
from pages.components.support_message import done, saved
from pages.components.words import plain
from risk_model.domain.errors import RiskModelError
from risk_model.domain.viewer import Viewer
from risk_model.domain.words import counted
from risk_model.services.copy import Copy
from risk_model.services.meeting_acts import open_agendas, put_on_agenda
from risk_model.services.profile import SchoolProfile
from risk_model.services.seen_school import decisions_and_actions


def draw_casework(viewer: Viewer, copy: Copy, profile: SchoolProfile) -> None:
    """Decisions and actions in view; letters and escalation to be opened."""
    urn = profile.school["urn"]
    st.header("What was agreed and sent")
    decisions, actions = ask(decisions_and_actions, viewer, copy, urn)
    draw_decisions(decisions, actions)
    noted = [one for one in decisions if one.restricted_note]
    if noted:
        # a profile is opened in meetings, too, where others look at the same screen
        title = f"For LA officers only: {counted(len(noted), 'note')}"
        draw_folded(title, f"notes_of_{urn}", lambda: draw_notes(noted))
    if not decisions and not actions:
        st.write("No core group has decided anything for this school, and no action is open.")
    _draw_put_on(viewer, copy, urn)
    is_asked = "letter" in st.query_params
    draw_folded("Letters", f"letters_of_{urn}", lambda: draw_school_letters(viewer, copy, urn), is_open=is_asked)
    draw_folded("Escalation", f"escalation_of_{urn}", lambda: draw_school_escalation(viewer, copy, urn))
    name = plain(profile.school["name"])
    draw_link("pages/history.py", label=f"What was said about {name} on a past day", query_params={"urn": urn})


def _draw_put_on(viewer: Viewer, copy: Copy, urn: str) -> None:
    """The way onto the agenda of a meeting to come; nothing where there is none."""
    known = ask(open_agendas, viewer, copy, urn)
    if not known:
        return
    with st.form(f"put_on_agenda_{urn}_{saved()}"):
        number = st.selectbox("Put on the agenda of", list(known), format_func=lambda one: known[one])
        why = st.text_input("Because", max_chars=500)
        if not st.form_submit_button("Put on the agenda"):
            return
    try:
        put_on_agenda(viewer, copy, number, urn, why)
    except RiskModelError as error:
        st.error(plain(error))
        return
    done("It is on the agenda.")
