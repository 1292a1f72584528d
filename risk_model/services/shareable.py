"""What may be told to somebody outside the LA, a supporter or the regional director, and what stays with the LA.

Shown: what is published, and of what the LA holds the four kinds below. Whatever else the LA holds stays with it, and
so does any kind that is added later, until somebody lists it here. Left out:

- complaints, safeguarding audits and open concerns: intelligence, and cases of people;
- visits and reviews of the LA's own advisers, with their judgements: the advisers' notes;
- governance, budgets, formal notices, and how the school answers the LA: between the LA and the governing board;
- every note and author of a line, and when a head is known to leave;
- advisers' views, core groups' judgements, heads' comments, meetings, referrals, reasons for a status: records;
- support about personnel, finance or safeguarding, and support whose kind is not recorded;
- figures of fewer than eleven pupils.

A rule that may rest on one of these is left out for every school alike, raised or not, so that its absence says
nothing. The level of a statement may rest on them: it is shown as it stands, and said to.
"""

import re
from dataclasses import dataclass
from functools import cache

from risk_model.casework import Allocation, ProviderType, Role, SupportType
from risk_model.domain.viewer import Right, Viewer, require
from risk_model.measures.reader import measures_by_id
from risk_model.rules.reader import Rule
from risk_model.scoring.held_rules import held_rule_set
from risk_model.services.copy import Copy
from risk_model.services.measure_reading import sources_read
from risk_model.sources.catalogue import SOURCES

# published letters, the school's own results, its own plan, and how the head's post is filled
SHOWN_KINDS = frozenset({"action_plan_reviews", "early_results", "head_teacher_posts", "monitoring_letters"})
SHOWN_SUPPORT = frozenset(
    {
        SupportType.LEADERSHIP_COACHING,
        SupportType.GOVERNANCE_REVIEW,
        SupportType.TEACHING_AND_CURRICULUM,
        SupportType.SUBJECT_SUPPORT,
        SupportType.SEND,
        SupportType.ATTENDANCE,
        SupportType.BEHAVIOUR,
        SupportType.EARLY_YEARS,
        SupportType.DATA_AND_ASSESSMENT,
        SupportType.PEER_REVIEW,
        SupportType.PRE_INSPECTION_REVIEW,
        SupportType.POST_INSPECTION_ACTION_PLAN,
        SupportType.TRAINING,
        SupportType.BROKERED_PARTNERSHIP,
        SupportType.NEW_HEAD,
        SupportType.PUPIL_PREMIUM_REVIEW,
        SupportType.PLACEMENT,
        SupportType.LEARNING_GROUP,
    }
)
# our choice: the publisher withholds five or fewer; with one more pupil the years before or after can be worked out
FEWEST_PUPILS = 11
LEFT_OUT = (
    "Left out for every school alike, whether there is anything or not: what the LA holds about complaints, "
    "safeguarding, governance, budgets, formal notices, engagement and its advisers' visits; support in matters of "
    "personnel, finance and safeguarding. A level may rest on it. The LA's adviser can say what you need to know."
)
FEW_PUPILS_LEFT_OUT = f"[fewer than {FEWEST_PUPILS}]"
_NUMBER_WORDS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
# a number that stands before pupils, with at most three words between, is a count of them: "2 of the 31 pupils"; the 6
# of "Year 6 pupils" is none, nor the 8 of "Attainment 8 of disadvantaged pupils", nor a part of a longer number
_COUNTED_PUPILS = re.compile(
    r"(?<![\w.,/£-])(?<!year )(?<!years )(?<!stage )(?<!attainment )(?<!progress )"
    rf"(\d{{1,2}}|{'|'.join(_NUMBER_WORDS[1:])})"
    r"(?=\s+(?:(?!and\s+\d)[\w'’-]+\s+){0,3}(?:pupils?|child|children|boys?|girls?|students?|learners?)\b)",
    re.IGNORECASE,
)
_WITHHELD_ROLES = frozenset({Role.HR_ADVISER, Role.FINANCE_ADVISER})
_WITHHELD_TEAMS = ("hr", "human resources", "personnel", "finance", "safeguarding", "legal")


_COUNTED_SQL = "select rule_id, measure_id, denominator from rule_outcomes where urn = $urn"


@dataclass(frozen=True)
class ToldRules:
    """Which rules of a school may be told.

    Attributes:
        rules: those that rest on nothing that stays with the LA; few: of these, those of which the figure is not told.
    """

    rules: frozenset[str]
    few: frozenset[str]


def told_rules(viewer: Viewer, copy: Copy, urn: str) -> ToldRules:
    """Which rules of a school may be told outside the LA, and for which of these the figure is of too few pupils.

    Raises:
        NotAllowed: the viewer may not read.
    """
    require(viewer, Right.PEOPLE)
    rules = {rule.id for rule in held_rule_set(copy.reader).rules if is_rule_shown(rule)}
    counted = copy.reader.rows(_COUNTED_SQL, {"urn": urn})
    few = {row["rule_id"] for row in counted if are_few_pupils(row["measure_id"] or "", row["denominator"])}
    return ToldRules(frozenset(rules), frozenset(few & rules))


@cache
def withheld_kinds() -> frozenset[str]:
    """The kinds of evidence that stay with the LA: all that it holds, but for those that are shown."""
    return frozenset(source.id for source in SOURCES if source.held_by_la) - SHOWN_KINDS


def is_rule_shown(rule: Rule) -> bool:
    """Whether a rule may be shown outside: none of the measures that it may read rests on what stays with the LA."""
    known = measures_by_id()
    return all(name in known and not sources_read(name) & withheld_kinds() for name in rule.measures())


def are_few_pupils(measure_id: str, denominator: float | None) -> bool:
    """Whether a figure counts so few pupils that it is left out; what a count counts are years, not pupils."""
    return denominator is not None and denominator < FEWEST_PUPILS and not measure_id.endswith("_count")


def without_few_pupils(text: str) -> str:
    """What somebody wrote, with each count of fewer than eleven pupils taken out, visibly.

    A person still has to read it: a count in other words ("a handful", "the twins") is not found.
    """
    return _COUNTED_PUPILS.sub(
        lambda found: FEW_PUPILS_LEFT_OUT if _counted(found[1]) < FEWEST_PUPILS else found[0], text
    )


def _counted(number: str) -> int:
    return int(number) if number.isdigit() else _NUMBER_WORDS.index(number.casefold())


def is_support_shown(one: Allocation) -> bool:
    """Whether a supporter may be told of another's support."""
    if one.support_type not in SHOWN_SUPPORT or one.role in _WITHHELD_ROLES:
        return False
    words = one.provider_name.casefold()
    return one.provider_type != ProviderType.LA_TEAM or not any(team in words for team in _WITHHELD_TEAMS)
