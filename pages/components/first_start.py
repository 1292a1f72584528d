"""The first start: what is lacking is made, with its progress on screen; nothing but the invented LA, or a build."""

from threading import Lock

import streamlit as st

from pages.components.session import data, viewer
from pages.components.words import plain
from risk_model.domain.errors import RiskModelError
from risk_model.services.preparing import get_ready, is_ready, lacking


def ensure_ready() -> None:
    """Go on at once where there is a build; else make one, and show what is being done."""
    if is_ready(data()):
        return
    # two people may open a fresh copy at once: the second waits and finds it made
    with _one_at_a_time(str(data().root)):
        if not is_ready(data()):
            _make_ready()
    st.rerun()


@st.cache_resource(show_spinner=False)
def _one_at_a_time(root: str) -> Lock:
    return Lock()


def _make_ready() -> None:
    with st.status(f"Getting ready: {lacking(data())}", expanded=True) as status:
        line = st.empty()
        try:
            get_ready(viewer(), data(), lambda text: line.write(text))
        except RiskModelError as error:
            status.update(label="It did not work", state="error")
            st.error(plain(error))
            st.stop()
        status.update(label="Ready", state="complete", expanded=False)
