"""One school: three statements with every rule in words, its figures, inspections and support."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import pandas as pd

from risk_model.casework import Allocation, Referral, allocations
from risk_model.domain.errors import NotFound
from risk_model.domain.periods import in_words
from risk_model.domain.viewer import Right, Viewer, require_reader
from risk_model.domain.words import (
    STATEMENT_TITLES,
    Level,
    Statement,
)
from risk_model.scoring.measuring import CARRIED
from risk_model.services.copy import Copy
from risk_model.services.director_list import seen_referrals
from risk_model.services.evidence import EvidenceAge, evidence_age, what_would_assess
from risk_model.services.identity import school_history, school_now
from risk_model.services.inspection_rows import contradictions_in_words, inspection_rows
from risk_model.services.judgements import Layers, SchoolJudgements, school_judgements
from risk_model.services.observed_rates import observed_rate
from risk_model.services.scope import IN_SCOPE, Scope
from risk_model.services.templates import HeldLine, held_lines
from risk_model.services.trends import Trend, school_trends

NO_PEOPLE = (
    "Who helps this school, what advisers and core groups recorded and what the LA holds on it are not shown to you: "
    "your role shows figures alone. Ask the LA's lead for access."
)
_STATUS_ORDER = {"raised": 0, "near": 1, "protective": 2, "clear": 3, "not assessed": 4, "not applicable": 5}


_TRAVEL = {"same": "the same level", "worse": "worse", "better": "better"}


@dataclass(frozen=True)
class RuleLine:
    """One rule for one school, in words.

    Attributes:
        status: raised, protective, clear, not assessed or not applicable.
        near_miss: clear, but close to its threshold.
        is_core: without any core rule assessed there is not enough evidence; is_core_evidence: this one was,
            on evidence recent enough.
        is_carried: it carries another statement's level forward.
        would_assess: where it is not assessed: what would make it assessable.
        source: where the figure stands: the file's name and row, "" where there is none; release_id and source_row
            lead there.
    """

    rule_id: str
    title: str
    status: str
    near_miss: bool
    sentence: str
    points: float
    points_available: float
    is_gate: bool
    is_core: bool
    is_core_evidence: bool
    threshold: float | None
    why: str
    reference: str
    period: str
    measured_on: date | None
    is_carried: bool
    would_assess: str
    source: str
    release_id: str
    source_row: int

    @property
    def is_assessed(self) -> bool:
        """Whether there was evidence to judge by."""
        return self.status in ("raised", "protective", "clear")

    @property
    def remedy(self) -> str:
        """What would make it assessable, where its sentence does not say so itself."""
        return self.would_assess if self.status == "not assessed" and "Bring" not in self.sentence else ""


@dataclass(frozen=True)
class StatementCard:
    """One statement for one school.

    Attributes:
        points_assessed: of the points available, those of rules that could be assessed; coverage is their share,
            0 to 1.
        direction: since the build before this one; before: that build's level and date, where there was one.
        rules: raised, near misses, protective, clear, not assessed; in each the heaviest first.
        age: of the evidence.
        layers: the adviser's view and the core group's judgement beside the computed level.
        observed: what came of schools at this level in past inspections; "" for statements that none answers.
    """

    statement: str
    title: str
    level: str
    points: float
    points_available: float
    points_assessed: float
    coverage: float
    direction: str
    before: date | None
    gate_rule_id: str | None
    rules: list[RuleLine]
    age: EvidenceAge
    layers: Layers
    observed: str = ""

    @property
    def raised(self) -> list[RuleLine]:
        """The rules that are raised."""
        return [rule for rule in self.rules if rule.status == "raised"]

    @property
    def in_favour(self) -> list[RuleLine]:
        """The rules that take points off."""
        return [rule for rule in self.rules if rule.status == "protective" and rule.points < 0]

    @property
    def not_assessed(self) -> list[RuleLine]:
        """The rules that could not be assessed."""
        return [rule for rule in self.rules if rule.status == "not assessed"]

    @property
    def evidence(self) -> str:
        """Points, and how many of them could be assessed, in one sentence."""
        return (
            f"Evidence for {self.points_assessed:g} of {self.points_available:g} points ({self.coverage:.0%}); "
            f"{self.points:g} counted."
        )

    @property
    def travel(self) -> str:
        """The direction of travel since the build before this one, in one sentence."""
        if self.before is None or self.direction == "first build":
            return "There is no earlier build to compare with."
        # else it came to be known, or is no longer
        is_lost = self.level == Level.NOT_ENOUGH_EVIDENCE
        known = "there is no longer enough evidence" if is_lost else "there was not enough evidence then"
        moved = _TRAVEL.get(self.direction, known)
        return f"Since the build as at {in_words(self.before)}: {moved}."

    @property
    def summary(self) -> str:
        """The level and its reasons in one sentence."""
        applicable = [rule for rule in self.rules if rule.status != "not applicable"]
        checks = f"{len(self.raised)} of {len(applicable)} rules raised"
        unknown = f"; {len(self.not_assessed)} could not be assessed" if self.not_assessed else ""
        if others := len(self.rules) - len(applicable):
            unknown += f"; {others} more do{'es' if others == 1 else ''} not apply to a school of its kind"
        if self.level == Level.NOT_ENOUGH_EVIDENCE:
            return f"There is not enough evidence to say: {checks}{unknown}. {self.lacking}"
        return f"Evidence suggests this is {self.level}: {checks}{unknown}."

    @property
    def lacking(self) -> str:
        """Why there is not enough evidence: which rules would have to be assessed."""
        core = [rule for rule in self.rules if rule.is_core and rule.status != "not applicable"]
        if not core:
            return "No rule that this statement rests on applies to a school of its phase."
        if not any(rule.is_core_evidence for rule in core):
            names = " or ".join(f'{rule.rule_id}, "{rule.title}"' for rule in core)
            old = [rule.rule_id for rule in core if rule.is_assessed]
            count = "counts" if len(old) == 1 else "count"
            aside = f"; {' and '.join(old)} {count}, on older evidence that no level can rest on" if old else ""
            return f"It rests on {names}: none could be assessed on evidence recent enough{aside}."
        return "Too few of the points could be assessed."


@dataclass(frozen=True)
class SchoolProfile:
    """A school on a page.

    Attributes:
        shows_people: what people recorded is in it: support, views, comments, referrals and what the LA holds; for who
            may not see people these are empty, which says nothing of the school.
    """

    school: dict[str, Any]
    priority: str
    reasons: str
    cards: list[StatementCard]
    judgements: SchoolJudgements
    trends: list[Trend]
    inspections: pd.DataFrame
    contradictions: list[str]
    support: list[Allocation]
    referrals: list[Referral]
    as_at: date
    held: list[HeldLine]
    history: list[str]
    shows_people: bool


_RULES_SQL = """
    select o.*, r.title, r.core, t.why, t.reference, l.original_name
    from rule_outcomes as o
    inner join rules as r using (rule_id)
    left join tests as t on t.rule_id = o.rule_id and t.test_no = o.test_no
    left join releases as l using (release_id)
    where o.urn = $urn
    order by o.rule_id"""


def school_profile(viewer: Viewer, copy: Copy, urn: str) -> SchoolProfile:
    """Everything about one school.

    Raises:
        NotAllowed: the viewer may not read.
        NotFound: no school of this build has the URN.
    """
    require_reader(viewer)
    found = copy.reader.rows(
        "select s.*, r.priority, r.reasons, r.last_inspection_date, r.last_inspection_outcome "
        "from schools as s inner join schools_at_risk as r using (urn) where s.urn = $urn",
        {"urn": urn},
    )
    if not found:
        raise NotFound(
            f"No open state-funded school with the URN {urn[:20]} is loaded.",
            [
                school_now(viewer, copy, urn)
                or "Check the number; a school that closed or became an academy has another one now."
            ],
        )
    school = found[0]
    people = viewer.may(Right.PEOPLE)
    judgements = school_judgements(viewer, copy, urn)
    return SchoolProfile(
        school=school,
        priority=school["priority"],
        reasons=school["reasons"],
        cards=_with_observed_rate(viewer, copy, _cards(copy, urn, judgements.statements), school["phase_group"]),
        judgements=judgements,
        trends=school_trends(copy, urn, school["phase_group"]),
        inspections=inspection_rows(copy, urn),
        contradictions=contradictions_in_words(copy, urn),
        support=allocations(copy.records, urn=urn) if people else [],
        referrals=seen_referrals(viewer, copy, urn=urn) if people else [],
        as_at=copy.build.as_at,
        held=held_lines(viewer, copy, urn) if people else [],
        history=school_history(viewer, copy, urn),
        shows_people=people,
    )


def _cards(copy: Copy, urn: str, layers: Sequence[Layers]) -> list[StatementCard]:
    levels = {
        r["statement"]: r for r in copy.reader.rows("select * from statement_levels where urn = $urn", {"urn": urn})
    }
    outcomes = copy.reader.rows(_RULES_SQL, {"urn": urn})
    before = copy.reader.rows("select earlier_as_at as day from build_info")[0]["day"]
    layers_of = {one.statement: one for one in layers}
    cards = []
    for statement in Statement:
        level = levels[statement.value]
        rules = [_rule_line(o) for o in outcomes if o["statement"] == statement.value]
        rules.sort(key=_weight)
        known = [rule for rule in rules if rule.is_assessed]
        cards.append(
            StatementCard(
                statement=statement.value,
                title=STATEMENT_TITLES[statement],
                level=level["level"],
                points=level["points"],
                points_available=level["points_available"],
                points_assessed=sum(rule.points_available for rule in known),
                coverage=level["coverage"],
                direction=level["direction"],
                before=before,
                gate_rule_id=level["gate_rule_id"],
                rules=rules,
                age=evidence_age(
                    [(None if rule.is_carried else rule.measured_on, rule.points_available) for rule in known],
                    copy.build.as_at,
                ),
                layers=layers_of[statement],
            )
        )
    return cards


def _with_observed_rate(viewer: Viewer, copy: Copy, cards: list[StatementCard], phase: str) -> list[StatementCard]:
    """The cards, that of the third statement with what came of schools at its level."""
    return [
        replace(card, observed=observed_rate(viewer, copy, card.level, phase))
        if card.statement == Statement.INSPECTION
        else card
        for card in cards
    ]


def _weight(rule: RuleLine) -> tuple[int, bool, float, float, str, int]:
    """The order of rules: by what came of them, gates first, then by points given and points available."""
    standing = "near" if rule.near_miss else rule.status
    # O2 stands before O10
    number = int(rule.rule_id[1:])
    return (
        _STATUS_ORDER[standing],
        not rule.is_gate,
        -abs(rule.points),
        -rule.points_available,
        rule.rule_id[0],
        number,
    )


def _rule_line(outcome: dict[str, Any]) -> RuleLine:
    file, row = outcome["original_name"], outcome["source_row"]
    return RuleLine(
        rule_id=outcome["rule_id"],
        title=outcome["title"],
        status=outcome["status"],
        near_miss=outcome["near_miss"],
        sentence=outcome["sentence"],
        points=outcome["points"],
        points_available=outcome["points_available"],
        is_gate=outcome["is_gate"],
        is_core=outcome["core"],
        is_core_evidence=outcome["is_core_evidence"],
        threshold=outcome["threshold"],
        why=outcome["why"] or "",
        reference=outcome["reference"] or "",
        period=outcome["period"] or "",
        measured_on=outcome["measured_on"],
        is_carried=outcome["measure_id"] in CARRIED,
        would_assess=what_would_assess(outcome["missing_reason"] or "", outcome["measure_id"]),
        source=f"{file}, row {row}" if file and row else "",
        release_id=outcome["release_id"] or "",
        source_row=row or 0,
    )


def school_names(viewer: Viewer, copy: Copy, scope: Scope) -> dict[str, str]:
    """The schools to choose a profile from: {urn: "name (URN)"}, by name.

    Raises:
        NotAllowed: the viewer may not read.
    """
    require_reader(viewer)
    rows = copy.reader.rows(
        f"select s.urn, s.name from schools as s where {IN_SCOPE} order by s.name, s.urn", scope.params
    )
    return {row["urn"]: f"{row['name']} ({row['urn']})" for row in rows}
