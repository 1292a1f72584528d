"""Who could help a school with a need: every leader of the LA, by stated points, each in words. People choose."""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from risk_model.casework import AllocationStatus, ExitOutcome
from risk_model.domain.errors import RecordRefused
from risk_model.domain.viewer import Right, Viewer, require
from risk_model.domain.words import counted
from risk_model.rules.people import MatchLine, MatchStep, PeopleRules
from risk_model.services.capacity import conflicts_not_known, conflicts_of_interest
from risk_model.services.copy import Copy
from risk_model.services.directory import Entry, directory
from risk_model.services.directory_search import home_not_known
from risk_model.services.eligibility import ELIGIBLE, NO_RULE, NOT_KNOWN
from risk_model.services.need_words import AreaNeed, school_needs
from risk_model.services.school_facts import SchoolFacts, distance_km, school_facts
from risk_model.services.scope import Scope


@dataclass(frozen=True)
class Points:
    """One line of the match for one leader: points given of those there are, and why."""

    line_id: str
    kind: str
    title: str
    given: int
    most: int
    why: str

    @property
    def in_words(self) -> str:
        """The line as a screen shows it: "2 of 2: Phase. Both are primary."."""
        return f"{self.given} of {self.most}: {self.title}. {self.why}"


@dataclass(frozen=True)
class Match:
    """How one leader fits.

    Attributes:
        points: every line of the match, in its order, also those that give none.
        conflicts: why their challenge could be doubted; they stand last where there are any.
        put_last: why they stand after the others whatever their points; "" where they do not.
        km: from their own school in a straight line; None where not known.
    """

    entry: Entry
    points: tuple[Points, ...]
    conflicts: tuple[str, ...]
    put_last: str
    km: float | None

    @property
    def total(self) -> int:
        """All points together."""
        return sum(one.given for one in self.points)

    @property
    def fits_need(self) -> bool:
        """Whether a specialism or a strength names the need."""
        return any(one.kind == "specialism" and one.given > 0 for one in self.points)

    @property
    def title(self) -> str:
        """Who it is, and with how many points, in one line."""
        most = sum(one.most for one in self.points)
        last = ", put last" if self.put_last else ""
        return f"{self.entry.leader.label}, {self.entry.leader.role}: {self.total} of {most} points{last}"


@dataclass(frozen=True)
class Need:
    """What help is sought for.

    Attributes:
        title: what it is called on the screen.
        topics: titles of what it is about, to be compared with specialisms; empty where it names no topic.
        days: person-days that are needed this term; None where nobody said.
    """

    title: str
    topics: tuple[str, ...]
    days: float | None = None


@dataclass(frozen=True)
class Suggestion:
    """Every leader for one school and one need, the best fit first; nobody is left out.

    Attributes:
        most: the most points that there are.
        how: how it is ordered, in sentences.
    """

    school: SchoolFacts
    need: Need
    matches: tuple[Match, ...]
    most: int
    how: tuple[str, ...]

    @property
    def finding(self) -> str:
        """How many leaders fit the need, and how many of these have free days, in one sentence."""
        fit = [one for one in self.matches if one.fits_need and not one.put_last]
        free = sum(one.entry.free is not None and one.entry.free > 0 for one in fit)
        return (
            f"{self.need.title} at {self.school.name}: of {counted(len(self.matches), 'leader')}, {len(fit)} "
            f"could be asked now and have it among specialisms or strengths; {free} of them with free days this term."
        )


def need_choices(viewer: Viewer, copy: Copy, urn: str) -> dict[str, str]:
    """The needs that a form offers for a school, {area id: words}: first those with the most raised rules.

    Raises:
        NotAllowed: the viewer may not read.
        RulesRefused: the LA's own support.toml is not valid.
    """
    require(viewer, Right.PEOPLE)
    return {one.area.id: one.words for one in school_needs(viewer, copy, [urn])[urn]}


def suggest(viewer: Viewer, copy: Copy, urn: str, text: str, days: float | None = None) -> Suggestion:
    """Who could help a school, by stated points. Nothing is allocated by it.

    Args:
        text: the id of an area of need, or the user's own words.
        days: person-days that are needed this term, where that is known.
    Raises:
        NotAllowed: the viewer may not read.
        RecordRefused: no such school is loaded.
        RulesRefused: the LA's own people.toml or support.toml is not valid.
    """
    require(viewer, Right.PEOPLE)
    school = school_facts(viewer, copy, [urn]).get(urn)
    if school is None:
        raise RecordRefused(f"No open school with the URN {urn[:20]} is loaded.", ["Check the URN."])
    known = directory(viewer, copy, Scope(school.la_code))
    need = _need(school_needs(viewer, copy, [urn])[urn], known.rules, text, days)
    return ranked(known.rules, known.entries, school, need, known.rules.lines_on(known.as_at))


def _need(areas: Sequence[AreaNeed], rules: PeopleRules, text: str, days: float | None) -> Need:
    for one in areas:
        if one.area.id == text:
            return Need(one.area.title, one.topics(rules), days)
    return Need(text, tuple(topic.title for topic in rules.topics_in(text)), days)


def ranked(
    rules: PeopleRules,
    entries: Sequence[Entry],
    school: SchoolFacts,
    need: Need,
    lines: Sequence[tuple[MatchLine, MatchStep]],
) -> Suggestion:
    """Every leader with the points of each line, the most points first, then by label; those put last after all."""
    matches = [_match(rules, entry, school, need, lines) for entry in entries]
    matches.sort(key=lambda one: (_last_group(one), -one.total, one.entry.leader.label, one.entry.leader.id))
    most = sum(step.points for _, step in lines)
    return Suggestion(school, need, tuple(matches), most, _how(rules, most))


def _how(rules: PeopleRules, most: int) -> tuple[str, ...]:
    whose = "this LA's own" if rules.is_own else "the delivered"
    locality = "is" if rules.exclude_own_locality else "is not"
    return (
        f"At most {most} points, by {whose} list (people.toml, version {rules.version}); equal points stand by label.",
        "Those who do not help now stand after those who do, and those with a conflict of interest last of all.",
        f"The same locality {locality} a conflict here. {rules.exclude_why}",
        "Nothing is allocated by this list: it says who fits and why, and people choose.",
    )


def _last_group(match: Match) -> int:
    if match.conflicts:
        return 2
    return 1 if match.put_last else 0


def _match(
    rules: PeopleRules,
    entry: Entry,
    school: SchoolFacts,
    need: Need,
    lines: Sequence[tuple[MatchLine, MatchStep]],
) -> Match:
    conflicts = conflicts_of_interest(entry.leader, entry.home, school, exclude_own_locality=rules.exclude_own_locality)
    km = distance_km(entry.home, school)
    points = []
    for line, step in lines:
        given, why = _counted(line, step, entry, school, need, conflicts, km)
        points.append(Points(line.id, line.kind, line.title, given, step.points, why))
    return Match(entry, tuple(points), tuple(conflicts), _why_last(entry, conflicts), km)


def _why_last(entry: Entry, conflicts: Sequence[str]) -> str:
    away = [f"They help {entry.away}."] if entry.away else []
    notice = [f"They gave notice: {entry.notice}."] if entry.notice else []
    return " ".join([*conflicts, *away, *notice])


def _counted(
    line: MatchLine,
    step: MatchStep,
    entry: Entry,
    school: SchoolFacts,
    need: Need,
    conflicts: Sequence[str],
    km: float | None,
) -> tuple[int, str]:
    match line.kind:
        case "specialism":
            return _specialism(step.points, entry, need)
        case "phase":
            return _phase(step.points, entry, school)
        case "distance":
            return _distance(step, entry, school, km)
        case "free_days":
            return _free_days(step.points, entry, need)
        case "eligibility":
            return _eligibility(step.points, entry)
        case "track_record":
            return _track_record(step.points, entry)
        case "no_conflict":
            return _no_conflict(step.points, entry, conflicts)


def _specialism(most: int, entry: Entry, need: Need) -> tuple[int, str]:
    wanted = need.topics
    if not wanted:
        return 0, "The need names no topic that people.toml has, so specialisms cannot be compared with it."
    named = [title for title in wanted if title in entry.topics]
    if named:
        return most, f"Specialisms: {entry.specialisms}, which names {_listed(named)}."
    shared = [title for title in wanted if title in entry.strength_topics]
    if shared:
        return most // 2, f"Not a specialism, but a strength to share: {entry.leader.strengths}."
    if not entry.specialisms and not entry.leader.strengths:
        return 0, "Not known: no specialisms and no strengths are recorded."
    have = entry.specialisms or entry.leader.strengths
    return 0, f"The need is {_listed(wanted)}; recorded is {have}."


def _phase(most: int, entry: Entry, school: SchoolFacts) -> tuple[int, str]:
    if not entry.phases:
        recorded = f'"{entry.leader.phase}" names none' if entry.leader.phase else "none is recorded"
        return 0, f"Not known in which phase they help: {recorded}."
    if school.phase_group in entry.phases:
        return most, f"They help in {_listed(entry.phases)}; the school is {school.phase}."
    return 0, f"They help in {_listed(entry.phases)}, and the school is {school.phase}."


def _distance(step: MatchStep, entry: Entry, school: SchoolFacts, km: float | None) -> tuple[int, str]:
    if km is None:
        return _by_locality(step.points, entry, school)
    near, far = step.near_km or 0.0, step.far_km or 0.0
    said = f"{km:.1f} km from their own school in a straight line; near is up to {near:g} km, far from {far:g} km on."
    if km <= near:
        return step.points, said
    return (step.points // 2 if km <= far else 0), said


def _by_locality(most: int, entry: Entry, school: SchoolFacts) -> tuple[int, str]:
    why = f"The distance is not known (own school: {home_not_known(entry.leader)})" if not entry.home else _NO_POSITION
    if entry.locality is None or school.locality is None:
        return 0, f"{why}, and neither is whether it is the same locality."
    if entry.locality == school.locality:
        return most, f"{why}; both are in {school.locality}."
    return 0, f"{why}; they are in {entry.locality}, the school in {school.locality}."


_NO_POSITION = "The distance is not known (the loaded files do not place both schools)"


def _free_days(most: int, entry: Entry, need: Need) -> tuple[int, str]:
    free = entry.free
    if free is None:
        return 0, entry.this_term.in_words
    wanted = f" {need.days:g} are needed." if need.days is not None else ""
    if free <= 0:
        return 0, f"{entry.this_term.in_words}{wanted}"
    is_enough = need.days is None or free >= need.days
    return (most if is_enough else most // 2), f"{entry.this_term.in_words}{wanted}"


def _eligibility(most: int, entry: Entry) -> tuple[int, str]:
    lacking = [one for one in entry.findings if one.answer != "met"]
    why = " ".join(f"Not met: {one.why}" if one.answer == "not met" else one.why for one in lacking)
    if entry.standing == ELIGIBLE:
        return most, f"Every rule for {entry.leader.role} is met ({len(entry.findings)})."
    if entry.standing == NO_RULE:
        return most, f"There is no rule for {entry.leader.role}, so none is broken."
    return (most // 2 if entry.standing == NOT_KNOWN else 0), why


def _track_record(most: int, entry: Entry) -> tuple[int, str]:
    done = [one for one in entry.pieces if one.status == AllocationStatus.COMPLETED]
    if not done:
        return 0, "No completed support is recorded for them yet."
    met = sum(one.exit_outcome == ExitOutcome.MET for one in done)
    unknown = sum(one.exit_outcome in (None, ExitOutcome.NOT_KNOWN) for one in done)
    unsaid = f"; of {unknown} it is not recorded what came of it" if unknown else ""
    return min(most, met), f"{counted(len(done), 'piece')} completed, {met} with objectives met{unsaid}."


def _no_conflict(most: int, entry: Entry, conflicts: Sequence[str]) -> tuple[int, str]:
    if conflicts:
        return 0, " ".join(conflicts)
    unknown = conflicts_not_known(entry.leader, entry.home)
    if unknown:
        return 0, f"Not known: {unknown}"
    return most, "Another school, another trust, and no tie is declared."


def _listed(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def suggestion_table(suggestion: Suggestion) -> pd.DataFrame:
    """The suggestion as a table, a row per leader in its order: place, points, each line, conflicts, free days."""
    rows = [
        {
            "Place": place,
            "System leader": one.entry.leader.label,
            "Role": one.entry.leader.role.value,
            "Points": one.total,
            **{points.title: f"{points.given} of {points.most}" for points in one.points},
            "Free days": one.entry.free,
            "Distance km": one.km,
            "Put last because": one.put_last,
            "Number": one.entry.leader.id,
        }
        for place, one in enumerate(suggestion.matches, start=1)
    ]
    return pd.DataFrame(rows)
