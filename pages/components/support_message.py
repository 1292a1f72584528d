"""What the last change to records did, kept over the rerun that shows it."""

import streamlit as st

from pages.components.as_opened import forget_opened

_KEY = "support_message"
_SAVED = "support_saved"


def draw_message() -> None:
    """What the last change did: where the page begins, and for a moment wherever the reader is."""
    message = st.session_state.pop(_KEY, None)
    # its place is kept: when it came or went, what follows would move, and open tabs would close
    place = st.empty()
    if message:
        place.success(message)
        st.toast(message)


def done(message: str) -> None:
    """Remember what was done, empty the forms, and run the page anew."""
    st.session_state[_KEY] = message
    st.session_state[_SAVED] = saved() + 1
    forget_opened()
    st.rerun()


def saved() -> int:
    """How often this session has saved: in a form's key it keeps what was typed until then, and empties it after."""
    return int(st.session_state.get(_SAVED, 0))
