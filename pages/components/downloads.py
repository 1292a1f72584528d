"""Export of exactly the table on screen, as CSV and XLSX; each file is logged before it is handed over."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Literal

import pandas as pd
import streamlit as st

from pages.components.session import copy, still_as_drawn, viewer
from risk_model.domain.viewer import Right
from risk_model.services.leaving import hand_over_table

_FILES = (
    ("Export as CSV", ".csv", "text/csv"),
    ("Export as Excel", ".xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
)


def draw_file(
    label: str,
    make: Callable[[], bytes | str],
    name: str,
    kind: str,
    *,
    key: str,
    disabled: bool = False,
    meaning: str | None = None,
    reruns: bool = False,
) -> None:
    """A button for a file, which is made when the button is pressed: only while the role counts that it was drawn for.

    Args:
        kind: the media type.
        meaning: what the question mark beside it says.
        reruns: whether the page is drawn anew once it is pressed.
    """
    check = still_as_drawn()

    def made() -> bytes | str:
        check()
        return make()

    answer: Literal["rerun", "ignore"] = "rerun" if reruns else "ignore"
    st.download_button(label, made, name, kind, key=key, on_click=answer, disabled=disabled, help=meaning)


def draw_downloads(table: pd.DataFrame, name: str, about: Sequence[str], *, disabled: bool = False) -> None:
    """Two buttons, for whoever may take tables out; the file is made and logged when one is pressed."""
    who = viewer()
    if not who.may(Right.EXPORT):
        return
    here = copy()
    with st.container(horizontal=True):
        for title, ending, kind in _FILES:
            draw_file(
                title,
                partial(hand_over_table, who, here, f"{name}{ending}", table, about),
                f"{name}{ending}",
                kind,
                key=f"{name}_{ending[1:]}",
                disabled=disabled,
            )
