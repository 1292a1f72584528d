"""Regional director (RSC): which academies, what is told of them, what leaves, and what came of it."""

import streamlit as st

from pages.components.director_choice import draw_academies, draw_fields, keep_choice, take_choice
from pages.components.director_preview import draw_export, draw_preview
from pages.components.ending import end_page
from pages.components.raised_parts import draw_raised
from pages.components.scope_line import draw_scope_line, draw_source_line
from pages.components.session import ask, copy, viewer
from pages.components.support_message import draw_message
from pages.components.tab_views import Views, draw_tabs
from pages.components.url import put_into_url, take_from_url
from pages.components.words import plain
from risk_model.domain.errors import RulesRefused
from risk_model.services.director_content import director_settings

VIEWS: Views = {
    "choose": ("1 Choose academies", draw_academies),
    "fields": ("2 Choose fields", lambda viewer, copy, scope: draw_fields()),
    "preview": ("3 Preview", draw_preview),
    "export": ("4 Export and log", draw_export),
    "raised": ("Raised", draw_raised),
}
scope = draw_scope_line()
st.title("Regional director (RSC)")
draw_message()
st.write(
    "Academies and free schools at risk in this local authority. The LA has no intervention powers there: it "
    "talks with the trust, and raises its concern with the DfE regional director, formerly the RSC."
)
if scope.la_code is None:
    end_page()
try:
    banners = ask(director_settings, viewer(), copy(), scope.la_code).banner_texts
except RulesRefused as error:
    st.error(plain(error))
    end_page()
take_from_url("director_view", {"view": list(VIEWS)})
if st.session_state.get("view") is None:
    st.session_state["view"] = "choose"
take_choice(viewer(), copy(), scope, list(banners))
put_into_url("director_view", ["view"])
draw_tabs(VIEWS, "director_tab", viewer(), copy(), scope)
keep_choice()
draw_source_line()
