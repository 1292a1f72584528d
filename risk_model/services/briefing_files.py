"""The page for a supporter as a file that leaves."""

from risk_model.domain.viewer import Viewer
from risk_model.exports.documents import as_docx
from risk_model.exports.pdf import as_pdf
from risk_model.services.briefing import school_briefing
from risk_model.services.copy import Copy
from risk_model.services.leaving import hand_over_own


def briefing_file(viewer: Viewer, copy: Copy, urn: str, allocation_id: int | None, ending: str) -> bytes:
    """The briefing on a school as PDF or Word, logged before it is handed over.

    Args:
        ending: ".pdf" or ".docx".
    Raises:
        NotAllowed: the viewer may neither read everything nor is allocated to the school now, or takes nothing out.
        NotFound: no school of this build has the URN, or the support is not one of this school and viewer.
        RecordRefused: it cannot be logged, so it does not leave.
    """
    document = school_briefing(viewer, copy, urn, allocation_id)
    content = as_pdf(document) if ending == ".pdf" else as_docx(document)
    return hand_over_own(viewer, copy, "school briefing", f"{document.name}{ending}", urn, content)
