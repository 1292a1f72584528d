"""Schools at risk: which schools need help, and is help already there?"""

import streamlit as st

from pages.components.downloads import draw_downloads
from pages.components.list_parts import draw_chosen, draw_filters, draw_table
from pages.components.scope_line import draw_scope_line, draw_source_line
from pages.components.session import ask, copy, viewer
from pages.components.words import plain
from risk_model.domain.viewer import Right
from risk_model.domain.words import INSPECTION_TARGET, INSPECTION_TARGET_SOFT, NOT_A_PREDICTION, OFSTED_DECIDES
from risk_model.services.at_risk import (
    about_list,
    judgements_sentence,
    list_sentence,
    narrowed,
    school_list,
    table_for,
)

scope = draw_scope_line()
st.title("Schools at risk")
schools = ask(school_list, viewer(), copy(), scope)
is_judged = viewer().may(Right.PEOPLE)
filters = draw_filters(is_judged=is_judged)
found = ask(narrowed, schools, filters)
table = ask(table_for, viewer(), found, filters)

comes_to = "" if found.empty else f": {plain(ask(list_sentence, found))}"
st.markdown(f"**{len(found)} of {len(schools)} schools**{comes_to}")
if is_judged:
    st.caption(ask(judgements_sentence, found))
if found.empty:
    st.info("No school fits these filters. Remove one of them.")
else:
    urn = draw_table(table)
    if urn:
        draw_chosen(viewer(), copy(), urn)
draw_downloads(
    table, "schools_at_risk", ask(about_list, viewer(), copy(), scope, filters, len(found)), disabled=found.empty
)
st.caption(f"{NOT_A_PREDICTION} {INSPECTION_TARGET} {INSPECTION_TARGET_SOFT} {OFSTED_DECIDES}")
draw_source_line()
