"""A document as an editable DOCX: real headings, a language, and each blank marked in words."""

import io
import unicodedata
from datetime import UTC, datetime, time

from docx import Document as new_document
from docx.document import Document as WordDocument
from docx.enum.text import WD_COLOR_INDEX
from docx.oxml.ns import qn
from docx.oxml.parser import OxmlElement
from docx.shared import Cm, Pt

from risk_model.domain.documents import Document, Entry, Points, Table

DOCX_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_LANGUAGE = "en-GB"
_TABLE_SIZE = 9  # as in the PDF, so that both break their pages alike
_FONT, _SIZE = "Arial", 11  # what screen magnifiers and most LAs' own styles are at home with
_A4_CM = (21.0, 29.7)  # the library's own template is for American paper
_MARGIN_CM = 2.0
# they turn the text after them around, so that it reads as something else
_TURNS_TEXT = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def as_docx(document: Document) -> bytes:
    """A document as a DOCX file, to be edited, read aloud and printed.

    Headings are headings, the language is set, and what is to be filled in stands in words before it is coloured. A
    text is text: nothing in it is read as a field, a link or markup.
    """
    word = new_document()
    _set_up(word, document.title)
    if document.banner:
        word.sections[0].header.paragraphs[0].add_run(writable(document.banner)).bold = True
    word.add_heading(writable(document.title), level=0)
    for line in document.about:
        word.add_paragraph(writable(line))
    for section in document.sections:
        heading = word.add_heading(writable(section.title), level=section.level)
        if section.on_new_page:
            heading.paragraph_format.page_break_before = True
        for part in section.text:
            _write_text(word, part)
        for table in section.tables:
            _write_table(word, table)
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
    for page in word.sections:
        page.page_width, page.page_height = Cm(_A4_CM[0]), Cm(_A4_CM[1])
        page.left_margin = page.right_margin = page.top_margin = page.bottom_margin = Cm(_MARGIN_CM)
    now = datetime.now(UTC).replace(tzinfo=None, microsecond=0)
    about = word.core_properties
    about.title, about.language = writable(title), _LANGUAGE
    about.author = about.last_modified_by = about.comments = ""
    about.created = about.modified = datetime.combine(now.date(), time())


def _write_text(word: WordDocument, part: str | Points) -> None:
    if isinstance(part, str):
        word.add_paragraph(writable(part))
        return
    for point in part.points:
        word.add_paragraph(writable(point), style="List Bullet")


def _write_table(word: WordDocument, table: Table) -> None:
    """A table whose headings are marked as such, come again on every page, and whose rows are not torn apart."""
    drawn = word.add_table(rows=0, cols=len(table.columns), style="Table Grid")
    drawn.autofit = False
    for column, width in zip(drawn.columns, _widths_cm(table), strict=True):
        column.width = Cm(width)
    for number, row in enumerate([table.columns, *table.rows]):
        added = drawn.add_row()
        added_row = added._tr.get_or_add_trPr()
        added_row.append(OxmlElement("w:cantSplit"))
        for cell, text, width in zip(added.cells, row, _widths_cm(table), strict=True):
            cell.width = Cm(width)
            cell.text = writable(text)
            for run in cell.paragraphs[0].runs:
                run.font.size = Pt(_TABLE_SIZE)
                run.bold = number == 0 or None
        if number == 0:
            added_row.append(OxmlElement("w:tblHeader"))
    word.add_paragraph()


def _widths_cm(table: Table) -> list[float]:
    parts = table.widths or (1,) * len(table.columns)
    return [(_A4_CM[0] - 2 * _MARGIN_CM) * part / sum(parts) for part in parts]


def _write_entry(word: WordDocument, entry: Entry, level: int) -> None:
    word.add_heading(writable(entry.title), level=level)
    for line in entry.answer:
        word.add_paragraph(writable(line))
    if entry.asked:
        blank = word.add_paragraph().add_run(f"[{writable(entry.asked)}]")
        blank.bold = True
        blank.font.highlight_color = WD_COLOR_INDEX.YELLOW


def writable(text: str) -> str:
    """Text that a document can hold: without characters that XML knows no way to write, or that turn text around."""
    return "".join(one for one in text if one in "\t\n" or not _is_unwritable(one))


def _is_unwritable(character: str) -> bool:
    return unicodedata.category(character) in ("Cc", "Cs") or character in "\ufffe\uffff" or character in _TURNS_TEXT
