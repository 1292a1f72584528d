"""What an adviser or a head adds to the judgements of a school: views, with what they rest on, and comments."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from risk_model.casework import (
    AdviserView,
    EvidenceKind,
    NewAdviserView,
    NewEvidence,
    NewHeadComment,
    a_year_after,
    add_adviser_view,
    add_adviser_views,
    add_head_comment,
    allocations,
    change_adviser_view,
    withdraw_adviser_view,
    withdraw_head_comment,
)
from risk_model.domain.errors import RecordRefused
from risk_model.domain.periods import in_words
from risk_model.domain.viewer import Right, Viewer, require
from risk_model.domain.words import Statement
from risk_model.services.copy import Copy
from risk_model.services.inspection_rows import inspection_rows
from risk_model.services.judgements import computed_levels
from risk_model.services.templates import held_lines

LONGEST_DESCRIPTION = 1000


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
    computed = {statement.value: level.value for statement, level in computed_levels(viewer, copy, new.urn).items()}
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
        computed = computed_levels(viewer, copy, one.urn).get(Statement(one.statement))
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
