"""The overview: how many schools at which level, what changed, what is due, how fresh the data is."""

from dataclasses import dataclass
from datetime import date

import pandas as pd

from risk_model.casework import adviser_views, latest_views, meetings, referrals
from risk_model.domain.errors import RulesRefused
from risk_model.domain.viewer import Right, Viewer, require_reader
from risk_model.domain.words import STATEMENT_TITLES, Level, Priority, Statement
from risk_model.services.action_list import action_page
from risk_model.services.at_risk import flagged_without_support, school_list
from risk_model.services.copy import Copy
from risk_model.services.data import SourceFreshness, freshness
from risk_model.services.director_list import latest_referrals
from risk_model.services.meeting_room import open_meetings
from risk_model.services.needs import SupportList, need_page
from risk_model.services.scope import Scope
from risk_model.services.since import Changes, SincePoint, changes_since, since_points

# Reviews are told this many days before: about a month.
REVIEW_NOTICE_DAYS = 31


@dataclass(frozen=True)
class Tile:
    """How many schools stand at each level of a statement."""

    statement: str
    title: str
    counts: dict[str, int]


@dataclass(frozen=True)
class Due:
    """A review or an inspection that is due."""

    urn: str
    name: str
    what: str
    when: date
    is_overdue: bool


@dataclass(frozen=True)
class Overview:
    """The LA in half a minute.

    Attributes:
        sentence: what matters now, in plain words.
        points: the earlier moments that changes can be told against; changes: against the one that was asked for.
        localities: one row per locality: Locality, Schools, Priority, Watch, Find out, Priority without support.
        without_support: flagged schools that have none.
        support_lists: what does not fit together in need and help, as the Support page lists it; none, where the
            LA's own settings of support cannot be read: support_refused then says why.
        views_due: advisers' views that stand and end within a month.
        views_lapsed: those that have ended, with no newer one: the computed level stands alone.
        open_minutes: meetings of core groups in scope of which the minutes are open; overdue_actions: of its schools.
        shows_people: whether what people recorded is in it: reviews, views, minutes, actions, academies to raise. Where
            it is not, each of these is empty or zero and says nothing.
        watched, watched_moved: schools on the viewer's own watch list, and those of them that moved.
        adviser_disagrees: schools where an adviser's view that stands differs from a computed level.
    """

    sentence: str
    schools: int
    tiles: list[Tile]
    priorities: dict[str, int]
    localities: pd.DataFrame
    has_localities: bool
    points: list[SincePoint]
    changes: Changes
    without_support: int
    support_lists: tuple[SupportList, ...]
    support_refused: str
    supported: int
    academies_to_raise: int
    reviews: list[Due]
    inspections: list[Due]
    stale_sources: list[SourceFreshness]
    as_at: date
    views_due: list[Due]
    views_lapsed: list[Due]
    adviser_disagrees: int
    open_minutes: int
    overdue_actions: int
    shows_people: bool
    watched: int
    watched_moved: int


def overview(viewer: Viewer, copy: Copy, scope: Scope, since: str | None = None) -> Overview:
    """What an improvement officer wants to know first.

    Args:
        since: the key of a point that changes are told against; the build before where none is named.

    Raises:
        NotAllowed: the viewer may not read.
    """
    require_reader(viewer)
    schools = school_list(viewer, copy, scope)
    priorities = {p.value: int((schools["priority"] == p.value).sum()) for p in Priority}
    watching = set(schools.loc[schools["is_watched"], "urn"])
    flagged = schools[schools["priority"] == Priority.PRIORITY.value]
    without = len(flagged_without_support(schools))
    lists, refused = _support_lists(viewer, copy, scope, schools)
    changes = changes_since(viewer, copy, scope, schools, since)
    people = viewer.may(Right.PEOPLE)
    reviews = _reviews(copy, schools) if people else []
    inspections = _inspections_due(copy, scope)
    views = _views_ending(copy, schools) if people else []
    academies = _to_raise(copy, scope, flagged) if people else 0
    return Overview(
        sentence=_sentence(len(schools), priorities, without, changes, academies, _uncovered(copy, schools)),
        schools=len(schools),
        tiles=[_tile(schools, statement) for statement in Statement],
        priorities=priorities,
        localities=_localities(schools),
        has_localities=bool(schools["locality"].notna().any()),
        points=since_points(viewer, copy, scope),
        changes=changes,
        without_support=without,
        support_lists=lists,
        support_refused=refused,
        supported=len(flagged) - without,
        academies_to_raise=academies,
        reviews=reviews,
        inspections=inspections,
        stale_sources=[one for one in freshness(viewer, copy) if one.is_stale],
        as_at=copy.build.as_at,
        views_due=[one for one in views if not one.is_overdue],
        views_lapsed=[one for one in views if one.is_overdue],
        adviser_disagrees=int((schools["adviser_disagrees"] > 0).sum()),
        open_minutes=sum(not one.is_locked for one in open_meetings(viewer, copy, scope)) if people else 0,
        shows_people=people,
        watched=len(watching),
        watched_moved=len(watching & ({one.urn for one in changes.moved} | {*changes.flagged, *changes.unflagged})),
        overdue_actions=action_page(viewer, copy, scope, "overdue").overdue if people else 0,
    )


def _to_raise(copy: Copy, scope: Scope, flagged: pd.DataFrame) -> int:
    """How many of the flagged academies have not been raised; one of which it was withdrawn has not."""
    raised = set(latest_referrals(referrals(copy.records, la_code=scope.la_code)))
    return int(((flagged["route"] == "regional director") & ~flagged["urn"].isin(raised)).sum())


def _support_lists(
    viewer: Viewer, copy: Copy, scope: Scope, schools: pd.DataFrame
) -> tuple[tuple[SupportList, ...], str]:
    """The lists of the Support page; none and the reason, where they are not shown or cannot be read."""
    if not viewer.may(Right.PEOPLE):
        return (), ""
    try:
        return need_page(viewer, copy, scope, schools).lists, ""
    except RulesRefused as error:
        return (), str(error)


def _tile(schools: pd.DataFrame, statement: Statement) -> Tile:
    column = schools[f"{statement.value}_level"]
    counts = {level.value: int((column == level.value).sum()) for level in Level}
    return Tile(statement.value, STATEMENT_TITLES[statement], counts)


def _uncovered(copy: Copy, schools: pd.DataFrame) -> str:
    """How many of the schools to find out about are of phases whose outcomes the rules cannot judge; "" for none."""
    phases = {str(row["phase"]) for row in copy.reader.rows(_UNCOVERED_PHASES)}
    found = schools[(schools["priority"] == Priority.FIND_OUT.value) & schools["phase"].isin(phases)]
    if found.empty:
        return ""
    named = ", ".join(sorted(set(found["phase"])))
    return f" ({len(found)} of them of a phase whose outcomes the rules cannot judge: {named})"


_UNCOVERED_PHASES = """
    select distinct s.phase from schools as s
    where s.phase is not null and not exists (
        select 1 from rules as r inner join rule_phases as p using (rule_id)
        where r.statement = 'outcomes' and r.core and p.phase = s.phase
    )"""


def _sentence(
    n: int, priorities: dict[str, int], without: int, changes: Changes, academies: int, uncovered: str
) -> str:
    """What changed, how it stands, and what to do, in plain words."""
    if n == 0:
        return "No school is in this scope. Choose another locality or phase, or import a register of schools."
    flagged = priorities[Priority.PRIORITY.value]
    parts = [changes.in_words] if changes.since else []
    help_now = "each has some help"
    if without:
        help_now = "none of them has" if without == flagged else _of_them(without) + " no"
        help_now += " help recorded"
    parts.append(
        f"{flagged} of {n} schools {'is' if flagged == 1 else 'are'} a priority for support: {help_now}."
        if flagged
        else "No school is a priority."
    )
    to_do = []
    if without:
        to_do.append(f"find help for {'it' if without == 1 else f'those {without}'}")
    if academies:
        to_do.append(f"raise {_schools(academies, 'academy', 'academies')} with the regional director (RSC)")
    if priorities[Priority.FIND_OUT.value]:
        unknown = _schools(priorities[Priority.FIND_OUT.value], "school", "schools")
        to_do.append(f"find out about {unknown} with not enough evidence{uncovered}")
    if to_do:
        parts.append(f"To do: {'; '.join(to_do)}.")
    return " ".join(parts)


def _schools(n: int, one: str, several: str) -> str:
    return f"{n} {one if n == 1 else several}"


def _of_them(n: int) -> str:
    return f"{n} of them {'has' if n == 1 else 'have'}"


def _localities(schools: pd.DataFrame) -> pd.DataFrame:
    flagged = schools["priority"] == Priority.PRIORITY.value
    counted = schools.assign(
        locality=schools["locality"].fillna("no locality"),
        is_priority=flagged,
        is_watch=schools["priority"] == Priority.WATCH.value,
        is_find_out=schools["priority"] == Priority.FIND_OUT.value,
        is_without=schools.index.isin(flagged_without_support(schools).index),
    ).groupby("locality", sort=True)
    summed = counted.agg(
        Schools=("urn", "size"),
        Priority=("is_priority", "sum"),
        Watch=("is_watch", "sum"),
        find_out=("is_find_out", "sum"),
        without=("is_without", "sum"),
    ).reset_index()
    return summed.rename(
        columns={"locality": "Locality", "find_out": "Find out", "without": "Priority without support"}
    )


def _reviews(copy: Copy, schools: pd.DataFrame) -> list[Due]:
    """Reviews that a core group asked for and that are overdue or due within a month, by each school's last meeting;
    one that decided anew without a date has ended the earlier one.
    """
    names: dict[str, str] = dict(zip(schools["urn"], schools["name"], strict=True))
    latest: dict[str, tuple[date, date | None]] = {}
    for meeting in meetings(copy.records):
        for outcome in meeting.outcomes:
            held_on, review_by = latest.get(outcome.urn, (date.min, None))
            if meeting.held_on > held_on or (meeting.held_on == held_on and review_by is None):
                latest[outcome.urn] = (meeting.held_on, outcome.review_by)
    as_at = copy.build.as_at
    due = [
        Due(urn, names[urn], "core group review", review_by, review_by < as_at)
        for urn, (_, review_by) in latest.items()
        if urn in names and review_by is not None and (review_by - as_at).days <= REVIEW_NOTICE_DAYS
    ]
    return sorted(due, key=lambda one: (one.when, one.name))


def _views_ending(copy: Copy, schools: pd.DataFrame) -> list[Due]:
    """Each school's and statement's newest view that has ended, or ends within a month; the longest ended first."""
    names: dict[str, str] = dict(zip(schools["urn"], schools["name"], strict=True))
    as_at = copy.build.as_at
    due = [
        Due(
            urn,
            names[urn],
            f'adviser\'s view of "{STATEMENT_TITLES[statement]}"',
            view.review_by,
            view.is_lapsed_on(as_at),
        )
        for (urn, statement), view in latest_views(adviser_views(copy.records), as_at).items()
        if urn in names and (view.review_by - as_at).days <= REVIEW_NOTICE_DAYS
    ]
    return sorted(due, key=lambda one: (one.when, one.name, one.what))


def _inspections_due(copy: Copy, scope: Scope) -> list[Due]:
    """Schools whose next inspection is overdue, or due within a year, by the rules of its framework."""
    found = copy.reader.rows(
        """
        select s.urn, s.name, n.due_by, n.standing
        from next_inspections as n
        inner join schools as s using (urn)
        where n.standing in ('overdue', 'overdue as far as known', 'within 12 months')
            and ($la_code is null or s.la_code = $la_code)
            and ($locality is null or s.locality = $locality)
            and ($phase is null or s.phase = $phase)
        order by n.due_by, s.urn""",
        scope.params,
    )
    return [
        Due(row["urn"], row["name"], "inspection", row["due_by"], row["standing"] != "within 12 months")
        for row in found
    ]
