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
    letters,
    referrals,
)
from risk_model.domain.periods import in_words
from risk_model.domain.viewer import Right, Viewer, require
from risk_model.domain.words import Route
from risk_model.rules.escalation import EscalationSettings, Ladder, read_escalation_settings
from risk_model.rules.letters import read_letter_settings
from risk_model.services.copy import Copy
from risk_model.services.ladder import NextStep, StepLine, next_steps, reminders, step_lines, steps_done
from risk_model.services.letter_school import LetterSchool, letter_school
from risk_model.services.scope import IN_SCOPE, Scope

_SCHOOLS_SQL = f"select s.urn, s.name from schools as s where {IN_SCOPE}"


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
    require(viewer, Right.PEOPLE)
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
    require(viewer, Right.PEOPLE)
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
    lines = step_lines(settings, ladder, steps, school, copy.build.as_at, is_open=one.closed_on is None)
    is_open = one.closed_on is None
    papers = _papers(copy, one.urn) if is_open else {}
    nexts = next_steps(settings, ladder, steps_done(ladder, steps), school, papers) if ladder and is_open else ()
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
        reminders(lines, one.next_date if is_open else None, copy.build.as_at),
    )


def _of_referral(
    viewer: Viewer, copy: Copy, settings: EscalationSettings, one: Referral, steps: Sequence[LadderStep]
) -> Climb:
    school = letter_school(viewer, copy, one.urn)
    ladder = settings.ladder_for(Route.REGIONAL_DIRECTOR)
    is_open = one.status not in ENDED_REFERRALS
    lines = step_lines(settings, ladder, steps, school, copy.build.as_at, is_open=is_open)
    papers = _papers(copy, one.urn) if is_open else {}
    nexts = next_steps(settings, ladder, steps_done(ladder, steps, one), school, papers) if ladder and is_open else ()
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
        reminders(lines, one.next_date if is_open else None, copy.build.as_at),
    )


def _papers(copy: Copy, urn: str) -> dict[str, str]:
    """The letter that is the paper of a step, by the step: the newest that was sent and stands."""
    step_of = {one.id: one.step for one in read_letter_settings(copy.data.root).templates if one.step}
    found: dict[str, str] = {}
    for one in letters(copy.records, urn=urn):
        if one.sent_on is not None and one.withdrawn_reason is None and one.template in step_of:
            found.setdefault(step_of[one.template], f"Letter {one.id}, sent {in_words(one.sent_on)}")
    return found
