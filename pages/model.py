"""Model: what the rules are for, how often they were right, for whom they err, and the record to publish."""

from collections.abc import Callable

import streamlit as st

from pages.components.model_parts import draw_base_rates, draw_errors, draw_model_card, draw_record
from pages.components.scope_line import draw_scope_line, draw_source_line
from pages.components.session import copy, viewer
from pages.components.url import put_into_url, take_from_url

scope = draw_scope_line()
st.title("Model")

# each part runs only while it is open
PARTS: dict[str, Callable[[], None]] = {
    "The card": lambda: draw_model_card(viewer(), copy(), scope),
    "For whom it errs": lambda: draw_errors(viewer(), copy()),
    "Base rates": lambda: draw_base_rates(viewer(), copy()),
    "Transparency record": lambda: draw_record(viewer(), copy(), scope),
}
take_from_url("model", {"card": list(PARTS)})
st.session_state["card"] = st.session_state["card"] or next(iter(PARTS))
for tab, draw in zip(st.tabs(list(PARTS), key="card", on_change="rerun"), PARTS.values(), strict=True):
    if tab.open:
        with tab:
            draw()
# the first part is what the page shows anyway: no step more for the browser's Back
if "card" in st.query_params or st.session_state["card"] != next(iter(PARTS)):
    put_into_url("model", ["card"])
draw_source_line()
