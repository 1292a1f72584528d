"""Export of exactly the table on screen, as CSV and XLSX; each file is logged before it is handed over."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from pages.components.session import copy, viewer
from risk_model.domain.viewer import Right
from risk_model.services.leaving import hand_over_table

_FILES = (
    ("Export as CSV", ".csv", "text/csv"),
    ("Export as Excel", ".xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
)


def draw_downloads(table: pd.DataFrame, name: str, about: Sequence[str], *, disabled: bool = False) -> None:
    """Two buttons, for whoever may take tables out; the file is made and logged when one is pressed."""
    who = viewer()
    if not who.may(Right.EXPORT):
        return
    here = copy()
    with st.container(horizontal=True):
        for title, ending, kind in _FILES:
            st.download_button(
                title,
                lambda ending=ending: hand_over_table(who, here, f"{name}{ending}", table, about),
                f"{name}{ending}",
                kind,
                key=f"{name}_{ending[1:]}",
                on_click="ignore",
                disabled=disabled,
            )
