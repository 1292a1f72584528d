"""What a supporter's page says of support: their own, with its objectives, and that of others."""

from collections.abc import Sequence
from datetime import date

from risk_model.casework import Allocation, Objective
from risk_model.domain.documents import Section, Table
from risk_model.domain.periods import in_words
from risk_model.services.my_schools import is_given_now
from risk_model.services.shareable import is_support_shown

_NOT_RECORDED = "not recorded"


def readers(theirs: Sequence[Allocation]) -> str:
    """For whom a page is, in words."""
    return " and ".join(dict.fromkeys(giver(one) for one in theirs)) or "the people who help this school"


def giver(one: Allocation) -> str:
    """Who gives support, and in which role."""
    who = one.system_leader_label or one.provider_name
    return f"{who} ({one.role})" if one.role else who


def own_section(theirs: Sequence[Allocation], goals: Sequence[Objective], urn: str) -> Section:
    """The support that a page is for: need, days, dates, aim, and its objectives.

    Args:
        urn: the school of the page, one of a group maybe.
    """
    lines = tuple(line for one in theirs for line in _task_lines(one, urn))
    return Section("Your support", text=lines, tables=(_goals(goals),) if goals else ())


def _task_lines(one: Allocation, urn: str) -> tuple[str, ...]:
    what = f"{one.support_type or 'Support, its kind not recorded'}; need: {one.need or _NOT_RECORDED}"
    review = f"review on {in_words(one.review_date)}" if one.review_date else f"review {_NOT_RECORDED}"
    return (
        f"{what[:1].upper()}{what[1:]}. {_days(one, urn)}, {_dates(one)}, {review}.",
        f"Aim: {one.aim or _NOT_RECORDED}. How you will know that it helped: {one.success_measure or _NOT_RECORDED}. "
        f"Where it starts from: {one.baseline or _NOT_RECORDED}.",
    )


def _goals(goals: Sequence[Objective]) -> Table:
    rows = tuple(
        (
            one.objective,
            one.success_measure or _NOT_RECORDED,
            f"{one.baseline or _NOT_RECORDED}; {one.target or _NOT_RECORDED}",
            in_words(one.due) if one.due else _NOT_RECORDED,
            one.progress or _NOT_RECORDED,
        )
        for one in goals
    )
    return Table(("Objective", "Success measure", "From; to", "By", "Progress"), rows, (30, 22, 22, 14, 12))


def other_section(support: Sequence[Allocation], urn: str, as_at: date, *, beside: bool) -> Section:
    """What others do there now, as far as a supporter may be told.

    Args:
        support: all that is recorded, but for the reader's own; beside: whether the page has a part about that.
    """
    title = "Other support there now" if beside else "Support there now"
    others = [one for one in support if is_given_now(one, as_at) and is_support_shown(one)]
    if not others:
        return Section(title, text=("None that can be shown here is agreed or under way.",))
    rows = tuple(
        (giver(one), f"{one.support_type}: {one.aim or f'aim {_NOT_RECORDED}'}", _days(one, urn), _dates(one))
        for one in others
    )
    return Section(title, tables=(Table(("Who", "What for", "Days", "When"), rows, (26, 38, 16, 20)),))


def _days(one: Allocation, urn: str) -> str:
    """The days of this school; of a group also how many schools it has."""
    planned, used = one.days_planned_for(urn), one.days_used_for(urn)
    group = f", of a group of {len(one.urns)} schools" if one.shares else ""
    if planned is None:
        return f"days planned not recorded{group}"
    return f"{planned:g} days, {'use not recorded' if used is None else f'{used:g} used'}{group}"


def _dates(one: Allocation) -> str:
    start = f"from {in_words(one.start_date)}" if one.start_date else "start not recorded"
    return f"{start} to {in_words(one.end_date)}" if one.end_date else f"{start}, no end recorded"
