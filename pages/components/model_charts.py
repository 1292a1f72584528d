"""Dots with their intervals, and the trade-off curve: the title is the finding, the table stands behind."""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from pages.components.words import plain

_COLOURS = ("#1d70b8", "#b0417e", "#28a197", "#f46a25", "#6f777b", "#a285d1")
_SHAPES = ("circle", "square", "diamond-open", "triangle-up", "x", "star")
_GREY = "#6f777b"
_ROW_HEIGHT, _FRAME_HEIGHT = 44, 110


@dataclass(frozen=True)
class Dots:
    """One kind of dot of a chart: its column and what it is called.

    The lengths of its interval stand in the columns of the same name with "above" and "below".
    """

    value: str
    name: str


def draw_dots(table: pd.DataFrame, rows: str, dots: Sequence[Dots], axis: str, finding: str, key: str) -> None:
    """One line of dots a row, each dot with its interval; a figure that is withheld has no dot.

    Args:
        rows: the column that names them, the first on top.
        finding: the title, which is also what a screen reader says of the chart.
    """
    st.markdown(f"**{plain(finding)}**")
    drawn = [(place, one) for place, one in enumerate(dots) if table[one.value].notna().any()]
    figure = go.Figure()
    for place, one in drawn:
        known = table[table[one.value].notna()]
        figure.add_scatter(
            x=known[one.value],
            y=known[rows],
            mode="markers",
            name=one.name,
            marker={"size": 12, "symbol": _SHAPES[place], "color": _COLOURS[place]},
            error_x=_interval(known, one, _COLOURS[place]),
            cliponaxis=False,
            hovertemplate="%{y}: %{x:.0f} of 100<extra>" + one.name + "</extra>",
        )
    figure.update_layout(
        showlegend=len(drawn) > 1,
        legend={"orientation": "h", "y": 1.0, "yanchor": "bottom", "x": 0},
        height=_FRAME_HEIGHT + _ROW_HEIGHT * len(table),
        margin={"l": 10, "r": 20, "t": 30, "b": 10},
        xaxis={"title": axis, "rangemode": "tozero"},
        yaxis={"type": "category", "categoryorder": "array", "categoryarray": table[rows].tolist()[::-1]},
    )
    st.plotly_chart(figure, key=f"chart_{key}", config={"displayModeBar": False}, alt=finding)


def _interval(known: pd.DataFrame, dots: Dots, colour: str) -> dict[str, object]:
    return {
        "type": "data",
        "symmetric": False,
        "array": known[f"{dots.value} above"],
        "arrayminus": known[f"{dots.value} below"],
        "color": colour,
        "thickness": 1,
    }


def draw_years(below: pd.DataFrame, finding: str) -> None:
    """The share below by academic year; each framework has a line and a shape of its own, and none is joined."""
    st.markdown(f"**{finding}**")
    figure = go.Figure()
    for place, (framework, own) in enumerate(below.groupby("Framework", sort=False)):
        figure.add_scatter(
            x=own["Academic year"],
            y=own["Below"],
            mode="lines+markers",
            name=str(framework),
            line={"color": _COLOURS[place % len(_COLOURS)]},
            marker={"size": 10, "symbol": _SHAPES[place % len(_SHAPES)]},
            hovertemplate="%{x}: %{y:.0f} of 100<extra></extra>",
        )
    figure.update_layout(
        legend={"orientation": "h", "y": -0.3, "x": 0},
        height=380,
        margin={"l": 10, "r": 20, "t": 20, "b": 10},
        xaxis={"type": "category", "categoryorder": "category ascending"},
        yaxis={"title": "Of 100 inspections, below", "rangemode": "tozero"},
    )
    st.plotly_chart(figure, key="chart_years", config={"displayModeBar": False}, alt=finding)


def draw_tradeoff(table: pd.DataFrame, finding: str) -> None:
    """AUC against the false positives of the poorest fifth, one dot a share compared among similar schools."""
    st.markdown(f"**{plain(finding)}**")
    figure = go.Figure()
    figure.add_scatter(
        x=table["False positives, poorest fifth"],
        y=table["AUC"],
        mode="lines+markers+text",
        text=table["Compared among similar schools"] + " " + table["These rules"],
        textposition="top center",
        line={"color": _GREY, "dash": "dot"},
        marker={
            "size": [15 if is_ours else 9 for is_ours in table["These rules"]],
            "symbol": ["diamond" if is_ours else "circle" for is_ours in table["These rules"]],
            "color": _COLOURS[0],
        },
        hovertemplate="%{text}: AUC %{y:.3f}, %{x:.2f} times the overall rate<extra></extra>",
    )
    figure.update_layout(
        showlegend=False,
        height=340,
        margin={"l": 10, "r": 30, "t": 30, "b": 10},
        xaxis={"title": "False positives in the most disadvantaged fifth ÷ overall (further left is fairer)"},
        yaxis={"title": "AUC (higher finds more)"},
    )
    st.plotly_chart(figure, key="chart_tradeoff", config={"displayModeBar": False}, alt=finding)
