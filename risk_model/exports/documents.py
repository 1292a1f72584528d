"""A document as an editable DOCX: real headings, a language, and each blank marked in words."""

import io
import unicodedata
from datetime import UTC, datetime, time

from docx import Document as new_document
from docx.document import Document as WordDocument
from docx.enum.text import WD_COLOR_INDEX
from docx.oxml.ns import qn
from docx.shared import Pt

from risk_model.domain.documents import Document, Entry

DOCX_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_LANGUAGE = "en-GB"
_FONT, _SIZE = "Arial", 11  # what screen magnifiers and most LAs' own styles are at home with


def as_docx(document: Document) -> bytes:
    """A document as a DOCX file, to be edited, read aloud and printed.

    Headings are headings, the language is set, and what is to be filled in stands in words before it is coloured. A
    text is text: nothing in it is read as a field, a link or markup.
    """
    word = new_document()
    _set_up(word, document.title)
    word.add_heading(_text(document.title), level=0)
    for line in document.about:
        word.add_paragraph(_text(line))
    for section in document.sections:
        word.add_heading(_text(section.title), level=section.level)
        for line in section.text:
            word.add_paragraph(_text(line))
        for entry in section.entries:
            _write_entry(word, entry, level=section.level + 1)
    buffer = io.BytesIO()
    word.save(buffer)
    return buffer.getvalue()


def _set_up(word: WordDocument, title: str) -> None:
    """Language, type and properties: those of the library's own template name its maker and a day in 2013."""
    for style in word.styles.element.iter(qn("w:lang")):
        style.set(qn("w:val"), _LANGUAGE)
    normal = word.styles["Normal"].font
    normal.name, normal.size = _FONT, Pt(_SIZE)
    now = datetime.now(UTC).replace(tzinfo=None, microsecond=0)
    about = word.core_properties
    about.title, about.language = _text(title), _LANGUAGE
    about.author = about.last_modified_by = about.comments = ""
    about.created = about.modified = datetime.combine(now.date(), time())


def _write_entry(word: WordDocument, entry: Entry, level: int) -> None:
    word.add_heading(_text(entry.title), level=level)
    for line in entry.answer:
        word.add_paragraph(_text(line))
    if entry.asked:
        blank = word.add_paragraph().add_run(f"[{_text(entry.asked)}]")
        blank.bold = True
        blank.font.highlight_color = WD_COLOR_INDEX.YELLOW


def _text(text: str) -> str:
    """Text that a DOCX can hold: without the characters that XML knows no way to write."""
    return "".join(one for one in text if one in "\t\n" or not _is_unwritable(one))


def _is_unwritable(character: str) -> bool:
    return unicodedata.category(character) in ("Cc", "Cs") or character in "\ufffe\uffff"
