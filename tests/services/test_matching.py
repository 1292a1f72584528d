"""Each line of the match, worked out by hand: all points, half of them, none, not known. Nobody is left out."""

from datetime import date

import pytest

from risk_model.casework import AllocationStatus, ExitOutcome, NewSystemLeader, Role, add_system_leader
from risk_model.domain.errors import RecordRefused
from risk_model.domain.viewer import local_viewer
from risk_model.rules.people import PeopleRules
from risk_model.rules.support import read_support_settings
from risk_model.services.copy import Copy
from risk_model.services.directory import Entry, directory
from risk_model.services.matching import Match, Need, Points, need_choices, ranked, suggest, suggestion_table
from risk_model.services.school_facts import SchoolFacts
from risk_model.services.scope import Scope
from tests.services.people_kit import DAY, RULES, a_leader, a_piece, a_role, a_school, an_entry

WHO = local_viewer()
SCHOOL = a_school(urn="900010", name="Quillhaven Primary School")
FULL_AUTUMN = {"start_date": date(2026, 9, 1), "end_date": date(2026, 12, 31)}


def _ranked(
    *entries: Entry, need: str = "Attendance", days: float | None = None, school: SchoolFacts = SCHOOL,
    rules: PeopleRules = RULES,
) -> tuple[Match, ...]:  # fmt: skip
    return ranked(
        rules, entries, school, Need(need, tuple(one.title for one in rules.topics_in(need)), days), rules.lines_on(DAY)
    ).matches


def _points(line: str, entry: Entry, **given: object) -> Points:
    (match,) = _ranked(entry, **given)  # type: ignore[arg-type]
    return next(one for one in match.points if one.line_id == line)


@pytest.mark.parametrize(
    ("leader", "need", "given", "said"),
    [
        ({"specialisms": "attendance, behaviour"}, "Persistent absence", 4, "which names Attendance"),
        ({"strengths": "Whole-school attendance"}, "Attendance", 2, "Not a specialism, but a strength to share"),
        ({"specialisms": "maths", "strengths": "attendance"}, "Attendance", 2, "a strength to share: attendance"),
        ({"specialisms": "maths"}, "Attendance", 0, "The need is Attendance; recorded is maths."),
        ({}, "Attendance", 0, "Not known: no specialisms and no strengths are recorded."),
        ({"specialisms": "attendance"}, "Something else", 0, "names no topic that people.toml has"),
    ],
)
def test_m1_a_specialism_that_names_the_need_gives_all_points_and_a_strength_half(
    leader: dict[str, object], need: str, given: int, said: str
) -> None:
    found = _points("M1", an_entry(a_leader(**leader)), need=need)
    assert (found.given, found.most, said in found.why) == (given, 4, True), found.why


def test_m1_the_specialism_of_a_designation_counts_while_it_is_held() -> None:
    held = an_entry(a_leader(), held=(a_role(specialism="attendance"),))
    lapsed = an_entry(a_leader(), held=(a_role(specialism="attendance", to_date=date(2025, 8, 31)),))
    assert [_points("M1", one).given for one in (held, lapsed)] == [4, 0]


@pytest.mark.parametrize(
    ("leader", "home", "given", "said"),
    [
        ({"phase": "primary"}, None, 2, "They help in primary; the school is primary."),
        ({"phase": "primary and secondary"}, None, 2, "primary and secondary"),
        ({"phase": "all-through"}, None, 2, "primary and secondary"),
        ({"phase": "Secondary"}, None, 0, "They help in secondary, and the school is primary."),
        ({}, a_school(), 2, "They help in primary"),
        ({}, None, 0, "Not known in which phase they help: none is recorded."),
        ({"phase": "upper"}, None, 0, 'Not known in which phase they help: "upper" names none.'),
    ],
)
def test_m2_the_phase_of_the_leader_or_else_of_their_school(
    leader: dict[str, object], home: SchoolFacts | None, given: int, said: str
) -> None:
    found = _points("M2", an_entry(a_leader(**leader), home))
    assert (found.given, found.most, said in found.why) == (given, 2, True), found.why


@pytest.mark.parametrize(("metres", "given"), [(0.0, 2), (10_000.0, 2), (10_001.0, 1), (25_000.0, 1), (25_001.0, 0)])
def test_m3_near_gives_all_points_far_half_and_beyond_none(metres: float, given: int) -> None:
    # 3, 4 and 5: the straight line is the root of the squares
    home = a_school(easting=500_000.0 + 0.6 * metres, northing=300_000.0 - 0.8 * metres)
    found = _points("M3", an_entry(a_leader(home_urn="900001"), home))
    assert (found.given, found.most) == (given, 2)
    assert found.why.startswith(f"{metres / 1000:.1f} km from their own school in a straight line")


@pytest.mark.parametrize(
    ("leader", "home", "school", "given", "said"),
    [
        ({"locality": "Westmere"}, None, {}, 2, "(own school: not recorded); both are in Westmere."),
        ({"locality": "Eastmere"}, None, {}, 0, "they are in Eastmere, the school in Westmere."),
        ({}, None, {}, 0, "and neither is whether it is the same locality."),
        ({"locality": "Westmere"}, None, {"locality": None}, 0, "and neither is whether"),
        ({}, {"easting": None}, {}, 2, "(the loaded files do not place both schools); both are in Westmere."),
        ({}, {}, {"northing": None}, 2, "(the loaded files do not place both schools); both are in Westmere."),
    ],
)
def test_m3_without_a_distance_the_locality_counts_and_it_says_so(
    leader: dict[str, object], home: dict[str, object] | None, school: dict[str, object], given: int, said: str
) -> None:
    entry = an_entry(a_leader(**leader), None if home is None else a_school(**home))
    found = _points("M3", entry, school=a_school(**({"urn": "900010"} | school)))
    assert (found.given, said in found.why) == (given, True), found.why
    assert "The distance is not known" in found.why


@pytest.mark.parametrize(
    ("offered", "planned", "needed", "given"),
    [
        (4.0, 0.0, 4.0, 2),
        (4.0, 0.5, 4.0, 1),
        (4.0, 3.5, None, 2),
        (4.0, 4.0, None, 0),
        (4.0, 5.0, 1.0, 0),
        (None, 0.0, 1.0, 0),
    ],
)
def test_m4_enough_free_days_give_all_points_some_half(
    offered: float | None, planned: float, needed: float | None, given: int
) -> None:
    pieces = (a_piece(days_planned=planned, **FULL_AUTUMN),)
    found = _points("M4", an_entry(a_leader(days_per_term=offered), pieces=pieces), days=needed)
    assert (found.given, found.most) == (given, 2)
    assert ("not known" in found.why) == (offered is None)


def test_m5_every_rule_met_gives_all_points_one_not_known_half_and_one_not_met_none() -> None:
    known = {"home_urn": "900001", "head_since": date(2020, 9, 1)}
    eligible = an_entry(a_leader(**known), a_school(), held=(a_role(),))
    unknown = an_entry(a_leader(**known), a_school())
    broken = an_entry(a_leader(**known), a_school(good_or_better="no"))
    no_rule = an_entry(a_leader(role=Role.ADVISER))
    found = [_points("M5", one) for one in (eligible, unknown, broken, no_rule)]
    assert [one.given for one in found] == [2, 1, 0, 2]
    assert found[0].why == "Every rule for LLE is met (4)."
    assert found[1].why.startswith("Not recorded: who accredited")
    assert found[2].why.startswith("Not met: The graded inspection of the school on 9 May 2023 judged it below good")
    assert found[3].why == "There is no rule for adviser, so none is broken."


def test_m6_completed_support_with_objectives_met_counts_two_at_most() -> None:
    def done(number: int, outcome: ExitOutcome | None, status: AllocationStatus = AllocationStatus.COMPLETED) -> Entry:
        pieces = tuple(a_piece(id=one, status=status, exit_outcome=outcome) for one in range(number))
        return an_entry(a_leader(), pieces=pieces)

    entries = [
        done(0, None),
        done(1, ExitOutcome.MET),
        done(3, ExitOutcome.MET),
        done(2, ExitOutcome.PARTLY_MET),
        done(2, None),
        done(2, ExitOutcome.MET, AllocationStatus.ENDED_EARLY),
    ]
    found = [_points("M6", one) for one in entries]
    assert [one.given for one in found] == [0, 1, 2, 0, 0, 0]
    assert found[2].why == "3 pieces completed, 3 with objectives met."
    assert found[4].why == ("2 pieces completed, 0 with objectives met; of 2 it is not recorded what came of it.")
    assert found[5].why == "No completed support is recorded for them yet."


def test_m7_a_conflict_gives_no_point_and_neither_does_what_is_not_known() -> None:
    free = an_entry(a_leader(home_urn="900001"), a_school())
    tied = an_entry(a_leader(home_urn="900001", ties="900010"), a_school())
    unknown = an_entry(a_leader())
    found = [_points("M7", one) for one in (free, tied, unknown)]
    assert [one.given for one in found] == [1, 0, 0]
    assert found[1].why == "They have declared a tie with this school."
    assert found[2].why.startswith("Not known: Their own school is not recorded")


def test_who_is_away_stands_after_the_others_and_a_conflict_last_whatever_the_points() -> None:
    strong = {"specialisms": "attendance", "phase": "primary", "days_per_term": 9.0, "home_urn": "900001"}
    entries = [
        an_entry(a_leader(id=1, label="A tied leader", ties="900010", **strong), a_school()),
        an_entry(a_leader(id=2, label="B left", available_to=date(2026, 7, 31), **strong), a_school()),
        an_entry(a_leader(id=3, label="C is limited", limited_from=date(2026, 11, 1), **strong), a_school()),
        an_entry(a_leader(id=4, label="D knows nothing")),
        an_entry(a_leader(id=5, label="E fits", **strong), a_school()),
        an_entry(a_leader(id=6, label="D fits as well", **strong), a_school()),
    ]
    matches = _ranked(*entries)
    # equal points by label; of those who are away, B has left and C is limited: equal points as well
    assert [one.entry.leader.label for one in matches] == [
        "D fits as well",
        "E fits",
        "D knows nothing",
        "B left",
        "C is limited",
        "A tied leader",
    ]
    assert [one.put_last for one in matches[3:]] == [
        "They help no longer since 31 July 2026.",
        "They gave notice: limited by their own school from 1 November 2026.",
        "They have declared a tie with this school.",
    ]
    assert not any(one.put_last for one in matches[:3])


def test_the_own_locality_is_a_conflict_only_where_an_la_excludes_it() -> None:
    entry = an_entry(a_leader(home_urn="900001"), a_school())
    excluding = RULES.model_copy(update={"exclude_own_locality": True})
    assert [_ranked(entry, rules=rules)[0].conflicts for rules in (RULES, excluding)] == [
        (),
        ("They are of the same locality, Westmere, which this LA excludes.",),
    ]
    how = ranked(excluding, [entry], SCHOOL, Need("Attendance", ("Attendance",)), excluding.lines_on(DAY)).how
    assert any(line.startswith("The same locality is a conflict here.") for line in how)


def test_a_line_that_is_not_in_force_gives_nobody_a_point() -> None:
    lines = RULES.lines_on(date(2005, 8, 31))
    (match,) = ranked(RULES, [an_entry(a_leader())], SCHOOL, Need("Attendance", ("Attendance",)), lines).matches
    assert (lines, match.points, match.total) == ((), (), 0)


def test_the_suggestion_leaves_nobody_of_the_la_out_and_changes_nothing(demo_copy: Copy) -> None:
    everybody = {one.leader.id for one in directory(WHO, demo_copy, Scope("999")).entries}
    found = suggest(WHO, demo_copy, "900027", "attendance", 6.0)
    assert {one.entry.leader.id for one in found.matches} == everybody
    assert found.need.title == "Attendance and behaviour"
    assert set(found.need.topics) <= {"Attendance", "Behaviour"}
    assert found.most == 15
    groups = [(bool(one.conflicts), bool(one.put_last), -one.total, one.entry.leader.label) for one in found.matches]
    assert groups == sorted(groups)
    table = suggestion_table(found)
    assert list(table["Number"]) == [one.entry.leader.id for one in found.matches]
    assert list(table["Place"]) == list(range(1, len(everybody) + 1))
    assert list(table["Points"]) == [one.total for one in found.matches]


def test_a_new_leader_who_fits_stands_where_their_points_say(own_copy: Copy) -> None:
    new = NewSystemLeader(
        "999",
        "System leader 00",
        "adviser",
        locality=None,
        phase="primary",
        specialisms="attendance",
        days_per_term=20.0,
    )
    number = add_system_leader(own_copy.records, WHO.name, new)
    found = suggest(WHO, own_copy, "900027", "attendance", 6.0)
    match = next(one for one in found.matches if one.entry.leader.id == number)
    # specialism 4, phase 2, free days 2, no rule for an adviser 2; distance, record and conflicts are not known
    assert match.total == 10
    assert match.title == "System leader 00, adviser: 10 of 15 points"


def test_the_needs_that_are_offered_begin_with_what_raised_rules_are_about(demo_copy: Copy) -> None:
    offered = need_choices(WHO, demo_copy, "900027")
    raised = [words.count(",") + 1 if words.endswith(" raised)") else 0 for words in offered.values()]
    assert raised[0] > 0
    assert raised == sorted(raised, reverse=True)
    assert set(offered) == {one.id for one in read_support_settings().areas}


def test_a_raised_rule_that_names_a_subject_narrows_the_need_to_it(demo_copy: Copy) -> None:
    rows = demo_copy.reader.rows(
        "select min(urn) as urn from rule_outcomes "
        "where rule_id = 'O5' and status = 'raised' and sentence like '%maths%'"
    )
    found = suggest(WHO, demo_copy, rows[0]["urn"], "subjects")
    assert found.need.topics == ("Mathematics",)
    own_words = suggest(WHO, demo_copy, rows[0]["urn"], "Pupils who are late")
    assert own_words.need == Need("Pupils who are late", ())


def test_a_school_that_is_not_loaded_is_refused_in_words(demo_copy: Copy) -> None:
    with pytest.raises(RecordRefused, match="No open school with the URN 123456 is loaded"):
        suggest(WHO, demo_copy, "123456", "attendance")
