"""Inspections in files of every vintage become one history: all sources, what contradicts, what was graded anew."""

import csv
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from risk_model.domain.paths import DataDir
from risk_model.domain.viewer import local_viewer
from risk_model.scoring.building import make_build
from risk_model.services.copy import Copy, close_records, open_data_records
from risk_model.services.inspection_rows import inspection_contradictions, inspection_rows
from risk_model.services.profile import school_profile
from risk_model.warehouse.builds import Build
from tests.scoring.kit import LAYOUTS as DEMO_LAYOUTS
from tests.scoring.kit import build_rows, import_all

VINTAGES = Path(__file__).parents[1] / "sources" / "layouts"
BEFORE_MONITORING, AFTER_MONITORING = date(2026, 4, 30), date(2026, 7, 31)
SCHOOL, PREDECESSOR, SHORT, LEFT_OUT, MONITORED = "110001", "109001", "110002", "110003", "110004"
TOLD_LATE = "110005"
Row = Mapping[str, str]

IDENTITY = {
    "LAESTAB": "2022001",
    "School name": "Test School",
    "Ofsted phase": "Primary",
    "Type of education": "Academy Converter",
    "School open date": "01/09/2013",
    "Local authority": "Camden",
}
SATISFACTORY = {
    "URN": PREDECESSOR,
    "Inspection number": "ITS100001",
    "Inspection start date": "10/05/2010",
    "Inspection end date": "11/05/2010",
    "Overall effectiveness: how good is the school": "3",
    "How well do learners achieve": "3",
    "Leadership and management": "2",
}
REQUIRES_IMPROVEMENT = {
    "URN": SCHOOL,
    "Inspection number": "ITS100002",
    "Inspection start date": "14/10/2014",
    "Inspection end date": "15/10/2014",
    "Overall effectiveness: how good is the school": "3",
    "Achievement of pupils": "3",
    "Behaviour and safety of pupils": "2",
}
# the same inspection in a file of 2014, which has numbers without letters
IN_2014 = {**REQUIRES_IMPROVEMENT, "Inspection number": "100002", "Inspection end date": "NULL"}
# the inspection before stands under its last day
LATEST_2018 = {
    "URN": SCHOOL,
    "Inspection number": "10000003",
    "Inspection date": "08/03/2017",
    "Overall effectiveness": "2",
    "Quality of teaching, learning and assessment": "2",
    "Effectiveness of leadership and management": "2",
    "Previous full inspection date": "15/10/2014",
    "Previous full inspection overall effectiveness": "3",
}
LIST_2019 = [
    {
        "URN": SCHOOL,
        "Inspection number": "10000003",
        "Inspection start date": "08/03/2017",
        "Inspection end date": "09/03/2017",
        "Publication date": "20/04/2017",
        "Overall effectiveness": "2",
    },
    {
        "URN": SCHOOL,
        "Inspection number": "10000004",
        "Inspection start date": "12/06/2019",
        "Publication date": "10/07/2019",
        "Outcomes for S8 inspections that did not convert": "School remains Good",
    },
    {
        "URN": SHORT,
        "Inspection number": "10000010",
        "Inspection start date": "05/02/2019",
        "Did the latest S8 inspection convert to a full inspection?": "Yes",
    },
    {
        "URN": SHORT,
        "Inspection number": "10000011",
        "Inspection start date": "07/02/2019",
        "Publication date": "20/03/2019",
        "Overall effectiveness": "4",
        "Category of concern": "SWK",
    },
    {
        "URN": LEFT_OUT,
        "Inspection number": "10000020",
        "Inspection start date": "05/03/2019",
        "Did the latest S8 inspection convert to a full inspection?": "Yes",
    },
]
LATEST_2022 = {
    "URN": SCHOOL,
    "Latest section 8 inspection number since last full inspection": "10000004",
    "URN at time of the section 8 inspection": SCHOOL,
    "Date of latest section 8 inspection": "12/06/2019",
    "Did the latest section 8 inspection convert to a full inspection?": "No",
    "Section 8 inspection overall outcome": "School remains Good",
    "Inspection number of latest full inspection": "10000003",
    "Inspection start date": "08/03/2017",
    "Does the latest full inspection relate to the URN of the current school?": "Yes",
    "Overall effectiveness": "2",
}
LATEST_2023 = {
    "URN": SCHOOL,
    "Latest ungraded inspection number since last graded inspection": "10000005",
    "Does the ungraded inspection relate to the URN of the current school?": "Yes",
    "Date of latest ungraded inspection": "20/06/2023",
    "Ungraded inspection publication date": "14/07/2023",
    "Did the latest ungraded inspection convert to a graded inspection?": "No",
    "Ungraded inspection overall outcome": "School remains Good (Concerns) - S5 Next",
    "Inspection number of latest graded inspection": "10000003",
    "Inspection start date": "08/03/2017",
    "Overall effectiveness": "2",
}
MONITORED_2024 = {
    "URN": SCHOOL,
    "Inspection number": "10000006",
    "Inspection type": "S8 No Formal Designation Visit",
    "Inspection start date": "04/06/2024",
    "Publication date": "02/07/2024",
}
# a grade of 2017 that every other file has as 2
LATEST_2025 = {
    "URN": SCHOOL,
    "Inspection number of latest graded inspection": "10000007",
    "Inspection start date": "21/01/2025",
    "Publication date": "25/02/2025",
    "Does the latest graded inspection relate to the URN of the current school?": "Yes",
    "Overall effectiveness": "Not judged",
    "Quality of education": "3",
    "Behaviour and attitudes": "2",
    "Personal development": "2",
    "Effectiveness of leadership and management": "2",
    "Safeguarding is effective?": "Yes",
    "Previous inspection number": "10000003",
    "Previous inspection start date": "08/03/2017",
    "Previous publication date": "20/04/2017",
    "Does the previous graded inspection relate to the URN of the current school?": "Yes",
    "Previous graded inspection overall effectiveness": "3",
}
AREAS = (
    "Inclusion",
    "Curriculum and teaching",
    "Achievement",
    "Attendance and behaviour",
    "Personal development and wellbeing",
    "Leadership and governance",
)


def report_card(achievement: str, on: str, dated: str) -> Row:
    """A report card of January 2026, with the grade that achievement has and its day."""
    return {
        "URN": SCHOOL,
        "Inspection number of latest full inspection": "10000008",
        "Inspection start date": "13/01/2026",
        "Publication date": "17/02/2026",
        "Safeguarding standards": "Met",
        "Early years (where applicable)": "Not applicable",
        **dict.fromkeys(AREAS, "Expected standard"),
        **{f"{area} - {dated}": "13/01/2026" for area in AREAS},
        "Achievement": achievement,
        f"Achievement - {dated}": on,
    }


# a list by inspection has no days of grades: what it says is the grade of the inspection
IN_YEAR_2026 = {
    "URN": SCHOOL,
    "Inspection number": "10000008",
    "Inspection start date": "13/01/2026",
    "Publication date": "17/02/2026",
    "Safeguarding standards": "Met",
    **dict.fromkeys(AREAS, "Expected standard"),
    "Achievement": "Needs attention",
}
# a month before the list that says that it converted
SHORT_2019 = {
    "URN": SHORT,
    "Inspection number": "10000010",
    "Inspection start date": "05/02/2019",
    "Outcomes for S8 inspections that did not convert": "School remains Good",
}
OTHERS = [{"URN": urn, "LAESTAB": f"202200{urn[-1]}"} for urn in (SHORT, LEFT_OUT, MONITORED, TOLD_LATE)]


def write(path: Path, layout: Path, rows: Sequence[Row], title: str = "") -> None:
    """A small file under the whole header of a published one: Windows-1252, NULL where there is nothing."""
    with layout.open(encoding="utf-8-sig", newline="") as file:
        header = next(csv.reader(file))
    unknown = {column for row in rows for column in row} - set(header)
    assert not unknown, (layout.name, sorted(unknown))
    with path.open("w", encoding="cp1252", newline="") as file:
        writer = csv.writer(file)
        if title:
            writer.writerow([title])
        writer.writerow(header)
        identity = {column: cell for column, cell in IDENTITY.items() if column in header}
        writer.writerows([{**identity, **row}.get(column, "NULL") for column in header] for row in rows)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> DataDir:
    folder = tmp_path_factory.mktemp("history")
    files = folder / "files"
    files.mkdir()
    write(files / "inspections 2005 to 2015.csv", VINTAGES / "ofsted_2015_inspections.csv", [SATISFACTORY])
    write(files / "inspections to 2015.csv", VINTAGES / "ofsted_2015_inspections.csv", [REQUIRES_IMPROVEMENT])
    write(files / "inspections of 2014.csv", VINTAGES / "ofsted_2015_inspections.csv", [IN_2014])
    title = "Management information: latest inspections"
    write(files / "latest_as_at_31_August_2018.csv", VINTAGES / "ofsted_2018_latest.csv", [LATEST_2018], title)
    write(files / "1 September 2015 to 31 August 2019.csv", VINTAGES / "ofsted_2019_inspections.csv", LIST_2019, title)
    write(files / "inspections to February 2019.csv", VINTAGES / "ofsted_2019_inspections.csv", [SHORT_2019])
    write(files / "latest_as_at_28_Feb_2022.csv", VINTAGES / "ofsted_2022_latest.csv", [LATEST_2022])
    write(files / "latest_as_at_31_Aug_2023.csv", VINTAGES / "ofsted_2023_latest.csv", [LATEST_2023])
    write(files / "published_by_30_Sep_2024.csv", VINTAGES / "ofsted_2024_inspections.csv", [MONITORED_2024])
    latest = [LATEST_2025, *OTHERS]
    write(files / "latest_as_at_31_August_2025.csv", DEMO_LAYOUTS / "ofsted_2025.csv", latest)
    february = [report_card("Needs attention", "13/01/2026", "date of judgement"), *OTHERS]
    write(files / "latest_as_at_28_Feb_2026.csv", DEMO_LAYOUTS / "ofsted_2026.csv", february)
    card = report_card("Expected standard", "20/05/2026", "date of grade")
    # another school with the same story, of which the file of February has nothing
    june = [card, *OTHERS[:2], {**card, **OTHERS[2]}, {**card, **OTHERS[3]}]
    write(files / "latest_as_at_31_May_2026.csv", VINTAGES / "ofsted_2026_most_recent.csv", june)
    write(
        files / "published_by_31_May_2026.csv",
        VINTAGES / "ofsted_2026_in_year.csv",
        [IN_YEAR_2026, {**IN_YEAR_2026, **OTHERS[2]}],
    )
    links = f"URN,LinkURN,LinkName,LinkType,LinkEstablishedDate\n{SCHOOL},{PREDECESSOR},Old,Predecessor,01-09-2013\n"
    (files / "links_2025-04-22.csv").write_text(links, encoding="utf-8")
    lake = DataDir(folder / "data")
    import_all(lake, files)
    return lake


@pytest.fixture(scope="module")
def early(data: DataDir) -> Build:
    return make_build(data, BEFORE_MONITORING).build


@pytest.fixture(scope="module")
def build(data: DataDir, early: Build) -> Build:
    assert early.as_at == BEFORE_MONITORING
    return make_build(data, AFTER_MONITORING).build


def history(build: Build, urn: str) -> list[tuple[Any, ...]]:
    sql = "select start_date, kind, mapping, inspection_id from inspections where urn = $urn order by start_date"
    return [tuple(row.values())[:3] for row in build_rows(build, sql, urn=urn)]


def test_files_of_ten_vintages_become_one_history(build: Build) -> None:
    assert history(build, SCHOOL) == [
        (date(2010, 5, 10), "graded", "M2"),  # Satisfactory: it was not requires improvement
        (date(2014, 10, 14), "graded", "M5"),
        (date(2017, 3, 8), "graded", "M5"),  # as the newest file has it; the others say 2
        (date(2019, 6, 12), "ungraded", "M6"),
        (date(2023, 6, 20), "ungraded", "M7"),
        (date(2024, 6, 4), "monitoring", "M20"),
        (date(2025, 1, 21), "graded", "M13"),
        (date(2026, 1, 13), "report card", "M16"),
    ]


def test_an_inspection_keeps_all_its_sources(build: Build) -> None:
    sql = """
        select s.inspection_id, s.release_id, s.part, s.wording, s.is_the_one_used
        from inspection_sources as s inner join inspections as i using (inspection_id)
        where s.urn = $urn and i.start_date = $day"""
    found = build_rows(build, sql, urn=SCHOOL, day=date(2017, 3, 8))
    told = sorted((row["release_id"].rsplit("-", 1)[0], row["part"], row["wording"]) for row in found)
    assert told == [
        ("ofsted-2018-08-31", "latest", "2"),
        ("ofsted-2022-02-28", "latest", "2"),
        ("ofsted-2023-08-31", "latest", "2"),
        ("ofsted-2025-08-31", "previous", "3"),
        ("ofsted_inspections-all", "own row", "2"),
    ]
    assert [row["part"] for row in found if row["is_the_one_used"]] == ["previous"]
    counted = build_rows(
        build,
        "select count(*) as n, count(*) filter (is_the_one_used) as used, count(distinct inspection_id) as ids "
        "from inspection_sources",
    )[0]
    inspections = build_rows(build, "select count(*) as n from inspections")[0]["n"]
    assert counted["used"] == counted["ids"] == inspections < counted["n"]


def test_the_last_day_in_one_file_is_the_first_day_in_another(build: Build) -> None:
    sql = "select part, start_date from inspection_sources where inspection_id = $id order by part"
    found = build_rows(build, sql, id=f"{SCHOOL}:graded:2014-10-14")
    assert [(row["part"], row["start_date"]) for row in found] == [
        ("own row", date(2014, 10, 14)),
        ("own row", date(2014, 10, 14)),
        ("previous", date(2014, 10, 15)),
    ]


def test_a_predecessors_inspection_is_followed_and_marked(build: Build) -> None:
    sql = "select urn_at_time, inherited, pupil_outcomes, leadership from inspections where start_date < '2011-01-01'"
    (row,) = build_rows(build, sql)
    assert row == {"urn_at_time": PREDECESSOR, "inherited": True, "pupil_outcomes": "3", "leadership": "2"}


def test_judgements_of_older_frameworks_keep_their_own_names(build: Build) -> None:
    sql = """
        select quality_of_education, behaviour, behaviour_and_welfare, pupil_outcomes from inspections
        where start_date = '2014-10-14'"""
    assert build_rows(build, sql) == [
        {"quality_of_education": None, "behaviour": None, "behaviour_and_welfare": "2", "pupil_outcomes": "3"}
    ]


def test_a_short_inspection_that_converted_counts_once(build: Build) -> None:
    """M11: the full inspection two days later counts, with the short one among its sources."""
    assert history(build, SHORT) == [(date(2019, 2, 7), "graded", "M3")]
    found = build_rows(build, "select wording, is_converted from inspection_sources where urn = $urn", urn=SHORT)
    assert sorted(tuple(row.values()) for row in found) == [
        ("4", False),
        ("School remains Good", False),
        ("became a full inspection", True),
    ]


def test_a_short_inspection_whose_full_one_is_in_no_file_is_seen_without_an_answer(build: Build) -> None:
    assert history(build, LEFT_OUT) == [(date(2019, 3, 5), "ungraded", "M11")]
    (row,) = build_rows(build, "select full_mapping, ungraded_mapping from latest_inspections where urn = '110003'")
    assert row == {"full_mapping": None, "ungraded_mapping": None}


def test_what_monitoring_changed_counts_from_the_release_that_tells_it(early: Build, build: Build) -> None:
    """On 30 April the regrading of 20 May has not happened: the later release must not be believed."""
    assert history(early, SCHOOL)[-1] == (date(2026, 1, 13), "report card", "M17")
    assert history(build, SCHOOL)[-1] == (date(2026, 1, 13), "report card", "M16")
    sql = """
        select grade, graded_on, is_regraded, grade_before, changed, is_latest from inspection_area_grades
        where area = 'achievement' and urn = '110001' order by graded_on"""
    # the list of inspections had the first grade by then; the snapshot that tells of the second came later
    assert history(early, MONITORED) == [(date(2026, 1, 13), "report card", "M17")]
    assert history(build, MONITORED) == [(date(2026, 1, 13), "report card", "M16")]
    # of a third only the later snapshot tells: what achievement was on 30 April nobody knows, and that is not "met"
    assert history(early, TOLD_LATE) == [(date(2026, 1, 13), "report card", "M23")]
    first, second = build_rows(build, sql)
    assert list(first.values()) == ["Needs attention", date(2026, 1, 13), False, None, None, False]
    assert list(second.values()) == ["Expected standard", date(2026, 5, 20), True, "Needs attention", "up", True]
    assert [row["grade"] for row in build_rows(early, sql)] == ["Needs attention"]
    (row,) = build_rows(
        build, "select achievement_date, inclusion_date from inspections where urn = '110001' and kind = 'report card'"
    )
    assert row == {"achievement_date": date(2026, 5, 20), "inclusion_date": date(2026, 1, 13)}


def test_contradictions_are_listed_and_never_averaged(build: Build) -> None:
    sql = """
        select field, value_used, value_there, part, other_part from inspection_contradictions
        order by field, other_part, other_release_id"""
    assert [tuple(row.values()) for row in build_rows(build, sql)] == [
        ("first day", "2014-10-14", "2014-10-15", "own row", "previous"),
        ("kind of inspection", "graded", "ungraded", "own row", "own row"),
        ("overall effectiveness", "3", "2", "previous", "latest"),
        ("overall effectiveness", "3", "2", "previous", "latest"),
        ("overall effectiveness", "3", "2", "previous", "latest"),
        ("overall effectiveness", "3", "2", "previous", "own row"),
    ]


def test_the_services_say_it_in_words(data: DataDir, build: Build) -> None:
    records = open_data_records(data)
    with build.reader() as reader:
        copy = Copy(data, reader, records)
        found = inspection_contradictions(local_viewer(), copy, "202")
        assert len(found) == 6
        assert inspection_contradictions(local_viewer(), copy, "203").empty
        first = found[found["field"] == "first day"].iloc[0]
        assert (first["value_used"], first["value_there"]) == ("14 October 2014", "15 October 2014")
        assert first["inspection"] == "Graded inspection of 14 October 2014"
        assert first["source_there"].endswith("latest_as_at_31_August_2018.csv, row 3")
        profile = school_profile(local_viewer(), copy, SCHOOL)
        assert len(profile.contradictions) == 5
        assert "The first is used:" in profile.contradictions[0]
        shown = inspection_rows(copy, SCHOOL)
        card = shown[shown["kind"] == "report card"].iloc[0]
        regraded = "achievement: Expected standard (regraded at monitoring on 20 May 2026, before: Needs attention)"
        assert regraded in card["found"]
        assert "(Leadership and governance: Expected standard)" in card["also_in"]
        oldest = shown.iloc[-1]
        assert oldest["meaning"] == (
            "Overall grade 3 before September 2012: Satisfactory; given to the school before it: the same answer, "
            "marked, and counted for half"
        )
        visit = shown[shown["kind"] == "monitoring"].iloc[0]
        assert (visit["found"], visit["answer"]) == ("S8 No Formal Designation Visit", "not judged")
    close_records(records)
