"""The parts of the data page."""

from collections.abc import Sequence

import streamlit as st

from pages.components.words import date_columns, plain
from risk_model.domain.errors import RiskModelError
from risk_model.domain.paths import DataDir
from risk_model.domain.periods import in_words, read_academic_year
from risk_model.domain.viewer import Viewer
from risk_model.services.copy import Build
from risk_model.services.data import Release, SourceFreshness, freshness_table, releases_table
from risk_model.services.preparing import (
    FileReport,
    ImportOptions,
    build_now,
    go_to_build,
    import_uploads,
    kept_builds,
)


def draw_freshness_table(sources: Sequence[SourceFreshness]) -> None:
    """Each source's newest release."""
    st.dataframe(
        freshness_table(sources),
        hide_index=True,
        key="freshness",
        alt="Sources and the age of their newest release",
        column_config=date_columns("Published"),
    )


def draw_releases(loaded: Sequence[Release]) -> None:
    """Every release that is loaded."""
    if loaded:
        st.dataframe(
            releases_table(loaded),
            hide_index=True,
            key="releases",
            alt="Releases by source and date",
            column_config=date_columns("Counts from", "Imported"),
        )
    else:
        st.write("Nothing is loaded.")


def draw_problems(loaded: Sequence[Release]) -> None:
    """What a data officer should know, release by release."""
    noted = [release for release in loaded if release.problems]
    if not noted:
        st.write("Nothing to note.")
    for release in noted:
        with st.expander(f"{release.source_id}, {release.label}: {len(release.problems)} notes"):
            st.caption(plain(release.original_name))
            for problem in release.problems:
                st.markdown(f"- {plain(problem)}")


def draw_import(viewer: Viewer, data: DataDir) -> None:
    """Files in: each is recognised, checked, and stored or refused with the reason."""
    st.write(
        "Published files as they are: CSV, ZIP, XLSX. A file that is refused changes nothing; the others still land."
    )
    with st.form("import_files"):
        files = st.file_uploader("Files", accept_multiple_files=True, key="import_uploads")
        left, middle, right = st.columns(3)
        period = left.text_input("Academic year", placeholder="2023-2024, where the file does not say it")
        as_at = middle.date_input("As at", value=None, format="DD/MM/YYYY", help="For a register or inspections")
        published = right.date_input(
            "Published on", value=None, format="DD/MM/YYYY", help="Where it is not in the calendar"
        )
        if not st.form_submit_button("Import", type="primary") or not files:
            return
    try:
        options = ImportOptions(read_academic_year(period) if period.strip() else None, as_at, published, viewer.name)
        with st.status("Importing", expanded=True) as status:
            reports = import_uploads(viewer, data, [(f.name, f.getvalue()) for f in files], options, _write)
            status.update(label="Import finished", state="complete", expanded=False)
    except RiskModelError as error:
        st.error(plain(error))
        return
    for report in reports:
        _draw_report(report)
    if any(report.status == "imported" for report in reports):
        st.info("Now build, under the next tab, to judge the schools by what is loaded.")


def _write(name: str) -> None:
    st.write(plain(name))


def _draw_report(report: FileReport) -> None:
    if report.refusal:
        st.error("  \n".join(plain(line) for line in report.refusal))
    else:
        st.success(
            plain(
                f"{report.name}: {report.status}, {report.kind} {report.period}, {report.rows_kept} rows, "
                f"{report.schools} schools. {' '.join(report.problems)}"
            )
        )


def draw_build(viewer: Viewer, data: DataDir, current: Build) -> None:
    """Judge the schools by what is loaded now."""
    st.markdown(f"Shown now: build {current.number}, as at {in_words(current.as_at)}, rules {current.rule_set}.")
    with st.form("build"):
        as_at = st.date_input(
            "As at", value="today", format="DD/MM/YYYY", help="Only what had been published by then counts."
        )
        if not st.form_submit_button("Build", type="primary"):
            return
    try:
        with st.status("Building", expanded=True) as status:
            report = build_now(viewer, data, as_at, progress=st.write)
            status.update(label=f"Build {report.build.number} is shown from now on", state="complete")
    except RiskModelError as error:
        st.error(plain(error))
        return
    for note in report.set_aside:
        st.info(plain(note))


def draw_kept_builds(viewer: Viewer, data: DataDir, current: Build) -> None:
    """The builds that are kept; one press goes back to an earlier one, or forward again."""
    kept = {build.build_id: build for build in kept_builds(viewer, data)}
    if len(kept) < 2:
        return
    st.subheader("Earlier builds")
    chosen = st.selectbox(
        "Build",
        list(kept),
        key="kept_build",
        index=list(kept).index(current.build_id) if current.build_id in kept else 0,
        format_func=lambda one: (
            f"build {kept[one].number}, as at {in_words(kept[one].as_at)}, rules {kept[one].rule_set}"
        ),
    )
    if st.button("Show this build", disabled=chosen == current.build_id, key="show_build"):
        go_to_build(viewer, data, chosen)
        st.rerun()
