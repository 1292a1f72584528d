"""Filters as chips: what narrows a list stands above it, each with a button that takes it away."""

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from pages.components.words import plain


@dataclass(frozen=True)
class Chip:
    """One filter that is on.

    Attributes:
        key: of the widget; value: the one value that this chip is about.
        words: "Priority: watch".
    """

    key: str
    value: str
    words: str


def draw_chips(chips: Sequence[Chip]) -> None:
    """The filters that are on, and a way to take away one or all; nothing where none is."""
    if not chips:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        for chip in chips:
            st.button(
                f"{plain(chip.words)} ✕",
                key=f"chip_{chip.key}_{chip.value}",
                help="Take this filter away",
                on_click=_take_away,
                args=(chip,),
            )
        if len(chips) > 1:
            st.button(
                f"Clear all {len(chips)} filters", key="chips_clear", type="tertiary", on_click=_clear, args=(chips,)
            )


def _take_away(chip: Chip) -> None:
    now = st.session_state.get(chip.key)
    st.session_state[chip.key] = [one for one in now if one != chip.value] if isinstance(now, list) else None


def _clear(chips: Sequence[Chip]) -> None:
    for chip in chips:
        _take_away(chip)
