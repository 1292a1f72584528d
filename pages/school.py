"""School profile: three statements with every rule in words, trends, inspections, support."""

import streamlit as st

from pages.components.briefing_parts import draw_brief_the_supporter
from pages.components.cards import draw_card
from pages.components.casework_parts import draw_casework
from pages.components.charts import draw_chart
from pages.components.ending import end_page
from pages.components.explained_parts import draw_explanations, draw_report_text, draw_since
from pages.components.inspection_window_parts import draw_inspection_window
from pages.components.judgement_parts import draw_judgements
from pages.components.links import draw_link
from pages.components.order_parts import draw_school_order
from pages.components.profile_parts import (
    choose_school,
    draw_head,
    draw_inspection_part,
    draw_support_part,
)
from pages.components.scope_line import draw_scope_line, draw_source_line
from pages.components.session import ask, copy, viewer
from pages.components.similar_parts import draw_similar_part
from pages.components.support_message import draw_message
from pages.components.template_parts import draw_held_part
from pages.components.timeline_parts import draw_timeline
from pages.components.words import plain
from risk_model.domain.errors import NotFound
from risk_model.domain.words import NOT_A_PREDICTION
from risk_model.services.profile import NO_PEOPLE, school_profile

scope = draw_scope_line()
draw_message()
who, here = viewer(), copy()
urn = choose_school(who, here, scope)
if urn is None:
    st.title("School profile")
    st.info("Choose a school above, or open one from the list of schools at risk.")
    draw_link("pages/schools_at_risk.py", label="Schools at risk")
    end_page()
try:
    profile = ask(school_profile, who, here, urn)
except NotFound as error:
    st.title("School profile")
    st.warning(plain(error))
    end_page()

draw_head(who, here, profile)
slots = []
for column, card in zip(st.columns(3), profile.cards, strict=True):
    with column:
        slots.append(draw_card(card))
st.caption(NOT_A_PREDICTION)
draw_school_order(who, here, urn)
draw_inspection_window(who, here, urn)
since = draw_since(who, here, profile)
if profile.shows_people:
    draw_judgements(who, here, urn, profile.judgements)
    draw_support_part(who, here, profile)
    draw_brief_the_supporter(who, here, urn)
    draw_casework(who, here, profile)
else:
    st.info(NO_PEOPLE)
st.header("How it has gone")
if profile.shows_people:
    draw_timeline(who, here, profile)
if not profile.trends:
    st.write("No yearly figure of this school is loaded.")
for number, trend in enumerate(profile.trends):
    if number % 2 == 0:
        columns = st.columns(2)
    with columns[number % 2]:
        draw_chart(trend.chart)
draw_similar_part(who, here, urn)
draw_inspection_part(profile)
if profile.shows_people:
    draw_held_part(profile.held)
draw_report_text(profile, draw_explanations(who, here, profile, slots), since)
draw_source_line()
