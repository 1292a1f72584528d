"""Who supports whom: a matrix of groups, the links of one group, and the tables behind them."""

from collections.abc import Mapping
from math import sqrt

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from pages.components.chart_figures import with_ink
from pages.components.charts import text_colour
from pages.components.downloads import draw_downloads
from pages.components.session import ask
from pages.components.tables import show_table
from pages.components.url import put_into_url, take_from_url
from pages.components.words import date_columns, draw_lines, plain
from risk_model.domain.viewer import Viewer
from risk_model.services.copy import Copy
from risk_model.services.networks import ACROSS, GROUPINGS, NO_SCHOOL, TIMES, WITHIN, Network, network
from risk_model.services.scope import Scope

_MARKS = {WITHIN: ("square", "#1d70b8"), ACROSS: ("circle", "#b0417e"), NO_SCHOOL: ("diamond", "#505a5f")}
_ROW_HEIGHT, _FRAME_HEIGHT = 36, 190
# nineteen pieces of support still fit between two rows
_SMALLEST, _GROWTH = 16, 4


def draw_networks(viewer: Viewer, copy: Copy, scope: Scope) -> None:
    """Who supports whom by locality or trust, as a chart and as tables."""
    take_from_url("network", {"network_by": list(GROUPINGS), "network_when": list(TIMES)})
    with st.container(horizontal=True):
        by = _chosen("By", "network_by", GROUPINGS)
        when = _chosen("Which support", "network_when", TIMES)
    put_into_url("network", ["network_by", "network_when"])
    found = ask(network, viewer, copy, scope, by, when)
    if found.links.empty:
        st.write(f"{plain(found.finding)}.")
        return
    _draw_matrix(found)
    show_table(
        found.cells,
        key="network_cells",
        alt="Support between groups: how many pieces, and for how many schools",
    )
    st.header("Schools that give, receive, both, neither")
    left, right = st.columns([1, 3])
    with left:
        show_table(
            found.counts,
            key="network_counts",
            alt="How many schools give and receive",
        )
    with right:
        show_table(
            found.schools,
            key="network_schools",
            alt="Each school: how many it supports, and how many pieces of support it has",
            column_config={"Standing": st.column_config.TextColumn(width=140)},
        )
    st.header("Who supports whom")
    group = st.selectbox("Schools of", found.columns, key="network_group", width=420)
    if group:
        _draw_links(found.links_of(group), found.finding_of(group))
    with st.expander("Every link as a table"):
        show_table(
            found.links,
            key="network_links",
            alt="Every piece of support with its giver and its school",
            column_config=date_columns("From", "Until"),
        )
        draw_downloads(found.links, "network", found.about)
    draw_lines(found.notes)


def _chosen(label: str, key: str, titles: Mapping[str, str]) -> str:
    """One of some choices side by side; the first where none is chosen."""
    first = next(iter(titles))
    st.session_state[key] = st.session_state.get(key) or first
    return st.radio(label, list(titles), key=key, format_func=lambda one: titles[one], horizontal=True) or first


def _draw_matrix(found: Network) -> None:
    """Givers' groups down, schools' groups across; each number is pieces of support."""
    st.markdown(f"**{plain(found.finding)}**")
    figure = go.Figure()
    for relation, (shape, colour) in _MARKS.items():
        own = found.cells[found.cells["Giver is"] == relation]
        if own.empty:
            continue
        figure.add_scatter(
            x=own["School's group"],
            y=own["Giver's group"],
            mode="markers+text",
            text=own["Pieces"],
            textfont={"color": "white", "size": 12},
            name=f"Giver {relation}" if relation != NO_SCHOOL else "Giver is not a school",
            marker={
                "symbol": shape,
                "color": colour,
                "size": [_SMALLEST + _GROWTH * sqrt(pieces) for pieces in own["Pieces"]],
                "sizemode": "diameter",
                # sizes that differ would make it pale, and the number in it hard to read
                "opacity": 1,
            },
            customdata=own["Schools"],
            hovertemplate="%{y} → %{x}: %{text} pieces for %{customdata} schools<extra></extra>",
        )
    figure.update_layout(
        legend={"orientation": "h", "y": 1.0, "yanchor": "bottom", "x": 0, "itemsizing": "constant"},
        height=_FRAME_HEIGHT + _ROW_HEIGHT * len(found.rows),
        margin={"l": 10, "r": 20, "t": 40, "b": 10},
        xaxis={
            "title": "Schools that receive",
            "type": "category",
            "categoryorder": "array",
            "categoryarray": found.columns,
            "tickangle": -40,
            "automargin": True,
        },
        yaxis={
            "title": "Who gives",
            "type": "category",
            "categoryorder": "array",
            "categoryarray": found.rows[::-1],
            "automargin": True,
        },
    )
    with_ink(figure, text_colour())
    st.plotly_chart(figure, key="network_matrix", config={"displayModeBar": False}, alt=found.finding)


def _draw_links(links: pd.DataFrame, finding: str) -> None:
    """Givers on the left, the schools of one group on the right, a line for each piece of support."""
    givers = list(dict.fromkeys(links["Giver"]))
    schools = list(dict.fromkeys(links["School"]))
    left, right = _places(givers), _places(schools)
    st.markdown(f"**{plain(finding)}**")
    figure = go.Figure()
    for giver, school, relation, kind in zip(
        links["Giver"], links["School"], links["Giver is"], links["Kind of support"], strict=True
    ):
        figure.add_scatter(
            x=[0, 1],
            y=[left[giver], right[school]],
            mode="lines",
            line={"color": _MARKS[relation][1], "width": 2, "dash": "dot" if relation == NO_SCHOOL else "solid"},
            showlegend=False,
            text=f"{giver} → {school}: {kind}",
            hoverinfo="text",
        )
    for place, names, anchor in ((0, left, "middle left"), (1, right, "middle right")):
        figure.add_scatter(
            x=[place] * len(names),
            y=list(names.values()),
            mode="markers+text",
            text=list(names),
            textposition=anchor,
            textfont={"color": text_colour()},
            marker={"size": 9, "color": "#505a5f", "symbol": "circle"},
            showlegend=False,
            hoverinfo="skip",
            cliponaxis=False,
        )
    figure.update_layout(
        height=60 + 26 * max(len(givers), len(schools)),
        margin={"l": 10, "r": 10, "t": 10, "b": 10},
        xaxis={"range": [-1.1, 2.1], "visible": False},
        yaxis={"range": [-0.08, 1.08], "visible": False},
    )
    st.plotly_chart(figure, key="network_strip", config={"displayModeBar": False}, alt=finding)
    st.caption("Dotted: the giver is not a school. The table of every link says the same.")


def _places(names: list[str]) -> dict[str, float]:
    """Where each name stands, from 1 at the top to 0."""
    steps = max(len(names) - 1, 1)
    return {name: 1 - place / steps for place, name in enumerate(names)}
