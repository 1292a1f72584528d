"""One piece of support: what it is, how it goes, and what can be recorded of it."""

from dataclasses import replace

import streamlit as st

from pages.components.as_opened import as_opened
from pages.components.briefing_parts import draw_briefing_downloads
from pages.components.downloads import draw_downloads
from pages.components.support_message import done, saved
from pages.components.words import date_columns, draw_lines, plain
from risk_model.domain.errors import RiskModelError
from risk_model.domain.periods import in_words
from risk_model.domain.viewer import Viewer
from risk_model.services.copy import Copy
from risk_model.services.one_support import OneSupport, one_support
from risk_model.services.support import SupportPage, choices
from risk_model.services.support_changes import (
    NewObjective,
    NewVisit,
    add_support_objective,
    add_visit,
    change_support,
    end_support,
    record_progress,
    take_back_visit,
)

# what a change may put into other words
_WORDS = {
    "need": "Need it answers",
    "aim": "Aim",
    "success_measure": "How you will know that it helped",
    "baseline": "Where that stood at first",
    "rules": "Raised rules that it answers",
    "funding": "Who pays",
    "commissioner": "Commissioned by",
    "quality_assurer": "Quality looked at by",
}


def draw_allocations(viewer: Viewer, copy: Copy, page: SupportPage) -> None:
    """All support; a chosen piece can be looked at, changed and ended."""
    if page.table.empty:
        st.write("No support is recorded for the schools in this scope.")
        return
    chosen = st.dataframe(
        page.table,
        hide_index=True,
        key="allocations",
        column_config=date_columns("From", "Until", "Last update", "Review"),
        on_select="rerun",
        selection_mode="single-row",
        alt="Support by school, newest first",
    )
    draw_downloads(page.table, "support", [f"Support as at {copy.build.as_at:%d/%m/%Y}"])
    st.caption(
        "Select a row to record a visit, review, change or end it. Stale: active, without visit or update for a term. "
        "The days of a group are shared out: a row for each of its schools."
    )
    rows = chosen.selection.rows
    number = st.query_params.get("number", "")
    if rows and rows[0] < len(page.table):
        draw_one_support(viewer, copy, int(page.table["Number"].iloc[rows[0]]))
    elif number.isdigit() and int(number) in set(page.table["Number"]):
        draw_one_support(viewer, copy, int(number))


def draw_one_support(viewer: Viewer, copy: Copy, number: int) -> None:
    """One piece of support with its objectives, visits and history."""
    now = one_support(viewer, copy, number)
    seen = as_opened("support", number, (now.allocation, tuple(now.objectives), tuple(now.visits)))
    one = replace(now, allocation=seen[0], objectives=list(seen[1]), visits=list(seen[2]))
    _draw_head(one)
    visit, review, brief, change, end, history = st.tabs(
        ["Record a visit", "Review", "Brief the supporter", "Change", "End", "History"]
    )
    with visit:
        _draw_visits(viewer, copy, one)
    with review:
        _draw_objectives(viewer, copy, one)
    with brief:
        _draw_briefings(viewer, copy, one)
    with change:
        _draw_change(viewer, copy, one)
    with end:
        _draw_end(viewer, copy, one)
    with history:
        st.dataframe(
            one.history,
            hide_index=True,
            key="support_history",
            alt="Changes of this support, newest first",
            column_config={"When": st.column_config.DatetimeColumn(format="D MMM YYYY, HH:mm")},
        )


def _draw_head(one: OneSupport) -> None:
    support = one.allocation
    who = support.system_leader_label or support.provider_name
    st.header(f"Number {support.id}: {plain(who)} for {plain(', '.join(one.schools.values()))}")
    used = "used days not recorded" if support.days_used is None else f"{support.days_used:g} used"
    days = f"days planned: {_days(support.days_planned)}, {used}"
    rate = "" if support.rate_gbp is None else f" at £{support.rate_gbp:,.0f} a day"
    said = [support.status, one.standing, support.support_type, days + rate, _span(one), support.exit_outcome]
    st.markdown(plain(" · ".join(dict.fromkeys(str(each) for each in said if each))))
    if one.slips:
        st.warning(plain(one.slips))
    if support.override_reason:
        st.caption(plain(f"Recorded in spite of a warning: {support.override_reason}"))
    if support.aim:
        st.markdown(f"**Aim.** {plain(support.aim)}")
    if support.success_measure:
        now = f" Now: {support.baseline}" if support.baseline else ""
        st.markdown(f"**How we will know.** {plain(support.success_measure + '.' + now)}")


def _days(days: float | None) -> str:
    return "not recorded" if days is None else f"{days:g}"


def _span(one: OneSupport) -> str:
    start, end, review = one.allocation.start_date, one.allocation.end_date, one.allocation.review_date
    parts = [
        f"from {in_words(start)}" if start else "",
        # support may end before the review that was planned for it
        f"review {in_words(review)}" if review and not (end and end < review) else "",
        f"until {in_words(end)}" if end else "",
    ]
    return ", ".join(part for part in parts if part)


def _draw_briefings(viewer: Viewer, copy: Copy, one: OneSupport) -> None:
    st.write(
        "One page for the supporter: what the evidence suggests, this support's aim and dates, what is not known. What "
        "the LA holds about complaints, safeguarding and personnel is never in it."
    )
    for urn, name in one.schools.items():
        draw_briefing_downloads(viewer, copy, urn, one.allocation.id, name if len(one.schools) > 1 else "")


def _draw_visits(viewer: Viewer, copy: Copy, one: OneSupport) -> None:
    support = one.allocation
    for visit in one.visits:
        where = f", {one.schools.get(visit.urn, visit.urn)}" if len(one.schools) > 1 else ""
        st.markdown(
            f"**{in_words(visit.visited_on)}**, {plain(visit.visited_by)}{plain(where)}, days: {_days(visit.days)}"
        )
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


def _draw_objectives(viewer: Viewer, copy: Copy, one: OneSupport) -> None:
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


def _draw_change(viewer: Viewer, copy: Copy, one: OneSupport) -> None:
    support, offered = one.allocation, choices()
    statuses = list(dict.fromkeys([support.status.value, *offered["open_status"]]))
    with st.form(f"change_{support.id}_{saved()}"):
        left, right = st.columns(2)
        with left:
            used = st.number_input("Days used", min_value=0.0, step=0.5, value=support.days_used, format="%.1f")
            planned = st.number_input(
                "Days planned",
                min_value=0.0,
                step=0.5,
                value=support.days_planned,
                format="%.1f",
                disabled=bool(support.shares),
            )
            status = st.selectbox("Status", statuses)
        with right:
            until = st.date_input("Until", value=support.end_date, format="DD/MM/YYYY")
            review = st.date_input("Review at mid-point", value=support.review_date, format="DD/MM/YYYY")
            updated = st.date_input("Last update", value=copy.build.as_at, format="DD/MM/YYYY")
        said = {
            name: st.text_input(title, value=getattr(support, name) or "", max_chars=1000)
            for name, title in _WORDS.items()
        }
        rate = st.number_input("Pounds per person-day", min_value=0.0, step=50.0, value=support.rate_gbp)
        reason = st.text_area(
            "Reason",
            value=support.status_reason or "",
            max_chars=500,
            help="Needed where support is paused, or where more days were used than planned.",
        )
        override = st.text_input("In spite of a warning, because", value=support.override_reason or "", max_chars=500)
        if not st.form_submit_button("Save the change", type="primary"):
            return
    changes = {
        "days_used": used,
        "days_planned": planned,
        "end_date": until,
        "review_date": review,
        "status": status,
        "last_update": updated,
        "override_reason": override or None,
        "rate_gbp": rate,
        **{name: text or None for name, text in said.items()},
    }
    try:
        change_support(viewer, copy, support.id, support.version, changes, reason or None)
    except RiskModelError as error:
        st.error(plain(error))
        return
    done(f"Support number {support.id} was changed.")


def _draw_end(viewer: Viewer, copy: Copy, one: OneSupport) -> None:
    support, offered = one.allocation, choices()
    endings = offered["ending_status"]
    has_ended = support.status in endings
    with st.form(f"end_{support.id}_{saved()}"):
        left, right = st.columns(2)
        with left:
            status = st.selectbox(
                "How it ends", endings, index=endings.index(support.status if has_ended else "completed")
            )
            last = st.date_input(
                "Last day", value=min(support.end_date or copy.build.as_at, copy.build.as_at), format="DD/MM/YYYY"
            )
        with right:
            outcome = _draw_said("What it came to", offered["exit_outcome"], support.exit_outcome, "Not said yet")
            decision = _draw_said("What follows", offered["exit_decision"], support.exit_decision, "Not decided yet")
        reason = st.text_area(
            "Reason",
            value=(support.status_reason if has_ended else None) or "",
            max_chars=500,
            help="Needed for all but support that was completed.",
        )
        if not st.form_submit_button("Save how it ended" if has_ended else "End the support", type="primary"):
            return
    try:
        end_support(viewer, copy, support.id, support.version, status, last, reason or None, outcome, decision)
    except RiskModelError as error:
        st.error(plain(error))
        return
    done(f"Support number {support.id} has ended: {status}.")


def _draw_said(label: str, offered: list[str], now: str | None, nothing: str) -> str | None:
    """A choice that may be left open, with what is recorded now chosen."""
    return st.selectbox(label, offered, index=offered.index(now) if now in offered else None, placeholder=nothing)
