"""Advisers' views, what they rest on, heads' comments, and what core groups agreed: recorded, lapsed, refused."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy.exc import DatabaseError

from risk_model.casework import (
    AdviserView,
    NewAdviserView,
    NewAllocation,
    NewEvidence,
    NewHeadComment,
    NewMeeting,
    NewMeetingOutcome,
    Records,
    a_year_after,
    add_adviser_view,
    add_adviser_views,
    add_allocation,
    add_head_comment,
    add_meeting,
    adviser_views,
    agreed_judgements,
    audit_trail,
    change_adviser_view,
    head_comments,
    latest_views,
    meetings,
    view_standing,
    withdraw_adviser_view,
    withdraw_head_comment,
    withdraw_meeting,
    withdraw_meeting_outcome,
)
from risk_model.domain.errors import NotFound, RecordRefused
from risk_model.domain.words import Level, Statement
from tests.casework.past_the_guards import break_audit
from tests.registers import HOSTILE

NOTE = NewEvidence("document", "Note of the visit of 8 October 2026, in the school's file.")
VIEW = NewAdviserView(
    la_code="999",
    urn="900001",
    statement="leadership",
    level="uncertain",
    reason="A new head began in June.",
    made_by="School improvement adviser 3",
    made_on=date(2026, 10, 12),
    review_by=date(2027, 3, 31),
    evidence=(NOTE,),
    computed_level="likely",
    build_id="00002-20261120-fd3342",
)
COMMENT = NewHeadComment("999", "900001", "The figure is of one small year.", "Head teacher", date(2026, 10, 15))


def one_view(records: Records) -> AdviserView:
    (found,) = adviser_views(records)
    return found


def standings(records: Records, day: date) -> list[str]:
    views = adviser_views(records)
    latest = latest_views(views, day)
    return [view_standing(one, latest, day).value for one in views]


# recording


def test_a_view_comes_back_as_it_was_given_with_its_evidence(records: Records) -> None:
    number = add_adviser_view(records, "tester", VIEW)
    found = one_view(records)
    assert (found.id, found.version, found.urn, found.statement) == (number, 1, "900001", Statement.LEADERSHIP)
    assert (found.level, found.computed_level, found.build_id) == (
        Level.UNCERTAIN,
        Level.LIKELY,
        "00002-20261120-fd3342",
    )
    assert (found.reason, found.made_by) == (VIEW.reason, VIEW.made_by)
    assert (found.made_on, found.review_by) == (date(2026, 10, 12), date(2027, 3, 31))
    assert [(one.kind, one.reference, one.description) for one in found.evidence] == [
        ("document", None, NOTE.description)
    ]


def test_a_view_and_its_evidence_are_audited_with_who_did_it(records: Records) -> None:
    number = add_adviser_view(records, "tester", VIEW)
    trail = audit_trail(records)
    assert [(one.table, one.what, one.who) for one in trail] == [
        ("view_evidence", "created", "tester"),
        ("adviser_view", "created", "tester"),
    ]
    assert trail[1].after is not None
    assert (trail[1].record_id, trail[1].after["review_by"]) == (number, "2027-03-31")


def test_a_view_without_evidence_is_refused(records: Records) -> None:
    with pytest.raises(RecordRefused, match="evidence: a view needs evidence"):
        add_adviser_view(records, "tester", replace(VIEW, evidence=()))
    assert adviser_views(records) == []
    assert audit_trail(records) == []


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("la_code", "99", "is not an LA code"),
        ("urn", "90000", "is not a URN"),
        ("statement", "finance", "is not a known word"),
        ("statement", None, "nothing was given"),
        ("level", "good", "is not a known word"),
        ("level", None, "nothing was given"),
        ("reason", "  ", "nothing was given"),
        ("reason", "x" * 2001, "Give at most 2000"),
        ("reason", "\x1b[31m", "control character"),
        ("made_by", "", "nothing was given"),
        ("made_by", "x" * 101, "Give at most 100"),
        ("made_on", None, "nothing was given"),
        ("made_on", date(1926, 10, 12), "is not a likely date"),
        ("review_by", None, "nothing was given"),
        ("review_by", date(2026, 10, 12), "is not after the day of the view"),
        ("review_by", date(2027, 10, 13), "is more than a year after the view"),
        ("computed_level", "good", "is not a known word"),
    ],
)
def test_a_view_with_a_fault_names_it_and_writes_nothing(
    records: Records, field: str, value: object, message: str
) -> None:
    with pytest.raises(RecordRefused) as refused:
        add_adviser_view(records, "tester", replace(VIEW, **{field: value}))  # type: ignore[arg-type]
    (detail,) = refused.value.details
    assert detail.startswith(f"{field}:")
    assert message in detail
    assert adviser_views(records) == []


@pytest.mark.parametrize("review_by", [date(2026, 10, 13), date(2027, 10, 12)])
def test_a_review_from_the_next_day_to_a_year_later_is_taken(records: Records, review_by: date) -> None:
    add_adviser_view(records, "tester", replace(VIEW, review_by=review_by))
    assert one_view(records).review_by == review_by


def test_a_year_after_a_leap_day_is_the_last_of_february() -> None:
    assert a_year_after(date(2028, 2, 29)) == date(2029, 2, 28)
    assert a_year_after(date(2027, 2, 28)) == date(2028, 2, 28)


@pytest.mark.parametrize(
    ("evidence", "message"),
    [
        (NewEvidence("rumour", "Somebody said so."), "evidence 2, kind: "),
        (NewEvidence("document", " "), "evidence 2, description: nothing was given"),
        (NewEvidence("document", "x" * 1001), "evidence 2, description: the text has 1001 characters"),
        (NewEvidence("inspection", "Inspection of 2023"), "evidence 2, reference: no record is linked"),
        (NewEvidence("held line", "A visit", "x" * 301), "evidence 2, reference: the text has 301 characters"),
        (NewEvidence("support", "Support number 77", "77"), "evidence 2, reference: it is not support of this school"),
        (NewEvidence("support", "Support", "one"), "evidence 2, reference: it is not support of this school"),
    ],
)
def test_evidence_with_a_fault_names_it_and_writes_nothing(
    records: Records, evidence: NewEvidence, message: str
) -> None:
    with pytest.raises(RecordRefused) as refused:
        add_adviser_view(records, "tester", replace(VIEW, evidence=(NOTE, evidence)))
    (detail,) = refused.value.details
    assert detail.startswith(message)
    assert adviser_views(records) == []
    assert audit_trail(records) == []


def test_support_of_this_school_can_be_linked_and_that_of_another_cannot(records: Records) -> None:
    own = add_allocation(records, "tester", NewAllocation("999", "900001", "LA team", "Finance"))
    other = add_allocation(records, "tester", NewAllocation("999", "900002", "LA team", "Finance"))
    with pytest.raises(RecordRefused, match="not support of this school"):
        add_adviser_view(records, "tester", replace(VIEW, evidence=(NewEvidence("support", "It", str(other)),)))
    add_adviser_view(records, "tester", replace(VIEW, evidence=(NewEvidence("allocation", "It", str(own)),)))
    (piece,) = one_view(records).evidence
    assert (piece.kind, piece.reference) == ("support", str(own))


def test_every_fault_of_a_view_and_its_evidence_is_told_at_once(records: Records) -> None:
    wrong = replace(VIEW, urn="1", level="bad", evidence=(NewEvidence("document", ""),))
    with pytest.raises(RecordRefused) as refused:
        add_adviser_view(records, "tester", wrong)
    assert [one.split(":")[0] for one in refused.value.details] == ["urn", "level", "evidence 1, description"]


def test_the_same_author_day_and_statement_twice_is_refused(records: Records) -> None:
    number = add_adviser_view(records, "tester", VIEW)
    with pytest.raises(RecordRefused, match=f"view of that day on this statement, number {number}"):
        add_adviser_view(records, "tester", replace(VIEW, level="likely"))
    for other in ({"statement": "outcomes"}, {"urn": "900002"}, {"made_by": "Adviser 4"}):
        add_adviser_view(records, "tester", replace(VIEW, **other))
    assert len(adviser_views(records)) == 4


def test_several_views_are_written_together_or_not_at_all(records: Records) -> None:
    with pytest.raises(RecordRefused) as refused:
        add_adviser_views(records, "tester", [VIEW, replace(VIEW, urn="900002", evidence=()), VIEW])
    assert [one.split(":")[0] for one in refused.value.details] == ["number 2, evidence", "number 3, made_on"]
    assert adviser_views(records) == []
    assert add_adviser_views(records, "tester", [VIEW, replace(VIEW, urn="900002")]) == 2
    assert [one.urn for one in adviser_views(records, la_code="999")] == ["900001", "900002"]
    assert adviser_views(records, la_code="998") == []


@pytest.mark.parametrize("words", [HOSTILE, '=HYPERLINK("x","y")', "Robert'); drop table adviser_view; --", "Ł’ئ漢"])
def test_hostile_text_is_kept_as_text_in_every_field(records: Records, words: str) -> None:
    evidence = (NewEvidence("document", words, words), NewEvidence("held line", words, words))
    add_adviser_view(records, words, replace(VIEW, reason=words, made_by=words, build_id=words, evidence=evidence))
    add_head_comment(records, words, replace(COMMENT, comment=words, made_by=words))
    found = one_view(records)
    assert (found.reason, found.made_by, found.build_id) == (words, words, words)
    assert {(one.reference, one.description) for one in found.evidence} == {(words, words)}
    (said,) = head_comments(records)
    assert (said.comment, said.made_by) == (words, words)


# lapsing


@pytest.mark.parametrize(
    ("day", "standing"),
    [
        (date(2026, 10, 11), "made after this date"),
        (date(2026, 10, 12), "stands"),
        (date(2027, 3, 30), "stands"),
        (date(2027, 3, 31), "lapsed"),
        (date(2030, 1, 1), "lapsed"),
    ],
)
def test_a_view_stands_from_its_day_until_its_review(records: Records, day: date, standing: str) -> None:
    add_adviser_view(records, "tester", VIEW)
    assert standings(records, day) == [standing]


def test_the_newest_view_counts_and_when_it_lapses_no_older_one_comes_back(records: Records) -> None:
    long = replace(VIEW, made_on=date(2026, 9, 1), review_by=date(2027, 8, 1), level="unlikely")
    add_adviser_view(records, "tester", VIEW)
    add_adviser_view(records, "tester", long)
    day = date(2026, 11, 20)
    assert standings(records, day) == ["stands", "replaced by a newer view"]
    assert standings(records, date(2027, 4, 1)) == ["lapsed", "replaced by a newer view"]
    assert standings(records, date(2026, 9, 15)) == ["made after this date", "stands"]
    (latest,) = latest_views(adviser_views(records), date(2027, 4, 1)).values()
    assert latest.level == "uncertain"


def test_of_two_views_of_one_day_the_one_recorded_last_counts(records: Records) -> None:
    add_adviser_view(records, "tester", VIEW)
    second = add_adviser_view(records, "tester", replace(VIEW, made_by="Adviser 9", level="unlikely"))
    views = adviser_views(records)
    for order in (views, views[::-1]):
        assert [one.id for one in latest_views(order, date(2026, 11, 1)).values()] == [second]


def test_a_lapse_writes_nothing(records: Records) -> None:
    add_adviser_view(records, "tester", VIEW)
    before = audit_trail(records)
    assert standings(records, date(2030, 1, 1)) == ["lapsed"]
    assert audit_trail(records) == before
    assert one_view(records).version == 1


# changing and withdrawing


def test_a_change_keeps_the_evidence_and_is_audited(records: Records) -> None:
    number = add_adviser_view(records, "tester", VIEW)
    changed = change_adviser_view(records, "lead", number, 1, {"review_by": date(2027, 1, 31)}, "Sooner.")
    assert (changed.version, changed.review_by, len(changed.evidence)) == (2, date(2027, 1, 31), 1)
    entry = audit_trail(records)[0]
    assert (entry.who, entry.what, entry.reason) == ("lead", "changed", "Sooner.")
    assert entry.before is not None
    assert entry.before["review_by"] == "2027-03-31"


def test_a_change_cannot_carry_a_view_past_its_year(records: Records) -> None:
    number = add_adviser_view(records, "tester", VIEW)
    with pytest.raises(RecordRefused, match="more than a year after the view"):
        change_adviser_view(records, "lead", number, 1, {"review_by": date(2027, 10, 13)})
    assert one_view(records).version == 1


@pytest.mark.parametrize(
    "field", ["la_code", "urn", "statement", "level", "made_by", "made_on", "computed_level", "build_id"]
)
def test_what_makes_a_view_is_never_changed(records: Records, field: str) -> None:
    number = add_adviser_view(records, "tester", VIEW)
    with pytest.raises(RecordRefused, match=f"{field}: this is never changed"):
        change_adviser_view(records, "lead", number, 1, {field: "likely"})


def test_a_change_of_an_old_version_of_nothing_or_of_an_unknown_field_is_refused(records: Records) -> None:
    number = add_adviser_view(records, "tester", VIEW)
    change_adviser_view(records, "lead", number, 1, {"reason": "Another reason."})
    with pytest.raises(RecordRefused, match="after you opened it"):
        change_adviser_view(records, "other", number, 1, {"reason": "A third one."})
    with pytest.raises(RecordRefused, match="Withdraw the record"):
        change_adviser_view(records, "lead", number, 2, {"withdrawn_reason": "No."})
    with pytest.raises(RecordRefused, match="there is no such field"):
        change_adviser_view(records, "lead", number, 2, {"evidence": ()})
    with pytest.raises(NotFound):
        change_adviser_view(records, "lead", 99, 1, {"reason": "x"})
    assert one_view(records).reason == "Another reason."


def test_a_withdrawn_view_is_in_the_audit_trail_alone_and_an_older_one_counts_again(records: Records) -> None:
    older = add_adviser_view(records, "tester", replace(VIEW, made_on=date(2026, 9, 1)))
    number = add_adviser_view(records, "tester", VIEW)
    with pytest.raises(RecordRefused, match="a reason is needed"):
        withdraw_adviser_view(records, "lead", number, 1, " ")
    with pytest.raises(RecordRefused, match="after you opened it"):
        withdraw_adviser_view(records, "lead", number, 2, "The wrong school.")
    withdraw_adviser_view(records, "lead", number, 1, "The wrong school.")
    assert [one.id for one in latest_views(adviser_views(records), date(2026, 11, 1)).values()] == [older]
    entry = audit_trail(records)[0]
    assert (entry.what, entry.reason, entry.record_id) == ("withdrawn", "The wrong school.", number)
    with pytest.raises(RecordRefused, match="this view is withdrawn"):
        change_adviser_view(records, "lead", number, 2, {"reason": "x"})
    with pytest.raises(RecordRefused, match="this view is withdrawn"):
        withdraw_adviser_view(records, "lead", number, 2, "Again.")
    add_adviser_view(records, "tester", VIEW)


def test_a_failing_audit_takes_the_view_and_its_evidence_back(records: Records) -> None:
    break_audit(records, "view_evidence")
    with pytest.raises(DatabaseError, match="broken"):
        add_adviser_view(records, "tester", VIEW)
    assert adviser_views(records) == []
    assert audit_trail(records) == []


# heads' comments


def test_comments_come_back_newest_first_about_a_statement_or_the_school(records: Records) -> None:
    add_head_comment(records, "tester", COMMENT)
    add_head_comment(records, "tester", replace(COMMENT, statement="outcomes", made_on=date(2026, 11, 2)))
    add_head_comment(records, "tester", replace(COMMENT, la_code="998", urn="900009"))
    found = head_comments(records, la_code="999")
    assert [(one.statement, one.made_on.day) for one in found] == [(Statement.OUTCOMES, 2), (None, 15)]
    assert [one.urn for one in head_comments(records, urn="900009")] == ["900009"]


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("urn", "9", "is not a URN"),
        ("statement", "finance", "is not a known word"),
        ("comment", "", "nothing was given"),
        ("comment", "x" * 2001, "Give at most 2000"),
        ("made_by", " ", "nothing was given"),
        ("made_on", None, "nothing was given"),
    ],
)
def test_a_comment_with_a_fault_names_it(records: Records, field: str, value: object, message: str) -> None:
    with pytest.raises(RecordRefused) as refused:
        add_head_comment(records, "tester", replace(COMMENT, **{field: value}))  # type: ignore[arg-type]
    (detail,) = refused.value.details
    assert detail.startswith(f"{field}:")
    assert message in detail


def test_a_comment_is_withdrawn_with_a_reason_once(records: Records) -> None:
    number = add_head_comment(records, "tester", COMMENT)
    with pytest.raises(RecordRefused, match="a reason is needed"):
        withdraw_head_comment(records, "lead", number, 1, "")
    withdraw_head_comment(records, "lead", number, 1, "The head asked for it.")
    assert head_comments(records) == []
    assert audit_trail(records)[0].what == "withdrawn"
    with pytest.raises(RecordRefused, match="this comment is withdrawn"):
        withdraw_head_comment(records, "lead", number, 2, "Again.")


# what core groups agreed


def agree(records: Records, day: date, urn: str = "900001", level: str | None = "unlikely", **more: str) -> int:
    outcome = NewMeetingOutcome(urn, "step up support", **({"statement": "outcomes"} | more), agreed_level=level)
    return add_meeting(records, "tester", NewMeeting("999", "Alder Valley", day, outcomes=(outcome,)))


def test_the_latest_agreed_level_counts_and_no_level_replaces_none(records: Records) -> None:
    agree(records, date(2026, 10, 1), level="uncertain")
    agree(records, date(2026, 3, 1), level="unlikely")
    agree(records, date(2026, 11, 1), level=None)
    add_meeting(
        records,
        "tester",
        NewMeeting(
            "998", "Moor", date(2026, 5, 1), outcomes=(NewMeetingOutcome("900005", "step down", agreed_level="likely"),)
        ),
    )
    found = agreed_judgements(records, date(2026, 11, 20))
    assert {key: one.level for key, one in found.items()} == {("900001", Statement.OUTCOMES): Level.UNCERTAIN}
    (agreed,) = found.values()
    assert (agreed.locality, agreed.held_on, agreed.outcome.outcome) == (
        "Alder Valley",
        date(2026, 10, 1),
        "step up support",
    )
    assert agreed_judgements(records, date(2026, 9, 30))["900001", Statement.OUTCOMES].level == "unlikely"
    assert agreed_judgements(records, date(2026, 2, 1)) == {}
    assert agreed_judgements(records, date(2026, 11, 20), la_code="998") == {}
    assert agreed_judgements(records, date(2026, 11, 20), urn="900002") == {}


def test_what_was_withdrawn_is_not_agreed(records: Records) -> None:
    agree(records, date(2026, 3, 1), level="likely")
    second = agree(records, date(2026, 10, 1))
    third = agree(records, date(2026, 11, 1), level="uncertain")
    withdraw_meeting(records, "lead", third, 1, "It was not held.")
    (outcome,) = next(one for one in meetings(records) if one.id == second).outcomes
    withdraw_meeting_outcome(records, "lead", outcome.id, 1, "The wrong school.")
    (agreed,) = agreed_judgements(records, date(2026, 11, 20)).values()
    assert agreed.level == "likely"
