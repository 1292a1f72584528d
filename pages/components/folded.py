"""A part of a page that is folded up, and worked out only once somebody opens it."""

from collections.abc import Callable

import streamlit as st


def draw_folded(title: str, key: str, draw: Callable[[], None], *, is_open: bool = False) -> None:
    """A part that most readers leave closed.

    Args:
        key: another one for every school and part.
        draw: called while it is open.
        is_open: at first.
    """
    part = st.expander(title, key=key, on_change="rerun", expanded=is_open)
    if part.open:
        with part:
            draw()
