"""Support: need beside help, who helps whom, who could, and what came of it."""

import streamlit as st

from pages.components.ending import end_page
from pages.components.scope_line import draw_scope_line, draw_source_line
from pages.components.session import ask, copy, viewer
from pages.components.support_message import draw_message
from pages.components.support_views import draw_view, views_for
from pages.components.url import put_into_url, take_from_url
from pages.components.words import plain
from risk_model.domain.errors import RulesRefused
from risk_model.services.support import support_page

scope = draw_scope_line()
st.title("Support")
draw_message()
views = views_for(viewer())
take_from_url("support_view", {"view": list(views)})
if st.session_state.get("view") is None:
    st.session_state["view"] = "add" if "for" in st.query_params and "add" in views else "gaps"
try:
    page = ask(support_page, viewer(), copy(), scope)
except RulesRefused as error:
    st.error(plain(error))
    end_page()
st.markdown(
    f"**{page.active}** pieces of support are active: **{page.days_used:g}** of **{page.days_planned:g}** days "
    f"used. **{len(page.gaps)}** priority schools have none."
)
if page.without_days:
    st.markdown(f"For **{page.without_days}** of the active pieces no days are recorded: they are not in the sum.")
put_into_url("support_view", ["view"])
draw_view(viewer(), copy(), scope)
draw_source_line()
