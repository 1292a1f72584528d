"""The parts of the overview."""

import streamlit as st

from pages.components.words import plain
from risk_model.domain.periods import in_words
from risk_model.domain.words import level_in_words
from risk_model.services.overview import Overview, Tile

_LIST = "pages/schools_at_risk.py"
_SHOWN = 12


def draw_tile(tile: Tile) -> None:
    """How many schools stand at each level of a statement; each number opens the list."""
    with st.container(border=True, height="stretch"):
        st.markdown(f"## {tile.title}")
        for level, count in tile.counts.items():
            st.page_link(_LIST, label=f"{level_in_words(level)}: **{count}**", query_params={tile.statement: level})


def draw_to_do(seen: Overview) -> None:
    """What waits to be done; each line opens where it is done."""
    st.header("To do")
    overdue = sum(one.is_overdue for one in seen.reviews)
    if seen.support_refused:
        st.warning(plain(seen.support_refused))
    for one in seen.support_lists:
        st.page_link(
            "pages/support.py",
            label=f"{one.title.capitalize()}: **{len(one.rows)}**",
            query_params={"view": "gaps", "gap_list": one.key},
        )
    st.page_link(
        "pages/regional_director.py",
        label=f"**{seen.academies_to_raise}** priority academies not yet raised",
    )
    st.page_link(
        "pages/core_group.py",
        label=f"Core group reviews: **{overdue}** overdue, **{len(seen.reviews) - overdue}** due within a month; open "
        f"minutes: **{seen.open_minutes}**",
        query_params={"view": "groups"},
    )
    st.page_link(
        "pages/core_group.py",
        label=f"**{seen.overdue_actions}** actions overdue",
        query_params={"view": "actions"},
    )
    st.page_link(
        _LIST,
        label=f"Advisers' views: **{len(seen.views_lapsed)}** lapsed, **{len(seen.views_due)}** due within a month",
        query_params={"judgement": "view lapsed"},
    )
    st.page_link(
        _LIST,
        label=f"**{seen.adviser_disagrees}** schools where an adviser disagrees with a computed level",
        query_params={"judgement": "adviser disagrees"},
    )
    st.page_link(
        _LIST,
        label=f"**{len(seen.inspections)}** schools whose next inspection is overdue, or due within 12 months",
        query_params={"due": ["overdue", "overdue as far as known", "within 12 months"]},
    )
    st.page_link("pages/data.py", label=f"**{len(seen.stale_sources)}** sources with a newer release likely out")


def draw_localities(seen: Overview) -> None:
    """The localities side by side."""
    st.header("Localities")
    if not seen.has_localities:
        st.write("No localities are loaded. Import a CSV with the columns urn and locality on the Data page.")
        return
    st.dataframe(
        seen.localities,
        hide_index=True,
        key="localities",
        height="content",
        alt="Schools by locality: how many are priority, watch, find out, and priority without support",
    )


def draw_changes(seen: Overview) -> None:
    """Which levels moved since the build before."""
    if seen.changed_since is None:
        st.header("What changed")
        st.write("This is the first build: there is nothing yet to compare with.")
        return
    st.header(f"What changed since {in_words(seen.changed_since)}")
    if not seen.changes:
        st.write("No level has moved.")
        return
    for change in seen.changes[:_SHOWN]:
        st.page_link(
            "pages/school.py",
            query_params={"urn": change.urn},
            label=f"{plain(change.name)}: {change.statement} {change.direction}, now {level_in_words(change.level)}",
        )
    if len(seen.changes) > _SHOWN:
        st.write(f"and {len(seen.changes) - _SHOWN} more")


def draw_due(seen: Overview) -> None:
    """Reviews, advisers' views and inspections that are due."""
    views = [*seen.views_lapsed, *seen.views_due]
    with st.expander(
        f"Due: {len(seen.reviews)} reviews, {len(views)} advisers' views, {len(seen.inspections)} inspections"
    ):
        st.caption(
            "An inspection is due by the last day that its framework allows; no day is known beforehand, and reports "
            "newer than the files loaded are not counted."
        )
        for one in [*seen.reviews, *views, *seen.inspections]:
            when = "was due" if one.is_overdue else "due"
            st.page_link(
                "pages/school.py",
                label=f"{plain(one.name)}: {one.what} {when} {in_words(one.when)}",
                query_params={"urn": one.urn},
            )


def draw_freshness(seen: Overview) -> None:
    """Which sources are old."""
    st.header("How fresh is the data?")
    if not seen.stale_sources:
        st.write("Every loaded source is as new as it is usually published.")
    for one in seen.stale_sources:
        st.markdown(f"▲ **{one.title}**: newest is {one.newest}, {one.in_words}")
