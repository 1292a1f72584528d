"""Days that system leaders offer, and what is planned and used of them, term by term; and conflicts of interest.

Days are person-days. The days of a piece of support are spread evenly over the days between its start and its end,
since nobody records them by term; what has no days or no dates is counted apart, never as none.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from risk_model.casework import ACTIVE_STATUSES, FINISHED_STATUSES, Allocation, AllocationStatus, SystemLeader, Visit
from risk_model.domain.periods import in_words
from risk_model.domain.words import counted
from risk_model.rules.people import TermStart
from risk_model.services.school_facts import SchoolFacts

# what may still come: asked for, and no promise
ASKED_STATUSES = frozenset(
    {AllocationStatus.PROPOSED, AllocationStatus.OFFERED, AllocationStatus.CONSIDERING, AllocationStatus.PAUSED}
)
HOW_SPREAD = (
    "Days are person-days. Planned days are spread evenly over the days between the start and the end of a piece of "
    "support; of one that ended, the days that were used count. Used days stand in the term of the visit; those of no "
    "visit are spread from the start until now. Support without days or without both dates is counted apart. What is "
    "proposed, offered, considered or paused takes no free day until it is agreed. Free is what is offered and not "
    "taken, leader by leader and never below none: of each piece of support the larger of planned and used is taken; "
    "days used ahead of the plan stay planned in later terms until the plan is changed. What is taken beyond a "
    "leader's own offer is told apart, and takes no free day of another's. A term counts in full where the leader "
    "helps on a day of it; a notice that touches a term takes all of its days away."
)


@dataclass(frozen=True)
class Term:
    """A school term as days are counted; `last` is its last day."""

    name: str
    first: date
    last: date


@dataclass(frozen=True)
class LeaderTerm:
    """One leader in one term, in person-days.

    Attributes:
        offered: None where it is not recorded how many they give; why says what stands behind it.
        planned: of agreed support and of what was given; used: of it, by the day of the count.
        taken: of each such piece the larger of planned and used.
        asked: planned of support that is proposed, offered, considered or paused.
        not_known: pieces in this term without days or dates, so not in `planned`.
        used_not_known: pieces under way of which nobody recorded the used days.
    """

    leader_id: int
    label: str
    role: str
    locality: str | None
    term: Term
    offered: float | None
    why: str
    planned: float
    used: float
    taken: float
    asked: float
    not_known: int
    used_not_known: int

    @property
    def free(self) -> float | None:
        """Days offered and not taken; none, and never fewer, where more is taken than offered."""
        return None if self.offered is None else max(0.0, self.offered - self.taken)

    @property
    def over(self) -> float | None:
        """Days taken beyond those offered."""
        return None if self.offered is None else max(0.0, self.taken - self.offered)

    @property
    def taken_in_words(self) -> str:
        """What the days taken are: planned, or used also beyond what is planned."""
        return "planned or used" if self.taken > self.planned else "planned"

    def with_more(self, days: float) -> "LeaderTerm":
        """The term with so many more days planned."""
        return replace(self, planned=self.planned + days, taken=self.taken + days)

    @property
    def in_words(self) -> str:
        """How many days are free, and what stands behind it, in one sentence."""
        if self.free is None or self.offered is None:
            return f"Free days in {self.term.name} are not known: {self.why}."
        unsure = (
            f"; {counted(self.not_known, 'piece')} without days or dates, so it may be fewer" if self.not_known else ""
        )
        behind = f" ({self.why})" if self.why else ""
        if self.over:
            over = f"{self.over:.1f} more than offered"
            taken = f"{self.taken:.1f} days are {self.taken_in_words} in {self.term.name}"
            return f"{taken} and {self.offered:g} offered{behind}: {over}{unsure}."
        return f"{self.free:.1f} of {self.offered:g} days are free in {self.term.name}{behind}{unsure}."


@dataclass(frozen=True)
class TermSum:
    """Several leaders in one term: sums of those whose days are recorded, and how many are not in them.

    Attributes:
        taken: of those whose days are recorded, so that offered less taken and over make free.
        free: of those who have any; over: of those of whom more is taken than they offer. One person's free day does
            not undo another's day too many.
    """

    group: str
    term: Term
    leaders: int
    offered: float
    planned: float
    used: float
    taken: float
    asked: float
    free: float
    over: float
    without_days: int
    not_known: int


def term_on(starts: Sequence[TermStart], day: date) -> Term:
    """The term that a day is in."""
    firsts = sorted((one.in_year(year), one.name) for year in range(day.year - 1, day.year + 2) for one in starts)
    place = max(number for number, (first, _) in enumerate(firsts) if first <= day)
    (first, name), (following, _) = firsts[place], firsts[place + 1]
    return Term(f"{name} {first.year}", first, following - timedelta(days=1))


def terms_from(starts: Sequence[TermStart], day: date, number: int) -> list[Term]:
    """The term that a day is in, and those after it, as many as asked for."""
    terms = [term_on(starts, day)]
    while len(terms) < number:
        terms.append(term_on(starts, terms[-1].last + timedelta(days=1)))
    return terms


def terms_between(starts: Sequence[TermStart], first: date, last: date) -> list[Term]:
    """Every term of which a day lies between two days, both included."""
    terms = [term_on(starts, first)]
    while terms[-1].last < last:
        terms.append(term_on(starts, terms[-1].last + timedelta(days=1)))
    return terms


def offered(leader: SystemLeader, term: Term) -> tuple[float | None, str]:
    """The days that a leader offers in a term, and why they are none, or not known.

    A term counts in full where they are available on a day of it. A notice that touches the term takes all of it away.
    """
    if leader.available_to is not None and leader.available_to < term.first:
        return 0.0, f"helps no longer since {in_words(leader.available_to)}"
    if leader.available_from is not None and leader.available_from > term.last:
        return 0.0, f"helps from {in_words(leader.available_from)}"
    if is_limited(leader, term.first, term.last):
        return 0.0, limit_in_words(leader)
    if leader.days_per_term is None:
        return None, "how many days they give in a term is not recorded"
    return leader.days_per_term, ""


def is_limited(leader: SystemLeader, first: date, last: date) -> bool:
    """Whether a notice that their own situation limits them touches any of these days."""
    since, until = leader.limited_from, leader.limited_to or date.max
    return since is not None and since <= last and first <= until


def limit_in_words(leader: SystemLeader) -> str:
    """The notice that a leader gave; "" where there is none."""
    if leader.limited_from is None:
        return ""
    until = f" to {in_words(leader.limited_to)}" if leader.limited_to else ""
    note = f": {leader.limited_note.rstrip('.')}" if leader.limited_note else ""
    return f"limited by their own school from {in_words(leader.limited_from)}{until}{note}"


def spread(days: float, first: date, last: date, term: Term) -> float:
    """The part of some days, spread evenly from first to last, that falls into a term."""
    shared = (min(last, term.last) - max(first, term.first)).days + 1
    return days * max(0, shared) / ((last - first).days + 1)


def planned_in(one: Allocation, term: Term) -> float | None:
    """The days of one piece of support that fall into a term; of one that ended, those that were used.

    Returns:
        None where it may touch the term and has no days or not both dates; 0.0 where it is sure not to touch it.
    """
    if (one.start_date and one.start_date > term.last) or (one.end_date and one.end_date < term.first):
        return 0.0
    is_given = one.status in FINISHED_STATUSES and one.days_used is not None
    days = one.days_used if is_given else one.days_planned
    if days is None or one.start_date is None or one.end_date is None:
        return None
    return spread(days, one.start_date, one.end_date, term)


def used_in(one: Allocation, seen: Sequence[Visit], term: Term, as_at: date) -> float | None:
    """The used days of one piece of support that fall into a term: those of its visits by their own day, and the rest
    spread evenly from its start to the day of the count.

    Args:
        seen: its visits.
    Returns:
        None where it is under way in the term and nobody recorded them; 0.0 where it is sure not to touch it.
    """
    dated = [(visit.visited_on, visit.days) for visit in seen if visit.days is not None]
    visited = sum(days for day, days in dated if term.first <= day <= term.last)
    rest = None if one.days_used is None else max(0.0, one.days_used - sum(days for _, days in dated))
    last = as_at if one.end_date is None else min(one.end_date, as_at)
    if one.start_date is None or rest is None:
        is_elsewhere = one.start_date is not None and (one.start_date > min(last, term.last) or last < term.first)
        return visited if rest == 0 or is_elsewhere else None
    if last < one.start_date:
        return visited
    return visited + spread(rest, one.start_date, last, term)


def leader_terms(
    leaders: Iterable[SystemLeader],
    known: Iterable[Allocation],
    seen: Iterable[Visit],
    terms: Sequence[Term],
    as_at: date,
) -> list[LeaderTerm]:
    """Every leader in every term, by label and then by term."""
    pieces: dict[int, list[Allocation]] = {}
    for one in known:
        if one.system_leader_id is not None:
            pieces.setdefault(one.system_leader_id, []).append(one)
    listed = list(seen)
    by_label = sorted(leaders, key=lambda leader: (leader.label, leader.id))
    return [
        leader_term(leader, pieces.get(leader.id, []), listed, term, as_at) for leader in by_label for term in terms
    ]


def leader_term(
    leader: SystemLeader, pieces: Sequence[Allocation], seen: Sequence[Visit], term: Term, as_at: date
) -> LeaderTerm:
    """One leader in one term, from their own pieces of support and the visits of any."""
    agreed = [one for one in pieces if one.status in ACTIVE_STATUSES | FINISHED_STATUSES]
    planned = [planned_in(one, term) for one in agreed]
    used = [used_in(one, [visit for visit in seen if visit.allocation_id == one.id], term, as_at) for one in agreed]
    asked = [planned_in(one, term) for one in pieces if one.status in ASKED_STATUSES]
    days, why = offered(leader, term)
    return LeaderTerm(
        leader_id=leader.id,
        label=leader.label,
        role=leader.role.value,
        locality=leader.locality,
        term=term,
        offered=days,
        why=why,
        planned=sum(one for one in planned if one is not None),
        used=sum(one for one in used if one is not None),
        taken=sum(max(own or 0.0, gone or 0.0) for own, gone in zip(planned, used, strict=True)),
        asked=sum(one for one in asked if one is not None),
        not_known=sum(one is None for one in planned),
        used_not_known=sum(one is None for one in used),
    )


def summed(lines: Iterable[LeaderTerm], group_of: Callable[[LeaderTerm], str | None]) -> list[TermSum]:
    """Leaders' terms summed by a group and term, in the order of the terms and of the groups' names.

    A leader of whom it is not known how many days they offer is counted in `without_days`, and is in no sum but
    `planned`, `used` and `asked`.
    """
    groups: dict[tuple[date, str], list[LeaderTerm]] = {}
    for line in lines:
        groups.setdefault((line.term.first, group_of(line) or "not recorded"), []).append(line)
    return [_sum(group, members) for (_, group), members in sorted(groups.items())]


def _sum(group: str, members: Sequence[LeaderTerm]) -> TermSum:
    known = [one for one in members if one.offered is not None]
    return TermSum(
        group=group,
        term=members[0].term,
        leaders=len(members),
        offered=sum(one.offered for one in known if one.offered is not None),
        planned=sum(one.planned for one in members),
        used=sum(one.used for one in members),
        taken=sum(one.taken for one in known),
        asked=sum(one.asked for one in members),
        free=sum(one.free for one in known if one.free is not None),
        over=sum(one.over for one in known if one.over is not None),
        without_days=len(members) - len(known),
        not_known=sum(one.not_known for one in members),
    )


def over_allocation(lines: Iterable[LeaderTerm]) -> list[str]:
    """In which terms more of a leader is taken than they offer, a sentence each."""
    return [f"{one.label}: {one.in_words}" for one in lines if one.over]


def conflicts_of_interest(
    leader: SystemLeader, home: SchoolFacts | None, school: SchoolFacts, *, exclude_own_locality: bool
) -> list[str]:
    """Why a leader's challenge to a school could be doubted, a sentence each; none where nothing is known of it.

    Args:
        home: the leader's own school, where it is recorded and loaded.
        exclude_own_locality: whether this LA wants help from outside the locality only.
    """
    if leader.home_urn == school.urn:
        return [f"{leader.label} works at this school."]
    found = []
    if home is not None and home.trust_uid is not None and home.trust_uid == school.trust_uid:
        found.append(f"Their own school, {home.name}, is in the same trust: {home.trust_name or home.trust_uid}.")
    if school.urn in leader.tied_urns:
        found.append("They have declared a tie with this school.")
    locality = (home.locality if home else None) or leader.locality
    if exclude_own_locality and locality is not None and locality == school.locality:
        found.append(f"They are of the same locality, {locality}, which this LA excludes.")
    return found


def conflicts_not_known(leader: SystemLeader, home: SchoolFacts | None) -> str:
    """What cannot be looked for, and how to bring it; "" where everything can."""
    if leader.home_urn is None:
        return "Their own school is not recorded, so whether it is in the same trust is not known."
    if home is None:
        return (
            f"Their own school (URN {leader.home_urn}) is not loaded, so whether it is in the same trust is not known."
        )
    return ""
