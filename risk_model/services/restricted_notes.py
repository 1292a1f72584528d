"""Restricted notes as they are shown: who looked, when, at which record's note, and the SHA-256 of what it said."""

from collections.abc import Sequence

from risk_model.casework import NoteView, ShownNote, log_note_views, note_views
from risk_model.domain.viewer import Right, Viewer, require
from risk_model.services.copy import Copy
from risk_model.services.history import History

__all__ = ["NoteView", "ShownNote", "log_shown_notes", "notes_in_history", "views_of_notes"]

_MARK = "estricted note"


def log_shown_notes(viewer: Viewer, copy: Copy, shown: Sequence[ShownNote]) -> int:
    """Log that a viewer is shown restricted notes, before they are: once for each content of each note.

    Pages call it past their memory of answers: an answer that is remembered is shown again all the same.

    Returns:
        How many were new to this viewer.
    Raises:
        NotAllowed: the viewer may not see restricted notes.
        RecordRefused: it cannot be logged, so it is not shown.
    """
    require(viewer, Right.RESTRICTED)
    return log_note_views(copy.records, viewer.name, shown)


def views_of_notes(viewer: Viewer, copy: Copy, urn: str | None = None) -> list[NoteView]:
    """Who was shown which restricted note, of one school or all; the newest first.

    Raises:
        NotAllowed: the viewer does not look after the records.
    """
    require(viewer, Right.ADMIN)
    return note_views(copy.records, urn=urn)


def notes_in_history(found: History) -> list[ShownNote]:
    """What a past day tells of restricted notes, line by line; of the history as such, not of one record."""
    lines = dict.fromkeys((*found.lines, *found.timeline))
    told = [(line.urn, " ".join((line.what, *line.details, *line.notes))) for line in lines]
    return [ShownNote(urn, "history", 0, text) for urn, text in told if urn is not None and _MARK in text]
