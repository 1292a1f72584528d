"""The core groups of an LA: when each met and what is open, and the way into each meeting."""

import streamlit as st

from pages.components.links import draw_link
from pages.components.session import ask
from pages.components.tables import show_table
from pages.components.words import date_columns, plain
from risk_model.domain.periods import in_words
from risk_model.domain.viewer import Viewer
from risk_model.services.copy import Copy
from risk_model.services.core_groups import group_table
from risk_model.services.meeting_room import open_meetings
from risk_model.services.scope import Scope

_LISTED = 12


def draw_groups(viewer: Viewer, copy: Copy, scope: Scope) -> None:
    """A row for each group, then the meetings: those with open minutes first."""
    table = ask(group_table, viewer, copy, scope)
    if table.empty:
        st.info("This local authority has no school in the shown build. Import a register of schools first.")
        return
    known = ask(open_meetings, viewer, copy, scope)
    open_now = [one for one in known if not one.is_locked]
    st.markdown(
        f"Core groups: **{len(table)}**; priority schools: **{int(table['Priority'].sum())}**; meetings with open "
        f"minutes: **{len(open_now)}**; overdue actions: **{int(table['Overdue actions'].sum())}**."
    )
    show_table(
        table,
        key="core_groups",
        alt="Core groups with their schools, meetings and overdue actions",
        column_config=date_columns("Last meeting", "Next meeting"),
    )
    st.header("Meetings")
    if not known:
        st.info('No meeting is recorded yet. Open "Prepare a meeting": the agenda makes itself.')
    for one in [*open_now, *(one for one in known if one.is_locked)][:_LISTED]:
        state = "locked" if one.is_locked else "open"
        draw_link(
            "pages/core_group.py",
            label=f"{plain(one.locality)}, {in_words(one.held_on)} ({state})",
            query_params={"view": "meeting", "meeting": str(one.id)},
        )
    if len(known) > _LISTED:
        st.caption(f"The {_LISTED} newest of {len(known)}; the others are under Meeting.")
