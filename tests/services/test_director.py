"""The regional director's list: who can be on it, what never leaves, and that preview and files say the same."""

import csv
import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from itertools import pairwise
from pathlib import Path

import duckdb
import openpyxl
import pytest
from docx import Document as open_docx

from risk_model.casework import (
    NewAllocation,
    NewReferral,
    SupportType,
    add_allocation,
    add_referral,
    change_referral,
    exports,
    hash_of,
    referrals,
)
from risk_model.domain.errors import NotAllowed, NotFound
from risk_model.domain.paths import DataDir
from risk_model.domain.periods import in_words
from risk_model.domain.viewer import RIGHTS_OF, Role, Viewer, local_viewer
from risk_model.domain.words import Priority, Route
from risk_model.exports.documents import as_docx
from risk_model.exports.pdf import as_pdf
from risk_model.rules.reader import read_rules
from risk_model.services.at_risk import school_list
from risk_model.services.copy import Copy, opened, require_build
from risk_model.services.director_content import STAMPS, Choice, list_content
from risk_model.services.director_export import FILE_KINDS, WHAT, export_list, export_log
from risk_model.services.director_fields import CHOICES, DEFAULT_FIELDS, FIELDS, Sensitivity, Source
from risk_model.services.director_list import academies
from risk_model.services.director_pack import academy_pages, pack_document
from risk_model.services.director_told import academies_told
from risk_model.services.regional_director import academies_at_risk, trust_pictures
from risk_model.services.scope import Scope
from risk_model.services.shareable import FEW_PUPILS_LEFT_OUT, is_rule_shown, without_few_pupils
from tests.conftest import copied
from tests.exports.office_kit import sheets_of
from tests.exports.pdf_kit import opened_pdf, page_count, squeezed, tags_of, text_of

WHO = local_viewer()
LA = Scope("999")
EVERY_PLACE = ("priority", "watch", "find out", "universal")
STUCK, RAISED = "900034", "900201"
MARK = "Quagga"


def every_academy(copy: Copy) -> tuple[str, ...]:
    return tuple(academies_at_risk(WHO, copy, LA, EVERY_PLACE).table["urn"])


def everything(copy: Copy) -> Choice:
    return Choice("999", every_academy(copy), CHOICES)


def all_text(copy: Copy, choice: Choice) -> dict[str, str]:
    """What each file says, squeezed, so that line breaks do not hide anything."""
    made = {ending: export_list(WHO, copy, choice, ending).content for ending in FILE_KINDS}
    book = openpyxl.load_workbook(io.BytesIO(made["xlsx"]))
    cells = [str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    word = open_docx(io.BytesIO(made["docx"]))
    words = [one.text for one in word.paragraphs]
    words += [cell.text for table in word.tables for row in table.rows for cell in row.cells]
    words += [one.text for one in word.sections[0].header.paragraphs]
    return {
        "csv": squeezed(made["csv"].decode("utf-8-sig")),
        "xlsx": squeezed("\n".join(cells)),
        "docx": squeezed("\n".join(words)),
        "pdf": text_of(made["pdf"]),
    }


# who can be on it


@pytest.mark.parametrize("ending", sorted(FILE_KINDS))
def test_a_forged_maintained_school_is_refused_by_name_and_nothing_is_logged(ending: str, own_copy: Copy) -> None:
    schools = school_list(WHO, own_copy, LA)
    maintained = schools[schools["route"] != Route.REGIONAL_DIRECTOR.value].iloc[0]
    with pytest.raises(NotAllowed) as error:
        export_list(WHO, own_copy, Choice("999", (STUCK, maintained["urn"])), ending)
    assert f"{maintained['name']} ({maintained['urn']}) is not an academy or a free school" in str(error.value)
    assert STUCK not in str(error.value)
    assert exports(own_copy.records) == []


def test_every_maintained_school_of_the_demo_is_refused(demo_copy: Copy) -> None:
    schools = school_list(WHO, demo_copy, LA)
    maintained = list(schools.loc[schools["route"] != Route.REGIONAL_DIRECTOR.value, "urn"])
    assert len(maintained) == 154
    with pytest.raises(NotAllowed) as error:
        academies(WHO, demo_copy, "999", maintained)
    assert [urn for urn in maintained if f"({urn}) is not an academy" not in str(error.value)] == []


def test_a_closed_school_one_that_is_unknown_and_text_are_refused(demo_copy: Copy) -> None:
    (gone,) = demo_copy.reader.rows("select urn, name, reason from left_out_schools order by urn limit 1")
    with pytest.raises(NotAllowed) as error:
        list_content(WHO, demo_copy, Choice("999", (gone["urn"], "123456", "' or 1=1 --")))
    told = str(error.value)
    assert f"{gone['name']} ({gone['urn']}) is left out: {gone['reason']}" in told
    assert "123456 is no open school here" in told
    assert "' or 1=1 -- is no open school here" in told


def test_a_school_of_another_la_is_refused(demo_copy: Copy) -> None:
    with pytest.raises(NotAllowed, match="is of another local authority, Exampleshire"):
        list_content(WHO, demo_copy, Choice("850", (STUCK,)))


def test_a_viewer_of_another_la_gets_nothing_of_this_one(own_copy: Copy) -> None:
    other = Viewer("Lead of another LA", RIGHTS_OF[Role.LEAD], la_codes=frozenset({"850"}))
    own = Viewer("Lead of this LA", RIGHTS_OF[Role.LEAD], la_codes=frozenset({"999"}))
    for call in (
        lambda viewer: academies_at_risk(viewer, own_copy, LA),
        lambda viewer: list_content(viewer, own_copy, Choice("999", (STUCK,))),
        lambda viewer: export_list(viewer, own_copy, Choice("999", (STUCK,)), "csv"),
        lambda viewer: export_log(viewer, own_copy, "999"),
        lambda viewer: trust_pictures(viewer, own_copy, "999"),
    ):
        with pytest.raises(NotAllowed, match="another local authority"):
            call(other)
        call(own)
    assert academies_at_risk(other, own_copy, Scope()).table.empty


def test_no_academy_chosen_is_said(demo_copy: Copy) -> None:
    with pytest.raises(NotFound, match="No academy is chosen"):
        list_content(WHO, demo_copy, Choice("999", ()))


# what can be told


@pytest.mark.parametrize("code", ["restricted_note", "reasons", "adviser_view", "urn; drop table", "", "agreed"])
def test_a_forged_field_is_refused(code: str, own_copy: Copy) -> None:
    with pytest.raises(NotAllowed, match="there is no such field, or it never leaves"):
        export_list(WHO, own_copy, Choice("999", (STUCK,), (*DEFAULT_FIELDS, code)), "csv")
    assert exports(own_copy.records) == []


def test_a_forged_classification_and_a_forged_kind_of_file_are_refused(own_copy: Copy) -> None:
    with pytest.raises(NotAllowed, match="is no classification here"):
        list_content(WHO, own_copy, Choice("999", (STUCK,), banner="public"))
    with pytest.raises(NotAllowed, match="is no kind of file here"):
        export_list(WHO, own_copy, Choice("999", (STUCK,)), "exe")
    assert exports(own_copy.records) == []


def test_what_is_on_at_first_is_not_sensitive_and_what_the_la_says_is_marked() -> None:
    by_code = {one.code: one for one in FIELDS}
    assert len(by_code) == len(FIELDS)
    assert not [code for code in DEFAULT_FIELDS if by_code[code].sensitivity is Sensitivity.SENSITIVE]
    assert {one.heading.startswith("LA: ") for one in FIELDS if one.source is Source.LA} == {True}
    assert {one.heading.startswith("LA: ") for one in FIELDS if one.source is not Source.LA} == {False}
    assert not {one.code for one in FIELDS} & {"restricted_note", "reasons"}


@pytest.fixture
def noted(own_copy: Copy) -> Copy:
    """The demo with a word that must not leave in every place that stays with the LA."""
    (one,) = [each for each in referrals(own_copy.records) if each.urn == STUCK]
    change_referral(own_copy.records, "tester", one.id, one.version, {"restricted_note": f"{MARK} of officers"})
    for kind in (SupportType.HR_CASEWORK, SupportType.FINANCE_RECOVERY, SupportType.SAFEGUARDING_AUDIT, None):
        new = NewAllocation("999", STUCK, "LA team", f"{MARK} {kind}", support_type=kind, aim=MARK, need=MARK)
        add_allocation(own_copy.records, "tester", replace(new, status="active", start_date=date(2026, 3, 2)))
    return own_copy


def test_what_stays_with_the_la_is_in_no_file_even_with_every_field(noted: Copy) -> None:
    withheld = {rule.id for rule in read_rules().rules if not is_rule_shown(rule)}
    urns = list(every_academy(noted))
    rows = noted.reader.rows(
        "select rule_id, sentence from rule_outcomes where status = 'raised' and list_contains($urns, urn)",
        {"urns": urns},
    )
    kept = {row["sentence"] for row in rows if row["rule_id"] in withheld}
    told = {row["sentence"] for row in rows if row["rule_id"] not in withheld}
    assert len(kept) > 10
    for ending, text in all_text(noted, everything(noted)).items():
        assert MARK not in text, ending
        assert [sentence for sentence in kept - told if squeezed(sentence) in text] == [], ending


def test_intelligence_and_what_the_la_holds_leave_only_where_they_are_chosen(own_copy: Copy) -> None:
    (one,) = [each for each in referrals(own_copy.records) if each.urn == STUCK]
    change_referral(own_copy.records, "tester", one.id, one.version, {"intelligence": f"{MARK} is known."})
    for text in all_text(own_copy, Choice("999", (STUCK,))).values():
        assert MARK not in text
    for ending, text in all_text(own_copy, Choice("999", (STUCK,), (*DEFAULT_FIELDS, "intelligence"))).items():
        assert MARK in text, ending
    pages = academy_pages(WHO, list_content(WHO, own_copy, Choice("999", (STUCK,), CHOICES)))
    ((_, page),) = pages.items()
    published = page["What published data says"]["What is known"]
    assert MARK not in "".join(published)
    assert MARK in "".join(page["What the local authority says: not published data"]["What is known"])


def test_a_rule_on_what_the_la_holds_stands_apart_from_published_data(demo_copy: Copy) -> None:
    told = academies_told(WHO, demo_copy, "999", every_academy(demo_copy))
    held = {rule.rule_id for one in told for rules in one.held.values() for rule in rules}
    published = {rule.rule_id for one in told for rules in one.rules.values() for rule in rules}
    # early results are the LA's own; monitoring letters, inspections, results and absence are published
    assert held == {"O12"}
    assert {"L1", "L3", "N1", "O1", "O10"} <= published
    assert not held & published


def test_the_reserve_is_the_one_that_was_published(demo_copy: Copy) -> None:
    content = list_content(WHO, demo_copy, everything(demo_copy))
    told = dict(zip(content.table["URN"], content.table["Revenue reserve, as published"], strict=True))
    value = (
        "select value, period from measure_values where measure_id = 'revenue_reserve_gbp' and urn = '900038' "
        "order by period"
    )
    assert demo_copy.reader.rows(value)[-1] == {"value": -97000.0, "period": "2024-2025"}
    assert told["900038"] == "£97,000 in deficit (2024-25)"


@pytest.fixture
def planted(demo_dir: Path, tmp_path: Path) -> Iterator[Copy]:
    """The demo with a raised rule of an academy that counts seven pupils, and one that counts eleven."""
    data = DataDir(copied(demo_dir, tmp_path / "planted"))
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("RECORDS_URL", raising=False)
        with duckdb.connect(str(require_build(data).path)) as con:
            con.execute("create table planted as from rule_outcomes; drop view rule_outcomes")
            con.execute("alter table planted rename to rule_outcomes")
            for urn, pupils in (("900200", 7), ("900201", 11)):
                con.execute(
                    "update rule_outcomes set denominator = ?, sentence = ? "
                    "where urn = ? and rule_id = 'O7' and status = 'raised'",
                    [pupils, f"{MARK} of {pupils} pupils.", urn],
                )
        with opened(data) as copy:
            yield copy


def test_a_figure_of_seven_pupils_is_in_no_file_and_said_to_be_left_out(planted: Copy) -> None:
    sentences = planted.reader.rows("select urn from rule_outcomes where sentence like $mark", {"mark": f"{MARK}%"})
    assert {row["urn"] for row in sentences} == {"900200", "900201"}
    content = list_content(WHO, planted, Choice("999", ("900200", "900201"), CHOICES))
    assert content.few_left_out >= 1
    for ending, text in all_text(planted, content.choice).items():
        assert squeezed(f"{MARK} of 7 pupils") not in text, ending
        assert squeezed("Left out, of fewer than 11 pupils: 1 more.") in text, ending
        assert squeezed(f"{MARK} of 11 pupils") in text, ending


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("4 pupils in a class", f"{FEW_PUPILS_LEFT_OUT} pupils in a class"),
        ("Three of the youngest children left.", f"{FEW_PUPILS_LEFT_OUT} of the youngest children left."),
        ("10 pupils, 11 pupils", f"{FEW_PUPILS_LEFT_OUT} pupils, 11 pupils"),
        ("2 of 31 pupils", f"{FEW_PUPILS_LEFT_OUT} of 31 pupils"),
        ("Year 6 pupils did less well at key stage 2", "Year 6 pupils did less well at key stage 2"),
        ("Attainment 8 of disadvantaged pupils", "Attainment 8 of disadvantaged pupils"),
        ("5% of pupils; 1,005 pupils; 2.5 pupils", "5% of pupils; 1,005 pupils; 2.5 pupils"),
        ("3 governors and 120 pupils", "3 governors and 120 pupils"),
        ("one-to-one help for 45 pupils", "one-to-one help for 45 pupils"),
    ],
)
def test_counts_of_few_pupils_are_taken_out_of_what_somebody_wrote(written: str, told: str) -> None:
    assert without_few_pupils(written) == told


@pytest.mark.parametrize("field", ["concern", "ask", "tried", "intelligence", "trust_reply", "reply"])
def test_a_count_that_was_written_by_hand_leaves_in_no_field(field: str, own_copy: Copy) -> None:
    new = NewReferral("999", "900200", "Falling.", raised_with_trust_on=date(2026, 9, 1))
    add_referral(own_copy.records, "tester", replace(new, **{field: f"{MARK}: 6 pupils left."}))
    content = list_content(WHO, own_copy, Choice("999", ("900200",), CHOICES))
    cells = [str(value) for value in content.table.iloc[0]]
    assert f"{MARK}: {FEW_PUPILS_LEFT_OUT} pupils left." in cells
    assert not [cell for cell in cells if "6 pupils" in cell]


# what leaves is what was seen


def test_the_preview_the_csv_and_the_data_sheet_hold_the_same_cells(own_copy: Copy) -> None:
    content = list_content(WHO, own_copy, everything(own_copy))
    wanted = content.table.to_numpy().tolist()
    assert content.shown.to_numpy().tolist() == [
        [in_words(one) if isinstance(one, date) else str(one) for one in row] for row in wanted
    ]
    made = {ending: export_list(WHO, own_copy, content.choice, ending).content for ending in ("csv", "xlsx")}
    rows = list(csv.reader(io.StringIO(made["csv"].decode("utf-8-sig"), newline="")))
    assert rows[0] == list(content.table.columns)
    assert rows[1:] == [[one.isoformat() if isinstance(one, date) else str(one) for one in row] for row in wanted]
    sheet = openpyxl.load_workbook(io.BytesIO(made["xlsx"]))["Data"]
    found = [[one.date() if isinstance(one, datetime) else one for one in row] for row in sheet.values]
    assert found == [list(content.table.columns), *wanted]


def test_libreoffice_shows_the_preview(own_copy: Copy, tmp_path: Path) -> None:
    content = list_content(WHO, own_copy, everything(own_copy))
    sheets = sheets_of(export_list(WHO, own_copy, content.choice, "xlsx").content, tmp_path)
    assert sheets["Data"] == [list(content.shown.columns), *content.shown.to_numpy().tolist()]


def test_the_pack_holds_every_cell_of_the_preview(own_copy: Copy) -> None:
    content = list_content(WHO, own_copy, Choice("999", (STUCK, RAISED)))
    word, pdf = (all_text(own_copy, content.choice)[ending] for ending in ("docx", "pdf"))
    for row in content.shown.drop(columns=list(STAMPS)).to_numpy().tolist():
        for cell in row:
            assert squeezed(cell) in word, cell
            assert squeezed(cell) in pdf, cell


def test_the_hash_is_that_of_the_csv_and_stands_in_every_other_file_and_in_the_log(own_copy: Copy) -> None:
    choice = Choice("999", (STUCK, RAISED))
    made = {ending: export_list(WHO, own_copy, choice, ending) for ending in FILE_KINDS}
    expected = hash_of(made["csv"].content)
    assert {one.content_hash for one in made.values()} == {expected}
    assert {one.name for one in made.values()} == {f"academies_999_2026-11-20_{expected[:12]}.{e}" for e in FILE_KINDS}
    texts = all_text(own_copy, choice)
    assert [ending for ending in ("xlsx", "docx", "pdf") if expected not in texts[ending]] == []
    logged = {one.file_hash: one for one in exports(own_copy.records, la_code="999")}
    for one in made.values():
        line = logged[hash_of(one.content)]
        assert line.content_hash == expected
        assert (line.exported_by, line.what, line.file_name) == (WHO.name, WHAT, one.name)
        assert set(line.urns or ()) == {STUCK, RAISED}
        assert line.fields == ("urn", "name", *(code for code in CHOICES if code in DEFAULT_FIELDS))
        assert line.banner == "OFFICIAL-SENSITIVE: for the regional director's office; not to be shared further"
        assert (line.as_at, line.build_id) == (date(2026, 11, 20), own_copy.build.build_id)


def test_the_same_choice_in_another_order_is_the_same_list_and_another_choice_another(demo_copy: Copy) -> None:
    one = list_content(WHO, demo_copy, Choice("999", (STUCK, RAISED)))
    turned = list_content(WHO, demo_copy, Choice("999", (RAISED, STUCK, RAISED), DEFAULT_FIELDS[::-1]))
    other = list_content(WHO, demo_copy, Choice("999", (STUCK, RAISED), DEFAULT_FIELDS[1:]))
    assert one.content_hash == turned.content_hash
    assert one.content_hash != other.content_hash


def test_nothing_that_leaves_is_blank_or_no_number(demo_copy: Copy) -> None:
    content = list_content(WHO, demo_copy, everything(demo_copy))
    cells = content.shown.to_numpy().ravel().tolist()
    assert not [cell for cell in cells if not cell.strip() or cell in ("nan", "None", "NaT", "<NA>")]
    assert list(content.table["Academy"]) == [one.academy.row["name"] for one in content.told]
    assert len(content.table) == len(every_academy(demo_copy)) == 105


def test_each_level_and_the_inspections_are_those_of_the_list(demo_copy: Copy) -> None:
    content = list_content(WHO, demo_copy, Choice("999", (STUCK,)))
    row = content.shown.iloc[0]
    assert row["Last inspected on"] == "3 February 2026"
    history = row["Inspections of every framework"].split("\n")
    assert history[0].startswith("3 February 2026, inspection with a report card: leadership needs attention; ")
    assert history[1].startswith("6 June 2023, graded inspection: below good; ")
    assert "Stuck, as DfE calls it" in row["Category, stuck or monitored"]
    assert row["Opened"] == "1 September 2019"
    assert "(URN 905" in row["Predecessor"]


def test_an_inspection_of_the_predecessor_is_said_to_be_one(demo_copy: Copy) -> None:
    told = academies(WHO, demo_copy, "999", every_academy(demo_copy))
    (inherited,) = [one for one in told if one.row["name"] == "Orrinfold Academy"]
    assert all(", of the predecessor school (URN " in line for line in inherited.inspections)


def test_a_trusts_picture_counts_its_academies_here_and_tells_no_more_than_the_fields(demo_copy: Copy) -> None:
    schools = school_list(WHO, demo_copy, LA)
    academy_rows = schools[schools["route"] == Route.REGIONAL_DIRECTOR.value]
    full = list_content(WHO, demo_copy, Choice("999", (STUCK,)))
    own = academy_rows[academy_rows["trust_name"] == "Three Becks Education Trust"]
    picture = " ".join(full.pictures["Three Becks Education Trust"])
    assert picture.startswith(f"{len(own)} academies in this local authority.")
    unlikely = int((own["outcomes_level"] == "unlikely").sum())
    assert f"Good outcomes: ■ unlikely {unlikely}, " in picture
    assert "Finance of the trust as a whole, and who leads it: not held" in picture
    bare = list_content(WHO, demo_copy, Choice("999", (STUCK,), ("phase",)))
    assert list(bare.pictures.values()) == [(f"{len(own)} academies in this local authority.",)]


def test_a_narrowed_list_has_each_trusts_picture_across_the_whole_la_as_the_file_has(demo_copy: Copy) -> None:
    exported = trust_pictures(WHO, demo_copy, "999")
    everywhere = tuple(one.value for one in Priority)
    whole = {one.trust_name: one for one in academies_at_risk(WHO, demo_copy, LA, everywhere).trusts}
    narrowed = [Scope("999", phase="Primary"), Scope("999", phase="Secondary"), Scope("999", "Alder Valley")]
    found = [one for scope in narrowed for one in academies_at_risk(WHO, demo_copy, scope, everywhere).trusts]
    assert any(len(one.academies) < whole[one.trust_name].in_la for one in found)
    for one in found:
        assert one.in_la == whole[one.trust_name].in_la
        assert one.picture == exported[one.trust_name]


# the pack


def test_the_pack_is_tagged_titled_and_has_a_page_per_academy(demo_copy: Copy) -> None:
    urns = every_academy(demo_copy)[:12]
    content = list_content(WHO, demo_copy, Choice("999", urns))
    made = as_pdf(pack_document(WHO, content))
    with opened_pdf(made) as pdf:
        assert pdf.Root.MarkInfo.Marked
        assert str(pdf.Root.Lang) == "en-GB"
        assert str(pdf.docinfo["/Title"]) == "Academies for the DfE regional director (RSC): Exampleshire"
        with pdf.open_metadata() as metadata:
            assert metadata["pdfuaid:part"] == "1"
    tags = tags_of(made)
    heads = [(tag, title) for tag, title in tags if tag[0] == "H" and tag[1:].isdigit()]
    levels = [int(tag[1:]) for tag, _ in heads]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    titles = [title for _, title in heads]
    assert titles[:3] == [content_title(content.la_name), "Cover note", "The list"]
    assert titles[-1] == "Method and caveats"
    assert [title for title in titles if "(URN " in title] == [
        f"{one.academy.row['name']} (URN {one.academy.urn})" for one in content.told
    ]
    kinds = [tag for tag, _ in tags]
    assert kinds.count("Table") == kinds.count("THead") == len(content.pictures) + 3 * len(urns) + 1
    assert "Figure" not in kinds
    first = page_count(as_pdf(replace_sections(content, 1 + 1 + len(content.pictures))))
    assert page_count(made) == first + len(urns) + 1


def content_title(la_name: str) -> str:
    return f"Academies for the DfE regional director (RSC): {la_name}"


def replace_sections(content: object, n: int) -> object:
    document = pack_document(WHO, content)  # type: ignore[arg-type]
    return replace(document, sections=document.sections[:n])


def test_the_classification_stands_at_the_head_of_every_page_of_the_pack(demo_copy: Copy) -> None:
    content = list_content(WHO, demo_copy, Choice("999", (STUCK, RAISED), banner="official"))
    document = pack_document(WHO, content)
    made = as_pdf(document)
    assert text_of(made).count("OFFICIAL") >= page_count(made)
    assert "SENSITIVE" not in text_of(made)
    word = open_docx(io.BytesIO(as_docx(document)))
    assert [one.text for one in word.sections[0].header.paragraphs] == ["OFFICIAL"]


def test_the_log_is_told_in_words_newest_first(own_copy: Copy) -> None:
    assert export_log(WHO, own_copy, "999").empty
    for ending in ("csv", "pdf"):
        export_list(WHO, own_copy, Choice("999", (STUCK,)), ending)
    log = export_log(WHO, own_copy, "999")
    assert [name.rpartition(".")[2] for name in log["File"]] == ["pdf", "csv"]
    assert set(log["Schools"]) == {STUCK}
    assert export_log(WHO, own_copy, "850").empty
