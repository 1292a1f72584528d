"""What the LA holds itself: the templates on the data page, and one school's lines on its profile."""

from collections.abc import Sequence
from datetime import date
from functools import partial

import streamlit as st

from pages.components.downloads import draw_file
from pages.components.session import ask
from pages.components.words import plain
from risk_model.domain.periods import in_words
from risk_model.domain.viewer import Viewer
from risk_model.services.copy import Copy
from risk_model.services.templates import (
    HeldKind,
    HeldLine,
    Template,
    columns_table,
    held_kinds,
    held_table,
    template_file,
)

_EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def draw_templates(viewer: Viewer, copy: Copy, la_code: str | None) -> None:
    """Every kind that the LA fills in: what it is for, what it needs, its template, and how much of it there is."""
    st.write(
        "What the LA knows itself comes in through templates. Each line has a date and an author, since it is "
        "evidence; the author is a role or a label, never a person's name. Fill in a template and bring it back under "
        "Import. Files of one kind add up; where two hold the same line, the newer file's counts."
    )
    for kind in ask(held_kinds, viewer, copy, la_code):
        _draw_kind(viewer, kind)


def _draw_kind(viewer: Viewer, kind: HeldKind) -> None:
    template = kind.template
    with st.expander(f"{template.title}: {_how_much(kind)}"):
        st.write(template.purpose)
        st.markdown(f"Every line needs: {plain(', '.join(template.needed))}.")
        if template.is_records:
            st.markdown('These lines become records: bring them back on the page Support, under "From a file".')
        with st.container(horizontal=True):
            draw_template_downloads(viewer, template)
        st.table(
            columns_table(template).map(plain), hide_index=True, alt=f"The columns of the template {template.title}"
        )


def _how_much(kind: HeldKind) -> str:
    """How much of a kind there is, in words."""
    waits = "file waits" if kind.waiting == 1 else "files wait"
    waiting = f"; {kind.waiting} {waits} for the next build" if kind.waiting else ""
    if not kind.lines:
        return f"nothing yet{waiting}"
    lines = "1 line" if kind.lines == 1 else f"{kind.lines:,} lines"
    schools = "1 school" if kind.schools == 1 else f"{kind.schools:,} schools"
    of_schools = f" of {schools}" if kind.schools else ""
    newest = f", the newest of {in_words(kind.newest)}" if kind.newest else ""
    return f"{lines}{of_schools}{newest}{waiting}"


def draw_template_downloads(viewer: Viewer, template: Template) -> None:
    """A template as Excel and as CSV; the file is made when a button is pressed."""
    for form, ending, mime in (("Excel", ".xlsx", _EXCEL), ("CSV", ".csv", "text/csv")):
        draw_file(
            f"{template.title}: template as {form}",
            partial(template_file, viewer, template.kind, ending),
            f"{template.kind}{ending}",
            mime,
            key=f"template_{template.kind}{ending}",
        )


def draw_held_part(lines: Sequence[HeldLine]) -> None:
    """What the LA holds about one school: each line with its day, its author, its file and row."""
    st.header("What the LA holds")
    if not lines:
        st.write("No line about this school is loaded: no visit, notice, complaint or other record of the LA's own.")
        return
    # a table whose cells show all of their text: nobody should have to open each to read what was found
    table = held_table(lines).map(lambda cell: in_words(cell) if isinstance(cell, date) else plain(cell))
    # a link leads to the row of the file; it also lets the keyboard into a table that is wider than the screen
    rows = [
        f"[{cell}](/figure?release={one.release_id}&row={one.row_number})"
        for cell, one in zip(table["File and row"], lines, strict=True)
    ]
    st.table(
        table.assign(**{"File and row": rows}),
        hide_index=True,
        alt="What the LA holds about this school, the newest first",
    )
    st.caption("Written down by the LA itself. The rules above say which of it they read.")
