"""The adviser's view beside the computed level, what it rests on, and what the head says to it.

A view never changes what was computed, and what was computed never changes a view. A view ends on its review-by
date by itself: nothing runs for that, whoever reads it compares the day.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date

from sqlalchemy import Connection, or_, select

from risk_model.casework.changes import Case, Kind, add_or_tell, add_row, change_row, check_new
from risk_model.casework.checks import (
    REASON_LENGTH,
    Field,
    Problem,
    Values,
    checked_reason,
    checked_who,
    line,
    lines,
    read_day,
    read_la_code,
    read_record_id,
    read_urn,
    refuse_if,
    word,
)
from risk_model.casework.store import Records, reading, writing
from risk_model.casework.tables import ADVISER_VIEW, ALLOCATION, ALLOCATION_SHARE, HEAD_COMMENT, VIEW_EVIDENCE
from risk_model.casework.withdrawing import (
    not_withdrawing,
    withdraw_row,
    withdrawn_already,
    withdrawn_or_changed,
)
from risk_model.casework.words import EVIDENCE_ALSO, EvidenceKind, ViewStanding
from risk_model.domain.words import Level, Statement

SchoolAndStatement = tuple[str, Statement]


@dataclass(frozen=True)
class NewEvidence:
    """One thing that a view rests on.

    Attributes:
        kind: a word of `EvidenceKind`.
        description: what it says, in words that stay readable when the linked record is gone.
        reference: of a linked record: an allocation's number, an inspection's id, a held line's release and row;
            of a document where it is kept, if that is known.
    """

    kind: str
    description: str
    reference: str | None = None


@dataclass(frozen=True)
class NewAdviserView:
    """An adviser's view of one statement for one school, to be recorded.

    Attributes:
        made_by: a role or a label ("School improvement adviser 3"), never a person's name.
        review_by: on this day it lapses to the computed level; at most a year after `made_on`.
        evidence: at least one.
        computed_level, build_id: what the adviser had before them; None where nothing was computed.
    """

    la_code: str
    urn: str
    statement: str
    level: str
    reason: str
    made_by: str
    made_on: date
    review_by: date
    evidence: tuple[NewEvidence, ...] = ()
    computed_level: str | None = None
    build_id: str | None = None


@dataclass(frozen=True)
class ViewEvidence:
    """One thing that a recorded view rests on; its fields as those of `NewEvidence`."""

    id: int
    kind: EvidenceKind
    reference: str | None
    description: str


@dataclass(frozen=True)
class AdviserView:
    """A recorded view; its fields as those of `NewAdviserView`."""

    id: int
    version: int
    la_code: str
    urn: str
    statement: Statement
    level: Level
    reason: str
    made_by: str
    made_on: date
    review_by: date
    computed_level: Level | None
    build_id: str | None
    evidence: tuple[ViewEvidence, ...]

    def is_lapsed_on(self, day: date) -> bool:
        """Whether the computed level stands alone again: from the review-by date on."""
        return self.review_by <= day


@dataclass(frozen=True)
class NewHeadComment:
    """What a school's head says to a judgement, or to all of them (`statement` None), to be recorded.

    Attributes:
        made_by: a role ("Head teacher"), never a person's name.
    """

    la_code: str
    urn: str
    comment: str
    made_by: str
    made_on: date
    statement: str | None = None


@dataclass(frozen=True)
class HeadComment:
    """A recorded comment; its fields as those of `NewHeadComment`."""

    id: int
    version: int
    la_code: str
    urn: str
    statement: Statement | None
    comment: str
    made_by: str
    made_on: date


VIEW_FIELDS = (
    Field("la_code", read_la_code, required=True),
    Field("urn", read_urn, required=True),
    Field("statement", word(Statement), required=True),
    Field("level", word(Level), required=True),
    Field("reason", lines(2000), required=True),
    Field("made_by", line(100), required=True),
    Field("made_on", read_day, required=True),
    Field("review_by", read_day, required=True),
    Field("computed_level", word(Level)),
    Field("build_id", line(100)),
    Field("withdrawn_reason", lines(REASON_LENGTH)),
)
EVIDENCE_FIELDS = (
    Field("view_id", read_record_id, required=True),
    Field("kind", word(EvidenceKind, EVIDENCE_ALSO), required=True),
    Field("reference", line(300)),
    Field("description", lines(1000), required=True),
)
COMMENT_FIELDS = (
    Field("la_code", read_la_code, required=True),
    Field("urn", read_urn, required=True),
    Field("statement", word(Statement)),
    Field("comment", lines(2000), required=True),
    Field("made_by", line(100), required=True),
    Field("made_on", read_day, required=True),
    Field("withdrawn_reason", lines(REASON_LENGTH)),
)


def adviser_views(records: Records, *, la_code: str | None = None, urn: str | None = None) -> list[AdviserView]:
    """Every view that was not withdrawn, also those that have lapsed; by URN and statement, then the newest first."""
    table = ADVISER_VIEW
    query = select(table).where(table.c.withdrawn_reason.is_(None))
    if la_code is not None:
        query = query.where(table.c.la_code == la_code)
    if urn is not None:
        query = query.where(table.c.urn == urn)
    query = query.order_by(table.c.urn, table.c.statement, table.c.made_on.desc(), table.c.id.desc())
    with reading(records) as connection:
        rows = connection.execute(query).mappings().all()
        evidence = _evidence_by_view(connection, la_code, urn) if rows else {}
        return [_view(dict(row), evidence.get(row["id"], ())) for row in rows]


def latest_views(views: Iterable[AdviserView], day: date) -> dict[SchoolAndStatement, AdviserView]:
    """The newest view of each school and statement as known on a day, whether it has lapsed or not.

    An older view never comes back: when the newest lapses, the computed level stands alone.
    """
    found: dict[SchoolAndStatement, AdviserView] = {}
    for view in sorted(views, key=lambda one: (one.made_on, one.id)):
        if view.made_on <= day:
            found[view.urn, view.statement] = view
    return found


def view_standing(view: AdviserView, latest: Mapping[SchoolAndStatement, AdviserView], day: date) -> ViewStanding:
    """How a view stands on a day.

    Args:
        latest: of the same day, by `latest_views`.
    """
    if view.made_on > day:
        return ViewStanding.TO_COME
    newest = latest.get((view.urn, view.statement))
    if newest is not None and newest.id != view.id:
        return ViewStanding.REPLACED
    return ViewStanding.LAPSED if view.is_lapsed_on(day) else ViewStanding.STANDS


def add_adviser_view(records: Records, who: str, new: NewAdviserView) -> int:
    """Record a view with its evidence, all together.

    Returns:
        The view's number.
    Raises:
        RecordRefused: with every problem of the view and of its evidence.
    """
    name = checked_who(who)
    with writing(records) as connection:
        number, problems = add_view_or_tell(connection, name, new)
        refuse_if(problems, "The adviser's view was not added")
        return number


def add_adviser_views(records: Records, who: str, new: Sequence[NewAdviserView]) -> int:
    """Record several in one transaction: all of them, or none.

    Returns:
        How many were added.
    Raises:
        RecordRefused: with every problem of every one, by its place in the list.
    """
    name = checked_who(who)
    with writing(records) as connection:
        problems = [
            problem.at(f"number {place}")
            for place, each in enumerate(new, start=1)
            for problem in add_view_or_tell(connection, name, each)[1]
        ]
        refuse_if(problems, f"None of the {len(new)} adviser's views was added")
    return len(new)


def check_adviser_view(new: Mapping[str, object]) -> tuple[Values, list[Problem]]:
    """Check the values of one view by themselves, without its evidence; used by the preview of a file."""
    case, problems = check_new(VIEWS, new)
    return dict(case.after), problems


def change_adviser_view(
    records: Records,
    who: str,
    view_id: int,
    version: int,
    changes: Mapping[str, object],
    reason: str | None = None,
) -> AdviserView:
    """Change a view's wording or its review-by date, within the year. Another level is another view.

    Args:
        reason: why the record is changed, for the audit trail; the adviser's own reason is a field.
    Raises:
        NotFound: no such view.
        RecordRefused: an old version, an unknown or fixed field, or problems with the values.
    """
    name, why = checked_who(who), checked_reason(reason)
    with writing(records) as connection:
        row = change_row(connection, VIEWS, name, view_id, version, not_withdrawing(changes), why)
        return _view(row, _evidence_by_view(connection, row["la_code"], row["urn"]).get(view_id, ()))


def withdraw_adviser_view(records: Records, who: str, view_id: int, version: int, reason: str) -> None:
    """Withdraw a view that should not be here. The audit trail keeps it.

    Raises:
        NotFound: no such view.
        RecordRefused: no reason, an old version, or it is withdrawn already.
    """
    withdraw_row(records, VIEWS, who, view_id, version, reason)


def head_comments(records: Records, *, la_code: str | None = None, urn: str | None = None) -> list[HeadComment]:
    """Every comment that stands, by URN, then the newest first."""
    table = HEAD_COMMENT
    query = select(table).where(table.c.withdrawn_reason.is_(None))
    if la_code is not None:
        query = query.where(table.c.la_code == la_code)
    if urn is not None:
        query = query.where(table.c.urn == urn)
    with reading(records) as connection:
        rows = connection.execute(query.order_by(table.c.urn, table.c.made_on.desc(), table.c.id.desc())).mappings()
        return [_comment(dict(row)) for row in rows]


def add_head_comment(records: Records, who: str, new: NewHeadComment) -> int:
    """Record what a head says.

    Returns:
        The new record's number.
    Raises:
        RecordRefused: with every problem, in the order of the fields.
    """
    name = checked_who(who)
    with writing(records) as connection:
        return add_row(connection, COMMENTS, name, asdict(new))


def withdraw_head_comment(records: Records, who: str, comment_id: int, version: int, reason: str) -> None:
    """Withdraw a comment that should not be here. The audit trail keeps it.

    Raises:
        NotFound: no such comment.
        RecordRefused: no reason, an old version, or it is withdrawn already.
    """
    withdraw_row(records, COMMENTS, who, comment_id, version, reason)


def a_year_after(day: date) -> date:
    """The same day of the next year, the longest that a view may stand; 28 February after 29 February."""
    is_leap_day = (day.month, day.day) == (2, 29)
    return day.replace(year=day.year + 1, day=28) if is_leap_day else day.replace(year=day.year + 1)


def add_view_or_tell(connection: Connection, who: str, new: NewAdviserView) -> tuple[int, list[Problem]]:
    """Add one view with its evidence, or tell their problems, for a caller who gathers those of many.

    Returns:
        The new view's number and no problems; or the problems, after which the transaction must be given up.
    """
    given = {one.name: getattr(new, one.name) for one in fields(new) if one.name != "evidence"}
    number, problems = add_or_tell(connection, VIEWS, who, given)
    if not new.evidence:
        missing = Problem("evidence", "", "a view needs evidence.", "Link a record, or describe a document.")
        return number, [*problems, missing]
    for place, each in enumerate(new.evidence, start=1):
        _, found = add_or_tell(connection, EVIDENCE, who, {**asdict(each), "view_id": number})
        # without a view (number 0) each piece would complain of that as well; once is enough
        own = [problem for problem in found if number or problem.field != "view_id"]
        problems = [*problems, *(problem.at(f"evidence {place}") for problem in own)]
    return number, problems


def _across_view(case: Case) -> list[Problem]:
    return [*withdrawn_already(case, "view"), *_review_out_of_reach(case)]


def _review_out_of_reach(case: Case) -> list[Problem]:
    made_on, review_by = case.after.get("made_on"), case.after.get("review_by")
    if made_on is None or review_by is None:
        return []
    if review_by <= made_on:
        problem = f"{review_by.isoformat()} is not after the day of the view, {made_on.isoformat()}."
        return [Problem("review_by", review_by.isoformat(), problem, "Give a later day.")]
    last = a_year_after(made_on)
    if review_by > last:
        problem = f"{review_by.isoformat()} is more than a year after the view, {made_on.isoformat()}."
        return [Problem("review_by", review_by.isoformat(), problem, f"Give {last.isoformat()} or an earlier day.")]
    return []


def _same_view(connection: Connection, case: Case) -> list[Problem]:
    named = ("la_code", "urn", "statement", "made_by", "made_on")
    if case.before is not None or any(case.after.get(name) is None for name in named):
        return []
    table = ADVISER_VIEW
    same = select(table.c.id).where(
        table.c.withdrawn_reason.is_(None), *(table.c[name] == case.after[name] for name in named)
    )
    found = connection.execute(same).scalar()
    if found is None:
        return []
    problem = f"this author has a view of that day on this statement, number {found}."
    return [Problem("made_on", case.after["made_on"].isoformat(), problem, "Change or withdraw that one first.")]


def _across_evidence(case: Case) -> list[Problem]:
    kind, reference = case.after.get("kind"), case.after.get("reference")
    if kind in (None, EvidenceKind.DOCUMENT) or reference is not None or "reference" in case.unfit:
        return []
    return [Problem("reference", "", "no record is linked.", "Choose one, or describe a document.")]


def _support_of_another(connection: Connection, case: Case) -> list[Problem]:
    reference, view_id = case.after.get("reference"), case.after.get("view_id")
    if case.after.get("kind") != EvidenceKind.SUPPORT or reference is None or view_id is None:
        return []
    number = int(reference) if reference.isascii() and reference.isdigit() and len(reference) <= 9 else 0
    school = select(ADVISER_VIEW.c.urn).where(ADVISER_VIEW.c.id == view_id).scalar_subquery()
    shared = select(ALLOCATION_SHARE.c.allocation_id).where(
        ALLOCATION_SHARE.c.urn == school, ALLOCATION_SHARE.c.withdrawn_reason.is_(None)
    )
    same = select(ALLOCATION.c.id).where(
        ALLOCATION.c.id == number, or_(ALLOCATION.c.urn == school, ALLOCATION.c.id.in_(shared))
    )
    if connection.execute(same).first() is not None:
        return []
    return [Problem("reference", reference, "it is not support of this school.", "Choose one from the list.")]


VIEWS = Kind(
    ADVISER_VIEW,
    "adviser's view",
    VIEW_FIELDS,
    fixed=frozenset(
        {"la_code", "urn", "statement", "level", "made_by", "made_on", "computed_level", "build_id"},
    ),
    across=_across_view,
    beside=_same_view,
    what=withdrawn_or_changed,
)
EVIDENCE = Kind(
    VIEW_EVIDENCE,
    "evidence",
    EVIDENCE_FIELDS,
    fixed=frozenset({"view_id", "kind", "reference", "description"}),
    across=_across_evidence,
    beside=_support_of_another,
)
COMMENTS = Kind(
    HEAD_COMMENT,
    "head's comment",
    COMMENT_FIELDS,
    fixed=frozenset({"la_code", "urn", "statement", "comment", "made_by", "made_on"}),
    across=lambda case: withdrawn_already(case, "comment"),
    what=withdrawn_or_changed,
)


def _evidence_by_view(
    connection: Connection, la_code: str | None, urn: str | None
) -> dict[int, tuple[ViewEvidence, ...]]:
    table = VIEW_EVIDENCE
    query = select(table).join(ADVISER_VIEW, ADVISER_VIEW.c.id == table.c.view_id).order_by(table.c.id)
    if la_code is not None:
        query = query.where(ADVISER_VIEW.c.la_code == la_code)
    if urn is not None:
        query = query.where(ADVISER_VIEW.c.urn == urn)
    found: dict[int, list[ViewEvidence]] = {}
    for row in connection.execute(query).mappings():
        piece = ViewEvidence(row["id"], EvidenceKind(row["kind"]), row["reference"], row["description"])
        found.setdefault(row["view_id"], []).append(piece)
    return {view_id: tuple(pieces) for view_id, pieces in found.items()}


def _view(row: Values, evidence: tuple[ViewEvidence, ...]) -> AdviserView:
    kept = {name: value for name, value in row.items() if name != "withdrawn_reason"}
    words = {
        "statement": Statement(row["statement"]),
        "level": Level(row["level"]),
        "computed_level": None if row["computed_level"] is None else Level(row["computed_level"]),
    }
    return AdviserView(**(kept | words), evidence=evidence)


def _comment(row: Values) -> HeadComment:
    kept = {name: value for name, value in row.items() if name != "withdrawn_reason"}
    statement = None if row["statement"] is None else Statement(row["statement"])
    return HeadComment(**(kept | {"statement": statement}))
