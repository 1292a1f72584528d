"""Did it help? Before and after support beside similar schools, and what became of support."""

from collections.abc import Mapping

import streamlit as st

from pages.components.charts import draw_chart
from pages.components.downloads import draw_downloads
from pages.components.session import ask
from pages.components.tables import show_table
from pages.components.url import put_into_url, take_from_url
from pages.components.words import date_columns, draw_lines, plain
from risk_model.domain.viewer import Viewer
from risk_model.services.copy import Copy
from risk_model.services.impact import ANY_KIND, NOT_PROOF, Impact, Side, impact, impact_measures
from risk_model.services.scope import Scope
from risk_model.services.support_outcomes import support_outcomes

_FIGURE = st.column_config.NumberColumn(format="%.1f")
_MOVED = st.column_config.NumberColumn(format="%+.1f")
_DISTANCE = st.column_config.NumberColumn(format="%.2f", help="In standard deviations; 0 is the same")
_MOVES = {
    "Before": _FIGURE,
    "After": _FIGURE,
    "Moved": _MOVED,
    "Similar schools moved": _MOVED,
    "Difference": _MOVED,
    "From": _MOVED,
    "To": _MOVED,
}
_DISTANCES = {
    "Farthest": _DISTANCE,
    "Distance": _DISTANCE,
    "Starting level apart": _DISTANCE,
    "Change before apart": _DISTANCE,
}
_DAYS = {
    "Days used": st.column_config.NumberColumn(format="%.1f"),
    "Pounds": st.column_config.NumberColumn(format="£%.0f"),
}


def draw_impact(viewer: Viewer, copy: Copy, scope: Scope) -> None:
    """One measure before and after support, for schools that had it and for schools that gave it."""
    titles = ask(impact_measures, viewer, copy, scope)
    if not titles:
        st.write("No results or absence of the schools in this scope are loaded, so nothing can be compared.")
        return
    take_from_url("impact", {"impact_measure": list(titles)})
    chosen = _chosen("Measure", "impact_measure", titles)
    put_into_url("impact", ["impact_measure"])
    found = ask(impact, viewer, copy, scope, chosen)
    st.header("Schools that had support")
    _draw_side(found, found.supported, "supported")
    st.header("Schools that gave support: their own results")
    _draw_side(found, found.supporting, "supporting")
    with st.expander("How this is worked out, and what it cannot say"):
        draw_lines(found.how)


def _chosen(label: str, key: str, titles: Mapping[str, str]) -> str:
    """One of some choices; the first where what was chosen before is not offered here."""
    if st.session_state.get(key) not in titles:
        st.session_state[key] = next(iter(titles))
    return st.selectbox(label, list(titles), key=key, format_func=lambda one: titles.get(one, one), width=520)


def _draw_side(found: Impact, side: Side, key: str) -> None:
    if side.charted.empty:
        st.markdown(f"**{plain(side.finding)}**")
        if not side.kinds.empty:
            _draw_kinds(side, key)
    else:
        draw_chart(found.chart_of(side, key), column_config=_MOVES)
    if side.kinds.empty:
        return
    with st.expander("Every school, and the similar schools beside it"):
        _draw_cases(found, side, key)


def _draw_kinds(side: Side, key: str) -> None:
    st.caption(NOT_PROOF)
    show_table(
        side.kinds,
        key=f"impact_{key}_kinds",
        alt=f"By kind of support: how far {key} schools moved, how far similar ones did, and the difference",
        column_config=_MOVES,
    )


def _draw_cases(found: Impact, side: Side, key: str) -> None:
    kinds = {kind: kind for kind in side.kinds["Kind of support"]}
    kind = _chosen("Kind of support", f"impact_{key}_kind", kinds) if len(kinds) > 1 else ANY_KIND
    cases = side.cases_of(kind)
    chosen = show_table(
        cases,
        key=f"impact_{key}_cases",
        alt=f"Each of the {key} schools before and after, beside its similar schools; those that count first",
        column_config={**_MOVES, **_DISTANCES, **date_columns("Support began")},
        on_select="rerun",
        selection_mode="single-row",
    )
    draw_downloads(cases, f"impact_{key}", found.about)
    rows = chosen.selection.rows
    if not rows or rows[0] >= len(cases):
        st.caption("Select a row to see its similar schools.")
        return
    name, urn = cases["School"].iloc[rows[0]], cases["URN"].iloc[rows[0]]
    matches = side.matches_of(urn, kind)
    if matches.empty:
        st.write(f"{plain(name)} has no similar schools here: {plain(cases['Why it does not count'].iloc[rows[0]])}.")
        return
    st.markdown(f"Similar to **{plain(name)}**, without support, the nearest first:")
    show_table(
        matches,
        key=f"impact_{key}_matches",
        alt="The similar schools of the chosen school, with their distance and how far they moved",
        column_config={**_MOVES, **_DISTANCES},
    )


def draw_outcomes(viewer: Viewer, copy: Copy, scope: Scope) -> None:
    """How support ended, what that took, and how far each piece came."""
    found = ask(support_outcomes, viewer, copy, scope)
    st.header("How support ended")
    st.markdown(f"**{plain(found.finding)}**")
    if not found.by_outcome.empty:
        show_table(
            found.by_outcome,
            key="outcomes",
            alt="Ended support by outcome, with days and pounds",
            column_config=_DAYS,
        )
        with st.expander("By kind of support"):
            show_table(
                found.by_kind,
                key="outcomes_by_kind",
                alt="Ended support by kind and outcome, with days and pounds",
                column_config=_DAYS,
            )
            draw_downloads(found.by_kind, "support_outcomes", found.about)
    st.header("From need to completion")
    draw_chart(found.funnel_chart)
    draw_lines(found.notes)
