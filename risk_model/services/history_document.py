"""A past day as a file: a document to read, a table to sort. Restricted notes are in neither."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pandas as pd

from risk_model.domain.documents import Document, Entry, Section, Table
from risk_model.domain.periods import in_words
from risk_model.domain.viewer import Right, Viewer, require, require_la
from risk_model.domain.words import NOT_A_PREDICTION, STATEMENT_TITLES, Statement, level_in_words
from risk_model.exports.documents import as_docx
from risk_model.exports.pdf import as_pdf
from risk_model.exports.tables import as_csv, as_xlsx
from risk_model.services.copy import Copy
from risk_model.services.history import SAID, History, history_on, school_history
from risk_model.services.history_builds import RaisedThen, SchoolThen
from risk_model.services.history_words import NONE_THEN, Line
from risk_model.services.leaving import Leaving, hand_over
from risk_model.services.scope import Scope, licence_line
from risk_model.services.shareable import FEWEST_PUPILS, are_few_pupils

BANNER = "OFFICIAL-SENSITIVE: for the officers of the local authority, not to be published"
HISTORY_COLUMNS = ("Part", "On", "School", "URN", "What", "Who", "With it", "Written down and changed")
_FEW = f"Of fewer than {FEWEST_PUPILS} pupils: the figure is left out of files."


def history_file(viewer: Viewer, copy: Copy, scope: Scope, urn: str | None, day: date, ending: str) -> bytes:
    """A past day of one school, or of the scope's schools where `urn` is None, as a file that is logged as it leaves.

    Args:
        ending: ".pdf", ".docx", ".xlsx" or ".csv".
    Raises:
        NotAllowed: the viewer may not take a file of this LA out.
        NotFound: no LA is chosen, or no build that is kept knows the school.
    """
    require(viewer, Right.PEOPLE)
    # what an officer sees on screen, no file holds
    unrestricted = replace(viewer, rights=viewer.rights - {Right.RESTRICTED})
    found = history_on(unrestricted, copy, scope, day) if urn is None else school_history(unrestricted, copy, urn, day)
    require_la(viewer, found.la_code, Right.EXPORT)
    content = _made(viewer, copy, found, ending)
    kept = found.build.kept
    name = f"{history_name(found)}{ending}"
    leaving = Leaving(
        la_code=found.la_code,
        what="history of a school" if urn else "history of the LA's schools",
        name=name,
        banner=BANNER,
        urns=[urn] if urn else sorted(found.build.schools),
        build_id=kept.build_id if kept else None,
        rule_set=kept.rule_set if kept else None,
        as_at=kept.as_at if kept else None,
    )
    return hand_over(viewer, copy, leaving, content)


def history_name(found: History) -> str:
    """Of the file, without its ending."""
    return f"history_{found.urn or found.la_code}_{found.day.isoformat()}"


def history_document(viewer: Viewer, copy: Copy, found: History) -> Document:
    """A past day to be read: what the build said, and part by part what stood.

    Raises:
        NotAllowed: the viewer may not read.
    """
    require(viewer, Right.PEOPLE)
    return Document(
        title=f"{found.about} on {in_words(found.day)}",
        name=history_name(found),
        banner=BANNER,
        about=(found.finding, found.build.sentence, *found.build.damage, NOT_A_PREDICTION),
        sections=(
            _said_section(found),
            *(_part(part, lines, one_school=found.urn is not None) for part, lines in found.parts.items()),
            *((_timeline(found),) if found.urn else ()),
            Section(
                "How this was put together",
                text=(
                    "What a build said is kept in a file of its own, which nobody can change unnoticed. Records are "
                    "shown as the audit trail kept them at the end of the day, in UTC; what was written down or "
                    "changed later is said to be. Restricted notes are never in a file.",
                    licence_line(viewer, copy),
                ),
            ),
        ),
    )


def history_table(viewer: Viewer, found: History) -> pd.DataFrame:
    """A past day to be sorted: HISTORY_COLUMNS, a row for each thing that stood, the build's first.

    Raises:
        NotAllowed: the viewer may not read.
    """
    require(viewer, Right.PEOPLE)
    schools = [found.school] if found.school else [*found.flagged, *found.watched]
    kept = found.build.kept
    rows: list[tuple[object, ...]] = [
        (
            SAID,
            kept.as_at if kept else None,
            one.name,
            one.urn,
            f"{one.priority}. {levels_in_words(one)}",
            f"build {kept.number}" if kept else "",
            "\n".join(raised_words(rule, to_leave=True) for rule in one.raised),
            found.build.sentence,
        )
        for one in schools
    ]
    for lines in found.parts.values():
        rows += [_row(line) for line in lines]
    return pd.DataFrame(rows, columns=list(HISTORY_COLUMNS))


def levels_in_words(one: SchoolThen) -> str:
    """The three levels that a build gave a school."""
    return "; ".join(f"{STATEMENT_TITLES[each]}: {level_in_words(level)}" for each, level in one.levels.items())


def raised_words(rule: RaisedThen, *, to_leave: bool) -> str:
    """A raised rule in the words of its build; in a file without the figure of few pupils."""
    if to_leave and are_few_pupils(rule.measure_id or "", rule.denominator):
        return f"{rule.rule_id}: {rule.title}. {_FEW}"
    return f"{rule.rule_id}: {rule.sentence}"


def _made(viewer: Viewer, copy: Copy, found: History, ending: str) -> bytes:
    if ending == ".pdf":
        return as_pdf(history_document(viewer, copy, found))
    if ending == ".docx":
        return as_docx(history_document(viewer, copy, found))
    table = history_table(viewer, found)
    if ending == ".csv":
        return as_csv(table)
    about = [BANNER, f"{found.about} on {in_words(found.day)}", found.build.sentence, licence_line(viewer, copy)]
    return as_xlsx(table, sheet="History", about=about)


def _said_section(found: History) -> Section:
    if found.school is not None:
        return _said_of_one(found.school)
    if not found.build.schools:
        of_it = "the school" if found.urn else "these schools"
        return Section(SAID, text=(f"What a build said of {of_it} on this day is not known.",))
    listed = [*found.flagged, *found.watched]
    if not listed:
        return Section(SAID, text=(found.said,))
    rows = tuple(
        (
            one.name,
            one.priority,
            *(level_in_words(one.levels[each]) for each in Statement),
            "; ".join(dict.fromkeys(rule.rule_id for rule in one.raised)) or "none",
        )
        for one in listed
    )
    columns = ("School", "Place", "Outcomes", "Effective action", "Inspection", "Raised rules")
    return Section(SAID, text=(found.said,), tables=(Table(columns, rows, (30, 10, 15, 15, 15, 15)),))


def _said_of_one(one: SchoolThen) -> Section:
    rows = tuple(
        (
            STATEMENT_TITLES[each],
            level_in_words(one.levels[each]),
            "\n".join(raised_words(rule, to_leave=True) for rule in one.raised if rule.statement is each) or "none",
        )
        for each in Statement
    )
    releases = sorted({rule.release_id for rule in one.raised if rule.release_id})
    return Section(
        SAID,
        text=(f"Place: {one.priority}; route: {one.route}. Last inspection: {last_inspection(one)}.",),
        tables=(Table(("Statement", "Level", "Raised rules, in the words of that build"), rows, (28, 16, 56)),),
        entries=(Entry("The releases behind them", ("; ".join(releases) or "None is named.",)),),
    )


def last_inspection(one: SchoolThen) -> str:
    """The last inspection that the build knew of."""
    when = f" on {in_words(one.last_inspection_date)}" if one.last_inspection_date else ""
    return f"{one.last_inspection_outcome}{when}"


def _part(part: str, lines: Sequence[Line], *, one_school: bool) -> Section:
    if not lines:
        return Section(part, text=(NONE_THEN[part],))
    if one_school:
        return Section(part, entries=tuple(_entry(line) for line in lines))
    rows = tuple(
        (
            in_words(line.on) if line.on else "not dated",
            line.school or "several",
            line.what,
            line.who or "not named",
            "\n".join(line.notes) or "–",
        )
        for line in lines
    )
    return Section(part, tables=(Table(("On", "School", "What", "Who", "Written down and changed"), rows, _WIDE),))


_WIDE = (10, 18, 40, 14, 18)


def _entry(line: Line) -> Entry:
    when = in_words(line.on) if line.on else "Not dated"
    return Entry(f"{when}: {line.who}" if line.who else when, (line.what, *line.details, *line.notes, *_body(line)))


def _body(line: Line) -> tuple[str, ...]:
    """What was sent, a paragraph each."""
    if not line.body:
        return ()
    return ("What it said:", *(part.removeprefix("# ") for part in line.body.split("\n") if part.strip()))


def _timeline(found: History) -> Section:
    title = "What had happened until then"
    if not found.timeline:
        return Section(title, text=("Nothing that is kept.",))
    rows = tuple((in_words(line.on) if line.on else "not dated", line.part, line.what) for line in found.timeline)
    return Section(title, tables=(Table(("When", "Part", "What"), rows, (16, 22, 62)),))


def _row(line: Line) -> tuple[object, ...]:
    details, notes = "\n".join((*line.details, *_body(line))), "\n".join(line.notes)
    return (line.part, line.on, line.school, line.urn or "", line.what, line.who, details, notes)
