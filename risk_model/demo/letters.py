"""The letters that the invented LA has written, and the ladders on which two of its schools stand."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from risk_model.demo.schools import School
from risk_model.rules.letters import filled_in, read_letter_settings

LETTER_FILES: Mapping[str, str] = {
    "letters": (
        "urn,template,template_hash,addressed_to,subject,body,answer_by,sent_on,sent_how,reply_kind,replied_on,reply"
    ),
    "escalations": "urn,opened_on,concern,owner,next_date,closed_on,close_reason",
    # by the school's escalation or, of an academy, its referral
    "ladder_steps": "urn,step,taken_on,decided_by,paper,checked,out_of_order_reason,answer_by,note",
}
_OWNER = "LA lead for school improvement"
_MAIL = "by secure mail"
# by the story of the school, as the rules of the autumn saw it; the LA wrote these before today's build
_LEVELS = """\
- Good outcomes for all children: by our published rules, {0}.
- Effective action by leaders and governors: by our published rules, {1}.
- Good or better at the next inspection: by our published rules, {2}."""
_OFFERED_NOTHING = "No support that can be named in a letter is agreed or proposed yet: we would settle it with you."
_TWELVE_DAYS = "A maintained school with this place may expect up to 12 days of support a year from the LA."
_WITH_THE_TRUST = "Support for an academy is by agreement with its trust."


@dataclass(frozen=True)
class _Told:
    """One letter: to whom, what it says in its own words, and what came of it."""

    key: str
    template: str
    levels: tuple[str, str, str]
    reasons: str
    offer: str
    answer_by: tuple[str, str]
    sent_on: str = ""
    reply: tuple[str, str, str] = ("", "", "")
    said: Mapping[str, str] = field(default_factory=dict)


_LETTERS = (
    _Told(
        "supported",
        "review_maintained",
        ("unlikely", "uncertain", "unlikely"),
        "- Results in reading, writing and mathematics have stayed under England's for three years.\n"
        "- Many pupils are persistently absent.",
        "- Subject support in mathematics, agreed.",
        ("2026-11-04", "4 November 2026"),
        "2026-10-14",
        (
            "accepted in part",
            "2026-11-02",
            "Takes the support in mathematics; will lead on attendance itself.",
        ),
    ),
    _Told(
        "leafy_and_falling",
        "review_maintained",
        ("uncertain", "likely", "likely"),
        "- Results have moved away from England's over three years.",
        _OFFERED_NOTHING,
        ("2026-11-05", "5 November 2026"),
        "2026-10-15",
        (
            "challenged",
            "2026-10-29",
            "Two classes of last year had three teachers each; asks us to look at this year's books first.",
        ),
    ),
    _Told(
        "unsupported",
        "offer_maintained",
        ("unlikely", "unlikely", "unlikely"),
        "- Results in reading, writing and mathematics have stayed under England's for three years.",
        "- Leadership coaching, proposed.",
        ("2026-12-04", "4 December 2026"),
        "2026-11-13",
    ),
    _Told(
        "stuck",
        "concern_academy",
        ("uncertain", "unlikely", "unlikely"),
        "- Inspectors found in February that leadership and governance need attention.",
        _OFFERED_NOTHING,
        ("2026-10-27", "27 October 2026"),
        "2026-10-12",
        said={
            "[to say: when the concern was first raised with the trust, with whom, and what was said]": (
                "We first spoke about it with the trust's education lead on 13 July 2026."
            ),
            "[to say: what the LA would like to know, and by when]": (
                "We would like to know who leads the school from January, and when the plan's second half begins."
            ),
        },
    ),
    _Told(
        "stale_support",
        "concern_maintained",
        ("unlikely", "uncertain", "unlikely"),
        "- Leadership was judged to require improvement on 14 November 2023.",
        "- Teaching and curriculum, agreed; nobody has reported on it since the summer.",
        ("2026-12-11", "11 December 2026"),
    ),
)
_ESCALATIONS = (
    (
        "unsupported",
        "2026-06-22",
        "Results stay low, the post of the head has changed twice, and no plan answers it; help was not taken up.",
        _OWNER,
        "2026-12-04",
    ),
)
# school, step, day, who decided, paper, checked, answer by, note
_STEPS = (
    (
        "unsupported",
        "informal_challenge",
        "2026-06-22",
        "School improvement adviser 2",
        "Note of the talk with head and chair, in the school's file",
        "evidence_gathered, heard",
        "2026-07-07",
        "The governing body asked for time until September.",
    ),
    (
        "unsupported",
        "formal_letter",
        "2026-07-13",
        _OWNER,
        "Letter of 13 July 2026, in the school's file",
        "relationships_used, evidence_gathered, support_offered, told_body",
        "2026-09-11",
        "",
    ),
    (
        "unsupported",
        "mediation",
        "2026-09-28",
        _OWNER,
        "Note of the meeting with a head of another locality, in the school's file",
        "relationships_used, mediation_tried, told_body",
        "2026-10-26",
        "Agreed: a plan with dates by half term. It came without dates.",
    ),
    (
        "unsupported",
        "notice_considered",
        "2026-11-16",
        "Director of education",
        "Paper of 16 November 2026, in the school's file",
        "ground_met, evidence_gathered, powers_considered, mediation_tried, secretary_of_state, legal_check",
        "",
        "No notice for now: the offer of 13 November is to be answered first. The equality duty is in hand.",
    ),
    (
        "academy_raised",
        "discussed",
        "2026-05-11",
        "School improvement adviser 1",
        "Note of the meeting with the trust",
        "evidence_gathered, heard",
        "2026-05-26",
        "",
    ),
    (
        "academy_raised",
        "written",
        "2026-05-29",
        _OWNER,
        "Letter of 29 May 2026",
        "relationships_used, evidence_gathered, support_offered",
        "2026-06-15",
        "",
    ),
    (
        "academy_raised",
        "raised",
        "2026-06-22",
        _OWNER,
        "The school's page of the list of June 2026",
        "known_already, may_be_shared, told_trust, approval",
        "2026-07-22",
        "",
    ),
    ("academy_raised", "acknowledged", "2026-07-06", "", "Mail of 6 July 2026", "", "", ""),
)


def letter_rows(schools: Sequence[School]) -> dict[str, list[list[object]]]:
    """The rows of each file of LETTER_FILES."""
    by_key = {school.story.key: school for school in schools if school.story}
    return {
        "letters": [_letter(one, by_key[one.key]) for one in _LETTERS],
        "escalations": [[by_key[key].urn, *told, "", ""] for key, *told in _ESCALATIONS],
        "ladder_steps": [
            [by_key[key].urn, step, day, by, paper, checked, "", answer_by, note]
            for key, step, day, by, paper, checked, answer_by, note in _STEPS
        ],
    }


def _letter(one: _Told, school: School) -> list[object]:
    settings = read_letter_settings()
    template = settings.template(one.template)
    if template is None:
        raise ValueError(f"the product has no letter {one.template}")
    day, in_words = one.answer_by
    values = {
        "answer_by": in_words,
        "as_at": "5 October 2026",
        "diocese": "",
        "entitlement": _WITH_THE_TRUST if template.is_for_academies else _TWELVE_DAYS,
        "la_name": "Exampleshire",
        "left_out": (
            "What rests on few pupils, and what the LA holds in confidence, is not set out in a letter, for any school."
        ),
        "levels": _LEVELS.format(*one.levels),
        "not_a_prediction": "This is what the evidence suggests; it is not a prediction of any inspection grade.",
        "offer": one.offer,
        "place": "",
        "reasons": one.reasons,
        "reviewed": "It last did so on what was known on 5 October 2026.",
        "rule_set": "of that day",
        "school_name": school.name,
        "signed_by": settings.signed_by,
        "trust_name": "the trust",
    }
    body = filled_in(template.body, values)
    for asked, answer in one.said.items():
        body = body.replace(asked, answer)
    sent = [one.sent_on, _MAIL if one.sent_on else ""]
    return [
        school.urn,
        template.id,
        template.text_hash,
        filled_in(template.addressed_to, values),
        filled_in(template.subject, values),
        body,
        day,
        *sent,
        *one.reply,
    ]
