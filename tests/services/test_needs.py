"""Need beside help: each cell and each list, as support is added, grows stale and ends."""

from datetime import date, timedelta
from pathlib import Path

import pandas as pd
import pytest

from risk_model.casework import NewAllocation, NewShare, add_allocation, change_allocation, end_allocation
from risk_model.domain.errors import RulesRefused
from risk_model.domain.viewer import local_viewer
from risk_model.rules.reader import FOLDER
from risk_model.rules.support import SUPPORT_FILE, Area
from risk_model.services.at_risk import school_list
from risk_model.services.copy import Copy
from risk_model.services.needs import FITS, NEED, NO_NEED, NOTHING, STALE, Cell, NeedMatrix, NeedPage, need_page
from risk_model.services.scope import Scope

WHO = local_viewer()
LA = Scope("999")
AS_AT = date(2026, 11, 20)


def _raised(copy: Copy, urn: str) -> set[str]:
    rows = copy.reader.rows("select rule_id from rule_outcomes where urn = $urn and status = 'raised'", {"urn": urn})
    return {row["rule_id"] for row in rows}


def _add(copy: Copy, urn: str, **given: object) -> int:
    new = {
        "provider_type": "LA team",
        "provider_name": "Team A",
        "start_date": AS_AT - timedelta(days=30),
        "status": "active",
        "last_update": AS_AT - timedelta(days=5),
    }
    return add_allocation(
        copy.records,
        "tester",
        NewAllocation("999", urn, **(new | given)),  # type: ignore[arg-type]
    )


def _gap(page: NeedPage) -> str:
    """A priority school with weak results and no help at all."""
    rows = page.lists[0].rows["URN"]
    return next(urn for urn in rows if page.flagged.cells[urn, "results"].state == NEED)


def _cell(copy: Copy, urn: str, area: str) -> Cell:
    return need_page(WHO, copy, LA).flagged.cells[urn, area]


def _rows(copy: Copy, key: str, scope: Scope = LA) -> list[str]:
    (found,) = [one for one in need_page(WHO, copy, scope).lists if one.key == key]
    return [str(urn) for urn in found.rows["URN"]]


def test_every_cell_of_the_demo_says_what_rules_and_support_say(demo_copy: Copy) -> None:
    page = need_page(WHO, demo_copy, LA)
    schools = school_list(WHO, demo_copy, LA)
    assert list(page.flagged.schools["urn"]) == list(schools.loc[schools["priority"] == "priority", "urn"])
    for urn in page.flagged.schools["urn"]:
        raised = _raised(demo_copy, urn)
        for area in page.flagged.areas:
            cell = page.flagged.cells[urn, area.id]
            assert set(cell.rules) == raised & set(area.rules)
            assert (cell.state in (NEED, FITS, STALE)) <= bool(cell.rules)
            assert (cell.state in (FITS, NO_NEED, STALE)) == bool(cell.helpers)


def test_totals_and_gaps_add_up_to_the_cells(demo_copy: Copy) -> None:
    matrix = need_page(WHO, demo_copy, LA).flagged
    totals = matrix.totals().set_index("Area")
    states = [cell.state for cell in matrix.cells.values()]
    for state in (NEED, STALE, FITS, NO_NEED):
        assert totals[state].sum() == states.count(state)
    table = matrix.table()
    assert table["Gaps"].sum() == states.count(NEED) + states.count(STALE)
    assert table["Gaps"].is_monotonic_decreasing
    assert set(table["URN"]) == set(matrix.schools["urn"])


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ([], "No priority school of this scope has a need that nobody answers."),
        ([FITS, FITS, NO_NEED], "No priority school of this scope has a need that nobody answers."),
        (
            [STALE, FITS, NOTHING],
            "No need of 1 priority school is without help, but some of the help is stale; help fits 1 need.",
        ),
        ([NEED, FITS, NOTHING], "1 need of 1 priority school has no help, all in area a (1 school); help fits 1 need."),
        (
            [NEED, NEED, FITS, NEED, NOTHING, NOTHING],
            "3 needs of 2 priority schools have no help, most of them in area a (2 schools); help fits 1 need.",
        ),
        (
            [NEED, NEED, NEED, NEED, NOTHING, NOTHING],
            "4 needs of 2 priority schools have no help, the most in area a (2 schools); help fits 0 needs.",
        ),
    ],
)
def test_the_finding_says_most_only_of_more_than_half(cells: list[str], expected: str) -> None:
    areas = tuple(Area(id=one, title=f"Area {one}", rules=(), support=("any",), topics=("any",)) for one in "abc")
    urns = [str(one) for one in range(len(cells) // 3)]
    named = zip([(urn, area.id) for urn in urns for area in areas], cells, strict=True)
    matrix = NeedMatrix(areas, pd.DataFrame({"urn": urns}), {key: Cell(state, (), ()) for key, state in named})
    assert matrix.finding() == expected


def test_help_of_the_right_kind_fits_grows_stale_and_ends(own_copy: Copy) -> None:
    urn = _gap(need_page(WHO, own_copy, LA))
    number = _add(own_copy, urn, support_type="teaching and curriculum")
    assert (_cell(own_copy, urn, "results").state, _cell(own_copy, urn, "results").helpers) == (
        FITS,
        ("LA team, Team A",),
    )
    old = {"start_date": AS_AT - timedelta(days=200), "last_update": AS_AT - timedelta(days=91)}
    change_allocation(own_copy.records, "tester", number, 1, old)
    assert _cell(own_copy, urn, "results").state == STALE
    change_allocation(own_copy.records, "tester", number, 2, {"last_update": AS_AT - timedelta(days=90)})
    assert _cell(own_copy, urn, "results").state == FITS
    end_allocation(own_copy.records, "tester", number, 3, "completed", AS_AT - timedelta(days=1), None)
    assert _cell(own_copy, urn, "results").state == NEED


def test_help_without_any_update_is_stale_from_its_start(own_copy: Copy) -> None:
    urn = _gap(need_page(WHO, own_copy, LA))
    number = _add(own_copy, urn, support_type="training", start_date=AS_AT - timedelta(days=90), last_update=None)
    assert _cell(own_copy, urn, "results").state == FITS
    change_allocation(own_copy.records, "tester", number, 1, {"start_date": AS_AT - timedelta(days=91)})
    assert _cell(own_copy, urn, "results").state == STALE


def test_help_that_names_a_rule_answers_its_area_whatever_its_kind(own_copy: Copy) -> None:
    page = need_page(WHO, own_copy, LA)
    urn = _gap(page)
    rule = page.flagged.cells[urn, "results"].rules[0]
    _add(own_copy, urn, support_type="other", rules=rule)
    assert _cell(own_copy, urn, "results").state == FITS


def test_help_without_a_need_is_said_and_help_to_come_is_none_yet(own_copy: Copy) -> None:
    page = need_page(WHO, own_copy, LA)
    urn = next(u for u in page.lists[0].rows["URN"] if page.flagged.cells[u, "staff"].state == NOTHING)
    _add(own_copy, urn, support_type="HR casework", start_date=AS_AT + timedelta(days=1), status="agreed")
    assert _cell(own_copy, urn, "staff").state == NOTHING
    _add(own_copy, urn, support_type="HR casework", provider_name="Team B")
    assert _cell(own_copy, urn, "staff").state == NO_NEED


def test_stale_help_without_a_need_is_no_gap_and_is_listed_as_stale(own_copy: Copy) -> None:
    page = need_page(WHO, own_copy, LA)
    urn = next(u for u in page.lists[0].rows["URN"] if page.flagged.cells[u, "staff"].state == NOTHING)
    gaps = page.flagged.gaps_of(urn)
    old = {"support_type": "HR casework", "start_date": AS_AT - timedelta(days=200), "last_update": None}
    _add(own_copy, urn, **old)
    after = need_page(WHO, own_copy, LA).flagged
    assert (after.cells[urn, "staff"].state, after.gaps_of(urn)) == (NO_NEED, gaps)
    assert urn in _rows(own_copy, "stale")


def test_two_providers_where_no_rule_shows_a_need_are_not_two_on_one_need(own_copy: Copy) -> None:
    page = need_page(WHO, own_copy, LA)
    urn = next(u for u in page.lists[0].rows["URN"] if page.flagged.cells[u, "staff"].state == NOTHING)
    _add(own_copy, urn, support_type="HR casework")
    _add(own_copy, urn, support_type="HR casework", provider_name="Team B")
    two = next(one for one in need_page(WHO, own_copy, LA).lists if one.key == "two").rows
    staff = next(area.title for area in page.flagged.areas if area.id == "staff")
    assert two[(two["URN"] == urn) & (two["Need"] == staff)].empty


def test_a_group_helps_each_of_its_schools_with_its_own_days(own_copy: Copy) -> None:
    page = need_page(WHO, own_copy, LA)
    first, second = [u for u in page.lists[0].rows["URN"] if page.flagged.cells[u, "results"].state == NEED][:2]
    shares = (NewShare(first, 4), NewShare(second, 2))
    _add(own_copy, first, support_type="network or learning group", days_planned=6, days_used=3, shares=shares)
    assert [_cell(own_copy, urn, "results").state for urn in (first, second)] == [FITS, FITS]
    listed = school_list(WHO, own_copy, LA).set_index("urn")
    assert list(listed.loc[[first, second], "support_days_planned"]) == [4, 2]
    assert list(listed.loc[[first, second], "support_days_used"]) == [2, 1]
    assert not {first, second} & set(_rows(own_copy, "without"))


def test_two_providers_on_one_need_are_listed_and_two_pieces_of_one_are_not(own_copy: Copy) -> None:
    urn = _gap(need_page(WHO, own_copy, LA))
    _add(own_copy, urn, support_type="training")
    _add(own_copy, urn, support_type="peer review", start_date=AS_AT - timedelta(days=20))
    assert urn not in _rows(own_copy, "two")
    _add(own_copy, urn, support_type="training", provider_name="Team B")
    assert urn in _rows(own_copy, "two")


def test_a_review_is_overdue_until_somebody_says_how_it_goes(own_copy: Copy) -> None:
    urn = _gap(need_page(WHO, own_copy, LA))
    review = AS_AT - timedelta(days=3)
    number = _add(own_copy, urn, support_type="training", review_date=review)
    assert urn in _rows(own_copy, "review")
    change_allocation(own_copy.records, "tester", number, 1, {"last_update": review})
    assert urn not in _rows(own_copy, "review")
    change_allocation(own_copy.records, "tester", number, 2, {"review_date": AS_AT, "last_update": None})
    assert urn not in _rows(own_copy, "review")


def test_support_that_ended_asks_for_its_outcome_once(own_copy: Copy) -> None:
    urn = _gap(need_page(WHO, own_copy, LA))
    number = _add(own_copy, urn, support_type="training")
    end_allocation(own_copy.records, "tester", number, 1, "completed", AS_AT, None)
    assert urn in _rows(own_copy, "ended")
    change_allocation(own_copy.records, "tester", number, 2, {"exit_outcome": "partly met"})
    assert urn not in _rows(own_copy, "ended")
    other = _add(own_copy, urn, support_type="training", provider_name="Team B")
    end_allocation(own_copy.records, "tester", other, 1, "cancelled", None, "The provider could not come.")
    assert urn not in _rows(own_copy, "ended")


def test_help_for_a_school_that_is_not_flagged_is_on_a_list_of_its_own(own_copy: Copy) -> None:
    schools = school_list(WHO, own_copy, LA)
    calm = schools[(schools["priority"] == "universal") & (schools["support_active"] == 0)]["urn"].iloc[0]
    assert calm not in _rows(own_copy, "calm")
    _add(own_copy, calm, support_type="training")
    assert calm in _rows(own_copy, "calm")
    assert calm in set(need_page(WHO, own_copy, LA).helped.schools["urn"])


def test_the_entitlement_is_for_maintained_schools_and_counts_unknown_days_as_none_planned(own_copy: Copy) -> None:
    before = need_page(WHO, own_copy, LA).entitlement.set_index("URN")
    schools = school_list(WHO, own_copy, LA).set_index("urn")
    assert set(before.index) == set(schools.index[schools["route"] == "LA support"])
    urn = next(u for u in _rows(own_copy, "without") if u in before.index)
    assert list(before.loc[urn, ["Entitled to", "Planned", "Still to plan"]]) == [12, 0, 12]
    _add(own_copy, urn, support_type="training")
    after = need_page(WHO, own_copy, LA).entitlement.set_index("URN")
    assert after.loc[[urn], "Planned"].isna().all()
    assert after.loc[urn, "Still to plan"] == 12
    _add(own_copy, urn, support_type="training", provider_name="Team B", days_planned=7.5)
    assert need_page(WHO, own_copy, LA).entitlement.set_index("URN").loc[urn, "Still to plan"] == 4.5


def test_an_las_own_settings_count_and_broken_ones_are_refused(own_copy: Copy) -> None:
    text = (FOLDER / SUPPORT_FILE).read_text("utf-8")
    own = Path(own_copy.data.root) / SUPPORT_FILE
    own.write_text(text.replace("days = 12.0", "days = 20.0"), "utf-8")
    table = need_page(WHO, own_copy, LA).entitlement
    assert set(table.loc[table["Priority"] == "priority", "Entitled to"]) == {20}
    own.write_text("from = 1", "utf-8")
    with pytest.raises(RulesRefused):
        need_page(WHO, own_copy, LA)


def test_a_scope_without_schools_has_no_need_and_no_help(demo_copy: Copy) -> None:
    page = need_page(WHO, demo_copy, Scope("850"))
    assert page.flagged.cells == {}
    assert [len(one.rows) for one in page.lists] == [0] * 6
    assert page.entitlement_words == "No maintained school of this scope is a priority."


def test_every_scope_has_its_page_also_one_of_academies_alone(demo_copy: Copy) -> None:
    known = demo_copy.reader.rows("select distinct locality, phase, la_code from schools")
    scopes = [Scope(la_code=one["la_code"], locality=one["locality"], phase=one["phase"]) for one in known]
    pages = [need_page(local_viewer(), demo_copy, scope) for scope in scopes]
    assert (
        sum(len(page.entitlement) for page in pages)
        == demo_copy.reader.rows("select count(*) as n from schools_at_risk where route = 'LA support'")[0]["n"]
    )
    assert any(page.entitlement.empty for page in pages)
