"""The roof: page settings, the first start, navigation; nothing else."""

import streamlit as st

from pages.components.first_start import ensure_ready
from pages.components.running import run

st.set_page_config(page_title="Schools at risk and their support", layout="wide")

pages = [
    st.Page("pages/overview.py", title="Overview", default=True),
    st.Page("pages/schools_at_risk.py", title="Schools at risk"),
    st.Page("pages/school.py", title="School profile"),
    st.Page("pages/support.py", title="Support"),
    st.Page("pages/core_group.py", title="Core group"),
    st.Page("pages/my_schools.py", title="My schools"),
    st.Page("pages/regional_director.py", title="Regional director (RSC)"),
    st.Page("pages/history.py", title="History"),
    st.Page("pages/rules.py", title="Rules"),
    st.Page("pages/model.py", title="Model"),
    st.Page("pages/data.py", title="Data"),
    st.Page("pages/quality.py", title="Data quality"),
    # reached from a figure
    st.Page("pages/figure.py", title="Where a figure stands", visibility="hidden"),
]
page = st.navigation(pages, position="top")
ensure_ready()
run(page)
