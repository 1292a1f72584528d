"""Rules: what each one means and finds, what other numbers would change, and how two rule sets differ."""

from collections.abc import Callable

import streamlit as st

from pages.components.rules_parts import draw_catalogue, draw_compare_rules
from pages.components.sandbox_parts import draw_sandbox
from pages.components.scope_line import draw_scope_line, draw_source_line
from pages.components.session import copy, viewer
from pages.components.url import put_part_into_url, take_from_url

scope = draw_scope_line()
st.title("Rules")

# each part runs only while it is open
PARTS: dict[str, Callable[[], None]] = {
    "Catalogue": lambda: draw_catalogue(viewer(), copy(), scope),
    "Sandbox": lambda: draw_sandbox(viewer(), copy(), scope),
    "Compare": lambda: draw_compare_rules(viewer(), copy(), scope),
}
take_from_url("rules", {"view": list(PARTS)})
st.session_state["view"] = st.session_state["view"] or next(iter(PARTS))
for tab, draw in zip(st.tabs(list(PARTS), key="view", on_change="rerun"), PARTS.values(), strict=True):
    if tab.open:
        with tab:
            draw()
put_part_into_url("rules", "view", next(iter(PARTS)))
draw_source_line()
