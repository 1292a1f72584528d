"""What the invented LA holds: leaders, support, meetings, referrals."""

from collections import Counter
from collections.abc import Callable
from datetime import date

from risk_model.demo import DEMO_AS_AT

Rows = list[dict[str, str]]
ReadRows = Callable[..., Rows]


REASONED = ("paused", "declined", "cancelled", "ended early")


def test_about_eighty_allocations_in_every_state(read: ReadRows) -> None:
    rows = read("records/allocations.csv")
    states = Counter(row["status"] for row in rows)
    assert 75 <= len(rows) <= 85
    assert {"proposed", "offered", "agreed", "active", "completed", *REASONED} <= set(states)
    assert states["active"] >= 25
    assert all(bool(row["status_reason"]) == (row["status"] in REASONED) for row in rows)


def test_allocations_are_possible(read: ReadRows) -> None:
    for row in read("records/allocations.csv"):
        assert date.fromisoformat(row["start_date"]) <= date.fromisoformat(row["end_date"])
        assert 0 <= int(row["days_used"]) <= int(row["days_planned"])
        assert row["provider_name"]
        assert row["need"]
        assert row["aim"]


def test_support_comes_from_schools_teams_trusts_and_hubs(read: ReadRows) -> None:
    rows = read("records/allocations.csv")
    assert {"school", "LA team", "academy trust", "teaching school hub"} <= {row["provider_type"] for row in rows}
    teams = {row["provider_name"] for row in rows if row["provider_type"] == "LA team"}
    assert {"Finance", "HR", "Governor Services", "School improvement"} <= teams


def test_visits_lie_within_the_support_that_they_belong_to(read: ReadRows) -> None:
    support = read("records/allocations.csv")
    visits = read("records/visits.csv")
    assert len(visits) > 80
    for visit in visits:
        one = support[int(visit["support"]) - 1]
        assert visit["urn"] == one["urn"]
        assert one["start_date"] <= visit["visited_on"] <= min(one["end_date"], one["last_update"])
    for place, one in enumerate(support, start=1):
        used = sum(float(visit["days"]) for visit in visits if visit["support"] == str(place))
        assert float(one["days_used"]) + used <= float(one["days_planned"])


def test_support_says_which_need_it_answers_what_it_costs_and_what_came_of_it(read: ReadRows) -> None:
    support = read("records/allocations.csv")
    assert {one["statement"] for one in support} == {"outcomes", "leadership"}
    assert {one["formality"] for one in support} == {"formal", "informal"}
    assert any(one["shares"].count(";") == 2 for one in support)
    assert {bool(one["rate_gbp"]) for one in support} == {True, False}
    ended = [one for one in support if one["status"] in ("completed", "ended early")]
    # some ended without an outcome, so that there is one to ask for
    assert {"objectives met", "partly met", "not met", ""} == {one["exit_outcome"] for one in ended}
    assert {one["exit_outcome"] for one in support if one not in ended} == {""}


def test_roles_of_the_lapsed_schemes_stay_as_history_beside_a_local_one(read: ReadRows) -> None:
    roles = read("records/designations.csv")
    leaders = {row["label"]: row["role"] for row in read("records/system_leaders.csv")}
    assert {row["system_leader"] for row in roles} == set(leaders)
    assert all(row["to_date"] == "2022-08-31" for row in roles if row["role"] == "NLE")
    local = {row["system_leader"] for row in roles if row["role"] == "local system leader" and not row["to_date"]}
    assert {label for label, role in leaders.items() if role == "NLE"} <= local


def test_one_leader_is_limited_one_is_tied_and_some_are_new_as_heads(read: ReadRows) -> None:
    leaders = read("records/system_leaders.csv")
    assert [row["label"] for row in leaders if row["limited_from"]] == ["System leader 01"]
    assert [row["label"] for row in leaders if row["ties"]] == ["System leader 05"]
    assert any(row["head_since"] > "2024-01-01" for row in leaders)


def test_interests_stand_at_every_step_but_the_last(read: ReadRows) -> None:
    rows = read("records/interests.csv")
    assert {row["status"] for row in rows} == {"registered", "in discussion", "declined", "withdrawn"}
    assert all(bool(row["status_reason"]) == (row["status"] in ("declined", "withdrawn")) for row in rows)
    assert all(row["label"].startswith("Head ") for row in rows)


def test_thirty_leaders_in_eight_roles_and_two_have_stopped(read: ReadRows) -> None:
    rows = read("records/system_leaders.csv")
    assert len(rows) == 30
    assert len({row["role"] for row in rows}) == 8
    assert sum(bool(row["available_to"]) for row in rows) == 2
    named = {row["system_leader"] for row in read("records/allocations.csv")} - {""}
    assert named <= {row["label"] for row in rows}


def test_two_rounds_of_meetings_in_twelve_localities(read: ReadRows) -> None:
    rows = read("records/meetings.csv")
    assert len(rows) == 24
    assert len({row["locality"] for row in rows}) == 12
    assert Counter(row["date"][:7] for row in rows) == {"2026-03": 12, "2026-10": 12}


def test_advisers_views_have_evidence_an_author_and_a_year_at_most(read: ReadRows) -> None:
    rows = read("records/adviser_views.csv")
    assert all(row["reason"] and row["evidence"] and row["made_by"].startswith("School improvement") for row in rows)
    for row in rows:
        made_on, review_by = date.fromisoformat(row["made_on"]), date.fromisoformat(row["review_by"])
        assert 0 < (review_by - made_on).days <= 365
    assert any(date.fromisoformat(row["review_by"]) <= DEMO_AS_AT for row in rows)
    assert max(Counter((row["urn"], row["statement"]) for row in rows).values()) == 2
    heads = read("records/head_comments.csv")
    assert {row["made_by"] for row in heads} == {"Head teacher"}
    assert {bool(row["statement"]) for row in heads} == {True, False}


def test_outcomes_belong_to_a_meeting_of_the_schools_locality(read: ReadRows) -> None:
    localities = {row["urn"]: row["locality"] for row in read("localities.csv")}
    meetings = {row["meeting"]: row["locality"] for row in read("records/meetings.csv")}
    rows = read("records/meeting_outcomes.csv")
    assert rows
    assert all(meetings[row["meeting"]] == localities[row["urn"]] for row in rows)


def test_referrals_show_each_step_of_the_way_and_one_school_in_a_programme(read: ReadRows) -> None:
    rows = read("records/referrals.csv")
    wanted = {"drafted", "raised with regional director", "acknowledged", "outcome advised", "closed"}
    assert {row["status"] for row in rows} == wanted
    assert [row["programme"] for row in rows if row["programme"]] == ["RISE, targeted intervention"]
    assert all(bool(row["programme"]) == bool(row["programme_reason"]) for row in rows)
