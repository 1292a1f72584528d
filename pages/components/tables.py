"""A table on the screen, drawn the same everywhere."""

from typing import Any

import pandas as pd
import streamlit as st

from risk_model.exports.for_browser import as_drawn

# what a cell shows where there is no value; why stands in words beside it
NO_VALUE = "–"


# in pixels: the browser's grid breaks text into lines only in rows of more than 64, which hold three lines
_ROW_OF_LINES, _HEAD, _MOST = 66, 38, 580


def show_table(table: pd.DataFrame, *, key: str, has_lines: bool | None = None, **options: Any) -> Any:
    """Draw a table without its index; a cell without a value says so.

    Args:
        table: nobody changes it after it was drawn.
        key: its own on the page.
        has_lines: whether text that is longer than its column is wide has up to three lines; where nothing is said,
            it has them if any text is long.
        options: of `st.dataframe`; a text for screen readers (`alt`) always.
    Returns:
        What is selected, where something can be.
    """
    drawn = as_drawn(table)
    if drawn.has_long_text if has_lines is None else has_lines:
        options = {"row_height": _ROW_OF_LINES, "height": min(_MOST, _HEAD + _ROW_OF_LINES * len(table)), **options}
    return st.dataframe(drawn.data, hide_index=True, placeholder=NO_VALUE, key=key, **options)
