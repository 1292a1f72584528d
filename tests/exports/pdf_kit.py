"""What a reader's program finds in a PDF: its words, by the fonts' own tables, and its tags in their order."""

import io
import re
from collections.abc import Iterator
from typing import Any

import pikepdf


def opened_pdf(content: bytes) -> pikepdf.Pdf:
    """A PDF that was made in memory."""
    return pikepdf.open(io.BytesIO(content))


def text_of(content: bytes) -> str:
    """All words of a PDF without white space and invisible break marks, in the order in which they are drawn."""
    with opened_pdf(content) as pdf:
        return squeezed("".join("".join(_page_text(page)) for page in pdf.pages))


def page_count(content: bytes) -> int:
    """How many pages a PDF has."""
    with opened_pdf(content) as pdf:
        return len(pdf.pages)


def squeezed(text: str) -> str:
    """A text without white space: lines break elsewhere in a PDF."""
    return re.sub(r"[\s\u200b]+", "", text)


def tags_of(content: bytes) -> list[tuple[str, str]]:
    """Every tag of the PDF in reading order, with its title: ("H1", "A record")."""
    with opened_pdf(content) as pdf:
        return list(_tags(pdf.Root.StructTreeRoot.K))


def _tags(element: Any) -> Iterator[tuple[str, str]]:
    if isinstance(element, pikepdf.Array):
        for one in element:
            yield from _tags(one)
    elif isinstance(element, pikepdf.Dictionary) and "/S" in element:
        yield str(element.S).lstrip("/"), str(element.get("/T", ""))
        if "/K" in element:
            yield from _tags(element.K)


def _page_text(page: Any) -> Iterator[str]:
    fonts = {name: _characters(font) for name, font in page.Resources.get("/Font", {}).items()}
    known: dict[int, str] = {}
    for operands, operator in pikepdf.parse_content_stream(page):
        if str(operator) == "Tf":
            known = fonts[str(operands[0])]
        if str(operator) in ("Tj", "TJ"):
            parts = operands[0] if str(operator) == "TJ" else operands
            for part in parts:
                if isinstance(part, pikepdf.String):
                    codes = bytes(part)
                    yield from (known[int.from_bytes(codes[at : at + 2])] for at in range(0, len(codes), 2))


def _characters(font: Any) -> dict[int, str]:
    """What each code of a font stands for, from its ToUnicode table."""
    table = font.ToUnicode.read_bytes().decode("ascii")
    found: dict[int, str] = {}
    for block in re.findall(r"beginbfchar(.*?)endbfchar", table, re.DOTALL):
        for code, text in re.findall(r"<(\w+)>\s*<(\w+)>", block):
            found[int(code, 16)] = _utf_16(text)
    for block in re.findall(r"beginbfrange(.*?)endbfrange", table, re.DOTALL):
        for first, last, text in re.findall(r"<(\w+)>\s*<(\w+)>\s*<(\w+)>", block):
            for step in range(int(last, 16) - int(first, 16) + 1):
                found[int(first, 16) + step] = chr(ord(_utf_16(text)) + step)
    return found


def _utf_16(text: str) -> str:
    return bytes.fromhex(text).decode("utf-16-be")
