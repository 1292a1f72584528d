"""The roof: page settings, the first start, navigation; nothing else."""

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from pages.components.first_start import ensure_ready
from pages.components.running import run
from pages.components.session import enter
from pages.components.sign_in import draw_door, land, may_open, with_start
from risk_model.domain.errors import RiskModelError
from risk_model.domain.viewer import Right
from risk_model.services.logs import start_logs


def all_pages(*, shows_access: bool) -> list[StreamlitPage]:
    """Every page, in the order of the navigation."""
    return [
        st.Page("pages/overview.py", title="Overview", default=True),
        st.Page("pages/schools_at_risk.py", title="Schools at risk"),
        st.Page("pages/school.py", title="School profile"),
        st.Page("pages/support.py", title="Support"),
        st.Page("pages/explore.py", title="Explore"),
        st.Page("pages/core_group.py", title="Core group"),
        st.Page("pages/my_schools.py", title="My schools"),
        st.Page("pages/regional_director.py", title="Regional director (RSC)"),
        st.Page("pages/history.py", title="History"),
        st.Page("pages/rules.py", title="Rules"),
        st.Page("pages/model.py", title="Model"),
        st.Page("pages/data.py", title="Data"),
        # reached from the foot of each page; an admin who reads nothing begins there
        st.Page("pages/access.py", title="Access", visibility="visible" if shows_access else "hidden"),
        st.Page("pages/help.py", title="Help"),
        # reached from the Data page, and from a figure
        st.Page("pages/quality.py", title="Data quality", visibility="hidden"),
        st.Page("pages/figure.py", title="Where a figure stands", visibility="hidden"),
    ]


start_logs()
st.set_page_config(page_title="Schools at risk and their support", layout="wide")

try:
    who = enter()
except RiskModelError as refused:
    st.navigation(all_pages(shows_access=False), position="hidden")
    draw_door(refused)
    st.stop()
pages = all_pages(shows_access=not who.viewer.may(Right.READ) and who.viewer.may(Right.ADMIN))
offered = [one for one in pages if may_open(who.viewer, one.url_path or "overview")]
page = st.navigation(with_start(offered), position="top")
land({one.url_path: one for one in offered})
ensure_ready()
run(page, who)
