"""What can be recorded of an escalation: its beginning, a step, its end, and that a step was not taken after all."""

from datetime import timedelta

import streamlit as st

from pages.components.support_message import done, saved
from pages.components.words import plain
from risk_model.domain.errors import RiskModelError
from risk_model.domain.viewer import Viewer
from risk_model.services.copy import Copy
from risk_model.services.escalation import Climb
from risk_model.services.escalation_changes import (
    StepTaken,
    begin_escalation,
    edit_escalation,
    take_back_step,
    take_ladder_step,
)
from risk_model.services.ladder import NextStep


def draw_begin(viewer: Viewer, copy: Copy, urn: str) -> None:
    """A form that opens an escalation of a maintained school."""
    with st.form(f"begin_escalation_{urn}_{saved()}"):
        concern = st.text_area("What concerns the LA", max_chars=2000)
        left, right = st.columns(2)
        with left:
            opened_on = st.date_input("Begun on", value=copy.build.as_at, format="DD/MM/YYYY")
        with right:
            next_date = st.date_input("Looked at next", value=None, format="DD/MM/YYYY")
        owner = st.text_input("Owner", max_chars=200, help="A role or a post; never a person's name.")
        if not st.form_submit_button("Begin the escalation", type="primary"):
            return
    try:
        number = begin_escalation(viewer, copy, urn, opened_on, concern, owner or None, next_date)
    except RiskModelError as error:
        st.error(plain(error))
        return
    done(f"Escalation number {number} was opened.")


def draw_take_step(viewer: Viewer, copy: Copy, climb: Climb) -> None:
    """Which step, what the law says of it, the questions before it, and the form that records it."""
    by_id = {one.step.id: one for one in climb.nexts}
    key = f"{climb.is_academy}_{climb.number}"
    chosen = st.selectbox("Which step", list(by_id), key=f"next_step_{key}", format_func=lambda one: _named(by_id[one]))
    after = by_id[chosen]
    st.markdown(plain(after.step.says))
    if after.step.reference:
        st.caption(plain(after.step.reference))
    if after.step.papers:
        st.caption(plain(f"To be put on file: {'; '.join(after.step.papers)}."))
    if after.missing:
        st.warning(plain(f"Before it comes: {', '.join(after.missing)}. To record it all the same needs a reason."))
    with st.form(f"take_step_{key}_{chosen}_{saved()}"):
        asked = {check.id: st.checkbox(plain(check.text), key=f"{key}_{chosen}_{check.id}") for check in after.checks}
        left, right = st.columns(2)
        with left:
            taken_on = st.date_input("Taken on", value=copy.build.as_at, format="DD/MM/YYYY")
            decided_by = st.text_input("Decided by", max_chars=200, help="A role or a post; never a person's name.")
        with right:
            days = after.step.answer_days
            answer_by = st.date_input(
                "Answer or compliance by",
                value=copy.build.as_at + timedelta(days=days) if days else None,
                format="DD/MM/YYYY",
            )
            paper = st.text_input("Its paper, and where it is kept", value=after.paper, max_chars=300)
        note = st.text_area("Note", max_chars=2000)
        why = st.text_area("Why it is taken out of order", max_chars=500) if after.missing else None
        if not st.form_submit_button("Record the step", type="primary"):
            return
    step = StepTaken(
        climb.urn,
        climb.number,
        chosen,
        taken_on,
        decided_by or None,
        paper or None,
        tuple(check for check, is_yes in asked.items() if is_yes),
        answer_by,
        note or None,
        why or None,
    )
    try:
        take_ladder_step(viewer, copy, step)
    except RiskModelError as error:
        st.error(plain(error))
        return
    done(f"The step was recorded: {after.step.title}.")


def draw_edit(viewer: Viewer, copy: Copy, climb: Climb) -> None:
    """A form for owner, next date and concern, and for closing it."""
    with st.form(f"edit_escalation_{climb.number}_{saved()}"):
        concern = st.text_area("What concerns the LA", value=climb.concern, max_chars=2000)
        owner = st.text_input("Owner", value=climb.owner or "", max_chars=200)
        left, right = st.columns(2)
        with left:
            next_date = st.date_input("Looked at next", value=climb.next_date, format="DD/MM/YYYY")
        with right:
            closed_on = st.date_input("Closed on", value=climb.closed_on, format="DD/MM/YYYY")
        close_reason = st.text_input("What ended it", value=climb.close_reason or "", max_chars=500)
        why = st.text_input("Why it is opened again", max_chars=500) if not climb.is_open else None
        if not st.form_submit_button("Save the escalation", type="primary"):
            return
    changes = {
        "concern": concern,
        "owner": owner or None,
        "next_date": next_date,
        "closed_on": closed_on,
        "close_reason": close_reason or None,
    }
    try:
        edit_escalation(viewer, copy, climb.number, climb.version, changes, why or None)
    except RiskModelError as error:
        st.error(plain(error))
        return
    done(f"Escalation number {climb.number} was changed.")


def draw_take_back(viewer: Viewer, copy: Copy, climb: Climb) -> None:
    """A form that withdraws a step, with the reason."""
    titles = {one.taken.id: f"{one.title}, {one.taken.taken_on:%d/%m/%Y}" for one in climb.steps}
    versions = {one.taken.id: one.taken.version for one in climb.steps}
    with st.form(f"take_back_{climb.is_academy}_{climb.number}_{saved()}"):
        number = st.selectbox("Which step", list(titles), format_func=lambda one: titles[one])
        reason = st.text_input("Why it is taken back", max_chars=500)
        if climb.is_academy:
            st.caption("The referral keeps its status; that is changed on the page Regional director (RSC).")
        if not st.form_submit_button("Take back the step"):
            return
    try:
        take_back_step(viewer, copy, number, versions[number], reason)
    except RiskModelError as error:
        st.error(plain(error))
        return
    done("The step was taken back.")


def _named(one: NextStep) -> str:
    return f"{one.step.title} (too soon)" if one.missing else one.step.title
