"""What was known, agreed and sent on a past day, of one school or of a whole LA, as it stood then."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from risk_model.casework import Disagreement, disagreements, records_then
from risk_model.domain.errors import NotFound, RulesRefused
from risk_model.domain.viewer import Right, Viewer, require
from risk_model.domain.words import STATEMENT_TITLES, Priority, counted, level_in_words
from risk_model.rules.escalation import read_escalation_settings
from risk_model.services.copy import Copy
from risk_model.services.history_builds import BuildThen, SchoolThen, build_then, earlier_levels, last_known
from risk_model.services.history_lines import TABLES, all_lines
from risk_model.services.history_words import ACTIONS, AGREED, NONE_THEN, REFERRED, SUPPORT, Known, Line
from risk_model.services.scope import IN_SCOPE, Scope

SAID = "What the build said"


@dataclass(frozen=True)
class History:
    """A past day.

    Attributes:
        about: the school, or the schools of a scope, in words.
        urn: of the one school; None for a whole LA.
        build: the build that stood; its schools are those asked for.
        lines: of every part, in order; those that did not stand any more are on the time line alone.
        timeline: what had happened until the day, the newest first.
        may_see_restricted: restricted notes are in it.
    """

    la_code: str
    about: str
    urn: str | None
    day: date
    build: BuildThen
    lines: tuple[Line, ...]
    timeline: tuple[Line, ...]
    may_see_restricted: bool

    @cached_property
    def parts(self) -> dict[str, list[Line]]:
        """{heading: what stood}, every heading; an empty one says so by `NONE_THEN`."""
        return {part: [line for line in self.lines if line.part == part and line.stands] for part in NONE_THEN}

    @property
    def school(self) -> SchoolThen | None:
        """What the build said of the one school."""
        return None if self.urn is None else self.build.schools.get(self.urn)

    @property
    def flagged(self) -> list[SchoolThen]:
        """The schools that the build had flagged, so its priority schools, by name."""
        return self._by_name(Priority.PRIORITY)

    @property
    def watched(self) -> list[SchoolThen]:
        """The schools to which the build gave the place watch, by name; none of them was flagged."""
        return self._by_name(Priority.WATCH)

    @property
    def said(self) -> str:
        """How many schools the build had flagged, and how many at watch beside them, in one sentence."""
        every = counted(len(self.build.schools), "school")
        flagged = f"{len(self.flagged)} of {every}" if self.flagged else f"None of {every}"
        was = "was" if len(self.flagged) < 2 else "were"
        return f'{flagged} {was} flagged, and {len(self.watched)} had the place "watch".'

    def _by_name(self, place: Priority) -> list[SchoolThen]:
        found = [one for one in self.build.schools.values() if one.priority == place]
        return sorted(found, key=lambda one: (one.name, one.urn))

    @property
    def finding(self) -> str:
        """The day in one sentence."""
        return _finding(self)


def history_on(viewer: Viewer, copy: Copy, scope: Scope, day: date) -> History:
    """A past day of an LA's schools: which were flagged by which build, what was agreed, and what was sent.

    Raises:
        NotAllowed: the viewer may not read.
        NotFound: no LA is chosen.
    """
    require(viewer, Right.PEOPLE)
    if scope.la_code is None:
        raise NotFound("No local authority is chosen.", ["Choose one, then look again."])
    build = build_then(viewer, copy, scope.la_code, day)
    now = _names_now(copy, scope)
    within = {urn: one for urn, one in build.schools.items() if _is_in(one, scope)}
    build = BuildThen(build.kept, build.is_later, build.sentence, within, build.damage)
    is_all = scope.locality is None and scope.phase is None
    names = now | {urn: one.name for urn, one in within.items()}
    urns = None if is_all else frozenset(names)
    known = _known(viewer, copy, scope.la_code, day, names, urns, scope.locality)
    places = [one for one in (scope.locality, scope.phase) if one]
    about = f"Schools of {_la_name(copy, scope.la_code)}" + (f", {', '.join(places)}" if places else "")
    lines = tuple(all_lines(known))
    return History(scope.la_code, about, None, day, build, lines, _newest(lines), viewer.may(Right.RESTRICTED))


def school_history(viewer: Viewer, copy: Copy, urn: str, day: date) -> History:
    """A past day of one school: what was said of it, on what evidence, who decided, and what was sent.

    Raises:
        NotAllowed: the viewer may not read.
        NotFound: no build that is kept knows the school.
    """
    require(viewer, Right.PEOPLE)
    la_code, name = _school_now(viewer, copy, urn)
    build = build_then(viewer, copy, la_code, day, urn)
    then = build.schools.get(urn)
    names = {urn: then.name if then else name}
    lines = tuple(all_lines(_known(viewer, copy, la_code, day, names, frozenset({urn}), None)))
    said = tuple(
        Line(SAID, urn, names[urn], shown.at.date(), f"Build {kept.number}: {_levels(school)}", shown.who)
        for shown, kept, school in earlier_levels(viewer, copy, urn, day)
    )
    about = names[urn] if names[urn] == name else f"{names[urn]}, now {name}"
    return History(la_code, about, urn, day, build, lines, _newest((*lines, *said)), viewer.may(Right.RESTRICTED))


def unaudited_changes(viewer: Viewer, copy: Copy) -> list[Disagreement]:
    """Every record that is not as the audit trail says; none where the two agree.

    Raises:
        NotAllowed: the viewer may not read.
    """
    require(viewer, Right.PEOPLE)
    return disagreements(copy.records)


def _known(
    viewer: Viewer,
    copy: Copy,
    la_code: str,
    day: date,
    names: Mapping[str, str],
    urns: frozenset[str] | None,
    locality: str | None,
) -> Known:
    then = records_then(copy.records, day, TABLES)
    return Known(day, then, names, urns, la_code, locality, viewer.may(Right.RESTRICTED), _steps(copy))


def _steps(copy: Copy) -> dict[str, str]:
    try:
        ladders = read_escalation_settings(copy.data.root).ladders
    except RulesRefused:
        # the page of escalations says what is wrong; here each step is told by its own word
        return {}
    return {step.id: step.title for ladder in ladders for step in ladder.steps}


def _names_now(copy: Copy, scope: Scope) -> dict[str, str]:
    rows = copy.reader.rows(f"select s.urn, s.name from schools as s where {IN_SCOPE}", scope.params)
    return {row["urn"]: row["name"] for row in rows}


def _school_now(viewer: Viewer, copy: Copy, urn: str) -> tuple[str, str]:
    """LA code and name: of the shown build, or, for a school that it does not know any more, of the last that did."""
    found = copy.reader.rows("select name, la_code from schools where urn = $urn", {"urn": urn})
    if found:
        return found[0]["la_code"], found[0]["name"]
    then = last_known(viewer, copy, urn)
    if then is None:
        raise NotFound(f"No build that is kept knows a school with the URN {urn[:20]}.", ["Choose one from the list."])
    return then.la_code, then.name


def _la_name(copy: Copy, la_code: str) -> str:
    rows = copy.reader.rows("select any_value(la_name) as name from schools where la_code = $la", {"la": la_code})
    return str(rows[0]["name"] or f"LA {la_code}")


def _is_in(one: SchoolThen, scope: Scope) -> bool:
    return (scope.locality is None or one.locality == scope.locality) and (
        scope.phase is None or one.phase == scope.phase
    )


def _newest(lines: Sequence[Line]) -> tuple[Line, ...]:
    return tuple(sorted(lines, key=lambda one: one.on or date.min, reverse=True))


def _levels(school: SchoolThen | None) -> str:
    if school is None:
        return "what it said of this school is not kept, or the school was not in it"
    levels = "; ".join(f"{STATEMENT_TITLES[one]}: {level_in_words(level)}" for one, level in school.levels.items())
    return f"{school.priority}. {levels}"


def _finding(found: History) -> str:
    parts = found.parts
    numbers = [
        (len(parts[AGREED]), "decision of a core group", "decisions of core groups"),
        (len(parts[ACTIONS]), "action open", "actions open"),
        (len(parts[SUPPORT]), "piece of support active", "pieces of support active"),
        (len(parts[REFERRED]), "referral", "referrals"),
    ]
    told = ", ".join(f"{number} {one if number == 1 else several}" for number, one, several in numbers)
    if found.school is not None:
        return f"{found.school.priority.capitalize()} by the build; {told}."
    if found.build.schools:
        return f"{len(found.flagged)} of {len(found.build.schools)} schools flagged by the build; {told}."
    return f"What a build said is not known; {told}."
