"""Marks planted in the records, one in each field of a school that not everybody may see, and who may."""

from datetime import date

from risk_model.casework import (
    NewAction,
    NewAdviserView,
    NewAllocation,
    NewDecision,
    NewEvidence,
    NewHeadComment,
    NewLetter,
    NewMeeting,
    NewMeetingOutcome,
    add_adviser_view,
    add_allocation,
    add_head_comment,
    add_letter,
    add_meeting,
    change_letter,
    record_decision,
)
from risk_model.domain.viewer import local_viewer
from risk_model.services.at_risk import school_list
from risk_model.services.copy import Copy
from risk_model.services.profile import school_profile
from risk_model.services.scope import Scope
from risk_model.services.seeing import About, Sight
from risk_model.services.shareable import told_rules

OFFICER = local_viewer()
# what each may see, said a second time: who changes one of the two must mean it
EXPECTED: dict[Sight, set[About]] = {
    Sight.OFFICER: set(About),
    Sight.READER: set(About) - {About.RESTRICTED_NOTE},
    Sight.VIEWER: {About.COMPUTED, About.PUBLISHED_RULES, About.FEW_PUPILS, About.HELD_RULES},
    Sight.OWN: {
        About.COMPUTED,
        About.PUBLISHED_RULES,
        About.FEW_PUPILS,
        About.ADVISER_VIEW,
        About.HEAD_COMMENT,
        About.AGREED,
        About.DECISION,
        About.ACTIONS,
        About.SHOWN_SUPPORT,
        About.LETTERS,
    },
    Sight.PEER: {
        About.COMPUTED,
        About.PUBLISHED_RULES,
        About.AGREED,
        About.DECISION,
        About.ACTIONS,
        About.SHOWN_SUPPORT,
    },
}
MARKS = {
    About.ADVISER_VIEW: "mark of the adviser",
    About.HEAD_COMMENT: "mark of the head",
    About.AGREED: "mark of the agreed level",
    About.DECISION: "mark of the decision",
    About.ACTIONS: "mark of the action",
    About.SHOWN_SUPPORT: "Mark of open support",
    About.WITHHELD_SUPPORT: "Mark of casework",
    About.LETTERS: "mark of the letter",
    About.RESTRICTED_NOTE: "mark of the restricted note",
}


def a_school(copy: Copy, locality: str) -> str:
    """A school of a locality with a raised rule that rests on what stays with the LA."""
    for urn in school_list(OFFICER, copy, Scope("999", locality))["urn"]:
        told = told_rules(OFFICER, copy, urn)
        cards = school_profile(OFFICER, copy, urn).cards
        if any(rule.rule_id not in told.rules for card in cards for rule in card.raised):
            return str(urn)
    raise AssertionError("no such school")


def withheld_sentences(copy: Copy, urn: str) -> list[str]:
    told = told_rules(OFFICER, copy, urn)
    cards = school_profile(OFFICER, copy, urn).cards
    return [rule.sentence for card in cards for rule in card.raised if rule.rule_id not in told.rules]


def plant(copy: Copy) -> tuple[str, int]:
    """A mark in each field of one school of Alder Valley.

    Returns:
        Its URN, and the number of the meeting that decided on it.
    """
    urn = a_school(copy, "Alder Valley")
    records, day, review = copy.records, date(2026, 11, 10), date(2027, 3, 31)
    note = NewEvidence("document", "A note.")
    add_adviser_view(
        records,
        "adviser",
        NewAdviserView("999", urn, "outcomes", "likely", MARKS[About.ADVISER_VIEW], "Adviser 1", day, review, (note,)),
    )
    add_head_comment(records, "head", NewHeadComment("999", urn, MARKS[About.HEAD_COMMENT], "Head teacher", day))
    meeting = add_meeting(records, "lead", NewMeeting("999", "Alder Valley", day))
    whole = NewMeetingOutcome(
        urn,
        "step down",
        reason=MARKS[About.DECISION],
        review_by=review,
        restricted_note=MARKS[About.RESTRICTED_NOTE],
    )
    level = NewMeetingOutcome(urn, "step down", "outcomes", "likely", MARKS[About.AGREED], review)
    action = NewAction("999", urn, MARKS[About.ACTIONS], "Head", review)
    record_decision(records, "lead", NewDecision(meeting, urn, whole, (level,), (action,)))
    for name, kind in ((About.SHOWN_SUPPORT, "subject support"), (About.WITHHELD_SUPPORT, "HR casework")):
        add_allocation(
            records,
            "lead",
            NewAllocation(
                "999", urn, "school", MARKS[name], support_type=kind, status="active", start_date=date(2026, 9, 1)
            ),
        )
    number = add_letter(
        records,
        "lead",
        NewLetter("999", urn, "review_maintained", "a" * 64, "The head", MARKS[About.LETTERS], "Dear head."),
    )
    change_letter(records, "lead", number, 1, {"sent_on": day, "sent_how": "by post"})
    return urn, meeting
