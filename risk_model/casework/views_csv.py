"""A list of advisers' views, looked at before anything is written."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from risk_model.casework.allocations_csv import unknown_school
from risk_model.casework.checks import Field, Problem, Values, check, in_field_order, lines
from risk_model.casework.csv_reading import CsvProblem, CsvRow, at_row
from risk_model.casework.judgements import VIEW_FIELDS, AdviserView, NewAdviserView, NewEvidence, check_adviser_view
from risk_model.casework.words import EvidenceKind
from risk_model.domain.templates import EXAMPLE_URN

VIEW_COLUMNS = ("urn", "statement", "level", "reason", "evidence", "made_by", "made_on", "review_by")
# What makes two lines the same view: school, statement, author and day.
Key = tuple[object, object, object, object]
_EVIDENCE = Field("evidence", lines(1000), required=True)


@dataclass(frozen=True)
class ViewRow:
    """One row that could be added as it stands."""

    line: int
    view: NewAdviserView


@dataclass(frozen=True)
class ViewPreview:
    """What a file would add, and what is wrong with the rest of it, both in the order of the lines.

    Attributes:
        recorded: how many lines are recorded already, just as they stand: there is nothing to add.
        examples: how many lines are the example of the template.
    """

    rows: tuple[ViewRow, ...]
    problems: tuple[CsvProblem, ...]
    recorded: int = 0
    examples: int = 0


def preview_views(
    found: Sequence[CsvRow],
    shape_problems: Sequence[CsvProblem],
    la_code: str,
    known_urns: Collection[str],
    existing: Sequence[AdviserView] = (),
) -> ViewPreview:
    """Look at a list of advisers' views without writing anything.

    Args:
        found: its rows, with the columns VIEW_COLUMNS, and the problems of their shape.
        la_code: the LA for which they are.
        known_urns: the schools of this LA.
        existing: its views that stand in the records. A row that is one of these, word for word, is counted and not
            added again; one of the same author, day and statement with other values, or that repeats an earlier row,
            is a problem.
    """
    rows: list[ViewRow] = []
    problems = list(shape_problems)
    recorded = {_key(vars(one)): one for one in existing}
    own = [row for row in found if row.values["urn"].strip() != EXAMPLE_URN]
    seen: dict[Key, int] = {}
    already = 0
    for row in own:
        clean, wrong = check_view_row(row, la_code)
        known = recorded.get(_key(clean))
        if not wrong and known is not None and _is_the_same(clean, known):
            already += 1
            continue
        if not wrong:
            wrong = [*unknown_school(clean, known_urns), *_repeated(clean, known, seen.get(_key(clean)))]
        if not wrong:
            rows.append(ViewRow(row.line, view_of(clean)))
        problems += [at_row(row, each) for each in in_field_order(wrong, VIEW_FIELDS)]
        seen.setdefault(_key(clean), row.line)
    in_order = tuple(sorted(problems, key=lambda each: each.line))
    return ViewPreview(tuple(rows), in_order, already, len(found) - len(own))


def check_view_row(row: CsvRow, la_code: str) -> tuple[Values, list[Problem]]:
    """Check one row by itself: its clean values by field name with its evidence in words, and its problems."""
    given: dict[str, object] = {name: value for name, value in row.values.items() if name != "evidence"}
    clean, problems = check_adviser_view({**given, "la_code": la_code})
    evidence, missing = check([_EVIDENCE], row.values)
    return {**clean, **evidence}, [*problems, *missing]


def view_of(clean: Mapping[str, object]) -> NewAdviserView:
    """The view of a row that has no problems; its evidence is a document that it describes."""
    made_on, review_by = clean["made_on"], clean["review_by"]
    if not isinstance(made_on, date) or not isinstance(review_by, date):
        raise TypeError("a checked row has its two dates")
    return NewAdviserView(
        la_code=str(clean["la_code"]),
        urn=str(clean["urn"]),
        statement=str(clean["statement"]),
        level=str(clean["level"]),
        reason=str(clean["reason"]),
        made_by=str(clean["made_by"]),
        made_on=made_on,
        review_by=review_by,
        evidence=(NewEvidence(EvidenceKind.DOCUMENT, str(clean["evidence"])),),
    )


def _key(values: Mapping[str, object]) -> Key:
    return (values.get("urn"), values.get("statement"), values.get("made_by"), values.get("made_on"))


def _is_the_same(clean: Mapping[str, object], known: AdviserView) -> bool:
    described = [piece.description for piece in known.evidence]
    return described == [clean["evidence"]] and all(
        clean[name] == getattr(known, name) for name in ("level", "reason", "review_by")
    )


def _repeated(clean: Mapping[str, object], known: AdviserView | None, line: int | None) -> list[Problem]:
    if known is not None:
        problem = f"this author's view of that day is recorded with other values, number {known.id}."
        return [Problem("made_on", str(clean["made_on"]), problem, "Change that one, or take the line out.")]
    if line is not None:
        problem = f"line {line} is a view of the same author, day, school and statement."
        return [Problem("made_on", str(clean["made_on"]), problem, "Take one of the two lines out.")]
    return []
