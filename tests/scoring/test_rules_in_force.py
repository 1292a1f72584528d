"""Which schools a rule judges, and from which day each threshold counts: written down, not read from the rules."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from risk_model.rules.reader import PHASES, read_rules
from risk_model.scoring.rule_tables import numbered_rules
from risk_model.warehouse.engine import rows
from tests.scoring.kit import AS_AT, Bench

TO_ELEVEN = ("primary", "junior", "middle", "all-through")
TO_SIXTEEN = ("secondary", "all-through")
WITH_RESULTS = ("primary", "junior", "middle", "secondary", "all-through")
WITH_EARLY_YEARS = ("infant", "first", "primary", "all-through")
OF_SCHOOL_AGE = tuple(phase for phase in PHASES if phase != "nursery")
ONLY = {
    **dict.fromkeys(("O1", "O3", "O4", "O5"), TO_ELEVEN),
    **dict.fromkeys(("O6", "O7", "O8", "O9", "O13"), TO_SIXTEEN),
    **dict.fromkeys(("O2", "O14", "O15", "O16", "L14"), WITH_RESULTS),
    **dict.fromkeys(("O10", "O11", "N8"), OF_SCHOOL_AGE),
    "O12": WITH_EARLY_YEARS,
    "L8": ("infant", "first", *WITH_RESULTS),
}
# rule and place of the threshold in it
BEGINS = {
    date(2005, 9, 1): "L1.1 L1.2 L2.1 L2.2 L4.1 L10.1 L10.2 L10.3 L11.1 "
    "N1.1 N1.2 N2.1 N3.1 N6.1 N6.2 N7.1 N7.2 N10.1 N13.1",
    # the Education and Inspections Act 2006
    date(2006, 9, 1): "L4.2",
    # the framework of September 2012
    date(2012, 9, 1): "L3.1 L3.2 L5.1 L5.2 L5.3 L6.1 L6.2 L7.1 L7.2 L7.3 L7.4 L8.1 L8.2 L9.1 L9.2 L12.1 L13.1 L13.2 "
    "N5.1 N12.1",
    # short inspections
    date(2015, 9, 1): "N4.1 N4.2",
    # the tests and examinations of 2016
    date(
        2016, 9, 1
    ): "O1.1 O1.2 O2.1 O2.2 O3.1 O3.2 O4.1 O4.2 O5.1 O6.1 O6.2 O7.1 O7.2 O7.3 O9.1 O9.2 O9.3 O10.1 O10.2 "
    "O11.1 O11.2 O12.1 O12.2 O12.3 O12.4 O12.5 O13.1 O13.2 O14.1 O14.2 O15.1 O15.2 O15.3 O16.1 O16.2 O16.3 O16.4 L14.1",
    # grades 9 to 1
    date(2017, 9, 1): "O8.1 O8.2",
    date(2019, 9, 1): "N3.2",
    # report cards
    date(2025, 11, 10): "N1.3 N8.1 N9.1 N9.2 N9.3 N11.1 N11.2",
}


def test_a_rule_judges_the_schools_of_its_phases_and_no_others(bench: Bench) -> None:
    bench.rules_on(AS_AT)
    bench.place({phase: phase for phase in PHASES}, {})
    bench.evaluate(AS_AT)
    found = {(row["urn"], row["rule_id"]) for row in rows(bench.con, "select urn, rule_id from rule_outcomes")}
    named = (Path(__file__).parents[1] / "rules" / "manifest.txt").read_text("utf-8").split()
    # the lines of the list that orders schools judge nothing
    ids = [one for one in named if not one.startswith("S")]
    assert found == {(phase, rule_id) for rule_id in ids for phase in ONLY.get(rule_id, PHASES)}


def in_force(day: date) -> set[str]:
    return {f"{one.rule.id}.{place}" for one in numbered_rules(read_rules(), day) for _, place, _ in one.tests}


@pytest.mark.parametrize("day", BEGINS)
def test_a_threshold_counts_from_its_day_on(day: date) -> None:
    assert in_force(day) - in_force(day - timedelta(days=1)) == set(BEGINS[day].split())


def test_every_threshold_begins_on_one_of_these_days() -> None:
    assert in_force(AS_AT) == {one for begun in BEGINS.values() for one in begun.split()}
