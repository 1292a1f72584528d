"""Overview: which schools need help, is help there, what changed, what is due, how fresh is the data?"""

import streamlit as st

from pages.components.overview_parts import (
    choose_since,
    draw_changes,
    draw_due,
    draw_freshness,
    draw_localities,
    draw_map,
    draw_tile,
    draw_to_do,
)
from pages.components.scope_line import draw_scope_line, draw_source_line
from pages.components.session import ask, copy, viewer
from pages.components.words import plain
from risk_model.domain.words import INSPECTION_TARGET, INSPECTION_TARGET_SOFT, NOT_A_PREDICTION
from risk_model.services.overview import overview

scope = draw_scope_line()
st.title("Overview")
seen = ask(overview, viewer(), copy(), scope, choose_since(viewer(), copy(), scope))
st.markdown(f"**{plain(seen.sentence)}**")

for column, tile in zip(st.columns(3), seen.tiles, strict=True):
    with column:
        draw_tile(tile)
st.caption(f"{NOT_A_PREDICTION} {INSPECTION_TARGET} {INSPECTION_TARGET_SOFT}")

left, right = st.columns([3, 2])
with left:
    draw_map(viewer(), copy(), scope)
with right:
    draw_to_do(seen)
draw_localities(seen)
draw_changes(seen)
draw_due(seen)
draw_freshness(seen)
draw_source_line()
