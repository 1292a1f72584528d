"""What the model page says, as files that leave: made, logged, then handed over."""

from risk_model.domain.viewer import Right, Viewer, require
from risk_model.exports.documents import as_docx
from risk_model.services.copy import Copy
from risk_model.services.leaving import hand_over_file
from risk_model.services.model_card import model_card
from risk_model.services.model_card_document import model_card_document
from risk_model.services.scope import Scope
from risk_model.services.transparency import transparency_record


def model_card_file(viewer: Viewer, copy: Copy, scope: Scope, question: str) -> bytes:
    """The model card as a Word document, logged as an export.

    Args:
        scope: its LA is the one beside England.
        question: an id of QUESTION_TITLES: of which inspections.
    Raises:
        NotAllowed: the viewer may take nothing out.
        Damaged: the figures cannot be read.
    """
    require(viewer, Right.EXPORT)
    document = model_card_document(viewer, copy, model_card(viewer, copy, scope, question), question)
    return hand_over_file(viewer, copy, "model card", f"{document.name}.docx", as_docx(document), [])


def transparency_file(viewer: Viewer, copy: Copy, scope: Scope) -> bytes:
    """The transparency record as a Word document, logged as an export.

    Raises:
        NotAllowed: the viewer may take nothing out.
        Damaged: the figures cannot be read.
    """
    require(viewer, Right.EXPORT)
    document = transparency_record(viewer, copy, scope)
    return hand_over_file(viewer, copy, "transparency record", f"{document.name}.docx", as_docx(document), [])
