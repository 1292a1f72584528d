"""The parts of the overview."""

from collections.abc import Mapping

import pandas as pd
import streamlit as st

from pages.components.charts import draw_chart
from pages.components.links import draw_link
from pages.components.session import ask
from pages.components.tables import show_table
from pages.components.url import put_into_url, take_from_url
from pages.components.words import plain, safe
from risk_model.domain.charts import Places
from risk_model.domain.periods import in_words
from risk_model.domain.viewer import Viewer
from risk_model.domain.words import STATEMENT_TITLES, Statement, level_in_words
from risk_model.services.at_risk import WATCHED
from risk_model.services.copy import Copy
from risk_model.services.overview import Overview, Tile
from risk_model.services.places import places_map
from risk_model.services.scope import Scope
from risk_model.services.since import since_points

_LIST = "pages/schools_at_risk.py"
_SHOWN = 12
_NO_PEOPLE = (
    "What people recorded is not shown to you, such as reviews and actions that are due: your role shows figures "
    "alone. Ask the LA's lead for access."
)


def draw_tile(tile: Tile) -> None:
    """How many schools stand at each level of a statement; each number opens the list."""
    with st.container(border=True, height="stretch"):
        st.markdown(f"## {tile.title}")
        for level, count in tile.counts.items():
            draw_link(_LIST, label=f"{level_in_words(level)}: **{count}**", query_params={tile.statement: level})


def draw_to_do(seen: Overview) -> None:
    """What waits to be done; each line opens where it is done."""
    st.header("To do")
    if seen.support_refused:
        st.warning(plain(safe(seen.support_refused)))
    if seen.watched:
        draw_link(
            _LIST,
            label=f"Your watch list: **{seen.watched}** schools, **{seen.watched_moved}** of them moved",
            query_params={"watch": WATCHED},
        )
    if seen.shows_people:
        _draw_recorded(seen)
    else:
        st.info(_NO_PEOPLE)
    due = "school" if len(seen.inspections) == 1 else "schools"
    draw_link(
        _LIST,
        label=f"**{len(seen.inspections)}** {due} whose next inspection is overdue, or due within 12 months",
        query_params={"due": ["overdue", "overdue as far as known", "within 12 months"]},
    )
    draw_link("pages/data.py", label=f"**{len(seen.stale_sources)}** sources with a newer release likely out")


def _draw_recorded(seen: Overview) -> None:
    """What waits by what people recorded: support, academies, core groups, advisers' views."""
    overdue = sum(one.is_overdue for one in seen.reviews)
    for one in seen.support_lists:
        draw_link(
            "pages/support.py",
            label=f"{one.title.capitalize()}: **{len(one.rows)}**",
            query_params={"view": "gaps", "gap_list": one.key},
        )
    draw_link(
        "pages/regional_director.py",
        label=f"**{seen.academies_to_raise}** priority academies not yet raised",
    )
    draw_link(
        "pages/core_group.py",
        label=f"Core group reviews: **{overdue}** overdue, **{len(seen.reviews) - overdue}** due within a month; open "
        f"minutes: **{seen.open_minutes}**",
        query_params={"view": "groups"},
    )
    draw_link(
        "pages/core_group.py",
        label=f"**{seen.overdue_actions}** actions overdue",
        query_params={"view": "actions"},
    )
    draw_link(
        _LIST,
        label=f"Advisers' views: **{len(seen.views_lapsed)}** lapsed, **{len(seen.views_due)}** due within a month",
        query_params={"judgement": "view lapsed"},
    )
    draw_link(
        _LIST,
        label=f"**{seen.adviser_disagrees}** schools where an adviser disagrees with a computed level",
        query_params={"judgement": "adviser disagrees"},
    )


def draw_map(viewer: Viewer, copy: Copy, scope: Scope) -> None:
    """Where the schools stand; one that is picked in the map can be opened."""
    st.header("Where")
    chart = ask(places_map, viewer, copy, scope)
    picked = draw_chart(chart, selectable=True)
    names = {one.key: one.name for one in chart.drawing.spots} if isinstance(chart.drawing, Places) else {}
    for urn in picked[:_SHOWN]:
        if urn in names:
            draw_link("pages/school.py", label=plain(names[urn]), query_params={"urn": urn})


def draw_localities(seen: Overview) -> None:
    """The localities side by side."""
    st.header("Localities")
    if not seen.has_localities:
        st.write("No localities are loaded. Import a CSV with the columns urn and locality on the Data page.")
        return
    show_table(
        seen.localities,
        key="localities",
        height="content",
        alt="Schools by locality: how many are priority, watch, find out, and priority without support",
    )


def choose_since(viewer: Viewer, copy: Copy, scope: Scope) -> str | None:
    """Since when changes are told: an earlier build, or a core group's meeting."""
    points = {one.key: one.words for one in ask(since_points, viewer, copy, scope)}
    if not points:
        return None
    take_from_url("since", {"since": list(points)})
    chosen: str | None = st.selectbox(
        "Changes since",
        list(points),
        index=None,
        key="since",
        placeholder=next(iter(points.values())),
        format_func=lambda key: points.get(key, key),
        width=420,
    )
    put_into_url("since", ["since"])
    return chosen


def draw_changes(seen: Overview) -> None:
    """Which schools were flagged or not any more, and which levels moved."""
    changes = seen.changes
    if changes.since is None:
        st.header("What changed")
        st.write("This is the first build: there is nothing yet to compare with.")
        return
    st.header(f"What changed since {plain(changes.since.words)}")
    if changes.damage:
        st.warning(plain(safe(changes.damage)))
        return
    for words, names in (("Newly flagged", changes.flagged), ("No longer flagged", changes.unflagged)):
        _draw_flagged(words, names)
    if changes.new or changes.gone:
        st.caption(f"Schools that are new in this build: {changes.new}; no longer in it: {changes.gone}.")
    if not changes.moved:
        st.write("No level has moved.")
        return
    with st.expander(
        f"Levels that moved: {changes.schools('worse')} schools worse, {changes.schools('better')} better, "
        f"{changes.schools('otherwise')} to or from not enough evidence"
    ):
        show_table(
            pd.DataFrame(
                {
                    "School": [one.name for one in changes.moved],
                    "Statement": [STATEMENT_TITLES[Statement(one.statement)] for one in changes.moved],
                    "Moved": [one.direction for one in changes.moved],
                    "Now": [level_in_words(one.level) for one in changes.moved],
                    "URN": [one.urn for one in changes.moved],
                }
            ),
            key="changes",
            alt="Levels that moved, the worse first",
        )


def _draw_flagged(words: str, names: Mapping[str, str]) -> None:
    if not names:
        return
    st.markdown(f"**{words}: {len(names)}**")
    with st.container(horizontal=True):
        for urn, name in list(names.items())[:_SHOWN]:
            draw_link("pages/school.py", label=plain(name), query_params={"urn": urn})
    if len(names) > _SHOWN:
        st.caption(f"and {len(names) - _SHOWN} more")


def draw_due(seen: Overview) -> None:
    """Reviews, advisers' views and inspections that are due."""
    views = [*seen.views_lapsed, *seen.views_due]
    recorded = f"{len(seen.reviews)} reviews, {len(views)} advisers' views, " if seen.shows_people else ""
    with st.expander(f"Due: {recorded}{len(seen.inspections)} inspections"):
        st.caption(
            "An inspection is due by the last day that its framework allows; no day is known beforehand, and reports "
            "newer than the files loaded are not counted."
        )
        for one in [*seen.reviews, *views, *seen.inspections]:
            when = "was due" if one.is_overdue else "due"
            draw_link(
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
