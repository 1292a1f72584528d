"""Export of exactly the table on screen, as CSV and XLSX."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from risk_model.exports.tables import as_csv, as_xlsx


def draw_downloads(table: pd.DataFrame, name: str, about: Sequence[str], *, disabled: bool = False) -> None:
    """Two buttons; the file is made when one is pressed."""
    with st.container(horizontal=True):
        st.download_button(
            "Export as CSV",
            lambda: as_csv(table),
            f"{name}.csv",
            "text/csv",
            key=f"{name}_csv",
            on_click="ignore",
            disabled=disabled,
        )
        st.download_button(
            "Export as Excel",
            lambda: as_xlsx(table, about=about),
            f"{name}.xlsx",
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            key=f"{name}_xlsx",
            on_click="ignore",
            disabled=disabled,
        )
