"""What parents say of a school in Ofsted's survey, Parent View."""

from risk_model.sources.columns import count, percent, text
from risk_model.sources.contract import Field, Source

# The numbering of the survey since September 2019. Questions 4 and 6 leave out parents to whom they do not apply;
# 7b is asked of parents of children with special needs (7a).
_QUESTIONS = (
    ("happy", "q1"),
    ("safe", "q2"),
    ("behaviour", "q3"),
    ("bullying_dealt_with", "q4"),
    ("told_what_is_learnt", "q5"),
    ("concerns_dealt_with", "q6"),
    ("special_needs_support", "q7b"),
    ("high_expectations", "q8"),
    ("does_well", "q9"),
    ("told_how_child_does", "q10"),
    ("range_of_subjects", "q11"),
    ("clubs", "q12"),
    ("personal_development", "q13"),
)


def _answers(name: str, question: str) -> tuple[Field, Field]:
    return percent(f"{name}_agree_pct", f"{question}_pos"), percent(f"{name}_disagree_pct", f"{question}_neg")


PARENT_VIEW = Source(
    id="parent_view",
    title="Parent View: the answers of parents",
    publisher="Ofsted, Parent View",
    dating="as at",
    whole_year_is_a_day=True,
    required=("urn", "responses", "recommend_pct"),
    max_age_days=550,
    cadence="termly",
    fields=(
        text("urn", "URN"),
        count("responses", "responses"),
        *(field for name, question in _QUESTIONS for field in _answers(name, question)),
        percent("special_needs_pct", "q7a_yes"),
        percent("recommend_pct", "q14_pos"),
    ),
)
