"""Core group: prepare, hold and close a meeting; what it agreed, who does what, and what its members see.

Who sits in a core group and reads nothing else of the LA has the meeting here, and nothing besides.
"""

import streamlit as st

from pages.components.ending import end_page
from pages.components.meeting_views import VIEWS
from pages.components.room_parts import draw_own_room, put_room_into_url
from pages.components.scope_line import draw_scope_line, draw_source_line
from pages.components.session import copy, viewer
from pages.components.support_message import draw_message
from pages.components.tab_views import draw_tabs, offered
from pages.components.url import take_from_url
from risk_model.domain.viewer import Right

if not viewer().may(Right.PEOPLE):
    st.title("Core group")
    draw_message()
    draw_own_room(viewer(), copy())
    draw_source_line()
    end_page()
scope = draw_scope_line()
st.title("Core group")
draw_message()
if scope.la_code is None:
    st.info("Choose a local authority above: core groups belong to one.")
    end_page()
views = offered(VIEWS, {"prepare": Right.MEET}, viewer())
take_from_url("core_group", {"view": list(views), "meeting": None, "school": None})
if st.session_state.get("view") is None:
    st.session_state["view"] = "meeting" if st.session_state.get("meeting") else "groups"
draw_tabs(views, "core_group_tab", viewer(), copy(), scope)
put_room_into_url("core_group", ["view", "meeting", "school"])
draw_source_line()
