"""Where a figure stands: the row of the published file, its release, and what was made of it."""

import streamlit as st

from pages.components.ending import end_page
from pages.components.figure_parts import asked_row, draw_row
from pages.components.links import draw_link
from pages.components.scope_line import draw_scope_line, draw_source_line
from pages.components.session import copy, viewer
from pages.components.words import plain
from risk_model.domain.errors import NotFound
from risk_model.services.figures import figure_source

draw_scope_line()
st.title("Where a figure stands")
asked = asked_row()
if asked is None:
    st.info("Open a school's profile and follow one of its figures to the file.")
    draw_link("pages/school.py", label="School profile")
    end_page()
try:
    draw_row(figure_source(viewer(), copy(), *asked))
except NotFound as error:
    st.warning(plain(error))
draw_source_line()
