"""A school's place in the order, line by line: the sums, the places and the figures counted a second way."""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from risk_model.domain.paths import DataDir
from risk_model.domain.viewer import local_viewer
from risk_model.domain.words import MISSING_IN_WORDS, NOT_A_PREDICTION, MissingReason
from risk_model.exports.tables import as_csv, as_xlsx
from risk_model.measures.reader import measures_by_id
from risk_model.rules.reader import read_rules
from risk_model.rules.score_parts import ScorePart, ScoreStep
from risk_model.rules.writer import write_rules
from risk_model.services.at_risk import school_list
from risk_model.services.copy import Copy, opened
from risk_model.services.inspection_score import (
    DECIDES_NO_LEVEL,
    NO_POINT_FOR_INTAKE,
    figure_in_words,
    ordinal,
    score_in_plain_text,
    score_of,
)
from risk_model.services.preparing import build_now
from risk_model.services.scope import Scope
from risk_model.services.score_list import score_list, score_list_in_plain_text, step_in_words
from tests.conftest import SMALL_AS_AT

WHO = local_viewer()
LA = Scope("999")
PARTS = {part.id: part for part in read_rules().score}


def step_of(part: ScorePart) -> ScoreStep:
    step = part.step_on(date(2026, 11, 1))
    assert step is not None
    return step


def times(step: ScoreStep, value: float) -> int:
    """How often a figure counts: in millionths, so that no last bit decides."""
    beyond = round((value - step.start) * 1_000_000)
    each = round(step.each * 1_000_000)
    return min(max(beyond // each, 0), step.most)


@pytest.fixture
def small_copy(small_data: DataDir) -> Iterator[Copy]:
    with opened(small_data) as copy:
        yield copy


@pytest.fixture
def without_list(own_small_data: DataDir, tmp_path: Path) -> DataDir:
    """The four schools, judged by a rule set that has no list."""
    path = tmp_path / "rules.toml"
    path.write_text(write_rules(read_rules().model_copy(update={"score": ()})), "utf-8")
    build_now(WHO, own_small_data, SMALL_AS_AT, path)
    return own_small_data


def without_tables(data: DataDir) -> DataDir:
    """The same build as one that an earlier version made."""
    with opened(data) as copy:
        path = copy.build.path
    with duckdb.connect(str(path)) as con:
        con.execute("drop table score_points")
        con.execute("drop table score_parts")
    return data


def example(copy: Copy, phase: str) -> str:
    return str(copy.reader.rows("select min(urn) as urn from schools where phase = $phase", {"phase": phase})[0]["urn"])


# the sum, and the list of schools


def test_the_score_of_the_list_is_the_sum_of_each_schools_lines(demo_copy: Copy) -> None:
    listed = school_list(WHO, demo_copy, LA)
    sums = demo_copy.reader.frame("select urn, points from score_points").groupby("urn")["points"].sum()
    assert dict(sums) == dict(zip(listed["urn"], listed["inspection_score"], strict=True))
    for urn in listed["urn"][::10]:
        found = score_of(WHO, demo_copy, urn)
        assert found.total == sum(line.points for line in found.lines) == sums[urn]
        assert found.why_none == ""
    assert listed["inspection_score"].nunique() > 10


def test_among_schools_of_one_place_the_one_with_more_points_stands_first(demo_copy: Copy) -> None:
    listed = school_list(WHO, demo_copy, LA)
    for _, schools in listed.groupby("priority"):
        assert schools["inspection_score"].is_monotonic_decreasing


def test_the_places_are_those_of_a_second_count(demo_copy: Copy) -> None:
    scores = dict(school_list(WHO, demo_copy, LA)[["urn", "inspection_score"]].itertuples(index=False))
    said = set()
    for urn, own in list(scores.items())[::10]:
        others = [score for other, score in scores.items() if other != urn]
        place = 1 + sum(score > own for score in others)
        ties = sum(score == own for score in others)
        words = {0: "no other has as many", 1: "one other has as many"}.get(ties, f"{ties} others have as many")
        said.add(min(ties, 2))
        # one LA is loaded: the place among all is the same, and is not said twice
        assert score_of(WHO, demo_copy, urn).places == [
            f"{ordinal(place)} of 259 schools of this local authority, the one with the most points first; {words}."
        ]
    assert 2 in said


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (1, "1st"),
        (2, "2nd"),
        (3, "3rd"),
        (4, "4th"),
        (11, "11th"),
        (12, "12th"),
        (13, "13th"),
        (21, "21st"),
        (112, "112th"),
        (1203, "1,203rd"),
    ],
)
def test_a_place_is_said_as_a_person_says_it(number: int, words: str) -> None:
    assert ordinal(number) == words


# the lines


@pytest.mark.parametrize("phase", ["nursery", "primary", "secondary", "special", "all-through"])
def test_the_lines_are_those_of_the_phase_in_the_order_of_the_list(phase: str, demo_copy: Copy) -> None:
    found = score_of(WHO, demo_copy, example(demo_copy, phase))
    expected = [part.id for part in read_rules().score if phase in part.phases or "all" in part.phases]
    assert [line.part_id for line in found.lines] == expected == list(found.table["Line"])
    for line in found.lines:
        part = PARTS[line.part_id]
        step = step_of(part)
        assert (line.title, line.sentence, line.why, line.reference) == (
            part.title,
            part.sentence,
            step.why,
            step.reference,
        )
        assert line.fewest <= line.points <= line.most


def test_what_is_not_known_says_why_and_counts_as_its_line_says(small_copy: Copy) -> None:
    found = score_of(WHO, small_copy, "100002")
    unknown = [line for line in found.lines if not line.is_known]
    assert {line.part_id for line in unknown} >= {"S1", "S2", "S3", "S8"}
    for line in unknown:
        step = step_of(PARTS[line.part_id])
        assert line.points == step.unknown
        assert line.unknown_why == step.unknown_why
        assert line.reason in MISSING_IN_WORDS.values()
        assert f"not known: {line.reason}" in line.found
    counting = [line for line in unknown if line.points]
    # 5 + 5 + 5 + 1
    assert sum(line.points for line in counting) == 16
    names = ", ".join(line.part_id for line in counting)
    assert f"The figures of 4 lines are not known ({names}): 16 points of the sum stand in their place." in found.notes
    row = found.table.set_index("Line").loc["S1"]
    assert row["Known"] == f"no: {unknown[0].reason}"
    assert row["Where it is not known"] == unknown[0].unknown_why


def test_the_reasons_are_those_that_the_build_holds(demo_copy: Copy) -> None:
    rows = demo_copy.reader.rows("select urn, part_id, missing_reason from score_points where not is_known")
    for row in rows[:: max(1, len(rows) // 40)]:
        line = next(one for one in score_of(WHO, demo_copy, row["urn"]).lines if one.part_id == row["part_id"])
        assert line.reason == MISSING_IN_WORDS[MissingReason(row["missing_reason"])]


def test_a_reader_counts_the_same_points_from_the_figures_shown(demo_copy: Copy) -> None:
    counted = 0
    for urn in school_list(WHO, demo_copy, LA)["urn"][::6]:
        for line in score_of(WHO, demo_copy, urn).lines:
            match = re.match(r"higher than ([\d.]+) of 100 (similar )?schools", line.figure)
            if match and line.is_known:
                step = step_of(PARTS[line.part_id])
                assert line.points == step.points * times(step, float(match[1]))
                assert bool(match[2]) == ("similar" in line.measure)
                counted += 1
    assert counted > 100


@given(
    part=st.sampled_from([part for part in PARTS.values() if part.measure and part.measure.endswith("_rank_pct")]),
    millionths=st.integers(0, 100_000_000),
)
def test_a_figure_has_as_many_decimals_as_a_reader_needs(part: ScorePart, millionths: int) -> None:
    step, value = step_of(part), millionths / 1_000_000
    shown = figure_in_words(value, measures_by_id()[str(part.measure)], step, 1)
    number = float(re.sub(r"[^\d.]", "", shown.partition(" of ")[0]))
    assert times(step, number) == times(step, value)


@pytest.mark.parametrize(
    ("measure", "value", "counted", "words"),
    [
        ("rwm_rank_pct", 71.2, 2, "higher than 71 of 100 schools"),
        # a tenth fewer than it would be at 90
        ("rwm_rank_pct", 90.000001, 0, "higher than 90.000001 of 100 schools"),
        ("rwm_rank_pct", 70.04, 2, "higher than 70.04 of 100 schools"),
        ("rwm_similar_rank_pct", 30.0, 7, "higher than 30 of 100 similar schools"),
        ("rwm_rank_pct", 71.0, None, "higher than 71 of 100 schools"),
        ("last_outstanding_count", 1.0, 1, "yes"),
        ("last_outstanding_count", 0.0, 0, "no"),
        ("ungraded_warning_score", -1.0, 0, "no"),
        ("ungraded_warning_score", 1.0, None, ""),
        ("rwm_rank_pct", None, None, ""),
        ("persistent_absence_pct", 31.0, 6, "31.0%"),
        ("progress8_score", -0.7, 10, "-0.70 grades"),
    ],
)
def test_a_figure_is_said_with_its_unit(measure: str, value: float | None, counted: int | None, words: str) -> None:
    assert figure_in_words(value, measures_by_id()[measure], step_of(PARTS["S1"]), counted) == words


def test_a_measure_that_is_read_instead_is_named(own_small_data: DataDir, tmp_path: Path) -> None:
    # no results are loaded: the last grade is read instead of them
    part = PARTS["S9"].model_copy(update={"measure": "rwm_rank_pct", "instead": "last_outstanding_count"})
    path = tmp_path / "rules.toml"
    path.write_text(write_rules(read_rules().model_copy(update={"score": (part,)})), "utf-8")
    build_now(WHO, own_small_data, SMALL_AS_AT, path)
    label = measures_by_id()["last_outstanding_count"].label
    with opened(own_small_data) as copy:
        (line,) = score_of(WHO, copy, "100001").lines
        assert (line.is_instead, line.measure, line.figure) == (True, label, "no")
        assert f"read instead: “{label}”" in line.found
        assert list(score_of(WHO, copy, "100001").table["Its figure"]) == ["no (read instead)"]
        (unknown,) = score_of(WHO, copy, "100004").lines
        assert (unknown.is_known, unknown.is_instead) == (False, False)


def test_a_figure_names_the_file_and_row_in_which_it_stands(demo_copy: Copy) -> None:
    found = score_of(WHO, demo_copy, example(demo_copy, "primary"))
    known = [line for line in found.lines if line.is_known and line.measure]
    assert known
    assert all(re.search(r"\.\w+, row \d+$", line.source) for line in known)


# what is said of it


def test_the_honest_words_stand_with_it_and_in_its_export(demo_copy: Copy) -> None:
    for phase, most, like in (("primary", 27, (9, 18)), ("secondary", 26, (13,))):
        found = score_of(WHO, demo_copy, example(demo_copy, phase))
        assert DECIDES_NO_LEVEL in found.notes
        assert NOT_A_PREDICTION in found.notes
        assert found.notes[0] in {
            f"Of the {most} points at most that speak of its results, {one} are for its place among schools with a "
            f"like intake. {NO_POINT_FOR_INTAKE}"
            for one in like
        }
        assert {DECIDES_NO_LEVEL, NOT_A_PREDICTION, NO_POINT_FOR_INTAKE} <= set(found.about)
        assert found.title.startswith("How its place in the order is counted: ")
        text = score_in_plain_text(found)
        assert text[0] == found.title
        for line in found.lines:
            assert any(f"{line.part_id} [{line.points_in_words}] {line.title}" in one for one in text)
        assert as_csv(found.table)
        assert as_xlsx(found.table, about=found.about)


def test_an_unknown_urn_has_no_lines_and_is_told(demo_copy: Copy) -> None:
    found = score_of(WHO, demo_copy, "1'; drop")
    assert (found.total, found.lines, found.places) == (None, [], [])
    assert found.why_none == "No school with the URN 1'; drop is judged in this build."


def test_a_rule_set_without_a_list_says_so_and_the_place_still_stands(without_list: DataDir) -> None:
    with opened(without_list) as copy:
        found = score_of(WHO, copy, "100002")
        assert found.total is None
        assert "have no list of points" in found.why_none
        assert found.table.empty
        assert len(found.places) == 1
        assert found.why_none in score_in_plain_text(found)
        listed = score_list(WHO, copy, LA)
        assert listed.lines == ()
        assert score_list_in_plain_text(listed) == [listed.why_none] == [found.why_none]


def test_a_build_of_an_earlier_version_says_so(own_small_data: DataDir) -> None:
    with opened(without_tables(own_small_data)) as copy:
        found = score_of(WHO, copy, "100002")
        assert (found.total, found.lines) == (None, [])
        assert "an earlier version of the product made it" in found.why_none
        assert score_list(WHO, copy, LA).why_none == found.why_none


# the list itself


def test_the_list_has_every_line_in_force_with_all_that_a_reader_asks(demo_copy: Copy) -> None:
    found = score_list(WHO, demo_copy, LA)
    assert [line.id for line in found.lines] == list(PARTS)
    text = "\n".join(score_list_in_plain_text(found))
    for line in found.lines:
        part = PARTS[line.id]
        step = step_of(part)
        assert (line.title, line.sentence, line.why, line.reference, line.unknown) == (
            part.title,
            part.sentence,
            step.why,
            step.reference,
            step.unknown,
        )
        assert line.checked_by == part.checked_by
        assert not line.is_overdue
        for one in (line.sentence, line.unknown_says, line.why, line.reference, line.checked_by):
            assert one in text
    ranges = {line.id: line.range_in_words for line in found.lines}
    assert (ranges["S1"], ranges["S9"], ranges["S11"]) == ("0 to 9", "−5 to 0", "5")
    assert found.notes[0] == (
        "S2, S5, S7 and S8 compare a school with those of a like intake; so does S3 where its own figure is not known."
    )


def test_of_how_many_schools_a_line_is_known_is_what_a_second_count_finds(demo_copy: Copy) -> None:
    points = demo_copy.reader.frame(
        "select p.*, s.phase from score_points as p inner join schools as s on s.urn = p.urn"
    )
    for scope in (LA, Scope("999", phase="secondary"), Scope("999", phase="nursery")):
        kept = points if scope.phase is None else points[points["phase"] == scope.phase]
        for line in score_list(WHO, demo_copy, scope).lines:
            own = kept[kept["part_id"] == line.id]
            assert (line.here.schools, line.here.known) == (len(own), int(own["is_known"].sum()))
            reasons = Counter(own.loc[~own["is_known"], "missing_reason"])
            assert line.here.reasons == {MISSING_IN_WORDS[MissingReason(one)]: n for one, n in reasons.items()}
            assert line.everywhere.schools == int((points["part_id"] == line.id).sum())
    nursery = {line.id: line for line in score_list(WHO, demo_copy, Scope("999", phase="nursery")).lines}
    assert nursery["S4"].here.sentence == "no school that the line is about"


@pytest.mark.parametrize(
    ("part", "words"),
    [
        (
            "S1",
            "1 point for every full 10 below 100 (percentile), 9 times at most; a figure older than 5 years is as good "
            "as not known",
        ),
        ("S6", "1 point for every full 20 below 100 (percentile), 4 times at most"),
        (
            "S3",
            "1 point for every full 10 below 100 (percentile), 9 times at most; a figure older than 4 years is as good "
            "as not known",
        ),
        (
            "S8",
            "1 point for every full 40 above 0 (percentile), 2 times at most; a figure older than 3 years is as good "
            "as not known",
        ),
        ("S9", "−5 points where it is so"),
        ("S10", "5 points where it is so"),
        ("S11", "5 points for every school of its phases"),
    ],
)
def test_a_way_of_counting_is_told_from_its_numbers(part: str, words: str) -> None:
    assert step_in_words(PARTS[part], step_of(PARTS[part])) == words
