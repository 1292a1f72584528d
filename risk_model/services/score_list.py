"""The list of points that orders the schools: what each line counts, why, and of how many schools it is known."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from risk_model.domain.periods import in_words
from risk_model.domain.viewer import Viewer, require_reader
from risk_model.domain.words import MISSING_IN_WORDS, NOT_A_PREDICTION, MissingReason
from risk_model.measures.reader import measures_by_id
from risk_model.rules.reader import PHASES
from risk_model.rules.score_parts import ScorePart, ScoreStep
from risk_model.scoring.held_rules import held_rule_set
from risk_model.scoring.inspection_score import Line
from risk_model.services.copy import Copy
from risk_model.services.inspection_score import (
    DECIDES_NO_LEVEL,
    NO_POINT_FOR_INTAKE,
    is_like_intake,
    points_in_words,
    signed,
    why_no_list,
)
from risk_model.services.scope import IN_SCOPE, Scope


@dataclass(frozen=True)
class LineKnown:
    """Of how many schools the figure of a line is known.

    Attributes:
        schools: of its phases; known: those of them with a figure that counts.
        reasons: the others, by reason in words, the most frequent first.
    """

    schools: int = 0
    known: int = 0
    reasons: dict[str, int] = field(default_factory=dict)

    @property
    def sentence(self) -> str:
        """The counts in one sentence."""
        if not self.schools:
            return "no school that the line is about"
        return f"known for {self.known:,} of {self.schools:,} schools"


@dataclass(frozen=True)
class ListLine:
    """One line of the list, in words.

    Attributes:
        sentence: how it is counted, as its author says it; counts: the same from its numbers.
        measures: what it reads, in the order in which it is looked for; nothing for what a whole phase has.
        fewest, most, unknown: points; unknown_says: what a figure that is not known counts as, and why.
        history: other ways of counting, not in force on the day.
        is_overdue: its review was due before today.
        here, everywhere: of how many schools it is known, in the scope and among all of the build.
    """

    id: str
    title: str
    sentence: str
    counts: str
    phases: str
    measures: tuple[str, ...]
    fewest: int
    most: int
    unknown: int
    unknown_says: str
    when: str
    why: str
    reference: str
    history: tuple[str, ...]
    checked_by: str
    next_review: date
    is_overdue: bool
    here: LineKnown
    everywhere: LineKnown

    @property
    def range_in_words(self) -> str:
        """The fewest and the most points: "0 to 9"; where every school has as many, "5"."""
        if self.fewest == self.most:
            return signed(self.most)
        return f"{signed(self.fewest)} to {signed(self.most)}"


@dataclass(frozen=True)
class ScoreList:
    """The list of a build.

    Attributes:
        lines: in force on its day, in the order of the list.
        why_none: why there are none; "" where there are.
        notes: what it is for and not for.
    """

    lines: tuple[ListLine, ...]
    why_none: str
    notes: tuple[str, ...]


def score_list(viewer: Viewer, copy: Copy, scope: Scope) -> ScoreList:
    """The list of points by which the schools of the shown build are in order.

    Raises:
        NotAllowed: the viewer may not read.
        NotFound: the build was made before builds kept their rules.
    """
    require_reader(viewer)
    why_none = why_no_list(viewer, copy)
    if why_none:
        return ScoreList((), why_none, ())
    day = copy.build.as_at
    here, everywhere = _known(copy, scope), _known(copy, Scope())
    lines = tuple(
        _list_line(part, step, here.get(part.id, LineKnown()), everywhere.get(part.id, LineKnown()))
        for part in held_rule_set(copy.reader).score
        if (step := part.step_on(day))
    )
    return ScoreList(lines, "", (*_like_intake(copy), NO_POINT_FOR_INTAKE, DECIDES_NO_LEVEL, NOT_A_PREDICTION))


def score_list_in_plain_text(found: ScoreList) -> list[str]:
    """The same in lines of text, for the terminal."""
    if found.why_none:
        return [found.why_none]
    lines = []
    for one in found.lines:
        lines.append(f"{one.id:>4} [{one.range_in_words} points] {one.title}")
        lines.append(f"       {one.sentence} {one.unknown_says}".rstrip())
        if one.measures:
            known = f"Here {one.here.sentence}; of all schools that are judged {one.everywhere.sentence}."
            lines.append(f"       {known}")
        lines.append(f"       {one.why} Reference: {one.reference}.")
        lines.append(f"       Checked by {one.checked_by}. Next review {in_words(one.next_review)}.")
    return [*lines, *found.notes]


_KNOWN_SQL = f"""
    select p.part_id, p.is_known, p.missing_reason, count(*) as schools
    from score_points as p
    inner join schools as s on s.urn = p.urn
    where {IN_SCOPE}
    group by p.part_id, p.is_known, p.missing_reason"""


def _known(copy: Copy, scope: Scope) -> dict[str, LineKnown]:
    schools: Counter[str] = Counter()
    known: Counter[str] = Counter()
    reasons: dict[str, Counter[str]] = {}
    for row in copy.reader.rows(_KNOWN_SQL, scope.params):
        schools[row["part_id"]] += row["schools"]
        if row["is_known"]:
            known[row["part_id"]] += row["schools"]
        else:
            words = MISSING_IN_WORDS[MissingReason(row["missing_reason"])]
            reasons.setdefault(row["part_id"], Counter())[words] += row["schools"]
    return {
        part: LineKnown(n, known[part], dict(reasons.get(part, Counter()).most_common())) for part, n in schools.items()
    }


def _list_line(part: ScorePart, step: ScoreStep, here: LineKnown, everywhere: LineKnown) -> ListLine:
    fewest, most = Line(part, step).range
    phases = PHASES if "all" in part.phases else part.phases
    return ListLine(
        id=part.id,
        title=part.title,
        sentence=part.sentence,
        counts=step_in_words(part, step),
        phases="every phase" if set(phases) == set(PHASES) else ", ".join(phases),
        measures=tuple(measures_by_id()[one].label for one in part.measures),
        fewest=fewest,
        most=most,
        unknown=step.unknown,
        unknown_says=f"Not known: {points_in_words(step.unknown)}. {step.unknown_why}" if part.measure else "",
        when=_when(step),
        why=step.why,
        reference=step.reference,
        history=tuple(
            f"{step_in_words(part, one)} ({_when(one)}). {one.why} Reference: {one.reference}."
            for one in part.step
            if one is not step
        ),
        checked_by=part.checked_by,
        next_review=part.next_review,
        is_overdue=part.next_review < date.today(),
        here=here,
        everywhere=everywhere,
    )


def step_in_words(part: ScorePart, step: ScoreStep) -> str:
    """How a line counts, from its numbers: "1 point for every full 10 below 100 (percentile), 9 times at most"."""
    if part.measure is None:
        return f"{points_in_words(step.points)} for every school of its phases"
    unit = measures_by_id()[part.measure].unit
    if unit in ("yes or no", "category") and (step.start, step.each, step.most) == (0.0, 1.0, 1):
        text = f"{points_in_words(step.points)} where it is so"
    else:
        beyond = "above" if step.each > 0 else "below"
        times = "once" if step.most == 1 else f"{step.most} times"
        full = f"for every full {abs(step.each):g} {beyond} {step.start:g} ({unit})"
        text = f"{points_in_words(step.points)} {full}, {times} at most"
    if step.stale_after_years is None:
        return text
    years = "a year" if step.stale_after_years == 1 else f"{step.stale_after_years:g} years"
    return f"{text}; a figure older than {years} is as good as not known"


def _when(step: ScoreStep) -> str:
    until = f" to {in_words(step.until)}" if step.until else ""
    return f"from {in_words(step.from_)}{until}"


def _like_intake(copy: Copy) -> tuple[str, ...]:
    """Which lines compare schools with those of a like intake."""
    parts = [part for part in held_rule_set(copy.reader).score if part.step_on(copy.build.as_at)]
    named: Mapping[str, list[str]] = {
        "always": [part.id for part in parts if is_like_intake(part.measure or "")],
        "else": [
            part.id for part in parts if is_like_intake(part.instead or "") and not is_like_intake(part.measure or "")
        ],
    }
    if not named["always"]:
        return ()
    otherwise = f"; so does {_listed(named['else'])} where its own figure is not known" if named["else"] else ""
    return (f"{_listed(named['always'])} compare a school with those of a like intake{otherwise}.",)


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
