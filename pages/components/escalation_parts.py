"""Escalation: who stands where on which ladder, what is awaited, and what may come next."""

import streamlit as st

from pages.components.as_opened import as_opened
from pages.components.escalation_acts import draw_begin, draw_edit, draw_take_back, draw_take_step
from pages.components.session import ask
from pages.components.tables import show_table
from pages.components.words import date_columns, plain
from risk_model.domain.periods import in_words
from risk_model.domain.viewer import Right, Viewer
from risk_model.services.copy import Copy
from risk_model.services.escalation import (
    Climb,
    SchoolLadder,
    escalation_list,
    escalation_table,
    school_ladder,
)
from risk_model.services.ladder import StepLine
from risk_model.services.low_standards import low_standards
from risk_model.services.profile import school_names
from risk_model.services.scope import Scope

_DECIDES_NOTHING = "Steps are recorded and reminded of here. People decide, by the law that each step names."


def draw_escalations(viewer: Viewer, copy: Copy, scope: Scope) -> None:
    """The open concerns of the schools in scope, one that is chosen, and opening another."""
    st.caption(_DECIDES_NOTHING)
    closed = st.checkbox("Closed ones too", key="escalation_closed")
    climbs = ask(escalation_list, viewer, copy, scope, only_open=not closed)
    late = sum(bool(one.reminders) for one in climbs)
    if late:
        st.warning("1 concern has a day that is past." if late == 1 else f"{late} concerns have a day that is past.")
    if climbs:
        chosen = show_table(
            escalation_table(climbs),
            key="escalations",
            column_config=date_columns("Since", "Answer awaited by", "Next date"),
            on_select="rerun",
            selection_mode="single-row",
            alt="Concerns on their ladders, those with a reminder first",
        )
        st.caption("Select a row to see its steps and record the next one.")
        rows = chosen.selection.rows
        if rows and rows[0] < len(climbs):
            _draw_school(viewer, copy, ask(school_ladder, viewer, copy, climbs[rows[0]].urn))
            return
    else:
        st.write("No concern about a school in this scope is on a ladder.")
    names = ask(school_names, viewer, copy, scope)
    asked = st.query_params.get("for", "")
    urn = st.selectbox(
        "Look at a school's ladder, or begin one",
        list(names),
        index=list(names).index(asked) if asked in names else None,
        key="escalation_for",
        format_func=lambda one: names.get(one, one),
        placeholder="Choose a school",
        width=520,
    )
    if urn is not None:
        _draw_school(viewer, copy, ask(school_ladder, viewer, copy, urn))


def draw_school_escalation(viewer: Viewer, copy: Copy, urn: str) -> None:
    """One school's ladder, on its profile."""
    st.caption(_DECIDES_NOTHING)
    _draw_school(viewer, copy, ask(school_ladder, viewer, copy, urn))


def _draw_school(viewer: Viewer, copy: Copy, page: SchoolLadder) -> None:
    school = page.school
    st.header(plain(school.name))
    if page.ladder is None:
        st.write("The LA has no ladder for this school: it is neither a maintained school nor an academy.")
        return
    if school.is_academy:
        st.write(
            "An academy. The LA holds no power over it: it talks and writes to the trust, then raises the school with "
            "the regional director (RSC), who decides. The steps hang on the referral, and move it."
        )
    if page.caveat:
        st.warning(plain(page.caveat))
    for climb in page.climbs:
        _draw_climb(viewer, copy, climb)
    if not school.is_academy:
        _draw_low_standards(viewer, copy, school.urn)
    is_any_open = any(one.is_open for one in page.climbs)
    if is_any_open or not viewer.may(Right.LETTERS):
        return
    if school.is_academy:
        st.write("Nothing is open. Draft a referral on the page Regional director (RSC); its steps are taken here.")
    else:
        with st.expander("Begin an escalation"):
            draw_begin(viewer, copy, school.urn)


def _draw_climb(viewer: Viewer, copy: Copy, climb: Climb) -> None:
    what = "Referral" if climb.is_academy else "Escalation"
    climb = as_opened(f"climb_{climb.is_academy}", climb.number, climb)
    st.markdown(f"**{what} {climb.number}: {plain(climb.standing)}**")
    st.markdown(plain(climb.concern))
    for reminder in climb.reminders:
        st.warning(plain(reminder))
    owner = climb.owner or "not recorded"
    following = in_words(climb.next_date) if climb.next_date else "not recorded"
    st.caption(plain(f"Owner: {owner}. Looked at next: {following}."))
    for line in climb.steps:
        _draw_step(line)
    if not climb.steps:
        st.write("No step is recorded yet.")
    if not viewer.may(Right.LETTERS):
        return
    if climb.nexts:
        with st.expander("Record the next step", expanded=True):
            draw_take_step(viewer, copy, climb)
    if not climb.is_academy:
        with st.expander("Change, close or open again"):
            draw_edit(viewer, copy, climb)
    if climb.steps:
        with st.expander("Take back a step that was not taken"):
            draw_take_back(viewer, copy, climb)


def _draw_step(line: StepLine) -> None:
    taken = line.taken
    waits = ""
    if taken.answer_by is not None:
        state = "overdue" if line.is_overdue else "awaited" if line.is_waiting else "no longer awaited"
        waits = f" Answer by {in_words(taken.answer_by)}: {state}."
    by = f", decided by {taken.decided_by}" if taken.decided_by else ""
    with st.container(border=True):
        st.markdown(f"**{plain(line.title)}**, {in_words(taken.taken_on)}{plain(by)}.{plain(waits)}")
        if taken.note:
            st.markdown(plain(taken.note))
        if taken.out_of_order_reason:
            st.markdown(f"◆ **Out of order.** {plain(taken.out_of_order_reason)}")
        expected = f" Expected: {'; '.join(line.papers)}." if line.papers else ""
        st.caption(plain(f"Paper: {taken.paper or 'none recorded'}.{expected}"))
        if line.unanswered:
            st.caption(plain(f"Not answered with yes: {' '.join(line.unanswered)}"))


def _draw_low_standards(viewer: Viewer, copy: Copy, urn: str) -> None:
    page = ask(low_standards, viewer, copy, urn)
    with st.expander("Are standards low, by the law's comparisons?"):
        st.markdown(plain(page.finding))
        for line in page.lines:
            st.markdown(f"**{plain(line.title)}: {line.standing}**")
            for sentence in line.evidence:
                st.markdown(f"- {plain(sentence)}")
        st.caption(plain(f"{page.why} {page.reference}. Whether that is so is for the LA to be satisfied of."))
