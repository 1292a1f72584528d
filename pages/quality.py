"""Data quality: what became of every row, how well the figures agree with the published ones, what cannot be true."""

import streamlit as st

from pages.components.account_parts import draw_accounts
from pages.components.quality_parts import draw_all, draw_report
from pages.components.scope_line import draw_scope_line, draw_source_line
from pages.components.session import ask, copy, data, viewer
from pages.components.url import put_into_url, take_from_url
from risk_model.services.quality import quality_choices, quality_reports

draw_scope_line()
st.title("Data quality")
choices = ask(quality_choices, viewer(), data())
take_from_url("quality", {"quality_of": list(choices)})
chosen = st.selectbox(
    "Release",
    list(choices),
    key="quality_of",
    index=None,
    placeholder="Choose a release",
    format_func=lambda release_id: choices.get(release_id, release_id),
)
put_into_url("quality", ["quality_of"])
if chosen is None:
    draw_all(viewer(), data())
    draw_accounts(viewer(), copy())
else:
    with st.spinner("Counting rows and working out the figures"):
        reports = ask(quality_reports, viewer(), data(), chosen)
    draw_report(reports[0])
draw_source_line()
