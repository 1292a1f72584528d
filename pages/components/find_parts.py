"""Find a school from anywhere: what fits is listed below, and each leads to its profile."""

import streamlit as st

from pages.components.links import draw_link
from pages.components.session import ask, copy, viewer
from pages.components.words import plain
from risk_model.services.school_search import find_schools


def draw_find_box() -> None:
    """The box of the scope line; empty again once a link has led to another school."""
    at = st.query_params.get("urn")
    if st.session_state.get("find") and st.session_state.get("find_from", at) != at:
        st.session_state["find"] = ""
    st.session_state["find_from"] = at
    st.text_input("Go to a school", key="find", placeholder="Name, URN or postcode", width=260)


def draw_found(la_code: str | None) -> None:
    """What fits what was typed; nothing where nothing was."""
    text = st.session_state.get("find") or ""
    if not text.strip():
        return
    found = ask(find_schools, viewer(), copy(), text, la_code)
    if not found.schools:
        st.info("No school fits. Type a part of its name, its URN, its LAESTAB or its postcode.")
        return
    with st.container(border=True):
        for one in found.schools:
            draw_link("pages/school.py", label=plain(one.words), query_params={"urn": one.urn})
        if found.count > len(found.schools):
            st.caption(f"and {found.count - len(found.schools)} more: type more of the name.")
        st.button("Clear the search", key="find_clear", on_click=_clear)


def _clear() -> None:
    st.session_state["find"] = ""
