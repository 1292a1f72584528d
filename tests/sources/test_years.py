"""Which year a file is of: said inside, above, or outside it, never guessed; and what its figures say of that."""

import csv

import pytest

from risk_model.domain.paths import LOOKUPS
from risk_model.domain.periods import academic_years_in, school_year, short_academic_years_in
from risk_model.sources.catalogue import SOURCES, source_named
from risk_model.sources.contract import year_in_header
from risk_model.sources.importing import ImportOptions
from tests.sources.kit import ABSENCE_HEADER, Desk, absence_rows, csv_text, laid_out, layout, urns
from tests.sources.test_more_kinds import header

KS2_2025 = ("RECTYPE", "LEA", "URN", "TELIG", "PTRWM_EXP", "PTRWM_EXP_3YR", "TELIG_24", "PTRWM_EXP_24", "PTRWM_EXP_23")
KS2_PLAIN = ("RECTYPE", "LEA", "URN", "PTRWM_EXP")
CFR = ("LA", "URN", "TOTALINCOME", "T1516CAT1", "T1617CAT1")


# --- said by the columns ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "columns", "year"),
    [
        ("ks2", layout("ks2_2017"), "2016-2017"),
        ("ks2", layout("ks2_2018"), "2017-2018"),
        ("ks2", layout("ks2_2019"), "2018-2019"),
        ("ks2", list(KS2_2025), "2024-2025"),
        ("ks2", list(KS2_PLAIN), None),
        ("ks4", layout("ks4_2017"), "2016-2017"),
        ("ks4", layout("ks4_2018"), "2017-2018"),
        ("ks4", ["URN", "ATT8SCR", "ATT8SCR_PREV", "PTL2BASICS_94"], None),  # _94 is a grade
        ("finance", list(CFR), "2016-2017"),
        # the last year before the pandemic is repeated by later files than that of 2019-20, which never came
        ("ks2", ["URN", "PTRWM_EXP", "PTRWM_EXP_19"], None),
        ("ks5", header("ks5_2017"), None),
    ],
)
def test_columns_that_repeat_earlier_years_say_the_files_own(kind: str, columns: list[str], year: str | None) -> None:
    assert year_in_header(source_named(kind), columns) == year


def test_earlier_years_are_read_from_the_columns_of_that_vintage(desk: Desk) -> None:
    text = csv_text(KS2_2025, [["1", "999", "100001", "30", "60%", "58%", "29", "57%", "SUPP"]])
    report = desk.take("england_ks2final.csv", text)
    assert (report.status, report.period) == ("imported", "2024-2025")
    row = desk.staged("stg_ks2_rows")[0]
    assert (row["pupils_previous"], row["rwm_expected_previous_pct"], row["rwm_expected_pct"]) == (29.0, 57.0, 60.0)
    assert row["rwm_expected_three_years_pct"] == 58.0
    assert row["rwm_expected_two_years_before_pct_missing"] == "suppressed"
    assert row["pupils_two_years_before_missing"] == "not_in_file"


@pytest.mark.parametrize("name", ["2023-2024/england_ks2final.csv", "england_ks2final_2023-24.csv"])
def test_name_that_contradicts_the_columns_is_refused(desk: Desk, name: str) -> None:
    text = csv_text(KS2_2025, [["1", "999", "100001", "30", "60%", "58%", "29", "57%", "55%"]])
    said = desk.refused(name, text)
    assert "it is named or filed as 2023-2024, but its columns are those of 2024-2025" in said


def test_year_given_against_the_columns_is_refused(desk: Desk) -> None:
    text = csv_text(CFR, [["999", "100001", "5,000", "1", "2"]])
    said = desk.refused("cfr.csv", text, ImportOptions(period="2017-2018"))
    assert "it was given as 2017-2018, but its columns are those of 2016-2017" in said
    assert desk.take("cfr.csv", text).period == "2016-2017"


# --- said above the header, or outside --------------------------------------------------------------------------------


@pytest.mark.parametrize("title", ["Pupil absence in schools in England, 2023/24", "Absence: academic year 2023-24"])
def test_year_of_the_title_is_taken(desk: Desk, title: str) -> None:
    text = f'"{title}"\r\n\r\n' + csv_text(ABSENCE_HEADER, absence_rows())
    report = desk.take("england_abs.csv", text)
    assert (report.status, report.period) == ("imported", "2023-2024")


def test_title_of_two_years_says_none(desk: Desk) -> None:
    text = '"Absence, 2022/23 and 2023/24"\r\n' + csv_text(ABSENCE_HEADER, absence_rows())
    assert desk.asked("england_abs.csv", text).candidates == ()


def test_title_and_name_that_differ_are_asked_about(desk: Desk) -> None:
    text = '"Absence, 2022/23"\r\n' + csv_text(ABSENCE_HEADER, absence_rows())
    report = desk.asked("2023-2024/england_abs.csv", text)
    assert report.candidates == ("2022-2023", "2023-2024")
    assert "Its title says 2022-2023, its name or folder 2023-2024." in report.refusal
    answered = desk.take("2023-2024/england_abs.csv", text, ImportOptions(period="2022-2023"))
    assert (answered.status, answered.period) == ("imported", "2022-2023")


def test_name_and_folder_that_differ_are_asked_about(desk: Desk) -> None:
    text = csv_text(ABSENCE_HEADER, absence_rows())
    report = desk.asked("2023-2024/england_abs_2022-23.csv", text)
    assert report.candidates == ("2022-2023", "2023-2024")
    assert "Its name says one year and its folder another: 2022-2023 and 2023-2024." in report.refusal
    assert desk.take("downloads of 2024-25/2022-2023/england_abs.csv", text).period == "2022-2023"


def test_year_given_for_a_folder_never_overrules_a_title(desk: Desk) -> None:
    desk.write("england_abs.csv", '"Absence, 2022/23"\r\n' + csv_text(ABSENCE_HEADER, absence_rows()))
    report = desk.take_folder(ImportOptions(period="2023-2024"))["england_abs.csv"]
    assert "--period 2023-2024 was given for the whole folder, but it says 2022-2023 itself" in desk.fit_to_read(report)


@pytest.mark.parametrize(
    ("text", "years"),
    [
        ("england_1617", {"2016-2017"}),
        ("ks2_1617", {"2016-2017"}),
        ("abs 16-17", {"2016-2017"}),
        ("england_1618", set()),
        ("31-08-2025", set()),
        ("202324", set()),
        ("school 9992001", set()),
    ],
)
def test_four_figures_may_mean_a_year(text: str, years: set[str]) -> None:
    assert short_academic_years_in(text) == years


# --- said by the figures ----------------------------------------------------------------------------------------------


def _results(year: int, repeated: int | None = None, shift: int = 0) -> str:
    """Each school's results, of a year's own, and those of the year before where it repeats them."""
    schools = enumerate(urns(25))
    if repeated is None:
        body = [["1", "999", urn, f"{(7 * i + 13 * year + shift) % 60 + 30}%"] for i, urn in schools]
        return csv_text(KS2_PLAIN, body)
    columns = ("RECTYPE", "LEA", "URN", "PTRWM_EXP", f"PTRWM_EXP_{year - 1}")
    rows = [
        ["1", "999", urn, f"{(7 * i + 13 * year) % 60 + 30}%", f"{(7 * i + 13 * repeated) % 60 + 30}%"]
        for i, urn in schools
    ]
    return csv_text(columns, rows)


def test_repeated_year_that_agrees_is_taken(desk: Desk) -> None:
    assert desk.take("2023-2024/england_ks2final.csv", _results(24)).status == "imported"
    assert desk.take("2024-2025/england_ks2final.csv", _results(25, repeated=24)).status == "imported"


def test_later_file_that_repeats_another_year_than_is_loaded_is_refused(desk: Desk) -> None:
    desk.take("2023-2024/england_ks2final.csv", _results(22))  # the file of 2021-22, put into the wrong folder
    said = desk.refused("2024-2025/england_ks2final.csv", _results(25, repeated=24))
    assert "2024-2025 and 2023-2024/england_ks2final.csv, which is loaded as 2023-2024, cannot both be right" in said
    assert "The later file repeats the PTRWM_EXP of the earlier year: 0 of 25 schools have the same figure" in said


def test_earlier_file_that_a_loaded_one_repeats_otherwise_is_refused(desk: Desk) -> None:
    desk.take("2024-2025/england_ks2final.csv", _results(25, repeated=24))
    assert "cannot both be right" in desk.refused("2023-2024/england_ks2final.csv", _results(22))
    assert desk.take("2023-2024/england_ks2final.csv", _results(24)).status == "imported"


def _absence(*national: str) -> str:
    """Schools' absence with national rows: primary, secondary, special, as overall/persistent."""
    rows = [["NAT", phase, "", *pair.split("/")] for phase, pair in zip(("PRI", "SEC", "SPE"), national, strict=False)]
    return csv_text(ABSENCE_HEADER, [*absence_rows(), *rows])


def test_national_rows_of_another_year_are_refused_with_both_figures(desk: Desk) -> None:
    said = desk.refused("2018-2019/england_abs.csv", _absence("5.5/14.6", "8.9/25.6", "13.0/37.2"))
    assert "it says 2018-2019, but its national row is that of 2023-2024" in said
    # the widest of the six: secondary persistent absence, 25.6 against 13.7
    assert "PPERSABS10, secondary: it has 25.6; England's figure of 2023-2024 is 25.6, that of 2018-2019 13.7." in said
    assert "All 6 figures that can be compared are those of 2023-2024." in said


def test_national_rows_of_the_year_are_taken_in_silence(desk: Desk) -> None:
    report = desk.take("2023-2024/england_abs.csv", _absence("5.5/14.6", "8.9/25.6", "13.0/37.2"))
    assert report.status == "imported"
    assert not any("national" in problem for problem in report.problems)


def test_small_difference_of_a_revised_file_is_only_noted(desk: Desk) -> None:
    report = desk.take("2023-2024/england_abs.csv", _absence("5.6/14.7", "8.9/25.6", "13.0/37.2"))
    assert report.status == "imported"
    assert any("differs a little from the figures that are known" in problem for problem in report.problems)


def test_national_rows_of_no_year_that_is_known_are_taken_and_noted(desk: Desk) -> None:
    report = desk.take("2023-2024/england_abs.csv", _absence("6.5/19.6", "9.9/29.6", "14.0/39.2"))
    assert report.status == "imported"
    assert any("differs more than revisions do" in problem for problem in report.problems)


def test_national_rows_of_an_earlier_year_in_a_year_that_is_not_known_are_noted(desk: Desk) -> None:
    report = desk.take("2030-2031/england_abs.csv", _absence("5.5/14.6", "8.9/25.6", "13.0/37.2"))
    assert report.status == "imported"
    note = "its national figures are those of 2023-2024, not of 2030-2031: check its year"
    assert note in report.problems


def test_two_figures_alone_prove_no_other_year(desk: Desk) -> None:
    assert desk.take("2018-2019/england_abs.csv", _absence("5.5/14.6")).status == "imported"


def test_results_under_the_next_year_are_refused_by_the_national_row(desk: Desk) -> None:
    national = {"RECTYPE": "7", "TPUP": "527744", "ATT8SCR": "46.3", "P8MEA": "-0.03", "PTEBACC_E_PTQ_EE": "38.20%"}
    school = {"RECTYPE": "1", "LEA": "999", "URN": "100001", "ATT8SCR": "44"}
    columns = ["RECTYPE", "LEA", "URN", "TPUP", "ATT8SCR", "P8MEA", "PTL2BASICS_95", "PTEBACC_E_PTQ_EE"]
    text = laid_out(columns, school, {**national, "PTL2BASICS_95": "42.70%"})
    assert "its national row is that of 2016-2017" in desk.refused("2018-2019/england_ks4final.csv", text)
    assert desk.take("2016-2017/england_ks4final.csv", text).status == "imported"


def _inspected(*days: str) -> str:
    body = [
        {"URN": urn, "School name": "Invented", "Inspection start date": day}
        for urn, day in zip(urns(5), days, strict=False)
    ]
    return laid_out(layout("ofsted_2025"), *body, otherwise="NULL")


def test_snapshot_that_knows_of_later_inspections_is_refused(desk: Desk) -> None:
    text = _inspected("04/03/2024", "01/10/2025", "02/10/2025", "14/10/2025")
    said = desk.refused("mi_31_August_2025.csv", text)
    assert "it is said to be of 31/08/2025, but knows of later days" in said
    assert "3 rows (the first is line 3) have a later day in the column Inspection start date" in said
    assert "the latest is 14/10/2025" in said
    assert desk.take("mi_31_October_2025.csv", text).status == "imported"


def test_slips_in_two_dates_do_not_make_a_later_day(desk: Desk) -> None:
    text = _inspected("04/03/2024", "01/10/2025", "02/10/2025")
    assert desk.take("mi_31_August_2025.csv", text).status == "imported"


def test_every_known_national_figure_is_of_a_field_and_has_its_reference() -> None:
    with (LOOKUPS / "national_figures.csv").open(encoding="utf-8", newline="") as file:
        known = list(csv.DictReader(file))
    assert len(known) > 300
    for row in known:
        one = source_named(row["source"]).field_named(row["field"])
        assert one.low is None or float(row["value"]) >= one.low
        assert one.high is None or float(row["value"]) <= one.high
        assert float(row["tolerance"]) > 0
        assert row["reference"]
        assert academic_years_in(row["period"]) == {row["period"]}


def test_every_national_gap_is_of_a_field() -> None:
    with (LOOKUPS / "national_gaps.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            source = source_named(row["source"])
            assert academic_years_in(row["period"]) == {row["period"]}
            assert row["field"] == "*" or source.field_named(row["field"]).name == row["field"]


def test_every_figure_that_a_file_repeats_or_is_told_by_is_a_field() -> None:
    for source in SOURCES:
        names = {one.name for one in source.fields}
        for name, (figure, says) in source.from_rows.items():
            assert {name, figure, *says} <= names
        assert {*source.repeats, *source.rows_where, *(n for pair in source.repeats.values() for n in pair)} <= names


@pytest.mark.parametrize(
    ("period", "shown"),
    [("2024-2025", "2024-25"), ("2026-02-03", "2026-02-03"), ("register", "register"), ("", "")],
)
def test_an_academic_year_is_shown_short_and_any_other_period_as_it_is(period: str, shown: str) -> None:
    assert school_year(period) == shown
