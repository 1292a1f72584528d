"""The pack for the regional director as a document: cover note, list, one page per academy, method and caveats."""

from collections.abc import Sequence

import pandas as pd

from risk_model.domain.documents import Document, Section, Table
from risk_model.domain.periods import in_words
from risk_model.domain.viewer import Right, Viewer, require_la
from risk_model.services.director_content import ListContent, cell_in_words
from risk_model.services.director_fields import Cell, ListField, Source

# what the list itself shows, where it is chosen: code and width
_ON_THE_LIST = (
    ("name", 22),
    ("outcomes", 13),
    ("leadership", 13),
    ("inspection", 13),
    ("found", 19),
    ("programme", 14),
    ("status", 14),
)
_PARTS = {
    Source.PUBLISHED: "What published data says",
    Source.COMPUTED: "What the rules make of the evidence",
    Source.LA: "What the local authority says: not published data",
}
# they stand in the heading of an academy's page
_IN_HEADING = frozenset({"urn", "name"})


def pack_document(viewer: Viewer, listed: ListContent) -> Document:
    """The whole pack.

    Raises:
        NotAllowed: the viewer may not take this LA's list out.
    """
    require_la(viewer, listed.choice.la_code, Right.SEND)
    return Document(
        title=f"Academies for the DfE regional director (RSC): {listed.la_name}",
        name=listed.name,
        about=(listed.banner, *listed.about),
        sections=(
            Section("Cover note", text=_cover(listed)),
            *_list_sections(listed),
            *_academy_sections(listed),
            Section("Method and caveats", text=listed.method, tables=(_fields(listed.fields),), on_new_page=True),
        ),
        banner=listed.banner,
    )


def list_document(viewer: Viewer, listed: ListContent) -> Document:
    """The part of the pack that the first sheet of the workbook shows: cover note and list.

    Raises:
        NotAllowed: the viewer may not take this LA's list out.
    """
    require_la(viewer, listed.choice.la_code, Right.SEND)
    return Document(
        title=f"Academies for the DfE regional director (RSC): {listed.la_name}",
        name=listed.name,
        about=(listed.banner, *listed.about),
        sections=(Section("Cover note", text=_cover(listed)), *_list_sections(listed)),
        banner=listed.banner,
    )


def method_document(viewer: Viewer, listed: ListContent) -> Document:
    """How it was made, and what each field is.

    Raises:
        NotAllowed: the viewer may not take this LA's list out.
    """
    require_la(viewer, listed.choice.la_code, Right.SEND)
    return Document(
        title="Method and caveats",
        name=listed.name,
        about=(listed.banner, *listed.about),
        sections=(
            Section("What to know", text=listed.method),
            Section("The fields of this list", tables=(_fields(listed.fields),)),
        ),
        banner=listed.banner,
    )


def academy_pages(viewer: Viewer, listed: ListContent) -> dict[str, dict[str, pd.DataFrame]]:
    """Each academy's page as tables: {"name (URN)": {heading: columns About, What is known}}, in the list's order.

    Raises:
        NotAllowed: the viewer may not take this LA's list out.
    """
    require_la(viewer, listed.choice.la_code, Right.SEND)
    pages: dict[str, dict[str, pd.DataFrame]] = {}
    for section in _academy_sections(listed):
        if section.on_new_page:
            pages[section.title] = {}
        for table in section.tables:
            pages[next(reversed(pages))][section.title] = pd.DataFrame(table.rows, columns=list(table.columns))
    return pages


def _cover(content: ListContent) -> tuple[str, ...]:
    words = {
        "la": content.la_name,
        "academies": _counted(len(content.told), "academy", "academies"),
        "trusts": _counted(len(content.pictures), "trust", "trusts"),
        "as_at": in_words(content.as_at),
    }
    return content.settings.cover_lines(words)


def _counted(n: int, one: str, several: str) -> str:
    return f"{n} {one if n == 1 else several}"


def _list_sections(content: ListContent) -> tuple[Section, ...]:
    by_code = {one.code: one for one in content.fields}
    columns = [(by_code[code], width) for code, width in _ON_THE_LIST if code in by_code]
    heads, widths = tuple(one.heading for one, _ in columns), tuple(width for _, width in columns)
    parts: list[Section] = []
    for trust, picture in content.pictures.items():
        own = [one for one in content.told if one.academy.trust == trust]
        rows = tuple(tuple(cell_in_words(field.read(one)) for field, _ in columns) for one in own)
        # whose academies they are is said by the heading, unless that was left out
        title = trust if "trust" in by_code else f"Trust {len(parts) + 1}"
        parts.append(Section(title, level=2, text=(" ".join(picture),), tables=(Table(heads, rows, widths),)))
    return (Section("The list"), *parts)


def _academy_sections(content: ListContent) -> list[Section]:
    sections = []
    for one in content.told:
        sections.append(Section(f"{one.academy.row['name']} (URN {one.academy.urn})", on_new_page=True))
        for source, title in _PARTS.items():
            told = [
                (field.title, field.read(one))
                for field in content.fields
                if field.source is source and field.code not in _IN_HEADING
            ]
            if told:
                sections.append(Section(title, level=2, tables=(_facts(told),)))
    return sections


def _facts(told: Sequence[tuple[str, Cell]]) -> Table:
    return Table(("About", "What is known"), tuple((title, cell_in_words(value)) for title, value in told), (22, 78))


def _fields(fields: Sequence[ListField]) -> Table:
    rows = tuple((one.heading, one.source.value, one.sensitivity.value) for one in fields)
    return Table(("Field", "Source", "Sensitivity"), rows, (50, 30, 20))
