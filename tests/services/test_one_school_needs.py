"""One school's needs beside its help: the same cells as the matrix of all, and a sentence that counts the gaps."""

from datetime import date, timedelta

from risk_model.casework import NewAllocation, add_allocation
from risk_model.domain.viewer import local_viewer
from risk_model.services.copy import Copy
from risk_model.services.needs import FITS, STALE, NeedMatrix, need_page
from risk_model.services.one_school_needs import SchoolNeeds, one_school_needs
from risk_model.services.profile import school_profile
from risk_model.services.scope import Scope

WHO = local_viewer()
AS_AT = date(2026, 11, 20)


def _flagged(copy: Copy) -> NeedMatrix:
    return need_page(WHO, copy, Scope("999")).flagged


def _needs(copy: Copy, urn: str) -> SchoolNeeds:
    return one_school_needs(WHO, copy, school_profile(WHO, copy, urn))


def test_every_priority_school_has_the_cells_and_the_gaps_of_the_matrix(demo_copy: Copy) -> None:
    matrix = _flagged(demo_copy)
    # every sixth: a profile takes its time
    for urn in matrix.schools["urn"][::6]:
        found = _needs(demo_copy, urn)
        cells = {need.area.id: cell for need, cell in found.cells}
        assert cells == {area: cell for (school, area), cell in matrix.cells.items() if school == urn and cell.state}
        assert len(found.gaps) == matrix.gaps_of(urn)


def _help(copy: Copy, urn: str, provider: str, rules: str, last_update: date) -> None:
    start = AS_AT - timedelta(days=200)
    new = NewAllocation(
        "999", urn, "LA team", provider, rules=rules, start_date=start, status="active", last_update=last_update
    )
    add_allocation(copy.records, "tester", new)


def test_the_sentence_names_each_need_while_nobody_helps_or_help_is_stale(own_copy: Copy) -> None:
    matrix = _flagged(own_copy)
    urn = next(one for one in matrix.schools["urn"] if matrix.gaps_of(one) > 1)
    gaps = _needs(own_copy, urn).gaps
    named = "; ".join(need.words for need in gaps)
    said = f"Needs without help, or with help that is stale: {len(gaps)}. {named}."
    assert _needs(own_copy, urn).words == said
    rules = ", ".join(sorted({rule for need in gaps for rule in need.rules}))
    _help(own_copy, urn, "Team A", rules, AS_AT - timedelta(days=91))
    found = _needs(own_copy, urn)
    assert found.words == said
    assert STALE in {cell.state for _, cell in found.cells}
    _help(own_copy, urn, "Team B", rules, AS_AT)
    found = _needs(own_copy, urn)
    assert found.words == "Every need that the rules show has help."
    assert {cell.state for need, cell in found.cells if need.rules} == {FITS}


def test_a_school_without_a_raised_rule_has_no_need(demo_copy: Copy) -> None:
    (row,) = demo_copy.reader.rows(
        "select min(urn) as urn from schools where urn not in (select urn from rule_outcomes where status = 'raised')"
    )
    assert _needs(demo_copy, row["urn"]).words == "The rules show no need."
