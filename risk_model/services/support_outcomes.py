"""What became of support: how far each piece came, how it ended, and what that took in days and pounds."""

from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass

import pandas as pd

from risk_model.casework import (
    ENDED_STATUSES,
    Allocation,
    AllocationStatus,
    AuditEntry,
    ExitOutcome,
    allocations,
    audit_trail,
)
from risk_model.casework.audit import MOST_ENTRIES
from risk_model.domain.charts import Axis, Bars, Chart, Part, Role
from risk_model.domain.viewer import Right, Viewer, require
from risk_model.services.chart_frames import optional
from risk_model.services.copy import Copy
from risk_model.services.giving import KIND_NOT_RECORDED
from risk_model.services.scope import IN_SCOPE, Scope

OUTCOME_NOT_RECORDED = "not recorded"
OUTCOMES = (*(one.value for one in ExitOutcome), OUTCOME_NOT_RECORDED)
STAGES = ("Need put forward", "Offered", "Agreed", "Begun", "Completed")
# How far a piece must have come to stand so. That it was called off says nothing: there the trail has to tell.
_REACHED = {
    AllocationStatus.PROPOSED: 0,
    AllocationStatus.CANCELLED: 0,
    AllocationStatus.OFFERED: 1,
    AllocationStatus.CONSIDERING: 1,
    AllocationStatus.DECLINED: 1,
    AllocationStatus.AGREED: 2,
    AllocationStatus.PREPARING: 2,
    AllocationStatus.ACTIVE: 3,
    AllocationStatus.PAUSED: 3,
    AllocationStatus.ENDED_EARLY: 3,
    AllocationStatus.COMPLETED: 4,
}
_CALLED_OFF = ENDED_STATUSES - {AllocationStatus.COMPLETED}
_GIVEN_AND_OVER = frozenset({AllocationStatus.COMPLETED, AllocationStatus.ENDED_EARLY})
_OVER_COLUMNS = ("Pieces", "Days used", "Days not recorded", "Pounds", "Pounds not known")


@dataclass(frozen=True)
class EndedPiece:
    """Support that was given and is over; None is "not recorded".

    Attributes:
        days_used: person-days.
        rate_gbp: pounds for one of them.
    """

    kind: str
    outcome: str
    days_used: float | None
    rate_gbp: float | None

    @property
    def pounds(self) -> float | None:
        """What it cost; None where the days or the rate are not recorded."""
        return None if self.days_used is None or self.rate_gbp is None else self.days_used * self.rate_gbp


@dataclass(frozen=True)
class Piece:
    """How far one piece of support came.

    Attributes:
        status: as it stands now.
        held: every status that it is known to have had.
    """

    status: AllocationStatus
    held: frozenset[AllocationStatus]

    @property
    def reached(self) -> int:
        """The farthest of STAGES that it reached."""
        return max(_REACHED.get(one, 0) for one in {self.status, *self.held})


@dataclass(frozen=True)
class SupportOutcomes:
    """What became of the support of the schools in scope.

    Attributes:
        finding: how ended support ended, in a sentence; funnel_finding: how far support came.
        by_outcome: Outcome, and of the pieces that were given and are over how many, days and pounds; pounds are
            missing where no piece has both days and a rate, and those without are counted beside.
        by_kind: the same by Kind of support and Outcome.
        funnel: Stage, Pieces (that reached it), and of these Went on, Here now, Called off here.
        notes: what is not in the figures.
        about: what an export is.
    """

    finding: str
    funnel_finding: str
    by_outcome: pd.DataFrame
    by_kind: pd.DataFrame
    funnel: pd.DataFrame
    notes: list[str]
    about: list[str]

    @property
    def funnel_chart(self) -> Chart:
        """How many pieces of support reached each stage, and what became of them there."""
        parts = tuple(
            Part(name, role, optional(self.funnel[name]), tuple(str(one) if one else "" for one in self.funnel[name]))
            for name, role in (("Went on", Role.OWN), ("Here now", Role.SECOND), ("Called off here", Role.FOURTH))
        )
        axis = Axis("Pieces of support that reached the stage", from_zero=True)
        drawing = Bars(tuple(self.funnel["Stage"]), axis, parts)
        return Chart("funnel", self.funnel_finding, drawing, self.funnel, self.about[0])


def support_outcomes(viewer: Viewer, copy: Copy, scope: Scope) -> SupportOutcomes:
    """What became of the support of the schools in scope.

    Raises:
        NotAllowed: the viewer may not read.
    """
    require(viewer, Right.PEOPLE)
    found = copy.reader.rows(f"select urn from schools as s where {IN_SCOPE}", scope.params)
    asked = {row["urn"] for row in found}
    known = [one for one in allocations(copy.records, la_code=scope.la_code) if asked & set(one.urns)]
    trail = audit_trail(copy.records, table="allocation", limit=MOST_ENTRIES)
    held = _statuses_held(trail)
    pieces = [Piece(one.status, held.get(one.id, frozenset())) for one in known]
    ended = [_ended_piece(one, asked) for one in known if one.status in _GIVEN_AND_OVER]
    funnel = funnel_table(pieces)
    return SupportOutcomes(
        finding=_finding(ended),
        funnel_finding=_funnel_finding(funnel),
        by_outcome=outcome_table(ended),
        by_kind=kind_table(ended),
        funnel=funnel,
        notes=_notes(pieces, ended, trail_is_whole=len(trail) < MOST_ENTRIES),
        about=[
            f"What became of support. As at {copy.build.as_at:%d/%m/%Y}, build {copy.build.build_id}.",
            "Days are person-days; pounds are days used times the rate of a person-day.",
        ],
    )


def _ended_piece(one: Allocation, asked: Set[str]) -> EndedPiece:
    kind = KIND_NOT_RECORDED if one.support_type is None else one.support_type.value
    outcome = OUTCOME_NOT_RECORDED if one.exit_outcome is None else one.exit_outcome.value
    return EndedPiece(kind, outcome, _days_used_by(one, asked), one.rate_gbp)


def _days_used_by(one: Allocation, asked: Set[str]) -> float | None:
    """The days that the schools in scope had of it: all, or their share of those of a group."""
    if asked >= set(one.urns):
        return one.days_used
    days = [one.days_used_for(urn) for urn in one.urns if urn in asked]
    known = [day for day in days if day is not None]
    return sum(known) if len(known) == len(days) else None


def _statuses_held(trail: Sequence[AuditEntry]) -> dict[int, frozenset[AllocationStatus]]:
    """Of each allocation every status that the audit trail tells of."""
    held: dict[int, set[AllocationStatus]] = {}
    for entry in trail:
        for state in (entry.before, entry.after):
            if state is not None and state.get("status") is not None:
                held.setdefault(entry.record_id, set()).add(AllocationStatus(state["status"]))
    return {number: frozenset(words) for number, words in held.items()}


def outcome_table(ended: Sequence[EndedPiece]) -> pd.DataFrame:
    """A row for each outcome that there is, in the order of OUTCOMES: Outcome, then the columns of _OVER_COLUMNS."""
    rows = [
        (outcome, *_sums(one for one in ended if one.outcome == outcome))
        for outcome in OUTCOMES
        if any(one.outcome == outcome for one in ended)
    ]
    return pd.DataFrame(rows, columns=["Outcome", *_OVER_COLUMNS])


def kind_table(ended: Sequence[EndedPiece]) -> pd.DataFrame:
    """A row for each kind of support and outcome that there is: Kind of support, Outcome, the columns of
    _OVER_COLUMNS."""
    found = sorted({(one.kind, OUTCOMES.index(one.outcome)) for one in ended})
    rows = [
        (kind, OUTCOMES[place], *_sums(one for one in ended if (one.kind, one.outcome) == (kind, OUTCOMES[place])))
        for kind, place in found
    ]
    return pd.DataFrame(rows, columns=["Kind of support", "Outcome", *_OVER_COLUMNS])


def _sums(pieces: Iterable[EndedPiece]) -> tuple[int, float | None, int, float | None, int]:
    own = list(pieces)
    days = [one.days_used for one in own if one.days_used is not None]
    pounds = [one.pounds for one in own if one.pounds is not None]
    return (
        len(own),
        sum(days) if days else None,
        len(own) - len(days),
        sum(pounds) if pounds else None,
        len(own) - len(pounds),
    )


def funnel_table(pieces: Sequence[Piece]) -> pd.DataFrame:
    """How many pieces ever reached each stage: Stage, Pieces, Went on, Here now, Called off here. Records that were
    withdrawn as mistakes are none of them."""
    counted = [one for one in pieces if one.status is not AllocationStatus.WITHDRAWN]
    rows = []
    for place, stage in enumerate(STAGES):
        here = [one for one in counted if one.reached == place]
        off = [one for one in here if one.status in _CALLED_OFF]
        went_on = sum(one.reached > place for one in counted)
        rows.append((stage, went_on + len(here), went_on, len(here) - len(off), len(off)))
    return pd.DataFrame(rows, columns=["Stage", "Pieces", "Went on", "Here now", "Called off here"])


def _finding(ended: Sequence[EndedPiece]) -> str:
    if not ended:
        return "No support of these schools has been given and has ended."
    met = sum(one.outcome == ExitOutcome.MET for one in ended)
    without = sum(one.outcome == OUTCOME_NOT_RECORDED for one in ended)
    return (
        f"Of {len(ended):,} pieces of support that were given and are over, {met:,} met their objectives; for "
        f"{without:,} no outcome is recorded"
    )


def _funnel_finding(funnel: pd.DataFrame) -> str:
    first, offered, agreed, begun, completed = funnel["Pieces"]
    if not first:
        return "No support is recorded for these schools."
    return (
        f"Of {first:,} pieces of support that were put forward, {offered:,} were offered, {agreed:,} agreed, "
        f"{begun:,} begun and {completed:,} completed so far"
    )


def _notes(pieces: Sequence[Piece], ended: Sequence[EndedPiece], *, trail_is_whole: bool) -> list[str]:
    mistaken = sum(one.status is AllocationStatus.WITHDRAWN for one in pieces)
    notes = [
        "A stage counts where the record stands there now, stood there by the audit trail, or must have come past it: "
        "support that is active was agreed before. How far a cancelled piece came only the trail can say."
    ]
    if mistaken:
        notes.append(f"Left out: {mistaken:,} withdrawn as recorded by mistake.")
    unpriced = sum(one.pounds is None for one in ended)
    if unpriced:
        notes.append(f"For {unpriced:,} of {len(ended):,} ended pieces the pounds are not known: no rate or no days.")
    if not trail_is_whole:
        notes.append(f"Only the last {MOST_ENTRIES:,} changes were read; earlier stages may be missing.")
    return notes
