"""System leaders and support by file, CSV or workbook: looked at, then written whole and once."""

import csv
import io
from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from risk_model.casework import (
    ALLOCATION_COLUMNS,
    RECORD_TEMPLATES,
    FilePreview,
    NewAdviserView,
    NewAllocation,
    NewSystemLeader,
    NewVisit,
    Records,
    add_adviser_views,
    add_allocations,
    add_small_records,
    add_system_leaders,
    adviser_views,
    allocations,
    audit_trail,
    preview_record_file,
    recorded_for,
    system_leaders,
)
from risk_model.casework.leaders_csv import LEADER_COLUMNS
from risk_model.casework.small_lists import SMALL_LISTS
from risk_model.casework.views_csv import VIEW_COLUMNS
from risk_model.domain.errors import RecordRefused
from risk_model.domain.templates import EXAMPLE_URN, Template
from risk_model.exports.templates import template_as_csv, template_as_xlsx
from risk_model.sources.held import LA_VISITS, template_of

LEADERS, SUPPORT, VIEWS, *SMALL = RECORD_TEMPLATES
URNS = {"900001", "900002"}
LEADER = {
    "label": "System leader 07",
    "role": "NLE",
    "home_urn": "900010",
    "days_per_term": "6.5",
    "available_from": "01/09/2026",
}


def leaders_csv(*lines: dict[str, str]) -> bytes:
    text = io.StringIO()
    writer = csv.DictWriter(text, LEADER_COLUMNS, restval="", lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(lines)
    return text.getvalue().encode()


def look(records: Records, content: bytes, name: str = "list.csv") -> FilePreview:
    return preview_record_file(name, content, "999", URNS, recorded_for(records, "999"))


def told(found: FilePreview) -> list[tuple[int, str]]:
    return [(problem.line, problem.column) for problem in found.problems]


def leaders_of(found: FilePreview) -> list[NewSystemLeader]:
    return [one for one in found.new if isinstance(one, NewSystemLeader)]


def support_of(found: FilePreview) -> list[NewAllocation]:
    return [one for one in found.new if isinstance(one, NewAllocation)]


def views_of(found: FilePreview) -> list[NewAdviserView]:
    return [one for one in found.new if isinstance(one, NewAdviserView)]


def views_csv(*lines: dict[str, str]) -> bytes:
    text = io.StringIO()
    writer = csv.DictWriter(text, VIEW_COLUMNS, restval="", lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(lines)
    return text.getvalue().encode()


VIEW = {
    "urn": "900001",
    "statement": "Outcomes",
    "level": "uncertain",
    "reason": "Books show more than the tests.",
    "evidence": "Note of the visit of 8 October 2026, in the school's file.",
    "made_by": "Adviser 3",
    "made_on": "12/10/2026",
    "review_by": "2027-03-31",
}


def test_views_are_read_whole_and_written_once(records: Records) -> None:
    content = views_csv(VIEW, VIEW | {"urn": "900002"})
    found = look(records, content)
    assert (found.kind, found.problems, found.recorded, found.examples) == ("adviser_views", (), 0, 0)
    assert found.cells[0]["evidence"] == VIEW["evidence"]
    assert add_adviser_views(records, "tester", views_of(found)) == 2
    first, second = adviser_views(records)
    assert (first.statement, first.level, first.made_on) == ("outcomes", "uncertain", date(2026, 10, 12))
    assert [(one.kind, one.description) for one in second.evidence] == [("document", VIEW["evidence"])]
    again = look(records, content)
    assert (again.new, again.problems, again.recorded) == ((), (), 2)


@pytest.mark.parametrize(
    ("changes", "column", "problem"),
    [
        ({"urn": "900003"}, "urn", "is not a school of this LA"),
        ({"urn": "9"}, "urn", "is not a URN"),
        ({"statement": "finance"}, "statement", "is not a known word"),
        ({"level": "good"}, "level", "is not a known word"),
        ({"reason": ""}, "reason", "nothing was given"),
        ({"evidence": " "}, "evidence", "nothing was given"),
        ({"evidence": "x" * 1001}, "evidence", "the text has 1001 characters"),
        ({"made_by": ""}, "made_by", "nothing was given"),
        ({"made_on": "autumn"}, "made_on", "is not a date"),
        ({"review_by": "2027-10-13"}, "review_by", "more than a year"),
        ({"review_by": ""}, "review_by", "nothing was given"),
        ({"level": "likely"}, "made_on", "line 2 is a view of the same author"),
    ],
)
def test_a_view_with_a_defect_is_told_by_line_and_column(
    records: Records, changes: dict[str, str], column: str, problem: str
) -> None:
    found = look(records, views_csv(VIEW, VIEW | changes))
    assert told(found) == [(3, column)]
    assert problem in found.problems[0].problem
    assert found.problems[0].what_to_do
    assert [one.urn for one in views_of(found)] == ["900001"]


def test_a_view_that_is_recorded_with_other_values_is_told(records: Records) -> None:
    add_adviser_views(records, "tester", views_of(look(records, views_csv(VIEW))))
    for changes in ({"level": "likely"}, {"evidence": "Another note."}, {"review_by": "2027-04-01"}):
        found = look(records, views_csv(VIEW | changes))
        assert told(found) == [(2, "made_on")]
        assert "recorded with other values" in found.problems[0].problem


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_a_filled_template_of_views_comes_in_as_it_was_written(records: Records, ending: str) -> None:
    write = {"csv": template_as_csv, "xlsx": template_as_xlsx}[ending]
    columns = tuple(replace(one, example="900001") if one.name == "urn" else one for one in VIEWS.columns)
    found = look(records, write(replace(VIEWS, columns=columns)), f"views.{ending}")
    assert found.problems == ()
    (new,) = views_of(found)
    assert (new.urn, new.statement, new.level) == ("900001", "leadership", "uncertain")
    assert (new.made_on, new.review_by) == (date(2026, 10, 12), date(2027, 3, 31))


def test_system_leaders_are_read_whole_and_written_once(records: Records) -> None:
    content = leaders_csv(LEADER, {"label": "System leader 08", "role": "local leader"})
    found = look(records, content)
    assert (found.kind, found.problems, found.recorded, found.examples) == ("system_leaders", (), 0, 0)
    assert system_leaders(records) == []
    assert add_system_leaders(records, "tester", leaders_of(found)) == 2
    first, second = system_leaders(records)
    assert (first.label, first.days_per_term, first.available_from) == ("System leader 07", 6.5, date(2026, 9, 1))
    assert (second.role, second.days_per_term) == ("local system leader", None)
    assert [entry.what for entry in audit_trail(records)] == ["created", "created"]
    again = look(records, content)
    assert (again.new, again.problems, again.recorded) == ((), (), 2)


@pytest.mark.parametrize(
    ("changes", "column", "problem"),
    [
        ({"label": ""}, "label", "nothing was given"),
        ({"role": "hero"}, "role", "is not a known word"),
        ({"home_urn": "9"}, "home_urn", "is not a URN"),
        ({"days_per_term": "many"}, "days_per_term", "is not a number of days"),
        ({"available_from": "2026-13-01"}, "available_from", "is not a date"),
        ({"available_to": "31/08/2026"}, "available_to", "before the available_from"),
        ({"note": "bell\x07"}, "note", "control character"),
        ({"label": "System leader 01"}, "label", "line 2 has the same label"),
    ],
)
def test_a_line_with_a_defect_is_told_by_line_and_column(
    records: Records, changes: dict[str, str], column: str, problem: str
) -> None:
    found = look(records, leaders_csv(LEADER | {"label": "System leader 01"}, LEADER | changes))
    assert told(found) == [(3, column)]
    assert problem in found.problems[0].problem
    assert found.problems[0].what_to_do
    assert [one.label for one in leaders_of(found)] == ["System leader 01"]


def test_a_label_that_is_recorded_with_other_values_is_told(records: Records) -> None:
    add_system_leaders(records, "tester", leaders_of(look(records, leaders_csv(LEADER))))
    found = look(records, leaders_csv(LEADER | {"days_per_term": "9"}))
    assert told(found) == [(2, "label")]
    assert "with other values" in found.problems[0].problem
    assert found.new == ()


def test_one_bad_leader_among_several_means_that_none_is_written(records: Records) -> None:
    good = NewSystemLeader("999", "System leader 01", "NLE")
    with pytest.raises(RecordRefused, match="None of the 2 system leaders was added") as refused:
        add_system_leaders(records, "tester", [good, good])
    assert "number 2, label" in str(refused.value)
    assert system_leaders(records) == []
    assert audit_trail(records) == []


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_a_filled_template_of_leaders_comes_in_as_it_was_written(records: Records, ending: str) -> None:
    write = {"csv": template_as_csv, "xlsx": template_as_xlsx}[ending]
    columns = tuple(replace(one, example="900010") if one.name == "home_urn" else one for one in LEADERS.columns)
    found = look(records, write(replace(LEADERS, columns=columns)), f"leaders.{ending}")
    assert found.problems == ()
    (new,) = leaders_of(found)
    assert (new.label, new.home_urn, new.days_per_term) == ("System leader 07", "900010", 6.0)
    assert (new.available_from, new.available_to) == (date(2026, 9, 1), date(2027, 7, 31))


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_a_filled_template_of_support_comes_in_and_a_second_time_adds_nothing(records: Records, ending: str) -> None:
    write = {"csv": template_as_csv, "xlsx": template_as_xlsx}[ending]
    columns = tuple(replace(one, example="900001") if one.name == "urn" else one for one in SUPPORT.columns)
    content = write(replace(SUPPORT, columns=columns))
    found = look(records, content, f"support.{ending}")
    assert (found.kind, found.problems) == ("allocations", ())
    assert add_allocations(records, "tester", support_of(found)) == 1
    (kept,) = allocations(records)
    assert (kept.urn, kept.days_planned, kept.days_used, kept.status) == ("900001", 8.0, 2.5, "active")
    assert (kept.start_date, kept.last_update) == (date(2026, 9, 14), date(2026, 11, 2))
    again = look(records, content, f"support.{ending}")
    assert (again.new, again.problems, again.recorded) == ((), (), 1)


@pytest.mark.parametrize("template", RECORD_TEMPLATES, ids=lambda one: one.kind)
@pytest.mark.parametrize("write", [template_as_csv, template_as_xlsx])
def test_an_example_line_that_was_left_in_is_left_out(
    records: Records, template: Template, write: Callable[[Template], bytes]
) -> None:
    found = look(records, write(template), "list.xlsx" if write is template_as_xlsx else "list.csv")
    assert (found.kind, found.new, found.problems, found.examples) == (template.kind, (), (), 1)


def test_templates_have_the_columns_that_are_read() -> None:
    assert tuple(column.name for column in LEADERS.columns) == LEADER_COLUMNS
    assert tuple(column.name for column in SUPPORT.columns) == ALLOCATION_COLUMNS
    assert tuple(column.name for column in VIEWS.columns) == VIEW_COLUMNS
    for template in SMALL:
        assert tuple(column.name for column in template.columns) == SMALL_LISTS[template.kind].columns
    assert EXAMPLE_URN not in URNS


def test_a_problem_in_a_workbook_names_its_sheet(records: Records) -> None:
    columns = tuple(
        replace(one, example="hero") if one.name == "role" else replace(one, example="") if "urn" in one.name else one
        for one in LEADERS.columns
    )
    found = look(records, template_as_xlsx(replace(LEADERS, columns=columns)), "leaders.xlsx")
    assert [problem.sentence[:37] for problem in found.problems] == ["sheet System leaders, line 2, role: '"]


@pytest.mark.parametrize("text", ['=HYPERLINK("x","y")', "<script>", "Robert'); DROP TABLE x", "+44"])
def test_hostile_text_comes_through_unchanged(records: Records, text: str) -> None:
    found = look(records, leaders_csv(LEADER | {"label": text, "specialisms": text, "note": text}))
    add_system_leaders(records, "tester", leaders_of(found))
    (kept,) = system_leaders(records)
    assert (kept.label, kept.specialisms, kept.note) == (text, text, text)
    told_so = look(records, views_csv(VIEW | {"reason": text, "evidence": text, "made_by": text}))
    add_adviser_views(records, "tester", views_of(told_so))
    (view,) = adviser_views(records)
    assert (view.reason, view.made_by, view.evidence[0].description) == (text, text, text)


@pytest.mark.parametrize("content", [b"\x00\x01", b"PK\x03\x04 damaged", b"<html><body>no</body></html>"])
def test_a_file_that_cannot_be_read_is_refused(records: Records, content: bytes) -> None:
    with pytest.raises(RecordRefused, match=r"list\.csv was not read"):
        look(records, content)


def test_a_file_of_neither_kind_is_told_by_its_columns(records: Records) -> None:
    found = look(records, b"nobody,knows\n1,2\n")
    assert found.new == ()
    assert {problem.line for problem in found.problems} == {1}
    assert look(records, b"").problems


@pytest.mark.parametrize("write", [template_as_csv, template_as_xlsx])
def test_a_file_of_evidence_is_sent_to_the_import(records: Records, write: Callable[[Template], bytes]) -> None:
    with pytest.raises(RecordRefused, match=r"it is read as LA visits and their judgement \(la_visits\)") as refused:
        look(records, write(template_of(LA_VISITS)))
    assert "python -m risk_model import FILE" in str(refused.value)


def filled(template: Template, **values: str) -> bytes:
    """A template whose example line was made a line of its own."""
    cells = [values.get(one.name, one.example) for one in template.columns]
    text = io.StringIO()
    csv.writer(text).writerows([[one.name for one in template.columns], cells])
    return text.getvalue().encode()


@pytest.fixture
def with_support(records: Records) -> Records:
    add_system_leaders(records, "tester", [NewSystemLeader("999", "System leader 07", "NLE")])
    add_allocations(records, "tester", [NewAllocation("999", "900001", "LA team", "Finance")])
    return records


OWN = {
    "designations": {"system_leader": "System leader 07"},
    "interests": {"urn": "900001"},
    "objectives": {"support": "1"},
    "visits": {"support": "1", "urn": ""},
}


@pytest.mark.parametrize("template", SMALL, ids=lambda one: one.kind)
def test_a_filled_template_is_read_written_once_and_known_again(with_support: Records, template: Template) -> None:
    content = filled(template, **OWN[template.kind])
    found = look(with_support, content)
    assert (found.kind, len(found.new), found.problems, found.examples) == (template.kind, 1, (), 0)
    assert add_small_records(with_support, "tester", found.new) == 1
    again = look(with_support, content)
    assert (again.new, again.problems, again.recorded) == ((), (), 1)


def test_visits_of_a_list_are_added_to_the_days_used(with_support: Records) -> None:
    (template,) = [one for one in SMALL if one.kind == "visits"]
    lines = filled(template, support="1", urn="900001").decode("utf-8-sig").splitlines()
    content = "\n".join([*lines, lines[1].replace("System leader 07", "Adviser 2")]).encode()
    assert add_small_records(with_support, "tester", look(with_support, content).new) == 2
    (support,) = allocations(with_support)
    assert (support.days_used, support.last_update) == (2.0, date(2026, 11, 9))


@pytest.mark.parametrize(
    ("kind", "values", "column", "problem"),
    [
        ("designations", {"system_leader": "System leader 08"}, "system_leader", "not the label of a system leader"),
        ("designations", {"role": "wizard"}, "role", "is not a known word"),
        ("interests", {"urn": "900009"}, "urn", "is not a school of this LA"),
        ("interests", {"status": "declined"}, "status_reason", "needs a reason"),
        ("objectives", {"support": "77"}, "support", "is not the number of support of this LA"),
        ("objectives", {"support": "one"}, "support", "is not the number of support of this LA"),
        ("objectives", {"due": "31/31/2026"}, "due", "is not a date"),
        ("visits", {"urn": "900002"}, "urn", "support number 1 is not for the school '900002'"),
        ("visits", {"days": "many"}, "days", "is not a number of days"),
    ],
)
def test_a_line_with_one_defect_is_told(
    with_support: Records, kind: str, values: dict[str, str], column: str, problem: str
) -> None:
    (template,) = [one for one in SMALL if one.kind == kind]
    found = look(with_support, filled(template, **(OWN[kind] | values)))
    assert found.new == ()
    assert [(one.line, one.column, problem in one.problem) for one in found.problems] == [(2, column, True)]


def test_a_line_that_is_there_twice_is_told(with_support: Records) -> None:
    (template,) = [one for one in SMALL if one.kind == "visits"]
    lines = filled(template, **OWN["visits"]).decode("utf-8-sig").splitlines()
    found = look(with_support, "\n".join([*lines, lines[1]]).encode())
    assert [(one.line, one.problem) for one in found.problems] == [(3, "it says the same as line 2.")]


def test_a_list_whose_line_fails_after_all_adds_none(with_support: Records) -> None:
    visit = NewVisit(1, "900001", date(2026, 11, 9), "Adviser 2", 1)
    with pytest.raises(RecordRefused, match="None of the 2 lines was added: number 2 cannot be"):
        add_small_records(with_support, "tester", [visit, visit])
    assert allocations(with_support)[0].days_used is None
