"""What the form for new support is filled in with, worked out by hand from the demo."""

from datetime import date

import pytest

from risk_model.casework import system_leaders
from risk_model.domain.viewer import local_viewer
from risk_model.services.copy import Copy
from risk_model.services.scope import Scope
from risk_model.services.support_draft import Draft, support_draft

WHO = local_viewer()
DAY = date(2026, 11, 20)
# a primary school of which L1 and L4 are raised: both are about leadership
URN = "900158"


def _leader(copy: Copy, label: str) -> int:
    return next(one.id for one in system_leaders(copy.records, la_code="999") if one.label == label)


def _asked(copy: Copy, label: str = "System leader 09", days: str = "6") -> Draft:
    asked = {"for": URN, "leader": str(_leader(copy, label)), "need": "leadership", "days": days}
    return support_draft(WHO, copy, Scope("999"), asked)


def test_a_need_a_leader_and_days_fill_in_what_follows_from_them(demo_copy: Copy) -> None:
    draft = _asked(demo_copy)
    assert (draft.urn, draft.role, draft.days) == (URN, "SLE", 6.0)
    assert (draft.need, draft.rules, draft.statement) == ("Leadership", "L1, L4", "leadership")
    assert draft.support_type == "leadership coaching"
    # the term ends on 31 December, 41 days on; 20 days on is 10 December
    assert (draft.start, draft.review, draft.until) == (DAY, date(2026, 12, 10), date(2026, 12, 31))


def test_more_days_than_are_free_are_warned_of_before_anything_is_written(demo_copy: Copy) -> None:
    assert _asked(demo_copy).warnings == (
        "System leader 09 offers 3 days in autumn 2026; 0.0 are planned, and with this it would be 6.0.",
    )


@pytest.mark.parametrize(("label", "days"), [("System leader 09", "3"), ("System leader 15", "6")])
def test_as_many_days_as_are_free_are_not_warned_of(label: str, days: str, demo_copy: Copy) -> None:
    assert _asked(demo_copy, label, days).warnings == ()


def test_a_need_that_no_raised_rule_is_about_names_no_rule_and_no_statement(demo_copy: Copy) -> None:
    draft = support_draft(WHO, demo_copy, Scope("999"), {"for": URN, "need": "staff"})
    assert (draft.need, draft.support_type) == ("Staff", "HR casework")
    assert (draft.rules, draft.statement, draft.until, draft.review) == (None, None, None, None)


@pytest.mark.parametrize("days", ["", "none", "nan", "inf", "-6", "0", "367", "6 days"])
def test_what_is_no_number_of_days_is_left_out(days: str, demo_copy: Copy) -> None:
    draft = _asked(demo_copy, days=days)
    assert (draft.days, draft.until, draft.warnings) == (None, None, ())


def test_a_link_to_what_is_not_known_fills_in_nothing(demo_copy: Copy) -> None:
    asked = {"for": "<b>", "leader": "x", "need": "' or 1=1", "days": "ten"}
    assert support_draft(WHO, demo_copy, Scope("999"), asked) == Draft(start=DAY)


def test_a_leader_of_another_local_authority_is_left_out(demo_copy: Copy) -> None:
    asked = {"for": URN, "leader": str(_leader(demo_copy, "System leader 09"))}
    assert support_draft(WHO, demo_copy, Scope("998"), asked).leader_id is None
