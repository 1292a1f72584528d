"""The scope line on top of every page: LA, locality, phase; as-at date, rules and build."""

import streamlit as st

from pages.components.find_parts import draw_find_box, draw_found
from pages.components.following import store_note
from pages.components.session import ask, copy, viewer
from pages.components.term_help import meaning
from pages.components.url import put_into_url, take_from_url
from risk_model.domain.periods import in_words
from risk_model.services.scope import Scope, ScopeChoices, licence_line, scope_choices

_KEYS = ("la", "locality", "phase")


def draw_scope_line() -> Scope:
    """Draw the scope line and say what was chosen."""
    las = ask(scope_choices, viewer(), copy(), None).las
    take_from_url("scope", {"la": list(las), "locality": None, "phase": None})
    if st.session_state["la"] is None:
        st.session_state["la"] = next(iter(las), None)
    choices = ask(scope_choices, viewer(), copy(), st.session_state["la"])
    _forget_unknown("locality", choices.localities)
    _forget_unknown("phase", choices.phases)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        la = st.selectbox(
            "Local authority",
            list(las),
            key="la",
            width=260,
            format_func=lambda code: las.get(code, code),
        )
        locality = st.selectbox(
            "Locality",
            choices.localities,
            index=None,
            key="locality",
            width=240,
            placeholder="All localities" if choices.localities else "None imported",
            help=meaning("Locality"),
            disabled=not choices.localities,
        )
        phase = st.selectbox(
            "Phase",
            choices.phases,
            index=None,
            key="phase",
            width=200,
            placeholder="All phases",
        )
        draw_find_box()
    put_into_url("scope", _KEYS)
    draw_found(la)
    st.caption(_by_what(choices), help=meaning("As-at date"))
    if not las:
        st.info(
            "This copy holds no school of yours, so there is nothing to judge. Whoever looks after its data imports "
            "the register of schools with your local authority in it, then builds; the Data page says how."
        )
    note = store_note()
    if note:
        st.warning(note)
    return Scope(la_code=la, locality=locality, phase=phase)


def _forget_unknown(key: str, known: list[str]) -> None:
    if st.session_state.get(key) is not None and st.session_state[key] not in known:
        st.session_state[key] = None


def _by_what(choices: ScopeChoices) -> str:
    return f"As at {in_words(choices.as_at)} · rules {choices.rule_set} · build {choices.build_number}"


def draw_source_line() -> None:
    """Whose data the page shows, and under which licence."""
    st.divider()
    st.caption(ask(licence_line, viewer(), copy()))
