"""A letter as a file that leaves: made, logged, then handed over. What is not logged does not leave."""

from dataclasses import dataclass

from risk_model.casework import Letter
from risk_model.domain.documents import Document
from risk_model.domain.errors import NotFound
from risk_model.domain.viewer import Right, Viewer, as_reader, require_la
from risk_model.exports.documents import DOCX_TYPE, as_docx
from risk_model.exports.pdf import PDF_TYPE, as_pdf
from risk_model.services.copy import Copy
from risk_model.services.leaving import Leaving, hand_over
from risk_model.services.letters import NOT_SENT, document_of, one_letter
from risk_model.services.own_letters import letters_to_my_school

WHAT = "letter to a school"
# what a letter can be had as: its ending, in words, and its type
LETTER_FILES = {"pdf": ("PDF", PDF_TYPE), "docx": ("Word", DOCX_TYPE)}


@dataclass(frozen=True)
class LetterFile:
    """A file that was logged and may leave."""

    name: str
    content: bytes


def letter_file(viewer: Viewer, copy: Copy, letter_id: int, ending: str) -> LetterFile:
    """A letter of the viewer's LA as a PDF/UA or Word file, logged as an export.

    Args:
        ending: a key of LETTER_FILES.
    Raises:
        NotAllowed: the viewer may not read, or only for another LA.
        NotFound: there is no such letter, or no such kind of file.
    """
    letter = one_letter(viewer, copy, letter_id)
    require_la(viewer, letter.la_code, Right.EXPORT)
    return _left(viewer, copy, letter, ending)


def my_letter_file(viewer: Viewer, copy: Copy, letter_id: int, ending: str) -> LetterFile:
    """A letter that was sent to the viewer's own school, as a file, logged as an export.

    Args:
        ending: a key of LETTER_FILES.
    Raises:
        NotAllowed: the viewer is no head teacher or chair of governors of any school.
        NotFound: none of theirs has the number, or there is no such kind of file.
    """
    letter = next((one for one in letters_to_my_school(viewer, copy) if one.id == letter_id), None)
    if letter is None:
        raise NotFound(f"There is no letter number {letter_id} to your school.", ["Load the page again."])
    # it is theirs: that it leaves is logged under their name, which else takes a reader of the LA
    return _left(as_reader(viewer), copy, letter, ending)


def _left(viewer: Viewer, copy: Copy, letter: Letter, ending: str) -> LetterFile:
    document = document_of(letter)
    name = f"{document.name}.{ending}"
    leaving = Leaving(
        letter.la_code,
        WHAT,
        name,
        [letter.urn],
        banner=None if letter.sent_on else NOT_SENT,
        build_id=letter.build_id,
        rule_set=letter.rule_set,
        as_at=letter.as_at,
    )
    return LetterFile(name, hand_over(viewer, copy, leaving, _content(document, ending)))


def _content(document: Document, ending: str) -> bytes:
    if ending == "pdf":
        return as_pdf(document)
    if ending == "docx":
        return as_docx(document)
    raise NotFound("There is no such kind of file.", [f"Choose one of: {', '.join(LETTER_FILES)}."])
