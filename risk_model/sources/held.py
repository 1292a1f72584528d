"""What the LA holds itself about its schools: dated evidence with an author, typed into templates.

Every kind has `urn`, `seen_on` (from that day on the line counts) and `recorded_by`, a role and never a name.
"""

from collections.abc import Mapping
from dataclasses import replace

from risk_model.domain.templates import EXAMPLE_URN, Template, TemplateColumn
from risk_model.sources.contract import Field, Source, Summary
from risk_model.sources.registers import LOCALITIES

_HELD_BY = "The local authority's own records"
_YES_NO = frozenset({"yes", "no"})
_AREA = frozenset({"secure", "below expected", "not looked at"})


def _text(name: str, meaning: str, example: str, *, needed: bool = False) -> Field:
    return Field(name, (name,), meaning=meaning, example=example, must_be_filled=needed)


def _code(name: str, meaning: str, codes: frozenset[str], example: str, *, needed: bool = False) -> Field:
    return Field(
        name,
        (name,),
        "code",
        codes=codes,
        meaning=meaning,
        example=example,
        must_be_filled=needed,
        any_case=True,
    )


def _count(name: str, meaning: str, example: str, *, needed: bool = False) -> Field:
    return Field(name, (name,), "count", low=0, high=20_000, meaning=meaning, example=example, must_be_filled=needed)


def _percent(name: str, meaning: str, example: str, *, needed: bool = False) -> Field:
    return Field(name, (name,), "percent", low=0, high=100, meaning=meaning, example=example, must_be_filled=needed)


def _pounds(name: str, meaning: str, example: str) -> Field:
    return Field(name, (name,), "money", low=-50_000_000, high=50_000_000, meaning=meaning, example=example)


def _day(name: str, meaning: str, example: str, *, past: bool = False) -> Field:
    return Field(name, (name,), "date", meaning=meaning, example=example, is_past=past)


def _year(name: str, meaning: str, example: str) -> Field:
    return Field(name, (name,), "year", meaning=meaning, example=example, must_be_filled=True)


_URN = _text("urn", "The school's six-digit number in the national register.", EXAMPLE_URN, needed=True)
_RECORDED_BY = _text(
    "recorded_by",
    "Who wrote this down: a role or a label such as School improvement adviser 3, never a person's name.",
    "School improvement adviser 3",
    needed=True,
)
_NOTE = _text(
    "note",
    "A short remark, 300 characters at most. Nothing about a person: this is not the place for it.",
    "Second visit this year.",
)


def _evidence(
    source_id: str,
    title: str,
    purpose: str,
    seen_on: str,
    *fields: Field,
    one_row_per: tuple[str, ...] = ("urn", "seen_on"),
    in_order: tuple[tuple[str, str], ...] = (),
    max_age_days: int = 400,
) -> Source:
    """A kind of evidence: its own fields between the three that every kind has and a note.

    Args:
        seen_on: what the day of a line means for this kind.
    """
    day = replace(_day("seen_on", seen_on, "2026-03-12", past=True), must_be_filled=True)
    own = (_URN, day, _RECORDED_BY, *fields)
    return Source(
        id=source_id,
        title=title,
        publisher=_HELD_BY,
        dating="as at",
        required=tuple(one.name for one in own if one.must_be_filled),
        one_row_per=one_row_per,
        fields=(*own, _NOTE),
        summaries=(Summary("other", "", {"urn": EXAMPLE_URN}),),
        usual_lag_days=0,
        max_age_days=max_age_days,
        held_by_la=True,
        licence="the local authority's own",
        is_evidence=True,
        purpose=purpose,
        in_order=in_order,
        advice=f"`python -m risk_model template {source_id}` gives an empty template.",
    )


LA_VISITS = _evidence(
    "la_visits",
    "LA visits and their judgement",
    "What an adviser or a partner found on a visit: is what leaders do having an effect? A pre-inspection or peer "
    "review also says how secure the areas of a report card look.",
    "The day of the visit, or its last day.",
    _code(
        "visit_kind",
        "What kind of visit it was.",
        frozenset({"routine visit", "review day", "pre-inspection review", "peer review", "follow-up", "other"}),
        "routine visit",
        needed=True,
    ),
    _code(
        "impact",
        "The judgement on four points: are leaders' actions effective? From best to worst: effective and evidenced, "
        "effective, partly effective, not effective.",
        frozenset({"effective and evidenced", "effective", "partly effective", "not effective"}),
        "partly effective",
        needed=True,
    ),
    _code("leadership_and_governance", "How secure this area of a report card looks.", _AREA, "secure"),
    _code("curriculum_and_teaching", "How secure this area of a report card looks.", _AREA, "secure"),
    _code("achievement", "How secure this area of a report card looks.", _AREA, "below expected"),
    one_row_per=("urn", "seen_on", "visit_kind"),
)

MONITORING_LETTERS = _evidence(
    "monitoring_letters",
    "Ofsted's monitoring letters",
    "What inspectors wrote after a monitoring visit. It stands in the published letter, and in no file of Ofsted's.",
    "The day of the letter, or of its publication.",
    _day("inspected_on", "The day of the monitoring visit.", "2026-02-10", past=True),
    _code(
        "action",
        "Are leaders and governors taking effective action? The words of the letter, in one of three ways.",
        frozenset({"effective action", "some progress", "not effective action"}),
        "effective action",
        needed=True,
    ),
    _code(
        "monitored_for",
        "Why the school is monitored.",
        frozenset({"special measures", "requires significant improvement", "needs attention", "requires improvement"}),
        "needs attention",
    ),
    in_order=(("inspected_on", "seen_on"),),
)

FORMAL_NOTICES = _evidence(
    "formal_notices",
    "Warning notices, interim boards and other formal steps",
    "The register of formal steps, all of it: once it is loaded, a school of the LA without a line counts as having "
    "none. Write the same line again with its end when it ends; a line with the word none says that nothing is in "
    "force any more.",
    "The day on which this state was checked.",
    _code(
        "notice",
        "The formal step; none where no step is in force.",
        frozenset(
            {
                "none",
                "performance standards warning notice",
                "pay and conditions warning notice",
                "required arrangements",
                "additional governors",
                "interim executive board",
                "suspended budget",
                "academy order",
                "termination warning notice",
                "financial notice to improve",
            }
        ),
        "performance standards warning notice",
        needed=True,
    ),
    _code(
        "issued_by",
        "Who took the step.",
        frozenset({"local authority", "Secretary of State"}),
        "local authority",
    ),
    _day("issued_on", "From when it is in force.", "2026-01-20", past=True),
    _day("ended_on", "When it ended; blank while it is in force.", "", past=True),
    _code(
        "ended_because",
        "How it ended; blank while it is in force.",
        frozenset({"complied with", "not complied with", "withdrawn", "lapsed", "replaced", "other"}),
        "",
    ),
    one_row_per=("urn", "notice", "issued_on"),
    in_order=(("issued_on", "ended_on"), ("issued_on", "seen_on"), ("ended_on", "seen_on")),
)

HEAD_TEACHER_POSTS = _evidence(
    "head_teacher_posts",
    "Head teacher posts",
    "Whether the post of head is filled, and for how long: a change is a time to help, not a fault.",
    "The day on which this was so.",
    _code(
        "post_status",
        "How the post is filled on that day.",
        frozenset({"permanent", "executive head", "co-heads", "interim", "acting", "vacant"}),
        "acting",
        needed=True,
    ),
    _day("started_on", "Since when the post has been filled in this way.", "2026-01-05", past=True),
    _count("changes_in_36_months", "How often the head has changed in the last 36 months.", "2"),
    _day("leaves_on", "When the present head is known to leave.", ""),
    in_order=(("started_on", "seen_on"), ("started_on", "leaves_on")),
)

GOVERNANCE = _evidence(
    "governance",
    "Governance",
    "What governor services know: vacancies, the chair, reviews, and what worries the clerk.",
    "The day on which this was so.",
    _count("seats", "Places on the governing board.", "12", needed=True),
    _count("vacancies", "Places that are not filled.", "4", needed=True),
    _day("chair_since", "Since when the present chair has been in post; blank where there is none.", "2025-11-01"),
    _day("external_review_on", "The last external review of governance; blank where there was none.", "2024-06-18"),
    _code("clerk_concern", "Has the clerk or governor services raised a concern?", _YES_NO, "no", needed=True),
    in_order=(("vacancies", "seats"), ("chair_since", "seen_on"), ("external_review_on", "seen_on")),
)

LA_FINANCE = _evidence(
    "la_finance",
    "Deficits and recovery plans",
    "Whether a deficit is licensed by the LA, and whether there is an agreed plan to end it.",
    "The day on which this was so.",
    _code(
        "deficit",
        "Is there a deficit, and has the LA licensed it?",
        frozenset({"no deficit", "licensed", "not licensed"}),
        "licensed",
        needed=True,
    ),
    _pounds(
        "balance_gbp", "The balance in pounds at the end of the year, as forecast; a deficit with minus.", "-84000"
    ),
    _code(
        "recovery_plan",
        "Is there a plan to end the deficit?",
        frozenset({"not needed", "agreed", "being written", "none"}),
        "agreed",
        needed=True,
    ),
    _day("balanced_by", "By when the plan ends the deficit.", "2028-03-31"),
    _code("plan_on_track", "Does the school keep to its plan?", _YES_NO, "yes"),
)

COMPLAINTS = _evidence(
    "complaints",
    "Complaints",
    "Complaints about the school that reached the LA or that Ofsted passed on, one line each. All of the register: "
    "once it is loaded, a school of the LA without a line counts as having none.",
    "The day on which the complaint arrived, or on which it was settled.",
    _text("reference", "The LA's own number for the complaint, so that it counts once.", "C-0173", needed=True),
    _code(
        "passed_on_by",
        "How it came to the LA.",
        frozenset({"Ofsted", "parent or carer", "member of staff", "councillor or MP", "school", "other"}),
        "Ofsted",
        needed=True,
    ),
    _code("qualifies", "Is it a complaint that Ofsted may look into (a qualifying complaint)?", _YES_NO, "yes"),
    _code(
        "theme",
        "What it is about.",
        frozenset(
            {
                "safeguarding",
                "behaviour and bullying",
                "special educational needs",
                "leadership",
                "teaching",
                "attendance and exclusion",
                "other",
            }
        ),
        "behaviour and bullying",
    ),
    _code(
        "finding",
        "What became of it.",
        frozenset({"open", "upheld", "partly upheld", "not upheld", "withdrawn"}),
        "upheld",
        needed=True,
    ),
    one_row_per=("urn", "reference"),
)

ENGAGEMENT = _evidence(
    "engagement",
    "Engagement with the LA",
    "What the school was offered or asked for, and how it answered.",
    "The day of the answer; without an answer the day on which this was so.",
    _code(
        "offer",
        "What was offered or asked for.",
        frozenset({"entitlement", "core group", "visit", "review", "training", "data", "other"}),
        "core group",
        needed=True,
    ),
    _day("offered_on", "When it was offered.", "2026-01-15", past=True),
    _code(
        "answer",
        "How the school answered.",
        frozenset({"accepted", "declined", "no answer", "took part", "did not take part"}),
        "no answer",
        needed=True,
    ),
    one_row_per=("urn", "offer", "offered_on"),
    in_order=(("offered_on", "seen_on"),),
)

ACTION_PLAN_REVIEWS = _evidence(
    "action_plan_reviews",
    "Reviews of action plans",
    "Whether the school's plan delivers: milestones and success measures, met and missed, at each review.",
    "The day of the review.",
    _count("milestones_due", "Milestones due by this review.", "6", needed=True),
    _count("milestones_met", "Of these, met.", "4", needed=True),
    _count("success_measures_due", "Success measures due by this review.", "3", needed=True),
    _count("success_measures_missed", "Of these, missed.", "2", needed=True),
    _code(
        "progress",
        "Where the plan stands: on track now and to the end; behind, and still achievable with prompt action; off "
        "track, with little chance without major help.",
        frozenset({"on track", "behind", "off track"}),
        "behind",
        needed=True,
    ),
    _day("next_review_on", "When it is looked at next.", "2026-06-25"),
    in_order=(("milestones_met", "milestones_due"), ("success_measures_missed", "success_measures_due")),
)

EARLY_RESULTS = _evidence(
    "early_results",
    "Phonics, good level of development, multiplication check",
    "Results that are not published by school: the only ones that an infant school has.",
    "The day on which the results were known.",
    _code(
        "assessment",
        "Which assessment. Reached means: the phonics standard; a good level of development; all marks in the "
        "multiplication check.",
        frozenset({"phonics year 1", "phonics year 2", "good level of development", "multiplication check"}),
        "phonics year 1",
        needed=True,
    ),
    _year("academic_year", "The academic year of the results.", "2024-2025"),
    _count("pupils", "Pupils who could take part.", "58", needed=True),
    _count("pupils_reached", "Of these, pupils who reached it.", "46", needed=True),
    one_row_per=("urn", "assessment", "academic_year"),
    in_order=(("pupils_reached", "pupils"),),
)

LA_ATTENDANCE = _evidence(
    "la_attendance",
    "Attendance this term",
    "Attendance from the daily feed, months before the published tables.",
    "The last day that the figures include.",
    _year("academic_year", "The academic year.", "2025-2026"),
    _code("term", "The term so far.", frozenset({"autumn", "spring", "summer"}), "spring", needed=True),
    _count("pupils", "Pupils on roll.", "212"),
    _percent("absence_pct", "Sessions missed, in percent of those possible.", "7.2", needed=True),
    _percent("persistent_absence_pct", "Pupils who missed 10% of sessions or more, in percent.", "21.5", needed=True),
    _percent("severe_absence_pct", "Pupils who missed half of all sessions or more, in percent.", "1.9"),
    one_row_per=("urn", "academic_year", "term", "seen_on"),
    in_order=(("severe_absence_pct", "persistent_absence_pct"),),
    max_age_days=150,
)

SAFEGUARDING_AUDITS = _evidence(
    "safeguarding_audits",
    "Safeguarding audits and open concerns",
    "The yearly audit of each school's duties, and whether a safeguarding concern is open. No case, no child, no name.",
    "The day of the audit, or on which this was so.",
    _code(
        "audit_kind",
        "What it rests on.",
        frozenset({"school's own return", "audit by the local authority", "external audit", "no audit"}),
        "school's own return",
        needed=True,
    ),
    _code(
        "gaps",
        "What the audit found.",
        frozenset({"none", "minor", "serious", "not returned"}),
        "minor",
        needed=True,
    ),
    _code("open_concern", "Is a safeguarding concern about the school open on that day?", _YES_NO, "no", needed=True),
    _count("actions_open", "Actions of the audit that are not done.", "3"),
)

PUPIL_PROJECTIONS = _evidence(
    "pupil_projections",
    "Pupil projections",
    "How many pupils are expected, and how many places there are: a falling roll is pressure on every budget.",
    "The day of the projection.",
    _year("academic_year", "The academic year that is projected.", "2027-2028"),
    _count("projected_pupils", "Pupils expected on roll.", "188", needed=True),
    _count("places", "Places in all year groups.", "240"),
    one_row_per=("urn", "academic_year"),
    max_age_days=550,
)

EVIDENCE: tuple[Source, ...] = (
    LA_VISITS,
    MONITORING_LETTERS,
    FORMAL_NOTICES,
    HEAD_TEACHER_POSTS,
    GOVERNANCE,
    LA_FINANCE,
    COMPLAINTS,
    ENGAGEMENT,
    ACTION_PLAN_REVIEWS,
    EARLY_RESULTS,
    LA_ATTENDANCE,
    SAFEGUARDING_AUDITS,
    PUPIL_PROJECTIONS,
)

# By which columns a file is told that becomes records: {what it is: columns that it always has}.
RECORD_FILES: Mapping[str, frozenset[str]] = {
    "allocations": frozenset({"urn", "provider_type", "provider_name", "status"}),
    "system_leaders": frozenset({"label", "role", "home_urn"}),
}


def template_of(source: Source) -> Template:
    """The template of a kind that the LA fills in: a column for each field, under the product's own names."""
    return Template(source.id, source.title, source.purpose, tuple(_column(one) for one in source.fields))


def _column(one: Field) -> TemplateColumn:
    words = tuple(sorted(one.codes))
    return TemplateColumn(one.columns[0], one.meaning, one.kind, words, one.example, one.must_be_filled)


EVIDENCE_TEMPLATES: tuple[Template, ...] = tuple(template_of(source) for source in (LOCALITIES, *EVIDENCE))
