"""Access: as what one is here and why, and, for an admin, who may see what."""

import streamlit as st

from pages.components.access_parts import draw_grants, draw_own_access
from pages.components.session import all_records, standing, viewer
from risk_model.domain.viewer import Right

st.title("Access")
draw_own_access(standing())
if viewer().may(Right.ADMIN):
    draw_grants(viewer(), all_records())
