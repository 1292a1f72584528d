"""The page for a supporter, to download: as PDF to read, as Word to edit."""

import streamlit as st

from pages.components.downloads import draw_file
from pages.components.session import ask
from pages.components.words import plain
from risk_model.domain.viewer import Viewer
from risk_model.exports.documents import DOCX_TYPE
from risk_model.exports.pdf import PDF_TYPE
from risk_model.services.briefing import briefed_support
from risk_model.services.briefing_files import briefing_file
from risk_model.services.copy import Copy

_FILES = (("PDF", ".pdf", PDF_TYPE), ("Word", ".docx", DOCX_TYPE))


def draw_brief_the_supporter(viewer: Viewer, copy: Copy, urn: str) -> None:
    """For which support the page is, and the page as two files."""
    support = ask(briefed_support, viewer, copy, urn)
    chosen = None
    if support:
        chosen = st.selectbox(
            "Brief the supporter",
            list(support),
            index=None,
            key=f"briefing_for_{urn}",
            format_func=lambda one: support.get(one, str(one)),
            placeholder="For which support? Without a choice, for whoever helps",
            width=520,
        )
    draw_briefing_downloads(viewer, copy, urn, chosen)
    st.caption(
        "One page: what the evidence suggests, what help is there, what is not known. What the LA holds about "
        "complaints, safeguarding and personnel, and its advisers' notes, are never in it."
    )


def draw_briefing_downloads(viewer: Viewer, copy: Copy, urn: str, allocation_id: int | None, name: str = "") -> None:
    """Two buttons; each file is made and logged when its button is pressed, with the rights of the viewer.

    Args:
        name: of the school, where several are on the page.
    """
    about = f" on {plain(name)}" if name else ""
    file = f"briefing_{urn}"
    with st.container(horizontal=True):
        for title, ending, kind in _FILES:
            draw_file(
                f"Briefing{about} as {title}",
                lambda ending=ending: briefing_file(viewer, copy, urn, allocation_id, ending),
                f"{file}{ending}",
                kind,
                key=f"{file}_{ending[1:]}",
            )
