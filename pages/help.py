"""Help: a first hour for each, an LA's own data, the words, accessibility, what it is not for, what is new."""

import streamlit as st

from pages.components.help_parts import (
    draw_accessibility,
    draw_changes,
    draw_first_hour,
    draw_not_for,
    draw_own_data,
    draw_words,
)
from pages.components.scope_line import draw_scope_line, draw_source_line
from pages.components.session import copy, viewer
from pages.components.tab_views import Views, draw_tabs
from pages.components.url import put_part_into_url, take_from_url
from risk_model.domain.viewer import Right
from risk_model.services.scope import Scope

VIEWS: Views = {
    "first": ("First hour", draw_first_hour),
    "own": ("Your own data", draw_own_data),
    "words": ("Words", draw_words),
    "accessibility": ("Accessibility", draw_accessibility),
    "not_for": ("What it is not for", draw_not_for),
    "new": ("What is new", draw_changes),
}
# open to whoever has a role: who reads nothing of the LA has no scope to choose
reads = viewer().may(Right.READ)
scope = draw_scope_line() if reads else Scope()
views = VIEWS if reads else {key: view for key, view in VIEWS.items() if key != "own"}
st.title("Help")
take_from_url("help", {"view": list(views)})
st.session_state["view"] = st.session_state["view"] or next(iter(views))
put_part_into_url("help", "view", next(iter(views)))
draw_tabs(views, "help_tabs", viewer(), copy(), scope)
if reads:
    draw_source_line()
