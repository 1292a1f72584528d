"""Inspections: three files that tell one story, and the blocks of the newest one."""

from collections import Counter
from collections.abc import Callable

Rows = list[dict[str, str]]
ReadRows = Callable[..., Rows]


AUGUST = "ofsted/State-funded_schools_inspections_and_outcomes_as_at_31_August_{}.csv"
NEWEST = "ofsted/2026-10-31_latest_inspections.csv"
EVENTS = "ofsted/inspection_events_2016_2025.csv"
CARD = "Inspection number of latest full inspection"
OEIF = "Inspection number of latest OEIF graded inspection"
UNGRADED = "Latest ungraded inspection number"
CONCERN = ("RSI", "SM", "SWK")


def _iso(day: str) -> str:
    return f"{day[6:]}-{day[3:5]}-{day[:2]}"


def test_below_good_in_2024_is_about_a_tenth(read: ReadRows) -> None:
    # Ofsted: 90% of state-funded schools were good or outstanding at 31 August 2024.
    grades = Counter(row["Overall effectiveness"] for row in read(AUGUST.format(2024), "cp1252"))
    judged = sum(grades[grade] for grade in "1234")
    assert 0.07 <= (grades["3"] + grades["4"]) / judged <= 0.13
    assert "Not judged" not in grades


def test_overall_grade_is_not_judged_since_september_2024(read: ReadRows) -> None:
    for row in read(AUGUST.format(2025), "cp1252"):
        if row["Inspection start date"] != "NULL" and _iso(row["Inspection start date"]) >= "2024-09-02":
            assert row["Overall effectiveness"] == "Not judged"


def test_snapshot_and_events_agree(read: ReadRows) -> None:
    events = {row["inspection_number"]: row for row in read(EVENTS)}
    for row in read(AUGUST.format(2025), "cp1252"):
        number = row["Inspection number of latest graded inspection"]
        start = row["Inspection start date"]
        if number == "NULL" or _iso(start) < "2016-01-01":
            continue
        event = events[number]
        assert event["start_date"] == _iso(start)
        assert event["urn"] == row["URN at time of latest graded inspection"]
        assert event["leadership_and_management"] == row["Effectiveness of leadership and management"]
        assert event["current_school_urn"] == row["URN"]


def test_inspection_numbers_are_unique(read: ReadRows) -> None:
    numbers = [row["inspection_number"] for row in read(EVENTS)]
    assert len(set(numbers)) == len(numbers) > 450


def test_before_2019_the_new_judgements_are_9(read: ReadRows) -> None:
    old = [row for row in read(EVENTS) if row["kind"] == "graded" and row["start_date"] < "2019-09-01"]
    assert old
    assert all(row["quality_of_education"] == "9" for row in old)


def test_no_routine_inspection_during_the_pause(read: ReadRows) -> None:
    assert not [row for row in read(EVENTS) if "2020-03-20" < row["start_date"] < "2021-09-01"]


def test_blocks_are_null_when_absent_and_blank_inside(read: ReadRows) -> None:
    rows = read(NEWEST, "cp1252")
    cards = [row for row in rows if row[CARD] != "NULL"]
    assert 50 <= len(cards) <= 60
    for row in rows:
        if row[CARD] == "NULL":
            assert row["Category of concern"] == row["Leadership and governance"] == "NULL"
        else:
            assert row["Category of concern"] in ("", *CONCERN)
        if row[OEIF] == "NULL":
            assert row["Latest OEIF overall effectiveness"] == "NULL"
        else:
            assert _iso(row["Inspection start date of latest OEIF graded inspection"]) >= "2019-09-01"
    blocks = Counter((row[CARD] != "NULL", row[OEIF] != "NULL", row[UNGRADED] != "NULL") for row in rows)
    # Nothing at all; only graded; only ungraded; both; and report cards.
    assert all(blocks[shape] for shape in [(False, False, False), (False, True, False), (False, False, True)])


def test_category_follows_from_the_areas(read: ReadRows) -> None:
    # In the report-card era: any area at Urgent improvement, or safeguarding not met, is a category.
    for row in read(NEWEST, "cp1252"):
        if row[CARD] == "NULL":
            continue
        urgent = any(value == "Urgent improvement" for value in row.values())
        assert (row["Category of concern"] != "") == (urgent or row["Safeguarding standards"] == "Not met")


def test_report_cards_resemble_the_first_national_ones(read: ReadRows) -> None:
    # Ofsted, May 2026, 1,329 cards: below Expected standard 30% in Achievement, 16% in Leadership.
    cards = [row for row in read(NEWEST, "cp1252") if row[CARD] != "NULL"]
    low = ("Needs attention", "Urgent improvement")
    achievement = sum(row["Achievement"] in low for row in cards) / len(cards)
    leadership = sum(row["Leadership and governance"] in low for row in cards) / len(cards)
    assert 0.18 <= achievement <= 0.42
    assert 0.08 <= leadership <= 0.26


def test_warnings_of_ungraded_inspections_are_present(read: ReadRows) -> None:
    outcomes = Counter(row["ungraded_outcome"] for row in read(EVENTS))
    assert outcomes["School remains Good (Concerns) - S5 Next"] >= 2
    assert outcomes["Some aspects not as strong"] >= 1
    assert outcomes["Standards maintained"] >= 4


def test_inspections_follow_the_quality_of_results(read: ReadRows) -> None:
    results = {row["URN"]: row["PTRWM_EXP"] for row in read("ks2/2024-2025/999_ks2final.csv")}
    rows = [row for row in read(AUGUST.format(2024), "cp1252") if row["Ofsted phase"] == "Primary"]

    def mean(grades: str) -> float:
        shares = [results.get(row["URN"], "") for row in rows if row["Overall effectiveness"] in grades]
        found = [int(share[:-1]) for share in shares if share.endswith("%")]
        return sum(found) / len(found)

    # England, August 2025: 76 for outstanding, 63 for good, 53 for requires improvement.
    assert mean("1") > mean("2") > mean("34")


def test_new_schools_are_not_inspected(read: ReadRows) -> None:
    rows: Rows = read(NEWEST, "cp1252")
    bare = [row for row in rows if {row[CARD], row[OEIF], row[UNGRADED]} == {"NULL"}]
    new = [row for row in bare if row["Type of education"].startswith("Free School")]
    assert len(new) == 4
