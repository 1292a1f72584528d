"""The parts of the data page."""

from collections.abc import Sequence

import streamlit as st

from pages.components.downloads import draw_downloads
from pages.components.session import ask
from pages.components.tables import show_table
from pages.components.words import date_columns, draw_lines, plain, safe
from risk_model.domain.viewer import Viewer
from risk_model.services.copy import Copy
from risk_model.services.coverage import coverage, coverage_grid, coverage_table
from risk_model.services.data import Damage, Release, SourceFreshness, freshness_table, problems_table, source_title
from risk_model.services.inspection_rows import inspection_contradictions
from risk_model.services.scope import Scope

_WHOLE_TITLE = 430  # the longest title of a source, in pixels
_FEW = 15  # rows that a table shows without scrolling in itself


def draw_freshness_table(sources: Sequence[SourceFreshness]) -> None:
    """Each source's newest release."""
    show_table(
        ask(freshness_table, sources),
        key="freshness",
        has_lines=False,
        height="content",
        alt="Sources and the age of their newest release",
        column_config={"Source": st.column_config.TextColumn(width=_WHOLE_TITLE), **date_columns("Counts from")},
    )


def draw_coverage(viewer: Viewer, copy: Copy, scope: Scope) -> None:
    """Of how many schools each source and year tells, in the scope and in England."""
    with st.spinner("Counting the schools in each file"):
        lines = ask(coverage, viewer, copy, scope)
    if not lines:
        st.write("No yearly source that a rule reads is loaded. Bring results, absence or census files in first.")
        return
    st.write("Of how many schools that are open now a figure is known, by source and academic year.")
    show_table(
        ask(coverage_grid, viewer, copy, lines),
        key="coverage_grid",
        alt="Sources by academic year: of how many schools a figure is known",
        column_config={"Source": st.column_config.TextColumn(pinned=True)},
    )
    st.caption("● nearly all · ◐ some · ○ none · □ loaded, no rule reads it · “· not loaded”: no file of that year")
    for source_id in dict.fromkeys(one.source_id for one in lines):
        st.markdown(f"**{plain(source_title(source_id))}**")
        draw_lines(f"{one.sentence} {one.in_england}" for one in lines if one.source_id == source_id)
    draw_downloads(ask(coverage_table, lines), "coverage", [f"Coverage as at {copy.build.as_at:%d/%m/%Y}"])


def draw_damage(found: Sequence[Damage]) -> None:
    """Files among the imported ones that are not as they were written."""
    for one in found:
        st.error(plain(safe(f"{one.file}: {one.words}")))


def draw_problems(loaded: Sequence[Release]) -> None:
    """What a data officer should know, release by release."""
    table = problems_table(loaded)
    st.header("What to note of each file")
    if table.empty:
        st.write("Nothing to note.")
        return
    show_table(
        table,
        key="problems",
        height="content" if len(table) <= _FEW else 500,
        alt="Notes on the files that are loaded, by source and date",
        column_config={"Note": st.column_config.TextColumn(width="large")},
    )
    draw_downloads(table, "notes", ["Notes on the files that are loaded"])


def draw_contradictions(viewer: Viewer, copy: Copy, scope: Scope) -> None:
    """Where two inspection files differ about a school of the scope's LA."""
    found = ask(inspection_contradictions, viewer, copy, scope.la_code)
    st.header("Inspection files that differ")
    if found.empty:
        st.write("No two files say different things about an inspection of this LA's schools.")
        return
    st.write("Nothing is averaged: one value is used, for the reason given.")
    show_table(
        found,
        key="inspection_contradictions",
        alt="Inspections about which two files differ, by school",
        column_config={
            "urn": "URN",
            "name": "School",
            "la_name": "LA",
            "inspection": "Inspection",
            "field": "What differs",
            "value_used": "Used",
            "source_used": "From",
            "value_there": "The other says",
            "source_there": "File and row",
            "why": "Why the first is used",
        },
    )
