"""`python -m tests.benchmarks.packs [LA]`: the pack of forty academies, each file beside its floor.

It is made from the data directory as it is (RISK_DATA_DIR). The floor of the PDF is typst on an empty template: what
the compiler and its fonts cost before there is a word. Nothing is written: files are made, not exported.
"""

import sys
from collections.abc import Callable, Iterator

import typst
from docx import Document as new_document

from risk_model.domain.paths import data_dir
from risk_model.domain.viewer import local_viewer
from risk_model.domain.words import Priority
from risk_model.exports.documents import as_docx
from risk_model.exports.pdf import as_pdf
from risk_model.exports.tables import as_csv
from risk_model.exports.workbooks import as_list_workbook
from risk_model.services.at_risk import school_list
from risk_model.services.copy import Copy, opened
from risk_model.services.director_content import Choice, ListContent, list_content
from risk_model.services.director_pack import list_document, method_document, pack_document
from risk_model.services.regional_director import academies_at_risk
from risk_model.services.scope import Scope
from tests.benchmarks.__main__ import Line, timed

WHO = local_viewer()
ACADEMIES = 40
_EVERY_PLACE = tuple(one.value for one in Priority)


def pack_lines(copy: Copy, la_code: str) -> Iterator[Line]:
    """What the list's content and each of its files take, each with the content that it is made from."""
    found = academies_at_risk(WHO, copy, Scope(la_code), _EVERY_PLACE).table
    chosen = Choice(la_code, tuple(found["urn"][:ACADEMIES]))

    def content() -> ListContent:
        return list_content(WHO, copy, chosen)

    def whole(make: Callable[[ListContent], bytes]) -> float:
        return timed(lambda: make(content()))

    def empty_pdf() -> None:
        typst.compile(b" ", format="pdf")

    def empty_word() -> None:
        new_document()

    listed = timed(lambda: school_list(WHO, copy, Scope(la_code)))
    name = f"{len(chosen.urns)} academies"
    yield Line(f"what leaves, {name}", timed(content), listed, "the list of schools of the LA")
    pdf = whole(lambda made: as_pdf(pack_document(WHO, made)))
    yield Line(f"the pack as PDF, {name}", pdf, timed(empty_pdf), "typst on an empty template")
    ready = content()
    document = pack_document(WHO, ready)
    yield Line("the PDF alone", timed(lambda: as_pdf(document)), timed(empty_pdf), "typst on an empty template")
    word = whole(lambda made: as_docx(pack_document(WHO, made)))
    yield Line(f"the pack as Word, {name}", word, timed(empty_word), "an empty Word file")
    xlsx = whole(lambda made: as_list_workbook(list_document(WHO, made), made.table, method_document(WHO, made)))
    yield Line(f"the list as a workbook, {name}", xlsx, timed(lambda: as_csv(ready.table)), "the same table as CSV")


def main() -> None:
    """Print the measurements."""
    la_code = sys.argv[1] if len(sys.argv) > 1 else "999"
    with opened(data_dir()) as copy:
        for line in pack_lines(copy, la_code):
            sys.stdout.write(f"{line}\n")


if __name__ == "__main__":
    main()
