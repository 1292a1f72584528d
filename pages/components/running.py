"""Running a page: what a user may read about a failure is shown in its place, anything else stays loud."""

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from pages.components.session import data
from pages.components.words import plain
from risk_model.domain.errors import RiskModelError


def run(page: StreamlitPage) -> None:
    """Run a page; where what it asks for is damaged or gone, say so with what to do, and keep the navigation."""
    try:
        page.run()
    except RiskModelError as error:
        # where the server keeps its files is nobody's business on the screen
        st.error(plain(str(error).replace(str(data().root), "the data directory")))
