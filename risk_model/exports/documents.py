"""A document as an editable DOCX: real headings, a language, and each blank marked in words."""

import io
import unicodedata
from collections.abc import Sequence
from datetime import UTC, datetime, time
from xml.sax.saxutils import escape  # nosec B406  # it writes, and parses nothing

from docx import Document as new_document
from docx.document import Document as WordDocument
from docx.enum.text import WD_COLOR_INDEX
from docx.oxml.ns import nsdecls, qn
from docx.oxml.parser import parse_xml
from docx.shared import Cm, Pt
from docx.text.paragraph import Paragraph

from risk_model.domain.documents import Document, Entry, Points, Table

DOCX_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_LANGUAGE = "en-GB"
_TABLE_SIZE = 9  # as in the PDF, so that both break their pages alike
_FONT, _SIZE = "Arial", 11  # what screen magnifiers and most LAs' own styles are at home with
_A4_CM = (21.0, 29.7)  # the library's own template is for American paper
_MARGIN_CM = 2.0
_TWIPS_A_CM = 1440 / 2.54
_CELL_MARGINS = (
    '<w:tblCellMar><w:top w:w="28" w:type="dxa"/><w:left w:w="85" w:type="dxa"/>'
    '<w:bottom w:w="28" w:type="dxa"/><w:right w:w="85" w:type="dxa"/></w:tblCellMar>'
)
_TITLE, _BULLET = "Title", "ListBullet"
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
    _write_line(word, document.title, _TITLE)
    for line in document.about:
        _write_line(word, line)
    for section in document.sections:
        heading = _write_line(word, section.title, _heading(section.level))
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
        _write_line(word, part)
        return
    for point in part.points:
        _write_line(word, point, _BULLET)


def _write_line(word: WordDocument, text: str, style: str = "") -> Paragraph:
    """A paragraph; its style is named by its id, since a name is looked up anew each time, at many times the cost."""
    paragraph = word.add_paragraph(writable(text))
    if style:
        paragraph._p.style = style
    return paragraph


def _heading(level: int) -> str:
    return f"Heading{level}"


def _write_table(word: WordDocument, table: Table) -> None:
    """A table whose headings are marked as such, come again on every page, and whose rows are not torn apart.

    It is written as XML at once: cell by cell through the library, a pack of forty schools takes seconds.
    """
    widths = [round(width * _TWIPS_A_CM) for width in _widths_cm(table)]
    rows = "".join(
        _row_xml(cells, widths, is_head=number == 0) for number, cells in enumerate([table.columns, *table.rows])
    )
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    word.element.body.insert_element_before(
        parse_xml(
            f'<w:tbl {nsdecls("w")}><w:tblPr><w:tblStyle w:val="TableGrid"/><w:tblW w:w="0" w:type="auto"/>'
            f'<w:tblLayout w:type="fixed"/>{_CELL_MARGINS}<w:tblLook w:val="0420" w:firstRow="1"/></w:tblPr>'
            f"<w:tblGrid>{grid}</w:tblGrid>{rows}</w:tbl>"
        ),
        "w:sectPr",
    )
    word.add_paragraph()


def _row_xml(cells: Sequence[str], widths: Sequence[int], *, is_head: bool) -> str:
    look = f'<w:rPr>{"<w:b/>" if is_head else ""}<w:sz w:val="{2 * _TABLE_SIZE}"/></w:rPr>'
    written = "".join(
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr>'
        f"<w:p><w:r>{look}{_text_xml(text)}</w:r></w:p></w:tc>"
        for text, width in zip(cells, widths, strict=True)
    )
    return f"<w:tr><w:trPr><w:cantSplit/>{'<w:tblHeader/>' if is_head else ''}</w:trPr>{written}</w:tr>"


def _text_xml(text: str) -> str:
    """A text as a run holds it: nothing in it is markup, a line break is one, and a tab is one."""
    lines = []
    for line in writable(text).split("\n"):
        parts = (f'<w:t xml:space="preserve">{escape(part)}</w:t>' for part in line.split("\t"))
        lines.append("<w:tab/>".join(parts))
    return "<w:br/>".join(lines)


def _widths_cm(table: Table) -> list[float]:
    parts = table.widths or (1,) * len(table.columns)
    return [(_A4_CM[0] - 2 * _MARGIN_CM) * part / sum(parts) for part in parts]


def _write_entry(word: WordDocument, entry: Entry, level: int) -> None:
    _write_line(word, entry.title, _heading(level))
    for line in entry.answer:
        _write_line(word, line)
    if entry.asked:
        blank = word.add_paragraph().add_run(f"[{writable(entry.asked)}]")
        blank.bold = True
        blank.font.highlight_color = WD_COLOR_INDEX.YELLOW


def writable(text: str) -> str:
    """Text that a document can hold: without characters that XML knows no way to write, or that turn text around."""
    return "".join(one for one in text if one in "\t\n" or not _is_unwritable(one))


def _is_unwritable(character: str) -> bool:
    return unicodedata.category(character) in ("Cc", "Cs") or character in "\ufffe\uffff" or character in _TURNS_TEXT
