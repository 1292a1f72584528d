"""Explore on five schools whose sums are worked by hand: pooling, limits, suppression, gaps, neighbours."""

from collections.abc import Iterator
from datetime import date

import pandas as pd
import pytest

from risk_model.domain.charts import Bars, Dots, Lines, Scatter
from risk_model.domain.paths import DataDir
from risk_model.domain.viewer import local_viewer
from risk_model.services.copy import Copy, opened
from risk_model.services.explore import explore, explore_selects
from risk_model.services.explore_answers import Answer, Wanted
from risk_model.services.preparing import build_now, import_files
from risk_model.services.school_sets import absent_sets, pick_choices, usual_sets
from risk_model.services.scope import Scope
from risk_model.sources.options import ImportOptions
from tests.services.explore_kit import BARNET, CAMDEN, A, B, C, write_explore_files

WHO = local_viewer()
HERE = Scope(CAMDEN)


@pytest.fixture(scope="module")
def hand_made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Copy]:
    data = DataDir(tmp_path_factory.mktemp("explore"))
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("RECORDS_URL", raising=False)
        files = write_explore_files(tmp_path_factory.mktemp("explore_files"))
        reports = import_files(WHO, data, [files], ImportOptions())
        assert {report.status for report in reports} == {"imported"}, reports
        build_now(WHO, data, date(2026, 1, 31))
        with opened(data) as copy:
            yield copy


def asked(copy: Copy, key: str, *picks: str, scope: Scope = HERE, **chosen: str) -> Answer:
    return explore(WHO, copy, scope, key, Wanted(picks, chosen))


def rows_of(table: pd.DataFrame, **wanted: object) -> pd.DataFrame:
    for column, value in wanted.items():
        table = table[table[column] == value]
    return table


# --- with whom a scope is compared


def test_an_la_stands_beside_its_neighbours_that_are_loaded_its_region_and_all(hand_made: Copy) -> None:
    sets = usual_sets(WHO, hand_made, HERE)
    assert [one.name for one in sets] == ["Camden", "1 statistical neighbour", "London", "all LAs loaded"]
    assert sets[1].note == "1 statistical neighbour: Barnet."
    absent = absent_sets(WHO, hand_made, HERE)
    assert absent == (
        "2 LAs are loaded: too few to speak of England.",
        "Statistical neighbours that are loaded, of 10: 1.",
    )


def test_a_locality_stands_beside_its_la(hand_made: Copy) -> None:
    sets = usual_sets(WHO, hand_made, Scope(CAMDEN, "South"))
    assert [one.name for one in sets[:2]] == ["South", "Camden"]


def test_groups_other_las_and_own_schools_can_be_picked_and_nothing_else(hand_made: Copy) -> None:
    choices = pick_choices(WHO, hand_made, HERE)
    assert {"la:202", "la:302", "neighbours", "region", "england", "locality:South", "phase:primary", A} < set(choices)
    assert "110004" not in choices  # a school of Barnet
    answer = asked(hand_made, "compare", "la:302", "drop table schools", A)
    assert set(answer.charts[0].table["Group"]) == {"Barnet", f"School A (URN {A})"}


# --- how do we compare


def test_shares_are_of_schools_and_of_the_pupils_whose_number_is_known(hand_made: Copy) -> None:
    answer = asked(hand_made, "compare")
    chart = answer.charts[0]
    likely = rows_of(chart.table, Group="Camden", Level="likely").iloc[0]
    # one school of three, with 210 of the 210 + 70 pupils whose school has a roll
    assert likely["% of schools"] == pytest.approx(100 / 3)
    assert likely["% of pupils"] == pytest.approx(75)
    assert (likely["Schools together"], likely["Pupils together"]) == (3, 280)
    assert "Camden: schools without a roll, which are not in the shares of pupils: 1." in chart.notes
    assert any(note.startswith("Few schools (Camden, 1 statistical neighbour)") for note in chart.notes)
    assert isinstance(chart.drawing, Bars)
    for row in range(len(chart.drawing.rows)):
        assert sum(part.values[row] or 0 for part in chart.drawing.parts) == pytest.approx(100)


def test_the_finding_says_how_many_it_would_be_with_the_others_share(hand_made: Copy) -> None:
    assert asked(hand_made, "compare").finding == (
        "Of 3 schools in Camden, 0 are unlikely for outcomes, 0 for leadership and 0 for inspection. "
        "With the shares of all LAs loaded it would be 0, 0 and 0. "
        "Not enough evidence: outcomes 2, leadership 3, inspection 3."
    )


def test_a_title_says_of_how_many_schools_nothing_can_be_said(hand_made: Copy) -> None:
    outcomes, leadership, _ = (chart.finding for chart in asked(hand_made, "compare").charts)
    assert outcomes.endswith(
        "0 of 3 schools (0%) in Camden are unlikely, against 0% in all LAs loaded; not enough evidence on 2"
    )
    assert leadership.endswith(": not enough evidence on any of the 3 schools in Camden")


# --- what is changing


def test_pupils_are_counted_together_and_percentages_never_averaged(hand_made: Copy) -> None:
    table = asked(hand_made, "changing", trend="primary.rwm_expected_pct").charts[0].table
    camden = rows_of(table, Group="Camden").set_index("Year")
    # (30 × 60 + 10 × 20) / 40; the mean of the two percentages would be 40
    assert camden.at["2024-25", "Percent"] == pytest.approx(50)
    # (30 × 50 + 10 × 30) / 40
    assert camden.at["2023-24", "Percent"] == pytest.approx(45)
    assert camden.at["2024-25", "Pupils"] == 40
    # Wilson: 0.5 of 40 is 50 ± 1.96 √(0.25/40 + 3.84/(4 × 1600)) / (1 + 3.84/40) = 50 ± 14.8
    assert camden.at["2024-25", "Lower limit"] == pytest.approx(35.2, abs=0.05)
    assert camden.at["2024-25", "Upper limit"] == pytest.approx(64.8, abs=0.05)
    # the three of London with results: (30 × 60 + 10 × 20 + 40 × 75) / 80
    london = rows_of(table, Group="London").set_index("Year")
    assert london.at["2024-25", "Percent"] == pytest.approx(62.5)


def test_schools_without_a_figure_are_counted_and_told_why(hand_made: Copy) -> None:
    chart = asked(hand_made, "changing").charts[0]
    london = rows_of(chart.table, Group="London", Year="2024-25").iloc[0]
    assert (london["Schools with a figure"], london["Schools without"]) == (3, 2)
    assert "suppressed by the publisher, because the group is small (1)" in london["Why there is none"]
    assert "the school is not in the loaded files (1)" in london["Why there is none"]
    assert "Few schools: one of them moves the figure." in chart.notes


def test_a_published_england_is_not_held_against_figures_worked_out_from_schools(hand_made: Copy) -> None:
    answer = asked(hand_made, "changing")
    chart = answer.charts[0]
    assert "Camden: 50% in 2024-25, England 62% as published; up 5 points since 2023-24" in chart.finding
    assert any("special schools and suppressed pupils are in it, and not in Camden" in note for note in chart.notes)
    assert "there is no figure of England to judge them by" in answer.finding


def test_an_la_of_which_the_file_has_the_figure_is_taken_as_published(hand_made: Copy) -> None:
    # of the two LAs the file has Barnet's figure alone
    answer = asked(hand_made, "changing", "la:302", "la:202", scope=Scope(BARNET))
    notes = answer.charts[0].notes
    assert "Barnet is as published for the whole LA in 2023-24, 2024-25, and so is England." in notes
    assert any("and not in Camden" in note for note in notes)
    table = rows_of(answer.charts[0].table, Group="Barnet").set_index("Year")
    assert table.at["2024-25", "Percent"] == 82
    # Wilson with the 40 pupils of school D: 82% lies between 67.5 and 90.9
    assert table.at["2024-25", "Lower limit"] == pytest.approx(67.5, abs=0.1)
    assert "82% in 2024-25, above England (62%); unchanged since 2023-24" in answer.charts[0].finding
    assert answer.finding == (
        "In their newest year the primary schools of Barnet are clearly better than England on reading, writing and "
        "maths together."
    )
    # a locality or a phase of it is worked out from its schools
    phase = asked(hand_made, "changing", scope=Scope(BARNET, None, "primary")).charts[0].table
    assert rows_of(phase, Group="Barnet").set_index("Year").at["2024-25", "Percent"] == pytest.approx(75)


def test_a_picked_school_has_its_own_line_and_england_stays(hand_made: Copy) -> None:
    drawing = asked(hand_made, "changing", A, B).charts[0].drawing
    assert isinstance(drawing, Lines)
    assert [line.name for line in drawing.lines] == [f"School A (URN {A})", f"School B (URN {B})", "England"]
    assert drawing.lines[0].values == (50.0, 60.0)


# --- which groups do less well


def test_groups_of_a_whole_la_are_those_published_for_it_and_england_is_england(hand_made: Copy) -> None:
    answer = asked(hand_made, "groups", pupil_groups="rwm.disadvantaged")
    # 68 - 40, and 70 - 48
    assert answer.finding.startswith(
        "Camden, disadvantaged 40%, others 68% in 2024-25: a gap of 28 points, wider than in England (22 points)."
    )
    assert "no school a point" in answer.finding
    dots, gap = answer.charts
    assert isinstance(dots.drawing, Dots)
    assert dots.drawing.rows == ("Camden", "Barnet", "England")
    # 67 - 38 the year before
    assert gap.finding == "The gap in Camden: 28 points in 2024-25, 1 point narrower than in 2023-24"


def test_a_year_that_was_not_over_on_the_day_does_not_count(hand_made: Copy) -> None:
    table = asked(hand_made, "groups", pupil_groups="rwm.disadvantaged").charts[1].table
    assert set(table["Year"]) == {"2023-24", "2024-25"}


def test_a_suppressed_group_is_neither_a_nought_nor_left_out(hand_made: Copy) -> None:
    answer = asked(hand_made, "groups", "la:302", "la:202", pupil_groups="rwm.send")
    table = rows_of(answer.charts[0].table, Where="Camden", Group="EHC plan")
    assert table["% of pupils"].isna().all()
    assert "Without figures of both groups in this year: Camden." in answer.charts[0].notes


def test_groups_of_a_locality_are_pooled_from_its_schools(hand_made: Copy) -> None:
    answer = asked(hand_made, "groups", scope=Scope(CAMDEN, "North"), pupil_groups="rwm.disadvantaged")
    table = answer.charts[0].table
    own = rows_of(table, Where="North").set_index("Group")
    # the ten disadvantaged pupils of school A, and its twenty others
    assert own.at["Disadvantaged", "% of pupils"] == pytest.approx(40)
    assert (own.at["Disadvantaged", "Pupils"], own.at["Others", "Pupils"]) == (10, 20)
    camden = rows_of(table, Where="Camden").set_index("Group")
    # (20 × 70 + 8 × 25) / 28; the two disadvantaged pupils of school B are suppressed, and C is in no group
    assert camden.at["Others", "% of pupils"] == pytest.approx(1600 / 28)
    assert (camden.at["Disadvantaged", "Schools suppressed"], camden.at["Disadvantaged", "Schools without"]) == (1, 1)


def test_first_language_is_shown_where_a_file_has_it_beside_all_pupils(hand_made: Copy) -> None:
    answer = asked(hand_made, "groups", pupil_groups="rwm.eal")
    own = rows_of(answer.charts[0].table, Where="Camden").set_index("Group")
    # the six of school A; the three of school B are suppressed
    assert (own.at["EAL", "% of pupils"], own.at["EAL", "Pupils"]) == (50, 6)
    assert own.at["All pupils", "% of pupils"] == pytest.approx(50)
    assert "Few schools: one of them moves the figure." in answer.charts[0].notes


# --- within schools


def test_subjects_are_compared_with_england_first_over_the_years_together(hand_made: Copy) -> None:
    answer = asked(hand_made, "within", subjects="reading_maths")
    table = answer.charts[0].table.set_index("School")
    # reading (30 × 60 + 30 × 90) / 60 = 75 against (74 + 75) / 2; maths 50 against (73 + 74) / 2
    assert table.at["School A", "Reading"] == pytest.approx(75)
    assert table.at["School A", "Apart"] == pytest.approx((75 - 74.5) - (50 - 73.5))
    # 24 > 1.96 × √((75 × 25 + 50 × 50) / 60) = 16.7, and 6 < 1.96 × √((45 × 55 + 50 × 50) / 20) = 30.9
    assert list(table.loc[["School A", "School B"], "Clearly apart"]) == ["yes", "no"]
    assert answer.finding == (
        "Against England, 1 of 2 schools in Camden are weaker in reading than in maths; clearly weaker are 0 in "
        "reading and 1 in maths."
    )
    assert answer.charts[0].notes[0] == (
        "2 of 3 primary schools have both subjects. Lacking one or both: 1 (suppressed, not published, or "
        "not in the loaded files)."
    )
    assert C not in set(answer.charts[0].table["URN"])


def test_a_picked_school_is_named_in_the_chart(hand_made: Copy) -> None:
    drawing = asked(hand_made, "within", B).charts[0].drawing
    assert isinstance(drawing, Scatter)
    assert {spot.key: spot.label for spot in drawing.spots} == {A: "", B: "School B"}


# --- nothing to show


@pytest.mark.parametrize("key", ["changing", "groups", "together", "within"])
def test_a_question_without_figures_says_what_to_import(key: str, hand_made: Copy) -> None:
    nowhere = Scope("203")
    assert not explore_selects(WHO, hand_made, nowhere, key)[0].options
    answer = asked(hand_made, key, scope=nowhere)
    assert not answer.charts
    assert "import" in answer.finding


def test_an_la_without_schools_is_compared_with_nobody(hand_made: Copy) -> None:
    answer = asked(hand_made, "compare", scope=Scope(BARNET, "Nowhere"))
    assert answer.finding == "There is no school to judge in Nowhere."
