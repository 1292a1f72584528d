"""Is a leader eligible to help? Each rule of the role, its answer, and the sentence that says why. It hides nobody."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from risk_model.casework import Designation, Role, SystemLeader
from risk_model.domain.periods import in_words
from risk_model.domain.viewer import Right, Viewer, require
from risk_model.rules.people import EligibilityRule, EligibilityStep, PeopleRules, read_people_rules
from risk_model.services.copy import Copy
from risk_model.services.school_facts import SchoolFacts

Answer = Literal["met", "not met", "not known"]
ELIGIBLE = "every rule met"
NOT_ELIGIBLE = "a rule not met"
NOT_KNOWN = "not known"
NO_RULE = "no rule for this role"
STANDINGS = (ELIGIBLE, NOT_KNOWN, NOT_ELIGIBLE, NO_RULE)
_BRING = "Bring it with the system leaders' template, or change the record."
ANSWER_SHAPES: dict[Answer, str] = {"met": "●", "not met": "■", "not known": "○"}


@dataclass(frozen=True)
class Finding:
    """What one rule finds for one leader.

    Attributes:
        title: what is asked for.
        why: the sentence that says what is known.
        reference: where the rule comes from, or "our choice"; rule_why: why it is there.
    """

    rule_id: str
    title: str
    answer: Answer
    why: str
    reference: str
    rule_why: str

    @property
    def in_words(self) -> str:
        """The answer with its shape, the rule and the reason, in one line."""
        return f"{ANSWER_SHAPES[self.answer]} {self.answer}: {self.title}. {self.why}"


def people_rules(viewer: Viewer, copy: Copy) -> PeopleRules:
    """The declarations about people that count here: the LA's own people.toml, or the delivered one.

    Raises:
        NotAllowed: the viewer may not read.
        RulesRefused: the LA's own file is not valid.
    """
    require(viewer, Right.PEOPLE)
    return read_people_rules([role.value for role in Role], copy.data.root)


def findings(
    rules: PeopleRules,
    leader: SystemLeader,
    designations: Sequence[Designation],
    home: SchoolFacts | None,
    day: date,
) -> list[Finding]:
    """What each rule for the leader's role finds on a day, in the order of the file; none where none is for the role.

    Args:
        designations: the leader's own, held and lapsed.
        home: their own school, where it is recorded and loaded.
    """
    found = []
    for rule in rules.eligibility:
        step = rule.step_on(day)
        if step is not None and rule.applies_to(leader.role):
            answer, why = _found(rule, step, leader, designations, home, day)
            found.append(Finding(rule.id, rule.title, answer, why, step.reference, step.why))
    return found


def standing(found: Sequence[Finding]) -> str:
    """All rules together: a rule that is not met outweighs one that is not known. A word of STANDINGS."""
    answers = {one.answer for one in found}
    if not answers:
        return NO_RULE
    if "not met" in answers:
        return NOT_ELIGIBLE
    return NOT_KNOWN if "not known" in answers else ELIGIBLE


def _found(
    rule: EligibilityRule,
    step: EligibilityStep,
    leader: SystemLeader,
    designations: Sequence[Designation],
    home: SchoolFacts | None,
    day: date,
) -> tuple[Answer, str]:
    if rule.kind == "years_as_head":
        return _years_as_head(leader, step, day)
    if rule.kind == "designation_held":
        return _designation_held(leader, designations, day)
    if home is None:
        return "not known", _home_not_known(leader)
    if rule.kind == "home_school_inspection":
        return _home_inspection(home, step)
    return _home_place(home, step)


def _home_not_known(leader: SystemLeader) -> str:
    if leader.home_urn is None:
        return f"Not recorded: which is their own school. {_BRING}"
    return f"Their own school (URN {leader.home_urn}) is not among the schools that are loaded. Import its register."


def _years_as_head(leader: SystemLeader, step: EligibilityStep, day: date) -> tuple[Answer, str]:
    if leader.head_since is None:
        return "not known", f"Not recorded: since when they have been the head of a school that improved. {_BRING}"
    years = _full_years(leader.head_since, day)
    is_met = years >= (step.years or 0)
    said = "Less than a year" if years < 1 else f"{years} full {'year' if years == 1 else 'years'}"
    sentence = (
        f"{said} as head of a school that improved, since {in_words(leader.head_since)}; {step.years:g} are asked."
    )
    return ("met" if is_met else "not met"), sentence


def _full_years(since: date, day: date) -> int:
    return day.year - since.year - ((day.month, day.day) < (since.month, since.day))


def _designation_held(leader: SystemLeader, designations: Sequence[Designation], day: date) -> tuple[Answer, str]:
    in_role = [one for one in designations if one.role == leader.role]
    held = [one for one in in_role if one.is_held_on(day)]
    if held:
        by = f" by {held[0].designated_by}" if held[0].designated_by else ""
        since = f" since {in_words(held[0].from_date)}" if held[0].from_date else ""
        return "met", f"Designated {leader.role}{by}{since}."
    ends = [one.to_date for one in in_role if one.to_date is not None and one.to_date < day]
    if ends:
        return "not met", f"The designation as {leader.role} lapsed on {in_words(max(ends))}."
    if in_role:
        return "not met", f"The designation as {leader.role} has not begun."
    said = (
        f"Accredited by {leader.accredited_by}; from"
        if leader.accredited_by
        else "Not recorded: who accredited, and from"
    )
    return "not known", f"{said} when until when is not recorded. {_BRING}"


def _home_inspection(home: SchoolFacts, step: EligibilityStep) -> tuple[Answer, str]:
    if home.full_kind is None or home.full_date is None:
        return "not known", f"{home.name} has no graded inspection and no report card that is loaded."
    words = inspection_in_words(home)
    if home.full_kind == "report card":
        return ("met" if home.rc_outcome in step.report_cards else "not met"), words
    if home.good_or_better not in ("yes", "no"):
        return "not known", f"{words} Whether that is good or better cannot be read from it."
    return ("met" if home.good_or_better == "yes" else "not met"), words


def inspection_in_words(home: SchoolFacts) -> str:
    """How a school was last judged as a whole, and what an inspection since then said, as sentences."""
    if home.full_date is None:
        return f"{home.name} has no graded inspection and no report card that is loaded."
    of = "its predecessor" if home.inherited else "the school"
    if home.full_kind == "report card":
        judged = _CARDS.get(home.rc_outcome or "", "gave no outcome that can be read")
        full = f"The report card of {in_words(home.full_date)} on {of} {judged}."
    else:
        judged = {"yes": "judged it good or better", "no": "judged it below good"}.get(
            home.good_or_better or "", "did not grade it"
        )
        full = f"The graded inspection of {of} on {in_words(home.full_date)} {judged}."
    since = home.last_inspection_date
    if since is not None and since > home.full_date:
        return f"{full} The ungraded one on {in_words(since)} said: {home.last_inspection_outcome}."
    # a report card's outcome is in the sentence already
    return full if home.full_kind == "report card" else f"{full[:-1]}: {home.last_inspection_outcome}."


_CARDS = {
    "meets": "found every area at the expected standard or above",
    "mixed": "found an area that needs attention",
    "below": "found that leadership and governance need attention",
    "category": "put it into a category of concern, or found urgent needs",
}


def _home_place(home: SchoolFacts, step: EligibilityStep) -> tuple[Answer, str]:
    moved = f" Since the build before: {home.changes}." if home.changes else ""
    sentence = f'{home.name} has the place "{home.priority}" in this build.{moved}'
    return ("not met" if home.priority in step.places else "met"), sentence
