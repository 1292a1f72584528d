"""Three judgements side by side: computed, the adviser's view, agreed by the core group. None changes another."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from risk_model.casework import (
    AdviserView,
    AgreedJudgement,
    HeadComment,
    ViewEvidence,
    ViewStanding,
    adviser_views,
    agreed_judgements,
    head_comments,
    latest_views,
    view_standing,
)
from risk_model.domain.periods import in_words
from risk_model.domain.viewer import Right, Viewer, require_reader
from risk_model.domain.words import STATEMENT_TITLES, Level, Statement, level_in_words
from risk_model.services.copy import Copy

__all__ = [
    "AdviserView",
    "AgreedJudgement",
    "HeadComment",
    "Layers",
    "SchoolJudgements",
    "ViewEvidence",
    "ViewStanding",
    "comment_lines",
    "computed_levels",
    "layer_lines",
    "school_judgements",
    "views_table",
    "with_layers",
]

# What a list says where there is no view, no agreed level, or a view whose day has come.
NO_LAYER = "none"
LAPSED = ViewStanding.LAPSED.value


@dataclass(frozen=True)
class Layers:
    """One statement for one school, as each of the three sees it on the build's date.

    Attributes:
        computed: by the rules of the build; computed_on is its as-at date.
        view: the newest adviser's view, None where there is none; it counts only while it stands.
        agreed: the core group's latest level, None where there is none.
        comments: the head's on this statement, the newest first.
        views: every view that was not withdrawn, the newest first, with how each stands.
    """

    statement: Statement
    title: str
    computed: Level
    computed_on: date
    rule_set: str
    view: AdviserView | None
    agreed: AgreedJudgement | None
    comments: tuple[HeadComment, ...]
    views: tuple[tuple[AdviserView, ViewStanding], ...]

    @property
    def has_lapsed(self) -> bool:
        """Whether the adviser's view has reached its review-by date, so that the computed level stands alone."""
        return self.view is not None and self.view.is_lapsed_on(self.computed_on)

    @property
    def adviser_disagrees(self) -> bool:
        """Whether a view that stands has another level than the computed one."""
        return self.view is not None and not self.has_lapsed and self.view.level != self.computed

    @property
    def agreed_differs(self) -> bool:
        """Whether the core group agreed on another level than the computed one."""
        return self.agreed is not None and self.agreed.level != self.computed

    @property
    def agreed_review_is_over(self) -> bool:
        """Whether the core group wanted to look again before now."""
        review_by = self.agreed.outcome.review_by if self.agreed else None
        return review_by is not None and review_by < self.computed_on


@dataclass(frozen=True)
class SchoolJudgements:
    """The three judgements of each statement for one school, and what the head says to the school as a whole."""

    statements: tuple[Layers, ...]
    comments: tuple[HeadComment, ...]


def school_judgements(viewer: Viewer, copy: Copy, urn: str) -> SchoolJudgements:
    """The three judgements of each statement for one school, as known on the build's date.

    Who may not see people is given the computed level alone.

    Raises:
        NotAllowed: the viewer may not read.
    """
    require_reader(viewer)
    day = copy.build.as_at
    is_shown = viewer.may(Right.PEOPLE)
    views = adviser_views(copy.records, urn=urn) if is_shown else []
    latest = latest_views(views, day)
    agreed = agreed_judgements(copy.records, day, urn=urn) if is_shown else {}
    comments = [one for one in head_comments(copy.records, urn=urn) if one.made_on <= day] if is_shown else []
    computed = computed_levels(viewer, copy, urn)
    statements = tuple(
        Layers(
            statement=statement,
            title=STATEMENT_TITLES[statement],
            computed=computed[statement],
            computed_on=day,
            rule_set=copy.build.rule_set,
            view=latest.get((urn, statement)),
            agreed=agreed.get((urn, statement)),
            comments=tuple(one for one in comments if one.statement == statement),
            views=tuple((one, view_standing(one, latest, day)) for one in views if one.statement == statement),
        )
        for statement in Statement
        if statement in computed
    )
    return SchoolJudgements(statements, tuple(one for one in comments if one.statement is None))


def computed_levels(viewer: Viewer, copy: Copy, urn: str) -> dict[Statement, Level]:
    """What the build says of one school; nothing of one that it does not know.

    Raises:
        NotAllowed: the viewer may not read.
    """
    require_reader(viewer)
    rows = copy.reader.rows("select statement, level from statement_levels where urn = $urn", {"urn": urn})
    return {Statement(row["statement"]): Level(row["level"]) for row in rows}


def with_layers(viewer: Viewer, copy: Copy, schools: pd.DataFrame, la_code: str | None) -> pd.DataFrame:
    """A list of schools with what advisers and core groups say beside what was computed.

    Args:
        schools: with urn and, for each statement, {statement}_level.
        la_code: whose records; None for all.
    Returns:
        The same rows and columns, and for each statement {statement}_adviser_level (a level, "lapsed" or "none") and
        {statement}_agreed_level (a level or "none"); then adviser_disagrees, agreed_differs and adviser_lapsed (of
        how many statements) and adviser_review_by (the first of the days on which a view that stands ends). Who may
        not see people is given none of it.
    Raises:
        NotAllowed: the viewer may not read.
    """
    require_reader(viewer)
    day = copy.build.as_at
    is_shown = viewer.may(Right.PEOPLE)
    latest = latest_views(adviser_views(copy.records, la_code=la_code), day) if is_shown else {}
    agreed = agreed_judgements(copy.records, day, la_code=la_code) if is_shown else {}
    columns: dict[str, pd.Series[Any]] = {}
    counts = {name: pd.Series(0, index=schools.index) for name in _COUNTS}
    for statement in Statement:
        views = {urn: _says(view, day) for (urn, about), view in latest.items() if about == statement}
        levels = {urn: one.level.value for (urn, about), one in agreed.items() if about == statement}
        adviser, group = _mapped(schools, views), _mapped(schools, levels)
        computed = schools[f"{statement.value}_level"]
        counts["adviser_disagrees"] += ~adviser.isin([NO_LAYER, LAPSED]) & (adviser != computed)
        counts["agreed_differs"] += (group != NO_LAYER) & (group != computed)
        counts["adviser_lapsed"] += adviser == LAPSED
        columns |= {f"{statement.value}_adviser_level": adviser, f"{statement.value}_agreed_level": group}
    ends = _first_ends(latest.values(), day)
    review_by = pd.Series([ends.get(urn) for urn in schools["urn"]], index=schools.index, dtype="object")
    return schools.assign(**columns, **counts, adviser_review_by=review_by)


_COUNTS = ("adviser_disagrees", "agreed_differs", "adviser_lapsed")


def _mapped(schools: pd.DataFrame, words: Mapping[str, str]) -> "pd.Series[Any]":
    return pd.Series([words.get(urn, NO_LAYER) for urn in schools["urn"]], index=schools.index, dtype="object")


def _says(view: AdviserView, day: date) -> str:
    return LAPSED if view.is_lapsed_on(day) else view.level.value


def _first_ends(views: Iterable[AdviserView], day: date) -> dict[str, date]:
    """For each school the first day on which one of its views ends, of those that stand."""
    ends: dict[str, date] = {}
    for view in views:
        if not view.is_lapsed_on(day):
            ends[view.urn] = min(view.review_by, ends.get(view.urn, view.review_by))
    return ends


def layer_lines(layers: Layers) -> list[str]:
    """The adviser's and the core group's judgement and the head's comments in plain text, a line each."""
    return [
        f"Adviser's view: {_view_in_words(layers)}",
        f"Core group: {_agreed_in_words(layers)}",
        *comment_lines(layers.comments),
    ]


def comment_lines(comments: Sequence[HeadComment]) -> list[str]:
    """What the head says, in plain text, a line each."""
    return [f"{one.made_by} says ({in_words(one.made_on)}): {_on_one_line(one.comment)}" for one in comments]


def _view_in_words(layers: Layers) -> str:
    view = layers.view
    if view is None:
        return "none."
    ends = (
        f"lapsed on {in_words(view.review_by)}: the computed level stands alone"
        if layers.has_lapsed
        else f"to {in_words(view.review_by)}; {_beside(differs=layers.adviser_disagrees)}"
    )
    evidence = "; ".join(one.description for one in view.evidence)
    return (
        f"{level_in_words(view.level)}, by {view.made_by} on {in_words(view.made_on)}, {ends}. "
        f"{_on_one_line(view.reason)} Evidence: {_on_one_line(evidence)}"
    )


def _agreed_in_words(layers: Layers) -> str:
    agreed = layers.agreed
    if agreed is None:
        return "no level agreed."
    review_by = agreed.outcome.review_by
    due = f", review {'was ' if layers.agreed_review_is_over else ''}due {in_words(review_by)}" if review_by else ""
    return (
        f"{level_in_words(agreed.level)}, agreed by the core group of {agreed.locality} on "
        f"{in_words(agreed.held_on)}{due}; {_beside(differs=layers.agreed_differs)}. "
        f"{_on_one_line(agreed.outcome.reason or 'No reason is recorded.')}"
    )


def _beside(*, differs: bool) -> str:
    return "differs from the computed level" if differs else "the same as the computed level"


def _on_one_line(text: str) -> str:
    return " ".join(text.split())


def views_table(judgements: SchoolJudgements) -> pd.DataFrame:
    """Every view of a school, by statement, the newest first.

    Returns:
        Statement, Adviser's view, Standing, Computed then, Reason, Evidence, Made by, Made on, Review by, Number.
    """
    columns = [
        "Statement",
        "Adviser's view",
        "Standing",
        "Computed then",
        "Reason",
        "Evidence",
        "Made by",
        "Made on",
        "Review by",
        "Number",
    ]
    rows = [
        (
            one.title,
            level_in_words(view.level),
            standing.value,
            level_in_words(view.computed_level) if view.computed_level else "not recorded",
            view.reason,
            "; ".join(piece.description for piece in view.evidence),
            view.made_by,
            view.made_on,
            view.review_by,
            view.id,
        )
        for one in judgements.statements
        for view, standing in one.views
    ]
    return pd.DataFrame(rows, columns=columns)
