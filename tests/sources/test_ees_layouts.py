"""Known tables of Explore Education Statistics: the same yearly kinds as the older files, read by their filters."""

import pytest

from risk_model.sources.importing import ImportOptions
from tests.sources.kit import Desk, csv_text, urns

PLACE = ("time_period", "time_identifier", "geographic_level", "old_la_code", "school_urn", "school_laestab")
KS4_2024 = (*PLACE, "breakdown", "t_pupils", "avg_att8", "avg_p8score", "p8score_ci_low", "pt_l2basics_95")
KS4_2025 = (*PLACE, "breakdown_topic", "breakdown", "pupil_count", "attainment8_average", "engmath_95_percent")
KS2 = (*PLACE, "breakdown_topic", "breakdown", "subject", "expected_standard_pupil_percent")
ABSENCE = (*PLACE, "sess_overall_percent", "enrolments_pa_10_exact_percent", "enrolments_pa_50_exact_percent")
WORKFORCE = (*PLACE, "pupils_fte", "teachers_fte", "pupil_to_qual_teacher_ratio", "pupil_to_qual_unqual_teacher_ratio")
TURNOVER = (*PLACE, "teacher_fte_in_census_year", "remained_in_the_same_school", "left_the_state-funded_system")
SICKNESS = (*PLACE, "total_number_of_days_lost", "average_number_of_days_taken", "average_number_of_days_all_teachers")
CENSUS = (
    *("time_period", "time_identifier", "geographic_level", "urn", "old_la_code", "laestab", "phase_type_grouping"),
    *("headcount of pupils", "number of pupils known to be eligible for free school meals"),
    *("% of pupils known to be eligible for free school meals",),
    *("% of pupils whose first language is known or believed to be other than English",),
)


def school(urn: str, period: str = "202324", identifier: str = "Academic year") -> list[str]:
    """How a school's row begins."""
    return [period, identifier, "School", "999", urn, f"9994{urn[-3:]}"]


def above(level: str, period: str = "202324") -> list[str]:
    """How a row above the school begins."""
    return [period, "Academic year", level, "", "", ""]


def _schools(desk: Desk, kind: str) -> list[dict[str, object]]:
    """The rows of schools that count, with every field."""
    return [row for row in desk.staged(f"stg_{kind}_rows") if row["scope"] == "school"]


def test_key_stage_4_of_2024_is_read_from_its_total_rows(desk: Desk) -> None:
    body = [
        [*school("100001"), "Total", "180", "45.2", "-0.21", "-0.45", "41.3"],
        [*school("100001"), "Girls", "90", "48.0", "0.02", "-0.31", "44.0"],
        [*school("100001"), "Disadvantaged", "40", "33.1", "c", "c", "c"],
        [*school("100001"), "Not known to be disadvantaged", "140", "48.7", "c", "c", "50"],
        [*school("100002"), "Total", "60", "z", "z", "z", "0"],
        [*above("National"), "Total", "610000", "45.9", "-0.03", "", "45.9"],
    ]
    report = desk.take("202324_performance_tables_schools_final.csv", csv_text(KS4_2024, body))
    assert (report.status, report.kind, report.period) == ("imported", "ks4", "2023-2024")
    assert (report.rows_read, report.rows_kept, report.schools) == (6, 6, 2)
    first, second = _schools(desk, "ks4")
    assert (first["period"], first["pupils"]) == ("2023-2024", 180.0)
    assert (first["attainment8_score"], first["progress8_score"], first["progress8_lower"]) == (45.2, -0.21, -0.45)
    assert (first["basics_grade5_pct"], first["ebacc_score_missing"]) == (41.3, "not_in_file")
    assert (second["attainment8_score"], second["attainment8_score_missing"]) == (None, "not_applicable")
    assert [row["scope"] for row in desk.staged("stg_ks4_rows")] == [
        *("school", "other", "other", "other", "school", "other"),
    ]
    # what stands in the rows of a group of pupils
    assert (first["attainment8_disadvantaged_score"], first["attainment8_others_score"]) == (33.1, 48.7)
    assert first["basics_grade5_disadvantaged_pct_missing"] == "suppressed"
    assert (first["basics_grade5_others_pct"], first["basics_grade5_others_pct_missing"]) == (50.0, None)
    assert second["attainment8_disadvantaged_score_missing"] == "not_in_file"
    assert desk.staged("stg_ks4_summary") == []


def test_key_stage_4_of_2025_stands_beside_a_file_of_the_tables(desk: Desk) -> None:
    tables = csv_text(("RECTYPE", "LEA", "URN", "ATT8SCR"), [["1", "999", "100001", "44.4"]])
    assert desk.take("2022-2023/england_ks4final.csv", tables).kind == "ks4"
    body = [
        [*school("100001", "202425"), "Total", "Total", "181", "46.1", "43"],
        [*school("100001", "202425"), "Sex", "Boys", "90", "40.1", "38"],
        [*school("100001", "202425"), "Disadvantage status", "Total", "40", "30.1", "28"],
    ]
    report = desk.take("202425_performance_tables_schools_revised.csv", csv_text(KS4_2025, body))
    assert (report.kind, report.period, report.schools) == ("ks4", "2024-2025", 1)
    assert {r["year"]: r["attainment8_score"] for r in desk.staged("stg_ks4")} == {2023: 44.4, 2025: 46.1}


def test_key_stage_2_is_read_from_the_rows_of_all_three_subjects(desk: Desk) -> None:
    body = [
        [*school("100001"), "All pupils", "Total", "Reading", "80"],
        [*school("100001"), "All pupils", "Total", "Reading, writing and maths", "64"],
        [*school("100001"), "Disadvantage status", "Disadvantaged", "Reading, writing and maths", "x"],
        [*school("100001", "202425"), "All pupils", "Total", "Reading, writing and maths", "66"],
    ]
    report = desk.take("ks2_school_attainment_data.csv", csv_text(KS2, body))
    assert (report.kind, report.period, report.schools) == ("ks2", "history", 1)
    found = _schools(desk, "ks2")
    assert [(r["period"], r["rwm_expected_pct"]) for r in found] == [("2023-2024", 64.0), ("2024-2025", 66.0)]
    assert (found[0]["reading_expected_pct"], found[0]["rwm_disadvantaged_pct_missing"]) == (80.0, "suppressed")
    assert (found[1]["reading_expected_pct"], found[1]["reading_expected_pct_missing"]) == (None, "not_in_file")
    assert {row["maths_expected_pct_missing"] for row in found} == {"not_in_file"}


def test_absence_of_many_years_counts_year_by_year_and_only_full_years(desk: Desk) -> None:
    body = [
        [*school("100001", "202223"), "7.1", "20.1", "1.9"],
        [*school("100001"), "7.0", "19.0", "low"],
        [*school("100001", "202425", "Autumn term"), "6.0", "17.0", "2.0"],
        [*school("100002"), "c", "c", "c"],
        [*above("National"), "7.1", "20.0", "2.3"],
    ]
    report = desk.take("1a_absence_3term_school.csv", csv_text(ABSENCE, body))
    assert (report.kind, report.period, report.schools, report.rows_kept) == ("absence", "history", 2, 5)
    found = _schools(desk, "absence")
    assert [(r["urn"], r["period"], r["absence_pct"], r["severe_absence_pct"]) for r in found] == [
        ("100001", "2022-2023", 7.1, 1.9),
        ("100001", "2023-2024", 7.0, None),
        ("100002", "2023-2024", None, None),
    ]
    assert found[1]["severe_absence_pct_missing"] == "rounds_to_zero"
    assert found[2]["absence_pct_missing"] == "suppressed"


def test_absence_of_a_term_is_no_absence_of_a_year(desk: Desk) -> None:
    body = [[*school("100001", "202425", "Autumn and spring term"), "6.0", "17.0", "2.0"]]
    said = desk.refused("1_absence_2term_school.csv", csv_text(ABSENCE, body))
    assert 'A row counts only where time_identifier is "Academic year".' in said


def test_census_of_the_new_layout_is_the_census(desk: Desk) -> None:
    row = ["202425", "Academic year", "School", "100001", "999", "9992001", "State-funded primary"]
    body = [
        [*row, "210", "50", "23.8", "z"],
        ["202425", "Academic year", "National", *["z"] * 4, "9000000", "", "", ""],
    ]
    report = desk.take("spc_school_level_underlying_data_2025.csv", csv_text(CENSUS, body))
    assert (report.kind, report.period, report.schools) == ("census", "2024-2025", 1)
    found = _schools(desk, "census")[0]
    assert (found["pupils"], found["fsm_pupils"], found["fsm_pct"]) == (210.0, 50.0, 23.8)
    assert (found["eal_pct_missing"], found["fsm6_pct_missing"]) == ("not_applicable", "not_in_file")


def test_staff_of_the_new_layout_are_counted_year_by_year(desk: Desk) -> None:
    body = [
        [*school("100001", "201011"), "200", "10", "20.5", "20"],
        [*school("100001", "202425"), "210", "10", "22", "21"],
    ]
    report = desk.take("workforce_ptrs_2010_2024_sch.csv", csv_text(WORKFORCE, body))
    assert (report.kind, report.period) == ("workforce", "history")
    found = desk.staged("stg_workforce")
    assert [(r["year"], r["pupils_per_teacher"], r["pupils_per_qualified_teacher"]) for r in found] == [
        (2011, 20.0, 20.5),
        (2025, 21.0, 22.0),
    ]


def test_teachers_who_stayed_and_teachers_who_were_ill_are_kinds_of_their_own(desk: Desk) -> None:
    body = [
        [*school("100001", "202223"), "20.5", "17.2", "2.1"],
        [*school("100001", "202324"), "21", "c", "c"],
        [*above("National"), "450000", "405000", "43000"],
    ]
    report = desk.take("teacher_turnover_2010_2024_sch.csv", csv_text(TURNOVER, body))
    assert (report.kind, report.period, report.schools) == ("staff_turnover", "history", 1)
    found = desk.staged("stg_staff_turnover")
    assert [(r["year"], r["teachers_fte"], r["remained_fte"], r["remained_fte_missing"]) for r in found] == [
        (2023, 20.5, 17.2, None),
        (2024, 21.0, None, "suppressed"),
    ]
    body = [[*school("100001", "202223"), "164", "11.7", "8"], [*school("100002", "202223"), "0", "z", "0"]]
    report = desk.take("sickness_absence_teachers_2010_2024_sch.csv", csv_text(SICKNESS, body))
    assert (report.kind, report.schools) == ("staff_absence", 2)
    found = _schools(desk, "staff_absence")
    assert [(r["days_lost"], r["days_per_teacher"], r["days_per_absent_teacher_missing"]) for r in found] == [
        (164.0, 8.0, None),
        (0.0, 0.0, "not_applicable"),
    ]


def test_year_that_was_given_and_that_no_row_says_is_refused(desk: Desk) -> None:
    text = csv_text(WORKFORCE, [[*school("100001", "202425"), "210", "10", "22", "21"]])
    said = desk.refused("staff.csv", text, ImportOptions(period="2023-2024"))
    assert "it was given as 2023-2024, but its rows say 2024-2025" in said
    assert desk.take("staff.csv", text, ImportOptions(period="2024-2025")).period == "2024-2025"


def test_same_table_again_is_loaded_already_whatever_it_is_called(desk: Desk) -> None:
    text = csv_text(WORKFORCE, [[*school("100001", "202425"), "210", "10", "22", "21"]])
    assert desk.take("2023-2024/staff.csv", text).period == "2024-2025"
    assert desk.take("staff.csv", text).status == "already loaded"


def test_school_twice_in_a_year_is_refused_and_in_two_years_taken(desk: Desk) -> None:
    row = [*school("100001"), "210", "10", "22", "21"]
    assert "School 100001 stands in it 2 times" in desk.refused("staff.csv", csv_text(WORKFORCE, [row, row]))


@pytest.mark.parametrize("marker", ["z", "c", "x", "u", "low", ":"])
def test_every_marker_of_the_layout_is_a_reason(desk: Desk, marker: str) -> None:
    body = [[*school(urn), marker, marker, marker] for urn in urns(2)]
    assert desk.take("absence.csv", csv_text(ABSENCE, body)).status == "imported"
    assert not {row["absence_pct_missing"] for row in desk.staged("stg_absence")} & {None, "unreadable", "blank"}
