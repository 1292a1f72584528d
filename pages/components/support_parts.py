"""The parts of the support page."""

from datetime import date

import streamlit as st

from pages.components.template_parts import draw_template_downloads
from pages.components.words import date_columns, plain
from risk_model.domain.errors import RiskModelError
from risk_model.domain.viewer import Viewer
from risk_model.services.at_risk import screen_table
from risk_model.services.copy import Copy
from risk_model.services.profile import school_names
from risk_model.services.scope import Scope
from risk_model.services.support import (
    Allocation,
    NewAllocation,
    SupportPage,
    add_previewed,
    add_support,
    change_support,
    choices,
    end_support,
    leader_choices,
    one_allocation,
    preview_support,
)
from risk_model.services.templates import templates

_KINDS = {
    "allocations": "pieces of support",
    "system_leaders": "system leaders",
    "adviser_views": "advisers' views",
}


def draw_message() -> None:
    """What the last change did; kept over the rerun that shows it."""
    message = st.session_state.pop("support_message", None)
    if message:
        st.success(message)


def _done(message: str) -> None:
    st.session_state["support_message"] = message
    st.rerun()


def draw_gaps(page: SupportPage) -> None:
    """Priority schools without support."""
    if page.gaps.empty:
        st.write("Every priority school in this scope has active support.")
        return
    st.dataframe(
        screen_table(page.gaps),
        hide_index=True,
        key="gaps",
        alt="Priority schools without support, most urgent first",
        column_config=date_columns("Support until", "Inspected on"),
    )


def draw_allocations(viewer: Viewer, copy: Copy, page: SupportPage) -> None:
    """All allocations; a chosen one can be changed or ended."""
    if page.table.empty:
        st.write("No support is recorded for the schools in this scope.")
        return
    chosen = st.dataframe(
        page.table,
        hide_index=True,
        key="allocations",
        column_config=date_columns("From", "Until", "Last update"),
        on_select="rerun",
        selection_mode="single-row",
        alt="Support by school, newest first",
    )
    st.caption("Select a row to change or end it. Stale: active, and not updated for 90 days.")
    rows = chosen.selection.rows
    if rows and rows[0] < len(page.table):
        _draw_change(viewer, copy, one_allocation(viewer, copy, int(page.table["Number"].iloc[rows[0]])))


def _draw_change(viewer: Viewer, copy: Copy, one: Allocation) -> None:
    offered = choices()
    with st.form(f"change_{one.id}_{one.version}"):
        st.header(f"Change support number {one.id}")
        used = st.number_input("Days used", min_value=0.0, step=0.5, value=one.days_used)
        planned = st.number_input("Days planned", min_value=0.0, step=0.5, value=one.days_planned)
        until = st.date_input("Until", value=one.end_date, format="DD/MM/YYYY")
        statuses = [*offered["open_status"], *offered["ending_status"]]
        status = st.selectbox("Status", statuses, index=statuses.index(one.status))
        updated = st.date_input("Last update", value=copy.build.as_at, format="DD/MM/YYYY")
        reason = st.text_area(
            "Reason",
            value=one.status_reason or "",
            max_chars=500,
            help="Needed where support is paused, declined, cancelled, ended early or withdrawn, "
            "or where more days were used than planned.",
        )
        if not st.form_submit_button("Save the change", type="primary"):
            return
    try:
        if status in offered["ending_status"]:
            end_support(viewer, copy, one.id, one.version, status, until or copy.build.as_at, reason or None)
        else:
            changes = {
                "days_used": used,
                "days_planned": planned,
                "end_date": until,
                "status": status,
                "last_update": updated,
            }
            change_support(viewer, copy, one.id, one.version, changes, reason or None)
    except RiskModelError as error:
        st.error(plain(error))
        return
    _done(f"Support number {one.id} was changed.")


def draw_add(viewer: Viewer, copy: Copy, scope: Scope) -> None:
    """A form for one new piece of support."""
    names = school_names(viewer, copy, scope)
    leaders = leader_choices(viewer, copy, scope)
    offered = choices()
    asked = st.query_params.get("for")
    with st.form("add_support"):
        urn = st.selectbox(
            "School",
            list(names),
            index=list(names).index(asked) if asked in names else None,
            format_func=lambda one: names[one],
            placeholder="Type a name or URN",
        )
        left, right = st.columns(2)
        with left:
            provider_type = st.selectbox("Who gives it", offered["provider_type"])
            provider = st.text_input(
                "Name of the provider", placeholder="Finance, or the trust's or school's name", max_chars=200
            )
            leader = st.selectbox(
                "System leader", list(leaders), index=None, format_func=lambda one: leaders[one], placeholder="None"
            )
            role = st.selectbox("Role", offered["role"], index=None, placeholder="Not recorded")
            support_type = st.selectbox(
                "Kind of support", offered["support_type"], index=None, placeholder="Not recorded"
            )
        with right:
            planned = st.number_input("Days planned", min_value=0.0, step=0.5, value=None)
            start = st.date_input("From", value=copy.build.as_at, format="DD/MM/YYYY")
            until = st.date_input("Until", value=None, format="DD/MM/YYYY")
            status = st.selectbox("Status", offered["open_status"], index=offered["open_status"].index("agreed"))
            need = st.text_input("Need it answers", max_chars=200)
        aim = st.text_input("Aim", max_chars=500)
        measure = st.text_input("How you will know that it helped", max_chars=500)
        if not st.form_submit_button("Add support", type="primary"):
            return
    if urn is None:
        st.error("Choose a school.")
        return
    new = NewAllocation(
        la_code=scope.la_code or "",
        urn=urn,
        provider_type=provider_type,
        provider_name=provider or (leaders[leader] if leader is not None else ""),
        system_leader_id=leader,
        role=role,
        support_type=support_type,
        need=need or None,
        days_planned=planned,
        days_used=None,
        start_date=start,
        end_date=until,
        status=status,
        aim=aim or None,
        success_measure=measure or None,
        last_update=date.today(),
    )
    try:
        number = add_support(viewer, copy, new)
    except RiskModelError as error:
        st.error(plain(error))
        return
    _done(f"Support number {number} was added.")


def draw_import(viewer: Viewer, copy: Copy, scope: Scope) -> None:
    """Many lines from a file: read, shown with what is wrong, and only then written."""
    st.write(
        "Support, system leaders or advisers' views, one line each, as CSV or Excel. Nothing is written before you "
        "confirm. System leaders come first, since a line of support may name one."
    )
    _draw_record_templates(viewer)
    given = st.file_uploader("File", type=["csv", "xlsx", "ods"], key="support_file")
    if given is None:
        return
    try:
        preview = preview_support(viewer, copy, given.name, given.getvalue(), scope.la_code or "")
    except RiskModelError as error:
        st.error(plain(error))
        return
    st.markdown(f"**{len(preview.new)}** rows can be added; **{len(preview.problems)}** problems.")
    if preview.recorded:
        st.markdown(f"**{preview.recorded}** rows are recorded already, just as they stand: they are left alone.")
    if preview.examples:
        st.markdown("The template's example line is left out.")
    for problem in preview.problems:
        st.markdown(f"▲ {plain(problem.sentence)}")
    if preview.new:
        st.dataframe(preview.cells, hide_index=True, key="preview_rows")
    if st.button(f"Add {len(preview.new)} rows", disabled=not preview.new, type="primary", key="add_rows"):
        try:
            number = add_previewed(viewer, copy, preview)
        except RiskModelError as error:
            st.error(plain(error))
            return
        _done(f"{number} {_KINDS[preview.kind]} were added.")


def _draw_record_templates(viewer: Viewer) -> None:
    with st.container(horizontal=True):
        for template in templates(viewer):
            if template.is_records:
                draw_template_downloads(viewer, template)


def draw_leaders(page: SupportPage) -> None:
    """The system leaders and the days that they still owe."""
    if page.leaders.empty:
        st.write("No system leader is recorded for this local authority.")
        return
    st.dataframe(page.leaders, hide_index=True, key="leaders", alt="System leaders, their roles and days")
