"""The preview of a list of allocations: one fixture for every defect."""

from datetime import date

import pytest

from risk_model.casework import (
    ALLOCATION_COLUMNS,
    NewAllocation,
    NewShare,
    Preview,
    Records,
    add_allocation,
    add_allocations,
    allocations,
    end_allocation,
    read_allocations_csv,
)

# Lists that were made before further columns were asked for are read as before.
FIRST_COLUMNS = ALLOCATION_COLUMNS[:18]
HEADER = ",".join(FIRST_COLUMNS)
WHOLE_HEADER = ",".join(ALLOCATION_COLUMNS)
GOOD = (
    "900001,school,Birchmoor School,System leader 01,SLE,subject support,maths,12,7.5,2026-09-01,31/03/2027,"
    "active,,LA,Better maths,RWM,41%,2026-11-02"
)
URNS = {"900001", "900002"}
LEADERS = {"System leader 01": 7}


def preview(*lines: str, header: str = HEADER) -> Preview:
    return read_allocations_csv("\n".join([header, *lines]) + "\n", "999", URNS, LEADERS)


def row(**changes: str) -> str:
    """The good row with some values changed."""
    values = dict(zip(FIRST_COLUMNS, GOOD.split(","), strict=True)) | changes
    return ",".join(values.values())


def told(found: Preview) -> list[tuple[int, str]]:
    return [(problem.line, problem.column) for problem in found.problems]


def test_good_row_is_read_whole() -> None:
    found = preview(GOOD)
    assert found.problems == ()
    assert found.rows[0].line == 2
    assert found.allocations == [
        NewAllocation(
            la_code="999",
            urn="900001",
            provider_type="school",
            provider_name="Birchmoor School",
            system_leader_id=7,
            role="SLE",
            support_type="subject support",
            need="maths",
            days_planned=12,
            days_used=7.5,
            start_date=date(2026, 9, 1),
            end_date=date(2027, 3, 31),
            status="active",
            funding="LA",
            aim="Better maths",
            success_measure="RWM",
            baseline="41%",
            last_update=date(2026, 11, 2),
        )
    ]


def test_blank_cells_are_missing_not_zero() -> None:
    (new,) = preview("900001,school,Birchmoor School,,,,,,,,,proposed,,,,,,").allocations
    assert (new.system_leader_id, new.role, new.days_planned, new.days_used) == (None, None, None, None)


@pytest.mark.parametrize(
    "text",
    [
        "\ufeff" + HEADER + "\r\n" + GOOD + "\r\n",
        HEADER.upper() + "\n\n" + GOOD + "\n,,,,,,,,,,,,,,,,,\n",
        ",".join(reversed(FIRST_COLUMNS)) + "\n" + ",".join(reversed(GOOD.split(","))),
        " " + HEADER.replace(",", " , ") + "\n" + GOOD.replace("school,B", " School , B"),
    ],
    ids=["byte-order mark and CRLF", "capitals and blank lines", "another order", "spaces"],
)
def test_harmless_differences_are_read(text: str) -> None:
    found = read_allocations_csv(text, "999", URNS, LEADERS)
    assert found.problems == ()
    assert [new.urn for new in found.allocations] == ["900001"]


def test_value_with_commas_quotes_and_lines_is_kept_and_lines_are_counted() -> None:
    quoted = GOOD.replace("Better maths", '"Maths, ""mastery""\nin year 5"')
    found = preview(quoted, row(urn="900002", role="boss"))
    assert found.allocations[0].aim == 'Maths, "mastery"\nin year 5'
    assert told(found) == [(4, "role")]


@pytest.mark.parametrize(
    ("changes", "column", "problem"),
    [
        ({"urn": "90001"}, "urn", "is not a URN"),
        ({"urn": "900009"}, "urn", "900009 is not a school of this LA"),
        ({"urn": ""}, "urn", "nothing was given"),
        ({"provider_type": "wizard"}, "provider_type", "is not a known word"),
        ({"provider_name": ""}, "provider_name", "nothing was given"),
        ({"system_leader": "System leader 99"}, "system_leader", "is not the label of a system leader"),
        ({"role": "boss"}, "role", "is not a known word"),
        ({"support_type": "magic"}, "support_type", "is not a known word"),
        ({"days_planned": "twelve"}, "days_planned", "is not a number of days"),
        ({"days_planned": "-1"}, "days_planned", "days cannot be"),
        ({"days_used": "1e2"}, "days_used", "is not a number of days"),
        ({"days_used": "13"}, "days_used", "13 days used are more than the 12 planned"),
        ({"start_date": "2026-13-01"}, "start_date", "is not a date"),
        ({"start_date": "09/30/2026"}, "start_date", "is not a date"),
        ({"start_date": ""}, "start_date", "needs its start date"),
        ({"end_date": "31/08/2026"}, "end_date", "before the start_date"),
        ({"status": "going"}, "status", "is not a known word"),
        ({"status": "paused"}, "status_reason", "paused support needs a reason"),
        ({"status_reason": "x" * 501}, "status_reason", "501 characters"),
        ({"need": "bell\x07"}, "need", "control character"),
        ({"last_update": "yesterday"}, "last_update", "is not a date"),
    ],
)
def test_row_with_one_defect_is_told_by_line_and_column(changes: dict[str, str], column: str, problem: str) -> None:
    found = preview(row(urn="900002"), row(**changes))
    assert told(found) == [(3, column)]
    assert problem in found.problems[0].problem
    assert found.problems[0].value == changes.get(column, "")
    assert found.problems[0].what_to_do
    assert [good.line for good in found.rows] == [2]


def test_row_with_several_defects_tells_all_in_field_order() -> None:
    found = preview(row(urn="1", system_leader="nobody", days_used="x", status="paused"))
    assert told(found) == [(2, "urn"), (2, "system_leader"), (2, "days_used"), (2, "status_reason")]


@pytest.mark.parametrize(
    ("header", "column", "problem"),
    [
        (HEADER.replace(",need", ""), "need", "this column is missing"),
        (HEADER.replace(",funding", ""), "funding", "this column is missing"),
        (HEADER + ",colour", "colour", "'colour' is not a known column"),
        (HEADER + ",", "", "'' is not a known column"),
        (HEADER + ",Aim", "aim", "this column is there twice"),
    ],
)
def test_header_with_a_defect_is_told_by_name(header: str, column: str, problem: str) -> None:
    found = preview(GOOD, header=header)
    assert told(found) == [(1, column)]
    assert problem in found.problems[0].problem
    assert found.rows == ()


def test_header_with_several_defects_tells_all() -> None:
    header = HEADER.replace("urn,", "school,") + ",aim"
    assert told(preview(GOOD, header=header)) == [(1, "urn"), (1, "aim"), (1, "school")]


@pytest.mark.parametrize(
    ("text", "line", "problem"),
    [
        ("", 1, "the file is empty"),
        ("\n\n", 1, "the file is empty"),
        (f"{HEADER}\n{GOOD},extra\n", 2, "this line has 19 values, and the header 18"),
        (f"{HEADER}\n900001,school\n", 2, "this line has 2 values, and the header 18"),
        (f'{HEADER}\n{GOOD}\n"900001,school\n', 3, "cannot be read as CSV"),
        ('"urn', 1, "cannot be read as CSV"),
    ],
)
def test_file_of_another_shape_is_told(text: str, line: int, problem: str) -> None:
    found = read_allocations_csv(text, "999", URNS, LEADERS)
    assert [each.line for each in found.problems] == [line]
    assert problem in found.problems[0].problem


def test_semicolons_instead_of_commas_are_told_as_columns() -> None:
    found = read_allocations_csv(HEADER.replace(",", ";") + "\n", "999", URNS, LEADERS)
    assert len(found.problems) == 17 + 1
    assert found.rows == ()


def test_header_alone_is_an_empty_preview() -> None:
    assert preview() == Preview((), ())


def test_same_support_twice_in_the_file_is_told() -> None:
    found = preview(GOOD, row(days_used="3", provider_name="birchmoor  school"), row(start_date="2026-09-02"))
    assert told(found) == [(3, "urn")]
    assert "the same school, provider, role and start as line 2" in found.problems[0].problem
    assert [good.line for good in found.rows] == [2, 4]


def test_same_support_as_recorded_is_told_unless_withdrawn(records: Records) -> None:
    (new,) = read_allocations_csv(f"{HEADER}\n{GOOD}\n", "999", URNS, {"System leader 01": 7}).allocations
    number = add_allocation(records, "tester", NewAllocation(**{**vars(new), "system_leader_id": None}))
    text = f"{HEADER}\n{GOOD}\n"
    found = read_allocations_csv(text, "999", URNS, LEADERS, allocations(records))
    assert told(found) == [(2, "urn")]
    assert f"as record {number}" in found.problems[0].problem
    end_allocation(records, "tester", number, 1, "withdrawn", None, "By mistake.")
    assert read_allocations_csv(text, "999", URNS, LEADERS, allocations(records)).problems == ()


def test_preview_writes_nothing_and_its_rows_can_be_added(records: Records) -> None:
    found = preview(row(system_leader=""), row(system_leader="", urn="900002"))
    assert allocations(records) == []
    assert add_allocations(records, "tester", found.allocations) == 2
    assert [new.urn for new in allocations(records)] == ["900001", "900002"]


@pytest.mark.parametrize("text", ['=HYPERLINK("x","y")', "<script>", "Robert'); DROP TABLE x", "+44"])
def test_hostile_text_comes_through_unchanged(records: Records, text: str) -> None:
    quoted = '"' + text.replace('"', '""') + '"'
    found = preview(row(system_leader="", aim=quoted, need=quoted, provider_name=quoted))
    add_allocations(records, "tester", found.allocations)
    (kept,) = allocations(records)
    assert (kept.aim, kept.need, kept.provider_name) == (text, text, text)


MORE = 'outcomes,"o1, O15",formal,targeted,£450,,LA,Governor Services,2026-12-14,,,,'


def test_the_further_columns_are_read() -> None:
    (new,) = preview(f"{GOOD},{MORE}900001 8; 900002 4", header=WHOLE_HEADER).allocations
    assert (new.statement, new.rules, new.formality, new.intensity) == ("outcomes", "O1, O15", "formal", "targeted")
    assert (new.rate_gbp, new.grant_name, new.commissioner, new.quality_assurer) == (
        450,
        None,
        "LA",
        "Governor Services",
    )
    assert (new.review_date, new.exit_outcome) == (date(2026, 12, 14), None)
    assert new.shares == (NewShare("900001", 8), NewShare("900002", 4))


@pytest.mark.parametrize(
    ("shares", "problem"),
    [
        ("900001 8; 900002 5", "come to 13, not to the 12 planned"),
        ("900001 12", "one school is not a group"),
        ("900001 6; 900001 6", "900001 is there twice"),
        ("900002 6; 900009 6", "the school 900001 is not among"),
        ("900001 8; 900009 4", "900009 is not a school of this LA"),
        ("900001 8, 900002 4", "is not a number of days"),
        ("Birchmoor 8; 900002 4", "is not a URN"),
    ],
)
def test_days_that_are_shared_out_wrongly_are_told(shares: str, problem: str) -> None:
    found = preview(f'{GOOD},{MORE}"{shares}"', header=WHOLE_HEADER)
    assert found.rows == ()
    assert problem in " ".join(one.problem for one in found.problems)


@pytest.mark.parametrize(
    ("old", "new", "column", "problem"),
    [
        ("O15", "mathematics", "rules", "'MATHEMATICS' is not the id of a rule"),
        ("£450", "-1", "rate_gbp", "is not a rate in pounds a day"),
        ("2026-12-14", "2026-08-01", "review_date", "before the start_date"),
        ("2026-12-14", "2027-08-01", "end_date", "before the review_date"),
        (",,,,", ",objectives met,,,", "exit_outcome", "support that is active has no outcome yet"),
    ],
)
def test_a_defect_in_a_further_column_is_told(old: str, new: str, column: str, problem: str) -> None:
    found = preview(f"{GOOD},{MORE.replace(old, new)}", header=WHOLE_HEADER)
    assert [(one.column, problem in one.problem) for one in found.problems] == [(column, True)]
