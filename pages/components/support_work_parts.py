"""What happens in one piece of support: its visits, and how its objectives go."""

import streamlit as st

from pages.components.support_message import done, saved
from pages.components.words import draw_lines, plain
from risk_model.domain.errors import RiskModelError
from risk_model.domain.periods import in_words
from risk_model.domain.viewer import Viewer
from risk_model.services.copy import Copy
from risk_model.services.one_support import OneSupport
from risk_model.services.support import choices
from risk_model.services.support_changes import (
    NewObjective,
    NewVisit,
    add_support_objective,
    add_visit,
    record_progress,
    take_back_visit,
)


def days_in_words(days: float | None) -> str:
    """Person-days as text; not recorded is no zero."""
    return "not recorded" if days is None else f"{days:g}"


def draw_visits(viewer: Viewer, copy: Copy, one: OneSupport) -> None:
    """The visits, the newest first, and a form for the next one."""
    support = one.allocation
    for visit in one.visits:
        where = f", {one.schools.get(visit.urn, visit.urn)}" if len(one.schools) > 1 else ""
        used = days_in_words(visit.days)
        st.markdown(f"**{in_words(visit.visited_on)}**, {plain(visit.visited_by)}{plain(where)}, days: {used}")
        draw_lines(said for said in (visit.note, visit.next_step and f"Next: {visit.next_step}") if said)
    if one.visits:
        _draw_take_back(viewer, copy, one)
    else:
        st.write("No visit is recorded yet.")
    with st.form(f"visit_{support.id}_{saved()}"):
        urn = st.selectbox("School visited", list(one.schools), format_func=lambda urn: one.schools[urn])
        left, right = st.columns(2)
        with left:
            day = st.date_input("Day of the visit", value=copy.build.as_at, format="DD/MM/YYYY")
            by = st.text_input("Visited by", value=support.system_leader_label or "", max_chars=100)
        with right:
            days = st.number_input("Person-days", min_value=0.0, step=0.5, value=None, format="%.1f")
            reason = st.text_input("Reason, where this is more than planned", max_chars=500)
        note = st.text_area("What was done and seen", max_chars=2000)
        step = st.text_input("Next step", max_chars=1000)
        if not st.form_submit_button("Record the visit", type="primary"):
            return
    try:
        new = NewVisit(support.id, urn, day, by, days, note or None, step or None)
        add_visit(viewer, copy, new, reason or None)
    except RiskModelError as error:
        st.error(plain(error))
        return
    done(f"The visit was recorded for support number {support.id}.")


def _draw_take_back(viewer: Viewer, copy: Copy, one: OneSupport) -> None:
    visits = {visit.id: visit for visit in one.visits}
    with st.expander("Take back a visit that should not be here"), st.form(f"take_back_{one.allocation.id}_{saved()}"):
        number = st.selectbox(
            "Visit to take back",
            list(visits),
            format_func=lambda each: f"{in_words(visits[each].visited_on)}, {visits[each].visited_by}",
        )
        reason = st.text_input("Why it should not be here", max_chars=500)
        if not st.form_submit_button("Take it back"):
            return
    try:
        take_back_visit(viewer, copy, number, visits[number].version, reason)
    except RiskModelError as error:
        st.error(plain(error))
        return
    done("The visit was taken back, and its days with it.")


def draw_objectives(viewer: Viewer, copy: Copy, one: OneSupport) -> None:
    """Each objective with how it goes, and a form for a further one."""
    support, offered = one.allocation, choices()
    if not one.objectives:
        st.write(
            "No objective is recorded yet. Add the first one: it is filled in with the aim. Then say at each review "
            "how it goes."
        )
    for objective in one.objectives:
        due = f" by {in_words(objective.due)}" if objective.due else ""
        st.markdown(f"**{plain(objective.objective)}**{plain(due)}")
        draw_lines(
            f"{called}: {said}"
            for called, said in (
                ("Measure", objective.success_measure),
                ("At first", objective.baseline),
                ("Target", objective.target),
            )
            if said
        )
        with st.form(f"progress_{objective.id}_{saved()}"):
            now = objective.progress
            looked = f", looked at on {in_words(objective.checked_on)}" if objective.checked_on else ""
            progress = st.selectbox(
                f"How it goes{looked}",
                offered["progress"],
                index=None if now is None else offered["progress"].index(now),
                placeholder="Not looked at yet",
            )
            if st.form_submit_button("Record the progress") and progress:
                try:
                    record_progress(viewer, copy, objective.id, objective.version, progress, copy.build.as_at)
                except RiskModelError as error:
                    st.error(plain(error))
                    return
                done(f"The progress was recorded for support number {support.id}.")
    with st.form(f"objective_{support.id}_{saved()}"):
        first = support if not one.objectives else None
        text = st.text_input("Objective", value=(first and first.aim) or "", max_chars=1000)
        left, right = st.columns(2)
        with left:
            measure = st.text_input("Success measure", value=(first and first.success_measure) or "", max_chars=1000)
            target = st.text_input("Target", max_chars=1000)
        with right:
            baseline = st.text_input("Baseline", value=(first and first.baseline) or "", max_chars=1000)
            due = st.date_input("Due", value=first and first.end_date, format="DD/MM/YYYY")
        if not st.form_submit_button("Add the objective"):
            return
    try:
        new = NewObjective(support.id, text, measure or None, baseline or None, target or None, due)
        add_support_objective(viewer, copy, new)
    except RiskModelError as error:
        st.error(plain(error))
        return
    done(f"The objective was added to support number {support.id}.")
