"""What somebody chooses to take to the regional director: academies and fields, as short codes in the URL."""

from collections.abc import Sequence

import streamlit as st

from pages.components.session import ask
from pages.components.tables import show_table
from pages.components.url import is_new_link, put_into_url, take_from_url
from pages.components.words import date_columns, plain
from risk_model.domain.viewer import Viewer
from risk_model.domain.words import Priority
from risk_model.services.copy import Copy
from risk_model.services.director_content import Choice
from risk_model.services.director_fields import (
    CHOICES,
    DEFAULT_FIELDS,
    FIELDS_BY_CODE,
    Sensitivity,
    Source,
    field_table,
)
from risk_model.services.regional_director import TrustGroup, academies_at_risk
from risk_model.services.scope import Scope

_KEYS = ("academy", "field", "banner", "place")
_EVERY_PLACE = tuple(one.value for one in Priority)
_TITLES = {
    Source.PUBLISHED: "Published data",
    Source.COMPUTED: "What the rules make of the evidence",
    Source.LA: "What the local authority says: not published data",
}


def take_choice(viewer: Viewer, copy: Copy, scope: Scope, banners: Sequence[str]) -> None:
    """Before the views are drawn: what the link or the session says, checked against what there is."""
    listed = ask(academies_at_risk, viewer, copy, Scope(scope.la_code), _EVERY_PLACE).table
    known = list(listed["urn"])
    state = st.session_state
    is_linked = is_new_link("director", _KEYS)
    take_from_url("director", {"banner": banners}, {"academy": known, "field": CHOICES, "place": _EVERY_PLACE})
    for key in _KEYS:
        # a link that names academies alone is to the usual fields, not to none
        if is_linked and not state.get(key):
            state[key] = None
    if state.get("place") is None:
        state["place"] = [Priority.PRIORITY.value]
    if state.get("field") is None:
        state["field"] = list(DEFAULT_FIELDS)
    if state.get("banner") is None:
        state["banner"] = next(iter(banners))
    if state.get("academy") is None or state.get("academy_la") != scope.la_code:
        first = listed[(listed["priority"] == Priority.PRIORITY.value) & (listed["programme"] == "")]
        linked = [urn for urn in state.get("academy") or [] if urn in known]
        state["academy"] = linked or list(first["urn"])
    state["academy_la"] = scope.la_code


def keep_choice() -> None:
    """After the views are drawn: remember the choice, and let the URL say it."""
    put_into_url("director", _KEYS)


def choice_now(scope: Scope) -> Choice:
    """What is chosen."""
    state = st.session_state
    return Choice(scope.la_code or "", tuple(state["academy"]), tuple(state["field"]), state["banner"] or "")


def draw_academies(viewer: Viewer, copy: Copy, scope: Scope) -> None:
    """Step 1: the academies at risk by trust, each trust with its picture, and which of them go on the list."""
    places = st.multiselect("Which priorities for support", _EVERY_PLACE, key="place")
    found = ask(academies_at_risk, viewer, copy, scope, tuple(places))
    in_programme = int((found.table["programme"] != "").sum())
    st.markdown(
        f"**{len(found.table)}** academies of **{len(found.trusts)}** trusts; **{found.not_raised}** not raised yet; "
        f"**{in_programme}** in a programme of DfE already, and left off the list at first."
    )
    if found.table.empty:
        st.info("No academy in this scope stands at these places.")
    chosen = list(st.session_state["academy"])
    for trust in found.trusts:
        chosen = _draw_trust(trust, chosen)
    st.session_state["academy"] = chosen
    shown = set(found.table["urn"])
    elsewhere = sum(urn not in shown for urn in chosen)
    more = f", {elsewhere} of them not shown here" if elsewhere else ""
    st.markdown(f"On the list: **{len(chosen)}** academies{more}.")


def _draw_trust(trust: TrustGroup, chosen: list[str]) -> list[str]:
    """One trust; returns what is on the list after it."""
    names = dict(zip(trust.academies["urn"], trust.academies["name"], strict=True))
    key = f"on_list_{trust.trust_name}"
    # what was chosen among others than those that are offered now stands in `chosen` alone
    if key not in st.session_state or st.session_state.get(f"{key}_of") != list(names):
        st.session_state[key] = [urn for urn in names if urn in chosen]
    st.session_state[f"{key}_of"] = list(names)
    with st.container(border=True):
        st.header(plain(trust.trust_name))
        uid = f", UID {trust.trust_uid}" if trust.trust_uid else ""
        st.caption(plain(f"{len(trust.academies)} of its {trust.in_la} academies in this local authority{uid}"))
        st.markdown(plain(" ".join(trust.picture.values())))
        on_list = st.multiselect(
            f"On the list, of {plain(trust.trust_name)}",
            list(names),
            key=key,
            format_func=lambda urn: f"{names[urn]} ({urn})",
            placeholder="None of this trust",
        )
        show_table(
            trust.shown,
            key=f"trust_{trust.trust_name}",
            alt=f"Academies at risk of {trust.trust_name}",
            column_config=date_columns("Raised on"),
        )
        # of many sentences each: no cell holds them
        for name, reasons in zip(trust.academies["name"], trust.academies["reasons"], strict=True):
            st.markdown(f"**{plain(name)}:** {plain(reasons) or 'the rules give no reason.'}")
    return [*(urn for urn in chosen if urn not in names), *on_list]


def draw_fields() -> None:
    """Step 2: what is told of each academy; what never leaves is not offered."""
    st.write(
        "What is told of each academy. At first only what is safe to tell is on. Notes for officers alone, complaints, "
        "safeguarding, personnel, and figures of few pupils are never on the list: they cannot be chosen."
    )
    if st.button("Back to what is on at first", key="default_fields"):
        st.session_state["field"] = list(DEFAULT_FIELDS)
        for source in Source:
            st.session_state.pop(f"fields_{source.name}", None)
    chosen: list[str] = []
    for source, title in _TITLES.items():
        codes = [code for code in CHOICES if FIELDS_BY_CODE[code].source is source]
        key = f"fields_{source.name}"
        if key not in st.session_state:
            st.session_state[key] = [code for code in codes if code in st.session_state["field"]]
        chosen += st.multiselect(title, codes, key=key, format_func=_field_name, placeholder="None")
    st.session_state["field"] = [code for code in CHOICES if code in chosen]
    sensitive = [code for code in chosen if FIELDS_BY_CODE[code].sensitivity is Sensitivity.SENSITIVE]
    if sensitive:
        titles = "; ".join(FIELDS_BY_CODE[code].title for code in sensitive)
        st.warning(plain(f"▲ Sensitive and on the list: {titles}. Read the preview before anything leaves."))
    with st.expander("Every field: where it comes from, and how carefully it is to be passed on"):
        st.table(field_table().set_index("Field"))


def _field_name(code: str) -> str:
    field = FIELDS_BY_CODE[code]
    return field.title if field.sensitivity is not Sensitivity.SENSITIVE else f"{field.title} (sensitive)"
