"""Data: what is loaded, how fresh it is, what is wrong with it; import and build."""

import streamlit as st

from pages.components.data_parts import (
    draw_build,
    draw_freshness_table,
    draw_import,
    draw_kept_builds,
    draw_problems,
    draw_releases,
)
from pages.components.scope_line import draw_scope_line, draw_source_line
from pages.components.session import copy, data, viewer
from risk_model.services.data import freshness, releases

draw_scope_line()
st.title("Data")
loaded = releases(viewer(), data())
fresh, held, problems, bring, build = st.tabs(["How fresh", f"Releases ({len(loaded)})", "Problems", "Import", "Build"])
with fresh:
    draw_freshness_table(freshness(viewer(), copy()))
with held:
    draw_releases(loaded)
with problems:
    draw_problems(loaded)
with bring:
    draw_import(viewer(), data())
with build:
    draw_build(viewer(), data(), copy().build)
    draw_kept_builds(viewer(), data(), copy().build)
draw_source_line()
