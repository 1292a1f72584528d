"""Ladders: what comes next, is too soon, is awaited; a maintained step never at an academy, nor the reverse."""

from datetime import date

import pytest

from risk_model.casework import (
    NewReferral,
    ReferralStatus,
    add_referral,
    audit_trail,
    change_referral,
    ladder_steps,
    referrals,
)
from risk_model.domain.errors import NotAllowed, NotFound, RecordRefused
from risk_model.domain.viewer import Viewer, local_viewer
from risk_model.rules.escalation import ESCALATION_FILE, read_escalation_settings
from risk_model.rules.reader import FOLDER
from risk_model.services.copy import Copy
from risk_model.services.escalation import Climb, escalation_list, escalation_table, school_ladder
from risk_model.services.escalation_changes import (
    StepTaken,
    begin_escalation,
    edit_escalation,
    take_back_escalation,
    take_back_step,
    take_ladder_step,
)
from risk_model.services.low_standards import low_standards
from risk_model.services.scope import Scope

WHO = local_viewer()
MAINTAINED, CONSIDERED, ACADEMY, ACKNOWLEDGED, CHURCH = "900190", "900028", "900034", "900201", "900030"
DAY = date(2026, 11, 20)


def climb_of(copy: Copy, urn: str) -> Climb:
    """The first concern about a school."""
    return school_ladder(WHO, copy, urn).climbs[0]


def test_the_list_tells_what_is_past_first(demo_copy: Copy) -> None:
    climbs = escalation_list(WHO, demo_copy, Scope("999"))
    assert len(climbs) == 5
    late = [bool(one.reminders) for one in climbs]
    assert late == sorted(late, reverse=True)
    assert any(late)
    assert [one.urn for one in climbs if not one.is_academy] == [CONSIDERED]
    table = escalation_table(climbs)
    assert table.loc[table["URN"] == CONSIDERED, "Stands at"].tolist() == ["Warning notice considered"]
    assert table.loc[table["URN"] == ACKNOWLEDGED, "Stands at"].tolist() == ["acknowledged"]
    assert len(escalation_list(WHO, demo_copy, Scope("999"), only_open=False)) == 6
    assert escalation_list(WHO, demo_copy, Scope("000")) == []
    assert escalation_table([]).columns.tolist() == table.columns.tolist()


def test_a_schools_ladder_says_what_was_not_asked_and_what_comes_next(demo_copy: Copy) -> None:
    climb = climb_of(demo_copy, CONSIDERED)
    assert [one.taken.step for one in climb.steps] == [
        "informal_challenge",
        "formal_letter",
        "mediation",
        "notice_considered",
    ]
    assert climb.steps[-1].unanswered == (
        "Has the public sector equality duty been thought through, on paper?",
        "Has the officer who may decide it approved it?",
    )
    in_turn = [one.step.id for one in climb.nexts if not one.missing]
    assert in_turn == ["notice_issued"]
    assert {one.step.id: one.missing for one in climb.nexts}["interim_board"] == ("Not complied with",)
    assert not any(one.is_waiting for one in climb.steps)


def test_an_academys_referral_stands_for_the_steps_up_to_it(demo_copy: Copy) -> None:
    climb = climb_of(demo_copy, ACKNOWLEDGED)
    assert climb.is_academy
    assert [one.step.id for one in climb.nexts] == ["under_review", "outcome", "closed"]
    drafted = climb_of(demo_copy, ACADEMY)
    assert drafted.steps == ()
    assert [one.step.id for one in drafted.nexts if not one.missing] == ["discussed"]


def test_a_maintained_school_climbs_step_by_step(own_copy: Copy) -> None:
    number = begin_escalation(WHO, own_copy, MAINTAINED, DAY, "Results stay low.", "LA lead")
    with pytest.raises(RecordRefused, match='before "Formal letter" comes "Informal challenge"') as refused:
        take_ladder_step(WHO, own_copy, StepTaken(MAINTAINED, number, "formal_letter", DAY))
    assert "say why this step is taken without it" in str(refused.value)
    for step in ("informal_challenge", "formal_letter", "mediation", "notice_considered"):
        take_ladder_step(WHO, own_copy, StepTaken(MAINTAINED, number, step, DAY))
    asked = ("ground_met", "approval", "legal_check")
    issued = StepTaken(
        MAINTAINED, number, "notice_issued", DAY, "Director of education", "File 9", asked, date(2026, 12, 11)
    )
    take_ladder_step(WHO, own_copy, issued)
    climb = climb_of(own_copy, MAINTAINED)
    assert (climb.standing, climb.waits_until) == ("Warning notice issued", date(2026, 12, 11))
    assert climb.steps[-1].taken.ticked == asked
    take_ladder_step(WHO, own_copy, StepTaken(MAINTAINED, number, "complied", DAY))
    assert climb_of(own_copy, MAINTAINED).waits_until is None


@pytest.mark.parametrize(
    ("answer_by", "is_overdue"), [(date(2026, 11, 19), True), (DAY, False), (date(2026, 11, 21), False)]
)
def test_a_period_for_compliance_that_has_ended_is_reminded_of(
    own_copy: Copy, answer_by: date, is_overdue: bool
) -> None:
    number = begin_escalation(WHO, own_copy, MAINTAINED, date(2026, 9, 1), "Safety.", next_date=date(2026, 11, 19))
    issued = StepTaken(
        MAINTAINED,
        number,
        "notice_issued",
        date(2026, 11, 2),
        answer_by=answer_by,
        out_of_order_reason="Pupils' safety could not wait.",
    )
    take_ladder_step(WHO, own_copy, issued)
    # a talk that is recorded late does not end the wait for compliance
    late = StepTaken(MAINTAINED, number, "informal_challenge", date(2026, 11, 3))
    take_ladder_step(WHO, own_copy, late)
    climb = climb_of(own_copy, MAINTAINED)
    assert climb.steps[0].is_waiting
    assert climb.steps[0].is_overdue == is_overdue
    assert climb.reminders[-1] == "It was to be looked at on 19 November 2026."
    assert len(climb.reminders) == (2 if is_overdue else 1)


def test_a_step_out_of_order_keeps_its_reason(own_copy: Copy) -> None:
    number = begin_escalation(WHO, own_copy, MAINTAINED, DAY, "Safety.")
    with pytest.raises(RecordRefused, match="comes"):
        take_ladder_step(WHO, own_copy, StepTaken(MAINTAINED, number, "interim_board", DAY, out_of_order_reason="  "))
    reason = "In special measures since 14 July 2026 (section 62)."
    step = StepTaken(MAINTAINED, number, "interim_board", DAY, out_of_order_reason=reason)
    take_ladder_step(WHO, own_copy, step)
    assert climb_of(own_copy, MAINTAINED).steps[0].taken.out_of_order_reason == reason


@pytest.mark.parametrize("step", [one.id for one in read_escalation_settings().ladders[0].steps])
def test_no_maintained_step_is_ever_taken_at_an_academy(own_copy: Copy, step: str) -> None:
    number = climb_of(own_copy, ACADEMY).number
    before = (len(ladder_steps(own_copy.records)), referrals(own_copy.records))
    taken = StepTaken(ACADEMY, number, step, DAY, out_of_order_reason="We must.")
    with pytest.raises(RecordRefused, match="Netherquill Academy is an academy"):
        take_ladder_step(WHO, own_copy, taken)
    assert (len(ladder_steps(own_copy.records)), referrals(own_copy.records)) == before


@pytest.mark.parametrize("step", [one.id for one in read_escalation_settings().ladders[1].steps])
def test_no_academys_step_is_ever_taken_at_a_maintained_school(own_copy: Copy, step: str) -> None:
    before = len(ladder_steps(own_copy.records))
    with pytest.raises(RecordRefused, match="is a maintained school, and this step is on the ladder"):
        take_ladder_step(WHO, own_copy, StepTaken(CONSIDERED, 1, step, DAY, out_of_order_reason="We must."))
    assert len(ladder_steps(own_copy.records)) == before


def test_no_escalation_is_opened_at_an_academy(own_copy: Copy) -> None:
    with pytest.raises(RecordRefused, match="Netherquill Academy is an academy") as refused:
        begin_escalation(WHO, own_copy, ACADEMY, DAY, "Results stay low.")
    assert "hang on its referral" in str(refused.value)
    assert all(not one.is_academy or one.number for one in escalation_list(WHO, own_copy, Scope("999")))


def test_an_academys_step_moves_its_referral_on_and_never_back(own_copy: Copy) -> None:
    number = climb_of(own_copy, ACADEMY).number
    take_ladder_step(WHO, own_copy, StepTaken(ACADEMY, number, "discussed", date(2026, 11, 2)))
    (found,) = [one for one in referrals(own_copy.records, urn=ACADEMY) if one.id == number]
    # the demo has already said when it was first raised with the trust
    assert (found.status, found.raised_with_trust_on) == (ReferralStatus.DISCUSSED_WITH_TRUST, date(2026, 7, 13))
    why = "The trust asked us to."
    raised = StepTaken(ACADEMY, number, "raised", date(2026, 11, 9), out_of_order_reason=why)
    take_ladder_step(WHO, own_copy, raised)
    (found,) = [one for one in referrals(own_copy.records, urn=ACADEMY) if one.id == number]
    assert (found.status, found.raised_on) == (ReferralStatus.RAISED, date(2026, 11, 9))
    take_ladder_step(WHO, own_copy, StepTaken(ACADEMY, number, "written", date(2026, 11, 5)))
    (found,) = [one for one in referrals(own_copy.records, urn=ACADEMY) if one.id == number]
    assert found.status == ReferralStatus.RAISED
    changed = audit_trail(own_copy.records, table="referral", record_id=number)
    assert [entry.what for entry in changed] == ["changed", "changed", "created"]


def test_a_first_talk_with_the_trust_is_dated(own_copy: Copy) -> None:
    number = add_referral(own_copy.records, "tester", NewReferral("999", "900200", "Progress is low."))
    take_ladder_step(WHO, own_copy, StepTaken("900200", number, "discussed", DAY))
    assert referrals(own_copy.records, urn="900200")[0].raised_with_trust_on == DAY


def test_a_referral_that_is_over_takes_no_step(own_copy: Copy) -> None:
    one = next(one for one in referrals(own_copy.records, urn=ACADEMY))
    change_referral(own_copy.records, "tester", one.id, one.version, {"status": "withdrawn"}, "No concern.")
    with pytest.raises(RecordRefused, match="this referral is withdrawn"):
        take_ladder_step(WHO, own_copy, StepTaken(ACADEMY, one.id, "discussed", DAY))
    assert not climb_of(own_copy, ACADEMY).is_open
    assert climb_of(own_copy, ACADEMY).nexts == ()


@pytest.mark.parametrize(
    ("taken", "problem"),
    [
        (StepTaken(CONSIDERED, 1, "nothing", DAY), "there is no such step"),
        (StepTaken(CONSIDERED, 1, "notice_issued", DAY, checked=("luck",)), '"luck" is no question of'),
        (StepTaken(CONSIDERED, 99, "notice_issued", DAY), "no escalation number 99"),
        (StepTaken(MAINTAINED, 1, "informal_challenge", DAY), "no escalation number 1 of this school"),
        (StepTaken(ACADEMY, 1, "discussed", DAY), "no referral number 1 of this school"),
        (StepTaken("123456", 1, "discussed", DAY), "No open state-funded school"),
        (StepTaken(CONSIDERED, 1, "notice_issued", DAY, answer_by=date(2026, 11, 1)), "answer_by: 2026-11-01"),
    ],
)
def test_a_step_that_cannot_be_is_refused(own_copy: Copy, taken: StepTaken, problem: str) -> None:
    before = len(ladder_steps(own_copy.records))
    with pytest.raises((RecordRefused, NotFound)) as refused:
        take_ladder_step(WHO, own_copy, taken)
    assert problem in str(refused.value)
    assert len(ladder_steps(own_copy.records)) == before


def test_a_letter_that_was_sent_is_offered_as_the_paper_of_its_step(own_copy: Copy) -> None:
    papers = {one.step.id: one.paper for one in climb_of(own_copy, ACADEMY).nexts}
    assert papers["written"] == "Letter 4, sent 12 October 2026"
    assert {paper for step, paper in papers.items() if step != "written"} == {""}
    # a draft is no paper
    begin_escalation(WHO, own_copy, "900031", DAY, "No plan.")
    assert {one.step.id: one.paper for one in climb_of(own_copy, "900031").nexts}["formal_letter"] == ""


def test_a_step_without_its_papers_says_which_should_be_on_file(own_copy: Copy) -> None:
    taken = StepTaken(CONSIDERED, climb_of(own_copy, CONSIDERED).number, "notice_issued", DAY)
    take_ladder_step(WHO, own_copy, taken)
    steps = climb_of(own_copy, CONSIDERED).steps
    assert steps[-1].papers == ("The notice", "Proof of delivery and of the copies")
    assert steps[-2].papers == ()


def test_an_escalation_is_edited_closed_and_taken_back(own_copy: Copy) -> None:
    climb = climb_of(own_copy, CONSIDERED)
    ended = {"closed_on": DAY, "close_reason": "The plan has dates, and the governors keep them."}
    edit_escalation(WHO, own_copy, climb.number, climb.version, ended)
    closed = climb_of(own_copy, CONSIDERED)
    assert (closed.is_open, closed.nexts, closed.reminders) == (False, (), ())
    assert closed.standing.startswith("closed on 20 November 2026: The plan has dates")
    assert CONSIDERED not in {one.urn for one in escalation_list(WHO, own_copy, Scope("999"))}
    step = closed.steps[-1].taken
    take_back_step(WHO, own_copy, step.id, step.version, "It was not decided that day.")
    assert len(climb_of(own_copy, CONSIDERED).steps) == 3
    take_back_escalation(WHO, own_copy, closed.number, closed.version, "The wrong school.")
    assert school_ladder(WHO, own_copy, CONSIDERED).climbs == ()


def test_the_diocese_is_asked_after_at_church_schools_alone(own_copy: Copy) -> None:
    for urn, is_asked in ((CHURCH, True), (MAINTAINED, False)):
        begin_escalation(WHO, own_copy, urn, DAY, "Safety.")
        issued = next(one for one in climb_of(own_copy, urn).nexts if one.step.id == "notice_issued")
        assert ("told_diocese" in {one.id for one in issued.checks}) == is_asked


def test_a_pupil_referral_unit_is_warned_of(demo_copy: Copy) -> None:
    unit = demo_copy.reader.rows("select urn from schools where type = 'Pupil referral unit' order by urn")[0]["urn"]
    assert "section 59" in school_ladder(WHO, demo_copy, unit).caveat
    assert school_ladder(WHO, demo_copy, MAINTAINED).caveat == ""


def test_low_standards_are_evidenced_by_raised_rules_alone(demo_copy: Copy) -> None:
    page = low_standards(WHO, demo_copy, MAINTAINED)
    assert [one.standing for one in page.lines] == ["evidenced", "not evidenced", "evidenced"]
    assert page.finding.startswith("Low standards are evidenced by 2 of 3 comparisons; we ask for 2")
    raised = demo_copy.reader.rows(
        "select sentence from rule_outcomes where urn = $urn and status = 'raised' and rule_id in ('O1', 'O5', 'O12')",
        {"urn": MAINTAINED},
    )
    assert sorted(page.lines[0].evidence) == sorted(row["sentence"] for row in raised)
    # at the very bottom of its similar schools
    assert page.lines[2].evidence == (
        "Results over three years are above those of 0% of similar schools (to 2024-2025).",
    )


def test_what_is_not_known_of_standards_is_not_called_fine(demo_copy: Copy) -> None:
    rows = demo_copy.reader.rows("select urn from schools where route = 'LA support' order by urn limit 60")
    found = [line for row in rows for line in low_standards(WHO, demo_copy, row["urn"]).lines]
    assert {one.standing for one in found} == {"evidenced", "not evidenced", "not known", "no rule applies"}
    for one in found:
        assert (one.standing == "evidenced") == bool(one.evidence)
        if one.standing == "not evidenced":
            assert one.assessed
        if one.standing == "not known":
            assert (one.assessed, bool(one.unknown)) == (0, True)


def test_an_las_own_ladder_is_used(own_copy: Copy) -> None:
    text = (FOLDER / ESCALATION_FILE).read_text("utf-8")
    (own_copy.data.root / ESCALATION_FILE).write_text(text.replace('title = "Mediation', 'title = "Talks'), "utf-8")
    assert climb_of(own_copy, CONSIDERED).steps[2].title == "Talks, or a last chance"


@pytest.mark.parametrize(
    "viewer",
    [
        Viewer("Peer", localities=frozenset({("999", "Alder Valley"), ("999", "")})),
        Viewer("Head", own_urns=frozenset({CONSIDERED})),
        Viewer("System leader 12", system_leader_id=12),
    ],
)
def test_no_peer_head_or_supporter_sees_an_escalation(demo_copy: Copy, viewer: Viewer) -> None:
    with pytest.raises(NotAllowed):
        escalation_list(viewer, demo_copy, Scope("999"))
    with pytest.raises(NotAllowed):
        school_ladder(viewer, demo_copy, CONSIDERED)
    with pytest.raises(NotAllowed):
        low_standards(viewer, demo_copy, CONSIDERED)
