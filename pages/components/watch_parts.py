"""A button that puts a school on the viewer's own watch list, or takes it off."""

import streamlit as st

from pages.components.session import ask
from pages.components.words import plain
from risk_model.domain.errors import RiskModelError
from risk_model.domain.viewer import Viewer
from risk_model.services.copy import Copy
from risk_model.services.watching import start_watching, stop_watching, watch_list


def draw_watch(viewer: Viewer, copy: Copy, urn: str) -> None:
    """Watch a school, or stop watching it."""
    is_watched = urn in ask(watch_list, viewer, copy)
    words = "Stop watching this school" if is_watched else "Watch this school"
    if st.button(
        words, key=f"watch_{urn}", help="Your own watch list: a filter of Schools at risk, and on the overview."
    ):
        try:
            (stop_watching if is_watched else start_watching)(viewer, copy, urn)
        except RiskModelError as error:
            st.error(plain(error))
            return
        st.rerun()
