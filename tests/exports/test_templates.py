"""Templates as files: what a spreadsheet shows of them, and that nothing in them acts."""

import io
import zipfile
from dataclasses import replace
from datetime import date

import pytest
from python_calamine import CalamineWorkbook

from risk_model.casework import RECORD_TEMPLATES
from risk_model.domain.templates import EXAMPLE_URN, HOW_SHEET, WORDS_SHEET, Template
from risk_model.exports.templates import example_value, sheet_name, template_as_csv, template_as_xlsx
from risk_model.sources.held import EVIDENCE_TEMPLATES, LA_VISITS, template_of

ALL = [pytest.param(one, id=one.kind) for one in (*EVIDENCE_TEMPLATES, *RECORD_TEMPLATES)]


def sheets(content: bytes) -> dict[str, list[list[object]]]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    return {name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names}


def parts(content: bytes) -> dict[str, str]:
    """The XML of a workbook's parts."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name).decode("utf-8") for name in archive.namelist()}


@pytest.mark.parametrize("template", ALL)
def test_a_workbook_has_headers_one_example_and_a_sheet_that_explains_each_column(template: Template) -> None:
    found = sheets(template_as_xlsx(template))
    words = [WORDS_SHEET] if any(column.words for column in template.columns) else []
    assert list(found) == [sheet_name(template), HOW_SHEET, *words]
    lines = found[sheet_name(template)]
    assert lines[0] == [column.name for column in template.columns]
    assert len(lines) == 2
    explained = found[HOW_SHEET][6:]
    assert [row[0] for row in explained] == [column.name for column in template.columns]
    assert all(row[1] and row[2] and row[4] in ("yes", "no") for row in explained)


@pytest.mark.parametrize("template", ALL)
def test_the_example_has_dates_as_dates_numbers_as_numbers_and_no_real_school(template: Template) -> None:
    example = sheets(template_as_xlsx(template))[sheet_name(template)][1]
    by_name = dict(zip((column.name for column in template.columns), example, strict=True))
    for column in template.columns:
        value = example_value(column)
        assert by_name[column.name] == ("" if value is None else value), column.name
        assert isinstance(value, date) == (column.kind == "date" and bool(column.example))
    assert template.example_mark[1] in by_name.values()
    assert {by_name.get("urn"), by_name.get("home_urn")} <= {None, EXAMPLE_URN}
    assert all(column.example for column in template.columns if column.is_needed)


@pytest.mark.parametrize("template", ALL)
def test_a_csv_has_the_header_and_the_same_example(template: Template) -> None:
    content = template_as_csv(template)
    assert content.startswith(b"\xef\xbb\xbf")
    header, _, rest = content.decode("utf-8-sig").partition("\r\n")
    assert header.split(",") == [column.name for column in template.columns]
    assert template.example_mark[1] in rest.removesuffix("\r\n").split(",")
    assert rest.count("\r\n") == 1


def test_a_workbook_offers_the_words_keeps_the_header_in_view_and_checks_what_is_typed() -> None:
    page = parts(template_as_xlsx(template_of(LA_VISITS)))["xl/worksheets/sheet1.xml"]
    assert 'state="frozen"' in page
    assert page.count('type="list"') == 5
    assert "'Allowed words'!$B$2:$B$5" in page.replace("&apos;", "'")
    assert 'type="date"' in page
    assert page.count("<dataValidation ") == len(LA_VISITS.fields)


@pytest.mark.parametrize("text", ["=1+1", "+44", "@SUM(A1)", "http://example.org", "<b>x</b>", "-84000x"])
def test_text_in_a_template_is_never_a_formula_or_a_link(text: str) -> None:
    template = template_of(LA_VISITS)
    columns = tuple(replace(one, example=text, meaning=text) if one.name == "note" else one for one in template.columns)
    hostile = replace(template, title=f"[{text}]: x/y", purpose=text, columns=columns)
    content = template_as_xlsx(hostile)
    assert sheets(content)[sheet_name(hostile)][1][-1] == text
    written = "".join(xml for name, xml in parts(content).items() if "worksheets/" in name)
    assert "<f>" not in written
    assert "<hyperlink" not in written
    cell = template_as_csv(hostile).decode("utf-8-sig").split("\r\n")[1].rsplit(",", 1)[1]
    assert not cell.startswith(("=", "+", "-", "@"))
