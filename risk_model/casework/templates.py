"""The templates of lists that become records: system leaders, allocations and advisers' views."""

from collections.abc import Iterable
from enum import StrEnum

from risk_model.casework.small_lists import EXAMPLE_LEADER, EXAMPLE_SUPPORT
from risk_model.casework.words import (
    AllocationStatus,
    ExitDecision,
    ExitOutcome,
    Formality,
    Intensity,
    InterestStatus,
    Progress,
    ProviderType,
    Role,
    SupportType,
)
from risk_model.domain.templates import EXAMPLE_URN, ColumnKind, Template, TemplateColumn
from risk_model.domain.words import Level, Statement


def _column(
    name: str,
    meaning: str,
    example: str,
    kind: ColumnKind = "text",
    words: Iterable[StrEnum] = (),
    *,
    needed: bool = False,
) -> TemplateColumn:
    return TemplateColumn(name, meaning, kind, tuple(word.value for word in words), example, needed)


LEADER_TEMPLATE = Template(
    kind="system_leaders",
    title="System leaders",
    purpose="People who help schools beyond their own, and how many days they have. They are labels here, not names.",
    columns=(
        _column("label", "How the LA calls them here, unique: a label, not a name.", "System leader 07", needed=True),
        _column("role", "In which role they help.", "NLE", "code", Role, needed=True),
        _column("home_urn", "The URN of their own school.", EXAMPLE_URN),
        _column("locality", "Where they mostly help.", "Alder Valley"),
        _column("phase", "The phase that they know best.", "primary"),
        _column("specialisms", "What they are good at.", "mathematics; early reading"),
        _column("days_per_term", "Person-days that they can give in a term, halves allowed.", "6", "number"),
        _column("available_from", "From when they can help.", "2026-09-01", "date"),
        _column("available_to", "Until when they can help; blank while there is no end.", "2027-07-31", "date"),
        _column("accredited_by", "Who accredited them.", "the LA"),
        _column("note", "A short remark, nothing personal.", "One school at a time."),
        _column("strengths", "What their own school can share.", "Mastery teaching of mathematics"),
        _column("quality_assured_by", "Who looks at the quality of their work.", "the LA"),
        _column("head_since", "Since when they have led a school that improved, as its head.", "2021-09-01", "date"),
        _column("training", "Training for this work that is done.", "Coaching, 2025"),
        _column("ties", "URNs of schools to which they are tied, such as a governor's; commas between.", ""),
        _column("limited_from", "From when their own school's situation limits what they can give.", "", "date"),
        _column("limited_to", "Until when it does; blank while there is no end.", "", "date"),
        _column("limited_note", "What they said about it, nothing personal.", ""),
    ),
    is_records=True,
)

ALLOCATION_TEMPLATE = Template(
    kind="allocations",
    title="Support by school (allocations)",
    purpose="One line for each piece of support: who helps which school, how, for how many days, and to what end.",
    columns=(
        _column("urn", "The school's six-digit number in the national register.", EXAMPLE_URN, needed=True),
        _column("provider_type", "Who gives the support.", "LA team", "code", ProviderType, needed=True),
        _column("provider_name", "The team, school, trust or body that gives it.", "School improvement", needed=True),
        _column("system_leader", "The label of the system leader, where one is named; record them first.", ""),
        _column("role", "In which role they help.", "adviser", "code", Role),
        _column("support_type", "What the support is about.", "leadership coaching", "code", SupportType),
        _column("need", "Which need it answers.", "Leadership of mathematics"),
        _column("days_planned", "Person-days planned, halves allowed; blank where not known.", "8", "number"),
        _column("days_used", "Person-days used so far; blank where not known.", "2.5", "number"),
        _column(
            "start_date", "From when; needed once the support is agreed, preparing or active.", "2026-09-14", "date"
        ),
        _column("end_date", "Until when.", "2027-03-26", "date"),
        _column("status", "Where it stands.", "active", "code", AllocationStatus, needed=True),
        _column("status_reason", "Why; needed where it is paused, declined, cancelled, ended early or withdrawn.", ""),
        _column("funding", "Who pays.", "LA"),
        _column("aim", "What it is to bring about.", "Leaders check what pupils remember."),
        _column("success_measure", "How you will know that it helped.", "Two in three reach the standard in 2027."),
        _column("baseline", "Where that measure stands now.", "48% in 2026"),
        _column("last_update", "The day of the last word on how it goes.", "2026-11-02", "date"),
        _column("statement", "Which statement it is to help with.", "outcomes", "code", Statement),
        _column("rules", "The raised rules that it answers, commas between.", "O1, O15"),
        _column("formality", "Commissioned, or agreed among schools.", "formal", "code", Formality),
        _column("intensity", "How much of the school's time it takes.", "targeted", "code", Intensity),
        _column("rate_gbp", "Pounds per person-day; blank where not known.", "450", "number"),
        _column("grant_name", "The grant that pays, if one does.", ""),
        _column("commissioner", "Who commissioned it.", "LA"),
        _column("quality_assurer", "Who looks at its quality.", "LA"),
        _column("review_date", "The day of the review at mid-point.", "2026-12-14", "date"),
        _column("exit_outcome", "What it came to, once it has ended.", "", "code", ExitOutcome),
        _column("exit_decision", "What follows, once it has ended.", "", "code", ExitDecision),
        _column("override_reason", "Why it goes on in spite of a warning: too many days, a conflict of interest.", ""),
        _column(
            "shares",
            'Of a group: each school\'s URN and its days, semicolons between, as in "900012 3; 900014 2.5".',
            "",
        ),
    ),
    is_records=True,
)

VIEW_TEMPLATE = Template(
    kind="adviser_views",
    title="Advisers' views",
    purpose="One line for each view of one statement for one school. It stands beside the computed level, never in it.",
    columns=(
        _column("urn", "The school's six-digit number in the national register.", EXAMPLE_URN, needed=True),
        _column("statement", "Which statement the view is of.", "leadership", "code", Statement, needed=True),
        _column("level", "The adviser's own level.", "uncertain", "code", Level, needed=True),
        _column("reason", "What the rules do not see, or weigh wrongly.", "A new head began in June.", needed=True),
        _column(
            "evidence",
            "What it rests on: a document or a visit, its date, and where it is kept.",
            "Note of the visit of 6 October 2026, in the school's file.",
            needed=True,
        ),
        _column(
            "made_by", "The adviser, as a role or a label, not a name.", "School improvement adviser 3", needed=True
        ),
        _column("made_on", "The day of the view.", "2026-10-12", "date", needed=True),
        _column(
            "review_by",
            "The day on which it lapses to the computed level; at most a year after it was made.",
            "2027-03-31",
            "date",
            needed=True,
        ),
    ),
    is_records=True,
)

DESIGNATION_TEMPLATE = Template(
    kind="designations",
    title="Roles of system leaders",
    purpose="One line for each role that a system leader holds or held. One that lapsed stays as history.",
    columns=(
        _column("system_leader", "The label of the system leader; record them first.", EXAMPLE_LEADER, needed=True),
        _column("role", "The role.", "SLE", "code", Role, needed=True),
        _column("specialism", "Of a specialist.", "mathematics"),
        _column("designated_by", "Who gave the role.", "the LA"),
        _column("from_date", "The first day.", "2023-09-01", "date"),
        _column("to_date", "The last day; blank while it lasts.", "", "date"),
        _column("note", "A short remark, nothing personal.", ""),
    ),
    is_records=True,
    example_mark=("system leader", EXAMPLE_LEADER),
)

INTEREST_TEMPLATE = Template(
    kind="interests",
    title="Interest in helping other schools",
    purpose="One line for each leader or school that offers to help. Nobody is accredited by being on this list.",
    columns=(
        _column("label", "How the LA calls them here: a label, not a name.", "Head 12", needed=True),
        _column("role", "In which role they would help.", "local system leader", "code", Role, needed=True),
        _column("registered_on", "The day on which they offered.", "2026-10-05", "date", needed=True),
        _column("urn", "The URN of the school that offers, or their own.", EXAMPLE_URN),
        _column("phase", "The phase that they know best.", "primary"),
        _column("specialisms", "What they are good at.", "attendance"),
        _column("strengths", "What their own school can share.", "Work with families on attendance"),
        _column("days_per_term", "Person-days that they could give in a term.", "3", "number"),
        _column("status", "Where it stands.", "registered", "code", InterestStatus, needed=True),
        _column("status_reason", "Why; needed where it is declined or withdrawn.", ""),
    ),
    is_records=True,
)

OBJECTIVE_TEMPLATE = Template(
    kind="objectives",
    title="Objectives of support",
    purpose="One line for each objective beyond the first, with how success is measured and how it goes.",
    columns=(
        _column("support", "The number of the support, as the page Support shows it.", EXAMPLE_SUPPORT, needed=True),
        _column("objective", "What is to be reached.", "Every class reads daily to an adult", needed=True),
        _column("success_measure", "How you will know.", "Phonics check of June 2027"),
        _column("baseline", "Where that measure stands now.", "71% in 2026"),
        _column("target", "Where it is to stand.", "80%"),
        _column("due", "By when.", "2027-06-30", "date"),
        _column("progress", "How it goes.", "on track", "code", Progress),
        _column("checked_on", "The day on which that was looked at; needed with progress.", "2026-11-09", "date"),
    ),
    is_records=True,
    example_mark=("support number", EXAMPLE_SUPPORT),
)

VISIT_TEMPLATE = Template(
    kind="visits",
    title="Visits of support",
    purpose="One line for each visit. Its days are added to the days used of the support that it names.",
    columns=(
        _column("support", "The number of the support, as the page Support shows it.", EXAMPLE_SUPPORT, needed=True),
        _column("urn", "The school that was visited; blank where the support is for one school.", EXAMPLE_URN),
        _column("visited_on", "The day.", "2026-11-09", "date", needed=True),
        _column("visited_by", "A role or a label, not a name.", "System leader 07", needed=True),
        _column("days", "Person-days used, halves allowed; blank where not known.", "1", "number"),
        _column("note", "What was done and seen, nothing personal.", "Looked at books with the subject leader."),
        _column("next_step", "What comes next.", "Plan the spring term together."),
    ),
    is_records=True,
    example_mark=("support number", EXAMPLE_SUPPORT),
)

RECORD_TEMPLATES = (
    LEADER_TEMPLATE,
    ALLOCATION_TEMPLATE,
    VIEW_TEMPLATE,
    DESIGNATION_TEMPLATE,
    INTEREST_TEMPLATE,
    OBJECTIVE_TEMPLATE,
    VISIT_TEMPLATE,
)
