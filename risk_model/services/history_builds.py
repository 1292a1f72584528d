"""Which build stood on a day, what it said of each school, and what builds had said before; none is forgotten."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from risk_model.casework import acts_until, end_of
from risk_model.domain.errors import Damaged
from risk_model.domain.periods import in_words
from risk_model.domain.viewer import Right, Viewer, require, require_la
from risk_model.domain.words import Statement
from risk_model.services.copy import Copy
from risk_model.warehouse.flags import KeptFlags, kept_flags, read_flags

_BUILD = "build"
_SCHOOL_COLUMNS = (
    "urn",
    "name",
    "la_code",
    "la_name",
    "locality",
    "phase",
    "type",
    "route",
    "priority",
    "outcomes_level",
    "leadership_level",
    "inspection_level",
    "outcomes_coverage",
    "leadership_coverage",
    "inspection_coverage",
    "last_inspection_date",
    "last_inspection_outcome",
)
# further back a school's earlier levels are on the page of an earlier day
_MOST_BUILDS = 12


@dataclass(frozen=True)
class RaisedThen:
    """A rule that a build had raised, in the words of that build, with the release that it rested on."""

    rule_id: str
    statement: Statement
    title: str
    sentence: str
    measure_id: str
    denominator: float | None
    release_id: str | None


@dataclass(frozen=True)
class SchoolThen:
    """What a build said of one school.

    Attributes:
        levels, coverage: by statement; coverage as a share of the points that could be assessed.
        raised: by statement, the heaviest first.
    """

    urn: str
    name: str
    la_code: str
    locality: str | None
    phase: str | None
    route: str
    priority: str
    levels: Mapping[Statement, str]
    coverage: Mapping[Statement, float | None]
    last_inspection_date: date | None
    last_inspection_outcome: str
    raised: tuple[RaisedThen, ...]


@dataclass(frozen=True)
class BuildThen:
    """The build that stood on a day.

    Attributes:
        kept: what is kept of it; None where none stood and no later one tells of the day.
        is_later: it was made after the day, of what had been published by then: nobody saw it on the day.
        sentence: which one it is, in words.
        schools: {urn: what it said}, of one LA; empty where nothing is kept or readable.
        damage: what cannot be read, a sentence each.
    """

    kept: KeptFlags | None
    is_later: bool
    sentence: str
    schools: Mapping[str, SchoolThen]
    damage: tuple[str, ...]


@dataclass(frozen=True)
class Shown:
    """From when on a build was shown: when it was made, or when somebody went back to it."""

    at: datetime
    build_id: str
    who: str
    reason: str


def build_then(viewer: Viewer, copy: Copy, la_code: str, day: date, urn: str | None = None) -> BuildThen:
    """The build that was shown at the end of a day, and what it said of an LA's schools, or of one of them.

    Where none was shown by then, a build that was made later of what had been published by then tells instead, and
    says so.

    Raises:
        NotAllowed: the viewer may not read this LA's.
    """
    require_la(viewer, la_code, Right.PEOPLE)
    try:
        known = kept_flags(copy.data)
    except Damaged as error:
        return BuildThen(None, False, "Which build stood on this day cannot be read.", {}, (str(error),))
    shown = shown_until(viewer, copy, known, day)
    if shown:
        found = next((one for one in known if one.build_id == shown[-1].build_id), None)
        if found is None:
            lost = f"The build {shown[-1].build_id} was shown on this day, and nothing is kept of what it said."
            return BuildThen(None, False, lost, {}, (lost,))
        return _read(found, la_code, urn, f"{_described(found)}, was shown on this day", is_later=False)
    of_then = [one for one in known if one.as_at <= day and one.sha256 is not None]
    none = f"No build had been made here by {in_words(day)}"
    if not of_then:
        return BuildThen(None, False, f"{none}, and no later one tells of that day.", {}, ())
    later = max(of_then, key=lambda one: (one.as_at, one.number))
    told = f"{none}. {_described(later)}, says this of what had been published by then; nobody saw it on the day"
    return _read(later, la_code, urn, told, is_later=True)


def shown_until(viewer: Viewer, copy: Copy, known: Sequence[KeptFlags], day: date) -> list[Shown]:
    """Each time that another build was shown, until the end of a day, the oldest first.

    Raises:
        NotAllowed: the viewer may not read.
    """
    require(viewer, Right.PEOPLE)
    made = [
        Shown(one.made_at, one.build_id, "", "it was made")
        for one in known
        # of a build of an earlier version it is not recorded; only builds for another date were not shown
        if one.made_at is not None and one.was_shown is not False and one.made_at < end_of(day)
    ]
    gone_to = [
        Shown(entry.at, str((entry.after or {}).get("build_id")), entry.who, entry.reason or "")
        for entry in acts_until(copy.records, day, _BUILD)
    ]
    return sorted([*made, *gone_to], key=lambda one: one.at)


def last_known(viewer: Viewer, copy: Copy, urn: str) -> SchoolThen | None:
    """A school as the newest build that knew it said; None where none did, or what they said cannot be read.

    Raises:
        NotAllowed: the viewer may not read.
    """
    require(viewer, Right.PEOPLE)
    try:
        known = kept_flags(copy.data)
    except Damaged:
        # said by build_then, on the same page
        return None
    return next((found for one in reversed(known) if (found := _of_school(one, urn)) is not None), None)


def earlier_levels(viewer: Viewer, copy: Copy, urn: str, day: date) -> list[tuple[Shown, KeptFlags, SchoolThen | None]]:
    """What each build that was shown until a day had said of a school, the newest first; at most the last twelve.

    Returns:
        When it was shown, which it is, and what it said: None where that cannot be read, or the school was not in it.
    Raises:
        NotAllowed: the viewer may not read.
    """
    require(viewer, Right.PEOPLE)
    try:
        known = kept_flags(copy.data)
    except Damaged:
        # said by build_then, on the same page
        return []
    by_id = {one.build_id: one for one in known}
    shown = [one for one in shown_until(viewer, copy, known, day) if one.build_id in by_id][-_MOST_BUILDS:]
    return [(one, by_id[one.build_id], _of_school(by_id[one.build_id], urn)) for one in reversed(shown)]


def schools_of(kept: KeptFlags, la_code: str | None) -> dict[str, SchoolThen]:
    """What a build said of an LA's schools, or of all, by URN.

    Called by services that have asked for the viewer already.

    Raises:
        Damaged: it cannot be read.
    """
    return _schools(read_flags(kept, la_code=la_code))


def _of_school(kept: KeptFlags, urn: str) -> SchoolThen | None:
    try:
        return _schools(read_flags(kept, urn=urn)).get(urn)
    except Damaged:
        # that this one cannot be read is said where it is the one asked for
        return None


def _described(kept: KeptFlags) -> str:
    made = "made on a day that is not known" if kept.made_at is None else f"made on {_moment(kept.made_at)}"
    rules = kept.rule_set if kept.rule_set_hash is None else f"{kept.rule_set} ({kept.rule_set_hash})"
    return f"Build {kept.number}, {made}, as at {in_words(kept.as_at)}, by rules {rules}"


def _moment(at: datetime) -> str:
    return f"{in_words(at.date())} at {at:%H:%M} UTC"


def _read(kept: KeptFlags, la_code: str, urn: str | None, sentence: str, *, is_later: bool) -> BuildThen:
    try:
        schools = _schools(read_flags(kept, la_code=la_code, urn=urn))
    except Damaged as error:
        return BuildThen(kept, is_later, f"{sentence}.", {}, (str(error),))
    return BuildThen(kept, is_later, f"{sentence}.", schools, ())


def _schools(rows: Sequence[Mapping[str, Any]]) -> dict[str, SchoolThen]:
    facts: dict[str, Mapping[str, Any]] = {}
    raised: dict[str, list[RaisedThen]] = {}
    for row in rows:
        facts.setdefault(row["urn"], {name: row[name] for name in _SCHOOL_COLUMNS})
        if row["rule_id"] is not None:
            raised.setdefault(row["urn"], []).append(_raised(row))
    return {urn: _school(fact, tuple(raised.get(urn, ()))) for urn, fact in facts.items()}


def _raised(row: Mapping[str, Any]) -> RaisedThen:
    return RaisedThen(
        row["rule_id"],
        Statement(row["statement"]),
        row["title"],
        row["sentence"],
        row["measure_id"],
        row["denominator"],
        row["release_id"],
    )


def _school(fact: Mapping[str, Any], raised: tuple[RaisedThen, ...]) -> SchoolThen:
    return SchoolThen(
        urn=fact["urn"],
        name=fact["name"],
        la_code=fact["la_code"],
        locality=fact["locality"],
        phase=fact["phase"],
        route=fact["route"],
        priority=fact["priority"],
        levels={one: fact[f"{one}_level"] for one in Statement},
        coverage={one: fact[f"{one}_coverage"] for one in Statement},
        last_inspection_date=fact["last_inspection_date"],
        last_inspection_outcome=fact["last_inspection_outcome"],
        raised=raised,
    )
