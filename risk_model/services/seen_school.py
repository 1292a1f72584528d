"""A school as one viewer may see it: levels, rules in words, figures, support, decisions, and what is left out."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from risk_model.casework import (
    Action,
    Allocation,
    HeadComment,
    Letter,
    LetterStatus,
    Meeting,
    MeetingOutcome,
    actions,
    letters,
    meetings,
)
from risk_model.domain.documents import Table
from risk_model.domain.errors import NotAllowed
from risk_model.domain.periods import in_words
from risk_model.domain.viewer import Viewer, as_reader
from risk_model.domain.words import Level, Statement, level_in_words
from risk_model.services.briefing import yearly_figures
from risk_model.services.copy import Copy
from risk_model.services.judgements import Layers
from risk_model.services.own_letters import letters_to_my_school
from risk_model.services.profile import RuleLine, SchoolProfile, StatementCard, school_profile
from risk_model.services.seeing import About, Sight, may_see, sight_of
from risk_model.services.shareable import ToldRules, is_support_shown, told_rules
from risk_model.services.support import support_line

FEW = "A figure of fewer pupils than may be told is left out."


@dataclass(frozen=True)
class SeenStatement:
    """One statement for one school.

    Attributes:
        level: the computed one; level_words: with its shape.
        adviser, agreed: in a sentence, "" where there is none or the viewer may not see it.
        raised, near, in_favour, unknown: rules in words, the heaviest first.
        left_out: how many raised rules are not told in words, because their figures are of too few pupils.
    """

    statement: Statement
    title: str
    level: Level
    adviser: str
    agreed: str
    raised: tuple[str, ...]
    near: tuple[str, ...]
    in_favour: tuple[str, ...]
    unknown: tuple[str, ...]
    left_out: int

    @property
    def level_words(self) -> str:
        """The computed level: a shape and a word."""
        return level_in_words(self.level)


@dataclass(frozen=True)
class PastDecision:
    """What a meeting decided for a school. restricted_note is "" for whoever may not see it."""

    held_on: date
    group: str
    outcome: MeetingOutcome
    restricted_note: str


@dataclass(frozen=True)
class SeenSchool:
    """A school as one viewer may see it.

    Attributes:
        about: type, phase, ages and pupils in a line.
        figures: of the last years beside the national ones, None where none is loaded.
        support: of today, a line each.
        decisions: of meetings before, the newest first.
        actions: those still open.
        comments: the head's, where the viewer may see them; letters: those sent to the school, a line each, likewise.
        left_out: what the viewer does not see, in a sentence; "" where nothing is held back from them.
    """

    urn: str
    name: str
    about: str
    statements: tuple[SeenStatement, ...]
    figures: Table | None
    support: tuple[str, ...]
    decisions: tuple[PastDecision, ...]
    actions: tuple[Action, ...]
    comments: tuple[HeadComment, ...]
    letters: tuple[str, ...]
    sight: Sight
    left_out: str


def school_as_seen(viewer: Viewer, copy: Copy, urn: str, day: date | None = None) -> SeenSchool:
    """A school as the viewer may see it: what is not meant for them is not in it.

    Args:
        day: decisions of meetings before this day; None for all.
    Raises:
        NotAllowed: the viewer is neither of the LA, nor of the school, nor of its core group.
        NotFound: no school of this build has the URN.
    """
    sight = sight_of(viewer, copy, urn)
    if sight is Sight.VIEWER:
        raise NotAllowed(f"{viewer.name} may not see this: it holds what people recorded.", ["Ask the LA's lead."])
    # made from everything that is known; what of it is shown is decided below
    reader = as_reader(viewer)
    profile = school_profile(reader, copy, urn)
    told = told_rules(reader, copy, urn)
    school = profile.school
    decided, to_do = decisions_and_actions(viewer, copy, urn, day)
    comments = (*profile.judgements.comments, *(one for each in profile.judgements.statements for one in each.comments))
    return SeenSchool(
        urn=urn,
        name=str(school["name"]),
        about=_about(profile),
        statements=tuple(_statement(card, told, sight) for card in profile.cards),
        figures=yearly_figures(profile.trends),
        support=tuple(_support(profile.support, sight, copy.build.as_at, urn)),
        decisions=decided,
        actions=to_do,
        comments=comments if may_see(sight, About.HEAD_COMMENT) else (),
        letters=tuple(_letters(_sent(viewer, copy, urn, sight))),
        sight=sight,
        left_out=_left_out(sight),
    )


def decisions_and_actions(
    viewer: Viewer, copy: Copy, urn: str, day: date | None = None
) -> tuple[tuple[PastDecision, ...], tuple[Action, ...]]:
    """What meetings decided for a school, the newest first, and which actions are still open.

    Args:
        day: decisions of meetings before this day; None for all.
    Raises:
        NotAllowed: the viewer is neither of the LA, nor of the school, nor of its core group.
    """
    sight = sight_of(viewer, copy, urn)
    decided = tuple(_decisions(meetings(copy.records), urn, day, sight))
    return decided, tuple(one for one in actions(copy.records, urn=urn) if one.is_open)


def _about(profile: SchoolProfile) -> str:
    school = profile.school
    pupils = f"{school['pupils']:.0f} pupils" if school["pupils"] is not None else "number of pupils not known"
    known = (school["type"], school["phase"], pupils, school["trust_name"], f"URN {school['urn']}")
    return " · ".join(str(one) for one in known if one)


def _statement(card: StatementCard, told: ToldRules, sight: Sight) -> SeenStatement:
    rules = [rule for rule in card.rules if may_see(sight, About.HELD_RULES) or rule.rule_id in told.rules]
    open_few = may_see(sight, About.FEW_PUPILS)
    plain = [rule for rule in rules if open_few or rule.rule_id not in told.few]
    return SeenStatement(
        statement=Statement(card.statement),
        title=card.title,
        level=Level(card.level),
        adviser=_adviser(card.layers) if may_see(sight, About.ADVISER_VIEW) else "",
        agreed=_agreed(card.layers),
        raised=_sentences(plain, "raised"),
        near=tuple(rule.sentence for rule in plain if rule.near_miss),
        in_favour=_sentences(plain, "protective"),
        unknown=_sentences(plain, "not assessed"),
        left_out=sum(rule.status == "raised" for rule in rules) - sum(rule.status == "raised" for rule in plain),
    )


def _sentences(rules: Sequence[RuleLine], status: str) -> tuple[str, ...]:
    return tuple(rule.sentence for rule in rules if rule.status == status)


def _adviser(layers: Layers) -> str:
    view = layers.view
    if view is None:
        return ""
    if layers.has_lapsed:
        return f"The adviser's view ({view.level}) reached its review-by date on {in_words(view.review_by)}."
    return f"Adviser's view: {view.level}, to {in_words(view.review_by)}. {view.reason}"


def _agreed(layers: Layers) -> str:
    agreed = layers.agreed
    if agreed is None:
        return ""
    why = f" {agreed.outcome.reason}" if agreed.outcome.reason else ""
    over = " It was to be looked at again before now." if layers.agreed_review_is_over else ""
    return f"Core group agreed on {in_words(agreed.held_on)}: {agreed.level}.{why}{over}"


def _support(known: Sequence[Allocation], sight: Sight, as_at: date, urn: str) -> list[str]:
    lines = []
    for one in known:
        if not one.is_active_on(as_at) or not (may_see(sight, About.WITHHELD_SUPPORT) or is_support_shown(one)):
            continue
        lines.append(support_line(one, urn))
    return lines


def _sent(viewer: Viewer, copy: Copy, urn: str, sight: Sight) -> list[Letter]:
    """A school sees what was sent to it, not what was sent to others about it."""
    if not may_see(sight, About.LETTERS):
        return []
    if sight is Sight.OWN:
        return letters_to_my_school(replace(viewer, own_urns=frozenset({urn})), copy)
    return letters(copy.records, urn=urn)


def _letters(known: Sequence[Letter]) -> Iterator[str]:
    for one in known:
        if one.sent_on is None or one.status not in (LetterStatus.SENT, LetterStatus.ANSWERED):
            continue
        reply = f"; answered on {in_words(one.replied_on)}" if one.replied_on else ""
        by = f"; an answer is asked for by {in_words(one.answer_by)}" if one.answer_by and not one.replied_on else ""
        yield f"{in_words(one.sent_on)}: {one.subject}{reply}{by}."


def _decisions(known: Sequence[Meeting], urn: str, day: date | None, sight: Sight) -> list[PastDecision]:
    found = []
    for meeting in known:
        outcome = meeting.outcome_of(urn)
        if outcome is None or (day is not None and meeting.held_on >= day):
            continue
        note = (outcome.restricted_note or "") if may_see(sight, About.RESTRICTED_NOTE) else ""
        found.append(PastDecision(meeting.held_on, meeting.locality, _without_note(outcome), note))
    return found


def _without_note(outcome: MeetingOutcome) -> MeetingOutcome:
    return MeetingOutcome(**vars(outcome) | {"restricted_note": None})


def _left_out(sight: Sight) -> str:
    if sight is Sight.OFFICER:
        return ""
    if sight is Sight.READER:
        return "Restricted notes are left out: they are for officers of the LA."
    if sight is Sight.OWN:
        return (
            "Left out for every school alike: what the LA holds about complaints, safeguarding and personnel, support "
            "in these matters, and restricted notes. A level may rest on it; the LA's adviser can say what it may."
        )
    return (
        "Left out for every school alike, whether there is anything or not: what the LA holds about complaints, "
        "safeguarding, governance, budgets and engagement, advisers' views, heads' comments, letters, restricted "
        "notes, and figures of few pupils. A level may rest on it."
    )
