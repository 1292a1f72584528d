"""The templates of lists that become records: system leaders, allocations and advisers' views."""

from collections.abc import Iterable
from enum import StrEnum

from risk_model.casework.words import AllocationStatus, ProviderType, Role, SupportType
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

RECORD_TEMPLATES = (LEADER_TEMPLATE, ALLOCATION_TEMPLATE, VIEW_TEMPLATE)
