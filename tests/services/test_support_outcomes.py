"""What became of support: outcomes with days and pounds, and a funnel by what each piece ever reached."""

from datetime import date

import pandas as pd
import pytest

from risk_model.casework import AllocationStatus as Status
from risk_model.casework import NewAllocation, NewShare, allocations
from risk_model.domain.viewer import local_viewer
from risk_model.services.copy import Copy
from risk_model.services.scope import Scope
from risk_model.services.support_changes import add_support, change_support, end_support
from risk_model.services.support_outcomes import EndedPiece, Piece, funnel_table, kind_table, outcome_table
from risk_model.services.support_outcomes import support_outcomes as outcomes_of

WHO = local_viewer()
LA = Scope("999")


def test_days_and_pounds_are_summed_where_known_and_counted_where_not() -> None:
    found = outcome_table(
        [
            EndedPiece("SEND", "objectives met", 4.0, 350.0),
            EndedPiece("SEND", "objectives met", 2.0, None),
            EndedPiece("training", "objectives met", None, 400.0),
            EndedPiece("training", "not recorded", None, None),
        ]
    ).set_index("Outcome")
    # 4 days at £350; two of the three lack a rate or days
    assert list(found.loc["objectives met"]) == [3, 6.0, 1, 1400.0, 2]
    assert found.loc["not recorded", "Pieces"] == 1
    assert pd.isna(found.loc["not recorded", "Days used"])
    assert pd.isna(found.loc["not recorded", "Pounds"])
    assert list(found.index) == ["objectives met", "not recorded"]


def test_each_kind_of_support_has_its_outcomes() -> None:
    found = kind_table(
        [
            EndedPiece("training", "not met", 1.0, 0.0),
            EndedPiece("SEND", "not met", 2.0, 100.0),
            EndedPiece("SEND", "objectives met", 3.0, 100.0),
        ]
    )
    assert found[["Kind of support", "Outcome", "Pounds"]].to_numpy().tolist() == [
        ["SEND", "objectives met", 300.0],
        ["SEND", "not met", 200.0],
        ["training", "not met", 0.0],
    ]


@pytest.mark.parametrize(
    ("status", "held", "reached"),
    [
        (Status.CANCELLED, set(), 0),
        (Status.CANCELLED, {Status.PROPOSED, Status.AGREED}, 2),
        (Status.DECLINED, {Status.PROPOSED}, 1),
        (Status.PAUSED, {Status.ACTIVE}, 3),
        (Status.COMPLETED, set(), 4),
        (Status.OFFERED, {Status.ACTIVE}, 3),
    ],
)
def test_how_far_a_piece_came_is_the_farthest_that_it_ever_stood(
    status: Status, held: set[Status], reached: int
) -> None:
    assert Piece(status, frozenset(held)).reached == reached


def test_each_stage_is_those_that_went_on_stand_there_or_were_called_off_there() -> None:
    pieces = [
        Piece(Status.PROPOSED, frozenset()),
        Piece(Status.DECLINED, frozenset()),
        Piece(Status.CANCELLED, frozenset({Status.AGREED})),
        Piece(Status.ACTIVE, frozenset()),
        Piece(Status.ENDED_EARLY, frozenset()),
        Piece(Status.COMPLETED, frozenset()),
        Piece(Status.WITHDRAWN, frozenset({Status.ACTIVE})),
    ]
    found = funnel_table(pieces)
    assert found.to_numpy().tolist() == [
        ["Need put forward", 6, 5, 1, 0],
        ["Offered", 5, 4, 0, 1],
        ["Agreed", 4, 3, 0, 1],
        ["Begun", 3, 1, 1, 1],
        ["Completed", 1, 0, 1, 0],
    ]


def test_a_stage_that_was_passed_is_found_in_the_audit_trail(own_copy: Copy) -> None:
    before = outcomes_of(WHO, own_copy, LA).funnel.set_index("Stage")
    new = NewAllocation("999", "900001", "LA team", "Finance", start_date=date(2026, 11, 2), status="proposed")
    number = add_support(WHO, own_copy, new)
    agreed = change_support(WHO, own_copy, number, 1, {"status": "agreed"})
    end_support(WHO, own_copy, number, agreed.version, "cancelled", date(2026, 11, 9), "The provider has no time.")
    after = outcomes_of(WHO, own_copy, LA).funnel.set_index("Stage")
    assert list(after["Pieces"] - before["Pieces"]) == [1, 1, 1, 0, 0]
    assert after.loc["Agreed", "Called off here"] - before.loc["Agreed", "Called off here"] == 1


def test_the_demo_says_what_is_not_recorded_and_never_zero_pounds(demo_copy: Copy) -> None:
    found = outcomes_of(WHO, demo_copy, LA)
    over = [one for one in allocations(demo_copy.records) if one.status in ("completed", "ended early")]
    assert found.by_outcome["Pieces"].sum() == found.by_kind["Pieces"].sum() == len(over) > 0
    unknown = found.by_outcome[found.by_outcome["Pounds not known"] == found.by_outcome["Pieces"]]
    assert unknown["Pounds"].isna().all()
    assert list(found.funnel["Pieces"]) == sorted(found.funnel["Pieces"], reverse=True)


def test_outcome_rate_and_days_are_those_of_the_record(own_copy: Copy) -> None:
    before = outcomes_of(WHO, own_copy, LA).by_outcome.set_index("Outcome")
    given = NewAllocation(
        "999",
        "900001",
        "LA team",
        "Finance",
        support_type="finance recovery",
        start_date=date(2026, 1, 5),
        end_date=date(2026, 7, 17),
        status="completed",
        days_planned=6.0,
        days_used=5.0,
        rate_gbp=400.0,
        exit_outcome="partly met",
    )
    add_support(WHO, own_copy, given)
    after = outcomes_of(WHO, own_copy, LA).by_outcome.set_index("Outcome")
    known = before.loc["partly met", "Pounds"] if "partly met" in before.index else 0.0
    # 5 days at £400
    assert after.loc["partly met", "Pounds"] - known == 2000.0


def test_of_a_group_a_locality_counts_its_own_schools_share_of_the_days(own_copy: Copy) -> None:
    here, there = (
        row["urn"]
        for row in own_copy.reader.rows(
            "select min(urn) as urn from schools where locality in ('Alder Valley', 'Brackenside') "
            "group by locality order by locality"
        )
    )
    scope = Scope("999", locality="Alder Valley")
    before = outcomes_of(WHO, own_copy, scope).by_outcome["Days used"].sum()
    group = NewAllocation(
        "999",
        here,
        "consortium or cluster",
        "Locality cluster",
        start_date=date(2026, 1, 5),
        end_date=date(2026, 7, 17),
        status="completed",
        days_planned=8.0,
        days_used=4.0,
        shares=(NewShare(here, 6.0), NewShare(there, 2.0)),
    )
    add_support(WHO, own_copy, group)
    # six of the eight days planned are its own: three of the four that were used
    assert outcomes_of(WHO, own_copy, scope).by_outcome["Days used"].sum() - before == 3.0
