"""A file beside what is loaded: the same one, another year's, schools that no register knows, dates given."""

from datetime import date
from pathlib import Path

import pytest

from risk_model.domain.errors import FileRefused
from risk_model.sources.importing import Given, ImportOptions, import_given, import_paths
from tests.sources.kit import ABSENCE_HEADER, Desk, absence_rows, absence_text, csv_text, gias_text, urns

NAME = "2023-2024/england_abs.csv"


def test_same_file_twice_changes_nothing(desk: Desk) -> None:
    first = desk.take(NAME, absence_text())
    stored = {path.name: path.read_bytes() for path in desk.data.lake.glob("*")}
    second = desk.take(NAME, absence_text())
    assert (first.status, second.status) == ("imported", "already loaded")
    assert second.release_id == first.release_id
    assert second.refusal == ()
    assert {path.name: path.read_bytes() for path in desk.data.lake.glob("*")} == stored


def test_same_file_under_another_year_is_refused_however_small(desk: Desk) -> None:
    desk.take(NAME, absence_text())
    said = desk.refused("2022-2023/england_abs.csv", absence_text())
    assert "2022-2023/england_abs.csv was not imported: it says 2022-2023" in said
    assert "the very file that is loaded for 2023-2024" in said


def test_same_snapshot_under_another_day_is_refused(desk: Desk) -> None:
    desk.take("edubasealldata20250901.csv", gias_text(urns(3)))
    said = desk.refused("edubasealldata20251001.csv", gias_text(urns(3)))
    assert "it says 01/10/2025, but is the very file that is loaded for 01/09/2025" in said


def test_figures_of_another_year_are_refused_by_both_names(desk: Desk) -> None:
    desk.take("2022-2023/england_abs.csv", absence_text(25))
    # 24 of 25 schools (96%) have both figures of 2022-2023.
    body = absence_rows(25)
    body[0][3:] = ["6.6", "16.6"]
    said = desk.refused(NAME, csv_text(ABSENCE_HEADER, body))
    assert "2023-2024/england_abs.csv was not imported: it says 2023-2024, but holds the figures of 2022-2023" in said
    assert "24 of 25 schools have the very figures of 2022-2023/england_abs.csv" in said


def test_figures_of_which_a_tenth_differ_are_another_year(desk: Desk) -> None:
    desk.take("2022-2023/england_abs.csv", absence_text(25))
    body = absence_rows(25)
    for row in body[:3]:  # 22 of 25 are the same: 88%
        row[3:] = ["6.6", "16.6"]
    assert desk.take(NAME, csv_text(ABSENCE_HEADER, body)).status == "imported"


def test_unknown_schools_are_counted_and_the_first_named(desk: Desk) -> None:
    desk.take("edubasealldata20250901.csv", gias_text(urns(3)))
    report = desk.take(NAME, absence_text(10))
    note = "7 schools are in no register that is loaded: 100004, 100005, 100006, 100007, 100008 and 2 more"
    assert report.status == "imported"
    assert note in report.problems
    assert note in desk.releases()[0].problems


def test_unknown_schools_of_the_las_own_list_are_all_named(desk: Desk) -> None:
    desk.take("edubasealldata20250901.csv", gias_text(urns(3)))
    text = csv_text(("urn", "locality"), [[urn, "North"] for urn in urns(11)])
    report = desk.take("localities.csv", text)
    assert report.problems == (f"8 schools are in no register that is loaded: {', '.join(urns(8, 100_004))}",)


def test_school_known_by_its_links_is_known(desk: Desk) -> None:
    desk.take("edubasealldata20250901.csv", gias_text(urns(3)))
    links = csv_text(
        ("URN", "LinkURN", "LinkName", "LinkType", "LinkEstablishedDate"),
        [["100001", "100004", "Invented School", "Predecessor", "01-09-2014"]],
    )
    desk.take("links_edubasealldata20250422.csv", links)
    report = desk.take(NAME, absence_text(5))
    assert "1 school is in no register that is loaded: 100005" in report.problems


def test_without_a_register_nothing_is_said_of_unknown_schools(desk: Desk) -> None:
    assert not any("register" in problem for problem in desk.take(NAME, absence_text()).problems)


def test_localities_without_a_date_are_of_today_and_still_known_tomorrow(desk: Desk) -> None:
    text = csv_text(("urn", "locality"), [["100001", "North"]])
    desk.take("localities_2024-09-01.csv", text)
    assert desk.take("localities.csv", text).status == "already loaded"
    assert desk.take("localities2.csv", text.replace("North", "South")).status == "imported"
    assert desk.releases()[-1].as_at == date.today()


@pytest.mark.parametrize(
    ("name", "candidates", "why"),
    [
        ("2016/england_abs.csv", ("2015-2016", "2016-2017"), 'Its name says "2016" alone, which can mean'),
        ("england_abs_2016.csv", ("2015-2016", "2016-2017"), "2015-2016 or 2016-2017"),
        ("england_abs_1617.csv", ("2016-2017",), "does not say so in full"),
        ("2016-2017_and_2017-2018.csv", ("2016-2017", "2017-2018"), "2016-2017 and 2017-2018"),
        ("england_abs.csv", (), "Neither its name nor its folder says a year."),
    ],
)
def test_year_that_is_not_certain_is_asked_for(desk: Desk, name: str, candidates: tuple[str, ...], why: str) -> None:
    report = desk.asked(name, absence_text())
    assert (report.status, report.candidates) == ("needs a year", candidates)
    said = "\n".join(report.refusal)
    assert "its academic year is not certain" in said
    assert why in said
    assert "--period" in said


def test_year_above_what_was_pointed_at_does_not_count(tmp_path: Path, desk: Desk) -> None:
    path = desk.write("2018-2019/somewhere/england_abs.csv", absence_text())
    assert import_paths(desk.data, [path])[0].status == "needs a year"
    assert import_paths(desk.data, [desk.folder])[0].period == "2018-2019"


def test_given_year_rules_a_named_file(desk: Desk) -> None:
    report = desk.take("2016/england_abs.csv", absence_text(), ImportOptions(period="2015-2016"))
    assert (report.status, report.period) == ("imported", "2015-2016")


def test_given_year_never_overrules_the_files_of_a_folder(desk: Desk) -> None:
    desk.write("2018-2019/england_abs.csv", absence_text())
    desk.write(NAME, absence_text(shift=1))
    reports = desk.take_folder(ImportOptions(period="2023-2024"))
    assert reports[NAME].status == "imported"
    said = desk.fit_to_read(reports["2018-2019/england_abs.csv"])
    assert "--period 2023-2024 was given for the whole folder, but it says 2018-2019 itself" in said


def test_publication_date_can_be_corrected(desk: Desk) -> None:
    name = "2030-2031/england_abs.csv"  # not in the calendar
    first = desk.take(name, absence_text())
    assert any("say --published-on to correct it" in problem for problem in first.problems)
    second = desk.take(name, absence_text(), ImportOptions(published_on=date(2026, 3, 26)))
    assert (second.status, second.release_id) == ("imported", first.release_id)
    assert [(r.published_on, r.published_by) for r in desk.releases()] == [(date(2026, 3, 26), "given")]


def test_snapshot_without_a_day_is_dated_from_inside(desk: Desk) -> None:
    desk.take("register.csv", gias_text(urns(2), changed="11-03-2024"))
    assert desk.releases()[0].as_at == date(2024, 3, 11)


def test_snapshot_that_says_no_day_is_refused(desk: Desk) -> None:
    text = csv_text(("URN", "LinkURN", "LinkType"), [["100001", "100004", "Predecessor"]])
    report = desk.asked("links.csv", text)
    assert (report.status, report.candidates) == ("needs a day", ())
    assert "it does not say which day it describes" in report.refusal[0]
    assert desk.asked("links_april_2025.csv", text).candidates == ("2025-04-30",)


def test_path_that_is_not_there_stops_before_anything_lands(desk: Desk) -> None:
    good = desk.write(NAME, absence_text())
    with pytest.raises(FileRefused, match="no such file or folder"):
        import_paths(desk.data, [good, desk.folder / "none.csv"])
    assert desk.releases() == []


def test_uploaded_file_keeps_its_name_and_no_path(desk: Desk) -> None:
    content = absence_text().encode()
    reports = import_given(desk.data, Given("..\\2023-2024\\england_abs.csv", content, True), ImportOptions())
    assert [(r.name, r.status) for r in reports] == [(NAME, "imported")]


def test_two_files_of_one_name_are_told_apart(desk: Desk) -> None:
    desk.write("2022-2023/england_abs.csv", absence_text(shift=1))
    desk.write(NAME, absence_text())
    assert set(desk.take_folder()) == {"2022-2023/england_abs.csv", NAME}
