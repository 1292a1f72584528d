"""What can be said of one ladder: the steps that were taken, those that may follow, and what is past its day."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from risk_model.casework import ENDED_REFERRALS, LadderStep, Referral
from risk_model.domain.periods import in_words
from risk_model.rules.escalation import Check, EscalationSettings, Ladder, Step
from risk_model.services.letter_school import LetterSchool


@dataclass(frozen=True)
class StepLine:
    """A step that was taken.

    Attributes:
        title: as the ladder calls it now; its id where the ladder has it no more.
        unanswered: the questions of its checklist that were not answered with yes.
        papers: what should be on file, where no paper is recorded.
        is_waiting: an answer is awaited; is_overdue: and the day for it is past.
    """

    taken: LadderStep
    title: str
    unanswered: tuple[str, ...]
    papers: tuple[str, ...]
    is_waiting: bool
    is_overdue: bool


@dataclass(frozen=True)
class NextStep:
    """A step that may come next.

    Attributes:
        missing: titles of the steps that must come first and are not recorded: to take it now needs a reason.
        paper: the letter that was sent and is its paper; "" where there is none.
    """

    step: Step
    missing: tuple[str, ...]
    checks: tuple[Check, ...]
    paper: str


def steps_done(ladder: Ladder, taken: Sequence[LadderStep], referral: Referral | None = None) -> set[str]:
    """Ids of the steps that count as taken: those recorded, and those up to where an academy's referral stands."""
    done = {one.step for one in taken}
    if referral is not None and referral.status not in ENDED_REFERRALS:
        reached = next((place for place, one in enumerate(ladder.steps) if one.status == referral.status), -1)
        done |= {one.id for one in ladder.steps[: reached + 1]}
    return done


def step_lines(
    settings: EscalationSettings,
    ladder: Ladder | None,
    steps: Sequence[LadderStep],
    school: LetterSchool,
    day: date,
    *,
    is_open: bool,
) -> tuple[StepLine, ...]:
    """The steps that were taken, in their order, as they stand on a day.

    Args:
        is_open: whether anything is awaited at all.
    """
    lines = []
    for place, one in enumerate(steps):
        known = ladder.step(one.step) if ladder else None
        asked = settings.checks_of(known, is_church_school=bool(school.diocese)) if known else []
        waits = is_open and one.answer_by is not None and not _is_answered(ladder, one, steps[place + 1 :])
        lines.append(
            StepLine(
                one,
                known.title if known else one.step,
                tuple(check.text for check in asked if check.id not in one.ticked),
                known.papers if known and not one.paper else (),
                waits,
                waits and one.answer_by is not None and one.answer_by < day,
            )
        )
    return tuple(lines)


def _is_answered(ladder: Ladder | None, one: LadderStep, later: Sequence[LadderStep]) -> bool:
    """Whether a later step ends the wait: one that says so or, where none of the ladder does, any further up."""
    if ladder is None:
        return False
    answering = {step.id for step in ladder.steps if one.step in step.answers}
    if answering:
        return any(each.step in answering for each in later)
    return any(ladder.place(each.step) > ladder.place(one.step) for each in later)


def next_steps(
    settings: EscalationSettings, ladder: Ladder, done: set[str], school: LetterSchool, papers: Mapping[str, str]
) -> tuple[NextStep, ...]:
    """Every step that is not taken yet, those whose turn it is before those that would come too soon.

    Args:
        done: ids of those that count as taken.
        papers: the letter that is the paper of a step, by the step's id.
    """
    found = [
        NextStep(
            step,
            tuple(one.title for one in ladder.missing_before(step, done)),
            tuple(settings.checks_of(step, is_church_school=bool(school.diocese))),
            papers.get(step.id, ""),
        )
        for step in ladder.steps
        if step.id not in done
    ]
    return tuple(sorted(found, key=lambda one: bool(one.missing)))


def reminders(lines: Sequence[StepLine], next_date: date | None, day: date) -> tuple[str, ...]:
    """What is past on a day and not recorded as done, a sentence each."""
    said = [
        f"{one.title}: nothing is recorded that was due by {in_words(one.taken.answer_by)}."
        for one in lines
        if one.is_overdue and one.taken.answer_by
    ]
    if next_date is not None and next_date < day:
        said.append(f"It was to be looked at on {in_words(next_date)}.")
    return tuple(said)
