"""Explore: one question at a time, answered with charts that say what they find."""

import streamlit as st

from pages.components.explore_parts import choose_question, choose_within, draw_answer
from pages.components.scope_line import draw_scope_line, draw_source_line
from pages.components.session import ask, copy, viewer
from risk_model.services.explore import explore

scope = draw_scope_line()
st.title("Explore")
left, right = st.columns([1, 3], gap="large")
with left:
    question = choose_question()
with right:
    wanted = choose_within(viewer(), copy(), scope, question)
    draw_answer(question, ask(explore, viewer(), copy(), scope, question.key, wanted))
draw_source_line()
