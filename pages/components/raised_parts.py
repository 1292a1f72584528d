"""Academies raised with the regional director: what is due, a form to raise one, a form to change one."""

from typing import Any

import streamlit as st

from pages.components.as_opened import as_opened
from pages.components.restricted import log_notes
from pages.components.session import ask
from pages.components.support_message import done, saved
from pages.components.tables import show_table
from pages.components.url import put_into_url, take_from_url
from pages.components.words import date_columns, plain, safe
from risk_model.domain.errors import RiskModelError
from risk_model.domain.viewer import Right, Viewer
from risk_model.domain.words import Priority
from risk_model.services.copy import Copy
from risk_model.services.raising import (
    NewReferral,
    OneRaise,
    change_raise,
    draft_ask,
    one_raise,
    raise_academy,
    raise_choices,
    raise_warnings,
    raised_page,
)
from risk_model.services.regional_director import academies_at_risk
from risk_model.services.restricted_notes import ShownNote
from risk_model.services.scope import Scope

_EVERY_PLACE = tuple(one.value for one in Priority)
_DATES = ("Raised on", "Next date", "With the trust on")
# what is written by hand: the column, what a form calls it, and a word of help
_TEXTS = {
    "concern": ("Concern", "What the evidence shows, in plain words. It leaves with the list."),
    "ask": ("What is asked of the regional director", "It leaves with the list."),
    "tried": ("What was tried beside the support that is recorded", "It leaves with the list."),
    "trust_reply": ("The trust's answer", "It leaves with the list."),
    "intelligence": ("What the LA knows and shares", "It leaves only where somebody chooses that field."),
    "restricted_note": ("For the LA's officers alone", "It never leaves."),
    "programme_reason": ("In a programme of DfE already, and raised all the same, because", "Kept with the record."),
}


def draw_raised(viewer: Viewer, copy: Copy, scope: Scope) -> None:
    """Everything that was raised, by step; one of them to open; and a form to raise another."""
    la_code = scope.la_code or ""
    page = ask(raised_page, viewer, copy, la_code)
    overdue = "none overdue" if not page.overdue else f"**{page.overdue}** overdue ▲"
    st.markdown(f"{plain(page.sentence)}; {overdue}.")
    if page.table.empty:
        st.write("Nothing has been raised.")
    else:
        show_table(
            page.table,
            key="raised",
            column_config=date_columns(*_DATES),
            alt="Academies raised, how far each has come, and the answers",
        )
        take_from_url("raise", {"raise": [str(number) for number in page.every]})
        chosen = st.selectbox(
            "Open one",
            [str(number) for number in page.every],
            index=None,
            key="raise",
            format_func=lambda number: page.every.get(int(number), number),
            placeholder="To record an answer, a step or the next date",
        )
        put_into_url("raise", ["raise"])
        if chosen is not None:
            _draw_change(viewer, copy, la_code, ask(one_raise, viewer, copy, la_code, int(chosen)))
    _draw_add(viewer, copy, scope)


def _draw_change(viewer: Viewer, copy: Copy, la_code: str, current: OneRaise) -> None:
    now = as_opened("raise", current.referral.id, current.referral)
    offered = raise_choices()
    if viewer.may(Right.RESTRICTED):
        log_notes([ShownNote(now.urn, "referral", now.id, now.restricted_note or "")])
    st.header(plain(current.name))
    if current.programme:
        st.warning(plain(f"▲ In a programme of DfE already: {current.programme}."))
    with st.form(f"change_raise_{now.id}_{saved()}"):
        left, right = st.columns(2)
        given: dict[str, Any] = {}
        with left:
            given["status"] = st.selectbox("Step", offered["status"], index=offered["status"].index(now.status))
            given["raised_on"] = st.date_input("Sent on", value=now.raised_on, format="DD/MM/YYYY")
            given["next_date"] = st.date_input("Next date", value=now.next_date, format="DD/MM/YYYY")
        with right:
            given["ask_kind"] = _draw_kind(now.ask_kind)
            given["raised_with_trust_on"] = st.date_input(
                "Raised with the trust on", value=now.raised_with_trust_on, format="DD/MM/YYYY"
            )
            given["owner"] = st.text_input("Owner: a role or a label", value=now.owner or "", max_chars=200)
        given["reply"] = st.text_area("Regional director's answer", value=now.reply or "", max_chars=2000)
        for name, (title, note) in _texts(viewer).items():
            given[name] = st.text_area(title, value=getattr(now, name) or "", max_chars=2000, help=note, height=90)
        given["programme"] = st.text_input("Programme of DfE that it is in", value=now.programme or "", max_chars=200)
        reason = st.text_input("Reason", max_chars=500, help="Needed to withdraw it, or to take it up again.")
        if not st.form_submit_button("Save", type="primary"):
            _draw_history(current)
            return
    changes = {name: value or None for name, value in given.items()}
    try:
        change_raise(viewer, copy, la_code, now.id, now.version, changes, reason or None)
    except RiskModelError as error:
        _draw_refusal(error)
        return
    done(f"What is recorded of {plain(current.name)} was changed.")


def _texts(viewer: Viewer) -> dict[str, tuple[str, str]]:
    """What is written by hand, as far as this viewer may see it."""
    return {name: said for name, said in _TEXTS.items() if name != "restricted_note" or viewer.may(Right.RESTRICTED)}


def _draw_history(current: OneRaise) -> None:
    show_table(
        current.history,
        key="raise_history",
        alt="What was done to this record, the newest first",
        column_config={"When": st.column_config.DatetimeColumn(format="D MMM YYYY HH:mm")},
    )


def _draw_add(viewer: Viewer, copy: Copy, scope: Scope) -> None:
    """A form for another academy; what DfE knows already is said before anything is written."""
    st.header("Raise an academy")
    listed = ask(academies_at_risk, viewer, copy, scope, _EVERY_PLACE).table
    if listed.empty:
        st.write("There is no academy in this scope.")
        return
    names = {row.urn: f"{row.name} ({row.urn})" for row in listed[["urn", "name"]].itertuples(index=False)}
    urn = st.selectbox(
        "Academy", list(names), index=None, key="raise_urn", format_func=names.get, placeholder="Type a name or URN"
    )
    kind = _draw_kind(None, key="raise_kind")
    if urn is None:
        return
    warnings = ask(raise_warnings, viewer, copy, scope.la_code or "", urn)
    for line in warnings:
        st.warning(plain(f"▲ {line} Raise it as new only with a reason."))
    asked = ask(draft_ask, viewer, copy, scope.la_code or "", urn, kind) if kind else ""
    with st.form(f"raise_{urn}_{kind}_{saved()}"):
        wanted = [name for name in _texts(viewer) if name != "programme_reason" or warnings]
        given = {
            name: st.text_area(
                _TEXTS[name][0],
                value=asked if name == "ask" else "",
                max_chars=2000,
                help=_TEXTS[name][1],
                height=90,
            )
            for name in wanted
        }
        left, right = st.columns(2)
        with left:
            with_trust = st.date_input("Raised with the trust on", value=None, format="DD/MM/YYYY")
            owner = st.text_input("Owner: a role or a label", max_chars=200)
        with right:
            next_date = st.date_input("Next date", value=None, format="DD/MM/YYYY")
        if not st.form_submit_button("Keep as a draft", type="primary"):
            return
    new = NewReferral(
        la_code=scope.la_code or "",
        urn=urn,
        ask_kind=kind,
        raised_with_trust_on=with_trust,
        owner=owner or None,
        next_date=next_date,
        **{name: text or None for name, text in given.items() if name != "concern"},
        concern=given["concern"],
    )
    try:
        raise_academy(viewer, copy, new)
    except RiskModelError as error:
        _draw_refusal(error)
        return
    done(f"{plain(names[urn])} is drafted. Open it above once it has been sent.")


def _draw_kind(now: str | None, key: str | None = None) -> str | None:
    offered = raise_choices()["ask_kind"]
    return st.selectbox(
        "Kind of ask", offered, index=offered.index(now) if now else None, key=key, placeholder="Not chosen yet"
    )


def _draw_refusal(error: RiskModelError) -> None:
    st.error(plain(safe(error.message)))
    st.markdown("\n".join(f"▲ {plain(safe(line))}\n" for line in error.details))
