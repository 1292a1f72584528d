"""The directory, its search, supply beside need, and interests: what is not known stays in, and says so."""

from datetime import date

import pandas as pd
import pytest

from risk_model.casework import (
    InterestStatus,
    NewDesignation,
    NewInterest,
    NewSystemLeader,
    Role,
    add_designation,
    add_system_leader,
    audit_trail,
    interests,
    system_leaders,
)
from risk_model.domain.errors import RecordRefused, RulesRefused
from risk_model.domain.viewer import local_viewer
from risk_model.rules.people import PEOPLE_FILE
from risk_model.rules.support import read_support_settings
from risk_model.services.at_risk import school_list
from risk_model.services.copy import Copy
from risk_model.services.directory import Directory, Entry, directory
from risk_model.services.directory_search import (
    DirectoryFilters,
    directory_choices,
    directory_table,
    search,
)
from risk_model.services.interests import accept, change_offer, interests_table, offers, register
from risk_model.services.need_words import AreaNeed, area_topics, school_needs
from risk_model.services.school_facts import distance_km, school_facts
from risk_model.services.scope import Scope
from risk_model.services.supply import Supply, SupplyLine, beside_need, supply, supply_table
from tests.services.people_kit import AUTUMN, DAY, RULES, a_leader, a_piece, a_role, a_school, an_entry

WHO = local_viewer()
LA = Scope("999")
FULL_AUTUMN = {"start_date": date(2026, 9, 1), "end_date": date(2026, 12, 31)}


def _of(*entries: Entry) -> Directory:
    return Directory(entries, RULES, AUTUMN, DAY)


def _sought(*entries: Entry, **filters: object) -> list[tuple[str, tuple[str, ...]]]:
    found = search(_of(*entries), DirectoryFilters(**filters))  # type: ignore[arg-type]
    return [(one.entry.leader.label, one.not_known) for one in found]


# --- what stands in an entry


def test_roles_are_told_apart_by_whether_they_lapsed() -> None:
    held = (
        a_role(role=Role.SLE, specialism="mathematics", from_date=date(2024, 9, 1), designated_by="A hub"),
        a_role(id=2, from_date=date(2020, 9, 1), to_date=date(2023, 8, 31)),
    )
    entry = an_entry(a_leader(role=Role.SLE), held=held)
    assert entry.roles_now == ("SLE (mathematics), from 1 September 2024, by A hub",)
    assert entry.roles_lapsed == ("LLE, from 1 September 2020, to 31 August 2023",)
    assert entry.roles_held == {"SLE"}


def test_a_role_without_a_designation_is_shown_without_dates_and_a_lapsed_one_is_not_shown_as_held() -> None:
    assert an_entry(a_leader()).roles_now == ("LLE (dates not recorded)",)
    assert an_entry(a_leader(), held=(a_role(to_date=date(2025, 8, 31)),)).roles_now == ()
    other = an_entry(a_leader(), held=(a_role(role=Role.NLG),))
    assert other.roles_now == ("LLE (dates not recorded)", "NLG")
    assert other.roles_held == {"LLE", "NLG"}


@pytest.mark.parametrize(
    ("given", "helps"),
    [
        ({}, "now"),
        ({"available_to": DAY}, "now"),
        ({"available_to": date(2026, 11, 19)}, "no longer since 19 November 2026"),
        ({"available_from": date(2026, 11, 21)}, "from 21 November 2026"),
        ({"available_from": DAY}, "now"),
        (
            {"limited_from": DAY, "limited_note": "A new head."},
            "limited by their own school from 20 November 2026: A new head",
        ),
        ({"limited_from": date(2026, 9, 1), "limited_to": date(2026, 11, 19)}, "now"),
    ],
)
def test_whether_they_help_on_the_day_and_why_not(given: dict[str, object], helps: str) -> None:
    entry = an_entry(a_leader(**given))
    assert (entry.helps, entry.helps_now) == (helps, helps == "now")


def test_the_locality_is_that_of_the_school_where_none_is_recorded() -> None:
    localities = [
        an_entry(a_leader(locality="Eastmere"), a_school()).locality,
        an_entry(a_leader(), a_school()).locality,
        an_entry(a_leader()).locality,
    ]
    assert localities == ["Eastmere", "Westmere", None]


# --- searching


NOBODY_KNOWS = an_entry(a_leader(id=9, label="Z nothing recorded"))
ATTENDANCE = an_entry(
    a_leader(label="A attendance", specialisms="attendance", phase="primary", locality="Westmere", days_per_term=4.0),
    a_school(),
)
GOVERNANCE = an_entry(
    a_leader(id=2, label="B governance", strengths="Governance", phase="secondary", locality="Eastmere",
             days_per_term=1.0, role=Role.NLG),
    a_school(easting=530_000.0),
)  # fmt: skip


@pytest.mark.parametrize(
    ("filters", "label", "unknown"),
    [
        ({"topic": "Attendance"}, "A attendance", ("specialism",)),
        ({"topic": "Governance"}, "B governance", ("specialism",)),
        ({"need": ("Behaviour", "Attendance")}, "A attendance", ("need",)),
        ({"phase": "primary"}, "A attendance", ("phase",)),
        ({"locality": "Eastmere"}, "B governance", ("locality",)),
        ({"free_days": 4.0}, "A attendance", ("free days",)),
        ({"near": a_school(), "within_km": 30.0, "topic": "Governance"}, "B governance", ("specialism", "distance")),
        ({"near": a_school(), "within_km": 29.9}, "A attendance", ("distance",)),
    ],
)
def test_a_search_finds_what_fits_and_keeps_whom_it_cannot_judge_last(
    filters: dict[str, object], label: str, unknown: tuple[str, ...]
) -> None:
    assert _sought(NOBODY_KNOWS, ATTENDANCE, GOVERNANCE, **filters) == [(label, ()), ("Z nothing recorded", unknown)]


@pytest.mark.parametrize(
    ("filters", "labels"),
    [
        ({}, ["A attendance", "B governance"]),
        ({"role": "NLG"}, ["B governance"]),
        ({"role": "SLE"}, []),
        ({"text": " GOVERN "}, ["B governance"]),
        ({"text": "fennelow"}, ["A attendance", "B governance"]),
        ({"free_days": 4.5}, []),
        ({"within_km": 1.0}, ["A attendance", "B governance"]),
        ({"now": True}, ["A attendance", "B governance"]),
    ],
)
def test_a_search_narrows_by_what_is_asked_and_by_nothing_else(filters: dict[str, object], labels: list[str]) -> None:
    assert [label for label, _ in _sought(ATTENDANCE, GOVERNANCE, **filters)] == labels


def test_only_who_helps_now_leaves_out_who_does_not_and_eligibility_leaves_out_nobody() -> None:
    left = an_entry(a_leader(available_to=date(2026, 7, 31)))
    broken = an_entry(a_leader(home_urn="900001", head_since=date(2026, 9, 1)), a_school(good_or_better="no"))
    assert [label for label, _ in _sought(left, broken, now=True)] == ["System leader 01"]
    assert len(_sought(left, broken)) == 2
    assert broken.standing == "a rule not met"


def test_the_table_says_what_is_missing_and_why() -> None:
    table = directory_table(search(_of(NOBODY_KNOWS, ATTENDANCE), DirectoryFilters(free_days=1.0)))
    first, last = table.iloc[0], table.iloc[1]
    assert (first["Free days"], first["Own school"], first["Its last inspection"]) == (
        4.0,
        "Fennelow Primary School",
        "Good",
    )
    assert (first["Its direction"], first["Not known"]) == ("the same levels", "")
    assert pd.isna(last["Free days"])
    assert (last["Own school"], last["Not known"]) == ("not recorded", "free days")
    assert "Distance km" not in table
    near = directory_table(search(_of(ATTENDANCE), DirectoryFilters(near=a_school())))
    assert list(near["Distance km"]) == [0.0]
    assert "Not known" not in near
    assert directory_table([]).empty


def test_the_search_offers_what_there_is(demo_copy: Copy) -> None:
    offered = directory_choices(WHO, demo_copy, _of(ATTENDANCE, GOVERNANCE, NOBODY_KNOWS))
    assert offered.needs["Attendance and behaviour"] == ("Attendance", "Behaviour")
    assert offered.topics[:2] == ("Reading and phonics", "Mathematics")
    assert (offered.phases, offered.localities, offered.roles) == (
        ("primary", "secondary"),
        ("Eastmere", "Westmere"),
        ("LLE", "NLG"),
    )


# --- over the demo


def test_the_directory_holds_every_leader_of_the_la_and_their_schools(demo_copy: Copy) -> None:
    known = directory(WHO, demo_copy, LA)
    recorded = system_leaders(demo_copy.records, la_code="999")
    assert [one.leader for one in known.entries] == recorded
    assert known.term.name == "autumn 2026"
    assert directory(WHO, demo_copy, Scope("850")).entries == ()
    for entry in known.entries:
        assert (entry.home.urn if entry.home else None) == entry.leader.home_urn


def test_a_designation_that_is_recorded_shows_in_the_directory(own_copy: Copy) -> None:
    number = add_system_leader(own_copy.records, WHO.name, NewSystemLeader("999", "Leader 99", "SLE"))
    add_designation(own_copy.records, WHO.name, NewDesignation(number, "SLE", "attendance", "A hub", date(2025, 9, 1)))
    entry = next(one for one in directory(WHO, own_copy, LA).entries if one.leader.id == number)
    assert entry.roles_now == ("SLE (attendance), from 1 September 2025, by A hub",)
    assert (entry.specialisms, entry.topics) == ("attendance", ("Attendance",))
    assert next(one.answer for one in entry.findings if one.rule_id == "E3") == "met"


def test_an_las_own_rules_are_used_and_wrong_ones_are_refused(own_copy: Copy) -> None:
    path = own_copy.data.root / PEOPLE_FILE
    path.write_text("version = 1", "utf-8")
    with pytest.raises(RulesRefused, match=r"people\.toml is not valid"):
        directory(WHO, own_copy, LA)


def test_school_facts_hold_the_position_and_the_last_judgement(demo_copy: Copy) -> None:
    facts = school_facts(WHO, demo_copy, ["900001", "900003", "123456"])
    assert set(facts) == {"900001", "900003"}
    one, other = facts["900001"], facts["900003"]
    # (612594, 398586) and (577363, 380059): 35.231 km east and 18.527 km north
    assert distance_km(one, other) == pytest.approx((35.231**2 + 18.527**2) ** 0.5)
    assert (one.full_kind, one.full_date, one.good_or_better) == ("graded", date(2023, 1, 17), "yes")
    assert (other.full_kind, other.rc_outcome) == ("report card", "meets")
    assert distance_km(one, None) is None


# --- supply beside need


def _flagged(*rows: tuple[str, str | None, str, int]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["urn", "locality", "phase_group", "support_active"])


def _line(lines: tuple[SupplyLine, ...], group: str) -> SupplyLine:
    return next(one for one in lines if one.group == group)


def _with_gaps(number: int, *entries: Entry) -> Supply:
    """So many flagged primary schools of Westmere without support, and one that has some."""
    gaps = [(f"9000{one}", "Westmere", "primary", 0) for one in range(10, 10 + number)]
    return beside_need(_of(*entries), _flagged(*gaps, ("900001", "Westmere", "primary", 2)), {}, {})


@pytest.mark.parametrize(("gaps", "is_short"), [(3, False), (4, True)])
def test_supply_is_short_beyond_three_schools_for_each_leader_with_free_days(gaps: int, is_short: bool) -> None:
    found = _with_gaps(gaps, ATTENDANCE, GOVERNANCE)
    line = _line(found.by_locality, "Westmere")
    assert (line.flagged, line.gaps, line.with_free_days, line.is_short) == (gaps + 1, gaps, 1, is_short)
    assert any("in Westmere: 4 flagged schools without support, 1 leader" in one for one in found.short) == is_short


def test_a_leader_without_free_days_who_left_or_of_whom_no_days_are_recorded_is_no_supply() -> None:
    busy = an_entry(
        a_leader(locality="Westmere", days_per_term=4.0), pieces=(a_piece(days_planned=4.0, **FULL_AUTUMN),)
    )
    left = an_entry(a_leader(locality="Westmere", days_per_term=4.0, available_to=date(2026, 9, 30)))
    unknown = an_entry(a_leader(locality="Westmere"))
    line = _line(_with_gaps(1, busy, left, unknown).by_locality, "Westmere")
    assert (line.leaders, line.helping, line.with_free_days, line.without_days) == (3, 2, 0, 1)
    assert (line.days, line.free, line.is_short) == (4.0, 0.0, True)


def test_leaders_and_schools_of_no_known_group_are_counted_and_come_last() -> None:
    found = beside_need(_of(NOBODY_KNOWS, ATTENDANCE), _flagged(("900010", None, "primary", 0)), {}, {})
    assert [(one.group, one.leaders, one.flagged) for one in found.by_locality] == [
        ("Westmere", 1, 0),
        ("not recorded", 1, 1),
    ]
    assert [(one.group, one.leaders) for one in found.by_area] == [("no area of need", 1), ("not recorded", 1)]


def test_need_by_area_counts_a_school_in_each_of_its_areas_and_a_leader_by_specialism() -> None:
    flagged = _flagged(("900010", "Westmere", "primary", 0), ("900011", "Westmere", "primary", 1))
    needs = {"900010": ["Presence", "Money"], "900011": ["Money"]}
    areas = {"Presence": ["Attendance", "Behaviour"], "Money": ["Finance"], "Behaviour": ["Behaviour"]}
    other = an_entry(a_leader(id=3, specialisms="drama"))
    found = beside_need(_of(ATTENDANCE, NOBODY_KNOWS, other), flagged, needs, areas)
    assert [(one.group, one.leaders, one.flagged, one.gaps, one.is_short) for one in found.by_area] == [
        ("Money", 0, 2, 1, True),
        ("Presence", 1, 1, 1, False),
        ("no area of need", 1, 0, 0, False),
        ("not recorded", 1, 0, 0, False),
    ]
    assert found.finding == (
        "Supply is short in 0 of 1 localities, 0 of 1 phases and 1 of 2 areas of need with flagged schools."
    )
    table = supply_table(found.by_area, "Area of need").set_index("Area of need")
    assert list(table["Supply"]) == ["■ short", "● enough", "no need", "no need"]


def test_roles_are_counted_without_need() -> None:
    found = beside_need(_of(ATTENDANCE, GOVERNANCE), _flagged(("900010", "Westmere", "primary", 0)), {}, {})
    assert [(one.group, one.leaders, one.flagged, one.is_short) for one in found.by_role] == [
        ("LLE", 1, None, None),
        ("NLG", 1, None, None),
    ]
    assert "Supply" not in supply_table(found.by_role, "Role")


def test_without_a_rule_in_force_nothing_is_called_short() -> None:
    known = Directory((ATTENDANCE,), RULES.model_copy(update={"supply": ()}), AUTUMN, DAY)
    found = beside_need(known, _flagged(("900010", "Westmere", "primary", 0)), {}, {})
    assert found.short == ()
    assert found.rule.startswith("No rule is in force")
    assert list(supply_table(found.by_phase, "Phase")["Supply"]) == ["no rule in force"]


def test_supply_of_the_demo_counts_every_flagged_school_once_by_locality_and_phase(demo_copy: Copy) -> None:
    schools = school_list(WHO, demo_copy, LA)
    flagged = schools[schools["priority"] == "priority"]
    found = supply(WHO, demo_copy, LA)
    for lines in (found.by_locality, found.by_phase):
        assert sum(one.flagged or 0 for one in lines) == len(flagged)
        assert sum(one.gaps or 0 for one in lines) == (flagged["support_active"] == 0).sum()


def test_a_school_has_every_area_of_need_and_first_those_with_raised_rules(demo_copy: Copy) -> None:
    rows = demo_copy.reader.rows(
        "select min(urn) as urn from rule_outcomes where rule_id = 'O10' and status = 'raised'"
    )
    urn = rows[0]["urn"]
    needs = school_needs(WHO, demo_copy, [urn])[urn]
    assert {one.area.id for one in needs} == {one.id for one in read_support_settings().areas}
    counts = [len(one.rules) for one in needs]
    assert counts == sorted(counts, reverse=True)
    attendance = next(one for one in needs if one.area.id == "attendance")
    assert "O10" in attendance.rules
    assert attendance.words == f"Attendance and behaviour ({', '.join(attendance.rules)} raised)"
    assert "Persistent absence is among the highest of schools of its phase." in attendance.said
    assert all(one.words == one.area.title for one in needs if not one.rules)


@pytest.mark.parametrize(
    ("said", "topics"),
    [
        ("One subject was weak. Note: in maths.", ("Mathematics",)),
        ("Weak in reading, and in writing.", ("Reading and phonics", "Writing")),
        ("Weak in something else.", ("Mathematics", "Reading and phonics", "Writing")),
        ("", ("Mathematics", "Reading and phonics", "Writing")),
        ("Attendance fell.", ("Mathematics", "Reading and phonics", "Writing")),
    ],
)
def test_a_need_is_about_the_topics_of_its_area_that_the_rules_name_or_else_about_all(
    said: str, topics: tuple[str, ...]
) -> None:
    area = next(one for one in read_support_settings().areas if one.id == "subjects")
    assert AreaNeed(area, ("O5",), said).topics(RULES) == topics


def test_every_area_of_need_is_about_a_topic(demo_copy: Copy) -> None:
    topics = area_topics(WHO, demo_copy, RULES)
    assert list(topics) == [one.title for one in read_support_settings().areas]
    assert all(topics.values())
    assert topics["Governance"] == ("Governance",)


# --- interests


def _new(**given: object) -> NewInterest:
    values: dict[str, object] = {"la_code": "999", "label": "Leader 77", "role": "SLE", "registered_on": DAY}
    return NewInterest(**(values | given))  # type: ignore[arg-type]


def test_an_interest_that_is_accepted_is_a_system_leader_with_what_it_said(own_copy: Copy) -> None:
    number = register(WHO, own_copy, _new(urn="900001", specialisms="attendance", days_per_term=3.0))
    one = next(each for each in offers(WHO, own_copy, LA) if each.id == number)
    leader_id = accept(WHO, own_copy, number, one.version, date(2027, 1, 1), "LA panel")
    leader = next(each for each in system_leaders(own_copy.records) if each.id == leader_id)
    home = school_facts(WHO, own_copy, ["900001"])["900001"]
    assert (leader.label, leader.role, leader.home_urn, leader.locality) == (
        "Leader 77",
        "SLE",
        "900001",
        home.locality,
    )
    assert (leader.specialisms, leader.days_per_term) == ("attendance", 3.0)
    assert (leader.available_from, leader.accredited_by) == (date(2027, 1, 1), "LA panel")
    after = next(each for each in offers(WHO, own_copy, LA) if each.id == number)
    assert (after.status, after.system_leader_id) == (InterestStatus.ACCEPTED, leader_id)
    table = interests_table(WHO, own_copy, [after])
    assert (table["School"].iloc[0], table["Status"].iloc[0]) == (home.name, "accepted")


def test_an_interest_is_not_accepted_twice_nor_over_somebody_elses_change(own_copy: Copy) -> None:
    number = register(WHO, own_copy, _new())
    one = next(each for each in interests(own_copy.records) if each.id == number)
    change_offer(WHO, own_copy, number, one.version, {"status": "in discussion"})
    leaders = len(system_leaders(own_copy.records))
    with pytest.raises(RecordRefused, match="after you opened it"):
        accept(WHO, own_copy, number, one.version, DAY, None)
    assert len(system_leaders(own_copy.records)) == leaders
    accept(WHO, own_copy, number, one.version + 1, DAY, None)
    with pytest.raises(RecordRefused):
        accept(WHO, own_copy, number, one.version + 2, DAY, None)
    assert len(system_leaders(own_copy.records)) == leaders + 1


def test_an_interest_of_a_school_that_is_not_loaded_is_refused_and_nothing_is_recorded(own_copy: Copy) -> None:
    before = len(audit_trail(own_copy.records, limit=10_000))
    with pytest.raises(RecordRefused, match="URN 123456"):
        register(WHO, own_copy, _new(urn="123456"))
    with pytest.raises(RecordRefused, match="no interest number 999999"):
        accept(WHO, own_copy, 999_999, 1, DAY, None)
    assert len(audit_trail(own_copy.records, limit=10_000)) == before


def test_the_table_of_interests_says_where_no_school_is_recorded(own_copy: Copy) -> None:
    register(WHO, own_copy, _new())
    table = interests_table(WHO, own_copy, offers(WHO, own_copy, LA))
    assert table.set_index("Who").loc["Leader 77", "School"] == "not recorded"
