"""The first start: the invented LA is made, imported and built, with its progress on screen."""

import streamlit as st

from pages.components.session import data, viewer
from risk_model.domain.errors import RiskModelError
from risk_model.services.preparing import get_ready, is_ready


def ensure_ready() -> None:
    """Go on at once where there is a build; else make one, and show what is being done."""
    if is_ready(data()):
        return
    with st.status("First start: making the invented local authority Exampleshire", expanded=True) as status:
        line = st.empty()
        try:
            get_ready(viewer(), data(), lambda text: line.write(text))
        except RiskModelError as error:
            status.update(label="The first start did not work", state="error")
            st.error(str(error))
            st.stop()
        status.update(label="Ready", state="complete", expanded=False)
    st.rerun()
