"""The rules: what each means, where its numbers come from, what it finds, and whether this LA has approved them."""

from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import date

import pandas as pd

from risk_model.casework import Approval, NewApproval, add_approval, approvals, withdraw_approval
from risk_model.domain.errors import NotFound, RulesRefused
from risk_model.domain.periods import in_words
from risk_model.domain.viewer import Right, Viewer, require, require_reader
from risk_model.domain.words import MISSING_IN_WORDS, STATEMENT_TITLES, MissingReason, Statement
from risk_model.measures.reader import Measure, measures_by_id
from risk_model.rules.reader import (
    PHASES,
    Condition,
    Rule,
    RuleSet,
    StatementLevels,
    Threshold,
    parse_rules,
    read_rules,
)
from risk_model.rules.writer import fingerprint
from risk_model.scoring.held_rules import held_rule_set
from risk_model.services.copy import Copy
from risk_model.services.observed_rates import observed_rates
from risk_model.services.scope import IN_SCOPE, Scope
from risk_model.warehouse.builds import read_builds

_POLARITY = {
    "low_is_concern": "low is a concern",
    "high_is_concern": "high is a concern",
    "high_is_good": "high is a strength",
    "none": "context alone, and never a point",
}


@dataclass(frozen=True)
class Found:
    """What a rule finds among schools.

    Attributes:
        raised, near, protective, clear, not_applicable, not_assessed: schools; a near miss is clear, too.
        reasons: those not assessed, by reason in words, the most frequent first.
    """

    raised: int = 0
    near: int = 0
    protective: int = 0
    clear: int = 0
    not_applicable: int = 0
    not_assessed: int = 0
    reasons: dict[str, int] = field(default_factory=dict)

    @property
    def applicable(self) -> int:
        """Schools that the rule is about."""
        return self.raised + self.protective + self.clear + self.not_assessed

    @property
    def sentence(self) -> str:
        """The counts in one sentence."""
        if not self.applicable:
            return "no school that the rule is about"
        parts = [f"raised for {self.raised:,} of {self.applicable:,} schools"]
        parts += [f"near miss for {self.near:,}"] if self.near else []
        parts += [f"protective for {self.protective:,}"] if self.protective else []
        parts += [f"not assessed for {self.not_assessed:,}"] if self.not_assessed else []
        return ", ".join(parts)


@dataclass(frozen=True)
class ThresholdLine:
    """One dated number of a rule, in words.

    Attributes:
        number: its place in the rule, counted from 1, as the sandbox names it.
        says: what is compared with what, and the points.
        when: from when until when it counts.
    """

    number: int
    says: str
    when: str
    why: str
    reference: str
    value: float
    points: float
    unit: str


@dataclass(frozen=True)
class RuleCard:
    """A rule as a card.

    Attributes:
        measure, unit, polarity, caveat: of the figure that it compares.
        is_core: without any core rule assessed a statement has not enough evidence.
        thresholds: in force, in the order in which they count; history: those that are not in force.
        is_overdue: its review was due before today.
        here, england: what it finds in the scope, and among all schools of the build.
    """

    id: str
    statement: str
    title: str
    sentence: str
    measure: str
    source: str
    polarity: str
    caveat: str
    phases: str
    is_core: bool
    thresholds: list[ThresholdLine]
    history: list[ThresholdLine]
    checked_by: str
    next_review: date
    is_overdue: bool
    retired_on: date | None
    here: Found
    england: Found


@dataclass(frozen=True)
class LevelLine:
    """How a statement's points become a level.

    Attributes:
        observed: what came of schools at each level in past inspections; nothing for statements that none answers.
    """

    statement: str
    title: str
    says: list[str]
    why: str
    observed: tuple[str, ...] = ()


@dataclass(frozen=True)
class Catalogue:
    """The rule set of a build.

    Attributes:
        fingerprint: another one as soon as anything in the rule set is another.
        approval: the newest that this LA has recorded for exactly this rule set, or None.
        approved: whether, by whom and when, in a sentence.
    """

    rule_set: str
    fingerprint: str
    build_number: int
    as_at: date
    next_review: date
    is_overdue: bool
    cards: list[RuleCard]
    retired: list[RuleCard]
    levels: list[LevelLine]
    approval: Approval | None
    approved: str


def rule_catalogue(viewer: Viewer, copy: Copy, scope: Scope) -> Catalogue:
    """Every rule of the shown build, with what it finds among the schools in scope and among all.

    Raises:
        NotAllowed: the viewer may not read.
        NotFound: the build was made before builds kept their rules.
    """
    require_reader(viewer)
    rule_set, day = held_rule_set(copy.reader), copy.build.as_at
    mark = fingerprint(rule_set)
    here, england = _found(copy, scope), _found(copy, Scope())
    in_force = {rule.id for rule in rule_set.on(day)}
    cards = [_card(rule, day, here, england) for rule in rule_set.rules]
    standing = approvals(copy.records, la_code=scope.la_code, rule_set_hash=mark) if scope.la_code else []
    approval = standing[0] if standing else None
    return Catalogue(
        rule_set=rule_set.rule_set,
        fingerprint=mark,
        build_number=copy.build.number,
        as_at=day,
        next_review=rule_set.next_review,
        is_overdue=rule_set.next_review < date.today(),
        cards=[card for card in cards if card.id in in_force],
        retired=[card for card in cards if card.id not in in_force],
        levels=[
            replace(_level(one), observed=observed_rates(viewer, copy) if one.id == Statement.INSPECTION else ())
            for one in rule_set.levels
        ],
        approval=approval,
        approved=_approved(approval),
    )


def _approved(approval: Approval | None) -> str:
    if approval is None:
        return "Not yet approved by this local authority."
    return f"Approved by {approval.approved_by} on {in_words(approval.approved_on)}."


def approve_rules(
    viewer: Viewer, copy: Copy, la_code: str, approved_by: str, approved_on: date, note: str | None = None
) -> int:
    """Record that an LA has approved the rules of the shown build, as they are.

    Args:
        approved_by: a role or a body, never a person's name.
    Returns:
        The new record's number.
    Raises:
        NotAllowed: the viewer may not write.
        RecordRefused: something is missing, or they are approved already.
    """
    require(viewer, Right.APPROVE)
    rule_set = held_rule_set(copy.reader)
    new = NewApproval(la_code, rule_set.rule_set, fingerprint(rule_set), approved_by, approved_on, note or None)
    return add_approval(copy.records, viewer.name, new)


def withdraw_rule_approval(viewer: Viewer, copy: Copy, approval: Approval, reason: str) -> None:
    """Record that an LA no longer stands by an approval.

    Raises:
        NotAllowed: the viewer may not write.
        NotFound, RecordRefused: it is not there, was changed in the meantime, or the reason is missing.
    """
    require(viewer, Right.APPROVE)
    withdraw_approval(copy.records, viewer.name, approval.id, approval.version, reason)


# of the table that was judged, not of the view that makes sentences of it
_FOUND_SQL = f"""
    select r.rule_id, o.status, o.missing_reason, count(*) as schools,
           count(*) filter (where o.near_miss) as near
    from outcomes as o
    inner join rules as r on r.rule_no = o.rule_no
    inner join numbered_schools as n on n.school_no = o.school_no
    inner join schools as s on s.urn = n.urn
    where {IN_SCOPE}
    group by r.rule_id, o.status, o.missing_reason"""


def _found(copy: Copy, scope: Scope) -> dict[str, Found]:
    counts: dict[str, Counter[str]] = {}
    reasons: dict[str, Counter[str]] = {}
    for row in copy.reader.rows(_FOUND_SQL, scope.params):
        own = counts.setdefault(row["rule_id"], Counter())
        own[row["status"].replace(" ", "_")] += row["schools"]
        own["near"] += row["near"]
        if row["status"] == "not assessed":
            words = MISSING_IN_WORDS[MissingReason(row["missing_reason"])]
            reasons.setdefault(row["rule_id"], Counter())[words] += row["schools"]
    return {
        rule_id: Found(**own, reasons=dict(reasons.get(rule_id, Counter()).most_common()))
        for rule_id, own in counts.items()
    }


def _card(rule: Rule, day: date, here: dict[str, Found], england: dict[str, Found]) -> RuleCard:
    measure = measures_by_id()[rule.measure]
    lines = [threshold_line(rule, number) for number in range(1, len(rule.threshold) + 1)]
    pairs = [(line, one.in_force(day)) for line, one in zip(lines, rule.threshold, strict=True)]
    return RuleCard(
        id=rule.id,
        statement=rule.statement.value,
        title=rule.title,
        sentence=rule.sentence,
        measure=measure.label,
        source=measure.source,
        polarity=_POLARITY[measure.polarity],
        caveat=measure.caveat,
        phases="every phase" if set(rule.applies_to()) == set(PHASES) else ", ".join(rule.applies_to()),
        is_core=rule.core,
        thresholds=[line for line, counts in pairs if counts],
        history=[line for line, counts in pairs if not counts],
        checked_by=rule.checked_by,
        next_review=rule.next_review,
        is_overdue=rule.next_review < date.today(),
        retired_on=rule.retired_on,
        here=here.get(rule.id, Found()),
        england=england.get(rule.id, Found()),
    )


def threshold_line(rule: Rule, number: int) -> ThresholdLine:
    """One of a rule's thresholds in words.

    Args:
        number: its place in the rule, counted from 1.
    """
    one = rule.threshold[number - 1]
    until = f" to {in_words(one.until)}" if one.until else ""
    return ThresholdLine(
        number=number,
        says=_says(rule, one),
        when=f"from {in_words(one.from_)}{until}",
        why=one.why,
        reference=one.reference,
        value=one.value,
        points=one.points,
        unit=one.unit,
    )


def _says(rule: Rule, one: Threshold) -> str:
    known = measures_by_id()
    direction = one.raised_when or rule.raised_when
    text = _compared(direction, one.value, one.unit)
    if one.measure and one.measure != rule.measure:
        text = f"{known[one.measure].label}: {text}"
    if one.significant:
        text += ", beyond chance (the whole 95% interval)"
    text += f": {_number(one.points, '+')} {'point' if abs(one.points) == 1 else 'points'}"
    if one.gate:
        text += ", and sets the level by itself"
    if one.unless:
        text += f"; not where {_condition(one.unless, known)}"
    if one.cap:
        text += f"; no more than {_of(one.cap.points, 'points')} where {_condition(one.cap, known)}"
    if one.near is not None:
        text += f"; a near miss within {one.near:g}"
    return text + _stale(one)


def _stale(one: Threshold) -> str:
    if one.stale_after_years is None or one.stale_share == 1:
        return ""
    share = "nothing" if one.stale_share == 0 else "half" if one.stale_share == 0.5 else f"{one.stale_share:.0%}"
    years = _of(one.stale_after_years, "years")
    return f"; evidence older than {years} counts for {share}"


def _condition(one: Condition, known: dict[str, Measure]) -> str:
    measure = known[one.measure]
    return f"“{measure.label}” is {_compared(one.raised_when, one.value, measure.unit)}"


def _compared(direction: str, value: float, unit: str) -> str:
    """A comparison in words; a number that only stands for a category or a place is said as one."""
    if unit == "yes or no" and (direction, value) == ("at_least", 1.0):
        return "yes"
    if unit in ("category", "percentile"):
        return f"{unit} {_number(value)} or {'higher' if direction == 'at_least' else 'lower'}"
    return f"{'at least' if direction == 'at_least' else 'at most'} {_of(value, unit)}"


def _of(value: float, unit: str) -> str:
    is_one = abs(value) == 1 and unit.endswith("s") and unit != "series"
    return f"{_number(value)} {unit[:-1] if is_one else unit}"


def _number(value: float, sign: str = "") -> str:
    text = f"{value:{sign},.6f}".rstrip("0").rstrip(".")
    return text.replace("-", "−")


def _level(one: StatementLevels) -> LevelLine:
    beyond = ", at least one rule of them beyond chance" if one.needs_significant else ""
    says = [
        f"unlikely from {one.unlikely_points:g} points{beyond}, or where a rule sets it by itself",
        f"uncertain from {one.uncertain_points:g} points",
        f"protective rules take away {one.protective_cap:g} points at most",
    ]
    if one.min_coverage > 0:
        says.append(f"not enough evidence where less than {one.min_coverage:.0%} of the points could be assessed")
    says.append(
        "not enough evidence where no core rule was assessed"
        + (", unless both other statements have a level" if one.carried_levels_can_stand_in else "")
    )
    return LevelLine(one.id.value, STATEMENT_TITLES[one.id], says, one.why)


def rules_table(viewer: Viewer, catalogue: Catalogue) -> pd.DataFrame:
    """The catalogue as a table, for a terminal or an export.

    Returns:
        One row per rule in force: Rule, Statement, Title, Raised here, Near here, Not assessed here, Raised in all,
        Not assessed in all, Next review.
    Raises:
        NotAllowed: the viewer may not read.
    """
    require_reader(viewer)
    return pd.DataFrame(
        [
            {
                "Rule": card.id,
                "Statement": card.statement,
                "Title": card.title,
                "Raised here": card.here.raised,
                "Near here": card.here.near,
                "Not assessed here": card.here.not_assessed,
                "Raised in all": card.england.raised,
                "Not assessed in all": card.england.not_assessed,
                "Next review": card.next_review,
            }
            for card in catalogue.cards
        ]
    )


def statements() -> dict[str, str]:
    """The three statements to choose from: {"outcomes": its title}."""
    return {one.value: STATEMENT_TITLES[one] for one in Statement}


SHOWN, FILES, BUILD = "shown", "files", "build-"
_LARGEST_FILE = 1_000_000


def rule_set_choices(viewer: Viewer, copy: Copy) -> dict[str, str]:
    """The rule sets to choose from: those of the shown build, of this copy's files, and of the other builds.

    Returns:
        {"shown": "rules 2026.2, by which build 4 judged", "files": …, "build-3": …}
    Raises:
        NotAllowed: the viewer may not read.
    """
    require_reader(viewer)
    shown = copy.build
    choices = {
        SHOWN: f"rules {shown.rule_set}, by which the shown build {shown.number} judged",
        FILES: f"rules {read_rules().rule_set}, in the files of this copy",
    }
    for build in read_builds(copy.data)[::-1]:
        if build.build_id != shown.build_id:
            choices[f"{BUILD}{build.number}"] = f"rules {build.rule_set}, by which build {build.number} judged"
    return choices


def chosen_rule_set(viewer: Viewer, copy: Copy, choice: str) -> RuleSet:
    """A rule set by its choice: "shown", "files" or "build-3".

    Raises:
        NotAllowed: the viewer may not read.
        NotFound: that build is not kept any more, or was made before builds kept their rules.
        RulesRefused: it asks for something that this version of the product does not know.
    """
    require_reader(viewer)
    if choice == SHOWN:
        return held_rule_set(copy.reader)
    if choice == FILES:
        return read_rules()
    for build in read_builds(copy.data):
        if choice == f"{BUILD}{build.number}":
            with build.reader() as reader:
                return held_rule_set(reader)
    raise NotFound(f'"{choice[:40]}" is no rule set that is kept here.', ["Choose another one."])


def uploaded_rule_set(viewer: Viewer, name: str, content: bytes) -> RuleSet:
    """A rule set from an uploaded file; it is read and checked, and kept nowhere.

    Raises:
        NotAllowed: the viewer may not read.
        RulesRefused: it is not a rule set.
    """
    require_reader(viewer)
    if len(content) > _LARGEST_FILE:
        raise RulesRefused(f"{name} was not read: it is larger than a rule set can be.", ["Nothing was changed."])
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise RulesRefused(f"{name} cannot be read as text.", ["A rule set is TOML in UTF-8."]) from error
    return parse_rules(text.replace("\r\n", "\n"), name)
