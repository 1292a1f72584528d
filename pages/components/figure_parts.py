"""The row of a file in which a figure stands."""

import streamlit as st

from pages.components.tables import show_table
from pages.components.url import put_into_url, take_from_url
from pages.components.words import draw_lines, plain
from risk_model.services.figures import FigureSource


def asked_row() -> tuple[str, int] | None:
    """The release and the row that the link names; it is remembered while one goes from page to page."""
    take_from_url("figure", {"release": None, "row": None})
    release, row = st.session_state.get("release"), st.session_state.get("row")
    put_into_url("figure", ["release", "row"])
    # int() reads other alphabets' digits and signs, too
    is_number = isinstance(row, str) and row.isascii() and row.isdigit() and len(row) < 10
    return (release, int(row)) if release and is_number else None


def draw_row(found: FigureSource) -> None:
    """The release, what was read in the row, and the row itself with every column."""
    st.markdown(f"**{plain(found.title)}**, row {found.row:,} of the file as it was published")
    if found.standing:
        st.warning(plain(found.standing))
    st.header("What was read here")
    draw_lines(found.uses)
    if not found.uses:
        st.write("No rule and no figure of the shown build rests on this row.")
    st.header("The row")
    marked = found.cells[found.cells["Used"] != ""]
    if len(marked):
        show_table(
            marked,
            key="used_cells",
            alt="Whose row it is, and what a figure rests on",
        )
    with st.expander(f"All {len(found.cells)} columns", expanded=marked.empty):
        show_table(
            found.cells,
            key="all_cells",
            alt="Every column of the row, in the file's order",
        )
    st.header("The release")
    draw_lines(f"{name}: {text}" for name, text in found.facts)
