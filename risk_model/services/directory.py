"""The directory: who could help schools beyond their own, in which roles, how eligible, and with how many free days."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from risk_model.casework import (
    Allocation,
    Designation,
    SystemLeader,
    allocations,
    designations,
    system_leaders,
    visits,
)
from risk_model.domain.periods import in_words
from risk_model.domain.viewer import Right, Viewer, require
from risk_model.rules.people import PeopleRules
from risk_model.services.capacity import LeaderTerm, Term, leader_term, limit_in_words, term_on
from risk_model.services.copy import Copy
from risk_model.services.eligibility import Finding, findings, people_rules, standing
from risk_model.services.school_facts import SchoolFacts, school_facts
from risk_model.services.scope import Scope


@dataclass(frozen=True)
class Entry:
    """One leader in the directory.

    Attributes:
        roles_held: the role in which they are asked, and those of designations that have not lapsed.
        roles_now, roles_lapsed: each role with its dates, in words; the role in which they are asked comes first.
        home: their own school with its state; None where it is not recorded or not loaded.
        findings: each rule of eligibility for the role; standing: all together, a word of STANDINGS.
        this_term: days offered, planned, used and free in the term of the as-at date.
        away: "from 1 January 2027" or "no longer since 31 July 2026" where they do not help on that day; "" where they
            do. notice: the one that they gave, where it counts on that day; "" where there is none.
        pieces: every piece of support in which they are named.
        phases: groups of phases in which they help: primary, secondary, special, alternative provision, nursery;
            from the home school where none is recorded.
        specialisms: as recorded of the leader and of the designations that stand; topics: the titles of what they are
            about.
        strength_topics: what the strengths to share are about.
    """

    leader: SystemLeader
    roles_held: frozenset[str]
    roles_now: tuple[str, ...]
    roles_lapsed: tuple[str, ...]
    home: SchoolFacts | None
    findings: tuple[Finding, ...]
    standing: str
    this_term: LeaderTerm
    away: str
    notice: str
    pieces: tuple[Allocation, ...]
    phases: tuple[str, ...]
    specialisms: str | None
    topics: tuple[str, ...]
    strength_topics: tuple[str, ...]

    @property
    def helps_now(self) -> bool:
        """Whether they are available on the as-at date and gave no notice."""
        return not self.away and not self.notice

    @property
    def helps(self) -> str:
        """Whether they help on the as-at date, in words: "now", or why not."""
        return self.away or self.notice or "now"

    @property
    def recorded(self) -> tuple[tuple[str, str | None], ...]:
        """What the LA recorded of them beside roles and days, each with its heading; None where nothing is."""
        leader = self.leader
        return (
            ("Specialisms", self.specialisms),
            ("Strengths to share", leader.strengths),
            ("Phase", leader.phase),
            ("Locality", self.locality),
            ("Training", leader.training),
            ("Accredited by", leader.accredited_by),
            ("Quality assured by", leader.quality_assured_by),
            ("Ties with schools (URN)", leader.ties),
            ("Note", leader.note),
        )

    @property
    def locality(self) -> str | None:
        """Where they are: as recorded, or that of their own school."""
        return self.leader.locality or (self.home.locality if self.home else None)

    @property
    def free(self) -> float | None:
        """Free days in the term of the as-at date; None where not known."""
        return self.this_term.free


@dataclass(frozen=True)
class Directory:
    """Every leader of an LA, by label, also those who help no longer.

    Attributes:
        rules: the declarations by which eligibility was judged.
        term: the one in which free days are counted.
    """

    entries: tuple[Entry, ...]
    rules: PeopleRules
    term: Term
    as_at: date


PHASE_GROUPS = ("primary", "secondary", "special", "alternative provision", "nursery")


def directory(viewer: Viewer, copy: Copy, scope: Scope) -> Directory:
    """Every system leader of the LA in scope with roles, home school, eligibility and free days on the as-at date.

    Raises:
        NotAllowed: the viewer may not read.
        RulesRefused: the LA's own people.toml is not valid.
    """
    require(viewer, Right.PEOPLE)
    rules, as_at = people_rules(viewer, copy), copy.build.as_at
    leaders = system_leaders(copy.records, la_code=scope.la_code)
    homes = school_facts(viewer, copy, [one.home_urn for one in leaders if one.home_urn is not None])
    roles = designations(copy.records, la_code=scope.la_code)
    support = allocations(copy.records, la_code=scope.la_code)
    seen = visits(copy.records, la_code=scope.la_code)
    term = term_on(rules.term, as_at)
    entries = []
    for leader in leaders:
        own = [one for one in support if one.system_leader_id == leader.id]
        held = [one for one in roles if one.system_leader_id == leader.id]
        days = leader_term(leader, own, seen, term, as_at)
        entries.append(entry_of(rules, leader, held, homes.get(leader.home_urn or ""), own, days, as_at))
    return Directory(tuple(entries), rules, term, as_at)


def entry_of(
    rules: PeopleRules,
    leader: SystemLeader,
    held: Sequence[Designation],
    home: SchoolFacts | None,
    own: Sequence[Allocation],
    days: LeaderTerm,
    as_at: date,
) -> Entry:
    """One leader's entry, from what is recorded of them and what the build says of their school.

    Args:
        held: their designations; own: their pieces of support; days: in the term of the as-at date.
    """
    found = findings(rules, leader, held, home, as_at)
    specialisms = _joined(leader.specialisms, *(one.specialism for one in held if one.is_held_on(as_at)))
    return Entry(
        leader=leader,
        roles_held=frozenset({leader.role.value, *(one.role.value for one in held if one.is_held_on(as_at))}),
        roles_now=_roles_now(leader, held, as_at),
        roles_lapsed=tuple(_role_in_words(one) for one in held if one.to_date is not None and one.to_date < as_at),
        home=home,
        findings=tuple(found),
        standing=standing(found),
        this_term=days,
        away=_away(leader, as_at),
        notice=limit_in_words(leader) if leader.is_limited_on(as_at) else "",
        pieces=tuple(own),
        phases=_phases(leader, home),
        specialisms=specialisms,
        topics=_titles(rules, specialisms),
        strength_topics=_titles(rules, leader.strengths),
    )


def _roles_now(leader: SystemLeader, held: Sequence[Designation], as_at: date) -> tuple[str, ...]:
    """Designations that stand, the role in which they are asked first; that role alone where none is recorded."""
    now = [one for one in held if one.is_held_on(as_at)]
    now.sort(key=lambda one: one.role != leader.role)
    words = tuple(_role_in_words(one) for one in now)
    if any(one.role == leader.role for one in now):
        return words
    return (f"{leader.role} (dates not recorded)", *words) if not _lapsed(leader, held, as_at) else words


def _lapsed(leader: SystemLeader, held: Sequence[Designation], as_at: date) -> bool:
    return any(one.role == leader.role and one.to_date is not None and one.to_date < as_at for one in held)


def _role_in_words(one: Designation) -> str:
    """A role with what it is for and its dates: "SLE (mathematics), from 1 September 2024, by a hub"."""
    what = f" ({one.specialism})" if one.specialism else ""
    since = f", from {in_words(one.from_date)}" if one.from_date else ""
    until = f", to {in_words(one.to_date)}" if one.to_date else ""
    by = f", by {one.designated_by}" if one.designated_by else ""
    return f"{one.role}{what}{since}{until}{by}"


def _away(leader: SystemLeader, as_at: date) -> str:
    if leader.available_to is not None and leader.available_to < as_at:
        return f"no longer since {in_words(leader.available_to)}"
    if leader.available_from is not None and leader.available_from > as_at:
        return f"from {in_words(leader.available_from)}"
    return ""


def _phases(leader: SystemLeader, home: SchoolFacts | None) -> tuple[str, ...]:
    said = (leader.phase or "").casefold()
    if not said:
        return (home.phase_group,) if home else ()
    if said in ("all", "any", "every", "all phases"):
        return PHASE_GROUPS
    is_through = "all-through" in said
    return tuple(one for one in PHASE_GROUPS if one in said or (is_through and one in ("primary", "secondary")))


def _joined(*texts: str | None) -> str | None:
    return "; ".join(dict.fromkeys(text for text in texts if text)) or None


def _titles(rules: PeopleRules, text: str | None) -> tuple[str, ...]:
    return tuple(one.title for one in rules.topics_in(text))
