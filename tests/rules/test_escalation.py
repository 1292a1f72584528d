"""Ladders of escalation: read strictly, one for each route, every step after those that it leans on."""

from pathlib import Path

import pytest

from risk_model.casework import ReferralStatus
from risk_model.domain.errors import RulesRefused
from risk_model.domain.words import Route
from risk_model.measures.reader import measures_by_id
from risk_model.rules.escalation import ESCALATION_FILE, read_escalation_settings
from risk_model.rules.reader import FOLDER, read_rules

OWN = (FOLDER / ESCALATION_FILE).read_text("utf-8")
MAINTAINED = [
    "informal_challenge",
    "formal_letter",
    "mediation",
    "notice_considered",
    "notice_issued",
    "complied",
    "not_complied",
    "arrangements",
    "more_governors",
    "interim_board",
    "budget_suspended",
]
ACADEMY = ["discussed", "written", "raised", "acknowledged", "under_review", "outcome", "closed"]


def test_the_ladders_are_those_that_are_meant() -> None:
    ladders = {one.route: [step.id for step in one.steps] for one in read_escalation_settings().ladders}
    assert ladders == {"LA support": MAINTAINED, "regional director": ACADEMY}


def test_an_academys_steps_are_the_words_of_its_referral_in_their_order() -> None:
    ladder = read_escalation_settings().ladder_for(Route.REGIONAL_DIRECTOR)
    assert ladder is not None
    words = [one.value for one in ReferralStatus if one not in (ReferralStatus.DRAFTED, ReferralStatus.WITHDRAWN)]
    assert [step.status for step in ladder.steps] == words


def test_what_binds_names_the_section_that_says_so() -> None:
    ladder = read_escalation_settings().ladder_for(Route.LA_SUPPORT)
    assert ladder is not None
    cited = {step.id: step.reference for step in ladder.steps}
    expected = {
        "notice_considered": "section 60(2)",
        "notice_issued": "section 60(4)",
        "complied": "section 60(1)(c)",
        "not_complied": "section 60(1)",
        "arrangements": "section 63",
        "more_governors": "section 64",
        "interim_board": "section 65",
        "budget_suspended": "section 66",
    }
    for step, section in expected.items():
        assert "Education and Inspections Act 2006" in cited[step]
        assert section in cited[step]
    # how the LA begins is its own choice, and says no law
    assert [step for step in MAINTAINED if not cited[step]] == ["informal_challenge", "formal_letter", "mediation"]


def test_before_a_notice_is_issued_everything_is_asked_that_must_be_so() -> None:
    settings = read_escalation_settings()
    ladder = settings.ladder_for(Route.LA_SUPPORT)
    assert ladder is not None
    considered, issued = ladder.step("notice_considered"), ladder.step("notice_issued")
    assert considered is not None
    assert issued is not None
    asked = {one.id for step in (considered, issued) for one in settings.checks_of(step, is_church_school=True)}
    needed = {"mediation_tried", "powers_considered", "evidence_gathered", "approval", "equality_duty", "legal_check"}
    assert needed | {"told_diocese", "copies_sent", "secretary_of_state"} <= asked
    without = {one.id for one in settings.checks_of(issued, is_church_school=False)}
    assert "told_diocese" not in without


def test_what_must_come_first_is_told_in_order() -> None:
    ladder = read_escalation_settings().ladder_for(Route.LA_SUPPORT)
    assert ladder is not None
    issued, board = ladder.step("notice_issued"), ladder.step("interim_board")
    assert issued is not None
    assert board is not None
    assert [one.id for one in ladder.missing_before(issued, [])] == ["notice_considered"]
    assert ladder.missing_before(issued, ["notice_considered"]) == []
    assert [one.id for one in ladder.missing_before(board, ["complied"])] == ["not_complied"]
    assert (ladder.place("informal_challenge"), ladder.place("nothing")) == (1, 0)


def test_the_comparisons_name_rules_and_measures_that_are_there() -> None:
    low = read_escalation_settings().low_standards
    rules = {rule.id: rule for rule in read_rules().rules}
    assert [one.id for one in low.comparisons] == ["absolute", "trend", "similar"]
    for one in low.comparisons:
        assert {rules[rule].statement for rule in one.rules} == {"outcomes"}
        assert set(one.ranks) <= set(measures_by_id())


def test_schools_out_of_scope_have_no_ladder() -> None:
    assert read_escalation_settings().ladder_for(Route.OUT_OF_SCOPE) is None


def test_the_las_own_ladders_win(tmp_path: Path) -> None:
    assert not read_escalation_settings(tmp_path).is_own
    (tmp_path / ESCALATION_FILE).write_text(OWN.replace("needed = 2", "needed = 3"), "utf-8")
    own = read_escalation_settings(tmp_path)
    assert (own.is_own, own.low_standards.needed, read_escalation_settings().low_standards.needed) == (True, 3, 2)


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ('first = ["informal_challenge"]', 'first = ["notice_issued"]', "formal_letter leans on notice_issued"),
        ('first = ["informal_challenge"]', 'first = ["formal_letter"]', "formal_letter leans on formal_letter"),
        ('first = ["informal_challenge"]', 'first = ["raised"]', "formal_letter leans on raised"),
        ('id = "formal_letter"', 'id = "informal_challenge"', "leans on informal_challenge|is there twice"),
        ('id = "discussed"', 'id = "mediation"', "written leans on discussed"),
        ('status = "acknowledged"\n', "", "acknowledged: a step has a status on the ladder of academies"),
        ('id = "mediation"', 'id = "mediation"\nstatus = "closed"', "mediation: a step has a status"),
        ('status = "acknowledged"', 'status = "closed"', "status closed is there twice"),
        ('route = "regional director"', 'route = "LA support"', "a step has a status|one ladder is needed"),
        ('checks = ["evidence_gathered", "heard"]', 'checks = ["luck"]', "informal_challenge asks luck"),
        ('rules = ["O2", "O16"]', 'rules = ["O1"]', "rule O1 is there twice"),
        ("needed = 2", "needed = 4", "more comparisons than there are"),
        ('[[check]]\nid = "heard"', '[[check]]\nid = "approval"', "check approval is there twice|asks heard"),
        ("not_for = [", "not_to = [", "not_to"),
        ('not_for = ["Pupil referral unit"]\n', "", "not_for and not_for_why belong together"),
        ("answer_days = 15", "answer_days = 0", "answer_days"),
        ("from = 2026-09-01", "from = soon", "cannot be read"),
    ],
)
def test_ladders_that_are_not_valid_are_refused_in_words(tmp_path: Path, old: str, new: str, problem: str) -> None:
    assert OWN.count(old) >= 1
    (tmp_path / ESCALATION_FILE).write_text(OWN.replace(old, new, 1), "utf-8")
    with pytest.raises(RulesRefused, match=ESCALATION_FILE) as refused:
        read_escalation_settings(tmp_path)
    assert any(one in str(refused.value) for one in problem.split("|"))
    assert "take it away to use the product's own" in str(refused.value)


def test_steps_and_statuses_that_are_there_twice_are_refused(tmp_path: Path) -> None:
    twice = OWN.replace('id = "discussed"', 'id = "mediation"')
    twice = twice.replace('first = ["discussed"]', 'first = ["mediation"]')
    (tmp_path / ESCALATION_FILE).write_text(twice, "utf-8")
    with pytest.raises(RulesRefused, match="step mediation is there twice"):
        read_escalation_settings(tmp_path)
