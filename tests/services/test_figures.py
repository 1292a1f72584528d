"""The numbers of different screens agree with one another, and no school is lost on the way."""

import csv
from collections import Counter
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from python_calamine import CalamineWorkbook

from risk_model.casework import (
    NewMeeting,
    NewMeetingOutcome,
    NewReferral,
    add_meeting,
    allocations,
    meetings,
    referrals,
)
from risk_model.domain.errors import NotFound
from risk_model.domain.paths import DataDir
from risk_model.domain.viewer import local_viewer
from risk_model.domain.words import NOT_A_PREDICTION, Level, Priority, Statement
from risk_model.exports.tables import as_xlsx
from risk_model.services.at_risk import (
    LIST_COLUMNS,
    NO_SUPPORT,
    ListFilters,
    about_list,
    narrowed,
    school_list,
    screen_table,
    support_by_school,
)
from risk_model.services.copy import Copy, opened
from risk_model.services.data import freshness, freshness_table, releases, releases_table
from risk_model.services.director_list import NOT_RAISED
from risk_model.services.explaining import explained, school_explanation
from risk_model.services.needs import need_page
from risk_model.services.overview import overview
from risk_model.services.profile import school_names, school_profile
from risk_model.services.raising import change_raise, raise_academy, raised_table
from risk_model.services.regional_director import academies_at_risk
from risk_model.services.scope import Scope, licence_line, scope_choices
from risk_model.services.support import support_page
from tests.conftest import SMALL_SCHOOLS

WHO = local_viewer()
LA = Scope("999")
EVERYWHERE = tuple(p.value for p in Priority)
SCOPES = [
    Scope(),
    LA,
    Scope("999", locality="Brackenside"),
    Scope("999", phase="secondary"),
    Scope("999", "Alder Valley", "primary"),
]


def _listed(copy: Copy, scope: Scope = LA) -> pd.DataFrame:
    return school_list(WHO, copy, scope)


# schools in = schools out


def test_every_open_school_of_the_register_is_listed_once(demo_copy: Copy, demo_data: DataDir) -> None:
    register = next(iter((demo_data.demo / "gias").glob("edubase*.csv")))
    with register.open(encoding="cp1252", newline="") as file:
        is_open = [row["URN"] for row in csv.DictReader(file) if row["EstablishmentStatus (name)"] == "Open"]
    assert sorted(_listed(demo_copy)["urn"]) == sorted(is_open)


def test_localities_and_phases_split_the_schools_and_lose_none(demo_copy: Copy) -> None:
    everyone = sorted(_listed(demo_copy)["urn"])
    choices = scope_choices(WHO, demo_copy, "999")
    by_locality = [urn for one in choices.localities for urn in _listed(demo_copy, Scope("999", locality=one))["urn"]]
    by_phase = [urn for one in choices.phases for urn in _listed(demo_copy, Scope("999", phase=one))["urn"]]
    assert sorted(by_locality) == everyone
    assert sorted(by_phase) == everyone


@pytest.mark.parametrize("scope", SCOPES, ids=str)
def test_every_school_has_one_place_three_levels_and_a_score(scope: Scope, demo_copy: Copy) -> None:
    schools = _listed(demo_copy, scope)
    assert set(schools["priority"]) <= {p.value for p in Priority}
    for statement in Statement:
        assert set(schools[f"{statement.value}_level"]) <= {level.value for level in Level}
        assert schools[f"{statement.value}_score"].notna().all()
        assert schools[f"{statement.value}_coverage"].between(0, 1).all()


def test_list_is_in_order_of_urgency(demo_copy: Copy) -> None:
    schools = _listed(demo_copy)
    places = {p.value: number for number, p in enumerate(Priority)}
    order = list(zip(schools["priority"].map(places), -schools["inspection_score"], strict=True))
    assert order == sorted(order)


def test_list_begins_with_the_columns_of_the_contract(demo_copy: Copy) -> None:
    assert tuple(_listed(demo_copy).columns[: len(LIST_COLUMNS)]) == LIST_COLUMNS


# the overview against the list


@pytest.mark.parametrize("scope", SCOPES, ids=str)
@pytest.mark.parametrize("statement", list(Statement))
def test_each_tile_counts_what_the_list_shows_behind_it(statement: Statement, scope: Scope, demo_copy: Copy) -> None:
    schools = _listed(demo_copy, scope)
    tile = next(t for t in overview(WHO, demo_copy, scope).tiles if t.statement == statement.value)
    for level, count in tile.counts.items():
        # mypy cannot know that the three filters are named like the statements
        assert len(narrowed(schools, ListFilters(**{statement.value: (level,)}))) == count  # type: ignore[arg-type]
    assert sum(tile.counts.values()) == len(schools)


@pytest.mark.parametrize("scope", SCOPES, ids=str)
def test_without_support_counts_what_the_filters_show(scope: Scope, demo_copy: Copy) -> None:
    seen = overview(WHO, demo_copy, scope)
    schools = _listed(demo_copy, scope)
    without = narrowed(schools, ListFilters(priorities=("priority",), support="without"))
    supported = narrowed(schools, ListFilters(priorities=("priority",), support="with"))
    assert seen.without_support == len(without)
    assert seen.supported == len(supported)
    assert list(support_page(WHO, demo_copy, scope).gaps["urn"]) == list(without["urn"])
    assert seen.without_support + seen.supported == seen.priorities["priority"]
    assert sum(seen.priorities.values()) == seen.schools == len(schools)


@pytest.mark.parametrize("scope", SCOPES, ids=str)
def test_the_lists_of_the_overview_are_those_of_the_support_page(scope: Scope, demo_copy: Copy) -> None:
    seen = overview(WHO, demo_copy, scope)
    listed = need_page(WHO, demo_copy, scope).lists
    assert [one.key for one in seen.support_lists] == ["without", "calm", "two", "stale", "review", "ended"]
    for one, other in zip(seen.support_lists, listed, strict=True):
        assert one.rows.equals(other.rows)
    assert len(seen.support_lists[0].rows) == seen.without_support
    assert seen.support_refused == ""


@pytest.mark.parametrize("scope", SCOPES, ids=str)
def test_localities_of_the_overview_sum_to_the_schools(scope: Scope, demo_copy: Copy) -> None:
    seen = overview(WHO, demo_copy, scope)
    sums = seen.localities.sum(numeric_only=True)
    assert sums["Schools"] == seen.schools
    assert sums["Priority without support"] == seen.without_support
    for place in ("priority", "watch", "find out"):
        assert sums[place.capitalize()] == seen.priorities[place]


def test_the_sentence_says_the_figures_of_the_overview(demo_copy: Copy) -> None:
    seen = overview(WHO, demo_copy, LA)
    assert f"{seen.priorities['priority']} of {seen.schools} schools are a priority" in seen.sentence
    assert f"{seen.without_support} of them have no help recorded" in seen.sentence
    assert f"raise {seen.academies_to_raise} academies" in seen.sentence
    assert f"{len(seen.changes.flagged)} schools newly flagged" in seen.sentence


def test_overview_of_a_scope_without_schools_says_so_and_counts_nothing(demo_copy: Copy) -> None:
    seen = overview(WHO, demo_copy, Scope("999", locality="nowhere"))
    assert seen.schools == seen.without_support == seen.supported == 0
    assert "No school is in this scope" in seen.sentence
    assert seen.localities.empty
    assert not [*seen.changes.moved, *seen.reviews, *seen.inspections]


def test_an_academy_of_which_the_referral_was_withdrawn_is_not_yet_raised(own_copy: Copy) -> None:
    before = overview(WHO, own_copy, LA).academies_to_raise
    academies = academies_at_risk(WHO, own_copy, LA).table
    urn = academies.loc[academies["referral_status"] == NOT_RAISED, "urn"].iloc[0]
    number = raise_academy(WHO, own_copy, NewReferral("999", urn, "Progress is falling.", ask_kind="a meeting"))
    assert overview(WHO, own_copy, LA).academies_to_raise == before - 1
    change_raise(WHO, own_copy, "999", number, 1, {"status": "withdrawn"}, "It was the wrong school.")
    assert overview(WHO, own_copy, LA).academies_to_raise == before == academies_at_risk(WHO, own_copy, LA).not_raised


def test_a_meeting_that_decided_without_a_date_ends_the_earlier_review(own_copy: Copy) -> None:
    met = {one.urn for meeting in meetings(own_copy.records) for one in meeting.outcomes}
    schools = _listed(own_copy)
    urn, locality = schools.loc[~schools["urn"].isin(met), ["urn", "locality"]].iloc[0]
    asked = NewMeetingOutcome(urn, "step up support", review_by=date(2026, 9, 1))
    add_meeting(own_copy.records, "tester", NewMeeting("999", locality, date(2026, 6, 2), outcomes=(asked,)))
    # on one day the school's own date counts, whatever is said of a statement without one
    of_statement = NewMeetingOutcome(urn, "step up support", statement="outcomes")
    dated = NewMeetingOutcome(urn, "step up support", review_by=date(2026, 12, 1))
    later = NewMeeting("999", locality, date(2026, 10, 1), outcomes=(of_statement, dated))

    def due() -> list[date]:
        return [one.when for one in overview(WHO, own_copy, LA).reviews if one.urn == urn]

    add_meeting(own_copy.records, "tester", later)
    assert due() == [date(2026, 12, 1)]
    decided = NewMeetingOutcome(urn, "step up support")
    add_meeting(own_copy.records, "tester", NewMeeting("999", locality, date(2026, 11, 10), outcomes=(decided,)))
    assert due() == []


def test_due_inspections_are_in_scope_in_order_and_overdue_ones_said_to_be(demo_copy: Copy) -> None:
    scope = Scope("999", locality="Brackenside")
    urns = set(_listed(demo_copy, scope)["urn"])
    seen = overview(WHO, demo_copy, scope)
    assert seen.inspections
    assert {one.urn for one in [*seen.inspections, *seen.reviews]} <= urns
    days = [one.when for one in seen.inspections]
    assert days == sorted(days)
    assert all(one.is_overdue == (one.when < seen.as_at) for one in [*seen.inspections, *seen.reviews])


# filters


def test_no_filter_narrows_nothing(demo_copy: Copy) -> None:
    schools = _listed(demo_copy)
    assert narrowed(schools, ListFilters()).equals(schools)


@pytest.mark.parametrize("text", ["alder bank", "ALDER BANK", "  Alder Bank Primary School "])
def test_text_finds_a_school_by_its_name_whatever_the_case(text: str, demo_copy: Copy) -> None:
    assert list(narrowed(_listed(demo_copy), ListFilters(text=text))["name"]) == ["Alder Bank Primary School"]


@pytest.mark.parametrize("column", ["urn", "laestab"])
def test_text_finds_a_school_by_its_number(column: str, demo_copy: Copy) -> None:
    schools = _listed(demo_copy)
    wanted = schools.iloc[17]
    assert wanted["urn"] in set(narrowed(schools, ListFilters(text=wanted[column]))["urn"])


@pytest.mark.parametrize("text", [".*", "[", "(", "%", "\\", "'; drop table schools"])
def test_text_is_never_a_pattern(text: str, demo_copy: Copy) -> None:
    assert narrowed(_listed(demo_copy), ListFilters(text=text)).empty


def test_filters_together_must_all_fit(demo_copy: Copy) -> None:
    filters = ListFilters(priorities=("priority",), inspection=("unlikely",), routes=("regional director",))
    found = narrowed(_listed(demo_copy), filters)
    assert len(found)
    assert set(found["priority"]) == {"priority"}
    assert set(found["inspection_level"]) == {"unlikely"}
    assert set(found["route"]) == {"regional director"}


def test_screen_table_has_the_same_schools_in_the_same_order(demo_copy: Copy) -> None:
    found = narrowed(_listed(demo_copy), ListFilters(priorities=("watch",)))
    table = screen_table(found)
    assert list(table["URN"]) == list(found["urn"])
    assert set(table["Good outcomes"].str[0]) <= {"■", "▲", "●", "○"}


def test_about_list_says_what_was_chosen_and_by_which_build(demo_copy: Copy) -> None:
    lines = about_list(WHO, demo_copy, Scope("999", "Brackenside"), ListFilters(priorities=("priority",)), 17)
    text = "\n".join(lines)
    for part in ("17 schools", "999", "Brackenside", "priority", demo_copy.build.build_id, NOT_A_PREDICTION):
        assert part in text
    assert lines[-1] == licence_line(WHO, demo_copy)


# support in the list


def test_support_of_a_school_is_the_sum_of_its_active_pieces(demo_copy: Copy) -> None:
    as_at = demo_copy.build.as_at
    active = [one for one in allocations(demo_copy.records, la_code="999") if one.is_active_on(as_at)]
    pieces = Counter(urn for one in active for urn in one.urns)
    schools = _listed(demo_copy).set_index("urn")
    assert {urn: n for urn, n in schools["support_active"].items() if n} == pieces
    assert schools["support_days_planned"].sum() == sum(one.days_planned or 0 for one in active)


def test_a_school_without_support_has_no_days_rather_than_none_planned(demo_copy: Copy) -> None:
    without = narrowed(_listed(demo_copy), ListFilters(support="without"))
    assert without["support_days_planned"].isna().all()
    assert without["support_days_used"].isna().all()
    assert set(without["support_now"]) == {NO_SUPPORT}


def test_support_by_school_of_nothing_has_its_columns(demo_copy: Copy) -> None:
    assert list(support_by_school([]).columns) == [
        "urn",
        "support_days_planned",
        "support_days_used",
        "support_active",
        "support_now",
        "support_until",
    ]


def test_support_page_agrees_with_the_list(demo_copy: Copy) -> None:
    page = support_page(WHO, demo_copy, LA)
    schools = _listed(demo_copy)
    # support of a group is one piece, and counts for each of its schools
    rows = page.table[page.table["Standing"].isin(["active", "stale"])]
    assert page.active == rows["Number"].nunique()
    assert len(rows) == schools["support_active"].sum()
    assert page.days_planned == schools["support_days_planned"].sum()
    assert page.days_used == schools["support_days_used"].sum()
    assert set(page.table["URN"]) <= set(schools["urn"])


def test_stale_support_is_active_and_not_updated_for_ninety_days(demo_copy: Copy) -> None:
    table = support_page(WHO, demo_copy, LA).table
    stale = table[table["Standing"] == "stale"]
    assert "Isterdun Primary School" in set(stale["School"])
    assert all((demo_copy.build.as_at - day).days > 90 for day in stale["Last update"])


def test_support_of_a_locality_is_of_its_schools_alone(demo_copy: Copy) -> None:
    scope = Scope("999", locality="Brackenside")
    page = support_page(WHO, demo_copy, scope)
    assert set(page.table["URN"]) <= set(_listed(demo_copy, scope)["urn"])


# the regional director


@pytest.mark.parametrize("scope", SCOPES, ids=str)
def test_the_regional_directors_list_never_holds_a_maintained_school(scope: Scope, demo_copy: Copy) -> None:
    found = academies_at_risk(WHO, demo_copy, scope, EVERYWHERE)
    schools = _listed(demo_copy, scope).set_index("urn")
    assert set(schools.loc[list(found.table["urn"]), "route"]) <= {"regional director"}
    assert "maintained" not in set(schools.loc[list(found.table["urn"]), "control"])


@pytest.mark.parametrize("scope", SCOPES, ids=str)
@pytest.mark.parametrize("places", [("priority",), ("priority", "watch"), EVERYWHERE, ()], ids=str)
def test_the_academies_of_the_trusts_sum_to_the_table(scope: Scope, places: tuple[str, ...], demo_copy: Copy) -> None:
    found = academies_at_risk(WHO, demo_copy, scope, places)
    by_trust = [urn for trust in found.trusts for urn in trust.academies["urn"]]
    assert sorted(by_trust) == sorted(found.table["urn"])
    assert set(found.table["priority"]) <= set(places)
    for trust in found.trusts:
        assert len(trust.academies) <= trust.in_la
        assert list(trust.shown["URN"]) == list(trust.academies["urn"])


def test_academies_to_raise_are_the_priority_academies_that_nobody_raised(demo_copy: Copy) -> None:
    found = academies_at_risk(WHO, demo_copy, LA)
    assert overview(WHO, demo_copy, LA).academies_to_raise == found.not_raised
    raised = {one.urn for one in referrals(demo_copy.records, la_code="999")}
    assert set(found.table.loc[found.table["referral_status"] == "not raised", "urn"]).isdisjoint(raised)
    names = found.table.set_index("name")["referral_status"]
    assert names["Birchmoor Academy"] == "not raised"
    assert names["Fallowmere Reach Academy"] == "acknowledged"


def test_raised_table_names_each_academy(demo_copy: Copy) -> None:
    found = academies_at_risk(WHO, demo_copy, LA)
    table = raised_table(WHO, demo_copy, found.raised)
    assert len(table) == len(found.raised)
    assert "Fallowmere Reach Academy" in set(table["Academy"])


# one school


def test_profile_of_every_kind_of_school_agrees_with_its_row(demo_copy: Copy) -> None:
    schools = _listed(demo_copy)
    each_phase = schools.groupby("phase").head(1)
    not_inspected = schools[schools["last_inspection_outcome"].str.startswith("Not yet")].head(1)
    small = schools[schools["name"] == "Hazelquay Church of England Primary School"]
    for row in pd.concat([each_phase, not_inspected, small]).to_dict("records"):
        profile = school_profile(WHO, demo_copy, row["urn"])
        assert profile.school["name"] == row["name"]
        assert profile.priority == row["priority"]
        assert profile.reasons == row["reasons"]
        for card in profile.cards:
            assert card.level == row[f"{card.statement}_level"]
            assert card.coverage == row[f"{card.statement}_coverage"]
            available = [r for r in card.rules if r.status != "not applicable"]
            assert len({r.rule_id for r in card.rules}) == len(card.rules)
            assert f"{len(card.raised)} of {len(available)} rules raised" in card.summary
        assert sum(one.is_active_on(profile.as_at) for one in profile.support) == row["support_active"]


def test_profile_of_a_school_that_was_never_inspected_says_so(small_data: DataDir) -> None:
    with opened(small_data) as copy:
        profile = school_profile(WHO, copy, "100004")
    assert profile.inspections.empty
    assert profile.cards[2].level == "not enough evidence"
    assert any("not yet inspected" in rule.sentence for card in profile.cards for rule in card.not_assessed)


def test_profile_of_a_tiny_school_shows_what_was_suppressed_and_no_zero(demo_copy: Copy) -> None:
    urn = next(u for u, n in school_names(WHO, demo_copy, LA).items() if n.startswith("Hazelquay Church"))
    profile = school_profile(WHO, demo_copy, urn)
    assert profile.cards[0].level == "not enough evidence"
    unknown = " ".join(rule.sentence for rule in profile.cards[0].not_assessed)
    assert "suppressed" in unknown or "too few pupils" in unknown
    for trend in profile.trends:
        missing = trend.points[trend.points["value"].isna()]
        assert (missing["missing"] != "").all()
        assert (trend.points.loc[trend.points["value"].notna(), "missing"] == "").all()


def test_trends_have_a_row_for_every_year_and_the_source_of_every_figure(demo_copy: Copy) -> None:
    urn = next(u for u, n in school_names(WHO, demo_copy, LA).items() if n.startswith("Alder Bank"))
    trends = school_profile(WHO, demo_copy, urn).trends
    assert trends
    for trend in trends:
        years = list(trend.points["year"])
        assert years == list(range(years[0], years[-1] + 1))
        known = trend.points[trend.points["value"].notna()]
        assert known["source"].str.contains(r"\.csv, row \d+").all()
        assert trend.finding.startswith(trend.measure.label)


def test_text_for_a_report_has_every_rule_and_the_warning(demo_copy: Copy) -> None:
    urn = next(u for u, n in school_names(WHO, demo_copy, LA).items() if n.startswith("Merrowyn"))
    profile = school_profile(WHO, demo_copy, urn)
    text = explained(profile, school_explanation(WHO, demo_copy, profile))
    for card in profile.cards:
        assert f"{card.title}: {card.level.upper()}" in text
        for rule in card.rules:
            assert rule.sentence in text
            assert rule.source in text
    assert text.endswith(NOT_A_PREDICTION)
    assert "Safeguarding" in text


@pytest.mark.parametrize("urn", ["999999", "", "abc", "' or '1'='1", "9" * 500])
def test_profile_of_an_unknown_urn_is_not_found(urn: str, demo_copy: Copy) -> None:
    with pytest.raises(NotFound) as refused:
        school_profile(WHO, demo_copy, urn)
    assert len(str(refused.value)) < 400


def test_school_names_are_those_of_the_scope_by_name(demo_copy: Copy) -> None:
    scope = Scope("999", phase="secondary")
    names = school_names(WHO, demo_copy, scope)
    assert set(names) == set(_listed(demo_copy, scope)["urn"])
    assert list(names.values()) == sorted(names.values())
    assert all(urn in shown for urn, shown in names.items())


# the data


def test_freshness_names_every_source_and_what_is_not_loaded(small_data: DataDir) -> None:
    with opened(small_data) as copy:
        told = {one.source_id: one for one in freshness(WHO, copy)}
    assert told["ofsted"].newest == "as at 31/08/2025"
    assert told["ofsted"].releases == 1
    assert told["ks2"].newest is None
    assert told["ks2"].age_days is None
    assert not told["ks2"].is_stale
    assert told["ks2"].in_words == "nothing loaded"
    assert list(freshness_table(list(told.values()))["Newest"]).count("nothing loaded") == len(told) - 2


def test_freshness_counts_only_what_the_build_has_read(demo_copy: Copy, demo_data: DataDir) -> None:
    for one in freshness(WHO, demo_copy):
        if one.published_on is not None:
            assert one.age_days == (demo_copy.build.as_at - one.published_on).days
    counted = sum(one.releases for one in freshness(WHO, demo_copy))
    assert counted <= len(releases(WHO, demo_data))


def test_a_source_is_stale_a_day_after_it_should_have_been_renewed(own_small_data: DataDir) -> None:
    with opened(own_small_data) as copy:
        published = next(one for one in freshness(WHO, copy) if one.source_id == "ofsted").published_on
    assert published is not None
    # management information is renewed within 100 days
    for days, is_stale in ((100, False), (101, True)):
        as_at = date.fromordinal(published.toordinal() + days)
        with opened(own_small_data, as_at) as copy:
            assert next(one for one in freshness(WHO, copy) if one.source_id == "ofsted").is_stale is is_stale


def test_freshness_says_when_the_next_one_is_due_and_how_late_it_is(own_small_data: DataDir) -> None:
    # inspections as at 31 August 2025 came out on 15 September, and come out monthly: the next on 16 October
    for as_at, words in (
        (date(2025, 10, 1), "published 16 days ago; next one due about October 2025"),
        (date(2025, 12, 16), "published 3 months ago; next one about 2 months late"),
    ):
        with opened(own_small_data, as_at) as copy:
            told = {one.source_id: one for one in freshness(WHO, copy)}
        assert told["ofsted"].due_on == date(2025, 10, 16)
        assert told["ofsted"].in_words == words
        assert told["ks2"].due_on is None


def test_releases_table_has_a_row_for_each_release(demo_data: DataDir) -> None:
    loaded = releases(WHO, demo_data)
    assert list(releases_table(loaded)["Release"]) == [one.release_id for one in loaded]


# the scope line


def test_scope_choices_of_the_demo(demo_copy: Copy) -> None:
    choices = scope_choices(WHO, demo_copy, "999")
    assert choices.las == {"999": "Exampleshire"}
    assert len(choices.localities) == 12
    assert choices.is_demo
    assert "Invented" in choices.licence
    assert choices.as_at == demo_copy.build.as_at


def test_scope_choices_of_real_schools_carry_the_licence_and_no_locality(small_data: DataDir) -> None:
    with opened(small_data) as copy:
        choices = scope_choices(WHO, copy, "850")
    assert choices.las == {"850": "Hampshire"}
    assert choices.localities == []
    assert not choices.is_demo
    assert "Open Government Licence v3.0" in choices.licence
    assert "Ofsted" in choices.licence


def test_an_unknown_la_has_no_schools_localities_or_phases(demo_copy: Copy) -> None:
    choices = scope_choices(WHO, demo_copy, "000")
    assert choices.localities == choices.phases == []
    assert _listed(demo_copy, Scope("000")).empty


# schools that have nothing but a register


def test_schools_with_nothing_but_a_register_are_listed_and_not_called_fine(small_data: DataDir) -> None:
    with opened(small_data) as copy:
        schools = _listed(copy, Scope("850")).set_index("urn")
        seen = overview(WHO, copy, Scope("850"))
    assert sorted(schools.index) == [str(one.urn) for one in SMALL_SCHOOLS]
    assert set(schools["outcomes_level"]) == {"not enough evidence"}
    assert schools.loc["100004", "priority"] == "find out"
    assert list(seen.localities["Locality"]) == ["no locality"]
    assert seen.without_support == 2


def test_an_export_file_of_the_list_holds_a_hostile_name_as_text(small_data: DataDir, tmp_path: Path) -> None:
    with opened(small_data) as copy:
        table = screen_table(_listed(copy, Scope("850")))
    path = tmp_path / "list.xlsx"
    path.write_bytes(as_xlsx(table))
    rows = CalamineWorkbook.from_path(path).get_sheet_by_name("Schools").to_python()
    assert SMALL_SCHOOLS[0].name in {row[0] for row in rows}
