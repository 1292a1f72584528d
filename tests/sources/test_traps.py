"""What published files really hold, typed: markers keep their reasons, odd cells their values."""

import pytest

from tests.sources.kit import ABSENCE_HEADER, Desk, absence_rows, csv_text, gias_text, laid_out, layout

KS2 = "2018-2019/england_ks2final.csv"
CENSUS = "2024-2025/england_census.csv"
FINANCE = "2018-2019/815_cfr.csv"


def _ks2(cell: str) -> str:
    return csv_text(("RECTYPE", "URN", "READPROG", "PTRWM_EXP"), [["1", "100001", cell, "61%"]])


@pytest.mark.parametrize(
    ("marker", "reason"),
    [
        ("SUPP", "suppressed"),
        ("c", "suppressed"),
        ("x", "suppressed"),
        ("NE", "no_entries"),
        ("NP", "not_published"),
        (":", "not_published"),
        ("NOT AVAIL", "not_published"),
        ("NA", "not_available"),
        ("z", "not_applicable"),
        (".", "not_applicable"),
        ("LOWCOV", "low_coverage"),
        ("NEW", "new_school"),
        ("RE", "redacted"),
        ("u", "unreliable"),
        ("-", "blank"),
        ("NULL", "blank"),
        ("NaN", "blank"),
        ("nan", "blank"),
        ("", "blank"),
        (" ", "blank"),
        (" SUPP ", "suppressed"),
    ],
)
def test_marker_is_kept_as_its_reason_and_never_a_number(desk: Desk, marker: str, reason: str) -> None:
    assert desk.take(KS2, _ks2(marker)).status == "imported"
    row = desk.staged("stg_ks2")[0]
    assert (row["reading_progress_score"], row["reading_progress_score_missing"]) == (None, reason)
    assert (row["rwm_expected_pct"], row["rwm_expected_pct_missing"]) == (61.0, None)
    assert row["maths_progress_score_missing"] == "not_in_file"


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("-0.26", -0.26),
        ("0", 0.0),
        ("-.5", -0.5),
        ("3.", 3.0),
        ("1.5E+1", 15.0),
        ("-7.0000000000000007E-2", -0.07),
    ],
)
def test_number_is_read_as_it_is_written(desk: Desk, cell: str, value: float) -> None:
    desk.take(KS2, _ks2(cell))
    assert desk.staged("stg_ks2")[0]["reading_progress_score"] == pytest.approx(value)


def test_percent_signs_are_read(desk: Desk) -> None:
    header = ("RECTYPE", "URN", "READPROG", "PTRWM_EXP")
    body = [["1", "100001", "1", "63%"], ["1", "100002", "1", "59.40%"], ["1", "100003", "1", "0%"]]
    desk.take(KS2, csv_text(header, body))
    assert [row["rwm_expected_pct"] for row in desk.staged("stg_ks2")] == [63.0, 59.4, 0.0]


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("43,866", 43_866.0),
        ("£1,234,567", 1_234_567.0),
        ("-7,794", -7_794.0),
        ("-£12.50", -12.5),
        ("680", 680.0),
    ],
)
def test_pounds_and_thousands_are_read(desk: Desk, cell: str, value: float) -> None:
    desk.take(FINANCE, csv_text(("URN", "In-year balance (GBP)"), [["100001", cell]]))
    assert desk.staged("stg_finance")[0]["in_year_balance_gbp"] == value


def test_medians_of_a_finance_file_are_kept_and_no_school(desk: Desk) -> None:
    body = [["815", "100001", "5,000"], ["LA-PRI", "North Vale", "4,800"], ["NAT-SEC-WITH-KS4", "", "5,900"]]
    report = desk.take(FINANCE, csv_text(("LA", "URN", "TOTALINCOME"), body))
    assert (report.rows_read, report.rows_kept, report.schools) == (3, 3, 1)
    assert [row["scope"] for row in desk.staged("stg_finance_rows")] == ["school", "other", "other"]
    assert desk.staged("stg_finance_summary") == []


def test_ragged_rows_are_filled_with_blanks_and_told(desk: Desk) -> None:
    text = csv_text(("RECTYPE", "URN", "PTRWM_EXP", "READPROG", "MATPROG"), [["1", "100001", "61", "1.0", "2.0"]])
    report = desk.take(KS2, text + "1,100002,64\r\n1,100003,65,1,2,,\r\n")
    assert report.schools == 3
    assert "1 row (line 3) is shorter than the header: what is not there is blank" in report.problems
    short = desk.staged("stg_ks2")[1]
    assert (short["maths_progress_score"], short["maths_progress_score_missing"]) == (None, "blank")


def test_row_with_a_separator_too_many_is_refused_with_its_line(desk: Desk) -> None:
    header = ("RECTYPE", "URN", "SCHNAME", "PTRWM_EXP")
    text = csv_text(header, [["1", "100001", "St Mary, North", "61"], ["1", "100002", "St Ann", "62"]])
    said = desk.refused(KS2, text + "1,100003,St Mary, South,63\r\n")
    assert "1 row has more cells than the header has columns (the first is line 4)" in said


def test_row_longer_than_the_header_of_a_register_is_told(desk: Desk) -> None:
    text = gias_text(["100001"]) + "100002,999,Invented,Community school,Open,01-09-2025,100001 Predecessor\r\n"
    report = desk.take("edubasealldata20250901.csv", text)
    assert report.schools == 2
    assert "1 row (line 3) is longer than the header: what has no column name is left out" in report.problems


def test_file_cut_off_in_its_last_row_is_refused(desk: Desk) -> None:
    whole = csv_text(ABSENCE_HEADER, absence_rows(30))
    said = desk.refused("2023-2024/england_abs.csv", whole[: whole.rindex(",") - 1])
    assert "cut off in the middle of its last row" in said


def test_file_without_a_last_line_end_is_whole(desk: Desk) -> None:
    whole = csv_text(ABSENCE_HEADER, absence_rows(30))
    assert desk.take("2023-2024/england_abs.csv", whole.rstrip()).schools == 30


def test_blank_rows_at_the_foot_are_left_out_and_told(desk: Desk) -> None:
    text = csv_text(ABSENCE_HEADER, [*absence_rows(2), [""] * 5, [" ", "", "", "", ""]])
    report = desk.take("2023-2024/england_abs.csv", text)
    assert (report.rows_read, report.schools) == (2, 2)
    assert "2 rows (the first is line 4) are blank: left out" in report.problems


def test_rows_that_nobody_knows_are_kept_and_told(desk: Desk) -> None:
    text = csv_text(ABSENCE_HEADER, [*absence_rows(2), ["Total", "", "", "5.0", "14.0"]])
    report = desk.take("2023-2024/england_abs.csv", text)
    assert (report.rows_read, report.rows_kept) == (3, 2)
    note = "1 row (line 4) is neither a school's nor a summary that is known: it is kept and not used"
    assert note in report.problems
    assert len(desk.staged("stg_absence_rows")) == 3


@pytest.mark.parametrize(
    ("name", "figure", "scopes"),
    [
        (KS2, "PTRWM_EXP", {"3": "la", "4": "other", "5": "national"}),
        ("2022-2023/england_ks4final.csv", "ATT8SCR", {"4": "la", "5": "other", "7": "national"}),
    ],
)
def test_record_types_differ_by_file(desk: Desk, name: str, figure: str, scopes: dict[str, str]) -> None:
    body = [["1", "100001", "999", "61"], *([kind, " ", "", "60"] for kind in scopes)]
    report = desk.take(name, csv_text(("RECTYPE", "URN", "LEA", figure), body))
    assert (report.rows_read, report.rows_kept, report.schools) == (4, 4, 1)
    staged = desk.staged(f"stg_{report.kind}_rows")
    assert {row["record_type"]: row["scope"] for row in staged[1:]} == scopes
    assert {row["scope"] for row in desk.staged(f"stg_{report.kind}_summary")} == {"la", "national"}


def test_a_share_of_nobody_is_no_share(desk: Desk) -> None:
    """The census prints 0.00% for nurseries, of which it counts nobody; where it does count, none is a share."""
    header = ("URN", "LA", "ESTAB", "NOR", "NUMFSMEVER", "NORFSMEVER", "PNUMFSMEVER")
    body = [
        ["100001", "202", "1000", "115", "NA", "NA", "0.00%"],
        ["100002", "202", "2000", "210", "0", "0", "0.00%"],
        ["100003", "202", "2001", "210", "0", "180", "0.00%"],
        ["100004", "202", "2002", "210", "18", "180", "10.00%"],
    ]
    desk.take("2024-2025/england_census.csv", csv_text(header, body))
    rows = [(row["fsm6_pct"], row["fsm6_pct_missing"]) for row in desk.staged("stg_census")]
    assert rows == [(None, "not_available"), (None, "not_available"), (0.0, None), (10.0, None)]


def test_census_summaries_stand_in_other_columns_each_year(desk: Desk) -> None:
    header = ("URN", "LA", "ESTAB", "NOR", "PNUMFSMEVER")
    old = [["100001", "999", "2001", "210", "20.1"], ["NAT", "PRI", "", "4,679,382", "25.4"]]
    desk.take("2015-2016/england_census.csv", csv_text(header, old))
    new = [
        ["100001", "999", "2001", "205", "22%"],
        ["LA", "999", "PRI", "46164", "16.0%"],
        ["NAT", "", "PRI", "4554974", "26%"],
    ]
    desk.take("2018-2019/999_census.csv", csv_text(header, new))
    summary = {
        (row["period"], row["scope"], row["phase_group"]): row["fsm6_pct"] for row in desk.staged("stg_census_summary")
    }
    assert summary == {
        ("2015-2016", "national", "primary"): 25.4,
        ("2018-2019", "la", "primary"): 16.0,
        ("2018-2019", "national", "primary"): 26.0,
    }


def test_absence_of_the_old_threshold_is_kept_apart(desk: Desk) -> None:
    header = ("LA", "ESTAB", "URN", "PERCTOT", "PPERSABS15")
    desk.take("2012-2013/england_abs.csv", csv_text(header, [["999", "2001", "100001", "5.1", "SUPP"]]))
    row = desk.staged("stg_absence_rows")[0]
    assert row["persistent_absence_pct_missing"] == "not_in_file"
    assert row["persistent_absence_15_pct_missing"] == "suppressed"


def test_safeguarding_is_read_through_its_double_space(desk: Desk) -> None:
    school = {
        "URN": "100001",
        "School name": "Invented",
        "LAESTAB": "9992001",
        "Latest OEIF  safeguarding is effective?": "No",
    }
    desk.take("mi_2026-02-28.csv", laid_out(layout("ofsted_2026"), school, otherwise="NULL"))
    assert desk.staged("stg_ofsted_report_cards_rows")[0]["oeif_safeguarding"] == "No"


@pytest.mark.parametrize("ending", ["date of judgement", "date of grade"])
def test_day_of_an_area_grade_is_read_under_both_names(desk: Desk, ending: str) -> None:
    header = [
        column.replace("date of judgement", ending).replace("date of grade", ending) for column in layout("ofsted_2026")
    ]
    school = {
        "URN": "100001",
        "School name": "Invented",
        "LAESTAB": "9992001",
        "Achievement": "Needs attention",
        f"Achievement - {ending}": "14/01/2026",
        f"Early years - {ending}": "15/01/2026",
    }
    desk.take("mi_2026-02-28.csv", laid_out(header, school, otherwise="NULL"))
    row = desk.staged("stg_ofsted_report_cards_rows")[0]
    assert row["achievement"] == "Needs attention"
    assert (row["achievement_date"].isoformat(), row["early_years_area_date"].isoformat()) == (
        "2026-01-14",
        "2026-01-15",
    )


def test_null_block_and_blank_concern_are_both_nothing(desk: Desk) -> None:
    first = {
        "URN": "100001",
        "School name": "Invented",
        "Overall effectiveness": "2",
        "Category of concern": "",
    }
    desk.take("mi_31_August_2025.csv", laid_out(layout("ofsted_2025"), first, otherwise="NULL"))
    row = desk.staged("stg_ofsted_rows")[0]
    assert (row["overall"], row["category"], row["leadership"], row["start_date"]) == ("2", None, None, None)


@pytest.mark.parametrize("written", ["04/03/2024", "4/3/2024", "04-03-2024", "2024-03-04", "2024-03-04 00:00:00"])
def test_day_is_read_with_the_day_first(desk: Desk, written: str) -> None:
    first = {"URN": "100001", "School name": "Invented", "Inspection start date": written}
    desk.take("mi_31_August_2025.csv", laid_out(layout("ofsted_2025"), first, otherwise="NULL"))
    assert desk.staged("stg_ofsted_rows")[0]["start_date"].isoformat() == "2024-03-04"


def test_text_is_kept_as_it_stands(desk: Desk) -> None:
    name = "Zoë’s “Test” School, North – 2"
    first = {"URN": "100001", "School name": name}
    text = laid_out(layout("ofsted_2025"), first, otherwise="NULL")
    desk.take("mi_31_August_2025.csv", text.encode("cp1252"))
    assert desk.staged("stg_ofsted_rows")[0]["name"] == name
