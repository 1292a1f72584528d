"""Support: need beside help, who helps whom, who could, and what came of it."""

import streamlit as st

from pages.components.capacity_parts import draw_capacity
from pages.components.directory_parts import draw_directory, draw_interests, draw_supply
from pages.components.downloads import draw_downloads
from pages.components.impact_parts import draw_impact, draw_outcomes
from pages.components.matching_parts import draw_match, draw_match_for
from pages.components.need_parts import draw_gaps, draw_matrix
from pages.components.network_parts import draw_networks
from pages.components.one_support_parts import draw_allocations
from pages.components.scope_line import draw_scope_line, draw_source_line
from pages.components.session import copy, viewer
from pages.components.support_forms import draw_add, draw_import
from pages.components.support_message import draw_message
from pages.components.url import put_into_url, take_from_url
from pages.components.words import plain
from risk_model.domain.errors import RulesRefused
from risk_model.services.needs import need_page
from risk_model.services.support import support_page

VIEWS = {
    "gaps": "Gaps",
    "matrix": "Need and help",
    "support": "Allocations",
    "match": "Who could help",
    "add": "Add support",
    "leaders": "System leaders",
    "interests": "Interests",
    "capacity": "Capacity",
    "impact": "Did it help?",
    "networks": "Networks",
    "file": "From a file",
}

scope = draw_scope_line()
st.title("Support")
draw_message()
take_from_url("support_view", {"view": list(VIEWS)})
if st.session_state.get("view") is None:
    st.session_state["view"] = "add" if "for" in st.query_params else "gaps"
view = st.segmented_control(
    "View", list(VIEWS), format_func=VIEWS.__getitem__, key="view", label_visibility="collapsed"
)
put_into_url("support_view", ["view"])
try:
    page = support_page(viewer(), copy(), scope)
except RulesRefused as error:
    st.error(plain(error))
    st.stop()
st.markdown(
    f"**{page.active}** pieces of support are active: **{page.days_used:g}** of **{page.days_planned:g}** days "
    f"used. **{len(page.gaps)}** priority schools have none."
)
if page.without_days:
    st.markdown(f"For **{page.without_days}** of the active pieces no days are recorded: they are not in the sum.")
if view == "matrix":
    draw_matrix(viewer(), copy(), scope, need_page(viewer(), copy(), scope))
elif view == "support":
    draw_allocations(viewer(), copy(), page)
    draw_downloads(page.table, "support", [f"Support as at {copy().build.as_at:%d/%m/%Y}"], disabled=page.table.empty)
elif view == "match":
    draw_match(viewer(), copy(), scope)
elif view == "add":
    draw_add(viewer(), copy(), scope)
elif view == "leaders":
    draw_directory(viewer(), copy(), scope)
    draw_supply(viewer(), copy(), scope)
elif view == "interests":
    draw_interests(viewer(), copy(), scope)
elif view == "capacity":
    draw_capacity(viewer(), copy(), scope)
elif view == "impact":
    draw_impact(viewer(), copy(), scope)
    draw_outcomes(viewer(), copy(), scope)
elif view == "networks":
    draw_networks(viewer(), copy(), scope)
elif view == "file":
    draw_import(viewer(), copy(), scope)
else:
    urn = draw_gaps(need_page(viewer(), copy(), scope))
    if urn is not None:
        draw_match_for(viewer(), copy(), urn)
draw_source_line()
