"""Core group: prepare, hold and close a meeting; what it agreed, who does what, and what its members see."""

import streamlit as st

from pages.components.ending import end_page
from pages.components.meeting_views import VIEWS
from pages.components.scope_line import draw_scope_line, draw_source_line
from pages.components.session import copy, viewer
from pages.components.support_message import draw_message
from pages.components.tab_views import draw_tabs
from pages.components.url import put_into_url, take_from_url

scope = draw_scope_line()
st.title("Core group")
draw_message()
if scope.la_code is None:
    st.info("Choose a local authority above: core groups belong to one.")
    end_page()
take_from_url("core_group", {"view": list(VIEWS), "meeting": None, "school": None})
if st.session_state.get("view") is None:
    st.session_state["view"] = "meeting" if st.session_state.get("meeting") else "groups"
draw_tabs(VIEWS, "core_group_tab", viewer(), copy(), scope)
# what is shown without names is not named by the address either
hidden = ["school"] if st.session_state.get("room_unnamed") else []
put_into_url("core_group", ["view", "meeting", "school"], hidden)
draw_source_line()
