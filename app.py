"""The roof: page settings, the first start, navigation; nothing else."""

import streamlit as st

from pages.components.first_start import ensure_ready
from pages.components.running import run
from pages.components.session import enter
from pages.components.sign_in import draw_door, land, may_open, with_start
from risk_model.domain.errors import RiskModelError
from risk_model.services.logs import start_logs

start_logs()
st.set_page_config(page_title="Schools at risk and their support", layout="wide")

pages = [
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
    st.Page("pages/help.py", title="Help"),
    # reached from the Data page, and from a figure
    st.Page("pages/quality.py", title="Data quality", visibility="hidden"),
    st.Page("pages/figure.py", title="Where a figure stands", visibility="hidden"),
    # reached from the foot of each page
    st.Page("pages/access.py", title="Access", visibility="hidden"),
]
try:
    who = enter()
except RiskModelError as refused:
    st.navigation(pages, position="hidden")
    draw_door(refused)
    st.stop()
offered = [one for one in pages if may_open(who.viewer, one.url_path or "overview")]
page = st.navigation(with_start(offered), position="top")
land({one.url_path: one for one in offered})
ensure_ready()
run(page, who)
