"""School profile: three statements with every rule in words, trends, inspections, support."""

import streamlit as st

from pages.components.briefing_parts import draw_brief_the_supporter
from pages.components.cards import draw_card
from pages.components.casework_parts import draw_casework
from pages.components.charts import draw_trend
from pages.components.explained_parts import draw_explanations, draw_report_text, draw_since
from pages.components.inspection_window_parts import draw_inspection_window
from pages.components.judgement_parts import draw_judgements
from pages.components.order_parts import draw_school_order
from pages.components.profile_parts import (
    choose_school,
    draw_head,
    draw_inspection_part,
    draw_support_part,
)
from pages.components.scope_line import draw_scope_line, draw_source_line
from pages.components.session import copy, viewer
from pages.components.similar_parts import draw_similar_part
from pages.components.support_message import draw_message
from pages.components.template_parts import draw_held_part
from pages.components.timeline_parts import draw_timeline
from pages.components.words import plain
from risk_model.domain.errors import NotFound
from risk_model.domain.words import NOT_A_PREDICTION
from risk_model.services.profile import school_profile

scope = draw_scope_line()
draw_message()
urn = choose_school(viewer(), copy(), scope)
if urn is None:
    st.title("School profile")
    st.info("Choose a school above, or open one from the list of schools at risk.")
    st.page_link("pages/schools_at_risk.py", label="Schools at risk")
    st.stop()
try:
    profile = school_profile(viewer(), copy(), urn)
except NotFound as error:
    st.title("School profile")
    st.warning(plain(error))
    st.stop()

draw_head(profile)
slots = []
for column, card in zip(st.columns(3), profile.cards, strict=True):
    with column:
        slots.append(draw_card(card))
st.caption(NOT_A_PREDICTION)
draw_school_order(viewer(), copy(), urn)
draw_inspection_window(viewer(), copy(), urn)
since = draw_since(viewer(), copy(), profile)
draw_judgements(viewer(), copy(), urn, profile.judgements)
draw_support_part(viewer(), copy(), profile)
draw_brief_the_supporter(viewer(), copy(), urn)
draw_casework(viewer(), copy(), profile)
st.header("How it has gone")
draw_timeline(viewer(), copy(), profile)
if not profile.trends:
    st.write("No yearly figure of this school is loaded.")
for number, trend in enumerate(profile.trends):
    if number % 2 == 0:
        columns = st.columns(2)
    with columns[number % 2]:
        draw_trend(trend)
draw_similar_part(viewer(), copy(), urn)
draw_inspection_part(profile)
draw_held_part(profile.held)
draw_report_text(profile, draw_explanations(viewer(), copy(), profile, slots), since)
draw_source_line()
