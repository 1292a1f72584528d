"""Changing one piece of support, and ending it with what it came to."""

import streamlit as st

from pages.components.support_message import done, saved
from pages.components.words import plain
from risk_model.domain.errors import RiskModelError
from risk_model.domain.viewer import Viewer
from risk_model.services.copy import Copy
from risk_model.services.one_support import OneSupport
from risk_model.services.support import choices
from risk_model.services.support_changes import (
    change_support,
    end_support,
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


def draw_change(viewer: Viewer, copy: Copy, one: OneSupport) -> None:
    """A form for days, dates, status and words; refused where somebody else was faster, with what they changed."""
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


def draw_end(viewer: Viewer, copy: Copy, one: OneSupport) -> None:
    """A form that ends it, and says what it came to and what follows."""
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
