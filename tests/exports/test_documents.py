"""A document as DOCX: what a reader and a screen reader find in it, and that nothing in it acts."""

import io
import zipfile

from docx import Document as open_docx
from docx.oxml.ns import qn

from risk_model.domain.documents import Document, Entry, Section
from risk_model.exports.documents import as_docx

DOCUMENT = Document(
    title="A record",
    name="a_record",
    about=("Of 1 November 2026.",),
    sections=(
        Section("Part one", (Entry("Name", ("What it is called.", "And why.")),)),
        Section("Part two", text=("What it is about.",)),
        Section("Below part two", (Entry("Owner", (), "To be filled in by this LA: the team"),), level=2),
    ),
)


def lines(document: Document) -> list[tuple[str, str]]:
    return [(one.style.name, one.text) for one in open_docx(io.BytesIO(as_docx(document))).paragraphs if one.style]


def parts(document: Document) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(as_docx(document))) as archive:
        return {one: archive.read(one).decode("utf-8") for one in archive.namelist() if one.endswith((".xml", ".rels"))}


def test_headings_stand_in_their_order_and_answers_under_them() -> None:
    assert lines(DOCUMENT) == [
        ("Title", "A record"),
        ("Normal", "Of 1 November 2026."),
        ("Heading 1", "Part one"),
        ("Heading 2", "Name"),
        ("Normal", "What it is called."),
        ("Normal", "And why."),
        ("Heading 1", "Part two"),
        ("Normal", "What it is about."),
        ("Heading 2", "Below part two"),
        ("Heading 3", "Owner"),
        ("Normal", "[To be filled in by this LA: the team]"),
    ]


def test_what_is_left_to_fill_in_is_counted_and_marked_in_words_and_bold() -> None:
    assert DOCUMENT.blanks == 1
    written = open_docx(io.BytesIO(as_docx(DOCUMENT)))
    bold = [run.text for one in written.paragraphs for run in one.runs if run.bold]
    assert bold == ["[To be filled in by this LA: the team]"]


def test_the_language_is_british_english_and_no_maker_is_named() -> None:
    found = parts(DOCUMENT)
    written = open_docx(io.BytesIO(as_docx(DOCUMENT)))
    assert {one.get(qn("w:val")) for one in written.styles.element.iter(qn("w:lang"))} == {"en-GB"}
    about = written.core_properties
    assert (about.title, about.language, about.author, about.comments) == ("A record", "en-GB", "", "")
    assert not [name for name, text in found.items() if "python-docx" in text]


def test_text_is_text_whatever_stands_in_it() -> None:
    hostile = '<w:fldSimple w:instr="QUOTE"/> & =HYPERLINK("http://x") {DATE}'
    document = Document(hostile, "x", (hostile,), (Section(hostile, (Entry(hostile, (hostile,), hostile),)),))
    assert [text for _, text in lines(document)] == [hostile] * 5 + [f"[{hostile}]"]
    body = parts(document)["word/document.xml"]
    assert "<w:fldSimple" not in body
    assert "hyperlink" not in body.lower().replace("=hyperlink(", "")


def test_characters_that_xml_cannot_hold_or_that_turn_text_around_are_left_out() -> None:
    document = Document("A\x00 re\x1bcord\ud800\ufffe\u202e", "x", (), ())
    assert lines(document) == [("Title", "A record")]


def test_the_same_document_says_the_same_twice() -> None:
    assert parts(DOCUMENT)["word/document.xml"] == parts(DOCUMENT)["word/document.xml"]
