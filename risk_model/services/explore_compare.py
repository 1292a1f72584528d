"""How do we compare? Shares of schools, and of the pupils in them, at each level of each statement."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from risk_model.domain.charts import Axis, Bars, Chart, Part, Role
from risk_model.domain.periods import in_words
from risk_model.domain.viewer import Viewer, require_reader
from risk_model.domain.words import LEVEL_SHAPES, STATEMENT_TITLES, Level, Statement, counted
from risk_model.services.copy import Copy
from risk_model.services.explore_answers import Answer, Select, Wanted
from risk_model.services.school_sets import FEW_SCHOOLS, IN_SET, SchoolSet, absent_sets, sets_to_compare
from risk_model.services.scope import Scope

_ROLES = {level: Role(level.value) for level in Level}
_COUNTS_SQL = f"""
    select l.statement, l.level, count(*) as schools, sum(s.pupils) as pupils,
           count(*) filter (s.pupils is null) as without_roll
    from statement_levels as l inner join schools as s using (urn)
    where {IN_SET}
    group by all"""
# a smaller part of a bar has no room for words: in percent
_ROOM = 7.0
# one in so many schools without enough evidence is told in the titles
_MANY = 5


@dataclass(frozen=True)
class _Counted:
    """How many schools, and pupils in them, of a set are at each level of a statement."""

    of: SchoolSet
    schools: Mapping[Level, int]
    pupils: Mapping[Level, float]
    without_roll: int

    @property
    def n(self) -> int:
        return sum(self.schools.values())

    @property
    def roll(self) -> float:
        return sum(self.pupils.values())

    @property
    def unknown(self) -> int:
        """Schools on which there is not enough evidence."""
        return self.schools[Level.NOT_ENOUGH_EVIDENCE]

    @property
    def has_many_unknown(self) -> bool:
        """Whether so many are not known that the shares of the others cannot stand without saying it."""
        return self.unknown * _MANY > self.n

    def share(self, level: Level) -> float | None:
        """Percent of the schools; None where there is none."""
        return 100 * self.schools[level] / self.n if self.n else None

    def pupil_share(self, level: Level) -> float | None:
        """Percent of the pupils of schools of which the roll is known."""
        return 100 * self.pupils[level] / self.roll if self.roll else None


def compare_selects(viewer: Viewer, copy: Copy, scope: Scope) -> tuple[Select, ...]:
    """It asks nothing back.

    Raises:
        NotAllowed: the viewer may not read.
    """
    require_reader(viewer)
    return ()


def compare(viewer: Viewer, copy: Copy, scope: Scope, wanted: Wanted) -> Answer:
    """How many schools, and how many pupils, are in schools at each level, beside others.

    Raises:
        NotAllowed: the viewer may not read.
    """
    require_reader(viewer)
    sets = sets_to_compare(viewer, copy, scope, wanted.picks)
    found = {one: _count(copy, one) for one in sets}
    charts = [_chart(copy, statement, [found[one][statement] for one in sets]) for statement in Statement]
    # rolls and numbers of schools are the same for every statement: said once
    charts[0] = replace(charts[0], notes=tuple(_notes([found[one][Statement.OUTCOMES] for one in sets])))
    is_anybody_there = any(found[one][Statement.OUTCOMES].n for one in sets)
    return Answer(
        finding=_finding([found[one] for one in sets]),
        charts=tuple(charts) if is_anybody_there else (),
        how=(*_how(copy), *(one.note for one in sets if one.note), *absent_sets(viewer, copy, scope)),
    )


def _count(copy: Copy, one: SchoolSet) -> dict[Statement, _Counted]:
    rows = copy.reader.rows(_COUNTS_SQL, one.params)
    return {statement: _counted(one, [r for r in rows if r["statement"] == statement]) for statement in Statement}


def _counted(one: SchoolSet, rows: Sequence[Mapping[str, Any]]) -> _Counted:
    by_level = {row["level"]: row for row in rows}
    schools = {level: int(by_level[level]["schools"]) if level in by_level else 0 for level in Level}
    pupils = {level: float(by_level[level]["pupils"] or 0) if level in by_level else 0.0 for level in Level}
    return _Counted(one, schools, pupils, sum(int(row["without_roll"]) for row in rows))


def _chart(copy: Copy, statement: Statement, counted: Sequence[_Counted]) -> Chart:
    rows = [f"{one.of.name}, {one.n:,} schools" for one in counted]
    rows += [f"{one.of.name}, {one.roll:,.0f} pupils" for one in counted]
    parts = []
    for level in Level:
        shares = [*(one.share(level) for one in counted), *(one.pupil_share(level) for one in counted)]
        labels = tuple(f"{LEVEL_SHAPES[level]} {share:.0f}%" if (share or 0) >= _ROOM else "" for share in shares)
        parts.append(Part(f"{LEVEL_SHAPES[level]} {level.value}", _ROLES[level], tuple(shares), labels))
    return Chart(
        key=f"compare_{statement.value}",
        finding=f"{STATEMENT_TITLES[statement]}: {_sentence(counted)}",
        drawing=Bars(tuple(rows), Axis("Share, % of schools above, of their pupils below", "%"), tuple(parts)),
        table=_table(counted),
        source=f"The rules {copy.build.rule_set}, as at {in_words(copy.build.as_at)}",
    )


def _sentence(counted: Sequence[_Counted]) -> str:
    """How many are unlikely, in the first set and in the last; and of how many that cannot be said."""
    first, last = counted[0], counted[-1]
    own = first.share(Level.UNLIKELY)
    if own is None:
        return f"there is no school to judge in {first.of.name}."
    if first.unknown == first.n:
        them = "the one school" if first.n == 1 else f"any of the {first.n:,} schools"
        return f"not enough evidence on {them} in {first.of.name}"
    told = f"{first.schools[Level.UNLIKELY]} of {first.n:,} schools ({own:.0f}%) in {first.of.name} are unlikely"
    other = last.share(Level.UNLIKELY)
    if len(counted) == 1 or other is None:
        pupils = first.pupil_share(Level.UNLIKELY)
        told = told if pupils is None else f"{told}, with {pupils:.0f}% of the pupils"
    else:
        told = f"{told}, against {other:.0f}% in {last.of.name}"
    return f"{told}; not enough evidence on {first.unknown:,}" if first.has_many_unknown else told


def _table(counted: Sequence[_Counted]) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {
                "Group": one.of.name,
                "Level": level.value,
                "Schools": one.schools[level],
                "% of schools": one.share(level),
                "Pupils": one.pupils[level],
                "% of pupils": one.pupil_share(level),
                "Schools together": one.n,
                "Pupils together": one.roll,
            }
            for one in counted
            for level in Level
        ]
    )


def _notes(counted: Sequence[_Counted]) -> list[str]:
    notes = [
        f"{one.of.name}: schools without a roll, which are not in the shares of pupils: {one.without_roll}."
        for one in counted
        if one.without_roll
    ]
    few = [one.of.name for one in counted if 0 < one.n < FEW_SCHOOLS]
    if few:
        notes.append(f"Few schools ({', '.join(few)}): one school more or less changes the picture.")
    notes += [f"There is no school in {one.of.name}." for one in counted if not one.n]
    return notes


def _finding(found: Sequence[Mapping[Statement, _Counted]]) -> str:
    """How many schools are unlikely, and how many it would be with the others' share: that tells few from many."""
    first, last = found[0], found[-1]
    own, other = first[Statement.OUTCOMES], last[Statement.OUTCOMES]
    if not own.n:
        return f"There is no school to judge in {own.of.name}."
    if all(first[one].unknown == own.n for one in Statement):
        return f"Of {counted(own.n, 'school')} in {own.of.name} none can be judged: there is not enough evidence."
    unknown = [f"{one.value} {first[one].unknown:,}" for one in Statement]
    beside = (
        f" Not enough evidence: {', '.join(unknown)}." if any(one.has_many_unknown for one in first.values()) else ""
    )
    outcomes, leadership, inspection = (first[one].schools[Level.UNLIKELY] for one in Statement)
    told = (
        f"Of {counted(own.n, 'school')} in {own.of.name}, {outcomes:,} {'is' if outcomes == 1 else 'are'} unlikely for "
        f"outcomes, {leadership:,} for leadership and {inspection:,} for inspection."
    )
    if len(found) == 1 or not other.n:
        return f"{told}{beside}"
    expected = [_expected(first[one], last[one]) for one in Statement]
    return (
        f"{told} With the shares of {other.of.name} it would be {', '.join(expected[:-1])} and {expected[-1]}.{beside}"
    )


def _expected(own: _Counted, other: _Counted) -> str:
    return f"{(other.share(Level.UNLIKELY) or 0.0) * own.n / 100:.0f}"


def _how(copy: Copy) -> tuple[str, ...]:
    return (
        "Each school counts once in the shares of schools, and with its roll in the shares of pupils. Levels are those "
        f"of the rules {copy.build.rule_set}, which judge every school of England alike; what advisers and core groups "
        "agreed is not in them, since it is not known of other LAs.",
        "A group holds the schools that are open today. Groups differ in their mix of phases: choose a phase above to "
        "compare like with like. England and the region hold the LA's own schools as well.",
        "“Not enough evidence” is a level of its own: a share of the others is of all schools, not of those judged.",
    )
