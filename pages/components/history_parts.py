"""The parts of a past day: the build that stood, what stood beside it, the time line, and whether the records agree."""

from datetime import date

import pandas as pd
import streamlit as st

from pages.components.downloads import draw_file
from pages.components.session import ask
from pages.components.tables import show_table
from pages.components.words import date_columns, draw_level, draw_lines, plain, safe
from risk_model.domain.periods import in_words
from risk_model.domain.viewer import Viewer
from risk_model.domain.words import STATEMENT_TITLES, Statement, level_in_words
from risk_model.exports.documents import DOCX_TYPE
from risk_model.exports.pdf import PDF_TYPE
from risk_model.services.copy import Copy
from risk_model.services.history import History, unaudited_changes
from risk_model.services.history_builds import SchoolThen
from risk_model.services.history_document import history_file, history_name, last_inspection, raised_words
from risk_model.services.history_words import NONE_THEN, Line
from risk_model.services.scope import Scope

_XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_FILES = (
    ("PDF", ".pdf", PDF_TYPE),
    ("Word", ".docx", DOCX_TYPE),
    ("Excel", ".xlsx", _XLSX_TYPE),
    ("CSV", ".csv", "text/csv"),
)


def choose_day(today: date) -> date:
    """The past day, from the URL's `day` or chosen here; never one to come.

    Args:
        today: the last day that can be chosen, and the first choice.
    """
    if "history_day" not in st.session_state:
        st.session_state["history_day"] = st.session_state.get("kept_history_day", _asked(today))
    day = st.date_input("On the day", key="history_day", max_value=today, format="DD/MM/YYYY", width=200)
    chosen = day if isinstance(day, date) else today
    st.session_state["kept_history_day"] = chosen
    if st.query_params.get("day") != chosen.isoformat():
        st.query_params["day"] = chosen.isoformat()
    return chosen


def _asked(today: date) -> date:
    try:
        asked = date.fromisoformat(st.query_params.get("day", ""))
    except ValueError:
        return today
    return min(max(asked, today.replace(year=today.year - 10, day=1)), today)


def draw_build(found: History) -> None:
    """Which build stood, and what it said."""
    st.subheader("What the build said")
    st.write(plain(found.build.sentence))
    for line in found.build.damage:
        st.error(plain(safe(line)))
    if found.school is not None:
        _draw_one(found.school)
    elif found.urn is not None and found.build.schools == {} and found.build.kept is not None:
        st.write("This school was not in it, or what it said cannot be read.")
    elif found.build.schools:
        st.write(found.said)
        if found.flagged or found.watched:
            alt = "Schools that the build had flagged, then those with the place watch"
            show_table(ask(_schools_table, found), key="history_flagged", alt=alt)


def _draw_one(school: SchoolThen) -> None:
    st.markdown(plain(f"Place: {school.priority} · route: {school.route} · last inspection: {last_inspection(school)}"))
    for column, statement in zip(st.columns(3), Statement, strict=True):
        with column, st.container(border=True):
            st.markdown(f"**{STATEMENT_TITLES[statement]}**")
            draw_level(school.levels[statement])
            coverage = school.coverage[statement]
            if coverage is not None:
                st.caption(f"Evidence: {coverage:.0%} of the points could be assessed")
            raised = [raised_words(one, to_leave=False) for one in school.raised if one.statement is statement]
            draw_lines(raised)
            if not raised:
                st.caption("No rule was raised.")


def _schools_table(found: History) -> pd.DataFrame:
    return pd.DataFrame(
        [
            (
                one.name,
                one.urn,
                one.priority,
                *(level_in_words(one.levels[each]) for each in Statement),
                ", ".join(dict.fromkeys(rule.rule_id for rule in one.raised)),
            )
            for one in (*found.flagged, *found.watched)
        ],
        columns=["School", "URN", "Place", "Good outcomes", "Effective action", "Next inspection", "Raised rules"],
    )


def draw_history_downloads(viewer: Viewer, copy: Copy, scope: Scope, found: History) -> None:
    """The day as a file; each is made and logged when its button is pressed."""
    with st.container(horizontal=True):
        for title, ending, media_type in _FILES:
            draw_file(
                f"This day as {title}",
                lambda ending=ending: history_file(viewer, copy, scope, found.urn, found.day, ending),
                f"{history_name(found)}{ending}",
                media_type,
                key=f"history{ending}",
            )
    st.caption("Each file is logged when it is made. Restricted notes are in none of them.")


def draw_parts(found: History) -> None:
    """What stood beside the build, part by part; an empty part says so."""
    for part, lines in found.parts.items():
        st.subheader(part)
        if not lines:
            st.write(NONE_THEN[part])
        elif found.urn is None:
            table = ask(_part_table, found, part)
            show_table(table, key=f"history_{part}", column_config=date_columns("On"), alt=part)
        else:
            for line in lines:
                _draw_line(line)


def _draw_line(line: Line) -> None:
    with st.container(border=True):
        when = in_words(line.on) if line.on else "Not dated"
        st.markdown(f"**{plain(when + (' · ' + line.who if line.who else ''))}**")
        st.markdown(plain(line.what))
        draw_lines(line.details)
        if line.body:
            with st.expander("What it said"):
                st.text(line.body)
        for note in line.notes:
            st.caption(plain(note))


def _part_table(found: History, part: str) -> pd.DataFrame:
    return pd.DataFrame(
        [(line.on, line.school, line.what, line.who, " ".join(line.notes)) for line in found.parts[part]],
        columns=["On", "School", "What", "Who", "Written down and changed"],
    )


def draw_timeline_of(found: History) -> None:
    """Everything until the day, the newest first."""
    st.subheader("What had happened until then")
    if not found.timeline:
        st.write("Nothing that is kept.")
        return
    if found.urn is not None:
        # few lines, and long ones: a plain table shows each whole
        rows = [(plain(in_words(line.on) if line.on else "–"), line.part, plain(line.what)) for line in found.timeline]
        st.table(pd.DataFrame(rows, columns=["When", "Part", "What"]), hide_index=True)
        return
    show_table(
        ask(_timeline_table, found),
        key="history_timeline",
        column_config=date_columns("When"),
        alt="What had happened until then, the newest first",
    )


def _timeline_table(found: History) -> pd.DataFrame:
    return pd.DataFrame(
        [(line.on, line.part, line.school, line.what, line.who) for line in found.timeline],
        columns=["When", "Part", "School", "What", "Who"],
    )


def draw_agreement(viewer: Viewer, copy: Copy) -> None:
    """Whether records and audit trail agree, or which records do not."""
    st.subheader("Can this be trusted?")
    found = ask(unaudited_changes, viewer, copy)
    if not found:
        st.success("Records and audit trail agree: every record is as its last entry says.")
        return
    st.error(_places(len(found)))
    table = pd.DataFrame(
        [(one.table.replace("_", " "), one.record_id, one.problem) for one in found],
        columns=["Record", "Number", "What is wrong"],
    )
    show_table(
        table,
        key="history_disagreements",
        alt="Records that differ from the audit trail",
    )


def _places(number: int) -> str:
    places = "One place" if number == 1 else f"{number} places"
    return f"{places} where records and audit trail do not agree: somebody went past the product."
