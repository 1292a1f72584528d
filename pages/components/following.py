"""Showing what another machine publishes: asked in the background, and told of where it cannot be had."""

import streamlit as st

from pages.components.session import data
from risk_model.domain.viewer import local_viewer
from risk_model.services.publishing import Following, is_follower, store_address


def store_note() -> str:
    """What people should know of the store that this copy follows; "" while all is well, or where there is none."""
    address = store_address()
    if not address:
        return ""
    following = _following(str(data().root), address)
    return following.note() if following is not None else ""


# nobody asks it, it asks for everybody: so it is of no session, and sees what the machine itself may see
@st.cache_resource(show_spinner=False, on_release=lambda one: one and one.stop())
def _following(root: str, address: str) -> Following | None:
    return Following(local_viewer(), data()).start() if is_follower(local_viewer(), data()) else None
