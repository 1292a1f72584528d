"""The parts of capacity: days offered, planned, used and free; of whom more is taken than offered."""

import streamlit as st

from pages.components.charts import draw_chart
from pages.components.session import ask
from pages.components.tables import show_table
from pages.components.words import draw_lines, plain
from risk_model.domain.errors import RiskModelError
from risk_model.domain.viewer import Viewer
from risk_model.services.capacity_page import capacity_page, sums_table
from risk_model.services.copy import Copy
from risk_model.services.scope import Scope

_DAYS = st.column_config.NumberColumn(format="%.1f")
_COLUMNS = dict.fromkeys(("Offered", "Planned", "Used", "Taken", "Free", "More than offered", "Asked for"), _DAYS)


def draw_capacity(viewer: Viewer, copy: Copy, scope: Scope) -> None:
    """Days by leader and term, with sums by term, role and locality."""
    try:
        page = ask(capacity_page, viewer, copy, scope)
    except RiskModelError as error:
        st.error(plain(error))
        return
    if not page.lines:
        st.markdown(f"**{plain(page.finding)}**")
        return
    draw_chart(page.chart, column_config=_COLUMNS)
    if page.over:
        st.markdown("**More planned or used than offered**")
        draw_lines(page.over)
    for sums, called, words in (
        (page.by_term, "", "By term"),
        (page.by_role, "Role", "By role"),
        (page.by_locality, "Locality", "By locality"),
    ):
        st.markdown(f"**{words}**")
        show_table(
            ask(sums_table, sums, called),
            key=f"capacity_{called or 'Term'}",
            column_config=_COLUMNS,
            alt=f"Days of system leaders, {words.lower()}",
        )
