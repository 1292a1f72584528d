"""What the last change to records did, kept over the rerun that shows it."""

import streamlit as st

_KEY = "support_message"


def draw_message() -> None:
    """What the last change did: where the page begins, and for a moment wherever the reader is."""
    message = st.session_state.pop(_KEY, None)
    # its place is kept: when it came or went, what follows would move, and open tabs would close
    place = st.empty()
    if message:
        place.success(message)
        st.toast(message)


def done(message: str) -> None:
    """Remember what was done, and run the page anew."""
    st.session_state[_KEY] = message
    st.rerun()
