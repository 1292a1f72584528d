"""Who could help a school: the suggestion, each point in words, and the way to the form. People choose."""

import streamlit as st

from pages.components.downloads import draw_downloads
from pages.components.session import ask
from pages.components.tables import show_table
from pages.components.words import draw_lines, plain
from risk_model.domain.errors import RiskModelError
from risk_model.domain.viewer import Right, Viewer
from risk_model.services.copy import Copy
from risk_model.services.matching import Match, Suggestion, need_choices, suggest, suggestion_table
from risk_model.services.profile import school_names
from risk_model.services.scope import Scope

_DAYS = st.column_config.NumberColumn(format="%.1f")
_COLUMNS = {
    "System leader": st.column_config.TextColumn(pinned=True, width=150),
    "Role": st.column_config.TextColumn(width=150),
    "Free days": _DAYS,
    "Distance km": _DAYS,
    "Put last because": st.column_config.TextColumn(width=300),
}
SHOWN_IN_WORDS = 3


def draw_match(viewer: Viewer, copy: Copy, scope: Scope) -> None:
    """Choose a school and a need; see every leader in the order of the points, the first few in words."""
    names = ask(school_names, viewer, copy, scope)
    asked = st.query_params.get("for")
    urn = st.selectbox(
        "School that needs help",
        list(names),
        index=list(names).index(asked) if asked in names else None,
        format_func=lambda one: names[one],
        key=f"match_school_{asked if asked in names else ''}",
        width=420,
        placeholder="Type a name or URN",
    )
    if urn is None:
        st.write("Choose a school to see who could help it.")
        return
    try:
        draw_match_for(viewer, copy, urn)
    except RiskModelError as error:
        st.error(plain(error))


def draw_match_for(viewer: Viewer, copy: Copy, urn: str) -> None:
    """The suggestion for one school: need and days, then every leader.

    Raises:
        RiskModelError: the LA's own people.toml is not valid, or no such school is loaded.
    """
    needs = ask(need_choices, viewer, copy, urn)
    with st.container(horizontal=True):
        need = st.selectbox("Need", list(needs), format_func=lambda one: needs[one], key=f"match_need_{urn}", width=420)
        days = st.number_input(
            "Days needed this term",
            min_value=0.0,
            step=0.5,
            value=None,
            format="%.1f",
            key=f"match_days_{urn}",
            width=180,
        )
    suggestion = ask(suggest, viewer, copy, urn, need, days)
    if not suggestion.matches:
        st.write("No system leader is recorded for this local authority. Bring them with the system leaders' template.")
        return
    _draw_suggestion(viewer, suggestion, need)


def _draw_suggestion(viewer: Viewer, suggestion: Suggestion, area: str) -> None:
    st.markdown(f"**{plain(suggestion.finding)}**")
    st.caption(plain(" ".join(suggestion.how)))
    for column, match in zip(st.columns(SHOWN_IN_WORDS), suggestion.matches, strict=False):
        with column:
            _draw_one(viewer, suggestion, area, match)
    table = suggestion_table(suggestion)
    chosen = show_table(
        table,
        key=f"match_{suggestion.school.urn}",
        on_select="rerun",
        selection_mode="single-row",
        column_config=_COLUMNS,
        alt="Every system leader with the points of each line, the best fit first",
    )
    st.caption("Select a row to see another leader's points in words.")
    rows = chosen.selection.rows
    if rows and SHOWN_IN_WORDS <= rows[0] < len(table):
        _draw_one(viewer, suggestion, area, suggestion.matches[rows[0]])
    about = [suggestion.finding, *suggestion.how]
    draw_downloads(table, f"match_{suggestion.school.urn}", about)


def _draw_one(viewer: Viewer, suggestion: Suggestion, area: str, match: Match) -> None:
    leader, urn = match.entry.leader, suggestion.school.urn
    with st.container(border=True, height="stretch"):
        st.markdown(f"**{plain(match.title)}**")
        if match.put_last:
            st.markdown(f"▲ {plain(match.put_last)}")
        draw_lines(points.in_words for points in match.points)
        if not viewer.may(Right.SUPPORT):
            return
        if st.button(f"Allocate {plain(leader.label)}", key=f"allocate_{urn}_{leader.id}"):
            _open_form(urn, leader.id, area, suggestion.need.days)


def _open_form(urn: str, leader_id: int, area: str, days: float | None) -> None:
    """Go to the form for new support, filled in."""
    asked = {"view": "add", "for": urn, "leader": str(leader_id), "need": area}
    for name, value in (asked | ({"days": f"{days:g}"} if days else {})).items():
        st.query_params[name] = value
    st.rerun()
