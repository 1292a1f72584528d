"""Fetching the official files from their publishers: what there is, what came, and what did not, with the reason."""

from collections.abc import Sequence

import streamlit as st

from pages.components.long_work import draw_stopped, long_work
from pages.components.tables import show_table
from pages.components.words import date_columns, plain, safe
from risk_model.domain.errors import RiskModelError
from risk_model.domain.paths import DataDir
from risk_model.domain.viewer import Viewer
from risk_model.services.downloading import (
    DownloadReport,
    Offer,
    Step,
    download_files,
    download_offers,
    how_far,
    offers_table,
)

_MARKS = {"downloaded": "●", "unchanged": "○", "refused": "■"}


def draw_downloads(viewer: Viewer, data: DataDir) -> None:
    """What can be fetched and what is there already; a form that fetches; what became of the last one."""
    st.write(
        "The current official files, from their publishers' own services. Each is kept as it came, beside where it "
        "came from; an earlier file is never overwritten. A file that does not come whole is never imported."
    )
    draw_stopped("Downloading")
    _draw_done(st.session_state.get("downloads_done", []))
    try:
        offers = download_offers(viewer, data)
    except RiskModelError as error:
        st.error(plain(error))
        return
    _draw_form(viewer, data, offers)
    show_table(
        offers_table(offers),
        key="download_offers",
        alt="The files that can be fetched, and when they were last",
        column_config={**date_columns("Fetched"), "By hand": st.column_config.LinkColumn(display_text="page")},
    )


def _draw_form(viewer: Viewer, data: DataDir, offers: Sequence[Offer]) -> None:
    names = {one.id: one.name for one in offers}
    with st.form("download"):
        chosen = st.multiselect(
            "Sources", list(names), key="download_sources", format_func=lambda one: names[one], placeholder="Choose"
        )
        and_import = st.checkbox("Import what comes", value=True, key="download_and_import")
        if not st.form_submit_button("Download", type="primary"):
            return
    if not chosen:
        st.info("No source is chosen.")
        return
    reports = _fetch(viewer, data, chosen, names, and_import=and_import)
    if reports is None:
        return
    st.session_state["downloads_done"] = reports
    imported = [one for report in reports for one in report.imported]
    if imported:
        # the import shows its result, and offers the build
        st.session_state["import_done"] = imported
    st.rerun()


def _fetch(
    viewer: Viewer, data: DataDir, chosen: Sequence[str], names: dict[str, str], *, and_import: bool
) -> list[DownloadReport] | None:
    """What became of each source; None where nothing could be begun, which is said."""
    try:
        with long_work("Downloading", "Download finished", "download"):
            bars = {one: st.progress(0.0, text=f"{names[one]}: waits") for one in chosen}

            def show(source_id: str, step: Step) -> None:
                share, words = how_far(step)
                bars[source_id].progress(share, text=plain(f"{names[source_id]}: {step.note or words}"))

            return download_files(viewer, data, chosen, and_import=and_import, progress=show)
    except RiskModelError as error:
        st.error(plain(error))
        return None


def _draw_done(reports: Sequence[DownloadReport]) -> None:
    """What became of each source; what was imported stands under Import, with the build."""
    if not reports:
        return
    with st.container(border=True):
        for report in reports:
            came = f": {report.file}, {report.size:,} bytes" if report.file else ""
            st.markdown(f"{_MARKS[report.status]} **{plain(report.name)}** {report.status}{plain(came)}")
            if report.refusal:
                st.error("  \n".join(plain(safe(line)) for line in report.refusal))
            for note in report.notes:
                st.caption(plain(note))
        if any(report.imported for report in reports):
            st.info("What was imported, and the build, are under Import.")
