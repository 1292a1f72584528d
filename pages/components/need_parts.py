"""Need beside help: the matrix, its totals, the entitlement, and the lists to look at."""

import streamlit as st

from pages.components.downloads import draw_downloads
from pages.components.links import link_to_support
from pages.components.session import ask
from pages.components.tables import show_table
from pages.components.url import put_into_url, take_from_url
from pages.components.words import date_columns, plain
from risk_model.domain.viewer import Viewer
from risk_model.services.copy import Copy
from risk_model.services.needs import FITS, IN_CELL, NEED, NO_NEED, STALE, NeedMatrix, NeedPage
from risk_model.services.scope import Scope

_DATES = ("From", "Until", "Review", "Last update", "Support until")
_LEGEND = (
    f"**{IN_CELL[NEED]}**: a rule is raised and nobody helps. **{IN_CELL[FITS]}**: help for it is active. "
    f"**{IN_CELL[STALE]}**: help is active on paper, without visit or update for a term. "
    f"**{IN_CELL[NO_NEED]}**: help for which no rule is raised."
)


def draw_gaps(page: NeedPage) -> str | None:
    """The lists of what does not fit together; returns the URN of the selected school, for those of schools."""
    titles = {one.key: f"{one.title} ({len(one.rows)})" for one in page.lists}
    take_from_url("gap_list", {"gap_list": list(titles)})
    if st.session_state.get("gap_list") is None:
        st.session_state["gap_list"] = "without"
    chosen = st.radio("Lists", list(titles), format_func=lambda key: titles[key], key="gap_list", horizontal=True)
    put_into_url("gap_list", ["gap_list"])
    one = next(each for each in page.lists if each.key == (chosen or "without"))
    st.caption(plain(one.why))
    if one.rows.empty:
        st.write(one.when_empty)
        return None
    picked = show_table(
        one.rows,
        key=f"gaps_{one.key}",
        alt=one.title,
        column_config=date_columns(*(name for name in _DATES if name in one.rows.columns)),
        on_select="rerun",
        selection_mode="single-row",
    )
    of_support = "Number" in one.rows.columns
    st.caption("Select a row to open the support." if of_support else "Select a row to see who could help.")
    rows = picked.selection.rows
    if not rows or rows[0] >= len(one.rows):
        return None
    row = one.rows.iloc[rows[0]]
    if of_support:
        link_to_support(int(row["Number"]), str(row["School"]))
        return None
    st.header(plain(row["School"]))
    if isinstance(row.get("Main reason"), str):
        st.markdown(plain(row["Main reason"]))
    return str(row["URN"])


def draw_matrix(viewer: Viewer, copy: Copy, scope: Scope, page: NeedPage) -> None:
    """Flagged schools down, areas of need across."""
    st.markdown(f"**{plain(ask(page.flagged.finding))}**")
    st.caption(_LEGEND)
    show_table(
        ask(page.flagged.totals),
        key="need_totals",
        alt="How many priority schools stand how in each area of need",
    )
    _draw_schools(page.flagged, "Priority schools", "need_matrix")
    if not page.helped.schools.empty:
        with st.expander(f"Other schools that have help now ({len(page.helped.schools)})"):
            _draw_schools(page.helped, "", "helped_matrix")
    draw_downloads(
        ask(page.flagged.table),
        "need_and_help",
        [f"Need beside help as at {copy.build.as_at:%d/%m/%Y}", _LEGEND.replace("*", "")],
        disabled=page.flagged.schools.empty,
    )
    _draw_entitlement(page)


def _draw_schools(matrix: NeedMatrix, title: str, key: str) -> None:
    if title:
        st.header(title)
    if matrix.schools.empty:
        st.write("None in this scope.")
        return
    show_table(
        ask(matrix.table),
        key=key,
        alt="Schools and areas of need: where help is missing, fits, is stale, or meets no need",
        column_config={"School": st.column_config.TextColumn(pinned=True)},
    )


def _draw_entitlement(page: NeedPage) -> None:
    st.header("What maintained schools may expect, and what is planned")
    st.markdown(plain(page.entitlement_words))
    whose = "this local authority's own settings" if page.settings.is_own else "the product's choice, not the law"
    said = "; ".join(f"{one.priority}: {one.days:g} ({one.why})" for one in page.settings.entitlements)
    st.caption(
        plain(
            f"Person-days a year, {whose}, from {page.settings.from_:%d/%m/%Y}. {said} Academies are not in it: their "
            "trust answers for their support, and the local authority raises its concern."
        )
    )
    show_table(
        page.entitlement,
        key="entitlement",
        alt="Days that each maintained school may expect, and days planned and used",
    )
