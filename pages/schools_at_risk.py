"""Schools at risk: which schools need help, and is help already there?"""

import streamlit as st

from pages.components.downloads import draw_downloads
from pages.components.list_parts import draw_chosen, draw_filters, draw_table
from pages.components.scope_line import draw_scope_line, draw_source_line
from pages.components.session import copy, viewer
from risk_model.domain.words import NOT_A_PREDICTION
from risk_model.services.at_risk import about_list, narrowed, school_list, screen_table

scope = draw_scope_line()
st.title("Schools at risk")
schools = school_list(viewer(), copy(), scope)
filters = draw_filters()
found = narrowed(schools, filters)
table = screen_table(found)

st.markdown(f"**{len(found)} of {len(schools)} schools**")
if found.empty:
    st.info("No school fits these filters. Remove one of them.")
else:
    urn = draw_table(table)
    if urn:
        draw_chosen(viewer(), copy(), urn)
draw_downloads(table, "schools_at_risk", about_list(viewer(), copy(), scope, filters, len(found)), disabled=found.empty)
st.caption(NOT_A_PREDICTION)
draw_source_line()
