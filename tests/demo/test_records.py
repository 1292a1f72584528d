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
