"""A table on the screen, drawn the same everywhere."""

import weakref
from typing import Any

import pandas as pd
import pyarrow as pa
import streamlit as st

# what a cell shows where there is no value; why stands in words beside it
NO_VALUE = "–"

# By the frame's identity, for as long as the frame lives: an answer is drawn at each rerun, and never changed.
_FOR_BROWSER: dict[int, pa.Table] = {}


def show_table(table: pd.DataFrame, *, key: str, **options: Any) -> Any:
    """Draw a table without its index; a cell without a value says so.

    Args:
        table: nobody changes it after it was drawn.
        key: its own on the page.
        options: of `st.dataframe`; a text for screen readers (`alt`) always.
    Returns:
        What is selected, where something can be.
    """
    return st.dataframe(_for_browser(table), hide_index=True, placeholder=NO_VALUE, key=key, **options)


def _for_browser(table: pd.DataFrame) -> pa.Table | pd.DataFrame:
    """A frame in the form in which browsers get it, worked out once; the frame itself where Streamlit has to mend it,
    as a column with values of several types."""
    known = _FOR_BROWSER.get(id(table))
    if known is None:
        try:
            known = pa.Table.from_pandas(table, preserve_index=False)
        except (pa.ArrowException, OverflowError):
            return table
        _FOR_BROWSER[id(table)] = known
        weakref.finalize(table, _FOR_BROWSER.pop, id(table), None)
    return known
