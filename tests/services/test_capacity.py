"""Days offered, planned, used and free by term, worked out by hand; conflicts of interest, each met and not met."""

from datetime import date

import pytest

from risk_model.casework import AllocationStatus, Role, Visit
from risk_model.services.capacity import (
    LeaderTerm,
    Term,
    conflicts_not_known,
    conflicts_of_interest,
    leader_term,
    leader_terms,
    offered,
    over_allocation,
    planned_in,
    spread,
    summed,
    term_on,
    terms_between,
    terms_from,
    used_in,
)
from tests.services.people_kit import AUTUMN, DAY, RULES, a_leader, a_piece, a_school

STARTS = RULES.term
FULL_AUTUMN = {"start_date": date(2026, 9, 1), "end_date": date(2026, 12, 31)}


@pytest.mark.parametrize(
    ("day", "term"),
    [
        (date(2026, 9, 1), Term("autumn 2026", date(2026, 9, 1), date(2026, 12, 31))),
        (date(2026, 12, 31), Term("autumn 2026", date(2026, 9, 1), date(2026, 12, 31))),
        (date(2027, 1, 1), Term("spring 2027", date(2027, 1, 1), date(2027, 3, 31))),
        (date(2027, 4, 1), Term("summer 2027", date(2027, 4, 1), date(2027, 8, 31))),
        (date(2027, 8, 31), Term("summer 2027", date(2027, 4, 1), date(2027, 8, 31))),
    ],
)
def test_a_day_is_in_its_term(day: date, term: Term) -> None:
    assert term_on(STARTS, day) == term


def test_terms_follow_one_another_without_a_gap() -> None:
    names = [term.name for term in terms_from(STARTS, DAY, 4)]
    assert names == ["autumn 2026", "spring 2027", "summer 2027", "autumn 2027"]
    touched = terms_between(STARTS, date(2026, 12, 31), date(2027, 4, 1))
    assert [term.name for term in touched] == ["autumn 2026", "spring 2027", "summer 2027"]
    assert [term.name for term in terms_between(STARTS, DAY, DAY)] == ["autumn 2026"]


def test_days_are_spread_evenly_over_the_days_of_the_dates() -> None:
    # 1 December to 9 January is 40 days, 31 of them in the autumn
    first, last = date(2026, 12, 1), date(2027, 1, 9)
    assert spread(8.0, first, last, AUTUMN) == pytest.approx(8 * 31 / 40)
    assert spread(8.0, first, last, term_on(STARTS, last)) == pytest.approx(8 * 9 / 40)
    assert spread(8.0, first, last, term_on(STARTS, date(2027, 6, 1))) == 0
    assert spread(1.0, DAY, DAY, AUTUMN) == 1


@pytest.mark.parametrize(
    ("given", "days", "why"),
    [
        ({"days_per_term": 4.0}, 4.0, ""),
        ({}, None, "how many days they give in a term is not recorded"),
        ({"days_per_term": 4.0, "available_to": date(2026, 8, 31)}, 0.0, "helps no longer since 31 August 2026"),
        ({"days_per_term": 4.0, "available_to": date(2026, 9, 1)}, 4.0, ""),
        ({"days_per_term": 4.0, "available_from": date(2027, 1, 1)}, 0.0, "helps from 1 January 2027"),
        ({"days_per_term": 4.0, "available_from": date(2026, 12, 31)}, 4.0, ""),
        (
            {"days_per_term": 4.0, "limited_from": date(2026, 12, 31), "limited_note": "A new head."},
            0.0,
            "limited by their own school from 31 December 2026: A new head",
        ),
        ({"days_per_term": 4.0, "limited_from": date(2027, 1, 1)}, 4.0, ""),
        ({"days_per_term": 4.0, "limited_from": date(2026, 5, 1), "limited_to": date(2026, 8, 31)}, 4.0, ""),
        (
            {"days_per_term": 4.0, "limited_from": date(2026, 5, 1), "limited_to": date(2026, 9, 1)},
            0.0,
            "limited by their own school from 1 May 2026 to 1 September 2026",
        ),
    ],
)
def test_the_days_offered_in_a_term_and_why(given: dict[str, object], days: float | None, why: str) -> None:
    assert offered(a_leader(**given), AUTUMN) == (days, why)


@pytest.mark.parametrize(
    ("given", "days"),
    [
        ({"days_planned": 6.0, **FULL_AUTUMN}, 6.0),
        ({"days_planned": None, **FULL_AUTUMN}, None),
        ({"days_planned": 6.0, "start_date": date(2026, 9, 1)}, None),
        ({"days_planned": 6.0, "end_date": date(2026, 12, 31)}, None),
        ({"days_planned": 6.0, "end_date": date(2026, 8, 31)}, 0.0),
        ({"days_planned": None, "start_date": date(2027, 1, 1)}, 0.0),
        ({"days_planned": 6.0, "days_used": 2.0, "status": AllocationStatus.ENDED_EARLY, **FULL_AUTUMN}, 2.0),
        ({"days_planned": 6.0, "days_used": None, "status": AllocationStatus.COMPLETED, **FULL_AUTUMN}, 6.0),
        ({"days_planned": 6.0, "days_used": 2.0, "status": AllocationStatus.ACTIVE, **FULL_AUTUMN}, 6.0),
    ],
)
def test_the_planned_days_of_a_piece_that_fall_into_a_term(given: dict[str, object], days: float | None) -> None:
    assert planned_in(a_piece(**given), AUTUMN) == days


def _visit(day: date, days: float | None) -> Visit:
    return Visit(1, 1, 1, "900010", day, "Adviser 1", days, None, None)


def test_used_days_stand_in_the_term_of_the_visit_and_the_rest_is_spread_until_now() -> None:
    # 7 used: 2 on a visit in June, 1 on one in October, one visit without days; 4 of no visit until 20 November
    piece = a_piece(days_used=7.0, start_date=date(2026, 6, 1), end_date=date(2027, 3, 31))
    seen = [_visit(date(2026, 6, 9), 2.0), _visit(date(2026, 10, 7), 1.0), _visit(date(2026, 11, 2), None)]
    days_in_summer, days_in_autumn = 92, 81
    share = 4 / (days_in_summer + days_in_autumn)
    assert used_in(piece, seen, AUTUMN, DAY) == pytest.approx(1 + share * days_in_autumn)
    assert used_in(piece, seen, term_on(STARTS, date(2026, 6, 1)), DAY) == pytest.approx(2 + share * days_in_summer)
    assert used_in(piece, seen, term_on(STARTS, date(2027, 2, 1)), DAY) == 0


@pytest.mark.parametrize(
    ("given", "days"),
    [
        ({"days_used": None, **FULL_AUTUMN}, None),
        ({"days_used": None, "start_date": date(2026, 12, 1), "end_date": date(2026, 12, 31)}, 0.0),
        ({"days_used": None, "start_date": date(2026, 1, 1), "end_date": date(2026, 8, 31)}, 0.0),
        ({"days_used": None}, None),
        ({"days_used": 2.0}, None),
        ({"days_used": 0.0}, 0.0),
        ({"days_used": 2.0, "start_date": date(2026, 12, 1), "end_date": date(2026, 12, 31)}, 0.0),
    ],
)
def test_used_days_that_nobody_recorded_are_not_none_used(given: dict[str, object], days: float | None) -> None:
    assert used_in(a_piece(**given), [], AUTUMN, DAY) == days


def test_a_leaders_term_counts_agreed_asked_and_unknown_apart() -> None:
    pieces = [
        a_piece(id=1, days_planned=3.0, days_used=1.0, **FULL_AUTUMN),
        a_piece(id=2, days_planned=2.0, status=AllocationStatus.OFFERED, **FULL_AUTUMN),
        a_piece(id=3, days_planned=1.5, status=AllocationStatus.PAUSED, **FULL_AUTUMN),
        a_piece(id=4, days_planned=9.0, status=AllocationStatus.DECLINED, **FULL_AUTUMN),
        a_piece(id=5, days_planned=9.0, status=AllocationStatus.WITHDRAWN, **FULL_AUTUMN),
        a_piece(id=6, start_date=date(2026, 10, 1)),
    ]
    line = leader_term(a_leader(days_per_term=4.0), pieces, [], AUTUMN, DAY)
    assert (line.offered, line.planned, line.asked, line.free) == (4.0, 3.0, 3.5, 1.0)
    assert (line.not_known, line.used_not_known) == (1, 1)
    assert line.used == pytest.approx(1.0)
    assert line.in_words == (
        "1.0 of 4 days are free in autumn 2026; 1 piece without days or dates, so it may be fewer."
    )


def test_a_leader_without_days_has_no_free_days_that_are_known() -> None:
    line = leader_term(a_leader(), [a_piece(days_planned=3.0, **FULL_AUTUMN)], [], AUTUMN, DAY)
    assert (line.free, line.planned) == (None, 3.0)
    assert line.in_words == (
        "Free days in autumn 2026 are not known: how many days they give in a term is not recorded."
    )
    assert over_allocation([line]) == []


def test_more_planned_than_offered_is_said_and_exactly_as_much_is_not() -> None:
    over = leader_term(a_leader(days_per_term=4.0), [a_piece(days_planned=4.5, **FULL_AUTUMN)], [], AUTUMN, DAY)
    just = leader_term(a_leader(days_per_term=4.0), [a_piece(days_planned=4.0, **FULL_AUTUMN)], [], AUTUMN, DAY)
    assert over_allocation([over, just]) == [
        "System leader 01: 4.5 days are planned in autumn 2026 and 4 offered: 0.5 more than offered."
    ]


def test_used_days_take_free_ones_piece_by_piece_and_never_more_than_are_offered() -> None:
    # 4 planned and 6 used by now, 1.5 planned and none used: 7.5 taken
    pieces = [
        a_piece(id=1, days_planned=4.0, days_used=6.0, **FULL_AUTUMN),
        a_piece(id=2, days_planned=1.5, days_used=0.0, **FULL_AUTUMN),
    ]
    some, over = (leader_term(a_leader(days_per_term=days), pieces, [], AUTUMN, DAY) for days in (9.0, 5.0))
    assert (some.planned, some.used, some.taken) == (5.5, pytest.approx(6.0), pytest.approx(7.5))
    assert (some.free, some.over) == (pytest.approx(1.5), 0.0)
    assert (over.free, over.over) == (0.0, pytest.approx(2.5))
    assert over_allocation([some, over]) == [
        "System leader 01: 7.5 days are planned or used in autumn 2026 and 5 offered: 2.5 more than offered."
    ]
    (both,) = summed([some, over], lambda line: line.role)
    assert (both.offered, both.taken, both.free, both.over) == (14.0, *(pytest.approx(n) for n in (15.0, 1.5, 2.5)))


def test_only_their_own_pieces_count_for_a_leader() -> None:
    leaders = [a_leader(id=2, label="System leader 02", days_per_term=2.0), a_leader(days_per_term=4.0)]
    pieces = [a_piece(days_planned=3.0, **FULL_AUTUMN), a_piece(id=2, system_leader_id=None, days_planned=9.0)]
    lines = leader_terms(leaders, pieces, [], terms_from(STARTS, DAY, 2), DAY)
    assert [(line.label, line.term.name, line.planned) for line in lines] == [
        ("System leader 01", "autumn 2026", 3.0),
        ("System leader 01", "spring 2027", 0.0),
        ("System leader 02", "autumn 2026", 0.0),
        ("System leader 02", "spring 2027", 0.0),
    ]


def _line(locality: str | None, days: float | None, planned: float) -> LeaderTerm:
    leader = a_leader(locality=locality, days_per_term=days)
    return leader_term(leader, [a_piece(days_planned=planned, **FULL_AUTUMN)], [], AUTUMN, DAY)


def test_sums_leave_out_no_leader_and_say_of_whom_no_days_are_recorded() -> None:
    lines = [_line("Westmere", 4.0, 1.0), _line("Westmere", None, 2.0), _line(None, 3.0, 3.5)]
    found = {one.group: one for one in summed(lines, lambda line: line.locality)}
    west, nowhere = found["Westmere"], found["not recorded"]
    assert (west.leaders, west.offered, west.planned, west.free, west.without_days) == (2, 4.0, 3.0, 3.0, 1)
    assert (nowhere.leaders, nowhere.offered, nowhere.free, nowhere.over) == (1, 3.0, 0.0, 0.5)


HOME = a_school(urn="900001", trust_uid="5001", trust_name="Lantern Trust")


@pytest.mark.parametrize(
    ("leader", "home", "school", "excluded", "said"),
    [
        ({"home_urn": "900010"}, None, {}, False, ["System leader 01 works at this school."]),
        ({}, HOME, {"trust_uid": "5002"}, False, []),
        (
            {},
            HOME,
            {"trust_uid": "5001", "locality": "Eastmere"},
            False,
            ["Their own school, Fennelow Primary School, is in the same trust: Lantern Trust."],
        ),
        ({}, a_school(), {"trust_uid": None, "locality": "Eastmere"}, False, []),
        ({"ties": "900011, 900010"}, HOME, {}, False, ["They have declared a tie with this school."]),
        ({"ties": "900011"}, HOME, {}, False, []),
        ({}, HOME, {}, True, ["They are of the same locality, Westmere, which this LA excludes."]),
        ({}, HOME, {"locality": "Eastmere"}, True, []),
        ({}, HOME, {"locality": None}, True, []),
        (
            {"locality": "Westmere"},
            None,
            {},
            True,
            ["They are of the same locality, Westmere, which this LA excludes."],
        ),
    ],
)
def test_each_conflict_of_interest_is_found_and_only_where_it_is(
    leader: dict[str, object], home: object, school: dict[str, object], excluded: bool, said: list[str]
) -> None:
    supported = a_school(**({"urn": "900010"} | school))
    found = conflicts_of_interest(a_leader(**leader), home, supported, exclude_own_locality=excluded)  # type: ignore[arg-type]
    assert found == said


def test_what_cannot_be_looked_for_is_said() -> None:
    assert "is not recorded" in conflicts_not_known(a_leader(), None)
    assert "(URN 900001) is not loaded" in conflicts_not_known(a_leader(home_urn="900001"), None)
    assert conflicts_not_known(a_leader(home_urn="900001"), HOME) == ""


def test_the_role_of_a_line_is_the_one_in_which_they_are_asked() -> None:
    assert leader_term(a_leader(role=Role.NLG), [], [], AUTUMN, DAY).role == "NLG"
