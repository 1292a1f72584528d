"""What the last change to records did, kept over the rerun that shows it."""

import streamlit as st

_KEY = "support_message"


def draw_message() -> None:
    """What the last change did."""
    message = st.session_state.pop(_KEY, None)
    if message:
        st.success(message)


def done(message: str) -> None:
    """Remember what was done, and run the page anew."""
    st.session_state[_KEY] = message
    st.rerun()
