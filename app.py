"""The roof: page settings, the first start, navigation; nothing else."""

import streamlit as st

from pages.components.first_start import ensure_ready

st.set_page_config(page_title="Schools at risk and their support", layout="wide")

pages = [
    st.Page("pages/overview.py", title="Overview", default=True),
    st.Page("pages/schools_at_risk.py", title="Schools at risk"),
    st.Page("pages/school.py", title="School profile"),
    st.Page("pages/support.py", title="Support"),
    st.Page("pages/regional_director.py", title="Regional director (RSC)"),
    st.Page("pages/data.py", title="Data"),
]
page = st.navigation(pages, position="top")
ensure_ready()
page.run()
