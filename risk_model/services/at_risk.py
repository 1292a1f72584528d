"""Which schools need help, and is help already there? The list, with need beside support."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pandas as pd

from risk_model.casework import Allocation, active_allocations
from risk_model.domain.viewer import Right, Viewer, require_reader
from risk_model.domain.words import NOT_A_PREDICTION, Priority, Statement, counted, level_in_words
from risk_model.services.copy import Copy
from risk_model.services.judgements import LAPSED, NO_LAYER, with_layers
from risk_model.services.scope import Scope, licence_line
from risk_model.services.watching import watch_list

LIST_COLUMNS = (
    "urn",
    "laestab",
    "name",
    "la_code",
    "la_name",
    "locality",
    "phase",
    "type",
    "route",
    "trust_name",
    "pupils",
    "priority",
    "outcomes_level",
    "outcomes_score",
    "outcomes_coverage",
    "leadership_level",
    "leadership_score",
    "leadership_coverage",
    "inspection_level",
    "inspection_score",
    "inspection_coverage",
    "reasons",
    "last_inspection_date",
    "last_inspection_outcome",
    "support_days_planned",
    "support_days_used",
    "support_active",
    "build_id",
    "rule_set",
    "as_at",
    "outcomes_adviser_level",
    "outcomes_agreed_level",
    "leadership_adviser_level",
    "leadership_agreed_level",
    "inspection_adviser_level",
    "inspection_agreed_level",
    "adviser_disagrees",
    "agreed_differs",
    "adviser_lapsed",
    "adviser_review_by",
    "next_inspection_due_by",
    "next_inspection_standing",
)
_LIST_SQL = (Path(__file__).parent / "sql" / "school_list.sql").read_text("utf-8")
NO_SUPPORT = "none"
# so many schools are named before the table is there
_FIRST = 3
WATCHED = "watched"
# What a list can be narrowed to by the judgements that people made: the word in a link, and the column that counts.
JUDGEMENT_FILTERS = {
    "adviser disagrees": "adviser_disagrees",
    "agreed differs": "agreed_differs",
    "view lapsed": "adviser_lapsed",
}


@dataclass(frozen=True)
class ListFilters:
    """How the list is narrowed; an empty tuple or None narrows nothing.

    Attributes:
        levels: {statement: levels}, each statement's must fit.
        support: "with", "without" or None.
        judgement: a key of JUDGEMENT_FILTERS, or None.
        due: how the next inspection stands by the published rules: words of DUE_STANDINGS.
        text: a part of the name, the URN, the LAESTAB or the postcode.
        watched: WATCHED for the schools on the viewer's own watch list, or None.
    """

    priorities: tuple[str, ...] = ()
    outcomes: tuple[str, ...] = ()
    leadership: tuple[str, ...] = ()
    inspection: tuple[str, ...] = ()
    routes: tuple[str, ...] = ()
    support: str | None = None
    text: str = ""
    judgement: str | None = None
    due: tuple[str, ...] = ()
    watched: str | None = None


def school_list(viewer: Viewer, copy: Copy, scope: Scope) -> pd.DataFrame:
    """Every school in scope with its levels, place, reasons, the support it has on the as-at date, and what
    advisers and core groups say beside the computed levels (nothing for who may not see people).

    Returns:
        One row per school, most urgent first: the columns of LIST_COLUMNS, then main_reason,
        last_inspection_inherited, changes, control, trust_uid, diocese, phase_group, support_now (text, "none"
        where there is none; without names for who may not see people), support_until and is_watched (on the
        viewer's own watch list). Days are NaN where there
        is no support.
    Raises:
        NotAllowed: the viewer may not read.
    """
    require_reader(viewer)
    schools = copy.reader.frame(_LIST_SQL, scope.params)
    support = support_by_school(
        active_allocations(copy.records, copy.build.as_at, la_code=scope.la_code), named=viewer.may(Right.PEOPLE)
    )
    listed = schools.merge(support, how="left", on="urn", validate="one_to_one")
    listed["support_active"] = listed["support_active"].astype("Int64").fillna(0)
    listed["support_now"] = listed["support_now"].astype("object").where(listed["support_now"].notna(), NO_SUPPORT)
    listed = with_layers(viewer, copy, listed, scope.la_code)
    listed["is_watched"] = listed["urn"].isin(watch_list(viewer, copy))
    rest = [column for column in listed.columns if column not in LIST_COLUMNS]
    return listed[[*LIST_COLUMNS, *rest]]


def flagged_without_support(schools: pd.DataFrame) -> pd.DataFrame:
    """The priority schools of a school list for which no active support is recorded, in the same order."""
    return schools[(schools["priority"] == Priority.PRIORITY.value) & (schools["support_active"] == 0)]


def support_by_school(active: Sequence[Allocation], *, named: bool = True) -> pd.DataFrame:
    """Active support summed by school: days planned and used, how many pieces, who, and until when.

    Of support for a group each school has its own share of the days. A piece whose days were not recorded adds none;
    where no piece has days, they stay unknown.

    Args:
        named: who helps by name; else by what they are alone.
    """
    by_school: dict[str, list[Allocation]] = {}
    for one in active:
        for urn in one.urns:
            by_school.setdefault(urn, []).append(one)
    summed = [
        {
            "urn": urn,
            "support_days_planned": _total([a.days_planned_for(urn) for a in pieces]),
            "support_days_used": _total([a.days_used_for(urn) for a in pieces]),
            "support_active": len(pieces),
            "support_now": " · ".join(
                dict.fromkeys(provider_in_words(a) if named else str(a.role or a.provider_type) for a in pieces)
            ),
            "support_until": _latest([a.end_date for a in pieces]),
        }
        for urn, pieces in by_school.items()
    ]
    columns = {
        "urn": "str",
        "support_days_planned": "float64",
        "support_days_used": "float64",
        "support_active": "Int64",
        "support_now": "str",
        "support_until": "object",
    }
    return pd.DataFrame(summed, columns=list(columns)).astype(columns)


def provider_in_words(one: Allocation) -> str:
    """Who helps, in a few words: "SLE, System leader 04" or "LA team, Finance"."""
    who = one.system_leader_label or one.provider_name
    return f"{one.role or one.provider_type}, {who}"


def _total(days: Sequence[float | None]) -> float | None:
    known = [one for one in days if one is not None]
    return sum(known) if known else None


def _latest(days: Sequence[date | None]) -> date | None:
    known = [one for one in days if one is not None]
    return max(known) if known and len(known) == len(days) else None


def narrowed(schools: pd.DataFrame, filters: ListFilters) -> pd.DataFrame:
    """The rows of a school list that fit every filter, in the same order."""
    keep = pd.Series(True, index=schools.index)
    for column, wanted in (
        ("priority", filters.priorities),
        ("outcomes_level", filters.outcomes),
        ("leadership_level", filters.leadership),
        ("inspection_level", filters.inspection),
        ("route", filters.routes),
        ("next_inspection_standing", filters.due),
    ):
        if wanted:
            keep &= schools[column].isin(wanted)
    if filters.support == "with":
        keep &= schools["support_active"] > 0
    if filters.support == "without":
        keep &= schools["support_active"] == 0
    if filters.judgement in JUDGEMENT_FILTERS:
        keep &= schools[JUDGEMENT_FILTERS[filters.judgement]] > 0
    if filters.watched == WATCHED:
        keep &= schools["is_watched"]
    text = filters.text.strip().casefold()
    if text:
        found = pd.Series(False, index=schools.index)
        for column in ("name", "urn", "laestab"):
            found |= schools[column].str.casefold().str.contains(text, regex=False).fillna(False)
        keep &= found
    return schools[keep]


def screen_table(schools: pd.DataFrame) -> pd.DataFrame:
    """The list as the screen and its exports show it, same rows and order.

    Returns:
        School, URN, Priority, the three levels with word and shape, Main reason, Support now, Days used,
        Days planned, Support until, Adviser's view, Core group agreed, Route, Locality, Phase, Trust, Last
        inspection, Inspected on, Next due, Next due by (by the published rules). The three levels are computed.
    """
    levels = {title: schools[f"{s.value}_level"].map(level_in_words) for s, title in LEVEL_TITLES.items()}
    return pd.DataFrame(
        {
            "School": schools["name"],
            "Priority": schools["priority"],
            **levels,
            "Main reason": schools["main_reason"],
            "Support now": schools["support_now"],
            "Days used": schools["support_days_used"],
            "Days planned": schools["support_days_planned"],
            "Support until": schools["support_until"],
            "Adviser's view": beside_computed(schools, "adviser"),
            "Core group agreed": beside_computed(schools, "agreed"),
            "Route": schools["route"],
            "Locality": schools["locality"],
            "Phase": schools["phase"],
            "Trust": schools["trust_name"],
            "Last inspection": schools["last_inspection_outcome"],
            "Inspected on": schools["last_inspection_date"],
            "Next due": schools["next_inspection_standing"],
            "Next due by": schools["next_inspection_due_by"],
            "URN": schools["urn"],
        }
    ).reset_index(drop=True)


def table_for(viewer: Viewer, schools: pd.DataFrame, filters: ListFilters) -> pd.DataFrame:
    """The list of the screen for a viewer: people's judgements first where it was narrowed by them, and none of their
    columns for who may not see people.

    Raises:
        NotAllowed: the viewer may not read.
    """
    require_reader(viewer)
    table = screen_table(schools)
    if not viewer.may(Right.PEOPLE):
        return table.drop(columns=_BY_PEOPLE)
    return judgements_first(table) if filters.judgement else table


_BY_PEOPLE = ["Adviser's view", "Core group agreed"]


def judgements_first(table: pd.DataFrame) -> pd.DataFrame:
    """The list of the screen with people's judgements right after the computed levels, for who narrowed it by them."""
    rest = [column for column in table.columns if column not in _BY_PEOPLE]
    place = rest.index(LEVEL_TITLES[Statement.INSPECTION]) + 1
    return table[[*rest[:place], *_BY_PEOPLE, *rest[place:]]]


def beside_computed(schools: pd.DataFrame, layer: str) -> list[str]:
    """What people judge beside the computed levels, a text for each school: "Next inspection ▲ uncertain, differs".

    Args:
        schools: rows of a school list.
        layer: "adviser" or "agreed".
    """
    said = dict.fromkeys(schools["urn"], "")
    for statement, title in LEVEL_TITLES.items():
        columns = ["urn", f"{statement.value}_level", f"{statement.value}_{layer}_level"]
        judged = schools.loc[schools[columns[-1]] != NO_LAYER, columns]
        for urn, computed, level in judged.itertuples(index=False):
            differs = ", differs" if level != computed else ""
            words = f"{title} {LAPSED if level == LAPSED else level_in_words(level) + differs}"
            said[urn] = f"{said[urn]}; {words}" if said[urn] else words
    return [words or NO_LAYER for words in said.values()]


def list_sentence(schools: pd.DataFrame) -> str:
    """What a list comes to: how many schools are a priority, for how many of them no support is recorded, and which
    come first; "" for an empty list."""
    if schools.empty:
        return ""
    flagged = int((schools["priority"] == Priority.PRIORITY.value).sum())
    alone = len(flagged_without_support(schools))
    lacking = f", {alone:,} of them without support recorded" if flagged else ""
    first = ", ".join(schools["name"].head(_FIRST))
    return f"{flagged:,} {'is' if flagged == 1 else 'are'} a priority{lacking}. First in the order: {first}."


def judgements_sentence(schools: pd.DataFrame) -> str:
    """How often advisers and core groups judge otherwise than the rules, of the schools of a list."""
    disagree, differ = int(schools["adviser_disagrees"].sum()), int(schools["agreed_differs"].sum())
    at, of = int((schools["adviser_disagrees"] > 0).sum()), int((schools["agreed_differs"] > 0).sum())
    lapsed = int(schools["adviser_lapsed"].sum())
    return (
        f"In this list advisers disagree with {counted(disagree, 'computed level')} ({counted(at, 'school')}); core "
        f"groups agreed on another level than the computed one for {counted(differ, 'statement')} "
        f"({counted(of, 'school')}); {counted(lapsed, 'view')} lapsed."
    )


LEVEL_TITLES = {
    Statement.OUTCOMES: "Good outcomes",
    Statement.LEADERSHIP: "Effective action",
    Statement.INSPECTION: "Next inspection",
}


def about_list(viewer: Viewer, copy: Copy, scope: Scope, filters: ListFilters, n: int) -> list[str]:
    """What an exported list is: what was chosen, by which build and rules, from which sources.

    Raises:
        NotAllowed: the viewer may not read.
    """
    require_reader(viewer)
    chosen = [f"{name}: {value}" for name, value in vars(scope).items() if value]
    chosen += [f"{name}: {', '.join(v) if isinstance(v, tuple) else v}" for name, v in vars(filters).items() if v]
    build = copy.build
    return [
        f"{n} schools. {'; '.join(chosen) or 'Nothing was filtered.'}",
        f"As at {build.as_at:%d/%m/%Y}, rules {build.rule_set}, build {build.build_id}.",
        NOT_A_PREDICTION,
        licence_line(viewer, copy),
    ]
