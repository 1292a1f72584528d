"""Need beside help: which needs of which schools are answered, and the lists that somebody should look at."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import pandas as pd

from risk_model.casework import FINISHED_STATUSES, Allocation, allocations
from risk_model.domain.viewer import Right, Viewer, require
from risk_model.domain.words import Priority, counted
from risk_model.rules.support import Area, SupportSettings, read_support_settings
from risk_model.services.at_risk import flagged_without_support, school_list
from risk_model.services.copy import Copy
from risk_model.services.scope import IN_SCOPE, Scope

NEED, FITS, STALE, NO_NEED, NOTHING = "need without help", "help fits", "help is stale", "help without need", ""
# A cell as the matrix shows it: a shape and a word, never colour alone.
IN_CELL: Mapping[str, str] = {
    NEED: "■ no help",
    FITS: "◧ help fits",
    STALE: "◌ help stale",
    NO_NEED: "· no need",
    NOTHING: "",
}
_FLAGGED = Priority.PRIORITY.value
# of the outcomes alone: the view beside them writes a sentence for each, which nobody reads here
_RAISED_SQL = f"""
    select s.urn, r.rule_id
    from outcomes as o
    inner join numbered_schools as n on n.school_no = o.school_no
    inner join schools as s on s.urn = n.urn
    inner join rules as r on r.rule_no = o.rule_no
    where o.status = 'raised' and {IN_SCOPE}
    order by s.urn, r.rule_id"""


@dataclass(frozen=True)
class Cell:
    """One school and one area of need.

    Attributes:
        state: one of NEED, FITS, STALE, NO_NEED, NOTHING.
        rules: those raised that show the need.
        helpers: who helps with it now, as "SLE, System leader 04".
    """

    state: str
    rules: tuple[str, ...]
    helpers: tuple[str, ...]

    @property
    def words(self) -> str:
        """The cell as the matrix shows it: a shape and a word."""
        return IN_CELL[self.state]


@dataclass(frozen=True)
class NeedMatrix:
    """Schools down, areas of need across.

    Attributes:
        schools: rows of the school list, most urgent first.
        cells: {(urn, area id): cell}, one for every school and area.
    """

    areas: tuple[Area, ...]
    schools: pd.DataFrame
    cells: dict[tuple[str, str], Cell]

    def table(self) -> pd.DataFrame:
        """The matrix as screens and exports show it: School, Priority, one column per area, Gaps, URN."""
        rows = []
        for urn, name, priority in self.schools[["urn", "name", "priority"]].itertuples(index=False):
            row = {"School": name, "Priority": priority}
            row |= {area.title: self.cells[urn, area.id].words for area in self.areas}
            rows.append(row | {"Gaps": self.gaps_of(urn), "URN": urn})
        columns = ["School", "Priority", *(area.title for area in self.areas), "Gaps", "URN"]
        return pd.DataFrame(rows, columns=columns).sort_values("Gaps", ascending=False, kind="stable")

    def gaps_of(self, urn: str) -> int:
        """How many needs of a school nobody answers, or not any more."""
        return sum(self.cells[urn, area.id].state in (NEED, STALE) for area in self.areas)

    def totals(self) -> pd.DataFrame:
        """How many schools stand how in each area: Area, then one column per state."""
        rows = []
        for area in self.areas:
            states = [self.cells[urn, area.id].state for urn in self.schools["urn"]]
            rows.append({"Area": area.title} | {state: states.count(state) for state in (NEED, STALE, FITS, NO_NEED)})
        return pd.DataFrame(rows, columns=["Area", NEED, STALE, FITS, NO_NEED])

    def finding(self) -> str:
        """How many needs have no help and in which area the most of them are, in a sentence."""
        totals = self.totals()
        without, fits = int(totals[NEED].sum()), counted(int(totals[FITS].sum()), "need")
        if without + totals[STALE].sum() == 0:
            return "No priority school of this scope has a need that nobody answers."
        schools = counted(len(self.schools), "priority school")
        if not without:
            return f"No need of {schools} is without help, but some of the help is stale; help fits {fits}."
        worst = totals.sort_values(NEED, ascending=False, kind="stable").iloc[0]
        most = int(worst[NEED])
        share = "most of them" if 2 * most > without else "the most"
        return (
            f"{counted(without, 'need')} of {schools} {'has' if without == 1 else 'have'} no help, "
            f"{'all' if most == without else share} in {str(worst['Area']).lower()} ({counted(most, 'school')}); "
            f"help fits {fits}."
        )


@dataclass(frozen=True)
class SupportList:
    """One list that somebody should look at.

    Attributes:
        key: in a link.
        title: as the overview says it; why: what puts a school or a piece of support on it.
        rows: what to show, School and URN among its columns.
        when_empty: what it means that nothing is on it.
    """

    key: str
    title: str
    why: str
    rows: pd.DataFrame
    when_empty: str = "Nothing is on this list."


@dataclass(frozen=True)
class NeedPage:
    """Need beside help for the schools in scope.

    Attributes:
        flagged: the matrix of priority schools; helped: of the others that have help now.
        entitlement: maintained schools: what they may expect, what is planned and used; sum_of_days in words.
    """

    settings: SupportSettings
    flagged: NeedMatrix
    helped: NeedMatrix
    lists: tuple[SupportList, ...]
    entitlement: pd.DataFrame
    entitlement_words: str


def need_page(viewer: Viewer, copy: Copy, scope: Scope, schools: pd.DataFrame | None = None) -> NeedPage:
    """Need beside help: the matrix, the lists and the entitlement of the schools in scope.

    Args:
        schools: the school list of the scope, where it has been read already.
    Raises:
        NotAllowed: the viewer may not read.
        RulesRefused: the LA's own support.toml is not valid.
    """
    require(viewer, Right.PEOPLE)
    settings = read_support_settings(copy.data.root)
    schools = school_list(viewer, copy, scope) if schools is None else schools
    as_at = copy.build.as_at
    here = set(schools["urn"])
    known = [one for one in allocations(copy.records, la_code=scope.la_code) if here.intersection(one.urns)]
    active = [one for one in known if one.is_active_on(as_at)]
    raised = _raised(copy, scope)
    by_school = _by_school(active)
    flagged = schools[schools["priority"] == _FLAGGED]
    others = schools[(schools["priority"] != _FLAGGED) & schools["urn"].isin(by_school)]
    matrix = _matrix(flagged, settings, raised, by_school, as_at)
    table = entitlement_table(schools, settings)
    return NeedPage(
        settings=settings,
        flagged=matrix,
        helped=_matrix(others, settings, raised, by_school, as_at),
        lists=support_lists(schools, known, matrix, settings, as_at, raised),
        entitlement=table,
        entitlement_words=_entitlement_words(table),
    )


def is_stale(one: Allocation, as_at: date, days: int) -> bool:
    """Whether active support has had neither visit nor update for so many days; since its start, where none yet."""
    last = max(filter(None, (one.last_update, one.start_date)), default=None)
    return last is not None and (as_at - last).days > days


def answers(one: Allocation, area: Area) -> bool:
    """Whether support answers a need: by its kind, or because it names a rule of the area."""
    return one.support_type in area.support or bool(set(one.rule_ids) & set(area.rules))


def _raised(copy: Copy, scope: Scope) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for row in copy.reader.rows(_RAISED_SQL, scope.params):
        found.setdefault(row["urn"], []).append(row["rule_id"])
    return found


def _by_school(active: Iterable[Allocation]) -> dict[str, list[Allocation]]:
    found: dict[str, list[Allocation]] = {}
    for one in active:
        for urn in one.urns:
            found.setdefault(urn, []).append(one)
    return found


def _matrix(
    schools: pd.DataFrame,
    settings: SupportSettings,
    raised: Mapping[str, Sequence[str]],
    active: Mapping[str, Sequence[Allocation]],
    as_at: date,
) -> NeedMatrix:
    cells = {
        (urn, area.id): cell_of(area, raised.get(urn, ()), active.get(urn, ()), as_at, settings.stale_after_days)
        for urn in schools["urn"]
        for area in settings.areas
    }
    return NeedMatrix(settings.areas, schools, cells)


def cell_of(area: Area, raised: Sequence[str], active: Sequence[Allocation], as_at: date, days: int) -> Cell:
    """How one school stands in one area, by its raised rules and its active support; stale after so many days.

    Where no rule shows a need, help that is stale leaves none without an answer: the list of stale support names it.
    """
    rules = tuple(rule for rule in raised if rule in area.rules)
    helping = [one for one in active if answers(one, area)]
    helpers = tuple(dict.fromkeys(_helper(one) for one in helping))
    if not helping:
        return Cell(NEED if rules else NOTHING, rules, helpers)
    if not rules:
        return Cell(NO_NEED, rules, helpers)
    return Cell(STALE if all(is_stale(one, as_at, days) for one in helping) else FITS, rules, helpers)


def _helper(one: Allocation) -> str:
    return f"{one.role or one.provider_type}, {one.system_leader_label or one.provider_name}"


def support_lists(
    schools: pd.DataFrame,
    known: Sequence[Allocation],
    flagged: NeedMatrix,
    settings: SupportSettings,
    as_at: date,
    raised: Mapping[str, Sequence[str]],
) -> tuple[SupportList, ...]:
    """The lists of what does not fit together, each with its count on the overview.

    Args:
        schools: the school list of the scope; known: all support of its schools; raised: the rules of each school.
    """
    by_urn = schools.set_index("urn")
    active = [one for one in known if one.is_active_on(as_at)]
    days = settings.stale_after_days
    without = flagged_without_support(schools)
    calm = schools["priority"].isin([Priority.FIND_OUT, Priority.UNIVERSAL]) & (schools["support_active"] > 0)
    overdue = [
        one
        for one in active
        if one.review_date is not None
        and one.review_date < as_at
        and (one.last_update is None or one.last_update < one.review_date)
    ]
    ended = [one for one in known if one.status in FINISHED_STATUSES and one.exit_outcome is None]
    return (
        SupportList(
            "without",
            "flagged and without support",
            "Priority schools for which no active support is recorded.",
            _schools_table(without, ["priority", "route", "locality", "main_reason"]),
            "Every priority school in this scope has active support."
            if len(flagged.schools)
            else "No priority school is in this scope.",
        ),
        SupportList(
            "calm",
            "supported and no longer flagged",
            "Support goes on, and the school is neither priority nor watch: is it still the best use of the days?",
            _schools_table(schools[calm], ["priority", "support_now", "support_until"]),
        ),
        SupportList(
            "two",
            "two providers on one need",
            "Two or more providers answer one need that the rules show: do they know of each other?",
            _two_providers(active, settings, by_urn, raised),
        ),
        SupportList(
            "stale",
            "stale support",
            f"Active, and no visit or update for {days} days. {settings.why_stale}",
            _support_table([one for one in active if is_stale(one, as_at, days)], by_urn),
        ),
        SupportList(
            "review",
            "support reviews overdue",
            "The day of the review at mid-point has passed, and nobody has said since how it goes.",
            _support_table(overdue, by_urn),
        ),
        SupportList(
            "ended",
            "ended without an outcome",
            "Support was completed or ended early, and what came of it is not recorded.",
            _support_table(ended, by_urn),
        ),
    )


_HEADINGS: Mapping[str, str] = {
    "priority": "Priority",
    "route": "Route",
    "locality": "Locality",
    "main_reason": "Main reason",
    "support_now": "Support now",
    "support_until": "Support until",
}


def _schools_table(schools: pd.DataFrame, columns: Sequence[str]) -> pd.DataFrame:
    table = schools[["name", *columns, "urn"]].rename(columns={"name": "School", "urn": "URN", **_HEADINGS})
    return table.reset_index(drop=True)


def _support_table(found: Sequence[Allocation], by_urn: pd.DataFrame) -> pd.DataFrame:
    rows = [
        {
            "School": by_urn.at[urn, "name"],
            "Provider": _helper(one),
            "Support": one.support_type,
            "From": one.start_date,
            "Until": one.end_date,
            "Review": one.review_date,
            "Last update": one.last_update,
            "Number": one.id,
            "URN": urn,
        }
        for one in found
        for urn in one.urns
        if urn in by_urn.index
    ]
    columns = ["School", "Provider", "Support", "From", "Until", "Review", "Last update", "Number", "URN"]
    return pd.DataFrame(rows, columns=columns)


def _two_providers(
    active: Sequence[Allocation], settings: SupportSettings, by_urn: pd.DataFrame, raised: Mapping[str, Sequence[str]]
) -> pd.DataFrame:
    rows = []
    for urn, pieces in _by_school(active).items():
        for area in settings.areas:
            if not set(area.rules).intersection(raised.get(urn, ())):
                continue
            helpers = sorted({_helper(one) for one in pieces if answers(one, area)})
            if len(helpers) > 1 and urn in by_urn.index:
                rows.append(
                    {"School": by_urn.at[urn, "name"], "Need": area.title, "Providers": "; ".join(helpers), "URN": urn}
                )
    return pd.DataFrame(rows, columns=["School", "Need", "Providers", "URN"]).sort_values(
        ["School", "Need"], kind="stable", ignore_index=True
    )


def entitlement_table(schools: pd.DataFrame, settings: SupportSettings) -> pd.DataFrame:
    """What each maintained school may expect in a year beside what is planned and used now.

    Returns:
        School, Priority, Entitled to, Planned, Used, Still to plan, URN. Planned and used are of active support, NaN
        where it has no days recorded; "Still to plan" counts such as none planned. Academies are not in it: their
        trust answers for their support, and the LA raises its concern.
    """
    entitled = schools[schools["route"] == "LA support"]
    # of no school at all, the days are numbers, too
    days = pd.Series([settings.days_for(one) for one in entitled["priority"]], index=entitled.index, dtype=float)
    helped = entitled["support_active"] > 0
    planned = entitled["support_days_planned"].where(helped, 0.0)
    return pd.DataFrame(
        {
            "School": entitled["name"],
            "Priority": entitled["priority"],
            "Entitled to": days,
            "Planned": planned,
            "Used": entitled["support_days_used"].where(helped, 0.0),
            "Still to plan": (days - planned.where(planned.notna(), 0.0)).clip(lower=0.0),
            "URN": entitled["urn"],
        }
    ).reset_index(drop=True)


def _entitlement_words(table: pd.DataFrame) -> str:
    urgent = table[table["Priority"] == _FLAGGED]
    if urgent.empty:
        return "No maintained school of this scope is a priority."
    entitled, planned = urgent["Entitled to"].sum(), urgent["Planned"].sum()
    short = int((urgent["Still to plan"] > 0).sum())
    return (
        f"{len(urgent)} maintained priority schools may expect {entitled:g} days; {planned:g} are planned. "
        f"{short} have fewer planned than they may expect."
    )
