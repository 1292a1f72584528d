"""What the LA holds itself: every kind comes in by its template, and a fixture for every defect."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta

import pytest

from risk_model.casework import ALLOCATION_COLUMNS
from risk_model.domain.templates import EXAMPLE_URN, Template
from risk_model.exports.templates import template_as_csv, template_as_xlsx
from risk_model.scoring.staging import stage
from risk_model.sources.contract import Source
from risk_model.sources.held import (
    ACTION_PLAN_REVIEWS,
    COMPLAINTS,
    EVIDENCE,
    EVIDENCE_TEMPLATES,
    FORMAL_NOTICES,
    GOVERNANCE,
    LA_ATTENDANCE,
    LA_VISITS,
    RECORD_FILES,
    template_of,
)
from risk_model.sources.recognising import recognised
from risk_model.warehouse.engine import rows, scratch
from tests.sources.kit import Desk, csv_text, gias_text, urns

BY_KIND = [pytest.param(source, id=source.id) for source in EVIDENCE]
VISIT = {
    "urn": "100001",
    "seen_on": "12/03/2026",
    "recorded_by": "School improvement adviser 3",
    "visit_kind": "routine visit",
    "impact": "partly effective",
}


def text_of(source: Source, *lines: Mapping[str, str]) -> str:
    """A CSV with all columns of a kind."""
    header = [one.name for one in source.fields]
    return csv_text(header, [[line.get(name, "") for name in header] for line in lines])


def visits(*lines: Mapping[str, str]) -> str:
    return text_of(LA_VISITS, *lines)


def example_of(source: Source, urn: str = "100001") -> dict[str, str]:
    """The example line of a kind, as a real school's."""
    return {one.name: one.example for one in source.fields} | {"urn": urn}


@pytest.mark.parametrize("source", BY_KIND)
def test_every_kind_has_a_date_an_author_and_words_for_each_column(source: Source) -> None:
    assert {"urn", "seen_on", "recorded_by"} <= set(source.required)
    assert source.field_named("seen_on").is_past
    assert source.purpose
    assert all(one.meaning for one in source.fields)
    assert all(one.example in one.codes or not one.example for one in source.fields if one.kind == "code")
    assert all(one.codes for one in source.fields if one.kind == "code")


def test_no_kind_is_taken_for_another() -> None:
    told = {source.id: recognised([one.name for one in source.fields]) for source in EVIDENCE}
    assert {name: found.id if found else None for name, found in told.items()} == {name: name for name in told}
    fewest = {source.id: recognised(source.required) for source in EVIDENCE}
    assert {name: found.id if found else None for name, found in fewest.items()} == {name: name for name in fewest}


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_filled_templates_come_in_as_they_were_written(desk: Desk, ending: str) -> None:
    write = {"csv": template_as_csv, "xlsx": template_as_xlsx}[ending]
    for source in EVIDENCE:
        template = template_of(source)
        columns = tuple(replace(one, example="100001") if one.name == "urn" else one for one in template.columns)
        report = desk.take(f"{source.id}.{ending}", write(replace(template, columns=columns)))
        assert (report.status, report.kind, report.schools, report.problems) == ("imported", source.id, 1, ())
    with scratch() as con:
        stage(con, desk.data, desk.releases(), date.today())
        for source in EVIDENCE:
            (staged,) = rows(con, f"select * from stg_{source.id}")
            written = {one.name: _as_text(staged[one.name]) for one in source.fields}
            assert written == example_of(source)


def _as_text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, date):
        return value.isoformat()
    return f"{value:g}" if isinstance(value, float) else str(value)


@pytest.mark.parametrize("template", EVIDENCE_TEMPLATES, ids=lambda one: one.kind)
@pytest.mark.parametrize("write", [template_as_csv, template_as_xlsx])
def test_a_template_that_nobody_filled_in_is_refused(
    desk: Desk, template: Template, write: Callable[[Template], bytes]
) -> None:
    said = desk.refused("template" + (".csv" if write is template_as_csv else ".xlsx"), write(template))
    assert "it holds nothing but the template's example" in said


def test_an_example_line_that_was_left_in_is_left_out_and_told(desk: Desk) -> None:
    report = desk.take("visits.csv", visits({**VISIT, "urn": EXAMPLE_URN}, VISIT))
    assert report.problems == (f"line 2 is the template's example (URN {EXAMPLE_URN}): it is left out",)
    assert (report.rows_read, report.schools) == (2, 1)
    assert [row["urn"] for row in desk.staged("stg_la_visits")] == ["100001"]
    assert not desk.releases()[0].is_demo


TODAY = f"{date.today():%d/%m/%Y}"
TOMORROW = f"{date.today() + timedelta(days=1):%d/%m/%Y}"


@pytest.mark.parametrize(
    ("changed", "column", "shown", "problem", "remedy"),
    [
        ({"recorded_by": ""}, "recorded_by", "it", "must not be blank", "Fill it in."),
        ({"recorded_by": "NULL"}, "recorded_by", "it", "must not be blank", "Fill it in."),
        ({"recorded_by": "Mrs Example"}, "recorded_by", '"Mrs Example"', "person's name", "Write a role or a label"),
        ({"recorded_by": "a@b.example"}, "recorded_by", '"a@b.example"', "name or address", "Write a role"),
        ({"seen_on": ""}, "seen_on", "it", "must not be blank", "Fill it in."),
        ({"seen_on": "early March"}, "seen_on", '"early March"', "is not a date that exists", "12/03/2026"),
        ({"seen_on": "03/13/2026"}, "seen_on", '"03/13/2026"', "is not a date that exists", "12/03/2026"),
        ({"seen_on": "46093"}, "seen_on", '"46093"', "is not a date that exists", "2026-03-12"),
        ({"seen_on": "12/03/1926"}, "seen_on", '"12/03/1926"', "is not a likely date", "from 1970 to 2099"),
        ({"seen_on": TOMORROW}, "seen_on", f'"{TOMORROW}"', "is a day to come", "not later than today"),
        ({"impact": ""}, "impact", "it", "must not be blank", "Fill it in."),
        ({"impact": "NA"}, "impact", '"NA"', "must not be blank", "Fill it in."),
        ({"impact": "good"}, "impact", '"good"', "is not one of the words", "effective; effective and evidenced;"),
        ({"achievement": "fine"}, "achievement", '"fine"', "is not one of the words", "below expected; not looked"),
        ({"urn": "10001"}, "urn", '"10001"', "is not a URN", "Write the school's six digits."),
        ({"urn": ""}, "urn", "it", "is not a URN", "Write the school's six digits."),
        ({"note": "x" * 301}, "note", '"xxx', "has more than 300 characters", "Say it more shortly."),
        ({"note": "a\u202eb"}, "note", '"a?b"', "has hidden characters", "Type it again."),
    ],
)
def test_a_cell_with_a_defect_is_told_by_line_and_column_with_its_value_and_the_remedy(
    desk: Desk, changed: dict[str, str], column: str, shown: str, problem: str, remedy: str
) -> None:
    said = desk.refused("visits.csv", visits(VISIT | {"urn": "100002"}, VISIT | changed)).splitlines()
    told = [line for line in said if line.startswith("Line ")]
    assert told[0].startswith(f"Line 3, column {column}: {shown}"), told
    assert problem in told[0]
    assert remedy in told[0]
    assert len(told) == (2 if changed.get("urn") == "" else 1), told
    assert desk.releases() == []


def test_the_day_of_today_is_no_day_to_come(desk: Desk) -> None:
    assert desk.take("visits.csv", visits(VISIT | {"seen_on": TODAY})).status == "imported"


@pytest.mark.parametrize(
    ("source", "changed", "column", "problem"),
    [
        (GOVERNANCE, {"vacancies": "13"}, "vacancies", '"13" is more than seats, 12'),
        (GOVERNANCE, {"vacancies": "3.5"}, "vacancies", '"3.5" cannot be. Write a whole number'),
        (GOVERNANCE, {"vacancies": "-1"}, "vacancies", '"-1" cannot be. Write a whole number from 0'),
        (GOVERNANCE, {"chair_since": "01/04/2026"}, "chair_since", "is later than seen_on, 12/03/2026"),
        (GOVERNANCE, {"clerk_concern": "perhaps"}, "clerk_concern", "Write one of: no; yes."),
        (ACTION_PLAN_REVIEWS, {"success_measures_missed": "4"}, "success_measures_missed", "is more than"),
        (FORMAL_NOTICES, {"ended_on": "2025-12-31"}, "issued_on", "is later than ended_on, 31/12/2025"),
        (LA_ATTENDANCE, {"persistent_absence_pct": "0.215"}, "persistent_absence_pct", "looks like a fraction"),
        (LA_ATTENDANCE, {"persistent_absence_pct": "215"}, "persistent_absence_pct", "from 0 to 100"),
        (LA_ATTENDANCE, {"academic_year": "2025"}, "academic_year", "is not an academic year"),
        (LA_ATTENDANCE, {"absence_pct": "seven"}, "absence_pct", "Write 63 (or 63%) for 63%"),
    ],
)
def test_what_cannot_be_is_refused_with_the_line(
    desk: Desk, source: Source, changed: dict[str, str], column: str, problem: str
) -> None:
    said = desk.refused("held.csv", text_of(source, example_of(source) | changed))
    assert f"Line 2, column {column}: " in said
    assert problem in said


def test_a_share_under_one_per_cent_can_be_written_with_its_sign(desk: Desk) -> None:
    line = example_of(LA_ATTENDANCE) | {"severe_absence_pct": "0.5%", "persistent_absence_pct": "21.5%"}
    assert desk.take("held.csv", text_of(LA_ATTENDANCE, line)).status == "imported"
    (staged,) = desk.staged("stg_la_attendance")
    assert (staged["severe_absence_pct"], staged["persistent_absence_pct"]) == (0.5, 21.5)


def test_all_problems_of_a_file_are_told_at_once(desk: Desk) -> None:
    lines = [VISIT | {"urn": "1"}, VISIT | {"seen_on": "soon", "recorded_by": ""}, VISIT, VISIT]
    said = desk.refused("visits.csv", visits(*lines))
    assert "4 cells or lines need attention" in said
    for place in ("Line 2, column urn", "Line 3, column seen_on", "Line 3, column recorded_by", "Line 5, column urn"):
        assert place in said


def test_many_problems_are_counted_and_fifty_shown(desk: Desk) -> None:
    said = desk.refused("visits.csv", visits(*[VISIT | {"urn": urn, "impact": "good"} for urn in urns(60)]))
    assert "60 cells or lines need attention" in said
    assert said.count('"good" is not one of the words') == 50
    assert "And 10 more of the kind." in said


def test_a_line_that_stands_twice_is_told_by_both_lines(desk: Desk) -> None:
    said = desk.refused("visits.csv", visits(VISIT, VISIT | {"urn": "100002"}, VISIT | {"impact": "effective"}))
    assert "Line 4, column urn: 100001 stands in line 2 with the same urn, seen_on, visit_kind." in said
    twice = [example_of(COMPLAINTS), example_of(COMPLAINTS) | {"reference": "C-0174"}]
    assert desk.take("complaints.csv", text_of(COMPLAINTS, *twice)).rows_kept == 2


def test_a_school_that_no_register_knows_is_told_with_its_line(desk: Desk) -> None:
    desk.take("edubasealldata20250901.csv", gias_text(urns(2)))
    report = desk.take("visits.csv", visits(VISIT, VISIT | {"urn": "100009"}))
    assert report.status == "imported"
    assert report.problems == ("1 school is in no register that is loaded: 100009 (line 3)",)


def test_a_problem_in_a_workbook_names_its_sheet_and_no_other(desk: Desk) -> None:
    own = {"urn": "100001", "impact": "good"}
    template = template_of(LA_VISITS)
    columns = tuple(replace(one, example=own.get(one.name, one.example)) for one in template.columns)
    said = desk.refused("visits.xlsx", template_as_xlsx(replace(template, columns=columns)))
    assert said.startswith("given/visits.xlsx/LA visits and their judgement was not imported: 1 cell or line needs")
    assert 'Line 2, column impact: "good" is not one of the words' in said


def test_words_may_have_capitals_and_blank_cells_are_missing(desk: Desk) -> None:
    desk.take("visits.csv", visits(VISIT | {"impact": "Partly Effective", "visit_kind": "ROUTINE VISIT"}))
    (staged,) = desk.staged("stg_la_visits")
    assert (staged["impact"], staged["visit_kind"]) == ("partly effective", "routine visit")
    assert (staged["achievement"], staged["note"]) == (None, None)


def test_optional_columns_may_be_left_out_and_the_needed_ones_not(desk: Desk) -> None:
    fewest = list(LA_VISITS.required)
    assert desk.take("visits.csv", csv_text(fewest, [[VISIT[name] for name in fewest]])).status == "imported"
    without = [name for name in fewest if name != "recorded_by"]
    said = desk.refused("other.csv", csv_text(without, [[VISIT[name] for name in without]]))
    assert "It comes nearest to LA visits and their judgement (la_visits), which also needs: recorded_by." in said
    assert "python -m risk_model template la_visits" in said


HOSTILE = ('=HYPERLINK("http://example.org","x")', "<script>alert(1)</script>", "'); drop table typed; --", "+44")


def test_hostile_cells_come_through_as_text(desk: Desk) -> None:
    lines = [VISIT | {"urn": u, "note": text, "recorded_by": text} for u, text in zip(urns(4), HOSTILE, strict=True)]
    assert desk.take("visits.csv", visits(*lines)).status == "imported"
    staged = desk.staged("stg_la_visits")
    assert [(row["note"], row["recorded_by"]) for row in staged] == [(text, text) for text in HOSTILE]


def test_files_add_up_and_of_the_same_line_the_newest_counts(desk: Desk) -> None:
    desk.take("visits_2026-04-01.csv", visits(VISIT, VISIT | {"urn": "100002"}))
    corrected = visits(VISIT | {"impact": "effective"}, VISIT | {"urn": "100003"})
    report = desk.take("visits_2026-06-01.csv", corrected)
    assert report.change == (
        "Adds to the release of LA visits and their judgement. New lines: 1. Lines that are there already, "
        "and for which the newer file speaks: 1.",
    )
    found = {row["urn"]: row["impact"] for row in desk.staged("stg_la_visits")}
    assert found == {"100001": "effective", "100002": "partly effective", "100003": "partly effective"}
    assert len(desk.staged("stg_la_visits_rows")) == 4, "nothing is deleted"


def test_a_file_corrected_under_its_own_name_replaces_its_lines(desk: Desk) -> None:
    assert desk.take("visits.csv", visits(VISIT)).status == "imported"
    assert desk.take("visits.csv", visits(VISIT)).status == "already loaded"
    assert desk.take("visits.csv", visits(VISIT | {"impact": "not effective"})).status == "imported"
    assert [row["impact"] for row in desk.staged("stg_la_visits")] == ["not effective"]


@pytest.mark.parametrize("kind", list(RECORD_FILES))
def test_a_list_that_becomes_records_is_told_where_it_goes(desk: Desk, kind: str) -> None:
    columns: Sequence[str] = ALLOCATION_COLUMNS if kind == "allocations" else ("label", "role", "home_urn")
    said = desk.refused("list.csv", csv_text(columns, [["x"] * len(columns)]))
    assert f"It is a list of {kind.replace('_', ' ')}: such lines become records" in said
    assert "python -m risk_model records FILE" in said
    desk.folder.joinpath("list.csv").unlink()
    desk.write("inner/list.csv", csv_text(columns, [["x"] * len(columns)]))
    (report,) = desk.take_folder().values()
    assert report.status == "not a known kind"
    assert "such lines become records" in report.problems[0]


def test_a_list_of_localities_may_say_since_when_and_by_whom(desk: Desk) -> None:
    header = ("urn", "locality", "seen_on", "recorded_by")
    lines = [["100001", "North", "2025-09-01", "Data officer 1"], [EXAMPLE_URN, "Alder Valley", "", ""]]
    report = desk.take("localities.csv", csv_text(header, lines))
    assert (report.kind, report.schools) == ("localities", 1)
    assert report.problems == (f"line 3 is the template's example (URN {EXAMPLE_URN}): it is left out",)
    said = desk.refused("blank.csv", csv_text(header[:2], [["100001", ""]]))
    assert "Line 2, column locality: it says nothing, and must not be blank. Fill it in." in said
