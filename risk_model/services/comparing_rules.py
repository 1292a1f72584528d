"""Two rule sets side by side, on the figures of one build: what they say differently, and which schools move."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

import pandas as pd

from risk_model.casework import active_allocations
from risk_model.domain.viewer import Viewer, require_reader
from risk_model.domain.words import (
    NOT_A_PREDICTION,
    STATEMENT_TITLES,
    Priority,
    Route,
    Statement,
    counted,
    level_in_words,
)
from risk_model.rules.differing import differences
from risk_model.rules.reader import RuleSet
from risk_model.rules.sandbox_numbers import read_sandbox_numbers
from risk_model.rules.writer import fingerprint
from risk_model.scoring.held_rules import held_rule_set
from risk_model.scoring.sandbox import Judged, bench
from risk_model.services.at_risk import LEVEL_TITLES
from risk_model.services.copy import Copy
from risk_model.services.rules import chosen_rule_set, uploaded_rule_set
from risk_model.services.scope import Scope, licence_line

ENTERS, LEAVES, MOVES = "enters", "leaves", "moves"
NOT_KNOWN = "not known"
_FLAGGED = Priority.PRIORITY.value
# the ids of the list of points; statements and rules are named otherwise
_OF_A_LINE = re.compile(r"S\d{1,2}")


@dataclass(frozen=True)
class Work:
    """What a list means in work, in a year.

    Attributes:
        table: one row per place: Place, Schools before, Schools after, Days each, Days before, Days after; days are
            for schools that the LA maintains.
        schools, maintained: priority schools after the change; days: what those maintained are entitled to.
        planned: days planned in the support that they have now; without_days: pieces of it without days.
    """

    table: pd.DataFrame
    schools: int
    maintained: int
    days: float
    planned: float
    without_days: int

    @property
    def sentence(self) -> str:
        """The work of the priority schools in one sentence."""
        others = self.schools - self.maintained
        text = f"{counted(self.schools, 'school')}, {self.days:g} adviser days; {self.planned:g} are planned."
        if others:
            text += f" The days are for the {self.maintained} that the local authority maintains: "
            text += f"{counted(others, 'school')} {'goes' if others == 1 else 'go'} to the regional director (RSC)."
        if self.without_days:
            text += f" For {self.without_days} pieces of support no days are recorded: they are not in the sum."
        return text


@dataclass(frozen=True)
class RuleComparison:
    """The schools of a scope by two rule sets, on the figures of one build.

    Attributes:
        differences: what the rule sets say differently: Of, What, Before, After.
        schools: how many were judged; before, after: how many of them are a priority.
        enters, leaves: schools that become a priority, or are one no more.
        moves: one row per school of which a level or the place is another, those that enter first: School, Move,
            Place before, Place after, Levels, Rules, Phase, Locality, FSM fifth, Route, URN.
        groups: for "Phase", "Locality" and "FSM fifth" the priority schools: Of, Schools, Before, After, Enter, Leave.
        places: one row per school: urn, name, place_before, place_after, route, and what it is grouped by.
    """

    before_name: str
    after_name: str
    differences: pd.DataFrame
    schools: int
    before: int
    after: int
    enters: int
    leaves: int
    moves: pd.DataFrame
    groups: dict[str, pd.DataFrame]
    places: pd.DataFrame

    @property
    def sentence(self) -> str:
        """Who comes and who goes, in one sentence."""
        if self.moves.empty:
            return f"No school of {self.schools:,} moves: {self.before:,} are a priority, as before."
        others = len(self.moves) - self.enters - self.leaves
        return (
            f"{self.before:,} → {self.after:,} of {self.schools:,} schools are a priority: {self.enters:,} enter, "
            f"{self.leaves:,} leave; {others:,} more move without entering or leaving."
        )

    @property
    def order_sentence(self) -> str:
        """Whether they order the schools by other points, in one sentence; "" where they do not."""
        if not any(_OF_A_LINE.fullmatch(of) for of in self.differences["Of"]):
            return ""
        return (
            "They also order the schools by other points: that moves no level and no place, and changes who stands "
            "first among schools of the same place."
        )


def compare_chosen(
    viewer: Viewer, copy: Copy, scope: Scope, before: str, after: str, uploaded: tuple[str, bytes] | None = None
) -> RuleComparison:
    """The schools in scope by two rule sets that are kept here, or by one of them and an uploaded one.

    Args:
        before, after: choices of `rule_set_choices`.
        uploaded: the name and the content of a TOML file, which takes the place of `after`.
    Raises:
        NotAllowed: the viewer may not read.
        NotFound: a build is not kept any more, or was made before builds kept their rules.
        RulesRefused: the file is not a rule set.
    """
    require_reader(viewer)
    second = uploaded_rule_set(viewer, *uploaded) if uploaded else chosen_rule_set(viewer, copy, after)
    return compare_rule_sets(viewer, copy, scope, chosen_rule_set(viewer, copy, before), second)


def compare_rule_sets(viewer: Viewer, copy: Copy, scope: Scope, before: RuleSet, after: RuleSet) -> RuleComparison:
    """The schools in scope by two rule sets, both on the figures and the as-at date of the shown build.

    Raises:
        NotAllowed: the viewer may not read.
    """
    require_reader(viewer)
    own = fingerprint(held_rule_set(copy.reader))
    with bench(copy.build, scope.params) as one:
        # by its own rules the build has judged already
        left, right = (one.built() if fingerprint(r) == own else one.judged(r) for r in (before, after))
    told = _told(copy, left, right)
    flags = [told["place_before"] == _FLAGGED, told["place_after"] == _FLAGGED]
    return RuleComparison(
        before_name=before.rule_set,
        after_name=after.rule_set,
        differences=_differences(before, after, copy.build.as_at),
        schools=len(told),
        before=int(flags[0].sum()),
        after=int(flags[1].sum()),
        enters=int((told["move"] == ENTERS).sum()),
        leaves=int((told["move"] == LEAVES).sum()),
        moves=_moves(told, left, right),
        groups={
            title: _group(told, column)
            for title, column in (("Phase", "phase"), ("Locality", "locality"), ("FSM fifth", "fifth"))
        },
        places=told,
    )


_FIFTHS_SQL = """
    with latest as (
        select urn, value,
               row_number() over (partition by urn order by measured_on desc, period desc, release_id) as place
        from measure_values
        where measure_id = 'fsm6_pct' and value is not null
    ),
    ranked as (
        select s.urn, percent_rank() over (partition by s.phase_group order by l.value) as rank
        from latest as l
        inner join schools as s on s.urn = l.urn
        where l.place = 1
    )
    select urn, cast(case when rank >= 0.8 then 5 else floor(rank * 5) + 1 end as integer) as fifth
    from ranked"""
_FIFTHS = {1: "1, the fewest", 2: "2", 3: "3", 4: "4", 5: "5, the most"}


def _told(copy: Copy, left: Judged, right: Judged) -> pd.DataFrame:
    """One row per school with both places, how it moves, and the groups it is in; as many as there are schools."""
    told = left.places.rename(columns={"priority": "place_before"}).merge(
        right.places[["urn", "priority"]].rename(columns={"priority": "place_after"}), on="urn", validate="one_to_one"
    )
    fifths = {row["urn"]: _FIFTHS[row["fifth"]] for row in copy.reader.rows(_FIFTHS_SQL)}
    told["fifth"] = [fifths.get(urn, NOT_KNOWN) for urn in told["urn"]]
    told["locality"] = told["locality"].astype("object").where(told["locality"].notna(), "no locality")
    levels = left.levels.merge(right.levels, on=["urn", "statement"], suffixes=("_before", "_after"))
    moved = set(levels.loc[levels["level_before"] != levels["level_after"], "urn"])
    told["move"] = [
        _move(before, after, urn in moved)
        for before, after, urn in zip(told["place_before"], told["place_after"], told["urn"], strict=True)
    ]
    return told


def _move(before: str, after: str, has_other_level: bool) -> str:
    if before == after:
        return MOVES if has_other_level else ""
    return ENTERS if after == _FLAGGED else LEAVES if before == _FLAGGED else MOVES


def _moves(told: pd.DataFrame, left: Judged, right: Judged) -> pd.DataFrame:
    moved = told[told["move"] != ""]
    urns = set(moved["urn"])
    levels, rules = _levels_in_words(left, right, urns), _rules_in_words(left, right, urns)
    table = pd.DataFrame(
        {
            "School": moved["name"],
            "Move": moved["move"],
            "Place before": moved["place_before"],
            "Place after": moved["place_after"],
            "Levels": [levels.get(urn, "") for urn in moved["urn"]],
            "Rules": [rules.get(urn, "") for urn in moved["urn"]],
            "Phase": moved["phase"],
            "Locality": moved["locality"],
            "FSM fifth": moved["fifth"],
            "Route": moved["route"],
            "URN": moved["urn"],
        }
    )
    order = table["Move"].map({ENTERS: 0, LEAVES: 1, MOVES: 2})
    return (
        table.assign(order=order).sort_values(["order", "School", "URN"]).drop(columns="order").reset_index(drop=True)
    )


def _levels_in_words(left: Judged, right: Judged, urns: set[str]) -> dict[str, str]:
    both = left.levels.merge(right.levels, on=["urn", "statement"], suffixes=("_before", "_after"))
    other = both[(both["level_before"] != both["level_after"]) & both["urn"].isin(urns)]
    order = {statement.value: place for place, statement in enumerate(LEVEL_TITLES)}
    other = other.sort_values("statement", key=lambda names: names.map(order), kind="stable")
    columns = (other["urn"], other["statement"], other["level_before"], other["level_after"])
    return _joined(
        (urn, f"{LEVEL_TITLES[Statement(statement)]} {level_in_words(before)} → {level_in_words(after)}")
        for urn, statement, before, after in zip(*columns, strict=True)
    )


def _rules_in_words(left: Judged, right: Judged, urns: set[str]) -> dict[str, str]:
    """By which rules a school moves; one that a rule set does not have is "not judged"."""
    both = left.outcomes[left.outcomes["urn"].isin(urns)].merge(
        right.outcomes[right.outcomes["urn"].isin(urns)],
        on=["urn", "rule_id"],
        how="outer",
        suffixes=("_before", "_after"),
    )
    other = both[
        (both["status_before"] != both["status_after"])
        | (
            both["points_before"].ne(both["points_after"])
            & both["points_before"].notna()
            & both["points_after"].notna()
        )
    ]
    before = map(_outcome_in_words, other["status_before"], other["points_before"])
    after = map(_outcome_in_words, other["status_after"], other["points_after"])
    return _joined(
        (urn, f"{rule_id} {was} → {now}")
        for urn, rule_id, was, now in zip(other["urn"], other["rule_id"], before, after, strict=True)
    )


def _outcome_in_words(status: object, points: float) -> str:
    if not isinstance(status, str):
        return "not judged"
    return f"{status} {points:+g}" if points else status


def _joined(parts: Iterable[tuple[str, str]]) -> dict[str, str]:
    found: dict[str, list[str]] = {}
    for urn, text in parts:
        found.setdefault(urn, []).append(text)
    return {urn: "; ".join(texts) for urn, texts in found.items()}


def _group(told: pd.DataFrame, column: str) -> pd.DataFrame:
    counted = told.assign(
        before=told["place_before"] == _FLAGGED,
        after=told["place_after"] == _FLAGGED,
        enter=told["move"] == ENTERS,
        leave=told["move"] == LEAVES,
    ).groupby(column, sort=True)
    summed = counted.agg(
        Schools=("urn", "size"),
        Before=("before", "sum"),
        After=("after", "sum"),
        Enter=("enter", "sum"),
        Leave=("leave", "sum"),
    )
    return summed.reset_index().rename(columns={column: "Of"})


def work_in_days(
    viewer: Viewer, copy: Copy, scope: Scope, seen: RuleComparison, days: Mapping[str, float] | None = None
) -> Work:
    """What a list means in work: days of entitlement, beside those that are planned now.

    Args:
        days: of entitlement a year, by place; the declared ones where it is not given.
    Raises:
        NotAllowed: the viewer may not read.
    """
    require_reader(viewer)
    days = {**read_sandbox_numbers().days, **(days or {})}
    told = seen.places
    is_maintained = told["route"] == Route.LA_SUPPORT.value
    rows = []
    for place in (one.value for one in Priority):
        before, after = told["place_before"] == place, told["place_after"] == place
        rows.append(
            {
                "Place": place,
                "Schools before": int(before.sum()),
                "Schools after": int(after.sum()),
                "Days each": days[place],
                "Days before": int((before & is_maintained).sum()) * days[place],
                "Days after": int((after & is_maintained).sum()) * days[place],
            }
        )
    table = pd.DataFrame(rows)
    entitled = set(told.loc[(told["place_after"] == _FLAGGED) & is_maintained, "urn"])
    pieces = [
        one for one in active_allocations(copy.records, copy.build.as_at, la_code=scope.la_code) if one.urn in entitled
    ]
    return Work(
        table=table,
        schools=int((told["place_after"] == _FLAGGED).sum()),
        maintained=len(entitled),
        days=len(entitled) * days[_FLAGGED],
        planned=sum(one.days_planned for one in pieces if one.days_planned is not None),
        without_days=sum(one.days_planned is None for one in pieces),
    )


def _differences(before: RuleSet, after: RuleSet, day: date) -> pd.DataFrame:
    found = differences(before, after, day)
    titles = {one.value: title for one, title in STATEMENT_TITLES.items()}
    rows = [(titles.get(one.of, one.of), one.what, one.before, one.after) for one in found]
    return pd.DataFrame(rows, columns=["Of", "What", "Before", "After"])


def about_moves(viewer: Viewer, copy: Copy, seen: RuleComparison) -> list[str]:
    """What an export of the schools that move says on top.

    Raises:
        NotAllowed: the viewer may not read.
    """
    require_reader(viewer)
    build = copy.build
    return [
        f"From rules {seen.before_name} to rules {seen.after_name}, on the figures of build {build.number} "
        f"as at {build.as_at:%d/%m/%Y}",
        seen.sentence,
        *([seen.order_sentence] if seen.order_sentence else []),
        *(
            f"{of}, {what}: {was or 'nothing'} → {now or 'nothing'}"
            for of, what, was, now in seen.differences.to_numpy()
        ),
        NOT_A_PREDICTION,
        licence_line(viewer, copy),
    ]
