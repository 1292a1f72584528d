"""Charts in one style: the title is the finding, gaps are gaps, labels stand on the lines."""

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from risk_model.services.profile import Trend

_SCHOOL, _NATIONAL = "#1d70b8", "#6f777b"


def draw_trend(trend: Trend) -> None:
    """A measure over the years, with the national line, and its table behind it."""
    st.markdown(f"**{trend.finding}**")
    st.plotly_chart(
        _trend_figure(trend), key=f"trend_{trend.measure.id}", config={"displayModeBar": False}, alt=trend.finding
    )
    if trend.measure.caveat:
        st.caption(trend.measure.caveat)
    with st.expander(f"Table and sources: {trend.measure.label}"):
        st.dataframe(trend.points.drop(columns="year"), hide_index=True, key=f"table_{trend.measure.id}")


def _trend_figure(trend: Trend) -> go.Figure:
    points = trend.points
    figure = go.Figure()
    figure.add_scatter(
        x=points["label"],
        y=points["benchmark"],
        mode="lines+markers",
        name="National",
        connectgaps=False,
        line={"color": _NATIONAL, "dash": "dot"},
        marker={"symbol": "diamond-open"},
    )
    figure.add_scatter(
        x=points["label"],
        y=points["value"],
        mode="lines+markers",
        name="School",
        connectgaps=False,
        line={"color": _SCHOOL},
        marker={"size": 9},
        error_y=_limits(points),
    )
    for column, name, colour in (("value", "School", _SCHOOL), ("benchmark", "National", _NATIONAL)):
        known = points[points[column].notna()]
        if len(known):
            figure.add_annotation(
                x=known["label"].iloc[-1],
                y=known[column].iloc[-1],
                text=name,
                showarrow=False,
                xanchor="left",
                xshift=8,
                font={"color": colour},
            )
    figure.update_layout(
        showlegend=False,
        height=260,
        margin={"l": 10, "r": 70, "t": 10, "b": 10},
        xaxis={"type": "category"},
        yaxis={"title": trend.measure.unit},
    )
    return figure


def _limits(points: pd.DataFrame) -> dict[str, object] | None:
    if points["upper"].isna().all():
        return None
    return {
        "type": "data",
        "symmetric": False,
        "array": points["upper"] - points["value"],
        "arrayminus": points["value"] - points["lower"],
        "color": _SCHOOL,
        "thickness": 1,
    }


_MARKS = {
    "good or better": ("circle", "#12436d"),
    "met every standard": ("circle", "#12436d"),
    "an area needs attention": ("triangle-up", "#a05a00"),
    "leadership needs attention": ("square", "#801650"),
    "below good": ("square", "#801650"),
}


def draw_inspections(inspections: pd.DataFrame) -> None:
    """Inspections of every era on one time line, as shapes."""
    figure = go.Figure()
    for (answer, kind), group in inspections.groupby(["answer", "kind"], sort=False):
        symbol, colour = _MARKS.get(answer, ("diamond-open", "#505a5f"))
        figure.add_scatter(
            x=group["start_date"],
            y=group["kind"],
            mode="markers+text",
            text=group["answer"],
            textposition="top center",
            customdata=group["found"],
            name=f"{kind}: {answer}",
            hovertemplate="%{x|%d %B %Y}<br>%{customdata}<extra></extra>",
            marker={"symbol": symbol, "size": 13, "color": colour},
        )
    figure.update_layout(
        showlegend=False,
        height=230,
        margin={"l": 10, "r": 30, "t": 20, "b": 10},
        yaxis={"type": "category", "title": None},
        xaxis={"title": None},
    )
    st.plotly_chart(
        figure,
        key="inspections_line",
        config={"displayModeBar": False},
        alt="Inspections over time by kind; the table below says the same",
    )
