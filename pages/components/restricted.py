"""Restricted notes on the screen: that they were shown is logged before they are."""

from collections.abc import Sequence

import streamlit as st

from pages.components.session import copy, viewer
from risk_model.services.restricted_notes import ShownNote, log_shown_notes

_LOGGED = "notes_logged"


def log_notes(notes: Sequence[ShownNote]) -> None:
    """Log the notes that a page is about to show; what this session has logged is not asked for again."""
    who = viewer()
    logged: set[tuple[str, ShownNote]] = st.session_state.setdefault(_LOGGED, set())
    new = {(who.name, one) for one in notes if one.text} - logged
    if new:
        log_shown_notes(who, copy(), [one for _, one in new])
        logged |= new


def log_outcome_note(urn: str, outcome_id: int, note: str | None) -> None:
    """Log the note of one outcome of a meeting, where there is one."""
    log_notes([ShownNote(urn, "meeting_outcome", outcome_id, note or "")])
