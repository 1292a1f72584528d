"""A table in the browser's form: the same values, worked out once, gone with its frame."""

import gc
from datetime import date

import pandas as pd
import pyarrow as pa
import pytest

from risk_model.exports import for_browser
from risk_model.exports.for_browser import as_drawn


def frame() -> pd.DataFrame:
    return pd.DataFrame(
        {"School": ["A", None], "On": [date(2026, 11, 2), None], "Days": [1.5, None], "Schools": [3, 4]}, index=[7, 9]
    )


def test_every_column_is_there_with_its_values_and_gaps_and_no_index() -> None:
    drawn = as_drawn(frame()).data
    assert isinstance(drawn, pa.Table)
    assert drawn.to_pydict() == {
        "School": ["A", None],
        "On": [date(2026, 11, 2), None],
        "Days": [1.5, None],
        "Schools": [3, 4],
    }


def test_it_is_worked_out_once_for_a_frame_and_forgotten_with_it() -> None:
    table = frame()
    assert as_drawn(table) is as_drawn(table)
    assert as_drawn(frame()) is not as_drawn(table)
    known = id(table)
    assert known in for_browser._KNOWN
    del table
    gc.collect()
    assert known not in for_browser._KNOWN


def test_what_arrow_cannot_hold_is_left_as_it_is() -> None:
    mixed = pd.DataFrame({"Cell": ["text", 3]}, dtype=object)
    assert as_drawn(mixed).data is mixed
    known = id(mixed)
    del mixed
    gc.collect()
    assert known not in for_browser._KNOWN


@pytest.mark.parametrize("other", [[None, "short"], ["short", 3]])
def test_a_text_that_no_column_holds_is_noticed_in_whatever_form(other: list[object]) -> None:
    longest = "x" * 75
    assert not as_drawn(pd.DataFrame({"Cell": [longest, *other]})).has_long_text
    assert as_drawn(pd.DataFrame({"Cell": [longest + "x", *other]})).has_long_text


@pytest.mark.parametrize("table", [pd.DataFrame({"Cell": [None, None]}), pd.DataFrame({"Cell": []}), frame()])
def test_a_table_without_text_or_rows_has_no_long_text(table: pd.DataFrame) -> None:
    assert not as_drawn(table).has_long_text
