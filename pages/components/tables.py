"""A table on the screen, drawn the same everywhere."""

from typing import Any

import pandas as pd
import streamlit as st

from risk_model.exports.for_browser import as_drawn

# what a cell shows where there is no value; why stands in words beside it
NO_VALUE = "–"


def show_table(table: pd.DataFrame, *, key: str, **options: Any) -> Any:
    """Draw a table without its index; a cell without a value says so.

    Args:
        table: nobody changes it after it was drawn.
        key: its own on the page.
        options: of `st.dataframe`; a text for screen readers (`alt`) always.
    Returns:
        What is selected, where something can be.
    """
    return st.dataframe(as_drawn(table), hide_index=True, placeholder=NO_VALUE, key=key, **options)
