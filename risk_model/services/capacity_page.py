"""The capacity of system leaders on one screen, and the warnings that a new piece of support should give."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import pandas as pd

from risk_model.casework import NewAllocation, SystemLeader, allocations, system_leaders, visits
from risk_model.domain.charts import Axis, Bars, Chart, Part, Role
from risk_model.domain.errors import RecordRefused
from risk_model.domain.viewer import Right, Viewer, require
from risk_model.domain.words import counted
from risk_model.services.capacity import (
    HOW_SPREAD,
    LeaderTerm,
    Term,
    TermSum,
    conflicts_of_interest,
    leader_term,
    leader_terms,
    over_allocation,
    spread,
    summed,
    terms_between,
    terms_from,
)
from risk_model.services.copy import Copy
from risk_model.services.eligibility import people_rules
from risk_model.services.school_facts import school_facts
from risk_model.services.scope import Scope

# the term of the day and the two after it: a school year
TERMS_SHOWN = 3


@dataclass(frozen=True)
class CapacityPage:
    """Days by leader and term, and their sums.

    Attributes:
        lines: every leader in each term shown, by label and term.
        by_role, by_locality, by_term: sums.
        over: of whom more is taken than they offer, a sentence for each term.
        finding: the title: how many days are free this term, and how many leaders are over.
        how: how days are counted.
    """

    lines: tuple[LeaderTerm, ...]
    by_role: tuple[TermSum, ...]
    by_locality: tuple[TermSum, ...]
    by_term: tuple[TermSum, ...]
    over: tuple[str, ...]
    finding: str
    how: str

    @property
    def this_term(self) -> tuple[LeaderTerm, ...]:
        """The lines of the term of the as-at date, by label."""
        first = min((line.term.first for line in self.lines), default=None)
        return tuple(line for line in self.lines if line.term.first == first)

    @property
    def chart(self) -> Chart:
        """Days planned of each leader this term, and a mark where what they offer ends."""
        lines = self.this_term
        planned = Part("Planned", Role.OWN, tuple(line.planned for line in lines))
        offered = ("Offered", tuple(line.offered for line in lines))
        drawing = Bars(tuple(line.label for line in lines), Axis("Days this term"), (planned,), (offered,))
        table = capacity_table(self.lines)
        return Chart("capacity", self.finding, drawing, table, "what the LA has recorded", (self.how,))


def capacity_page(viewer: Viewer, copy: Copy, scope: Scope) -> CapacityPage:
    """Days offered, planned, used and free of every leader of the LA in scope, this term and the two after it.

    Raises:
        NotAllowed: the viewer may not read.
        RulesRefused: the LA's own people.toml is not valid.
    """
    require(viewer, Right.PEOPLE)
    rules, as_at = people_rules(viewer, copy), copy.build.as_at
    leaders = system_leaders(copy.records, la_code=scope.la_code)
    support = allocations(copy.records, la_code=scope.la_code)
    seen = visits(copy.records, la_code=scope.la_code)
    lines = leader_terms(leaders, support, seen, terms_from(rules.term, as_at, TERMS_SHOWN), as_at)
    by_term = summed(lines, lambda line: line.term.name)
    return CapacityPage(
        lines=tuple(lines),
        by_role=tuple(summed(lines, lambda line: line.role)),
        by_locality=tuple(summed(lines, lambda line: line.locality)),
        by_term=tuple(by_term),
        over=tuple(over_allocation(lines)),
        finding=_finding(by_term, lines),
        how=HOW_SPREAD,
    )


def _finding(by_term: Sequence[TermSum], lines: Sequence[LeaderTerm]) -> str:
    if not by_term:
        return "No system leader is recorded for this local authority."
    now = by_term[0]
    own = [line for line in lines if line.term == now.term]
    free = [line for line in own if line.free is not None and line.free > 0]
    over = sum(bool(line.over) for line in own)
    have = f"{_leaders(over)} {'has' if over == 1 else 'have'} {_days(now.over)}"
    beyond = f"{have} of these beyond what they offer" if over else "none beyond what a leader offers"
    silent = f"; how many days {_leaders(now.without_days)} can give is not recorded" if now.without_days else ""
    return (
        f"{_days(now.free)} of {_days(now.offered)} days offered in {now.term.name} are free, with "
        f"{_leaders(len(free))}; {_days(now.taken)} are planned or used, and {beyond}{silent}."
    )


def _days(days: float) -> str:
    return f"{round(days, 1):g}"


def _leaders(n: int) -> str:
    return counted(n, "leader")


def capacity_table(lines: Sequence[LeaderTerm]) -> pd.DataFrame:
    """Leaders and terms as a table, a row each. A day that is not known is missing, and Because says why."""
    return pd.DataFrame(
        [
            {
                "System leader": line.label,
                "Role": line.role,
                "Locality": line.locality,
                "Term": line.term.name,
                "Offered": line.offered,
                "Planned": line.planned,
                "Used": line.used,
                "Taken": line.taken,
                "Free": line.free,
                "More than offered": line.over,
                "Asked for": line.asked,
                "Days or dates not known": line.not_known,
                "Use not recorded": line.used_not_known,
                "Because": line.why,
            }
            for line in lines
        ]
    )


def sums_table(sums: Sequence[TermSum], called: str) -> pd.DataFrame:
    """Sums as a table, a row for each group and term.

    Args:
        called: what a group is: "Role", "Locality"; "" where the groups are the terms.
    """
    return pd.DataFrame(
        [
            {
                "Term": one.term.name,
                **({called: one.group} if called else {}),
                "Leaders": one.leaders,
                "Offered": one.offered,
                "Planned": one.planned,
                "Used": one.used,
                "Taken": one.taken,
                "Free": one.free,
                "More than offered": one.over,
                "Asked for": one.asked,
                "Leaders without days": one.without_days,
                "Days or dates not known": one.not_known,
            }
            for one in sums
        ]
    )


def allocation_warnings(
    viewer: Viewer,
    copy: Copy,
    leader_id: int,
    urns: Sequence[str],
    days_planned: float | None,
    start_date: date | None,
    end_date: date | None,
    without: int | None = None,
    also: Sequence[NewAllocation] = (),
) -> list[str]:
    """What speaks against a leader for a piece of support: conflicts of interest, then terms with too many days.

    Args:
        urns: the schools that it is for.
        also: what is to be recorded together with it, and counts before it.
        without: the number of the piece itself where it is recorded already, so that its days count once.
    Returns:
        Sentences; none where nothing is known to speak against it. Over-allocation is looked for in each term of its
        dates; where days, dates or the leader's own days are not known, nothing can be said of it.
    Raises:
        NotAllowed: the viewer may not read.
        RecordRefused: there is no such leader.
    """
    require(viewer, Right.PEOPLE)
    leader = next((one for one in system_leaders(copy.records) if one.id == leader_id), None)
    if leader is None:
        raise RecordRefused(f"There is no system leader number {leader_id}.", ["Load the page again."])
    rules = people_rules(viewer, copy)
    schools = school_facts(viewer, copy, [*urns, *([leader.home_urn] if leader.home_urn else [])])
    conflicts = [
        f"{schools[urn].name}: {conflict}" if len(urns) > 1 else conflict
        for urn in urns
        if urn in schools
        for conflict in conflicts_of_interest(
            leader,
            schools.get(leader.home_urn or ""),
            schools[urn],
            exclude_own_locality=rules.exclude_own_locality,
        )
    ]
    if days_planned is None or start_date is None or end_date is None or end_date < start_date:
        return conflicts
    terms = terms_between(rules.term, start_date, end_date)
    own = [one for one in allocations(copy.records) if one.system_leader_id == leader_id and one.id != without]
    seen = visits(copy.records, la_code=leader.la_code)
    before = [
        line.with_more(_planned_with(also, leader_id, line.term))
        for line in (leader_term(leader, own, seen, term, copy.build.as_at) for term in terms)
    ]
    after = [line.with_more(spread(days_planned, start_date, end_date, line.term)) for line in before]
    return [*conflicts, *_too_many(leader, before, after)]


def _planned_with(also: Sequence[NewAllocation], leader_id: int, term: Term) -> float:
    """The days of a term that support asks for which is not recorded yet."""
    return sum(
        spread(one.days_planned, one.start_date, one.end_date, term)
        for one in also
        if one.system_leader_id == leader_id
        and one.days_planned is not None
        and one.start_date is not None
        and one.end_date is not None
    )


def _too_many(leader: SystemLeader, before: Sequence[LeaderTerm], after: Sequence[LeaderTerm]) -> list[str]:
    found = []
    for was, now in zip(before, after, strict=True):
        if now.offered is not None and now.taken > max(now.offered, was.taken):
            why = f" ({now.why})" if now.why else ""
            found.append(
                f"{leader.label} offers {now.offered:g} days in {now.term.name}{why}; {was.taken:.1f} are "
                f"{was.taken_in_words}, and with this it would be {now.taken:.1f}."
            )
    return found
