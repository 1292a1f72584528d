"""A school's levels explained: what would change them, how firm they are, and all of it as text."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from risk_model.domain.periods import in_words
from risk_model.domain.viewer import Viewer
from risk_model.domain.words import NOT_A_PREDICTION, STATEMENT_TITLES, Level, Statement, counted
from risk_model.measures.reader import Measure, measures_by_id
from risk_model.scoring.changing_levels import RuleMove, Step, Way, WhatIf, candidates, is_whole, what_would_change
from risk_model.scoring.firmness import Firmness, draws, how_firm
from risk_model.scoring.held_rules import held_rule_set
from risk_model.scoring.places import PLACES_BY_SHARE, Ranking, ranking
from risk_model.scoring.supposing import SchoolBench, supposing
from risk_model.services.comparing import SchoolMoves
from risk_model.services.copy import Copy
from risk_model.services.judgements import comment_lines, layer_lines
from risk_model.services.profile import RuleLine, SchoolProfile, StatementCard
from risk_model.services.seeing import require_judged

_MOST_WAYS = 3
_RESTS_ON_INSPECTION = ("ofsted", "ofsted_report_cards")
_AGE = "judgement_age_years"
_ONLY_EVIDENCE = (
    "Without what is raised there would not be enough evidence to say: the rules that the statement rests on could not "
    "be assessed."
)
_NO_INTERVAL = (
    "No figure that it rests on has published limits: chance in the figures does not move it, and it is as firm as the "
    "judgements behind it."
)


@dataclass(frozen=True)
class Explanation:
    """What would change the level of one statement, and how firm it is, in sentences.

    Attributes:
        better, worse: the fewest changes that would move the level, the nearest first.
        to_bring: where there is not enough evidence: what would make the level known.
        firmness: how many draws give the same level.
    """

    statement: str
    better: tuple[str, ...]
    worse: tuple[str, ...]
    to_bring: tuple[str, ...]
    firmness: str


def school_explanation(viewer: Viewer, copy: Copy, profile: SchoolProfile) -> dict[str, Explanation]:
    """What would change each level of a school, and how firm it is: {statement: explanation}.

    The build's own evaluation judges every change and every draw; nothing is estimated, and the intake is never one
    of the changes.

    Raises:
        NotAllowed: the viewer may not read.
    """
    require_judged(viewer, copy, str(profile.school["urn"]))
    with supposing(copy.build, held_rule_set(copy.reader), str(profile.school["urn"])) as bench:
        today = bench.today()
        tried, drawn = candidates(bench, today), draws(bench)
        # all at once: planning the SQL takes longer than judging some hundred rows
        judged = bench.judge([*(one.supposition for one in tried), *drawn])
        changes = what_would_change(bench, today, tried, judged[: len(tried)])
        firm = how_firm(bench, today, judged[len(tried) :])
        rankings = _rankings(bench)
    return {
        card.statement: _explanation(card, changes[statement], firm[statement], rankings)
        for card in profile.cards
        for statement in [Statement(card.statement)]
    }


def _explanation(card: StatementCard, changes: WhatIf, firm: Firmness, rankings: Mapping[str, Ranking]) -> Explanation:
    words = _Words({rule.rule_id: rule.title for rule in card.rules}, rankings)
    return Explanation(
        statement=card.statement,
        better=_ways_in_words(changes, "better", words),
        worse=_ways_in_words(changes, "worse", words),
        to_bring=_to_bring_in_words(changes, card),
        firmness=_firmness_in_words(firm, card.level),
    )


def _rankings(bench: SchoolBench) -> dict[str, Ranking]:
    found = {name: ranking(bench, own) for name, own in bench.figures.items() if name in PLACES_BY_SHARE}
    return {name: one for name, one in found.items() if one is not None}


# what would change it


@dataclass(frozen=True)
class _Words:
    """What it takes to say a step: the rules' titles, and the shares of pupils behind places."""

    titles: Mapping[str, str]
    rankings: Mapping[str, Ranking]


def _ways_in_words(found: WhatIf, aim: str, words: _Words) -> tuple[str, ...]:
    """The ways to a better or a worse level as sentences; why there is none, where there is none."""
    ways: Sequence[Way] = found.better if aim == "better" else found.worse
    # there is nothing beyond the last level
    if found.level in (Level.NOT_ENOUGH_EVIDENCE, Level.LIKELY if aim == "better" else Level.UNLIKELY):
        return ()
    if aim in found.beyond_search:
        return ("More would have to change together than was tried.",)
    if not ways:
        without = found.at_most.get(aim) is Level.NOT_ENOUGH_EVIDENCE
        return (_ONLY_EVIDENCE if without else "No change of the figures that are known would do it.",)
    ways = sorted(ways, key=lambda way: bool(_inspected(way)))
    lines = [_way_in_words(way, words) for way in ways[:_MOST_WAYS]]
    return (*lines, *_others(len(ways), "as few changes"))


def _others(count: int, what: str) -> tuple[str, ...]:
    """How many ways are not told."""
    more = count - _MOST_WAYS
    if more < 1:
        return ()
    return (f"There is one other way with {what}." if more == 1 else f"There are {more} other ways with {what}.",)


def _way_in_words(way: Way, words: _Words) -> str:
    conditions = " and ".join(_step_in_words(step, words) for step in way.steps)
    inspected = _inspected(way)
    note = f" Only another inspection can change {' and '.join(inspected)}." if inspected else ""
    return f"It would be {way.level} if {conditions}.{note}"


def _inspected(way: Way) -> list[str]:
    """The rules of a way that only another inspection changes."""
    return [
        move.rule_id
        for step in way.steps
        if step.carried is None
        and measures_by_id()[step.measure_id].source in _RESTS_ON_INSPECTION
        # an age grows by itself
        and not (step.measure_id == _AGE and step.rises)
        for move in step.rules
    ]


def _step_in_words(step: Step, words: _Words) -> str:
    if step.carried is not None:
        return f'the statement "{STATEMENT_TITLES[step.carried]}" were judged {step.carried_level}'
    measure = measures_by_id()[step.measure_id]
    if measure.unit in ("category", "yes or no"):
        return " and ".join(_move_in_words(move, words.titles) for move in step.rules)
    ids = ", ".join(move.rule_id for move in step.rules)
    behind = _behind(step, words.rankings)
    return f'"{measure.label}" were {_bound(step, measure)} (it is {_said(step.now, measure)}{behind}; {ids})'


def _behind(step: Step, rankings: Mapping[str, Ranking]) -> str:
    """The share of pupils behind a place, today and there."""
    among = rankings.get(step.measure_id)
    if among is None:
        return ""
    return f", from {among.share:.1f}% of pupils; that place begins at about {among.share_at(step.to):.1f}%"


def _move_in_words(move: RuleMove, titles: Mapping[str, str]) -> str:
    """A rule on a yes or no, or on a category: its number would tell a reader nothing."""
    name = f'{move.rule_id}, "{titles[move.rule_id]}",'
    if move.then_status == "clear":
        return f"{name} were no longer so"
    if move.then_points < 0:
        return f"{name} spoke in its favour, for {_points(move.then_points)}"
    if move.status == "clear":
        return f"{name} were so, for {_points(move.then_points)}"
    return f"{name} counted for {_points(move.then_points)} and not for {move.points:g}"


def _points(points: float) -> str:
    return f"{points:g} point" if abs(points) == 1 else f"{points:g} points"


def _bound(step: Step, measure: Measure) -> str:
    to = _said(step.to, measure)
    if is_whole(measure):
        return f"{to} or {'more' if step.rises else 'fewer'}"
    if step.is_beyond:
        return f"{'above' if step.rises else 'below'} {to}"
    return f"{'at least' if step.rises else 'at most'} {to}"


def _said(value: float | None, measure: Measure) -> str:
    """A figure with as many decimals as its measure has, and one more where that would say another number."""
    if value is None:
        return "not known"
    if measure.unit == "pounds":
        return f"{'-' if value < 0 else ''}£{abs(value):,.0f}"
    decimals = measure.decimals if abs(value - round(value, measure.decimals)) < 0.001 else measure.decimals + 1
    unit = {"percent": "%", "percentage points": " percentage points"}.get(measure.unit, "")
    return f"{value:.{decimals}f}{unit}"


# which evidence to bring


def _to_bring_in_words(found: WhatIf, card: StatementCard) -> tuple[str, ...]:
    if found.level is not Level.NOT_ENOUGH_EVIDENCE:
        return ()
    if "to_bring" in found.beyond_search:
        return ("More evidence would be needed together than was tried.",)
    if not found.to_bring:
        return (card.lacking,)
    rules = {rule.rule_id: rule for rule in card.rules}
    lines = [" ".join(_evidence_in_words(step, rules) for step in way.steps) for way in found.to_bring[:_MOST_WAYS]]
    return (*lines, *_others(len(found.to_bring), "as little evidence"))


def _evidence_in_words(step: Step, rules: Mapping[str, RuleLine]) -> str:
    if step.carried is not None:
        return f'Enough evidence for the statement "{STATEMENT_TITLES[step.carried]}".'
    return " ".join(_rule_to_bring(rules[move.rule_id]) for move in step.rules)


def _rule_to_bring(rule: RuleLine) -> str:
    than = f" than that of {in_words(rule.measured_on)}" if rule.measured_on else ""
    older = f"Newer evidence{than} is needed."
    return f'{rule.rule_id}, "{rule.title}": {rule.would_assess or older}'


# how firm it is


def _firmness_in_words(firm: Firmness, level: str) -> str:
    if not firm.varied:
        return _NO_INTERVAL
    others = [f"{other} {counted(count, 'time')}" for other, count in firm.levels.items() if other != level]
    otherwise = f", and would be {', '.join(others)}" if others else ""
    times = "every time" if firm.same == firm.draws else counted(firm.same, "time")
    return (
        f"By chance alone, in who was in the year group or away, {firm.varied} of the {firm.known} "
        f"figures that are known could be others, within their limits. Moved so {firm.draws} times at random, the "
        f"level stays the same {times}{otherwise}."
    )


# all of it as text


def explained(profile: SchoolProfile, explanations: Mapping[str, Explanation], since: SchoolMoves | None = None) -> str:
    """A school in plain text: levels, every rule in words, what is missing and why, what would change it, how firm.

    Args:
        since: what moved since an earlier build that somebody chose.
    """
    school = profile.school
    lines = [
        f"{school['name']} (URN {school['urn']}), {school['la_name']}",
        f"{school['type']}, {school['phase']}; route: {school['route']}; place: {profile.priority}; "
        f"as at {profile.as_at}",
        *profile.history,
        *comment_lines(profile.judgements.comments),
    ]
    for card in profile.cards:
        lines += ["", f"{card.title}: {card.level.upper()}", f"  {card.summary}"]
        lines += [f"  {line}" for line in layer_lines(card.layers)]
        lines += [f"  {card.evidence}", f"  {card.age.sentence}", f"  {card.travel}"]
        lines += [f"  {card.observed}"] if card.observed else []
        if since is not None:
            lines += [f"  {since.sentence_of(card.statement)}"]
        for rule in card.rules:
            lines += _rule_as_text(rule)
        lines += [f"  {line}" for line in _changes_as_text(explanations[card.statement])]
    lines += ["", NOT_A_PREDICTION]
    return "\n".join(lines)


def _rule_as_text(rule: RuleLine) -> list[str]:
    mark = "near miss" if rule.near_miss else rule.status
    points = f" {rule.points:+g}" if rule.points else ""
    gate = ", sets the level" if rule.is_gate else ""
    lines = [f"  {rule.rule_id:>4} [{mark}{points}{gate}] {rule.sentence}"]
    if rule.remedy:
        lines.append(f"       {rule.would_assess}")
    if rule.source:
        lines.append(f"       from {rule.source}")
    return lines


def _changes_as_text(one: Explanation) -> list[str]:
    lines = []
    for title, sentences in changes_titled(one):
        lines += [f"{title}:", *(f"  - {sentence}" for sentence in sentences)]
    return [*lines, f"How firm it is: {one.firmness}"]


def changes_titled(one: Explanation) -> list[tuple[str, tuple[str, ...]]]:
    """What would change a level, under its headings; those without a sentence are left out."""
    titled = [
        ("What would make it known", one.to_bring),
        ("What would make it better", one.better),
        ("What would make it worse", one.worse),
    ]
    return [(title, sentences) for title, sentences in titled if sentences]


def report_paragraph(
    profile: SchoolProfile, explanations: Mapping[str, Explanation], since: SchoolMoves | None = None
) -> str:
    """The same in brief, a paragraph for each statement, to copy into a report."""
    school = profile.school
    parts = [
        f"{school['name']} (URN {school['urn']}), {school['la_name']}, as at {in_words(profile.as_at)}. "
        f"Place: {profile.priority}; route: {school['route']}. {NOT_A_PREDICTION}"
    ]
    for card in profile.cards:
        one = explanations[card.statement]
        near = [rule for rule in card.rules if rule.near_miss]
        sentences = [
            f"{card.title}. {card.summary}",
            " ".join(rule.sentence for rule in card.raised[:3]),
            _named("Close to a threshold", near),
            _named("Could not be assessed", card.not_assessed),
            *layer_lines(card.layers),
            card.observed,
            card.evidence,
            card.age.sentence,
            card.travel if since is None else since.sentence_of(card.statement),
            " ".join(f"{title}: {sentences[0]}" for title, sentences in changes_titled(one)),
            one.firmness,
        ]
        parts.append(" ".join(sentence for sentence in sentences if sentence))
    return "\n\n".join(parts)


def _named(title: str, rules: Sequence[RuleLine]) -> str:
    """Rules by their titles, in quotation marks: they are questions here, and not what was found."""
    quoted = "; ".join(f'"{rule.title}"' for rule in rules)
    return f"{title}: {quoted}." if quoted else ""
