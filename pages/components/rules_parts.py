"""The catalogue of rules as readable cards, and two rule sets side by side."""

from datetime import date

import streamlit as st

from pages.components.links import draw_link
from pages.components.moved_parts import draw_moved
from pages.components.order_parts import draw_order_list
from pages.components.session import ask
from pages.components.url import put_into_url, take_from_url
from pages.components.words import draw_lines, plain
from risk_model.domain.errors import RiskModelError
from risk_model.domain.periods import in_words
from risk_model.domain.viewer import Right, Viewer
from risk_model.domain.words import Statement
from risk_model.services.comparing_rules import compare_chosen
from risk_model.services.copy import Copy
from risk_model.services.rules import (
    FILES,
    SHOWN,
    Catalogue,
    Found,
    LevelLine,
    RuleCard,
    approve_rules,
    rule_catalogue,
    rule_set_choices,
    statements,
    withdraw_rule_approval,
)
from risk_model.services.scope import Scope


def draw_catalogue(viewer: Viewer, copy: Copy, scope: Scope) -> None:
    """Every rule of the shown build as a card."""
    found = ask(rule_catalogue, viewer, copy, scope)
    _draw_head(found)
    _draw_approval(viewer, copy, found, scope)
    titles = statements()
    take_from_url("catalogue", {"rules_of": list(titles)})
    chosen = st.selectbox(
        "Statement",
        list(titles),
        key="rules_of",
        index=None,
        placeholder="All three statements",
        format_func=lambda one: titles.get(one, one),
        width=420,
    )
    put_into_url("catalogue", ["rules_of"])
    for level in found.levels:
        if chosen in (None, level.statement):
            st.header(plain(level.title))
            _draw_levels(level)
            for card in found.cards:
                if card.statement == level.statement:
                    _draw_card(card, scope)
    if chosen in (None, Statement.INSPECTION.value):
        draw_order_list(viewer, copy, scope)
    if found.retired:
        st.header("Not in force")
        st.caption("They stay readable, since earlier builds judged by them.")
        for card in found.retired:
            _draw_card(card, scope)


def _draw_head(found: Catalogue) -> None:
    review = f"next review {in_words(found.next_review)}" + (" (overdue)" if found.is_overdue else "")
    st.markdown(
        f"**{len(found.cards)} rules** of the rule set **{plain(found.rule_set)}** (fingerprint {found.fingerprint}), "
        f"by which build {found.build_number} judged as at {in_words(found.as_at)}; {review}. {plain(found.approved)}"
    )
    overdue = [card.id for card in found.cards if card.is_overdue]
    if overdue:
        st.warning(f"The review of these rules is overdue: {', '.join(overdue)}.")
    st.caption(
        "Deprivation, ethnicity, EAL and SEND never earn a point. Where a reason says “our choice”, no law and no "
        "published standard sets the number."
    )


def _draw_approval(viewer: Viewer, copy: Copy, found: Catalogue, scope: Scope) -> None:
    """Record that this LA has approved exactly these rules, or take it back."""
    message = st.session_state.pop("approval_message", None)
    if message:
        st.success(plain(message))
    if scope.la_code is None or not viewer.may(Right.APPROVE):
        return
    title = "Record that this local authority has approved these rules"
    with st.expander("Withdraw the approval" if found.approval else title), st.form("approval"):
        if found.approval:
            reason = st.text_input("Why", max_chars=500)
            is_wanted = st.form_submit_button("Withdraw the approval")
        else:
            by = st.text_input("Approved by", max_chars=100, placeholder="A role or a board, never a person's name")
            on = st.date_input("On", value="today", format="DD/MM/YYYY")
            note = st.text_input("Note", max_chars=500)
            is_wanted = st.form_submit_button("Record the approval")
        if not is_wanted:
            return
        try:
            if found.approval:
                withdraw_rule_approval(viewer, copy, found.approval, reason)
            else:
                approve_rules(viewer, copy, scope.la_code, by, on if isinstance(on, date) else date.today(), note)
        except RiskModelError as error:
            st.error(plain(error))
            return
    st.session_state["approval_message"] = "The approval is withdrawn." if found.approval else "Recorded."
    st.rerun()


def _draw_levels(level: LevelLine) -> None:
    with st.expander("From points to a level"):
        draw_lines(level.says)
        st.caption(plain(level.why))
        if level.observed:
            st.markdown("**What came of schools at each level**")
            draw_lines(level.observed)
            draw_link("pages/model.py", label="How often the rules were right, and for whom they err")


def _draw_card(card: RuleCard, scope: Scope) -> None:
    with st.container(border=True):
        st.markdown(f"### {card.id} {plain(card.title)}")
        with st.container(horizontal=True):
            st.badge(card.phases, color="gray")
            if card.is_core:
                st.badge("core: its statement rests on it", color="blue")
            if card.is_overdue:
                st.badge("review overdue", color="orange")
        place = "Here" if scope.la_code else "In this copy"
        st.markdown(
            f"{place}: **{plain(card.here.sentence)}**. Of all schools that are judged: {plain(card.england.sentence)}."
        )
        draw_lines(f"{line.says} ({line.when}). {line.why}" for line in card.thresholds)
        with st.expander("Meaning, sources, history and check"):
            _draw_more(card)


def _draw_more(card: RuleCard) -> None:
    caveat = f" {card.caveat}" if card.caveat else ""
    st.markdown(plain(f"It reads “{card.measure}” (source: {card.source}; {card.polarity}).{caveat}"))
    st.markdown(plain(f"What a profile says: {card.sentence}"))
    st.markdown("**References**")
    draw_lines(f"Threshold {line.number}: {line.reference}" for line in card.thresholds)
    if card.history:
        st.markdown("**Not in force at the as-at date**")
        draw_lines(f"{line.says} ({line.when}). {line.why} Reference: {line.reference}." for line in card.history)
    _draw_reasons(card.here)
    retired = f" Retired on {in_words(card.retired_on)}." if card.retired_on else ""
    st.caption(plain(f"Checked by {card.checked_by}. Next review {in_words(card.next_review)}.{retired}"))


def _draw_reasons(found: Found) -> None:
    if found.reasons:
        st.markdown("**Not assessed here, and why**")
        draw_lines(f"{schools:,}: {reason}" for reason, schools in found.reasons.items())


def draw_compare_rules(viewer: Viewer, copy: Copy, scope: Scope) -> None:
    """Two rule sets: what they say differently, and which schools move."""
    st.markdown("Both rule sets judge the schools in scope on the same figures: those of the shown build.")
    choices = ask(rule_set_choices, viewer, copy)
    take_from_url("rule_sets", {"rules_from": list(choices), "rules_to": list(choices)})
    for key, first in (("rules_from", SHOWN), ("rules_to", FILES)):
        st.session_state[key] = st.session_state[key] or first
    left, right = st.columns(2)
    before = left.selectbox("From", list(choices), key="rules_from", format_func=lambda one: choices.get(one, one))
    after = right.selectbox("To", list(choices), key="rules_to", format_func=lambda one: choices.get(one, one))
    given = right.file_uploader("Or to a rule set of yours", type="toml", key="rules_file", max_upload_size=1)
    put_into_url("rule_sets", ["rules_from", "rules_to"])
    if before == after and given is None:
        st.info("Choose two rule sets, or give the TOML file of one. The sandbox saves such a file.")
        return
    try:
        with st.spinner("Judging the schools by both"):
            seen = compare_chosen(viewer, copy, scope, before, after, (given.name, given.getvalue()) if given else None)
    except RiskModelError as error:
        st.error(plain(error))
        return
    draw_moved(viewer, copy, scope, seen, "rules_compared")
