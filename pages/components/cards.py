"""One statement as a card: level, evidence, every rule in words."""

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pages.components.judgement_parts import draw_layers_briefly
from pages.components.links import draw_link, link_to_row
from pages.components.words import draw_level, plain
from risk_model.services.profile import RuleLine, StatementCard

_MARKS = {"raised": "■", "protective": "✚", "clear": "●", "not assessed": "○", "not applicable": "–"}
# the others stand behind a click, so that a card without the LA's own evidence stays readable
_SHOWN_UNKNOWN = 4


def draw_card(card: StatementCard, *, short: bool = False) -> DeltaGenerator:
    """A card; short shows what was counted alone, against the school and in its favour.

    Returns:
        A place on the card for what is worked out later.
    """
    with st.container(border=True, height="stretch"):
        st.markdown(f"## {card.title}")
        draw_level(card.level)
        st.write(plain(card.summary))
        draw_layers_briefly(card.layers)
        if card.observed and not short:
            st.write(plain(card.observed))
            draw_link("pages/model.py", label="How often the rules were right")
        st.progress(min(1.0, card.coverage), text=plain(card.evidence))
        if not short:
            st.caption(plain(f"{card.age.sentence} {card.travel}"))
        for rule in card.raised:
            draw_rule(rule)
        if card.in_favour:
            st.markdown("**Counted in its favour**")
            for rule in card.in_favour:
                draw_rule(rule)
        slot = st.container()
        if not short:
            _draw_other_rules(card)
    return slot


def _draw_other_rules(card: StatementCard) -> None:
    """Near misses, what is not known and how it could be, and every rule in full."""
    near = [rule for rule in card.rules if rule.near_miss]
    if near:
        st.markdown("**Close to a threshold**")
        for rule in near:
            draw_rule(rule)
    unknown = card.not_assessed
    if unknown:
        st.markdown("**Not known**")
        for rule in unknown[:_SHOWN_UNKNOWN]:
            draw_rule(rule)
    if len(unknown) > _SHOWN_UNKNOWN:
        with st.expander(f"Not known, {len(unknown) - _SHOWN_UNKNOWN} more"):
            for rule in unknown[_SHOWN_UNKNOWN:]:
                draw_rule(rule)
    with st.expander(f"All {len(card.rules)} rules"):
        for rule in card.rules:
            draw_rule(rule, full=True)


def draw_rule(rule: RuleLine, *, full: bool = False) -> None:
    """One rule in words; in full with its points, threshold, reason and where its figure stands."""
    mark = "◆" if rule.near_miss else _MARKS[rule.status]
    st.markdown(f"{mark} **{rule.rule_id}** {plain(rule.sentence)} {plain(rule.remedy)}")
    if not full:
        return
    state = "near miss" if rule.near_miss else rule.status
    points = f", {rule.points:+g} points" if rule.points else ""
    gate = ", sets the level by itself" if rule.is_gate else ""
    st.caption(plain(f"{rule.title}. {state}{points}{gate}. {rule.why} Reference: {rule.reference}."))
    if rule.source:
        link_to_row(rule.source, rule.release_id, rule.source_row)
