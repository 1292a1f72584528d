"""The order of the schools: how one school's place is counted, and the list of points itself."""

import streamlit as st

from pages.components.downloads import draw_downloads
from pages.components.session import ask
from pages.components.tables import show_table
from pages.components.words import date_columns, draw_lines, plain
from risk_model.domain.errors import NotFound
from risk_model.domain.periods import in_words
from risk_model.domain.viewer import Viewer
from risk_model.services.copy import Copy
from risk_model.services.inspection_score import score_of
from risk_model.services.scope import Scope
from risk_model.services.score_list import LineKnown, ListLine, score_list

_COLUMNS = {
    "Line": st.column_config.TextColumn(width=50),
    "What counts": st.column_config.TextColumn(pinned=True, width=330),
    "Points": st.column_config.NumberColumn(format="%d", width=60),
    "Fewest": st.column_config.NumberColumn(format="%d", width=60),
    "Most": st.column_config.NumberColumn(format="%d", width=60),
    "Its figure": st.column_config.TextColumn(width=225),
    "Known": st.column_config.TextColumn(width=260),
    **date_columns("Date"),
}


def draw_school_order(viewer: Viewer, copy: Copy, urn: str) -> None:
    """How a school's place in the order is counted, as a part of the third statement."""
    try:
        found = ask(score_of, viewer, copy, urn)
    except NotFound as error:
        st.warning(plain(error))
        return
    with st.expander(plain(found.title)):
        draw_lines(found.places)
        if found.why_none:
            st.write(plain(found.why_none))
            return
        show_table(
            found.table,
            key="school_order",
            column_config=_COLUMNS,
            alt="How the school's place in the order is counted, line by line",
        )
        draw_lines(found.notes)
        draw_downloads(found.table, f"order_{urn}", found.about)


def draw_order_list(viewer: Viewer, copy: Copy, scope: Scope) -> None:
    """The list of points that orders the schools, a card for each line."""
    found = ask(score_list, viewer, copy, scope)
    st.header("The order of the schools")
    if found.why_none:
        st.write(plain(found.why_none))
        return
    st.write(
        "Whole points, added up: the school with the most stands first. Whatever is not known counts as its line says, "
        "and no school is left out."
    )
    draw_lines(found.notes)
    place = "Here" if scope.la_code else "In this copy"
    for line in found.lines:
        with st.container(border=True):
            _draw_line(line, place)


def _draw_line(line: ListLine, place: str) -> None:
    st.markdown(f"### {line.id} {plain(line.title)}")
    with st.container(horizontal=True):
        st.badge(line.phases, color="gray")
        if line.is_overdue:
            st.badge("review overdue", color="orange")
    st.markdown(plain(line.sentence))
    if line.measures:
        st.markdown(
            f"{place}: **{plain(line.here.sentence)}**. Of all schools that are judged: "
            f"{plain(line.everywhere.sentence)}."
        )
    says = [f"Fewest and most points: {line.range_in_words}", line.unknown_says, line.why]
    draw_lines(one for one in says if one)
    with st.expander("Figures, source, history and check"):
        _draw_more(line)


def _draw_more(line: ListLine) -> None:
    st.markdown(plain(f"In numbers: {line.counts} ({line.when})."))
    draw_lines(
        f"It reads “{label}”" + (", where that is not known or too old" if number else "")
        for number, label in enumerate(line.measures)
    )
    st.markdown(plain(f"Reference: {line.reference}."))
    if line.history:
        st.markdown("**Not in force at the as-at date**")
        draw_lines(line.history)
    _draw_reasons(line.here)
    st.caption(plain(f"Checked by {line.checked_by}. Next review {in_words(line.next_review)}."))


def _draw_reasons(known: LineKnown) -> None:
    if known.reasons:
        st.markdown("**Not known here, and why**")
        draw_lines(f"{schools:,}: {reason}" for reason, schools in known.reasons.items())
