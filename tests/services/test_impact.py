"""Did it help, on the demo: support that is recorded becomes cases, and nothing is shown that too few rest on."""

from dataclasses import replace
from datetime import date

import pytest

from risk_model.casework import Allocation, NewAllocation, add_allocation, allocations, system_leaders
from risk_model.domain.viewer import local_viewer
from risk_model.services.copy import Copy
from risk_model.services.giving import Giver, giver_of, urns_by_name
from risk_model.services.impact import ANY_KIND, NOT_PROOF, impact, impact_measures
from risk_model.services.scope import Scope

WHO = local_viewer()
LA = Scope("999")
RWM = "rwm_expected_pct"
_WEAK_SQL = """
    select s.urn from schools as s inner join measure_values as v using (urn)
    where v.measure_id = 'rwm_expected_pct' and v.period = '2022-2023' and v.value between 45 and 60
        and v.inherited_from is null and s.urn not in (select unnest($taken)) order by s.urn limit $number"""


def _support(copy: Copy, number: int, **changed: object) -> list[str]:
    """Support from September 2023 for schools that have none recorded."""
    taken = [one.urn for one in allocations(copy.records)]
    urns = [row["urn"] for row in copy.reader.rows(_WEAK_SQL, {"taken": taken, "number": number})]
    for urn in urns:
        given: dict[str, object] = {
            "la_code": "999",
            "urn": urn,
            "provider_type": "LA team",
            "provider_name": "School improvement",
            "support_type": "peer review",
            "start_date": date(2023, 9, 12),
            "end_date": date(2024, 7, 1),
            "status": "completed",
        }
        add_allocation(copy.records, "a test", NewAllocation(**(given | changed)))  # type: ignore[arg-type]
    return urns


def test_the_measures_offered_are_those_of_the_schools_in_scope(demo_copy: Copy) -> None:
    assert RWM in impact_measures(WHO, demo_copy, LA)
    assert impact_measures(WHO, demo_copy, Scope("999", phase="nursery")) == {}


def test_six_schools_with_support_are_averaged_and_each_figure_is_the_builds_own(own_copy: Copy) -> None:
    urns = _support(own_copy, 6)
    side = impact(WHO, own_copy, LA, RWM).supported
    row = side.kinds.set_index("Kind of support").loc["peer review"]
    cases = side.cases_of("peer review")
    counted = cases[cases["Why it does not count"] == ""]
    assert set(counted["URN"]) == set(urns)
    assert row["Counted"] == 6
    assert row["Difference"] == pytest.approx(row["Moved"] - row["Similar schools moved"])
    assert row["From"] < row["Difference"] < row["To"]
    assert row["Moved"] == pytest.approx(_moved(own_copy, urns))


def _moved(copy: Copy, urns: list[str]) -> float:
    found = copy.reader.rows(
        "select avg(b.value - a.value) as moved from measure_values as a inner join measure_values as b "
        "using (urn, measure_id) where measure_id = 'rwm_expected_pct' and a.period = '2022-2023' "
        "and b.period = '2024-2025' and urn in (select unnest($urns))",
        {"urns": urns},
    )
    return float(found[0]["moved"])


def test_similar_schools_are_of_the_phase_and_had_no_support(own_copy: Copy) -> None:
    urns = _support(own_copy, 6)
    side = impact(WHO, own_copy, LA, RWM).supported
    matches = side.matches_of(urns[0], "peer review")
    assert len(matches) == 5
    assert matches["Distance"].is_monotonic_increasing
    supported = {one.urn for one in allocations(own_copy.records) if one.status in ("completed", "ended early")}
    homes = {one.home_urn for one in system_leaders(own_copy.records)}
    assert not set(matches["URN"]) & supported
    assert len(set(matches["URN"]) - homes) == 5


def test_too_few_cases_have_no_average_and_are_listed_all_the_same(demo_copy: Copy) -> None:
    side = impact(WHO, demo_copy, LA, "progress8_score").supported
    row = side.kinds.iloc[0]
    assert row["Kind of support"] == ANY_KIND
    assert row["In words"].startswith("not enough cases: ")
    assert side.kinds["Moved"].isna().all()
    assert "not enough cases" in side.finding
    assert len(side.cases_of(ANY_KIND)) == row["Schools"] > 0


def test_the_demo_has_enough_cases_for_results_and_too_few_for_attainment_8(demo_copy: Copy) -> None:
    results = impact(WHO, demo_copy, LA, RWM).supported
    assert results.kinds.iloc[0]["Counted"] >= 5
    assert list(results.charted["Row"])[:1] == [f"{ANY_KIND} ({results.kinds.iloc[0]['Counted']})"]
    assert "schools that had support moved by " in results.finding
    assert impact(WHO, demo_copy, LA, "attainment8_score").supported.charted.empty


def test_a_narrower_scope_lists_fewer_schools_beside_the_same_similar_ones(own_copy: Copy) -> None:
    urns = _support(own_copy, 6)
    place = own_copy.reader.rows("select locality from schools where urn = $urn", {"urn": urns[0]})[0]["locality"]
    whole = impact(WHO, own_copy, LA, RWM).supported
    part = impact(WHO, own_copy, Scope("999", locality=place), RWM).supported
    assert urns[0] in set(part.cases["URN"]) < set(whole.cases["URN"])
    assert part.matches_of(urns[0], ANY_KIND).equals(whole.matches_of(urns[0], ANY_KIND))


def test_the_home_school_of_a_system_leader_stands_among_those_that_gave(own_copy: Copy) -> None:
    leader = next(one for one in system_leaders(own_copy.records) if one.home_urn is not None)
    _support(own_copy, 1, provider_type="school", provider_name="Any", system_leader_id=leader.id)
    side = impact(WHO, own_copy, LA, RWM).supporting
    case = side.cases_of("peer review")
    assert list(case["URN"]) == [leader.home_urn]
    assert case["Support began"].iloc[0] == date(2023, 9, 12)


def test_support_that_was_declined_or_begins_later_is_no_case(own_copy: Copy) -> None:
    before = len(impact(WHO, own_copy, LA, RWM).supported.cases)
    _support(own_copy, 1, status="declined", status_reason="The governors prefer another.")
    _support(own_copy, 1, status="agreed", start_date=date(2027, 1, 5), end_date=None)
    assert len(impact(WHO, own_copy, LA, RWM).supported.cases) == before


def test_it_is_worded_as_description(demo_copy: Copy) -> None:
    found = impact(WHO, demo_copy, LA, "persistent_absence_pct")
    assert found.how[0] == "A fall is for the better."
    assert any(NOT_PROOF in line for line in found.how)
    assert any("2022-23: The first full year counted as usual again." in line for line in found.how)


def _allocation(own_copy: Copy, **given: object) -> Allocation:
    values: dict[str, object] = {"la_code": "999", "urn": "900012"}
    number = add_allocation(own_copy.records, "a test", NewAllocation(**(values | given)))  # type: ignore[arg-type]
    return next(one for one in allocations(own_copy.records) if one.id == number)


def test_who_gives_is_the_leaders_home_then_the_school_by_its_exact_name_then_no_school(own_copy: Copy) -> None:
    urns = urns_by_name([("Alder School", "900002"), ("Same Name", "900003"), ("Same Name", "900004")])
    by_name = _allocation(own_copy, provider_type="school", provider_name="Alder School")
    assert giver_of(by_name, {}, urns) == Giver("900002", "Alder School", "school")
    twice = _allocation(own_copy, provider_type="school", provider_name="Same Name")
    assert giver_of(twice, {}, urns) == Giver(None, "Same Name", "school")
    team = _allocation(own_copy, provider_type="LA team", provider_name="Alder School")
    assert giver_of(team, {}, urns) == Giver(None, "Alder School", "LA team")
    leader = replace(system_leaders(own_copy.records)[0], label="System leader 07", home_urn="900001")
    led = _allocation(own_copy, provider_type="LA team", provider_name="x", system_leader_id=leader.id)
    assert giver_of(led, {leader.id: leader}, urns) == Giver("900001", "System leader 07", "school")
