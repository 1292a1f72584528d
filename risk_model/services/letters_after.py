"""Letters after a meeting: for every school that it decided on, a draft for somebody to read before it is sent."""

from collections.abc import Sequence
from datetime import date

from risk_model.casework import Letter, Meeting, MeetingOutcomeWord, add_letters, letters, meetings, one_meeting
from risk_model.domain.periods import in_words
from risk_model.domain.viewer import Right, Viewer, require
from risk_model.rules.letters import read_letter_settings
from risk_model.services.copy import Copy
from risk_model.services.letter_changes import new_letter
from risk_model.services.letters import draft_letter, letter_templates
from risk_model.services.scope import IN_SCOPE, Scope

AFTER_A_REVIEW = "after a review"
_SCHOOLS_SQL = f"select s.urn from schools as s where {IN_SCOPE}"


def meetings_without_letters(viewer: Viewer, copy: Copy, scope: Scope) -> dict[int, str]:
    """The meetings that decided on schools in scope which have no letter after it yet, the newest first.

    Returns:
        {number: locality, day and how many schools}.
    Raises:
        NotAllowed: the viewer may not read.
        RulesRefused: the LA's own templates are not valid.
    """
    require(viewer, Right.PEOPLE)
    # a meeting may well be later than the build that it looked at
    known = meetings(copy.records, la_code=scope.la_code)
    written = letters(copy.records, la_code=scope.la_code)
    found = {one.id: (one, len(_unwritten(copy, scope, one, written))) for one in known}
    return {
        number: f"{one.locality}, {in_words(one.held_on)}: {'1 school' if count == 1 else f'{count} schools'}"
        for number, (one, count) in found.items()
        if count
    }


def draft_after_meeting(viewer: Viewer, copy: Copy, meeting_id: int, written_on: date) -> list[int]:
    """Draft the letter after a review for every school that a meeting decided on and that has none yet: all, or none.

    Returns:
        The letters' numbers, by URN; none where there is nothing to draft.
    Raises:
        NotAllowed: the viewer may not write.
        NotFound: there is no such meeting.
        RecordRefused: a draft cannot be recorded.
        RulesRefused: the LA's own templates are not valid.
    """
    require(viewer, Right.LETTERS)
    meeting = one_meeting(copy.records, meeting_id)
    settings = read_letter_settings(copy.data.root)
    after = {one.id for one in settings.templates if one.kind == AFTER_A_REVIEW}
    new = []
    for urn in _unwritten(copy, Scope(meeting.la_code), meeting, letters(copy.records, la_code=meeting.la_code)):
        for template in [one for one in letter_templates(viewer, copy, urn) if one in after][:1]:
            draft = draft_letter(viewer, copy, urn, template, written_on, meeting_id)
            new.append(new_letter(viewer, copy, settings, draft))
    return add_letters(copy.records, viewer.name, new)


def _unwritten(copy: Copy, scope: Scope, meeting: Meeting, known: Sequence[Letter]) -> list[str]:
    """The schools that are open, in scope and decided on, and have no such letter after the meeting; by URN."""
    kinds = {one.id: one.kind for one in read_letter_settings(copy.data.root).templates}
    written = {
        one.urn
        for one in known
        if one.meeting_id == meeting.id and kinds.get(one.template) == AFTER_A_REVIEW and one.withdrawn_reason is None
    }
    decided = {one.urn for one in meeting.outcomes if one.outcome != MeetingOutcomeWord.NOT_DISCUSSED}
    here = {row["urn"] for row in copy.reader.rows(_SCHOOLS_SQL, scope.params)}
    return sorted((decided & here) - written)
