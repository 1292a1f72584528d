"""Three judgements side by side: computed, the adviser's view, agreed by the core group. None changes another."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import pandas as pd

from risk_model.casework import (
    AdviserView,
    AgreedJudgement,
    EvidenceKind,
    HeadComment,
    NewAdviserView,
    NewEvidence,
    NewHeadComment,
    ViewEvidence,
    ViewStanding,
    a_year_after,
    add_adviser_view,
    add_adviser_views,
    add_head_comment,
    adviser_views,
    agreed_judgements,
    allocations,
    change_adviser_view,
    head_comments,
    latest_views,
    view_standing,
    withdraw_adviser_view,
    withdraw_head_comment,
)
from risk_model.domain.errors import RecordRefused
from risk_model.domain.periods import in_words
from risk_model.domain.viewer import Right, Viewer, require, require_reader
from risk_model.domain.words import STATEMENT_TITLES, Level, Statement, level_in_words
from risk_model.services.copy import Copy
from risk_model.services.inspection_rows import inspection_rows
from risk_model.services.templates import held_lines

__all__ = [
    "AdviserView",
    "AgreedJudgement",
    "HeadComment",
    "Layers",
    "NewComment",
    "NewView",
    "SchoolJudgements",
    "ViewEvidence",
    "ViewStanding",
    "add_comment",
    "add_view",
    "add_views",
    "change_view",
    "comment_lines",
    "evidence_choices",
    "latest_review",
    "layer_lines",
    "school_judgements",
    "views_table",
    "with_layers",
    "withdraw_comment",
    "withdraw_view",
]

# What a list says where there is no view, no agreed level, or a view whose day has come.
NO_LAYER = "none"
LAPSED = ViewStanding.LAPSED.value
LONGEST_DESCRIPTION = 1000


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


@dataclass(frozen=True)
class NewView:
    """What an adviser fills in.

    Attributes:
        linked: codes of `evidence_choices`.
        document: a document in words: what it is, its date, where it is kept; "" for none.
    """

    urn: str
    statement: str
    level: str
    reason: str
    made_by: str
    made_on: date
    review_by: date
    linked: tuple[str, ...] = ()
    document: str = ""


@dataclass(frozen=True)
class NewComment:
    """What a head says, to one statement or (None) to the judgement of the school as a whole."""

    urn: str
    comment: str
    made_by: str
    made_on: date
    statement: str | None = None


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
    computed = _computed(copy, urn)
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


def _computed(copy: Copy, urn: str) -> dict[Statement, Level]:
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


def evidence_choices(viewer: Viewer, copy: Copy, urn: str) -> dict[str, NewEvidence]:
    """The records of a school that a view can rest on, by a code: lines that the LA holds, inspections, support.

    Raises:
        NotAllowed: the viewer may not read.
    """
    require(viewer, Right.PEOPLE)
    found = [
        NewEvidence(
            EvidenceKind.HELD_LINE,
            f"{one.title}, {in_words(one.seen_on)}, by {one.recorded_by}: {one.says} ({one.source})",
            f"{one.release_id} row {one.row_number}",
        )
        for one in held_lines(viewer, copy, urn)
    ]
    found += [
        NewEvidence(
            EvidenceKind.INSPECTION,
            f"Inspection, {in_words(row['start_date'])}: {row['kind']}; {row['answer']}; {row['found']}",
            row["inspection_id"],
        )
        for row in inspection_rows(copy, urn).to_dict("records")
    ]
    found += [
        NewEvidence(EvidenceKind.SUPPORT, _support_in_words(one), str(one.id))
        for one in allocations(copy.records, urn=urn)
    ]
    return {f"{one.kind}: {one.reference}": _short(one) for one in found}


def _support_in_words(one: Any) -> str:
    about = f", {one.support_type}" if one.support_type else ""
    begun = f" from {in_words(one.start_date)}" if one.start_date else ""
    return f"Support number {one.id}: {one.system_leader_label or one.provider_name}{about}{begun}, {one.status}"


def _short(one: NewEvidence) -> NewEvidence:
    """A described piece, cut to what a record holds; a held line may say more than that."""
    text = " ".join(one.description.split())
    cut = text if len(text) <= LONGEST_DESCRIPTION else f"{text[: LONGEST_DESCRIPTION - 1]}…"
    return NewEvidence(one.kind, cut, one.reference)


def latest_review(made_on: date) -> date:
    """The last day that a view made on a day may name for its review: a year later."""
    return a_year_after(made_on)


def add_view(viewer: Viewer, copy: Copy, new: NewView) -> int:
    """Record an adviser's view of one statement, with what was computed when it was made.

    Returns:
        The view's number.
    Raises:
        NotAllowed: the viewer may not write.
        RecordRefused: the school is not known here, evidence is missing or not this school's, or a value is not valid.
    """
    require(viewer, Right.JUDGE)
    choices = evidence_choices(viewer, copy, new.urn)
    unknown = [code for code in new.linked if code not in choices]
    if unknown:
        raise RecordRefused(
            "The adviser's view was not added: a record that it links is not there any more. Nothing was changed.",
            ["Load the page again and choose it anew."],
        )
    linked = [choices[code] for code in new.linked]
    described = [NewEvidence(EvidenceKind.DOCUMENT, new.document)] if new.document.strip() else []
    computed = {statement.value: level.value for statement, level in _computed(copy, new.urn).items()}
    return add_adviser_view(
        copy.records,
        viewer.name,
        NewAdviserView(
            la_code=_la_of(copy, new.urn),
            urn=new.urn,
            statement=new.statement,
            level=new.level,
            reason=new.reason,
            made_by=new.made_by,
            made_on=new.made_on,
            review_by=new.review_by,
            evidence=(*linked, *described),
            computed_level=computed.get(new.statement),
            build_id=copy.build.build_id,
        ),
    )


def add_views(viewer: Viewer, copy: Copy, new: Sequence[NewAdviserView]) -> int:
    """Record several views, of a file: all of them, or none; each with what was computed when it was recorded.

    Returns:
        How many were recorded.
    Raises:
        NotAllowed: the viewer may not write.
        RecordRefused: with every problem of every one, by its place in the list.
    """
    require(viewer, Right.JUDGE)
    seen = []
    for one in new:
        computed = _computed(copy, one.urn).get(Statement(one.statement))
        seen.append(replace(one, computed_level=computed, build_id=copy.build.build_id))
    return add_adviser_views(copy.records, viewer.name, seen)


def change_view(
    viewer: Viewer, copy: Copy, view_id: int, version: int, changes: Mapping[str, object], reason: str | None = None
) -> AdviserView:
    """Change a view's wording or its review-by date; refused where somebody else changed it in the meantime.

    Raises:
        NotAllowed: the viewer may not write.
        RecordRefused: not valid, or changed by somebody else.
    """
    require(viewer, Right.JUDGE)
    return change_adviser_view(copy.records, viewer.name, view_id, version, changes, reason)


def withdraw_view(viewer: Viewer, copy: Copy, view_id: int, version: int, reason: str) -> None:
    """Withdraw a view that should not be here; the audit trail keeps it.

    Raises:
        NotAllowed: the viewer may not write.
        RecordRefused: no reason, or changed by somebody else.
    """
    require(viewer, Right.JUDGE)
    withdraw_adviser_view(copy.records, viewer.name, view_id, version, reason)


def add_comment(viewer: Viewer, copy: Copy, new: NewComment) -> int:
    """Record what the head says beside the judgements.

    Returns:
        The comment's number.
    Raises:
        NotAllowed: the viewer may not write.
        RecordRefused: the school is not known here, or a value is not valid.
    """
    require(viewer, Right.JUDGE)
    return add_head_comment(
        copy.records,
        viewer.name,
        NewHeadComment(_la_of(copy, new.urn), new.urn, new.comment, new.made_by, new.made_on, new.statement),
    )


def withdraw_comment(viewer: Viewer, copy: Copy, comment_id: int, version: int, reason: str) -> None:
    """Withdraw a comment that should not be here; the audit trail keeps it.

    Raises:
        NotAllowed: the viewer may not write.
        RecordRefused: no reason, or changed by somebody else.
    """
    require(viewer, Right.JUDGE)
    withdraw_head_comment(copy.records, viewer.name, comment_id, version, reason)


def _la_of(copy: Copy, urn: str) -> str:
    found = copy.reader.rows("select la_code from schools where urn = $urn", {"urn": urn})
    if not found:
        raise RecordRefused(
            f"Nothing was recorded: no open school with the URN {urn[:20]} is loaded.", ["Check the URN."]
        )
    la_code: str = found[0]["la_code"]
    return la_code


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
