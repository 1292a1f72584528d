"""The agenda of a core group, made from what is known: which schools, and the reason for each."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

import pandas as pd

from risk_model.casework import (
    FINISHED_STATUSES,
    Action,
    AgendaItem,
    Allocation,
    Meeting,
    MeetingOutcomeWord,
    actions,
    agenda_items,
    allocations,
    meetings,
)
from risk_model.domain.periods import in_words
from risk_model.domain.viewer import Right, Viewer, require
from risk_model.domain.words import STATEMENT_TITLES, Level, Priority, Statement
from risk_model.services.at_risk import provider_in_words, school_list
from risk_model.services.copy import Copy
from risk_model.services.core_groups import Group, last_before
from risk_model.services.judgements import LAPSED, NO_LAYER
from risk_model.services.shareable import is_support_shown

# where there was no meeting before: about a term
_A_TERM = timedelta(days=120)
_CARRIED = (MeetingOutcomeWord.DEFERRED, MeetingOutcomeWord.NOT_DISCUSSED)
_DUE = ("overdue", "overdue as far as known", "within 12 months")
_UNSETTLED = (Level.UNLIKELY.value, Level.UNCERTAIN.value)


class Why(StrEnum):
    """Why a school is on an agenda."""

    NEW_FLAG = "new flag"
    FLAGGED = "still flagged"
    CARRIED = "carried over"
    CHANGED = "level changed"
    ACTION = "action overdue"
    REVIEW = "review due"
    SUPPORT_REVIEW = "support review due"
    SUPPORT_ENDED = "support ended"
    DIFFER = "judgements differ"
    INSPECTION = "inspection due"


@dataclass(frozen=True)
class Reason:
    """One reason, and the sentence that says it."""

    why: Why
    sentence: str


@dataclass(frozen=True)
class AgendaLine:
    """A school for an agenda, with its reasons; levels are those of the shown build, by statement."""

    urn: str
    name: str
    priority: str
    levels: Mapping[Statement, str]
    reasons: tuple[Reason, ...]


Found = Iterator[tuple[str, Reason]]


def agenda_for(viewer: Viewer, copy: Copy, group: Group, day: date) -> list[AgendaLine]:
    """The schools that a core group should look at on a day, the most urgent first, each with its reasons.

    On it are: the priority schools; those left open by the last meeting; those whose level moved since then; overdue
    actions; reviews that are due, of the group and of support; support that ended; judgements that differ or lapsed;
    and inspections due within a year where a statement is unlikely or uncertain.

    Raises:
        NotAllowed: the viewer may not read.
    """
    require(viewer, Right.PEOPLE)
    schools = school_list(viewer, copy, group.scope)
    known = meetings(copy.records, la_code=group.la_code)
    last = last_before(known, group, day)
    items = {} if last is None else {one.urn: one for one in agenda_items(copy.records, last.id)}
    since = last.held_on if last else day - _A_TERM
    support = allocations(copy.records, la_code=group.la_code)
    found: dict[str, list[Reason]] = {}
    for urn, reason in (
        *_flags(schools, last, items),
        *_carried(last, day),
        *_moves(schools, last, items),
        *_overdue(actions(copy.records, la_code=group.la_code), day),
        *_reviews(known, group, day),
        *_support(support, since, day),
        *_differences(schools),
        *_inspections(schools),
    ):
        found.setdefault(urn, []).append(reason)
    return [_line(row, found[row["urn"]]) for row in _rows(schools) if row["urn"] in found]


def line_for(viewer: Viewer, copy: Copy, group: Group, urn: str) -> AgendaLine | None:
    """One school of a group as a line without reasons, for an agenda that somebody puts it on; None for another's.

    Raises:
        NotAllowed: the viewer may not read.
    """
    require(viewer, Right.PEOPLE)
    schools = school_list(viewer, copy, group.scope)
    rows = _rows(schools[schools["urn"] == urn])
    return _line(rows[0], []) if rows else None


def shortened(lines: Sequence[AgendaLine], whys: Collection[Why], at_most: int | None) -> list[AgendaLine]:
    """An agenda cut down to what a meeting has time for: the most urgent of those that one of the reasons brings.

    Each school keeps all its reasons.

    Args:
        at_most: how many schools; None for all.
    """
    return [one for one in lines if any(reason.why in whys for reason in one.reasons)][:at_most]


def agenda_table(lines: Sequence[AgendaLine]) -> pd.DataFrame:
    """An agenda as a table, a row for each reason: URN, School, Priority, Reason, In words."""
    rows = [
        (one.urn, one.name, one.priority, reason.why.value, reason.sentence) for one in lines for reason in one.reasons
    ]
    return pd.DataFrame(rows, columns=["URN", "School", "Priority", "Reason", "In words"])


def _rows(schools: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(name): value for name, value in row.items()} for row in schools.to_dict("records")]


def _line(row: Mapping[str, Any], reasons: Sequence[Reason]) -> AgendaLine:
    levels = {statement: str(row[f"{statement.value}_level"]) for statement in Statement}
    return AgendaLine(str(row["urn"]), str(row["name"]), str(row["priority"]), levels, tuple(reasons))


def _flags(schools: pd.DataFrame, last: Meeting | None, items: Mapping[str, AgendaItem]) -> Found:
    for urn in schools[schools["priority"] == Priority.PRIORITY.value]["urn"]:
        outcome = last.outcome_of(urn) if last else None
        before = items[urn].priority if urn in items else None
        if last is None:
            yield urn, Reason(Why.NEW_FLAG, "Priority for support; this group has not met before.")
        elif outcome is None:
            said = f"Priority for support, and not discussed on {in_words(last.held_on)}, at the last meeting."
            yield urn, Reason(Why.NEW_FLAG, said)
        elif before not in (None, Priority.PRIORITY):
            said = f'Priority for support; at the meeting of {in_words(last.held_on)} it was "{before}".'
            yield urn, Reason(Why.NEW_FLAG, said)
        else:
            said = f"Still priority for support; on {in_words(last.held_on)} the group decided: {outcome.outcome}."
            yield urn, Reason(Why.FLAGGED, said)


def _carried(last: Meeting | None, day: date) -> Found:
    for one in last.outcomes if last else ():
        if one.outcome in _CARRIED and one.statement is None and last is not None:
            yield one.urn, Reason(Why.CARRIED, f"Carried over from {in_words(last.held_on)}: {one.outcome}.")


def _moves(schools: pd.DataFrame, last: Meeting | None, items: Mapping[str, AgendaItem]) -> Found:
    """Since the last meeting where its agenda kept the level; else since the build before this one."""
    for row in _rows(schools):
        for statement in Statement:
            now = row[f"{statement.value}_level"]
            item = items.get(row["urn"])
            before = getattr(item, f"{statement.value}_level") if item else None
            title = STATEMENT_TITLES[statement]
            if before is not None and last is not None:
                if before.value != now:
                    said = f"{title}: {now}; on {in_words(last.held_on)} it was {before.value}."
                    yield row["urn"], Reason(Why.CHANGED, said)
            elif isinstance(row["changes"], str) and f"{statement.value} worse" in row["changes"].split("; "):
                yield row["urn"], Reason(Why.CHANGED, f"{title}: {now}, worse than at the build before this one.")


def _overdue(known: Iterable[Action], day: date) -> Found:
    for one in known:
        if one.is_overdue_on(day) and one.due is not None:
            said = f"Action overdue since {in_words(one.due)}: {one.action} ({one.owner or 'owner not known'})"
            yield one.urn, Reason(Why.ACTION, said)


def _reviews(known: Sequence[Meeting], group: Group, day: date) -> Found:
    """Of each school the last outcome of this group with a review-by date that has come."""
    latest: dict[str, tuple[date, date | None]] = {}
    for meeting in known:
        if meeting.locality != group.name or meeting.held_on >= day:
            continue
        for one in meeting.outcomes:
            held, review = latest.get(one.urn, (date.min, None))
            if meeting.held_on > held or (meeting.held_on == held and review is None):
                latest[one.urn] = (meeting.held_on, one.review_by)
    for urn, (held_on, review_by) in latest.items():
        if review_by is not None and review_by <= day:
            said = f"On {in_words(held_on)} the group asked to look again by {in_words(review_by)}."
            yield urn, Reason(Why.REVIEW, said)


def _support(known: Iterable[Allocation], since: date, day: date) -> Found:
    for one in known:
        # an agenda lies on the table of the whole group
        who = provider_in_words(one) if is_support_shown(one) else "the LA"
        for urn in one.urns:
            if one.review_date and one.review_date <= day and one.is_active_on(day):
                said = f"Support by {who} was to be reviewed by {in_words(one.review_date)}."
                yield urn, Reason(Why.SUPPORT_REVIEW, said)
            if one.end_date and since <= one.end_date <= day and one.status in FINISHED_STATUSES:
                outcome = one.exit_outcome or "no outcome recorded"
                said = f"Support by {who} ended on {in_words(one.end_date)}: {outcome}."
                yield urn, Reason(Why.SUPPORT_ENDED, said)


def _differences(schools: pd.DataFrame) -> Found:
    for row in _rows(schools):
        for statement in Statement:
            computed, adviser = row[f"{statement.value}_level"], row[f"{statement.value}_adviser_level"]
            title = STATEMENT_TITLES[statement]
            if adviser == LAPSED:
                yield row["urn"], Reason(Why.DIFFER, f"{title}: the adviser's view has reached its review-by date.")
            elif adviser not in (NO_LAYER, computed):
                said = f"{title}: the adviser's view differs from the computed level."
                yield row["urn"], Reason(Why.DIFFER, said)


def _inspections(schools: pd.DataFrame) -> Found:
    for row in _rows(schools):
        if row["next_inspection_standing"] not in _DUE:
            continue
        if any(row[f"{statement.value}_level"] in _UNSETTLED for statement in Statement):
            standing = f"Next inspection: {row['next_inspection_standing']}"
            by = row["next_inspection_due_by"]
            said = standing if pd.isna(by) else f"{standing}, due by {in_words(pd.Timestamp(by).date())}"
            yield row["urn"], Reason(Why.INSPECTION, f"{said}.")
