"""The parts of capacity: days offered, planned, used and free; who has more planned than offered."""

from collections.abc import Sequence

import plotly.graph_objects as go
import streamlit as st

from pages.components.downloads import draw_downloads
from pages.components.words import draw_lines, plain
from risk_model.domain.errors import RiskModelError
from risk_model.domain.viewer import Viewer
from risk_model.services.capacity import LeaderTerm
from risk_model.services.capacity_page import capacity_page, capacity_table, sums_table
from risk_model.services.copy import Copy
from risk_model.services.scope import Scope

_PLANNED, _OFFERED = "#1d70b8", "#f46a25"
_DAYS = st.column_config.NumberColumn(format="%.1f")
_COLUMNS = dict.fromkeys(("Offered", "Planned", "Used", "Free", "More than offered", "Asked for"), _DAYS)


def draw_capacity(viewer: Viewer, copy: Copy, scope: Scope) -> None:
    """Days by leader and term, with sums by term, role and locality."""
    try:
        page = capacity_page(viewer, copy, scope)
    except RiskModelError as error:
        st.error(plain(error))
        return
    st.markdown(f"**{plain(page.finding)}**")
    if not page.lines:
        return
    st.plotly_chart(
        _figure(page.this_term),
        key="capacity_chart",
        config={"displayModeBar": False},
        alt=f"{page.finding} The table below says the same.",
    )
    st.caption(page.how)
    if page.over:
        st.markdown("**More planned than offered**")
        draw_lines(page.over)
    table = capacity_table(page.lines)
    st.dataframe(table, hide_index=True, key="capacity", column_config=_COLUMNS, alt="Days by system leader and term")
    draw_downloads(table, "capacity", [page.finding, page.how])
    for sums, called, words in (
        (page.by_term, "", "By term"),
        (page.by_role, "Role", "By role"),
        (page.by_locality, "Locality", "By locality"),
    ):
        st.markdown(f"**{words}**")
        st.dataframe(
            sums_table(sums, called),
            hide_index=True,
            key=f"capacity_{called or 'Term'}",
            column_config=_COLUMNS,
            alt=f"Days of system leaders, {words.lower()}",
        )


def _figure(lines: Sequence[LeaderTerm]) -> go.Figure:
    """A bar for what is planned of each leader, and a mark where what they offer ends."""
    labels = [line.label for line in lines]
    figure = go.Figure()
    figure.add_bar(
        x=[line.planned for line in lines], y=labels, orientation="h", name="Planned", marker={"color": _PLANNED}
    )
    figure.add_scatter(
        x=[line.offered for line in lines],
        y=labels,
        mode="markers",
        name="Offered",
        marker={"symbol": "line-ns-open", "size": 14, "color": _OFFERED, "line": {"width": 3}},
    )
    figure.update_layout(
        height=110 + 20 * len(lines),
        margin={"l": 10, "r": 10, "t": 30, "b": 10},
        legend={"orientation": "h", "y": 1, "yanchor": "bottom"},
        xaxis={"title": "days this term", "side": "bottom"},
        yaxis={"type": "category", "autorange": "reversed", "dtick": 1},
    )
    return figure
