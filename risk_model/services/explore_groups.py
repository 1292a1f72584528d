"""Which groups do less well? Disadvantaged pupils and others, and SEND: as context, which never earns a point."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import pandas as pd

from risk_model.domain.charts import PICKED, Axis, Break, Chart, Dot, Dots, Line, Lines, Role
from risk_model.domain.periods import school_year
from risk_model.domain.viewer import Viewer, require_reader
from risk_model.services.copy import Copy
from risk_model.services.explore_answers import Answer, Select, Wanted
from risk_model.services.group_figures import (
    GROUP_NAMES,
    TOPICS,
    GroupFigure,
    GroupTopic,
    GroupYears,
    groups_with_figures,
    is_published_for,
    national_groups,
    pooled_groups,
    published_groups,
)
from risk_model.services.pooled_figures import source_line
from risk_model.services.school_sets import (
    ENGLAND,
    FEW_SCHOOLS,
    NEIGHBOURS,
    REGION,
    SchoolSet,
    neighbour_sets,
    sets_to_compare,
    usual_sets,
)
from risk_model.services.scope import Scope

# which groups stand beside each other: (in the URL, in words, the groups, the lowest expected first)
_SPLITS = (
    ("disadvantaged", "disadvantaged pupils and others", ("disadvantaged", "others")),
    ("disadvantaged", "disadvantaged pupils and all", ("disadvantaged", "all")),
    ("fsm", "pupils with free school meals and all", ("fsm", "all")),
    ("send", "SEND", ("ehc_plan", "sen_support", "no_send")),
    ("eal", "pupils with another first language (EAL) and all", ("eal", "all")),
)
_NAMES_OF_THEIR_OWN = ("no_send", "sen_support", "ehc_plan", "eal")
_CONTEXT = "To belong to a group earns no school a point, and moves no level."


@dataclass(frozen=True)
class _Asked:
    """A topic, the groups that stand beside each other, and whether the figures are published for whole LAs."""

    topic: GroupTopic
    split: str
    groups: tuple[str, ...]
    is_published: bool

    @property
    def words(self) -> str:
        """The groups in words."""
        return next(words for code, words, groups in _SPLITS if (code, groups) == (self.split, self.groups))


@dataclass(frozen=True)
class _Row:
    """One set with the figures of its groups."""

    of: SchoolSet
    years: GroupYears

    def figure(self, group: str, period: str) -> GroupFigure:
        """A group's figure of a year; an empty one where there is none."""
        return self.years.get(group, {}).get(period, GroupFigure(None))

    def gap(self, groups: Sequence[str], period: str) -> float | None:
        """By how much the first group is below the last; None where one has no figure."""
        first, last = (self.figure(group, period).value for group in (groups[0], groups[-1]))
        return None if first is None or last is None else last - first


def groups_selects(viewer: Viewer, copy: Copy, scope: Scope) -> tuple[Select, ...]:
    """It asks back which figure, and which groups.

    Raises:
        NotAllowed: the viewer may not read.
    """
    require_reader(viewer)
    options = {
        f"{one.topic.id}.{one.split}": f"{one.topic.title}: {one.words}"
        for one in _offered(viewer, copy, usual_sets(viewer, copy, scope)[0])
    }
    return (Select("pupil_groups", "Figure and groups", options),)


def groups(viewer: Viewer, copy: Copy, scope: Scope, wanted: Wanted) -> Answer:
    """Groups of pupils beside each other, in the scope and beside others, and how the gap has moved.

    Raises:
        NotAllowed: the viewer may not read.
    """
    require_reader(viewer)
    usual = usual_sets(viewer, copy, scope)
    offered = {f"{one.topic.id}.{one.split}": one for one in _offered(viewer, copy, usual[0])}
    code = wanted.of(groups_selects(viewer, copy, scope)[0])
    if not code:
        return Answer(
            "No figures of groups of pupils are loaded for these schools: import results, or DfE's indicators by LA."
        )
    asked = offered[code]
    sets = sets_to_compare(viewer, copy, scope, wanted.picks)
    if asked.is_published and not all(is_published_for(one) or one.code in (NEIGHBOURS, REGION) for one in sets):
        asked = replace(asked, is_published=False)
    rows = _rows(viewer, copy, scope, asked, sets)
    periods = sorted({period for row in rows[:1] for group in asked.groups for period in row.years.get(group, {})})
    valued = [one for one in periods if rows[0].gap(asked.groups, one) is not None]
    if not valued:
        hint = " They are published for whole LAs alone: pick none but LAs." if offered[code].is_published else ""
        return Answer(f"{rows[0].of.name}: no year has figures of {asked.words} to stand beside each other.{hint}")
    source = source_line(viewer, copy, "la_indicators" if asked.is_published else asked.topic.source)
    charts = [_dots(asked, rows, valued[-1], source)]
    if len(valued) > 1:
        charts.append(_gaps(asked, rows, periods, source))
    return Answer(_finding(asked, rows, valued[-1]), tuple(charts), (), _how(asked))


def _offered(viewer: Viewer, copy: Copy, own: SchoolSet) -> list[_Asked]:
    """What there is for a set: as published for whole LAs where that is loaded, else from the files of schools."""
    found: list[_Asked] = []
    for topic in TOPICS:
        ways = [(False, pooled_groups(viewer, copy, topic, own))] if topic.in_schools else []
        if is_published_for(own):
            ways.insert(0, (True, published_groups(viewer, copy, topic, own)))
        for code, _, wanted in _SPLITS:
            for is_published, years in ways:
                have = groups_with_figures(years, wanted)
                is_new = not any((one.topic, one.split) == (topic, code) for one in found)
                if len(have) >= 2 and have[-1] == wanted[-1] and is_new:
                    found.append(_Asked(topic, code, wanted, is_published))
    return found


def _rows(viewer: Viewer, copy: Copy, scope: Scope, asked: _Asked, sets: Sequence[SchoolSet]) -> list[_Row]:
    if asked.is_published:
        # percentages of LAs are not averaged: each neighbour stands for itself
        each = [one for one in sets if one.code not in (NEIGHBOURS, REGION)]
        if any(one.code == NEIGHBOURS for one in sets):
            each += neighbour_sets(viewer, copy, scope)
        if not any(one.code == ENGLAND for one in each):
            each.append(SchoolSet(ENGLAND, "England", Role.NATIONAL))
        each.sort(key=lambda one: one.code == ENGLAND)
        # England is published whole, however few of its LAs are loaded
        named = [replace(one, name="England") if one.code == ENGLAND else one for one in each]
        return [_Row(one, published_groups(viewer, copy, asked.topic, one)) for one in named]
    rows = [_Row(one, pooled_groups(viewer, copy, asked.topic, one)) for one in sets if one.code != ENGLAND]
    rows = rows or [_Row(one, pooled_groups(viewer, copy, asked.topic, one)) for one in sets]
    national = national_groups(viewer, copy, asked.topic)
    if scope.la_code and groups_with_figures(national, asked.groups):
        rows.append(_Row(SchoolSet(ENGLAND, "England", Role.NATIONAL), national))
    return rows


def _dots(asked: _Asked, rows: Sequence[_Row], period: str, source: str) -> Chart:
    topic = asked.topic
    dots = tuple(
        Dot(
            GROUP_NAMES[group],
            role,
            tuple(row.figure(group, period).value for row in rows),
            *_limits([row.figure(group, period) for row in rows]),
        )
        for group, role in zip(asked.groups, PICKED, strict=False)
    )
    return Chart(
        key=f"groups_{topic.id}_{asked.split}",
        finding=f"{topic.title}, {school_year(period)}: {_gap_in_words(asked, rows[0], period)}",
        drawing=Dots(
            tuple(row.of.name for row in rows),
            Axis(f"{topic.title}, {topic.unit}", topic.suffix, topic.decimals, better="higher is better"),
            dots,
            joined=True,
        ),
        table=_table(asked, rows, [period]),
        source=source,
        notes=_notes(asked, rows, period),
    )


def _limits(figures: Sequence[GroupFigure]) -> tuple[tuple[float | None, ...], tuple[float | None, ...]]:
    if all(one.limits is None for one in figures):
        return (), ()
    limits = [one.limits for one in figures]
    lower = tuple(None if one is None else one.lower for one in limits)
    return lower, tuple(None if one is None else one.upper for one in limits)


def _gaps(asked: _Asked, rows: Sequence[_Row], periods: Sequence[str], source: str) -> Chart:
    """How the gap has moved, in the first set and in England."""
    years = range(int(periods[0][5:]), int(periods[-1][5:]) + 1)
    every = [f"{year - 1}-{year}" for year in years]
    shown = [rows[0], *(row for row in rows[1:] if row.of.code == ENGLAND)]
    breaks = asked.topic.breaks(is_published=asked.is_published)
    lines = tuple(
        Line(row.of.name, row.of.role, tuple(row.gap(asked.groups, period) for period in every)) for row in shown
    )
    unit = "percentage points" if asked.topic.suffix else asked.topic.unit
    return Chart(
        key=f"groups_{asked.topic.id}_{asked.split}_gap",
        finding=_gap_finding(asked, rows[0], every, [one.since for one in breaks]),
        drawing=Lines(
            tuple(school_year(one) for one in every),
            Axis(f"Gap, {unit}", "", asked.topic.decimals, from_zero=True, better="lower is better"),
            lines,
            tuple(Break(school_year(one.since), one.why) for one in breaks if one.since in every[1:]),
        ),
        table=_table(asked, shown, every),
        source=source,
        notes=tuple(f"{school_year(one.since)}: {one.why}" for one in breaks if one.since in every[1:]),
    )


def _gap_finding(asked: _Asked, own: _Row, periods: Sequence[str], breaks: Sequence[str]) -> str:
    valued = [one for one in periods if own.gap(asked.groups, one) is not None]
    since = max((one for one in breaks if one <= valued[-1]), default="")
    comparable = [one for one in valued if one >= since]
    now, then = (own.gap(asked.groups, one) or 0.0 for one in (comparable[-1], comparable[0]))
    gap = f"The gap in {own.of.name}: {_number(asked, now)} in {school_year(comparable[-1])}"
    if len(comparable) == 1:
        return f"{gap}, the only year since the figures last changed their meaning"
    by = now - then
    is_same = abs(by) < 0.5 * 10**-asked.topic.decimals
    moved = "as wide as" if is_same else f"{_number(asked, abs(by))} {'wider' if by > 0 else 'narrower'} than"
    return f"{gap}, {moved} in {school_year(comparable[0])}"


def _number(asked: _Asked, value: float) -> str:
    size = f"{value:.{asked.topic.decimals}f}"
    return f"{size} point" if size in ("1", "1.0") else f"{size} points"


def _gap_in_words(asked: _Asked, row: _Row, period: str) -> str:
    told = [
        f"{GROUP_NAMES[group] if group in _NAMES_OF_THEIR_OWN else GROUP_NAMES[group].lower()} "
        f"{row.figure(group, period).value:.{asked.topic.decimals}f}{asked.topic.suffix}"
        for group in asked.groups
        if row.figure(group, period).value is not None
    ]
    return f"{row.of.name}, {', '.join(told)}"


def _finding(asked: _Asked, rows: Sequence[_Row], period: str) -> str:
    own, gap = rows[0], rows[0].gap(asked.groups, period) or 0.0
    told = f"{_gap_in_words(asked, own, period)} in {school_year(period)}: a gap of {_number(asked, gap)}"
    england = next((row for row in rows[1:] if row.of.code == ENGLAND), None)
    wide = None if england is None else england.gap(asked.groups, period)
    if wide is not None:
        is_same = f"{gap:.{asked.topic.decimals}f}" == f"{wide:.{asked.topic.decimals}f}"
        side = "as wide as" if is_same else "wider than" if gap > wide else "narrower than"
        told += f", {side} in England ({_number(asked, wide)})"
    return f"{told}. {_CONTEXT}"


def _table(asked: _Asked, rows: Sequence[_Row], periods: Sequence[str]) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {
                "Year": school_year(period),
                "Where": row.of.name,
                "Group": GROUP_NAMES[group],
                asked.topic.unit.capitalize(): figure.value,
                "Lower limit": figure.limits.lower if figure.limits else None,
                "Upper limit": figure.limits.upper if figure.limits else None,
                "Pupils": figure.pupils,
                "Schools with a figure": figure.schools,
                "Schools suppressed": figure.suppressed,
                "Schools without": figure.without,
            }
            for row in rows
            for period in periods
            for group in asked.groups
            for figure in (row.figure(group, period),)
        ]
    )


def _notes(asked: _Asked, rows: Sequence[_Row], period: str) -> tuple[str, ...]:
    notes = []
    for group in asked.groups:
        figure = rows[0].figure(group, period)
        if figure.schools is not None:
            notes.append(
                f"{GROUP_NAMES[group]}, {rows[0].of.name}: {figure.schools} schools with {figure.pupils or 0:,.0f} "
                f"pupils; suppressed, because the group is small: {figure.suppressed}; no figure: {figure.without}."
            )
    if 0 < (rows[0].figure(asked.groups[0], period).schools or 0) < FEW_SCHOOLS and rows[0].of.urn is None:
        notes.append("Few schools: one of them moves the figure.")
    lacking = [row.of.name for row in rows if row.gap(asked.groups, period) is None]
    if lacking:
        notes.append(f"Without figures of both groups in this year: {', '.join(lacking)}.")
    return tuple(notes)


def _how(asked: _Asked) -> tuple[str, ...]:
    if asked.is_published:
        where = (
            "The figures are those that DfE publishes for whole LAs and for England. Percentages of several LAs are "
            "never averaged: each statistical neighbour stands for itself. How many pupils a group has is not "
            "published with them, so there are no limits: a group of few pupils moves much from year to year."
        )
    else:
        where = (
            "The pupils of the schools that are open today are counted together, from the figures of each school. A "
            "school's small groups are suppressed and cannot be counted, so the figure is that of the larger ones. "
            "England is as published in the same files, with special schools and suppressed groups: compare the gaps "
            "rather than the levels."
        )
    return (
        where,
        "The gap is between groups of the same place. Others, or all pupils, differ between places, too: a wide gap "
        "may mean that one group does badly or that the other does well.",
        f"{_CONTEXT} Groups by first language (EAL) and by SEND can be chosen where a loaded file has them.",
    )
