"""Running a page: what a user may read about a failure is shown in its place, anything else stays loud."""

from contextlib import suppress
from pathlib import Path

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from pages.components.ending import PageEnds
from pages.components.session import at_desk
from pages.components.sign_in import draw_who, forget_going
from pages.components.words import plain
from risk_model.domain.errors import RiskModelError
from risk_model.services.access import Standing
from risk_model.services.logs import noted

# where the page begins, how it prints, and no movement for who wants none
_STYLE = Path(__file__).parent / "page.css"


def run(page: StreamlitPage, who: Standing) -> None:
    """Run a page; where what it asks for is damaged or gone, say so with what to do, and keep the navigation."""
    st.html(_STYLE)
    forget_going()
    try:
        with noted("page", page=page.url_path or "overview"), at_desk(), suppress(PageEnds):
            page.run()
    except RiskModelError as error:
        st.error(plain(error))
    draw_who(who)
