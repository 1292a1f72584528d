"""The form for new support, and the one for a file of many lines."""

from collections.abc import Iterable, Sequence

import pandas as pd
import streamlit as st

from pages.components.session import ask
from pages.components.support_message import done, saved
from pages.components.tables import show_table
from pages.components.template_parts import draw_template_downloads
from pages.components.words import plain, safe
from risk_model.domain.errors import RiskModelError
from risk_model.domain.viewer import Viewer
from risk_model.services.copy import Copy
from risk_model.services.profile import school_names
from risk_model.services.record_lists import add_previewed, preview_support
from risk_model.services.scope import Scope
from risk_model.services.support import choices, leader_choices
from risk_model.services.support_changes import NewAllocation, add_support, shared_out
from risk_model.services.support_draft import Draft, support_draft
from risk_model.services.templates import templates

# what a link to the form says
_ASKED = ("for", "leader", "need", "days")
_KINDS = {
    "allocations": "pieces of support",
    "system_leaders": "system leaders",
    "adviser_views": "advisers' views",
    "designations": "roles of system leaders",
    "interests": "interests",
    "objectives": "objectives",
    "visits": "visits",
}


def draw_add(viewer: Viewer, copy: Copy, scope: Scope) -> None:
    """A form for one new piece of support; what it lacks or where it does not fit is told all at once."""
    names = ask(school_names, viewer, copy, scope)
    leaders = ask(leader_choices, viewer, copy, scope)
    draft = ask(support_draft, viewer, copy, scope, {name: st.query_params.get(name, "") for name in _ASKED})
    with st.form(f"add_support_{saved()}"):
        school, helper = st.columns(2)
        with school:
            urn = st.selectbox(
                "School",
                list(names),
                index=_place(names, draft.urn),
                format_func=lambda one: names[one],
                placeholder="Type a name or URN",
            )
        with helper:
            leader = st.selectbox(
                "System leader",
                list(leaders),
                index=_place(leaders, draft.leader_id),
                format_func=lambda one: leaders[one],
                placeholder="None: a team, a trust, a hub …",
            )
        given = _draw_fields(draft, leaders[leader] if leader is not None else "")
        with st.expander("Money, who answers for it, and other schools that are supported with it"):
            given |= _draw_more()
            group = st.multiselect(
                "Supported together with (a group)",
                list(names),
                format_func=lambda one: names[one],
                key=f"support_group_{saved()}",
                help="One piece of support for several schools: the days planned are shared out evenly.",
            )
        warned = st.container()
        override = st.text_area(
            "In spite of a warning, because",
            max_chars=500,
            height=68,
            help="Only where you were warned of too many days or of a conflict of interest, and it is right all the "
            "same. The reason is kept.",
        )
        if not st.form_submit_button("Add support", type="primary"):
            if draft.warnings:
                warned.warning(plain("As it is filled in, it does not fit."))
                warned.markdown("\n".join(f"▲ {plain(line)}\n" for line in draft.warnings))
                warned.caption("Fewer days, later dates or another system leader, or say below why it is right.")
            return
    if urn is None:
        warned.error("Choose a school.")
        return
    new = NewAllocation(
        la_code=scope.la_code or "",
        urn=urn,
        system_leader_id=leader,
        override_reason=override or None,
        shares=shared_out(urn, group, given["days_planned"]),
        last_update=copy.build.as_at,
        **given,
    )
    try:
        number = add_support(viewer, copy, new)
    except RiskModelError as error:
        warned.error(plain(safe(error.message)))
        warned.markdown("\n".join(f"▲ {plain(safe(line))}\n" for line in error.details))
        return
    _go_to(number)
    done(f"Support number {number} was added for {plain(names[urn])}. It stands below.")


def _place(offered: Iterable[object], wanted: object) -> int | None:
    """Where a choice stands among those offered; None where it does not."""
    return next((place for place, one in enumerate(offered) if one == wanted), None)


def _go_to(number: int) -> None:
    """Let the address lead to one piece of support, and forget what the form was filled in with."""
    for name in _ASKED:
        st.query_params.pop(name, None)
    st.query_params["view"] = "support"
    st.query_params["number"] = str(number)


def _draw_fields(draft: Draft, leader: str) -> dict[str, object]:
    offered = choices()
    left, right = st.columns(2)
    with left:
        provider_type = st.selectbox("Who gives it", offered["provider_type"])
        provider = st.text_input(
            "Name of the provider",
            placeholder="Where it is no system leader: Finance, a trust, a school",
            max_chars=200,
        )
        role = _draw_choice("Role", offered["role"], draft.role)
        support_type = _draw_choice("Kind of support", offered["support_type"], draft.support_type)
        need = st.text_input("Need it answers", value=draft.need or "", max_chars=200)
        statement = _draw_choice("Statement that it is to help with", offered["statement"], draft.statement)
        rules = st.text_input(
            "Raised rules that it answers", value=draft.rules or "", placeholder="O1, L6", max_chars=200
        )
    with right:
        planned = st.number_input("Days planned", min_value=0.0, step=0.5, value=draft.days, format="%.1f")
        start = st.date_input("From", value=draft.start, format="DD/MM/YYYY")
        review = st.date_input("Review at mid-point", value=draft.review, format="DD/MM/YYYY")
        until = st.date_input("Until", value=draft.until, format="DD/MM/YYYY")
        status = st.selectbox("Status", offered["open_status"], index=offered["open_status"].index("agreed"))
        formality = st.selectbox("Formal or informal", offered["formality"])
        intensity = _draw_choice("Intensity", offered["intensity"], None)
    aim = st.text_input("Aim", max_chars=500)
    measure, now = st.columns(2)
    with measure:
        success = st.text_input("How you will know that it helped", max_chars=500)
    with now:
        baseline = st.text_input("Where that stands now", max_chars=500)
    return {
        "provider_type": provider_type,
        "provider_name": provider or leader,
        "role": role,
        "support_type": support_type,
        "statement": statement,
        "rules": rules or None,
        "need": need or None,
        "days_planned": planned,
        "start_date": start,
        "review_date": review,
        "end_date": until,
        "status": status,
        "formality": formality,
        "intensity": intensity,
        "aim": aim or None,
        "success_measure": success or None,
        "baseline": baseline or None,
    }


def _draw_choice(label: str, offered: Sequence[str], filled: str | None) -> str | None:
    return st.selectbox(label, offered, index=_place(offered, filled), placeholder="Not recorded")


def _draw_more() -> dict[str, object]:
    money, who = st.columns(2)
    with money:
        rate = st.number_input("Pounds per person-day", min_value=0.0, step=50.0, value=None)
        funding = st.text_input("Who pays", max_chars=200)
        grant = st.text_input("Grant", max_chars=200)
    with who:
        commissioner = st.text_input("Commissioned by", max_chars=200)
        assurer = st.text_input("Quality looked at by", max_chars=200)
    return {
        "rate_gbp": rate,
        "funding": funding or None,
        "grant_name": grant or None,
        "commissioner": commissioner or None,
        "quality_assurer": assurer or None,
    }


def draw_import(viewer: Viewer, copy: Copy, scope: Scope) -> None:
    """Many lines from a file: shown first, with what is wrong, and only then written."""
    st.write(
        "Support, system leaders and their roles, interests, objectives, visits or advisers' views, one line each, as "
        "CSV or Excel. Nothing is written before you confirm. System leaders come first, since a line of support may "
        "name one; objectives and visits name support by its number."
    )
    for template in ask(templates, viewer):
        if template.is_records:
            with st.container(horizontal=True):
                draw_template_downloads(viewer, template)
    given = st.file_uploader("File", type=["csv", "xlsx", "ods"], key="support_file", max_upload_size=20)
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
        show_table(pd.DataFrame(preview.cells), key="preview_rows", alt="The rows that can be added")
    if st.button(f"Add {len(preview.new)} rows", disabled=not preview.new, type="primary", key="add_rows"):
        try:
            number = add_previewed(viewer, copy, preview)
        except RiskModelError as error:
            st.error(plain(error))
            return
        done(f"{number} {_KINDS[preview.kind]} were added.")
