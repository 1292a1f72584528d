"""Charts in one style: the title is the finding, gaps are gaps, labels stand on the lines."""

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from pages.components.words import link_to_row
from risk_model.services.trends import Trend

SCHOOL, NATIONAL = "#1d70b8", "#6f777b"


def text_colour() -> str:
    """The colour of words inside a chart that must be read, on the background of the reader's theme."""
    return "#f3f2f1" if st.context.theme.type == "dark" else "#0b0c0c"


def draw_trend(trend: Trend) -> None:
    """A measure over the years, with the national line, and its table behind it."""
    st.markdown(f"**{trend.finding}**")
    st.plotly_chart(
        _trend_figure(trend), key=f"trend_{trend.measure.id}", config={"displayModeBar": False}, alt=trend.finding
    )
    if trend.inherited_note:
        st.caption(trend.inherited_note)
    if trend.national_note:
        st.caption(trend.national_note)
    if trend.measure.caveat:
        st.caption(trend.measure.caveat)
    with st.expander(f"Table and sources: {trend.measure.label}"):
        st.dataframe(trend.table, hide_index=True, key=f"table_{trend.measure.id}")
        for label, source, release_id, row in trend.sources:
            link_to_row(f"{source} ({label})", release_id, row)


def _trend_figure(trend: Trend) -> go.Figure:
    points = trend.points
    figure = go.Figure()
    figure.add_scatter(
        x=points["label"],
        y=points["benchmark"],
        mode="lines+markers",
        name="National",
        connectgaps=False,
        line={"color": NATIONAL, "dash": "dot"},
        marker={"symbol": "diamond-open"},
    )
    figure.add_scatter(
        x=points["label"],
        y=points["value"],
        mode="lines+markers",
        name="School",
        connectgaps=False,
        line={"color": SCHOOL},
        marker={"size": 9},
        error_y=interval_of(points),
    )
    for column, name, colour, shift in (("value", "School", SCHOOL, 9), ("benchmark", "National", NATIONAL, -9)):
        known = points[points[column].notna()]
        if len(known):
            last = known.iloc[-1]
            # the two labels part where their lines end side by side
            is_lower = last["value"] < last["benchmark"]
            figure.add_annotation(
                x=last["label"],
                y=last[column],
                text=name,
                showarrow=False,
                xanchor="left",
                xshift=8,
                yshift=-shift if is_lower else shift,
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


def interval_of(points: pd.DataFrame) -> dict[str, object] | None:
    """The limits of a trend's points, where any has them."""
    if points["upper"].isna().all():
        return None
    return {
        "type": "data",
        "symmetric": False,
        "array": points["above"],
        "arrayminus": points["below"],
        "color": SCHOOL,
        "thickness": 1,
    }


INSPECTION_MARKS = {"good": ("circle", "#1d70b8"), "mixed": ("triangle-up", "#f46a25"), "below": ("square", "#b0417e")}
OTHER_MARK = ("diamond-open", "#6f777b")


def draw_inspections(inspections: pd.DataFrame) -> None:
    """Inspections of every era on one time line, as shapes."""
    marks = [INSPECTION_MARKS.get(mark, OTHER_MARK) for mark in inspections["mark"]]
    figure = go.Figure()
    figure.add_scatter(
        x=inspections["start_date"],
        y=inspections["kind"],
        mode="markers+text",
        text=inspections["answer"],
        # neighbours' labels go above and below by turns
        textposition=[("top center", "bottom center")[number % 2] for number in range(len(inspections))],
        customdata=inspections["found"],
        hovertemplate="%{x|%d %B %Y}<br>%{customdata}<extra></extra>",
        marker={"symbol": [symbol for symbol, _ in marks], "size": 13, "color": [colour for _, colour in marks]},
    )
    figure.update_layout(
        showlegend=False,
        height=90 + 70 * inspections["kind"].nunique(),
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
