"""Support: who helps whom, where are the gaps; add, change and end support."""

import streamlit as st

from pages.components.downloads import draw_downloads
from pages.components.scope_line import draw_scope_line, draw_source_line
from pages.components.session import copy, viewer
from pages.components.support_parts import (
    draw_add,
    draw_allocations,
    draw_gaps,
    draw_import,
    draw_leaders,
    draw_message,
)
from risk_model.services.support import support_page

scope = draw_scope_line()
st.title("Support")
draw_message()
page = support_page(viewer(), copy(), scope)
st.markdown(
    f"**{page.active}** pieces of support are active: **{page.days_used:g}** of **{page.days_planned:g}** days "
    f"used. **{len(page.gaps)}** priority schools have none."
)
if page.without_days:
    st.markdown(f"For **{page.without_days}** of the active pieces no days are recorded: they are not in the sum.")
gaps, allocations, add, several, leaders = st.tabs(
    [f"Gaps ({len(page.gaps)})", f"Allocations ({len(page.table)})", "Add support", "Add from a file", "System leaders"]
)
with gaps:
    draw_gaps(page)
with allocations:
    draw_allocations(viewer(), copy(), page)
    draw_downloads(page.table, "support", [f"Support as at {copy().build.as_at:%d/%m/%Y}"], disabled=page.table.empty)
with add:
    draw_add(viewer(), copy(), scope)
with several:
    draw_import(viewer(), copy(), scope)
with leaders:
    draw_leaders(page)
draw_source_line()
