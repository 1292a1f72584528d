"""The parts of the quality report."""

import streamlit as st

from pages.components.downloads import draw_downloads
from pages.components.long_work import draw_stopped, long_work
from pages.components.session import ask
from pages.components.tables import show_table
from pages.components.words import plain
from risk_model.domain.paths import DataDir
from risk_model.domain.viewer import Viewer
from risk_model.services.quality import (
    QualityReport,
    compared_table,
    cover_table,
    for_england,
    for_las,
    markers_table,
    outliers_table,
    quality_reports,
    rows_table,
    summary_table,
)


def draw_report(report: QualityReport) -> None:
    """One release: its rows, its national figures, its outliers, its markers."""
    st.markdown(f"**{plain(report.sentence)}**")
    about = [report.release.original_name, report.release.release_id, report.sentence]
    for problem in report.release.problems:
        st.markdown(f"- {plain(problem)}")
    st.header("What became of the rows")
    show_table(
        ask(rows_table, report),
        key="quality_rows",
        alt="Rows kept and left out, with the reason",
    )
    if report.quality.cover:
        with st.expander("Schools of the register that are in this file, and that are not"):
            show_table(ask(cover_table, report), key="quality_cover", alt="Schools by phase")
    _draw_compared(report, about)
    st.header("Values beyond what can be true")
    draw_outliers([report], "quality_outliers", about)
    st.header("Cells without a value")
    if not report.quality.marked:
        st.write("Every cell of the columns that are read has a value.")
        return
    marked = ask(markers_table, report)
    st.caption("Counted in the rows of schools (of local authorities, where the file is about them).")
    show_table(
        marked,
        key="quality_markers",
        alt="Cells without a value by column and reason",
    )
    draw_downloads(marked, "quality_markers", about)


def _draw_compared(report: QualityReport, about: list[str]) -> None:
    st.header("Published figures, worked out again from the schools' rows")
    if not report.compared:
        st.write("This file has no figure that is published for England or an LA, too.")
        return
    england, las = ask(for_england, report), ask(for_las, report)
    unexplained = len(report.not_explained)
    st.markdown(f"{len(report.compared):,} figures compared, **{unexplained:,}** differences not explained.")
    if england:
        show_table(
            ask(compared_table, england),
            key="quality_england",
            alt="Figures for England",
        )
    if las:
        with st.expander(f"LA by LA: {len(las):,} figures"):
            show_table(
                ask(compared_table, las),
                key="quality_las",
                alt="Figures by local authority",
            )
    draw_downloads(ask(compared_table, [*england, *las]), "quality_figures", about)


def draw_outliers(reports: list[QualityReport], key: str, about: list[str]) -> None:
    """Values that are kept out of every judgement, and not deleted."""
    table = ask(outliers_table, reports)
    if table.empty:
        st.write("No value is beyond what can be true.")
        return
    st.caption("Kept out of every figure and rule, and kept in the file as they were published.")
    show_table(table, key=key, alt="Values beyond what can be true, with file and line")
    draw_downloads(table, f"{key}_list", about)


def draw_all(viewer: Viewer, data: DataDir) -> None:
    """All releases, a row each, once somebody asks for it: England's take a minute."""
    is_wanted = st.button("Go through all releases", key="quality_all")
    draw_stopped("Going through all releases")
    if is_wanted:
        with long_work("Going through all releases", "Done", "quality"):
            st.session_state["quality_reports"] = quality_reports(viewer, data, None, _say)
    reports = st.session_state.get("quality_reports")
    if not reports:
        return
    about = ["All releases"]
    show_table(
        ask(summary_table, reports),
        key="quality_summary",
        alt="The releases and their quality",
    )
    draw_downloads(ask(summary_table, reports), "quality_summary_list", about)
    draw_outliers(reports, "quality_all_outliers", about)


def _say(text: str) -> None:
    st.write(plain(text))
