"""Bringing files in: what each is and what it would change; the answer where a date is not certain; then confirm."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from pages.components.long_work import draw_stopped, long_work
from pages.components.words import draw_lines, plain, safe
from risk_model.domain.errors import RiskModelError
from risk_model.domain.paths import DataDir
from risk_model.domain.viewer import Viewer
from risk_model.domain.words import counted
from risk_model.services.data import source_title
from risk_model.services.preparing import (
    FileReport,
    ImportOptions,
    Said,
    academic_years,
    check_uploads,
    import_uploads,
    lake_state,
    look_at_upload,
)

_MARKS = {
    "can be imported": "●",
    "imported": "●",
    "already loaded": "○",
    "not a known kind": "–",
    "needs a year": "▲",
    "needs a day": "▲",
    "refused": "■",
}
_ASKING = ("needs a year", "needs a day")


def draw_import(viewer: Viewer, data: DataDir) -> None:
    """Drop files, see what they are and what they would change, confirm, see the result."""
    draw_stopped("Importing")
    _draw_result()
    st.write(
        "Published files as they are: CSV, ZIP, XLSX, ODS, Parquet. Nothing is stored before you confirm. "
        "A file that is refused changes nothing; the others still land."
    )
    turn = st.session_state.setdefault("import_turn", 0)
    files = st.file_uploader("Files", accept_multiple_files=True, key=f"import_uploads_{turn}")
    if not files:
        st.caption("No file is chosen.")
        return
    try:
        check_uploads(viewer, [file.size for file in files])
    except RiskModelError as error:
        st.error(plain(error))
        return
    looks = [_draw_file(viewer, data, file, f"{turn}_{number}") for number, file in enumerate(files)]
    _draw_confirm(viewer, data, list(zip(files, looks, strict=True)))


@dataclass(frozen=True)
class _Look:
    """A file as it was looked at: its tables' reports, and what was said of their dates."""

    reports: list[FileReport]
    said: dict[str, Said]


def _draw_file(viewer: Viewer, data: DataDir, file: UploadedFile, key: str) -> _Look:
    """One file: each of its tables in a box, with the question where its date is not certain."""
    first = _look(viewer, data, file, {})
    boxes = [st.container(border=True) for _ in first]
    said: dict[str, Said] = {}
    for number, (box, report) in enumerate(zip(boxes, first, strict=True)):
        with box:
            st.markdown(f"**{plain(report.name)}**")
            answer = _ask(report, f"{key}_{number}")
        if answer is not None:
            said[report.name] = answer
    reports = _look(viewer, data, file, said) if said else first
    for box, report in zip(boxes, reports, strict=True):
        with box:
            _draw_report(report)
    return _Look(reports, said)


def _look(viewer: Viewer, data: DataDir, file: UploadedFile, said: dict[str, Said]) -> list[FileReport]:
    """A look at a file, kept for the session while neither the file, nor the answers, nor what is loaded change."""
    kept: dict[object, list[FileReport]] = st.session_state.setdefault("import_looks", {})
    key = (file.file_id, file.name, tuple(sorted(said.items(), key=lambda one: one[0])), lake_state(viewer, data))
    if key not in kept:
        with st.spinner(f"Looking at {plain(file.name)}"):
            kept[key] = look_at_upload(viewer, data, file.name, file.getvalue(), ImportOptions(by_table=said))
    return kept[key]


def _ask(report: FileReport, key: str) -> Said | None:
    """The year or the day of a table that does not say it; for one that does, the chance to correct it."""
    if report.status == "needs a year":
        year = _year("Which academic year does it describe?", report.candidates, f"year_{key}")
        return Said(period=year) if year else None
    if report.status == "needs a day":
        for candidate in report.candidates:
            st.caption(f"It may be {plain(candidate)}.")
        day = st.date_input("Which day does it describe?", value=None, format="DD/MM/YYYY", key=f"day_{key}")
        return Said(as_at=day) if isinstance(day, date) else None
    if report.status != "can be imported":
        return None
    with st.expander("Say another date"):
        st.caption("Only where the date below is wrong.")
        year = _year("Academic year", (), f"year_{key}") if _is_year(report) else None
        day = None
        if report.period.startswith("as at"):
            day = st.date_input("As at", value=None, format="DD/MM/YYYY", key=f"day_{key}")
        published = st.date_input(
            "Counts from", value=None, format="DD/MM/YYYY", key=f"published_{key}", help="The day of its publication"
        )
    if year is None and not isinstance(day, date) and not isinstance(published, date):
        return None
    # a year that the name says is kept where only the day of publication is corrected
    return Said(year, day if isinstance(day, date) else None, published if isinstance(published, date) else None)


def _is_year(report: FileReport) -> bool:
    return report.period[:4].isdigit()


def _year(label: str, candidates: Sequence[str], key: str) -> str | None:
    """One academic year: those that it may be come first."""
    others = [year for year in academic_years() if year not in candidates]
    return st.selectbox(label, [*candidates, *others], index=None, key=key, placeholder="Choose a year")


def _draw_report(report: FileReport) -> None:
    """What became, or would become, of one table."""
    st.markdown(f"{_MARKS[report.status]} **{report.status}**{plain(_what(report))}")
    draw_lines(report.change)
    if report.status == "refused":
        st.error("  \n".join(plain(safe(line)) for line in report.refusal))
    elif report.refusal:
        # what to do on the command line is no help here: the question stands above
        st.info("  \n".join(plain(safe(line)) for line in (*report.refusal[:2], "Answer above.")))
    if len(report.problems) > 1:
        with st.expander(f"{len(report.problems)} to note"):
            draw_lines(report.problems)
    elif report.problems:
        st.caption(plain(report.problems[0]))


def _what(report: FileReport) -> str:
    if not report.kind:
        return ""
    kept = f"{report.rows_kept:,} of {report.rows_read:,} rows, {report.schools:,} schools"
    return f": {source_title(report.kind)}, {report.period}; {kept}"


def _draw_confirm(viewer: Viewer, data: DataDir, looked: Sequence[tuple[UploadedFile, _Look]]) -> None:
    """How many tables can be stored, and the one button that stores them."""
    reports = [report for _, look in looked for report in look.reports]
    ready = sum(report.status == "can be imported" for report in reports)
    asking = sum(report.status in _ASKING for report in reports)
    st.markdown(f"**{ready}** of {counted(len(reports), 'table')} can be imported.")
    if asking:
        st.warning(f"{asking} of them {'waits' if asking == 1 else 'wait'} for a date: answer above, or leave it out.")
    if not st.button(
        f"Import {counted(ready, 'table')}",
        type="primary",
        disabled=not ready,
        key="import_confirm",
    ):
        return
    # told one by one: of an import that is stopped, what was stored by then
    done: list[FileReport] = []
    st.session_state["import_done"] = done
    bar = st.progress(0.0)
    with long_work("Importing", "Import finished", "import"):
        wanted = [(f, look) for f, look in looked if any(r.status == "can be imported" for r in look.reports)]
        for number, (file, look) in enumerate(wanted):
            bar.progress(number / len(wanted), text=f"{number} of {len(wanted)} files")
            st.write(f"Checking and storing {plain(file.name)}")
            try:
                options = ImportOptions(by_table=look.said)
                done += import_uploads(viewer, data, [(file.name, file.getvalue())], options)
            except RiskModelError as error:
                st.error(plain(error))
    # an uploader is emptied by giving it another name
    st.session_state["import_turn"] += 1
    st.session_state.pop("import_looks", None)
    st.rerun()


def _draw_result() -> None:
    """What the last import did; it stays until the next one."""
    done: list[FileReport] = st.session_state.get("import_done", [])
    if not done:
        return
    stored = sum(report.status == "imported" for report in done)
    with st.container(border=True):
        st.markdown(f"**{stored} of {counted(len(done), 'table')} imported.**")
        for report in done:
            st.markdown(f"**{plain(report.name)}**")
            _draw_report(report)


def has_imported() -> bool:
    """Whether this session has imported something since it was last built."""
    return any(report.status == "imported" for report in st.session_state.get("import_done", []))


def forget_result() -> None:
    """The last import has been built: its result need not stay."""
    st.session_state.pop("import_done", None)
