"""My schools: what a system leader, a head or a member of a core group sees of the schools that are theirs."""

import streamlit as st

from pages.components.my_schools_parts import choose_leader, draw_nobody_chosen, draw_view
from pages.components.own_parts import draw_own
from pages.components.scope_line import draw_scope_line, draw_source_line
from pages.components.session import copy, viewer
from risk_model.domain.viewer import Right

if viewer().may(Right.PEOPLE):
    scope = draw_scope_line()
    st.title("My schools")
    leader = choose_leader(viewer(), copy(), scope)
    if leader is None:
        draw_nobody_chosen(viewer(), copy(), scope)
    else:
        draw_view(viewer(), copy(), leader)
    draw_source_line()
else:
    st.title("My schools")
    draw_own(viewer(), copy())
    if viewer().localities or viewer().own_urns:
        draw_source_line()
