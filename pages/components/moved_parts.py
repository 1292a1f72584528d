"""What moves from one rule set to another: before and after, who enters and leaves, and the work that it means."""

from collections.abc import Mapping

import streamlit as st

from pages.components.downloads import draw_downloads
from pages.components.session import ask
from pages.components.tables import show_table
from pages.components.words import plain
from risk_model.domain.viewer import Viewer
from risk_model.services.comparing_rules import RuleComparison, about_moves, work_in_days
from risk_model.services.copy import Copy
from risk_model.services.scope import Scope

_SHOWN = 500
_DAYS = {name: st.column_config.NumberColumn(format="%g") for name in ("Days each", "Days before", "Days after")}


def draw_moved(
    viewer: Viewer, copy: Copy, scope: Scope, seen: RuleComparison, key: str, days: Mapping[str, float] | None = None
) -> None:
    """Everything that two rule sets say differently of the schools in scope.

    Args:
        key: begins the keys of the tables, and the exports' names.
        days: of entitlement a year, by place; the declared ones where it is not given.
    """
    st.markdown(f"**{plain(seen.sentence)}** {plain(seen.order_sentence)}")
    for column, (label, count) in zip(st.columns(4), _counts(seen).items(), strict=True):
        column.metric(label, f"{count:,}")
    st.header("What it means in work")
    work = ask(work_in_days, viewer, copy, scope, seen, days)
    st.markdown(plain(work.sentence))
    show_table(
        work.table,
        key=f"{key}_work",
        column_config=_DAYS,
        alt="Days of entitlement in a year by place, before and after",
    )
    st.header("Who is on the list, before and after")
    for tab, (title, table) in zip(st.tabs([f"By {title}" for title in seen.groups]), seen.groups.items(), strict=True):
        with tab:
            show_table(
                table,
                key=f"{key}_{title}",
                alt=f"Priority schools by {title}, before and after",
            )
    st.caption(
        "FSM fifth: where the school stands among all schools of its phase in this build by the share of pupils who "
        "were eligible for free school meals in the last six years. It earns no point; it shows on whom a change falls."
    )
    st.header("Schools that move")
    if seen.moves.empty:
        st.write("No school moves.")
    else:
        show_table(
            seen.moves.head(_SHOWN),
            key=f"{key}_moves",
            column_config={"School": st.column_config.TextColumn(pinned=True, width=215)},
            alt="Schools that move: first those that become a priority, then those that are one no more",
        )
        if len(seen.moves) > _SHOWN:
            st.caption(f"The first {_SHOWN} of {len(seen.moves):,}; the export has them all.")
    draw_downloads(seen.moves, key, about_moves(viewer, copy, seen), disabled=seen.moves.empty)
    with st.expander(f"What the rule sets say differently ({len(seen.differences)})"):
        show_table(seen.differences, key=f"{key}_differences", alt="What the two rule sets say differently")


def _counts(seen: RuleComparison) -> dict[str, int]:
    return {
        "Priority before": seen.before,
        "Priority after": seen.after,
        "Enter": seen.enters,
        "Leave": seen.leaves,
    }
