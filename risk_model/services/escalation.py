"""Escalation: where each school stands on its ladder, what may come next, and what is being waited for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import pandas as pd

from risk_model.casework import (
    ENDED_REFERRALS,
    Escalation,
    LadderStep,
    Referral,
    escalations,
    ladder_steps,
    referrals,
)
from risk_model.domain.periods import in_words
from risk_model.domain.viewer import Viewer, require_reader
from risk_model.domain.words import Route
from risk_model.rules.escalation import Check, EscalationSettings, Ladder, Step, read_escalation_settings
from risk_model.services.copy import Copy
from risk_model.services.letter_school import LetterSchool, letter_school
from risk_model.services.scope import IN_SCOPE, Scope

_SCHOOLS_SQL = f"select s.urn, s.name from schools as s where {IN_SCOPE}"


@dataclass(frozen=True)
class StepLine:
    """A step that was taken.

    Attributes:
        title: as the ladder calls it now; its id where the ladder has it no more.
        unanswered: the questions of its checklist that were not answered with yes.
        is_waiting: an answer is awaited; is_overdue: and the day for it is past.
    """

    taken: LadderStep
    title: str
    unanswered: tuple[str, ...]
    is_waiting: bool
    is_overdue: bool


@dataclass(frozen=True)
class NextStep:
    """A step that may come next.

    Attributes:
        missing: titles of the steps that must come first and are not recorded: to take it now needs a reason.
    """

    step: Step
    missing: tuple[str, ...]
    checks: tuple[Check, ...]


@dataclass(frozen=True)
class Climb:
    """One concern about one school, and how far up its ladder it has come.

    Attributes:
        number: of the escalation of a maintained school, or of the referral of an academy.
        steps: in the order in which they were taken; nexts: what may follow, those in order first.
        reminders: what is overdue or ends soon, a sentence each.
    """

    urn: str
    school: str
    is_academy: bool
    number: int
    version: int
    concern: str
    owner: str | None
    begun_on: date | None
    next_date: date | None
    closed_on: date | None
    close_reason: str | None
    is_open: bool
    standing: str
    steps: tuple[StepLine, ...]
    nexts: tuple[NextStep, ...]
    reminders: tuple[str, ...]

    @property
    def waits_until(self) -> date | None:
        """The earliest day by which an answer is awaited."""
        days = [one.taken.answer_by for one in self.steps if one.is_waiting and one.taken.answer_by]
        return min(days) if days else None


@dataclass(frozen=True)
class SchoolLadder:
    """A school, its ladder, and what stands on it.

    Attributes:
        ladder: None for a school that is neither maintained nor an academy.
        caveat: why the ladder's law does not apply to a school of this type by itself; "" where it does.
        climbs: open ones first.
    """

    school: LetterSchool
    ladder: Ladder | None
    caveat: str
    climbs: tuple[Climb, ...]


def escalation_list(viewer: Viewer, copy: Copy, scope: Scope, *, only_open: bool = True) -> list[Climb]:
    """The concerns about the schools in scope, those with a reminder first, then by name.

    Raises:
        NotAllowed: the viewer may not read.
        RulesRefused: the LA's own ladders are not valid.
    """
    require_reader(viewer)
    settings = read_escalation_settings(copy.data.root)
    names = {row["urn"]: row["name"] for row in copy.reader.rows(_SCHOOLS_SQL, scope.params)}
    found = [
        one
        for one in _climbs(viewer, copy, settings, scope.la_code, None)
        if one.urn in names and (one.is_open or not only_open)
    ]
    return sorted(found, key=lambda one: (not one.reminders, one.school, one.urn, -one.number))


def school_ladder(viewer: Viewer, copy: Copy, urn: str) -> SchoolLadder:
    """A school on its ladder.

    Raises:
        NotAllowed: the viewer may not read.
        NotFound: no school of this build has the URN.
        RulesRefused: the LA's own ladders are not valid.
    """
    require_reader(viewer)
    settings = read_escalation_settings(copy.data.root)
    school = letter_school(viewer, copy, urn)
    ladder = settings.ladder_for(school.route)
    caveat = ladder.not_for_why if ladder is not None and school.type in ladder.not_for else ""
    climbs = sorted(_climbs(viewer, copy, settings, None, urn), key=lambda one: (not one.is_open, -one.number))
    return SchoolLadder(school, ladder, caveat, tuple(climbs))


def escalation_table(climbs: Sequence[Climb]) -> pd.DataFrame:
    """Concerns as the screen shows them, same order.

    Returns:
        School, URN, Ladder, Stands at, Since, Answer awaited by, Next date, Reminder, Owner, Number.
    """
    columns = [
        "School",
        "URN",
        "Ladder",
        "Stands at",
        "Since",
        "Answer awaited by",
        "Next date",
        "Reminder",
        "Owner",
        "Number",
    ]
    rows = [
        (
            one.school,
            one.urn,
            "academy" if one.is_academy else "maintained",
            one.standing,
            one.steps[-1].taken.taken_on if one.steps else one.begun_on,
            one.waits_until,
            one.next_date,
            " ".join(one.reminders) or "none",
            one.owner or "not recorded",
            one.number,
        )
        for one in climbs
    ]
    return pd.DataFrame(rows, columns=columns)


def steps_done(ladder: Ladder, taken: Sequence[LadderStep], referral: Referral | None = None) -> set[str]:
    """Ids of the steps that count as taken: those recorded, and those up to where an academy's referral stands."""
    done = {one.step for one in taken}
    if referral is not None and referral.status not in ENDED_REFERRALS:
        reached = next((place for place, one in enumerate(ladder.steps) if one.status == referral.status), -1)
        done |= {one.id for one in ladder.steps[: reached + 1]}
    return done


def _climbs(
    viewer: Viewer, copy: Copy, settings: EscalationSettings, la_code: str | None, urn: str | None
) -> list[Climb]:
    steps: dict[tuple[bool, int], list[LadderStep]] = {}
    for one in ladder_steps(copy.records, la_code=la_code):
        key = (one.referral_id is not None, one.referral_id or one.escalation_id or 0)
        steps.setdefault(key, []).append(one)
    schools = {row["urn"]: row["route"] for row in copy.reader.rows("select urn, route from schools")}
    found = []
    for opened in escalations(copy.records, la_code=la_code, urn=urn):
        if schools.get(opened.urn) is not None:
            found.append(_of_escalation(viewer, copy, settings, opened, steps.get((False, opened.id), [])))
    for raised in referrals(copy.records, la_code=la_code, urn=urn):
        if schools.get(raised.urn) == Route.REGIONAL_DIRECTOR:
            found.append(_of_referral(viewer, copy, settings, raised, steps.get((True, raised.id), [])))
    return found


def _of_escalation(
    viewer: Viewer, copy: Copy, settings: EscalationSettings, one: Escalation, steps: Sequence[LadderStep]
) -> Climb:
    # a school that has become an academy since keeps what was recorded, and can take no further step
    school = letter_school(viewer, copy, one.urn)
    ladder = settings.ladder_for(Route.LA_SUPPORT)
    lines = _lines(settings, ladder, steps, school, copy.build.as_at, is_open=one.closed_on is None)
    is_open = one.closed_on is None
    nexts = _nexts(settings, ladder, steps_done(ladder, steps), school) if ladder and is_open else ()
    stands = lines[-1].title if lines else "opened, no step yet"
    return Climb(
        one.urn,
        school.name,
        False,
        one.id,
        one.version,
        one.concern,
        one.owner,
        one.opened_on,
        one.next_date,
        one.closed_on,
        one.close_reason,
        is_open,
        stands if one.closed_on is None else f"closed on {in_words(one.closed_on)}: {one.close_reason}",
        lines,
        () if school.is_academy else nexts,
        _reminders(lines, one.next_date if is_open else None, copy.build.as_at),
    )


def _of_referral(
    viewer: Viewer, copy: Copy, settings: EscalationSettings, one: Referral, steps: Sequence[LadderStep]
) -> Climb:
    school = letter_school(viewer, copy, one.urn)
    ladder = settings.ladder_for(Route.REGIONAL_DIRECTOR)
    is_open = one.status not in ENDED_REFERRALS
    lines = _lines(settings, ladder, steps, school, copy.build.as_at, is_open=is_open)
    nexts = _nexts(settings, ladder, steps_done(ladder, steps, one), school) if ladder and is_open else ()
    return Climb(
        one.urn,
        school.name,
        True,
        one.id,
        one.version,
        one.concern,
        one.owner,
        one.raised_on,
        one.next_date,
        None,
        None,
        is_open,
        one.status.value,
        lines,
        nexts,
        _reminders(lines, one.next_date if is_open else None, copy.build.as_at),
    )


def _lines(
    settings: EscalationSettings,
    ladder: Ladder | None,
    steps: Sequence[LadderStep],
    school: LetterSchool,
    day: date,
    *,
    is_open: bool,
) -> tuple[StepLine, ...]:
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


def _nexts(settings: EscalationSettings, ladder: Ladder, done: set[str], school: LetterSchool) -> tuple[NextStep, ...]:
    """Every step that is not taken yet, those whose turn it is before those that would come too soon."""
    found = [
        NextStep(
            step,
            tuple(one.title for one in ladder.missing_before(step, done)),
            tuple(settings.checks_of(step, is_church_school=bool(school.diocese))),
        )
        for step in ladder.steps
        if step.id not in done
    ]
    return tuple(sorted(found, key=lambda one: bool(one.missing)))


def _reminders(lines: Sequence[StepLine], next_date: date | None, day: date) -> tuple[str, ...]:
    said = [
        f"{one.title}: nothing is recorded that was due by {in_words(one.taken.answer_by)}."
        for one in lines
        if one.is_overdue and one.taken.answer_by
    ]
    if next_date is not None and next_date < day:
        said.append(f"It was to be looked at on {in_words(next_date)}.")
    return tuple(said)
