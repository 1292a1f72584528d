"""A document as PDF: what a reader and a screen reader find in it, and that nothing in it acts."""

import io

import pytest
from docx import Document as open_docx
from docx.oxml.ns import qn

from risk_model.domain.documents import Document, Entry, Section, Table
from risk_model.exports.documents import as_docx
from risk_model.exports.pdf import as_pdf
from tests.exports.pdf_kit import opened_pdf, page_count, squeezed, tags_of, text_of

DOCUMENT = Document(
    title="A record",
    name="a_record",
    about=("Of 1 November 2026.",),
    sections=(
        Section(
            "Part one",
            (Entry("Owner", ("A team.",), "To be filled in: the role"),),
            text=("What it is about.",),
            tables=(Table(("Year", "Pupils"), (("2024-25", "212"), ("2025-26", "208\nof 240 places")), (1, 3)),),
        ),
        Section("Part two"),
        Section("Below part two", level=2),
    ),
)
HOSTILE = (
    "#let x = 1",
    "$a^2$ and $",
    "*bold* _thin_ `raw`",
    "a \\ backslash \\n \\u{41}",
    "<script>alert(1)</script> <label> @label",
    "// gone /* gone */ shown",
    "= Heading - list + list",
    "#read('/etc/passwd') #include 'x.typ' #import \"@preview/x:0.1.0\": *",
    '{"title": "JSON"} " \' [x] #[y] #{z}',
    "Ysgol Tŷ Gŵyr, Llŷn; Saint-Étienne; Łódź; naïve coöperation; ■ ▲ ● ○ − – “quoted” £5",
    "https://example.org/?a=b&c=d",
)


def one_with(text: str) -> Document:
    """A document in which a text stands wherever one can stand."""
    table = Table((text, text), ((text, text), (text, text)))
    return Document(text, "x", (text,), (Section(text, (Entry(text, (text,), text),), text=(text,), tables=(table,)),))


def test_it_says_that_it_is_accessible_in_which_language_and_what_it_is_called() -> None:
    with opened_pdf(as_pdf(DOCUMENT)) as pdf:
        assert pdf.Root.MarkInfo.Marked
        assert "/StructTreeRoot" in pdf.Root
        assert str(pdf.Root.Lang) == "en-GB"
        assert str(pdf.docinfo["/Title"]) == "A record"
        assert "/Author" not in pdf.docinfo
        assert pdf.Root.ViewerPreferences.DisplayDocTitle
        with pdf.open_metadata() as metadata:
            assert metadata["pdfuaid:part"] == "1"
            assert metadata["dc:title"] == "A record"


def test_headings_stand_in_their_order_and_no_level_is_left_out() -> None:
    headings = [(tag, title) for tag, title in tags_of(as_pdf(DOCUMENT)) if tag[0] == "H" and tag[1:].isdigit()]
    assert headings == [
        ("H1", "A record"),
        ("H2", "Part one"),
        ("H3", "Owner"),
        ("H2", "Part two"),
        ("H3", "Below part two"),
    ]


def test_a_table_is_tagged_as_one_with_its_headings() -> None:
    tags = [tag for tag, _ in tags_of(as_pdf(DOCUMENT))]
    at = tags.index("Table")
    body = ["TBody", "TR", "TD", "TD", "TR", "TD", "TD"]
    assert tags[at : at + 12] == ["Table", "THead", "TR", "TH", "TH", *body]


def test_every_word_is_in_it_and_what_is_to_be_filled_in_is_said_in_words() -> None:
    found = text_of(as_pdf(DOCUMENT))
    words = ("A record", "Of 1 November 2026.", "Part one", "Owner", "A team.", "[To be filled in: the role]")
    for text in (*words, "What it is about.", "Year", "Pupils", "2024-25", "208", "of 240 places", "Page 1 of 1"):
        assert squeezed(text) in found, text


def test_it_is_on_a4() -> None:
    with opened_pdf(as_pdf(DOCUMENT)) as pdf:
        assert [round(float(one)) for one in pdf.pages[0].mediabox] == [0, 0, 595, 842]


def test_its_fonts_are_all_inside_it() -> None:
    with opened_pdf(as_pdf(one_with(HOSTILE[9]))) as pdf:
        fonts = [font.DescendantFonts[0].FontDescriptor for font in pdf.pages[0].Resources.Font.values()]
        assert fonts
        assert all("/FontFile2" in one or "/FontFile3" in one for one in fonts)


@pytest.mark.parametrize("text", HOSTILE)
def test_text_is_text_whatever_stands_in_it(text: str) -> None:
    made = as_pdf(one_with(text))
    # title, paragraph, heading, paragraph, six cells, heading, answer, what is asked; and the foot of the page
    assert text_of(made).count(squeezed(text)) == 14
    with opened_pdf(made) as pdf:
        assert str(pdf.docinfo["/Title"]) == text
        assert not [page for page in pdf.pages if "/Annots" in page]


@pytest.mark.parametrize("text", HOSTILE)
def test_the_word_twin_says_the_same(text: str) -> None:
    written = open_docx(io.BytesIO(as_docx(one_with(text))))
    cells = [cell.text for row in written.tables[0].rows for cell in row.cells]
    assert cells == [text] * 6
    assert [one.text for one in written.paragraphs if one.text] == [text] * 6 + [f"[{text}]"]


def test_characters_that_no_font_has_are_named_and_those_that_turn_text_around_are_left_out() -> None:
    made = as_pdf(one_with("A\x00 re\x1bcord\ud800\ufffe \u202eback 中文 \U0001f600 ก"))
    assert squeezed("A record back [U+4E2D][U+6587] [U+1F600] [U+0E01]") in text_of(made)


def test_a_name_of_three_hundred_letters_stays_whole() -> None:
    name = "Llanfairpwllgwyngyll" * 15
    made = as_pdf(one_with(name))
    assert text_of(made).count(name) == 13 + page_count(made)


def test_a_long_table_has_its_headings_on_every_page() -> None:
    table = Table(("Year", "Pupils counted"), tuple((str(year), "212") for year in range(1900, 2026)))
    document = Document("Long", "long", (), (Section("Years", tables=(table,)),))
    made = as_pdf(document)
    pages = page_count(made)
    assert pages > 1
    assert text_of(made).count("Pupilscounted") == pages
    rows = open_docx(io.BytesIO(as_docx(document))).tables[0].rows
    marked = [row._tr.trPr is not None and row._tr.trPr.find(qn("w:tblHeader")) is not None for row in rows]
    assert marked == [True] + [False] * 126


def test_the_same_document_says_the_same_twice() -> None:
    assert text_of(as_pdf(DOCUMENT)) == text_of(as_pdf(DOCUMENT))


def test_a_row_that_does_not_fit_its_headings_is_refused() -> None:
    with pytest.raises(ValueError, match="2 headings"):
        Table(("a", "b"), (("1",),))


def test_a_pack_of_three_hundred_schools_keeps_every_name_in_its_order() -> None:
    names = tuple(
        f"Ysgol Gynradd Tŷ Gŵyr a Llŷn, Saint-Étienne’s C of E Primary Academy number {n}" for n in range(300)
    )
    facts = Table(("About", "What is known"), (("Good outcomes", "■ unlikely"), ("Raised", "not recorded")), (1, 3))
    sections = tuple(Section(name, tables=(facts,), on_new_page=True) for name in names)
    document = Document("Pack", "pack", ("OFFICIAL",), sections, "OFFICIAL")
    made = as_pdf(document)
    assert page_count(made) == 301
    assert [title for tag, title in tags_of(made) if tag == "H2"] == list(names)
    found = text_of(made)
    places = [found.index(squeezed(name)) for name in names]
    assert places == sorted(places)
    word = open_docx(io.BytesIO(as_docx(document)))
    assert [one.text for one in word.paragraphs if one.style and one.style.name == "Heading 1"] == list(names)
    breaks = [one for one in word.paragraphs if one.paragraph_format.page_break_before]
    assert [one.text for one in breaks] == list(names)
