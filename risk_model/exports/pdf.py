"""A document as a tagged PDF that a screen reader reads (PDF/UA-1), with the same words as its DOCX."""

import json
from dataclasses import asdict
from importlib.resources import files
from typing import Any

import typst

from risk_model.domain.documents import Document
from risk_model.exports.documents import writable

PDF_TYPE = "application/pdf"
_TEMPLATE = "document.typ"
# every character up to here is in the fonts that come with the library: Latin, with what Welsh and names need
_ALWAYS_SHOWN = "\u017f"


def as_pdf(document: Document) -> bytes:
    """A document as a PDF/UA-1 file: tagged, titled, in British English, on A4, with page numbers.

    Nothing is fetched and no file of the machine is read, its fonts included. A text is text: nothing in it is read
    as markup. A character that none of the fonts has is named in brackets, as "[U+4E2D]".
    """
    said = _as_json(document)
    try:
        return _compiled(said)
    except typst.TypstError:
        # most often a character that none of the fonts has; which it is costs further runs, so it is asked only then
        unsure = sorted({one for one in said if one > _ALWAYS_SHOWN})
        named = {ord(one): f"[U+{ord(one):04X}]" for one in _not_in_the_fonts(unsure)}
        if not named:
            raise
    # a character that JSON itself uses is never among them
    return _compiled(said.translate(named))


def _as_json(document: Document) -> str:
    said = _each_text_writable(asdict(document))
    for section in said["sections"]:
        for table in section["tables"]:
            table["widths"] = table["widths"] or [1] * len(table["columns"])
    return json.dumps(said, ensure_ascii=False)


def _each_text_writable(value: Any) -> Any:
    if isinstance(value, str):
        return writable(value)
    if isinstance(value, dict):
        return {name: _each_text_writable(one) for name, one in value.items()}
    return [_each_text_writable(one) for one in value] if isinstance(value, (list, tuple)) else value


def _not_in_the_fonts(characters: list[str]) -> list[str]:
    """Those that cannot be shown: PDF/UA refuses a text with one, so halves are tried until they are found."""
    if not characters:
        return []
    try:
        _compiled(_as_json(Document("Characters", "characters", (" ".join(characters),), ())))
    except typst.TypstError:
        if len(characters) == 1:
            return characters
        middle = len(characters) // 2
        return _not_in_the_fonts(characters[:middle]) + _not_in_the_fonts(characters[middle:])
    return []


def _compiled(said: str) -> bytes:
    return typst.compile(
        (files("risk_model.exports") / _TEMPLATE).read_bytes(),
        sys_inputs={"document": said},
        pdf_standards=["ua-1"],
        ignore_system_fonts=True,
        format="pdf",
    )
