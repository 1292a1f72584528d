"""Files that mean harm, made small: workbooks that claim a whole sheet, archives that lie, tables of one line."""

import io
import zipfile
from collections.abc import Mapping, Sequence

_TYPES = """<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">
<Default Extension="xml" ContentType="application/xml"/>
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
<Override PartName="/xl/workbook.xml"
 ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>"""
_RELATIONS = """<?xml version="1.0"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{}</Relationships>"""
_RELATION = '<Relationship Id="{}" Type="{}/{}" Target="{}"/>'
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_ODS = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
)


def zipped(members: Mapping[str, str | bytes] | Sequence[tuple[str, str | bytes]]) -> bytes:
    """An archive of these members, packed."""
    pairs = members.items() if isinstance(members, Mapping) else members
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in pairs:
            archive.writestr(name, content)
    return out.getvalue()


def workbook(rows: str, *, before: str = "", above: str = "", parts: Mapping[str, str | bytes] | None = None) -> bytes:
    """An XLSX of one sheet, written by hand.

    Args:
        rows: the XML of its rows.
        before: what stands before the sheet's own XML, such as declarations.
        above: what the sheet says of itself above its rows.
        parts: further members, such as shared texts.
    """
    relations = [
        _RELATION.format("rId1", _OFFICE, "worksheet", "worksheets/sheet1.xml"),
        _RELATION.format("rId2", _OFFICE, "sharedStrings", "sharedStrings.xml"),
    ]
    return zipped(
        {
            "[Content_Types].xml": _TYPES,
            "_rels/.rels": _RELATIONS.format(_RELATION.format("rId1", _OFFICE, "officeDocument", "xl/workbook.xml")),
            "xl/workbook.xml": f'<?xml version="1.0"?><workbook xmlns="{MAIN}" xmlns:r="{_OFFICE}"><sheets>'
            '<sheet name="Sheet" sheetId="1" r:id="rId1"/></sheets></workbook>',
            "xl/_rels/workbook.xml.rels": _RELATIONS.format("".join(relations)),
            "xl/worksheets/sheet1.xml": f'<?xml version="1.0"?>{before}<worksheet xmlns="{MAIN}">{above}'
            f"<sheetData>{rows}</sheetData></worksheet>",
            **(parts or {}),
        }
    )


def row(number: int, cells: Mapping[str, str]) -> str:
    """A row of an XLSX, its cells as texts: {"A": "URN", …}."""
    written = "".join(f'<c r="{column}{number}" t="str"><v>{text}</v></c>' for column, text in cells.items())
    return f'<row r="{number}">{written}</row>'


def shared_texts(count: int, text: str) -> str:
    """The shared texts of an XLSX, one of them, said to be so many."""
    return (
        f'<?xml version="1.0"?><sst xmlns="{MAIN}" count="{count}" uniqueCount="{count}"><si><t>{text}</t></si></sst>'
    )


def opendocument(rows: str) -> bytes:
    """An ODS of one sheet, written by hand."""
    content = (
        f'<?xml version="1.0"?><office:document-content {_ODS}><office:body><office:spreadsheet>'
        f'<table:table table:name="Sheet">{rows}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    manifest = '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        # first and not packed: that is how the kind is told
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet", zipfile.ZIP_STORED)
        archive.writestr("META-INF/manifest.xml", manifest)
        archive.writestr("content.xml", content)
    return out.getvalue()


def opendocument_row(cells: Sequence[str], *, rows: int = 1, columns: int = 1) -> str:
    """A row of an ODS, each cell a text, repeated as often as said."""
    written = "".join(
        f'<table:table-cell table:number-columns-repeated="{columns}" office:value-type="string">'
        f"<text:p>{cell}</text:p></table:table-cell>"
        for cell in cells
    )
    return f'<table:table-row table:number-rows-repeated="{rows}">{written}</table:table-row>'
