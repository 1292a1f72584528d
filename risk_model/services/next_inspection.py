"""By when the next inspection is due by the published rules, and what "good or better" will mean then."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from risk_model.domain.periods import in_words
from risk_model.domain.viewer import Viewer, require_reader
from risk_model.domain.words import INSPECTION_TARGET, INSPECTION_TARGET_SOFT, OFSTED_DECIDES
from risk_model.services.copy import Copy

# What a list can be narrowed to: the words of `next_inspections`.
DUE_STANDINGS = ("overdue", "overdue as far as known", "within 12 months", "later", "monitored", "no date")
_NO_DATE = {
    "monitored": "Ofsted monitors the school; when the next full inspection is due is not published.",
    "exempt": "No routine inspection is due: the school is exempt.",
    "paused": "No routine inspection is due while they are paused.",
    "not_known": "When the next inspection is due cannot be said: the date to count from is not in the loaded files.",
    "no_rule": "When the next inspection is due cannot be said: no rule that fits it is held.",
}
_COUNTED_FROM = {
    "inspection": "counted from the last inspection",
    "publication": "counted from the last report's publication",
    "opening": "counted from the school's opening",
}
_SQL = """
    select n.*, l.full_date, l.full_kind, b.as_at
    from next_inspections as n
    left join latest_inspections as l on l.urn = n.urn
    cross join build_info as b
    where n.urn = $urn"""
_ERAS_SQL = """
    select rule_version, in_force_from, in_force_to, is_current, due_by, why, source, missing_reason
    from inspection_due_dates where urn = $urn order by rule_version"""


@dataclass(frozen=True)
class EraLine:
    """What one version of the rules says.

    Attributes:
        in_force: from when to when, in words.
        due: by when, in words.
        source: where the rule was published.
    """

    rule_version: str
    in_force: str
    due: str
    why: str
    source: str
    is_current: bool


@dataclass(frozen=True)
class NextInspection:
    """When the next inspection is due, by the rules and never by a guess.

    Attributes:
        summary: due by when, overdue or not, in one sentence.
        standing: a word of DUE_STANDINGS.
        due_from, due_by: the last year of the interval; None where the rules name no date.
        why: the rule in words, with its version; source: where it was published.
        known_until: what is not known, "" where nothing is lacking.
        eras: what each version of the rules says that was in force since the last inspection.
        targets: the operational target, strict and soft, each with how the last report card stands against it.
    """

    summary: str
    standing: str
    due_from: date | None
    due_by: date | None
    rule_version: str
    why: str
    source: str
    known_until: str
    eras: list[EraLine]
    targets: list[str]


def next_inspection(viewer: Viewer, copy: Copy, urn: str) -> NextInspection | None:
    """When a school's next inspection is due; None where the school is not in the build.

    Raises:
        NotAllowed: the viewer may not read.
    """
    require_reader(viewer)
    found = copy.reader.rows(_SQL, {"urn": urn})
    if not found:
        return None
    row = found[0]
    return NextInspection(
        summary=_summary(row),
        standing=row["standing"],
        due_from=row["due_from"],
        due_by=row["due_by"],
        rule_version=row["rule_version"] or "",
        why=row["why"],
        source=row["source"],
        known_until=_known_until(row),
        eras=[_era(one) for one in copy.reader.rows(_ERAS_SQL, {"urn": urn})],
        targets=_targets(row),
    )


def due_in_plain_text(found: NextInspection) -> list[str]:
    """The same in lines of text, for the terminal and reports."""
    rule = f"Rules of {found.rule_version}: {found.why}" if found.rule_version else found.why
    lines = [found.summary, rule, found.known_until, *found.targets, OFSTED_DECIDES]
    return [line for line in lines if line]


def _summary(row: Mapping[str, Any]) -> str:
    if row["due_by"] is None:
        return _NO_DATE[row["missing_reason"]]
    due = f"{in_words(row['due_by'])}, {_COUNTED_FROM[row['counted_from']]} on {in_words(row['counted_on'])}"
    if row["standing"] == "overdue":
        return f"Overdue: it was due by {due}."
    if row["is_overdue"]:
        return f"Overdue as far as known: it was due by {due}."
    soon = " That is within 12 months." if row["within_12_months"] else ""
    return f"Due by {due}; the last year of the interval begins on {in_words(row['due_from'])}.{soon}"


def _known_until(row: Mapping[str, Any]) -> str:
    if row["known_until"] is None:
        return "No list of Ofsted's with this school is loaded, so an inspection may have been missed."
    if row["known_until"] >= row["as_at"]:
        return ""
    return (
        f"The newest list of Ofsted's with this school is of {in_words(row['known_until'])}: "
        "what was inspected after it is not known here."
    )


def _era(row: Mapping[str, Any]) -> EraLine:
    until = f"to {in_words(row['in_force_to'])}" if row["in_force_to"] else "still in force"
    due = f"due by {in_words(row['due_by'])}" if row["due_by"] else _NO_DATE[row["missing_reason"]]
    return EraLine(
        rule_version=row["rule_version"],
        in_force=f"from {in_words(row['in_force_from'])}, {until}",
        due=due,
        why=row["why"],
        source=row["source"],
        is_current=row["is_current"],
    )


def _targets(row: Mapping[str, Any]) -> list[str]:
    return [
        f"{INSPECTION_TARGET} {_stands(row, 'meets_strict')}",
        f"{INSPECTION_TARGET_SOFT} {_stands(row, 'meets_soft')}",
    ]


def _stands(row: Mapping[str, Any], column: str) -> str:
    if row["full_date"] is None:
        return "The school has not been inspected yet, so nothing can be said."
    day = in_words(row["full_date"])
    if row[column] is None:
        return f"The last full inspection ({day}) was before report cards: the two are not directly comparable."
    return f"The report card of {day} {'meets' if row[column] else 'does not meet'} it, with the grades as they stand."
