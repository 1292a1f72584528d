"""The first start: the invented LA is made, imported and built, with its progress on screen."""

from threading import Lock

import streamlit as st

from pages.components.session import data, viewer
from pages.components.words import plain
from risk_model.domain.errors import RiskModelError
from risk_model.services.preparing import get_ready, is_ready


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
    with st.status("First start: making the invented local authority Exampleshire", expanded=True) as status:
        line = st.empty()
        try:
            get_ready(viewer(), data(), lambda text: line.write(text))
        except RiskModelError as error:
            status.update(label="The first start did not work", state="error")
            st.error(plain(error))
            st.stop()
        status.update(label="Ready", state="complete", expanded=False)
