"""What a head teacher or chair of governors sees of letters: those that were sent to their own school, and no other."""

from risk_model.casework import Letter, LetterStatus, letters
from risk_model.domain.documents import Document
from risk_model.domain.errors import NotAllowed, NotFound
from risk_model.domain.viewer import Viewer
from risk_model.rules.letters import read_letter_settings
from risk_model.services.copy import Copy
from risk_model.services.letters import document_of

_SEEN = frozenset({LetterStatus.SENT, LetterStatus.ANSWERED})


def letters_to_my_school(viewer: Viewer, copy: Copy) -> list[Letter]:
    """The letters that were sent to the viewer's own school and stand, the newest first; never a draft.

    Raises:
        NotAllowed: the viewer is no head teacher or chair of governors of any school.
        RulesRefused: the LA's own templates are not valid.
    """
    if not viewer.own_urns:
        raise NotAllowed(
            f"{viewer.name} may not see this: it is a school's own letters.", ["Ask the LA's lead for access."]
        )
    # what was sent to others about the school, such as its trust or diocese, is theirs; and so may be what nobody knows
    to_school = {one.id for one in read_letter_settings(copy.data.root).templates if one.to_school}
    found = [one for urn in viewer.own_urns for one in letters(copy.records, urn=urn) if one.status in _SEEN]
    return sorted((one for one in found if one.template in to_school), key=lambda one: -one.id)


def my_letter_document(viewer: Viewer, copy: Copy, letter_id: int) -> Document:
    """One of the letters to the viewer's own school, as a document.

    Raises:
        NotAllowed: the viewer is no head teacher or chair of governors of any school.
        NotFound: none of theirs has the number; whether another school has it is not said.
    """
    found = next((one for one in letters_to_my_school(viewer, copy) if one.id == letter_id), None)
    if found is None:
        raise NotFound(f"There is no letter number {letter_id} to your school.", ["Load the page again."])
    return document_of(found)
