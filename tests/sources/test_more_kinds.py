"""The kinds beyond results, absence, census, finance and inspections: told apart, typed, each with its defects."""

import csv
import io
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from xlsxwriter import Workbook

from risk_model.domain.words import MISSING_IN_WORDS, MissingReason
from risk_model.sources.catalogue import SOURCES
from risk_model.sources.importing import FileReport, ImportOptions
from risk_model.sources.recognising import recognised
from risk_model.sources.typing import markers
from tests.sources.kit import Desk, csv_text, laid_out, layout

HEADERS = Path(__file__).parent / "layouts"
EXCLUSIONS = "exclusions_by_geographic_level.csv"
INDICATORS = ("Short Desc", "Data item", "Years", "LA and Regions", "Values", "LA Number", "Region")
LOOKUP = ("AcademicYear", "LA", "LAEstab", "SchoolName", "URN")
EES = ("time_period", "time_identifier", "geographic_level", "old_la_code", "school_urn", "school_laestab", "breakdown")


def header(name: str) -> list[str]:
    """The whole header of a published file."""
    with (HEADERS / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return next(csv.reader(file))


def workbook(*table: list[object]) -> bytes:
    """A workbook of one sheet."""
    content = io.BytesIO()
    with Workbook(content) as book:
        sheet = book.add_worksheet("LA SN Groups")
        for number, row in enumerate(table):
            sheet.write_row(number, 0, row)
    return content.getvalue()


def excluded(*schools: dict[str, str]) -> str:
    """A school-level exclusions file; each school is of 2016-17 unless it says otherwise."""
    usual = {"time_period": "201617", "geographic_level": "School", "school_type": "State-funded secondary"}
    return laid_out(header("exclusions_2017"), *({**usual, **school} for school in schools))


@pytest.mark.parametrize(
    ("columns", "kind"),
    [
        (header("ks5_2016"), "ks5"),
        (header("ks5_2017"), "ks5"),
        (header("ks4_destinations_2025"), "ks4_destinations"),
        (header("ks4_ebacc_entries_2021"), "ks4_ebacc_entries"),
        (header("workforce_2021"), "workforce"),
        (("URN", "Pupil to teacher ratio", "Teachers (FTE)", "All staff (FTE)"), "workforce"),
        (header("exclusions_2017"), "exclusions"),
        (LOOKUP, "laestab_lookup"),
        (header("parent_view_2025"), "parent_view"),
        (header("school_information_2018"), "school_information"),
        (header("academy_trusts_2019"), "academy_trusts"),
        (("URN", "SCHNAME", "POSTCODE", "ISPRIMARY", "ISSECONDARY", "LAT", "LON"), "school_coordinates"),
        (
            ("old_la_code", "new_la_code", "la_name", "region_code", "region_name", "first_year", "last_year"),
            "la_lookup",
        ),
        (("LA Number", "LA Name", "Region", "Type"), "la_codes"),
        (("LEA", "LA Name", "REGION", "REGION NAME"), "la_codes"),
        (INDICATORS, "la_indicators"),
        ((*EES, "t_pupils", "pt_disadvantaged"), "ees_schools"),
        ((*EES, "sess_overall_percent", "enrolments_pa_10_exact_percent"), "absence"),
        ((*EES, "avg_att8", "avg_p8score"), "ks4"),
        ((*EES, "attainment8_average", "engmath_95_percent"), "ks4"),
        ((*EES, "subject", "expected_standard_pupil_percent"), "ks2"),
        ((*EES, "pupil_to_qual_unqual_teacher_ratio", "teachers_fte"), "workforce"),
        ((*EES, "teacher_fte_in_census_year", "remained_in_the_same_school"), "staff_turnover"),
        ((*EES, "total_number_of_days_lost", "average_number_of_days_all_teachers"), "staff_absence"),
        # what was known before stays what it was
        (layout("ks4_2018"), "ks4"),
        (layout("gias"), "gias"),
        (layout("gias_links"), "gias_links"),
        # an LA's table of Explore Education Statistics has no schools in it
        (("time_period", "geographic_level", "la_name", "sess_overall_percent"), None),
    ],
)
def test_kind_is_told_by_the_header(columns: list[str], kind: str | None) -> None:
    found = recognised(columns)
    assert (found.id if found else None) == kind


def test_every_marker_has_a_reason_that_can_be_told() -> None:
    assert set(markers().values()) <= {reason.value for reason in MissingReason}
    assert set(MISSING_IN_WORDS) == set(MissingReason)


def test_every_field_of_a_kind_has_its_own_name() -> None:
    for source in SOURCES:
        names = [one.name for one in source.fields]
        assert len(names) == len(set(names)), source.id
        required = (name for group in source.required for name in group.split("|"))
        assert {*required, *source.one_of, *source.one_row_per, *source.prefer, *source.compare} <= set(names)


# --- 16 to 18 -------------------------------------------------------------------------------------------------------


def test_national_rows_of_16_to_18_stand_at_the_head(desk: Desk) -> None:
    text = laid_out(
        header("ks5_2016"),
        {"RECTYPE": "5", "TALLPPE_ALEV_1618": "31.79", "PTAAB_2FAC": "17.0%"},
        {"RECTYPE": "7", "TALLPPE_ALEV_1618": "30.45", "PTAAB_2FAC": "13.9%"},
        {"RECTYPE": "1", "URN": "100001", "LEA": "999", "NFTYPE/FESITYPE": "CY", "TPUP1618": "273"}
        | {"TALLPPE_ALEV_1618": "47.71", "VA_INS_ALEV": "0.08", "LCI_INS_ALEV": "-0.03", "UCI_INS_ALEV": "0.19"}
        | {"TALLPPE_AGEN": "NE", "TB3PTSE": "SUPP"},
        {"RECTYPE": "3", "URN": "100002", "ADDRESS3": "9992166", "TPUP1618": "NEW", "TALLPPE_ALEV_1618": "NE"},
        {"RECTYPE": "4", "LEA": "999", "TALLPPE_ALEV_1618": "30.78"},
    )
    report = desk.take("2015-2016/england_ks5final.csv", text)
    assert (report.kind, report.rows_read, report.rows_kept, report.schools) == ("ks5", 5, 5, 2)
    rows = desk.staged("stg_ks5_rows")
    assert [row["scope"] for row in rows] == ["other", "national", "school", "school", "la"]
    school = rows[2]
    assert (school["school_type"], school["pupils"], school["a_level_points_score"]) == ("CY", 273.0, 47.71)
    assert [school[f"a_level_value_added_{limit}"] for limit in ("lower", "score", "upper")] == [-0.03, 0.08, 0.19]
    assert school["applied_general_points_score_missing"] == "no_entries"
    assert school["best_three_a_levels_score_missing"] == "suppressed"
    assert rows[3]["pupils_missing"] == "new_school"
    summary = {row["scope"]: row["a_level_points_score"] for row in desk.staged("stg_ks5_summary")}
    assert summary == {"national": 30.45, "la": 30.78}


def test_points_that_cannot_be_are_refused(desk: Desk) -> None:
    school = {"RECTYPE": "1", "URN": "100001", "TPUP1618": "20", "TALLPPE_ALEV_1618": "231"}
    said = desk.refused("2016-2017/england_ks5final.csv", laid_out(header("ks5_2017"), school))
    assert 'Line 2, column TALLPPE_ALEV_1618: "231" is not a number from 0 to 60' in said


# --- destinations, EBacc entries, staff -----------------------------------------------------------------------------


def test_small_shares_of_destinations_are_no_suppressed_ones(desk: Desk) -> None:
    text = laid_out(
        header("ks4_destinations_2025"),
        {"RECTYPE": "1", "URN": "100001", "LEA": "999", "COHORT": "230", "OVERALL_DESTPER": "93%"}
        | {"NOT_SUSTAINEDPER": "7%", "UNKNOWNPER": "SP", "APPRENPER": "SUPP", "COHORT_DIS": "SN"},
        {"RECTYPE": "LA", "LEA": "999", "COHORT": "2300", "OVERALL_DESTPER": "92%"},
        {"RECTYPE": "NAT", "COHORT": "607348", "OVERALL_DESTPER": "91%"},
    )
    report = desk.take("2024-2025/england_ks4-pupdest.csv", text)
    assert (report.kind, report.period, report.rows_kept, report.schools) == ("ks4_destinations", "2024-2025", 3, 1)
    row = desk.staged("stg_ks4_destinations")[0]
    assert (row["sustained_pct"], row["not_sustained_pct"]) == (93.0, 7.0)
    assert (row["unknown_pct"], row["unknown_pct_missing"]) == (None, "rounds_to_zero")
    assert row["apprenticeship_pct_missing"] == "suppressed"
    assert row["disadvantaged_pupils_missing"] == "suppressed"
    summary = {row["scope"]: row["sustained_pct"] for row in desk.staged("stg_ks4_destinations_summary")}
    assert summary == {"la": 92.0, "national": 91.0}


def test_ebacc_rows_that_end_early_are_blank_and_no_zero(desk: Desk) -> None:
    school = {"RECTYPE": "1", "LEA": "999", "URN": "100001", "TPUP": "112", "PTEBACC_E_PTQ_EE": "7%"}
    text = laid_out(header("ks4_ebacc_entries_2021"), school) + "1,999,4002,100002,Invented\r\n4,999\r\n"
    report = desk.take("2020-2021/england_ks4-ebacc-entries.csv", text)
    assert (report.kind, report.rows_read, report.schools) == ("ks4_ebacc_entries", 3, 2)
    assert "2 rows (the first is line 3) are shorter than the header: what is not there is blank" in report.problems
    rows = desk.staged("stg_ks4_ebacc_entries_rows")
    assert [(row["ebacc_entry_pct"], row["ebacc_entry_pct_missing"]) for row in rows] == [
        (7.0, None),
        (None, "blank"),
        (None, "blank"),
    ]
    assert rows[2]["scope"] == "la"


def test_staff_of_both_layouts_are_one_kind(desk: Desk) -> None:
    ratio, pay = "Pupil:     Teacher Ratio", "Mean Gross FTE Salary of All Teachers (£s)"
    full = "Total Number of Teachers (Full-Time Equivalent)"
    published = laid_out(
        header("workforce_2021"),
        {"LA Number": "999", "URN": "100001", full: "19.0", ratio: "14.2", pay: "£48,747"},
        {"LA Number": "999", "URN": "100002", full: "4", ratio: "NA", pay: "SUPP"},
        {"LA Number": "NAT", "Establishment Number": "PRI", full: "222,519", ratio: "20.6", pay: "£40,602"},
    )
    trimmed = csv_text(
        ("URN", "Pupil to teacher ratio", "Teachers (FTE)", "All staff (FTE)"), [["100001", "21", "12.82", "29.34"]]
    )
    assert desk.take("2020-2021/england_swf.csv", published).kind == "workforce"
    assert desk.take("2023-2024/ptr.csv", trimmed).kind == "workforce"
    found = {(row["urn"], row["year"]): row for row in desk.staged("stg_workforce")}
    first, second = found["100001", 2021], found["100002", 2021]
    assert (first["pupils_per_teacher"], first["teacher_pay_gbp"]) == (14.2, 48_747.0)
    assert second["pupils_per_teacher_missing"] == "not_available"
    assert second["teacher_pay_gbp_missing"] == "suppressed"
    assert (found["100001", 2024]["staff_fte"], found["100001", 2024]["teachers_fte"]) == (29.34, 12.82)
    national = desk.staged("stg_workforce_summary")[0]
    assert (national["phase_group"], national["teachers_fte"]) == ("primary", 222_519.0)


# --- exclusions and other tables keyed by LAESTAB -------------------------------------------------------------------


def test_exclusions_are_counted_as_schools_and_keep_their_reasons(desk: Desk) -> None:
    text = excluded(
        {"laestab": "9994001", "old_la_code": "999", "headcount": "900", "perm_excl": "x", "fixed_excl": "65"}
        | {"fixed_excl_rate": "7.22"},
        {"laestab": "9994002", "headcount": "0", "perm_excl": "0", "perm_excl_rate": ".", "fixed_excl": "x"},
        {"geographic_level": "Local authority", "old_la_code": "999", "fixed_excl_rate": "9.1"},
        {"geographic_level": "Regional", "fixed_excl_rate": "9.2"},
        {"geographic_level": "National", "fixed_excl_rate": "9.4"},
        {"geographic_level": "National", "school_type": "Total", "fixed_excl_rate": "4.76"},
    )
    report = desk.take(EXCLUSIONS, text)
    assert (report.kind, report.rows_read, report.rows_kept, report.schools) == ("exclusions", 6, 6, 2)
    assert desk.releases()[0].published_on == date(2018, 7, 19)
    rows = desk.staged("stg_exclusions_rows")
    assert [row["scope"] for row in rows] == ["school", "school", "la", "other", "national", "other"]
    assert {row["period"] for row in rows} == {"2016-2017"}
    assert (rows[0]["suspensions"], rows[0]["suspensions_per_100"]) == (65.0, 7.22)
    assert (rows[0]["permanent_exclusions"], rows[0]["permanent_exclusions_missing"]) == (None, "suppressed")
    assert (rows[1]["permanent_exclusions"], rows[1]["permanent_exclusions_per_100_missing"]) == (0, "not_applicable")
    summary = {(row["scope"], row["phase_group"]): row["suspensions_per_100"] for row in _summary(desk)}
    assert summary == {("la", "secondary"): 9.1, ("national", "secondary"): 9.4}


def _summary(desk: Desk) -> list[dict[str, object]]:
    return desk.staged("stg_exclusions_summary")


def test_newer_names_and_urns_of_suspensions_are_read(desk: Desk) -> None:
    renamed = {
        "laestab": "school_laestab",
        "fixed_excl": "suspension",
        "fixed_excl_rate": "susp_rate",
        "one_plus_fixed": "one_plus_susp",
        "one_plus_fixed_rate": "one_plus_susp_rate",
    }
    columns = [renamed.get(column, column) for column in header("exclusions_2017")] + ["school_urn"]
    school = {"time_period": "202324", "geographic_level": "School", "school_laestab": "9994001"}
    figures = {"school_urn": "100001", "perm_excl": "low", "suspension": "65", "susp_rate": "7.2"}
    assert desk.take("suspensions.csv", laid_out(columns, school | figures)).kind == "exclusions"
    row = desk.staged("stg_exclusions")[0]
    assert (row["urn"], row["period"], row["year"]) == ("100001", "2023-2024", 2024)
    assert (row["suspensions"], row["suspensions_per_100"]) == (65.0, 7.2)
    assert row["permanent_exclusions_missing"] == "rounds_to_zero"


def test_urn_of_a_laestab_is_todays_school_or_else_the_lookups(desk: Desk) -> None:
    desk.take(EXCLUSIONS, excluded(*({"laestab": f"999400{i}", "perm_excl": str(i)} for i in (1, 2, 3))))
    lookup = [["201718", "999", "9994001", "Old", "100001"], ["200607", "999", "9994002", "Closed", "100002"]]
    desk.take("2017-18_laestab_to_urn_lookup.csv", csv_text(LOOKUP, lookup))
    academy = {"URN": "100009", "School name": "Invented Academy", "LAESTAB": "9994001"}
    desk.take("mi_31_August_2025.csv", laid_out(layout("ofsted_2025"), academy, otherwise="NULL"))
    assert {row["urn"]: row["permanent_exclusions"] for row in desk.staged("stg_exclusions")} == {
        "100009": 1.0,
        "100002": 2.0,
    }
    assert len(desk.staged("stg_exclusions_rows")) == 3, "the school that nobody knows is kept"


def test_school_that_stands_in_two_phases_is_read_where_its_pupils_are(desk: Desk) -> None:
    text = excluded(
        {"laestab": "9994001", "school_type": "State-funded primary", "headcount": "0", "fixed_excl": "20"},
        {"laestab": "9994001", "headcount": "507", "fixed_excl": "0"},
    )
    assert desk.take(EXCLUSIONS, text).schools == 1
    desk.take("lookup.csv", csv_text(LOOKUP, [["201718", "999", "9994001", "Invented", "100001"]]))
    found = desk.staged("stg_exclusions")
    assert [(row["pupils"], row["suspensions"]) for row in found] == [(507.0, 0.0)]


def test_school_twice_in_one_year_is_refused_by_its_laestab(desk: Desk) -> None:
    said = desk.refused(EXCLUSIONS, excluded(*[{"laestab": "9994001", "perm_excl": "0"}] * 2))
    assert "School 9994001 stands in it 2 times (lines 2 and 3)." in said


@pytest.mark.parametrize("year", ["2016", "201618", "16/17", "2016-18"])
def test_time_period_that_is_no_academic_year_is_refused(desk: Desk, year: str) -> None:
    said = desk.refused(EXCLUSIONS, excluded({"laestab": "9994001", "time_period": year, "perm_excl": "0"}))
    assert f'Line 2, column time_period: "{year}" is not an academic year' in said


def test_table_without_any_school_is_refused(desk: Desk) -> None:
    said = desk.refused(EXCLUSIONS, excluded({"geographic_level": "National", "perm_excl": "7,720"}))
    assert "no row has a six-digit URN or a seven-digit LAESTAB" in said
    assert "column laestab" in said


def test_general_school_table_of_explore_education_statistics_lands(desk: Desk) -> None:
    usual = ["202324", "Academic year", "School", "999"]
    body = [
        [*usual, "100001", "9994001", "Total", "6.5", "low"],
        [*usual, "100001", "9994001", "Disadvantaged", "c", "z"],
        [*usual, "100002", "9994002", "Total", ":", "u"],
        ["202324", "Academic year", "National", "", "", "", "Total", "8.9", "25.6"],
    ]
    columns = (*EES, "pt_disadvantaged", "pt_sen_with_ehcp")
    report = desk.take("202324_information_about_schools_final.csv", csv_text(columns, body))
    assert (report.kind, report.rows_kept, report.schools) == ("ees_schools", 4, 2)
    rows = desk.staged("stg_ees_schools_rows")
    assert [row["disadvantaged_pct"] for row in rows] == [6.5, None, None, 8.9]
    assert [row["disadvantaged_pct_missing"] for row in rows] == [None, "suppressed", "not_published", None]
    assert [row["ehc_plan_pct_missing"] for row in rows] == [
        "rounds_to_zero",
        "not_applicable",
        "unreliable",
        None,
    ]
    assert [row["scope"] for row in rows] == ["school", "school", "school", "national"]
    assert {row["period"] for row in rows} == {"2023-2024"}


def test_two_urns_for_one_laestab_are_refused(desk: Desk) -> None:
    body = [["201718", "999", "9994001", "One", "100001"], ["201718", "999", "9994001", "Two", "100002"]]
    assert "stands in it 2 times" in desk.refused("lookup.csv", csv_text(LOOKUP, body))


# --- registers and parents ------------------------------------------------------------------------------------------


def test_trusts_of_rows_that_are_one_field_shorter_than_the_header(desk: Desk) -> None:
    columns = header("academy_trusts_2019")
    cells = ["100001", "4782", "Invented Trust, North", "05210075", "Multi-academy trust", "", "Open", "", "01-09-2005"]
    row = csv_text(columns, [[*cells, *[""] * 7]])
    report = desk.take("grouplinks_edubaseallacademiesandfree20190601.csv", row)
    assert (report.kind, report.status, report.period) == ("academy_trusts", "imported", "as at 01/06/2019")
    assert any("shorter than the header" in problem for problem in report.problems)
    trust = desk.staged("stg_academy_trusts_rows")[0]
    assert (trust["group_uid"], trust["group_name"]) == ("4782", "Invented Trust, North")
    assert trust["joined_on"] == date(2005, 9, 1)


def test_academy_with_a_trust_and_a_sponsor_has_two_rows(desk: Desk) -> None:
    usual = {"URN": "100001", "Group Name": "Invented", "Group Type": "School sponsor"}
    text = laid_out(header("academy_trusts_2019"), usual | {"Linked UID": "1"}, usual | {"Linked UID": "2"})
    assert desk.take("grouplinks20190601.csv", text).schools == 1
    again = laid_out(header("academy_trusts_2019"), usual | {"Linked UID": "1"}, usual | {"Linked UID": "1"})
    assert "School 100001 stands in it 2 times" in desk.refused("grouplinks20190701.csv", again)


def _parents(desk: Desk, name: str, options: ImportOptions | None = None) -> FileReport:
    school = {"URN": "100001", "responses": "18", "q1_pos": "94", "q3_neg": "6", "q14_pos": "89"}
    return desk.take(name, laid_out(header("parent_view_2025"), school), options)


def test_parents_answers_are_read_and_blank_questions_kept(desk: Desk) -> None:
    report = _parents(desk, "parent_view_31_August_2025.csv")
    assert (report.kind, report.period) == ("parent_view", "as at 31/08/2025")
    row = desk.staged("stg_parent_view_rows")[0]
    assert (row["happy_agree_pct"], row["behaviour_disagree_pct"], row["recommend_pct"]) == (94.0, 6.0, 89.0)
    assert (row["special_needs_support_agree_pct"], row["special_needs_pct_missing"]) == (None, "blank")


@pytest.mark.parametrize(
    ("name", "day"),
    [
        ("2024/parentview.csv", date(2024, 12, 31)),
        ("parentview_2025.csv", date(2025, 12, 31)),
        ("2024-2025/parentview.csv", date(2025, 8, 31)),
        ("parentview_february_2024.csv", date(2024, 2, 29)),
    ],
)
def test_name_that_says_a_month_or_a_year_counts_from_its_end(desk: Desk, name: str, day: date) -> None:
    report = _parents(desk, name)
    release = desk.releases()[0]
    assert release.as_at == day
    assert release.published_on > day
    assert any(f"taken as {day:%d/%m/%Y}, the last day that it can mean" in problem for problem in report.problems)


def test_given_day_rules_over_a_year_in_the_name(desk: Desk) -> None:
    report = _parents(desk, "parentview_2025.csv", ImportOptions(as_at=date(2025, 4, 2)))
    assert report.period == "as at 02/04/2025"
    assert not any("the last day" in problem for problem in report.problems)


def test_year_that_is_not_over_is_no_date(desk: Desk) -> None:
    assert _parents(desk, "parentview_2099.csv").status == "needs a day"


def test_school_information_is_no_list_of_localities(desk: Desk) -> None:
    school = {"URN": "100001", "LAESTAB": "9992001", "SCHNAME": "Invented", "LOCALITY": "Northside", "AGEL": "4"}
    report = desk.take("2017-2018/999_spine.csv", laid_out(header("school_information_2018"), school))
    assert (report.kind, report.schools) == ("school_information", 1)
    assert desk.staged("stg_school_information")[0]["low_age"] == 4.0


def test_place_outside_the_country_is_refused_and_a_blank_one_kept(desk: Desk) -> None:
    columns = ("URN", "SCHNAME", "POSTCODE", "LAT", "LON")
    text = csv_text(columns, [["100001", "Invented", "EX1 1AA", "", ""]])
    assert desk.take("school_coordinates_2025.csv", text).status == "imported"
    assert desk.staged("stg_school_coordinates_rows")[0]["latitude_missing"] == "blank"
    said = desk.refused("school_coordinates_2024.csv", text.replace(",,", ",-0.09,51.5"))
    assert 'column LAT: "-0.09" is not a number from 49 to 61' in said


# --- by LA ----------------------------------------------------------------------------------------------------------


def test_la_files_are_counted_by_la_and_have_no_schools(desk: Desk) -> None:
    columns = ("old_la_code", "new_la_code", "la_name", "region_code", "region_name", "first_year", "last_year")
    body = [
        ["998", "E10000098", "Exampleshire", "E12000006", "East", "2017", "2023"],
        ["998", "E06000098", "Exampleshire", "E12000006", "East", "2023", "2025"],
        ["z", "E08000099", "Exampleton", "E12000003", "North", "2025", "2025"],
    ]
    report = desk.take("la_lookup.csv", csv_text(columns, body))
    assert (report.kind, report.rows_read, report.rows_kept, report.schools) == ("la_lookup", 3, 3, 0)
    assert desk.releases()[0].las == 1
    codes = [["998", "Exampleshire", "East", "SC"], ["970", "England", "NA", "NA"], ["980", "North East", "NA", "NA"]]
    desk.take("la_code_list.csv", csv_text(("LA Number", "LA Name", "Region", "Type"), codes))
    assert [row["scope"] for row in desk.staged("stg_la_codes_rows")] == ["la", "national", "other"]


def test_la_file_without_an_la_is_refused(desk: Desk) -> None:
    text = csv_text(("LA Number", "LA Name", "Region", "Type"), [["Exampleshire", "Exampleshire", "East", "SC"]])
    said = desk.refused("la_code_list.csv", text)
    assert "no row has a three-digit LA code" in said
    assert "column LA Number holds the LAs' numbers" in said


def test_la_twice_is_refused_as_an_la(desk: Desk) -> None:
    text = csv_text(("LA Number", "LA Name", "Region", "Type"), [["998", "Exampleshire", "East", "SC"]] * 2)
    assert "LA 998 stands in it 2 times (lines 2 and 3)." in desk.refused("la_code_list.csv", text)


def test_neighbours_are_read_below_their_column_numbers(desk: Desk) -> None:
    pairs = [name for place in range(1, 11) for name in (f"SN{place}", "SNP")]
    near = [cell for place in range(10) for cell in (900 + place, "Close")]
    content = workbook(
        ["A", "B", "C", "D", "E", *range(3, 23)],
        list(range(1, 26)),
        ["LA num", "LA Name", "LA number", "GOInd", "GOReg", *pairs],
        [998, "Exampleshire", 998, 3, "East", *near],
        [""],
        ["", "Old SNs:"],
        [997, "Exampleshire (Pre LG)", 997, 3, "East", *near],
    )
    report = desk.take("statistical_neighbours_may_2025.xlsx", content)
    assert (report.kind, report.period) == ("la_neighbours", "as at 31/05/2025")
    assert (report.rows_read, report.rows_kept) == (3, 2)
    row = desk.staged("stg_la_neighbours_rows")[0]
    assert (row["la_code"], row["neighbour_1"], row["neighbour_10"]) == ("998", "900", "909")
    assert {row[f"closeness_{place}"] for place in range(1, 11)} == {"Close"}


def test_indicators_of_a_parquet_file_keep_whole_codes_and_odd_numbers(desk: Desk) -> None:
    rows = [
        ("TotAbs", "Absence", "2023", "Exampleshire", "7.0000000000000007E-2", 998.0, "East"),
        ("TotAbs", None, "2025 (Rev)", "Exampleshire", "-", 998.0, "East"),
        ("TotAbs", None, "2023", "England", "7.4", 970.0, "NA"),
    ]
    content = io.BytesIO()
    pq.write_table(pa.Table.from_pylist([dict(zip(INDICATORS, row, strict=True)) for row in rows]), content)
    report = desk.take("la_indicators.parquet", content.getvalue())
    assert (report.kind, report.rows_read, report.rows_kept) == ("la_indicators", 3, 3)
    staged = desk.staged("stg_la_indicators_rows")
    assert [row["la_code"] for row in staged] == ["998", "998", "970"]
    assert [row["value"] for row in staged] == [pytest.approx(0.07), None, 7.4]
    assert (staged[1]["value_missing"], staged[1]["year_as_published"]) == ("blank", "2025 (Rev)")
    assert staged[1]["indicator_title"] is None
    assert [row["scope"] for row in staged] == ["la", "la", "national"]


# --- plain files are read at once, others row by row: nobody may see the difference -----------------------------------


def test_plain_file_and_quoted_file_give_the_same_rows(desk: Desk) -> None:
    columns = ["LA", "ESTAB", "URN", "PERCTOT", "PPERSABS10"]
    body = [["999", "2001", "100001", "4.0", "10"], [" ", "", "", "", ""], ["999", "2002", "100002", "", "SUPP"]]
    plain = csv_text(columns, body)
    quoted = "\r\n".join(",".join(f'"{cell}"' for cell in row) for row in [columns, *body])
    first = desk.take("2022-2023/england_abs.csv", plain)
    second = desk.take("2023-2024/england_abs.csv", quoted)
    assert first.problems[0] == second.problems[0] == "1 row (line 3) is blank: left out"
    seen = [
        [(row["row_number"], row["urn"], row["absence_pct"], row["persistent_absence_pct_missing"]) for row in rows]
        for rows in (
            [row for row in desk.staged("stg_absence_rows") if row["period"] == period]
            for period in ("2022-2023", "2023-2024")
        )
    ]
    assert seen[0] == seen[1] == [(2, "100001", 4.0, None), (4, "100002", None, "suppressed")]
