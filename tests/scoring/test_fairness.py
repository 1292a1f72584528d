"""For whom the model errs, against figures worked by hand; and the counts that every build holds."""

from collections import Counter

import pytest

from risk_model.domain.errors import NotFound
from risk_model.scoring.accuracy import coverage_band
from risk_model.scoring.fairness import Fairness, GroupErrors, definition, fairness, flag_rates
from risk_model.services.copy import Copy
from tests.scoring.frames import TEN, frame_of, inspection, ten_times


def _two_fifths() -> Fairness:
    """The ten, forty times over: the five riskiest of each ten are the most disadvantaged fifth, the others the least.

    By hand, a fifth flagged (9 F and 8 N of the ten): of the six that did not fail one is flagged, of the four that
    failed one. Fifth 5 holds 9 F, 8 N, 7 F, 6 F, 6 N; fifth 1 holds 5 N, 4 N, 3 N, 2 F, 1 N.
    """
    rows = [{**row, "fsm_fifth": "5" if row["score"] >= 6 else "1"} for row in ten_times(40)]
    return fairness(frame_of(rows))


def _group(found: Fairness, by: str, value: str) -> GroupErrors:
    return next(one for one in found.groups if (one.by, one.value) == (by, value))


def test_ten_rows_by_hand() -> None:
    found = _two_fifths()
    everybody = found.everybody
    assert (everybody.n, everybody.failed, everybody.flag_rate.value) == (400, 160, 0.2)
    assert everybody.false_positive_rate.value == pytest.approx(1 / 6, abs=0.0001)
    assert everybody.false_negative_rate.value == pytest.approx(3 / 4)
    poorest, best_off = _group(found, "fsm fifth", "5"), _group(found, "fsm fifth", "1")
    # of 5: two of five flagged, one of two that did not fail, two of three that failed are missed
    assert (poorest.flag_rate.value, poorest.false_positive_rate.value) == (0.4, 0.5)
    assert poorest.false_negative_rate.value == pytest.approx(2 / 3, abs=0.0001)
    assert found.poorest_ratio.value == pytest.approx(0.5 / (1 / 6))
    assert (best_off.flag_rate.value, best_off.false_positive_rate.value) == (0.0, 0.0)
    assert found.missed_best_off.value == best_off.false_negative_rate.value == 1.0


def test_intervals_hold_the_figure() -> None:
    ratio = _two_fifths().poorest_ratio
    assert ratio.low < ratio.value < ratio.high


def test_a_rate_needs_twenty_of_its_own_kind() -> None:
    # in the one region 21 that did not fail and 19 that failed: enough for one rate and not for the other
    rows = [inspection(100_000 + n, 5.0, failed=n < 19, region="North East") for n in range(40)]
    found = _group(fairness(frame_of([*ten_times(), *rows])), "region", "North East")
    assert found.false_positive_rate.value is not None
    assert found.false_negative_rate.value is None
    assert found.false_negative_rate.withheld == "Withheld: 19 inspections failed; fewer than 20 say too little."


def test_special_schools_are_neither_flagged_nor_counted() -> None:
    special = [{**row, "urn": f"12{n:04d}", "phase": "special", "score": 99.0} for n, row in enumerate(ten_times())]
    assert fairness(frame_of([*ten_times(), *special])) == fairness(frame_of(ten_times()))


def test_a_fifth_that_nobody_inspected_is_said() -> None:
    found = fairness(frame_of(ten_times()))
    assert found.poorest_ratio.withheld == "Withheld: no school of that fifth was inspected."


def test_without_inspections_there_is_nothing_to_say() -> None:
    with pytest.raises(NotFound, match="has no inspection"):
        fairness(frame_of(ten_times()), question="report card strict")


def test_what_flagged_means_is_said() -> None:
    words = "riskiest fifth of the primary and secondary schools inspected in the period, by score"
    assert words in definition()
    assert "riskiest 10%" in definition(0.1)


def test_another_share_flags_another_number() -> None:
    # three of ten: 9 F, 8 N, 7 F
    found = fairness(frame_of(ten_times(20)), share=0.3).everybody
    assert (found.flag_rate.value, found.false_negative_rate.value) == (0.3, 0.5)
    assert len(TEN) * 20 == found.n


def test_a_build_counts_its_flags_as_its_tables_say(demo_copy: Copy) -> None:
    """A second count, in Python, of what the build holds."""
    schools = demo_copy.reader.rows("""
        select g.*, l.score, l.coverage, l.level, r.priority
        from school_groups as g
        inner join statement_levels as l on l.urn = g.urn and l.statement = 'inspection'
        inner join schools_at_risk as r on r.urn = g.urn
        where g.phase in ('primary', 'secondary')""")
    order = sorted(schools, key=lambda row: (-row["score"], row["urn"][::-1]))
    flagged = {row["urn"] for row in order[: (len(order) * 20 + 50) // 100]}
    answers = {
        "all": lambda row: "primary and secondary schools",
        "phase": lambda row: row["phase"],
        "size": lambda row: row["size_band"],
        "fsm fifth": lambda row: row["fsm_fifth"],
        "type": lambda row: "academy" if row["is_academy"] else "maintained",
        "faith": lambda row: {True: "religious character", False: "none", None: "not known"}[
            row["has_religious_character"]
        ],
        "region": lambda row: row["region"] or "not known",
        "coverage": lambda row: coverage_band(row["coverage"]),
    }
    expected = {
        (by, value): (
            len(own),
            sum(row["urn"] in flagged for row in own),
            Counter(row["priority"] for row in own)["priority"],
        )
        for by, answer in answers.items()
        for value in {answer(row) for row in schools}
        for own in [[row for row in schools if answer(row) == value]]
    }
    found = flag_rates(demo_copy.reader)
    assert {(one.by, one.value): (one.schools, one.flagged, one.priority) for one in found} == expected
    assert found[0].by == "all"
    assert sum(one.unlikely for one in found if one.by == "phase") == sum(row["level"] == "unlikely" for row in schools)


def test_every_school_of_a_build_is_in_a_group(demo_copy: Copy) -> None:
    schools, groups = (
        {row["urn"] for row in demo_copy.reader.rows(f"select urn from {table}")}
        for table in ("schools", "school_groups")
    )
    assert groups == schools
