"""A table read at once holds what it holds read row by row, or is read row by row."""

from hypothesis import given, settings
from hypothesis import strategies as st

from risk_model.sources.text import columns_of, lines_of

NAMES = ("a", "b")
CELLS = st.text(alphabet='x ",;\t1', max_size=6)
ENDS = st.sampled_from(["\n", "\r\n"])


def rows_at_once(text: str) -> list[list[str]] | None:
    """The rows below the header, as the quick way reads them; None where it leaves the file to the other."""
    table = columns_of(text, NAMES, 1)
    return None if table is None else [list(row.values()) for row in table.to_pylist()]


def rows_one_by_one(text: str) -> list[list[str]]:
    return [row for _, row in list(lines_of(text, "a.csv"))[1:]]


def test_cells_within_quotation_marks_are_read_at_once() -> None:
    text = 'a,b\n"Abbey, Lower","say ""yes"""\n"",2\n'
    assert rows_at_once(text) == [["Abbey, Lower", 'say "yes"'], ["", "2"]] == rows_one_by_one(text)


def test_a_cell_with_a_line_end_is_left_to_the_other_way() -> None:
    text = 'a,b\n"Abbey\nLower",1\n'
    assert rows_at_once(text) is None
    assert rows_one_by_one(text) == [["Abbey\nLower", "1"]]


@settings(max_examples=600, derandomize=True, deadline=None)
@given(rows=st.lists(st.tuples(CELLS, CELLS), min_size=1, max_size=4), end=ENDS)
def test_both_ways_read_the_same_whatever_the_quotation_marks(rows: list[tuple[str, str]], end: str) -> None:
    text = end.join(["a,b", *(",".join(row) for row in rows)]) + end
    at_once = rows_at_once(text)
    assert at_once is None or at_once == [row or [""] for row in rows_one_by_one(text)]
