"""Who gets our time? Flag rates, support days and waits of groups of schools, side by side."""

from collections.abc import Callable, Sequence

import pandas as pd

from risk_model.domain.charts import Axis, Chart, Dot, Dots, Role
from risk_model.domain.periods import in_words
from risk_model.domain.viewer import Viewer, require_reader
from risk_model.domain.words import counted
from risk_model.services.attention import FEWEST, GROUPINGS, Attention, GroupTime, attention
from risk_model.services.copy import Copy
from risk_model.services.explore_answers import Answer, Select, Wanted
from risk_model.services.scope import Scope

_BY = Select("by", "Groups of schools by", GROUPINGS)
CAUTION = (
    "This describes what is recorded; it does not say what would be fair. Groups differ in need, in who may act for "
    "them (academies are supported by their trusts) and in what schools asked for."
)
_Figure = Callable[[GroupTime], float | None]


def time_selects(viewer: Viewer, copy: Copy, scope: Scope) -> tuple[Select, ...]:
    """It asks back by what schools are grouped.

    Raises:
        NotAllowed: the viewer may not read.
    """
    require_reader(viewer)
    return (_BY,)


def time_answer(viewer: Viewer, copy: Copy, scope: Scope, wanted: Wanted) -> Answer:
    """How often schools of each group are flagged, which support they have, and how long they waited for it.

    Raises:
        NotAllowed: the viewer may not read.
    """
    require_reader(viewer)
    if scope.la_code is None:
        return Answer("Choose a local authority above: support is recorded by those who use this copy, for their own.")
    grouping = wanted.of(_BY)
    found = attention(viewer, copy, scope, grouping)
    if not found.together.schools:
        return Answer("No school is in this scope.")
    source = f"The rules {copy.build.rule_set} and the records of this LA, as at {in_words(copy.build.as_at)}"
    charts = [_flagged(found, source)]
    if found.together.flagged and found.together.planned_with_roll:
        charts += [_days(found, source), _pupils(found, source)]
    if found.since is not None and any(_is_timed(one) for one in found.groups):
        charts.append(_waits(found, source))
    return Answer(
        finding=_finding(found),
        charts=tuple(charts),
        how=_how(found, copy, is_fifths=grouping == "fsm"),
    )


def _finding(found: Attention) -> str:
    return f"{_rates_in_words(found)} {_days_in_words(found)}".strip()


def _rates_in_words(found: Attention) -> str:
    """Which group is flagged most often and which least, and whether that is more than chance would give."""
    together = found.together
    if not together.flagged:
        return f"None of {counted(together.schools, 'school')} is flagged as a priority."
    most, least = _ends(found.groups, lambda one: None if one.flag_rate is None else one.flag_rate.value)
    if most is None or least is None:
        return (
            f"{together.flagged:,} of {together.schools:,} schools are flagged; no second group has {FEWEST} schools."
        )
    told = f"Flagged most often: {_rate(most)}; least often: {_rate(least)}"
    high, low = most.flag_rate, least.flag_rate
    if high is None or low is None or high.lower <= low.upper:
        return f"{told}: by so few schools, chance alone could make that difference."
    return f"{told}."


def _rate(one: GroupTime) -> str:
    return f"{one.name} ({one.flagged:,} of {one.schools:,} schools)"


def _days_in_words(found: Attention) -> str:
    """Which group has most days for each flagged school, and which fewest."""
    together = found.together
    if not together.flagged:
        return ""
    if not together.supported:
        return f"No support is recorded for any of the {together.flagged:,} flagged schools."
    most, least = _ends(found.groups, lambda one: one.planned_each)
    each = "not known" if together.planned_each is None else f"{together.planned_each:.1f}"
    if most is None or least is None or most.planned_each is None or least.planned_each is None:
        return f"Days planned for each flagged school: {each}; no two groups have five flagged schools each."
    if most.planned_each == least.planned_each:
        return f"Each group has as many days planned for each flagged school: {each}."
    return (
        f"Most days planned for each flagged school: {most.name} ({most.planned_each:.1f}); fewest: {least.name} "
        f"({least.planned_each:.1f}); {each} over all."
    )


def _ends(groups: Sequence[GroupTime], figure: _Figure) -> tuple[GroupTime | None, GroupTime | None]:
    """The groups with the highest and the lowest figure; none where fewer than two have one."""
    known = [(value, one) for one in groups if (value := figure(one)) is not None]
    if len(known) < 2:
        return None, None
    return max(known, key=lambda pair: pair[0])[1], min(known, key=lambda pair: pair[0])[1]


def _row(one: GroupTime) -> str:
    return f"{one.name}, {one.schools:,} schools" if one.is_told else f"{one.name}, fewer than {FEWEST} schools"


def _flagged(found: Attention, source: str) -> Chart:
    limits = [one.flag_rate for one in found.groups]
    rate = Dot(
        "Flagged as a priority",
        Role.OWN,
        tuple(None if one is None else one.value for one in limits),
        tuple(None if one is None else one.lower for one in limits),
        tuple(None if one is None else one.upper for one in limits),
    )
    together = found.together.flag_rate
    at = () if together is None else (("all schools here", together.value),)
    table = [
        {
            "Group": one.name,
            "Schools": one.schools,
            "Flagged": one.flagged if one.is_told else None,
            "Flagged, %": None if limit is None else limit.value,
            "Lower limit": None if limit is None else limit.lower,
            "Upper limit": None if limit is None else limit.upper,
            "Not told because": _why_not(one.is_told, "schools"),
        }
        for one, limit in zip([*found.groups, found.together], [*limits, together], strict=True)
    ]
    return Chart(
        key="time_flagged",
        finding=_rates_in_words(found),
        drawing=Dots(_rows(found), Axis("Flagged as a priority, % of schools", "%", from_zero=True), (rate,), at=at),
        table=pd.DataFrame(table),
        source=source,
        notes=(
            CAUTION,
            "The line through a dot is its 95% interval: how far chance could move the share of so few schools.",
        ),
    )


def _days(found: Attention, source: str) -> Chart:
    planned = tuple(one.planned_each for one in found.groups)
    used = tuple(one.used_each for one in found.groups)
    together = found.together.planned_each
    table = [
        {
            "Group": one.name,
            "Flagged schools": one.flagged if one.is_told else None,
            "With support now": one.supported if one.is_told else None,
            "Days planned": one.planned if one.planned_each is not None else None,
            "Days used": one.used if one.used_each is not None else None,
            "Planned for each": one.planned_each,
            "Used for each": one.used_each,
            "Not told because": _why_not(one.planned_each is not None, "flagged schools"),
        }
        for one in [*found.groups, found.together]
    ]
    return Chart(
        key="time_days",
        finding=_days_in_words(found),
        drawing=Dots(
            _rows(found),
            Axis("Person-days for each flagged school", decimals=1, from_zero=True),
            (Dot("Planned", Role.FIRST, planned), Dot("Used so far", Role.SECOND, used)),
            at=() if together is None else (("planned, all here", together),),
        ),
        table=pd.DataFrame(table),
        source=source,
        notes=tuple(_days_notes(found)),
    )


def _days_notes(found: Attention) -> list[str]:
    notes = [
        f"All flagged schools of a group count, also those without support; groups with fewer than {FEWEST} of them "
        "have no dot."
    ]
    if found.together.days_not_known:
        notes.append(f"Left out, since the days of their support are not recorded: {found.together.days_not_known:,}.")
    if found.together.used_not_known:
        notes.append(
            f"Left out of the days used, since nobody recorded them: {found.together.used_not_known:,} schools."
        )
    return notes


def _pupils(found: Attention, source: str) -> Chart:
    values = tuple(one.per_1000_pupils for one in found.groups)
    together = found.together.per_1000_pupils
    most, least = _ends(found.groups, lambda one: one.per_1000_pupils)
    finding = "Days planned for 1,000 pupils cannot be compared: no two groups have five schools with a roll."
    if most is not None and least is not None and most.per_1000_pupils == least.per_1000_pupils:
        finding = f"Each group has as many days planned for 1,000 pupils: {most.per_1000_pupils:.1f}."
    elif most is not None and least is not None:
        finding = (
            f"Most days planned for 1,000 pupils: {most.name} ({most.per_1000_pupils:.1f}); fewest: {least.name} "
            f"({least.per_1000_pupils:.1f})."
        )
    table = [
        {
            "Group": one.name,
            "Schools": one.schools,
            "Without a roll": one.without_roll,
            "Pupils": one.pupils if one.is_told else None,
            "Days planned for 1,000 pupils": one.per_1000_pupils,
            "Not told because": _why_not(one.per_1000_pupils is not None, "schools with a roll"),
        }
        for one in [*found.groups, found.together]
    ]
    without = found.together.without_roll
    return Chart(
        key="time_pupils",
        finding=finding,
        drawing=Dots(
            _rows(found),
            Axis("Person-days planned for 1,000 pupils", decimals=1, from_zero=True),
            (Dot("Planned", Role.OWN, values),),
            at=() if together is None else (("all here", together),),
        ),
        table=pd.DataFrame(table),
        source=source,
        notes=(
            "Support for every school of a group counts, flagged or not.",
            *((f"Left out, since their roll is not known: {without:,} schools.",) if without else ()),
        ),
    )


def _is_timed(one: GroupTime) -> bool:
    return one.days_until_support is not None or one.days_waiting is not None


def _waits(found: Attention, source: str) -> Chart:
    together = found.together
    table = [
        {
            "Group": one.name,
            "Support began, schools": len(one.waits.started) if one.is_told else None,
            "Days until it began, middle": one.days_until_support,
            "Still without, schools": len(one.waits.waiting) if one.is_told else None,
            "Days without so far, middle": one.days_waiting,
            "Start not recorded, schools": one.waits.not_known if one.is_told else None,
        }
        for one in [*found.groups, together]
    ]
    return Chart(
        key="time_waits",
        finding=_waits_in_words(together),
        drawing=Dots(
            _rows(found),
            Axis("Days since a build first had the school flagged, middle of the group", from_zero=True),
            (
                Dot("Until support began", Role.FIRST, tuple(one.days_until_support for one in found.groups)),
                Dot("Without support so far", Role.SECOND, tuple(one.days_waiting for one in found.groups)),
            ),
        ),
        table=pd.DataFrame(table),
        source=source,
        notes=(
            f"Counted from the as-at day of the first of the kept builds, the earliest of "
            f"{in_words(found.since) if found.since else 'today'}, that had the school flagged without a break until "
            "now: a school may have been flagged before. Support that was there already counts as no day.",
            f"Groups with fewer than {FEWEST} such schools have no dot.",
        ),
    )


def _waits_in_words(together: GroupTime) -> str:
    began, waiting = len(together.waits.started), len(together.waits.waiting)
    until = (
        "" if together.days_until_support is None else f", half of them within {together.days_until_support:.0f} days"
    )
    so_far = "" if together.days_waiting is None else f", half of them for {together.days_waiting:.0f} days or longer"
    return f"Support began for {began:,} of the flagged schools{until}; {waiting:,} are without it{so_far}."


def _rows(found: Attention) -> tuple[str, ...]:
    return tuple(_row(one) for one in found.groups)


def _why_not(is_told: bool, what: str) -> str:
    return "" if is_told else f"fewer than {FEWEST} {what}"


def _how(found: Attention, copy: Copy, *, is_fifths: bool) -> tuple[str, ...]:
    lines = [
        "Flagged: of the place “priority”, by the computed levels. Support: what is agreed, being prepared or under "
        f"way on {in_words(copy.build.as_at)}; of support for a group of schools each has its own share of the days.",
        f"Groups of fewer than {FEWEST} schools are named and not told: one school would be their figure. Groups are "
        "those by which the model's errors are told apart, too.",
    ]
    if is_fifths:
        lines.append(
            "Fifths: all schools loaded of the same phase, by the share of pupils who had free school meals in six "
            "years. Disadvantage never earns a point; it is used here to see who gets help."
        )
    if found.since is None:
        lines.append("How long schools waited is not told: only one build is kept, so nobody knows since when.")
    if found.damage:
        lines.append(f"How long schools waited cannot be told. {found.damage}")
    return tuple(lines)
