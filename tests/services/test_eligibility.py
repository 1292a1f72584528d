"""Each rule of eligibility: met, not met, not known, and on its edge; nobody is judged by a rule of another role."""

from datetime import date

import pytest

from risk_model.casework import Role
from risk_model.services.eligibility import (
    ELIGIBLE,
    NO_RULE,
    NOT_ELIGIBLE,
    NOT_KNOWN,
    Finding,
    findings,
    inspection_in_words,
    standing,
)
from tests.services.people_kit import DAY, RULES, a_leader, a_role, a_school


def _found(rule_id: str, **given: object) -> Finding:
    """What one rule finds for an LLE; `home` and `held` beside the fields of the leader."""
    home, held = given.pop("home", None), given.pop("held", ())
    found = findings(RULES, a_leader(**given), held, home, DAY)  # type: ignore[arg-type]
    return next(one for one in found if one.rule_id == rule_id)


@pytest.mark.parametrize(
    ("since", "answer", "said"),
    [
        (
            date(2023, 11, 20),
            "met",
            "3 full years as head of a school that improved, since 20 November 2023; 3 are asked.",
        ),
        (date(2023, 11, 21), "not met", "2 full years as head"),
        (date(2025, 11, 20), "not met", "1 full year as head"),
        (date(2026, 3, 1), "not met", "Less than a year as head"),
        (None, "not known", "Bring it with the system leaders' template"),
    ],
)
def test_three_years_as_head_are_counted_to_the_day(since: date | None, answer: str, said: str) -> None:
    found = _found("E1", head_since=since)
    assert (found.answer, said in found.why) == (answer, True)


@pytest.mark.parametrize(
    ("school", "answer", "said"),
    [
        ({}, "met", "The graded inspection of the school on 9 May 2023 judged it good or better: Good."),
        (
            {"good_or_better": "no", "last_inspection_outcome": "Requires improvement"},
            "not met",
            "on 9 May 2023 judged it below good: Requires improvement.",
        ),
        (
            {"full_kind": "report card", "rc_outcome": "meets", "good_or_better": "not_comparable"},
            "met",
            "every area at",
        ),
        ({"full_kind": "report card", "rc_outcome": "mixed"}, "not met", "found an area that needs attention"),
        ({"full_kind": "report card", "rc_outcome": "below"}, "not met", "leadership and governance need attention"),
        ({"full_kind": "report card", "rc_outcome": "category"}, "not met", "category of concern"),
        ({"good_or_better": None}, "not known", "cannot be read from it"),
        ({"full_kind": None, "full_date": None}, "not known", "has no graded inspection and no report card"),
        ({"inherited": True}, "met", "The graded inspection of its predecessor"),
    ],
)
def test_the_home_school_is_good_or_its_report_card_equal(school: dict[str, object], answer: str, said: str) -> None:
    found = _found("E2", home_urn="900001", home=a_school(**school))
    assert (found.answer, said in found.why) == (answer, True), found.why


def test_what_an_ungraded_inspection_said_since_then_stands_beside_it() -> None:
    home = a_school(last_inspection_date=date(2026, 2, 3), last_inspection_outcome="Some aspects not as strong")
    assert inspection_in_words(home).endswith("The ungraded one on 3 February 2026 said: Some aspects not as strong.")


@pytest.mark.parametrize(
    ("urn", "said"), [(None, "Not recorded: which is their own school."), ("900001", "is not among the schools that")]
)
def test_a_home_school_that_is_not_known_says_why(urn: str | None, said: str) -> None:
    for rule_id in ("E2", "E4"):
        found = _found(rule_id, home_urn=urn)
        assert (found.answer, said in found.why) == ("not known", True)


@pytest.mark.parametrize(
    ("held", "answer", "said"),
    [
        ((a_role(),), "met", "Designated LLE."),
        ((a_role(to_date=DAY),), "met", "Designated LLE."),
        ((a_role(to_date=date(2026, 11, 19)),), "not met", "lapsed on 19 November 2026"),
        ((a_role(from_date=date(2026, 11, 21)),), "not met", "has not begun"),
        ((a_role(role=Role.SLE),), "not known", "Not recorded: who accredited"),
        ((), "not known", "Not recorded: who accredited"),
        ((a_role(to_date=date(2020, 1, 1)), a_role(id=2, from_date=date(2025, 1, 1))), "met", "since 1 January 2025"),
    ],
)
def test_a_designation_is_held_lapsed_or_not_recorded(held: tuple[object, ...], answer: str, said: str) -> None:
    found = _found("E3", held=held)
    assert (found.answer, said in found.why) == (answer, True), found.why


def test_who_accredited_without_dates_is_not_known_and_named() -> None:
    found = _found("E3", accredited_by="A hub")
    assert found.answer == "not known"
    assert found.why.startswith("Accredited by A hub; from when until when is not recorded.")


@pytest.mark.parametrize(("place", "answer"), [("priority", "not met"), ("watch", "met"), ("find out", "met")])
def test_a_home_school_that_needs_help_first_is_not_met(place: str, answer: str) -> None:
    found = _found("E4", home_urn="900001", home=a_school(priority=place, changes="outcomes worse"))
    assert found.answer == answer
    assert f'"{place}"' in found.why
    assert found.why.endswith("Since the build before: outcomes worse.")


def test_a_rule_of_another_role_is_not_asked() -> None:
    asked = {role: [one.rule_id for one in findings(RULES, a_leader(role=role), [], None, DAY)] for role in Role}
    assert asked[Role.LLE] == ["E1", "E2", "E3", "E4"]
    assert asked[Role.SLE] == ["E2", "E3", "E4"]
    assert asked[Role.ADVISER] == []


def _answered(*answers: str) -> list[Finding]:
    return [Finding("E1", "A rule", answer, "", "our choice", "") for answer in answers]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("answers", "together"),
    [
        (("met", "met"), ELIGIBLE),
        (("met", "not known"), NOT_KNOWN),
        (("not known", "not met"), NOT_ELIGIBLE),
        ((), NO_RULE),
    ],
)
def test_all_rules_together(answers: tuple[str, ...], together: str) -> None:
    assert standing(_answered(*answers)) == together


def test_a_finding_says_its_answer_in_a_word_and_a_shape() -> None:
    shown = [one.in_words for one in _answered("met", "not met", "not known")]
    assert [one.split(":")[0] for one in shown] == ["● met", "■ not met", "○ not known"]
