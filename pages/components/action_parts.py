"""Actions of a scope: what is open and overdue, and how far each has come."""

import streamlit as st

from pages.components.as_opened import as_opened
from pages.components.downloads import draw_downloads
from pages.components.session import ask
from pages.components.support_message import done, saved
from pages.components.tables import show_table
from pages.components.words import date_columns, plain
from risk_model.domain.errors import RiskModelError
from risk_model.domain.periods import in_words
from risk_model.domain.viewer import Viewer
from risk_model.services.action_list import ActionState, action_page
from risk_model.services.copy import Copy
from risk_model.services.meeting_acts import move_action
from risk_model.services.scope import Scope

_SHOW = ("open", "overdue", "all")


def draw_actions(viewer: Viewer, copy: Copy, scope: Scope) -> None:
    """The list, and the form for one of it."""
    shown = st.radio("Show", _SHOW, horizontal=True, key="actions_show")
    page = ask(action_page, viewer, copy, scope, shown)
    st.markdown(f"**{page.open}** actions are open, **{page.overdue}** of them overdue.")
    if page.table.empty:
        st.info("No action stands here. Core groups agree them under Meeting.")
        return
    show_table(
        page.table,
        key="actions",
        alt="Actions with owner, day and how far each has come",
        # most actions have none, and the browser makes a column as wide as its first cells
        column_config={"Why": st.column_config.TextColumn(width=240), **date_columns("By", "Done on", "Meeting")},
    )
    draw_downloads(page.table, "actions", [f"Actions ({shown}) as at {in_words(copy.build.as_at)}"])
    labels = page.labels
    number = st.selectbox(
        "How far has one come?", list(labels), index=None, format_func=lambda one: labels[one], key="action_number"
    )
    if number is None:
        return
    one = as_opened("action", number, page.action(number))
    with st.form(f"action_{number}_{saved()}"):
        states = [state.value for state in ActionState]
        state = st.selectbox("Now", states, index=states.index(one.state))
        why = st.text_input("Reason, where it cannot go on or is not required", one.state_reason or "", max_chars=500)
        done_on = st.date_input("Done on, where it is complete", one.done_on, format="DD/MM/YYYY")
        if not st.form_submit_button("Save", type="primary"):
            return
    try:
        move_action(viewer, copy, one.id, one.version, state, why, done_on)
    except RiskModelError as error:
        st.error(plain(error))
        return
    done("The action is saved.")
