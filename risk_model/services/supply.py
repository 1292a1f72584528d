"""Is there enough help, and of the right kind? Leaders by role, locality, phase and area, beside the need."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from risk_model.domain.viewer import Right, Viewer, require
from risk_model.domain.words import Priority, counted
from risk_model.rules.people import PeopleRules, SupplyStep
from risk_model.services.at_risk import school_list
from risk_model.services.copy import Copy
from risk_model.services.directory import Directory, Entry, directory
from risk_model.services.eligibility import ELIGIBLE, NOT_ELIGIBLE
from risk_model.services.need_words import area_topics, school_needs
from risk_model.services.scope import Scope

NOT_RECORDED = "not recorded"
SHORT = "■ short"
ENOUGH = "● enough"
NO_NEED = "no need"
NO_AREA = "no area of need"


@dataclass(frozen=True)
class SupplyLine:
    """One group of leaders beside the flagged schools of the same group.

    Attributes:
        leaders: recorded, also those who do not help now; helping: of these now.
        eligible, not_eligible: of those who help now; of the rest of them a rule is not known, or there is none.
        days: offered this term by those who help now; free: of it, by those who have free days.
        without_days: who help now and of whom no days are recorded.
        with_free_days: who help now and have free days this term.
        flagged: schools of the place "priority"; gaps: of these without active support. None where schools are not
            counted by this group: a role.
        is_short: more gaps than the leaders with free days are enough for; None where no rule is in force.
    """

    group: str
    leaders: int
    helping: int
    eligible: int
    not_eligible: int
    days: float
    free: float
    without_days: int
    with_free_days: int
    flagged: int | None
    gaps: int | None
    is_short: bool | None


@dataclass(frozen=True)
class Supply:
    """Leaders beside need, counted four ways.

    Attributes:
        short: where supply is short of need, a sentence each, the worst first.
        rule: when supply counts as short, in words.
    """

    by_role: tuple[SupplyLine, ...]
    by_locality: tuple[SupplyLine, ...]
    by_phase: tuple[SupplyLine, ...]
    by_area: tuple[SupplyLine, ...]
    short: tuple[str, ...]
    rule: str

    @property
    def finding(self) -> str:
        """Where supply is short, counted, in one sentence."""
        counts = [
            (sum(bool(line.is_short) for line in lines), len([line for line in lines if line.flagged]), word)
            for lines, word in (
                (self.by_locality, "localities"),
                (self.by_phase, "phases"),
                (self.by_area, "areas of need"),
            )
        ]
        parts = [f"{short} of {of} {word}" for short, of, word in counts]
        return f"Supply is short in {parts[0]}, {parts[1]} and {parts[2]} with flagged schools."


def supply(viewer: Viewer, copy: Copy, scope: Scope) -> Supply:
    """The leaders of the LA in scope beside all of its flagged schools.

    Raises:
        NotAllowed: the viewer may not read.
        RulesRefused: the LA's own people.toml is not valid.
    """
    require(viewer, Right.PEOPLE)
    known = directory(viewer, copy, scope)
    schools = school_list(viewer, copy, Scope(scope.la_code))
    flagged = schools[schools["priority"] == Priority.PRIORITY].reset_index(drop=True)
    needs = school_needs(viewer, copy, list(flagged["urn"]))
    return beside_need(
        known,
        flagged,
        {urn: [one.area.title for one in own if one.rules] for urn, own in needs.items()},
        area_topics(viewer, copy, known.rules),
    )


def beside_need(
    known: Directory,
    flagged: pd.DataFrame,
    needs: Mapping[str, Sequence[str]],
    areas: Mapping[str, Sequence[str]],
) -> Supply:
    """Leaders beside flagged schools, by role, locality, phase and area of need.

    Args:
        flagged: rows of the school list: urn, locality, phase_group, support_active.
        needs: the areas in which a rule is raised, by URN; a school may be in several.
        areas: the topics of each area, in the order in which they are shown; a leader is in each area of which a
            specialism names a topic.
    """
    step = known.rules.supply_on(known.as_at)
    by_locality = _lines(known.entries, lambda one: [one.locality], _by_column(flagged, "locality"), step)
    by_phase = _lines(known.entries, lambda one: one.phases, _by_column(flagged, "phase_group"), step)
    by_area = _lines(known.entries, lambda one: _areas_of(one, areas), _by_area(flagged, needs), step)
    sentences = [
        *_sentences("in", by_locality, step),
        *_sentences("for phase", by_phase, step),
        *_sentences("on", by_area, step),
    ]
    return Supply(
        by_role=_lines(known.entries, lambda one: sorted(one.roles_held), None, step),
        by_locality=by_locality,
        by_phase=by_phase,
        by_area=by_area,
        short=tuple(sentences),
        rule=_rule(known.rules, step),
    )


def _rule(rules: PeopleRules, step: SupplyStep | None) -> str:
    if step is None:
        return "No rule is in force that says when supply is short."
    whose = "this LA's own" if rules.is_own else "the delivered"
    return (
        f"Short: more than {step.schools_per_leader:g} flagged schools without support for each leader who helps now "
        f"and has free days this term (by {whose} list, since {step.from_:%d/%m/%Y}). {step.why}"
    )


# flagged schools and those without support, by group
_Need = Mapping[str, tuple[int, int]]


def _by_column(flagged: pd.DataFrame, column: str) -> _Need:
    groups = flagged[column].astype("object").where(flagged[column].notna(), NOT_RECORDED)
    return _need(zip(groups, flagged["support_active"], strict=True))


def _by_area(flagged: pd.DataFrame, needs: Mapping[str, Sequence[str]]) -> _Need:
    pairs = zip(flagged["urn"], flagged["support_active"], strict=True)
    return _need((area, active) for urn, active in pairs for area in needs.get(urn, ()))


def _areas_of(entry: Entry, areas: Mapping[str, Sequence[str]]) -> list[str]:
    """The areas of need that a leader's specialisms name; none where no specialism is recorded."""
    if not entry.specialisms:
        return []
    return [area for area, topics in areas.items() if set(topics) & set(entry.topics)] or [NO_AREA]


def _need(pairs: Iterable[tuple[str, int]]) -> _Need:
    counts: dict[str, tuple[int, int]] = {}
    for group, active in pairs:
        schools, gaps = counts.get(group, (0, 0))
        counts[group] = (schools + 1, gaps + (active == 0))
    return counts


def _lines(
    entries: Sequence[Entry],
    groups_of: Callable[[Entry], Iterable[str | None]],
    need: _Need | None,
    step: SupplyStep | None,
) -> tuple[SupplyLine, ...]:
    """A line for each group that has leaders or need, by name; leaders of whom the group is not recorded come last."""
    groups: dict[str, list[Entry]] = {group: [] for group in need or {}}
    for entry in entries:
        for group in list(groups_of(entry)) or [None]:
            groups.setdefault(group or NOT_RECORDED, []).append(entry)
    order = sorted(groups, key=lambda group: (group == NOT_RECORDED, group == NO_AREA, group))
    return tuple(_line(group, groups[group], need, step) for group in order)


def _line(group: str, members: Sequence[Entry], need: _Need | None, step: SupplyStep | None) -> SupplyLine:
    helping = [one for one in members if one.helps_now]
    free = [one.free for one in helping if one.free is not None and one.free > 0]
    flagged, gaps = (None, None) if need is None else need.get(group, (0, 0))
    is_short = None if step is None or gaps is None else gaps > step.schools_per_leader * len(free)
    return SupplyLine(
        group=group,
        leaders=len(members),
        helping=len(helping),
        eligible=sum(one.standing == ELIGIBLE for one in helping),
        not_eligible=sum(one.standing == NOT_ELIGIBLE for one in helping),
        days=sum(one.this_term.offered for one in helping if one.this_term.offered is not None),
        free=sum(free),
        without_days=sum(one.this_term.offered is None for one in helping),
        with_free_days=len(free),
        flagged=flagged,
        gaps=gaps,
        is_short=is_short,
    )


def _sentences(word: str, lines: Iterable[SupplyLine], step: SupplyStep | None) -> list[str]:
    short = [line for line in lines if line.is_short and line.gaps is not None]
    short.sort(key=lambda line: -((line.gaps or 0) - (step.schools_per_leader if step else 0) * line.with_free_days))
    return [
        f"Short {word} {line.group}: {counted(line.gaps or 0, 'flagged school')} without support, "
        f"{counted(line.with_free_days, 'leader')} with free days."
        for line in short
    ]


def supply_table(lines: Iterable[SupplyLine], called: str) -> pd.DataFrame:
    """Lines of supply as a table; need and whether it is short only where schools are counted by the group.

    Args:
        called: what a group is: "Role", "Locality", "Phase" or "Area of need".
    """
    rows = []
    for line in lines:
        need = {"Flagged schools": line.flagged, "Without support": line.gaps, "Supply": _supply_in_words(line)}
        rows.append(
            {
                called: line.group,
                **(need if line.flagged is not None else {}),
                "Leaders recorded": line.leaders,
                "Help now": line.helping,
                "With free days": line.with_free_days,
                "Free days": line.free,
                "Days offered": line.days,
                "Every rule met": line.eligible,
                "A rule not met": line.not_eligible,
                "Days not recorded": line.without_days,
            }
        )
    return pd.DataFrame(rows)


def _supply_in_words(line: SupplyLine) -> str:
    if line.is_short is None:
        return "no rule in force"
    if line.is_short:
        return SHORT
    return ENOUGH if line.gaps else NO_NEED
