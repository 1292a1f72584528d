"""One statement as a card: level, evidence, every rule in words."""

import streamlit as st

from pages.components.words import draw_level, link_to_row, plain
from risk_model.domain.periods import in_words
from risk_model.services.profile import RuleLine, StatementCard

_MARKS = {"raised": "■", "protective": "✚", "clear": "●", "not assessed": "○", "not applicable": "–"}


def draw_card(card: StatementCard, *, short: bool = False) -> None:
    """A card; short shows the raised rules alone."""
    with st.container(border=True, height="stretch"):
        st.markdown(f"## {card.title}")
        draw_level(card.level)
        st.write(plain(card.summary))
        if card.agreed is not None and card.agreed_on is not None:
            st.markdown(
                f"Core group agreed **{card.agreed.agreed_level}** on {in_words(card.agreed_on)}: "
                f"{plain(card.agreed.reason or 'no reason recorded')}"
            )
        st.progress(min(1.0, card.coverage), text=f"Evidence for {card.coverage:.0%} of the points")
        for rule in card.raised:
            draw_rule(rule)
        if short:
            return
        if card.not_assessed:
            st.markdown("**Not known**")
            for rule in card.not_assessed:
                draw_rule(rule)
        with st.expander(f"All {len(card.rules)} rules"):
            for rule in card.rules:
                draw_rule(rule, full=True)


def draw_rule(rule: RuleLine, *, full: bool = False) -> None:
    """One rule in words; in full with its points, threshold, reason and where its figure stands."""
    mark = "◆" if rule.near_miss else _MARKS[rule.status]
    st.markdown(f"{mark} **{rule.rule_id}** {plain(rule.sentence)}")
    if not full:
        return
    state = "near miss" if rule.near_miss else rule.status
    points = f", {rule.points:+g} points" if rule.points else ""
    gate = ", sets the level by itself" if rule.is_gate else ""
    st.caption(plain(f"{rule.title}. {state}{points}{gate}. {rule.why} Reference: {rule.reference}."))
    if rule.source:
        link_to_row(rule.source, rule.release_id, rule.source_row)
