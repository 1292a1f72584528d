"""One piece of support: what it is, how it goes, and what can be recorded of it."""

from collections.abc import Callable
from dataclasses import replace

import streamlit as st

from pages.components.as_opened import as_opened
from pages.components.briefing_parts import draw_briefing_downloads
from pages.components.downloads import draw_downloads
from pages.components.session import ask
from pages.components.support_change_parts import draw_change, draw_end
from pages.components.support_work_parts import days_in_words, draw_objectives, draw_visits
from pages.components.tables import show_table
from pages.components.words import date_columns, plain
from risk_model.domain.periods import in_words
from risk_model.domain.viewer import Right, Viewer
from risk_model.services.copy import Copy
from risk_model.services.one_support import OneSupport, one_support
from risk_model.services.support import SupportPage


def draw_allocations(viewer: Viewer, copy: Copy, page: SupportPage) -> None:
    """All support; a chosen piece can be looked at, changed and ended."""
    if page.table.empty:
        st.write("No support is recorded for the schools in this scope.")
        return
    chosen = show_table(
        page.table,
        key="allocations",
        column_config=date_columns("From", "Until", "Last update", "Review"),
        on_select="rerun",
        selection_mode="single-row",
        alt="Support by school, newest first",
    )
    draw_downloads(page.table, "support", [f"Support as at {copy.build.as_at:%d/%m/%Y}"])
    does = "record a visit, review, change or end it" if viewer.may(Right.SUPPORT) else "see what came of it"
    st.caption(
        f"Select a row to {does}. Stale: active, without visit or update for a term. "
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
    now = ask(one_support, viewer, copy, number)
    seen = as_opened("support", number, (now.allocation, tuple(now.objectives), tuple(now.visits)))
    one = replace(now, allocation=seen[0], objectives=list(seen[1]), visits=list(seen[2]))
    _draw_head(one)
    acts: dict[str, Callable[[], None]] = {
        "Record a visit": lambda: draw_visits(viewer, copy, one),
        "Review": lambda: draw_objectives(viewer, copy, one),
        "Brief the supporter": lambda: _draw_briefings(viewer, copy, one),
        "Change": lambda: draw_change(viewer, copy, one),
        "End": lambda: draw_end(viewer, copy, one),
        "History": lambda: _draw_history(one),
    }
    if not viewer.may(Right.SUPPORT):
        acts = {title: acts[title] for title in ("Brief the supporter", "History")}
    for tab, draw in zip(st.tabs(list(acts)), acts.values(), strict=True):
        with tab:
            draw()


def _draw_history(one: OneSupport) -> None:
    show_table(
        one.history,
        key="support_history",
        alt="Changes of this support, newest first",
        column_config={"When": st.column_config.DatetimeColumn(format="D MMM YYYY, HH:mm")},
    )


def _draw_head(one: OneSupport) -> None:
    support = one.allocation
    who = support.system_leader_label or support.provider_name
    st.header(f"Number {support.id}: {plain(who)} for {plain(', '.join(one.schools.values()))}")
    used = "used days not recorded" if support.days_used is None else f"{support.days_used:g} used"
    days = f"days planned: {days_in_words(support.days_planned)}, {used}"
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
