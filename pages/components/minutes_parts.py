"""What a meeting leaves behind: minutes, actions and agendas to download, what was amended, what has changed."""

import pandas as pd
import streamlit as st

from pages.components.downloads import draw_file
from pages.components.session import ask
from pages.components.words import draw_lines, plain
from risk_model.domain.viewer import Viewer
from risk_model.exports.documents import DOCX_TYPE
from risk_model.exports.pdf import PDF_TYPE
from risk_model.services.copy import Copy
from risk_model.services.meeting_room import meeting_room
from risk_model.services.minutes import DRAFT, amendments
from risk_model.services.minutes_files import file_kinds, meeting_file
from risk_model.services.minutes_since import since_last

_XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# what the button says, the kind, the ending, the type
_FILES = (
    ("Minutes as PDF", "minutes", ".pdf", PDF_TYPE),
    ("Minutes as Word", "minutes", ".docx", DOCX_TYPE),
    ("Actions as Excel", "actions", ".xlsx", _XLSX_TYPE),
    ("Actions as CSV", "actions", ".csv", "text/csv"),
    ("Agenda as PDF", "agenda", ".pdf", PDF_TYPE),
    ("Agenda as Word", "agenda", ".docx", DOCX_TYPE),
    ("Next agenda as PDF", "next agenda", ".pdf", PDF_TYPE),
    ("Next agenda as Word", "next agenda", ".docx", DOCX_TYPE),
)


def draw_minutes(viewer: Viewer, copy: Copy, meeting_id: int) -> None:
    """The files of a meeting; each is made, and logged, when its button is pressed, with the rights of the viewer."""
    meeting = ask(meeting_room, viewer, copy, meeting_id).meeting
    st.header("Minutes, actions and agendas")
    if not meeting.is_locked:
        st.caption(DRAFT)
    kinds = ask(file_kinds, viewer, copy, meeting_id)
    stem = f"{meeting.held_on.isoformat()}_{meeting_id}"
    with st.container(horizontal=True):
        for title, kind, ending, media_type in _FILES:
            if kind not in kinds:
                continue
            draw_file(
                title,
                lambda kind=kind, ending=ending: meeting_file(viewer, copy, meeting_id, kind, ending),
                f"{kind.replace(' ', '_')}_{stem}{ending}",
                media_type,
                key=f"minutes_{kind}{ending}",
            )
    st.caption("Restricted notes are in none of these files. Each file is logged when it is made.")
    if meeting.is_locked:
        amended = ask(amendments, viewer, copy, meeting_id)
        st.markdown(
            "**Amendments since the minutes were locked**" if amended else "Nothing was amended since the lock."
        )
        draw_lines(amended)
    _draw_since(viewer, copy, meeting_id)


def _draw_since(viewer: Viewer, copy: Copy, meeting_id: int) -> None:
    found = ask(since_last, viewer, copy, meeting_id)
    st.header(found.title)
    for line in found.text:
        st.write(plain(line))
    for table in found.tables:
        rows = [tuple(plain(cell) for cell in row) for row in table.rows]
        st.table(pd.DataFrame(rows, columns=list(table.columns)), hide_index=True)
