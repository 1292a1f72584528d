"""History: what was known, agreed and sent on a past day, of one school or of the whole LA."""

from datetime import date

import streamlit as st

from pages.components.ending import end_page
from pages.components.history_parts import (
    choose_day,
    draw_agreement,
    draw_build,
    draw_history_downloads,
    draw_parts,
    draw_timeline_of,
)
from pages.components.profile_parts import choose_school
from pages.components.restricted import log_notes
from pages.components.scope_line import draw_scope_line, draw_source_line
from pages.components.session import ask, copy, viewer
from pages.components.words import plain
from risk_model.domain.errors import NotFound
from risk_model.domain.periods import in_words
from risk_model.services.history import history_on, school_history
from risk_model.services.restricted_notes import notes_in_history

scope = draw_scope_line()
st.title("History")
st.write(
    "What stood on a past day: what the build said, what advisers and core groups had agreed, what was sent. It is "
    "put together from what is kept for ever, and cannot be changed silently."
)
urn = choose_school(viewer(), copy(), scope)
day = choose_day(date.today())
try:
    found = (
        ask(history_on, viewer(), copy(), scope, day)
        if urn is None
        else ask(school_history, viewer(), copy(), urn, day)
    )
except NotFound as error:
    st.warning(plain(error))
    end_page()
if found.may_see_restricted:
    log_notes(notes_in_history(found))
st.header(f"{plain(found.about)} on {in_words(day)}")
st.markdown(f"**{plain(found.finding)}**")
draw_build(found)
draw_history_downloads(viewer(), copy(), scope, found)
draw_parts(found)
draw_timeline_of(found)
draw_agreement(viewer(), copy())
draw_source_line()
