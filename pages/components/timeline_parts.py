"""One time line of a school: results, inspections, and the support it had, on one axis of dates."""

from textwrap import shorten

import pandas as pd
import plotly.graph_objects as go
import streamlit as st
from plotly.subplots import make_subplots

from pages.components.chart_marks import mark_of
from pages.components.charts import kept_figure, text_colour
from pages.components.session import ask
from pages.components.tables import show_table
from pages.components.url import put_into_url, take_from_url
from pages.components.words import date_columns, in_chart, plain
from risk_model.domain.chart_looks import LOOKS
from risk_model.domain.charts import Role
from risk_model.domain.periods import in_words
from risk_model.domain.viewer import Viewer
from risk_model.services.copy import Copy
from risk_model.services.profile import SchoolProfile
from risk_model.services.timeline import NO_SUPPORT, SupportBar, Timeline, timeline

_RESULTS_HEIGHT, _INSPECTIONS_HEIGHT, _BAR_HEIGHT, _FRAME_HEIGHT = 230, 80, 52, 70
# A label of a bar is one line; the table has all of it.
_LABEL_LENGTH = 90
_OWN, _NATIONAL = LOOKS[Role.OWN].colour, LOOKS[Role.NATIONAL].colour
_ENDED = LOOKS[Role.REST].colour
# How an inspection is marked: as the level that it would be.
_MARKS = {"good": Role.LIKELY, "mixed": Role.UNCERTAIN, "below": Role.UNLIKELY}
# How a bar is filled, and with what: each standing is also a word above its bar.
_FILLS = {
    "active": ("", _OWN),
    "stale": ("/", _OWN),
    "paused": ("|", _OWN),
    "ended": ("", _ENDED),
    "not started": (".", _ENDED),
}
_HOVER_DAY = "%{x|%d %B %Y}"


def draw_timeline(viewer: Viewer, copy: Copy, profile: SchoolProfile) -> None:
    """The support of a school against its results, with the table that says the same."""
    labels = {one.measure.id: one.measure.label for one in profile.trends}
    found = ask(timeline, viewer, copy, profile, _asked(labels))
    if found is None:
        st.write(NO_SUPPORT)
        return
    st.markdown(f"**{plain(found.finding)}**")
    if len(labels) > 1:
        st.selectbox(
            "Results on the time line",
            list(labels),
            key="timeline",
            format_func=lambda one: labels.get(one, one),
            width=520,
        )
        put_into_url("timeline", ["timeline"])
    if found.bars or found.trend is not None:
        st.plotly_chart(
            kept_figure(_figure, found),
            key="timeline_chart",
            config={"displayModeBar": False},
            alt=f"{found.finding} The table below says the same.",
        )
    for note in found.notes:
        st.caption(plain(note))
    with st.expander("Table: the time line in words"):
        show_table(
            found.table,
            key="timeline_rows",
            alt="Results, inspections, support and visits by date, newest first",
            column_config=date_columns("Date", "Until"),
        )


def _asked(labels: dict[str, str]) -> str | None:
    """The measure that is chosen, or that a link names."""
    take_from_url("timeline", {"timeline": list(labels)})
    if labels and st.session_state.get("timeline") is None:
        st.session_state["timeline"] = next(iter(labels))
    return st.session_state.get("timeline")


def _figure(found: Timeline) -> go.Figure:
    heights = [_RESULTS_HEIGHT, _INSPECTIONS_HEIGHT, _BAR_HEIGHT * max(len(found.bars), 1)]
    figure = make_subplots(rows=3, cols=1, shared_xaxes=True, row_heights=heights, vertical_spacing=0.03)
    _draw_results(figure, found)
    _draw_inspections(figure, found)
    for bar in found.bars:
        _draw_bar(figure, bar, is_late=found.is_late(bar))
    figure.add_vline(x=found.as_at.isoformat(), line={"color": _NATIONAL, "dash": "dot", "width": 1})
    figure.add_annotation(
        x=found.as_at.isoformat(),
        y=1,
        yref="paper",
        text=f"as at {in_words(found.as_at)}",
        showarrow=False,
        xanchor="right",
        yanchor="bottom",
        yshift=26,
        font={"color": text_colour(), "size": 11},
    )
    figure.update_layout(
        showlegend=False,
        height=sum(heights) + _FRAME_HEIGHT,
        margin={"l": 10, "r": 30, "t": 40, "b": 10},
        bargap=0.62,
        barmode="overlay",
    )
    figure.update_xaxes(
        range=[found.first.isoformat(), found.last.isoformat()], type="date", dtick="M12", tickformat="%Y"
    )
    figure.update_xaxes(showticklabels=True, row=3)
    figure.update_yaxes(title=found.trend.measure.unit if found.trend else None, row=1)
    figure.update_yaxes(showticklabels=False, title="Inspections", row=2)
    figure.update_yaxes(
        showticklabels=False,
        title="Support",
        type="category",
        categoryorder="array",
        categoryarray=[_row(bar) for bar in found.bars][::-1],
        row=3,
    )
    return figure


def _row(bar: SupportBar) -> str:
    return f"piece {bar.number}"


def _draw_results(figure: go.Figure, found: Timeline) -> None:
    """A line for each run of comparable years; none over a year without a figure."""
    for _, own in found.points.groupby("run"):
        for column, name, style in (
            (
                "benchmark",
                "National",
                {"line": {"color": _NATIONAL, "dash": "dot"}, "marker": {"symbol": "diamond-open"}},
            ),
            ("value", "School", {"line": {"color": _OWN}, "marker": {"size": 9}, "error_y": _interval(own)}),
        ):
            figure.add_scatter(
                x=own["on"],
                y=own[column],
                mode="lines+markers",
                connectgaps=False,
                customdata=own["label"],
                hovertemplate=f"{name}, %{{customdata}}: %{{y}}<extra></extra>",
                row=1,
                col=1,
                **style,
            )
    for column, name, colour in (("value", "School", _OWN), ("benchmark", "National", _NATIONAL)):
        known = found.points[found.points[column].notna()]
        if len(known):
            figure.add_annotation(
                x=known["on"].iloc[-1],
                y=known[column].iloc[-1],
                text=name,
                showarrow=False,
                xanchor="left",
                xshift=9,
                font={"color": colour},
                row=1,
                col=1,
            )
    for place, day in enumerate(found.breaks):
        figure.add_vline(x=day.isoformat(), line={"color": _NATIONAL, "width": 1}, row=1, col=1)
        figure.add_annotation(
            x=day.isoformat(),
            y=1,
            yref="y domain",
            yshift=13 * (place % 2),
            text="not comparable",
            showarrow=False,
            xanchor="center",
            yanchor="bottom",
            font={"color": text_colour(), "size": 11},
            row=1,
            col=1,
        )


def _draw_inspections(figure: go.Figure, found: Timeline) -> None:
    figure.add_scatter(
        x=found.inspections["start_date"],
        y=["Inspections"] * len(found.inspections),
        mode="markers+text",
        text=found.inspections["answer"],
        textposition=[("top center", "bottom center")[number % 2] for number in range(len(found.inspections))],
        customdata=found.inspections["found"].map(in_chart),
        hovertemplate=f"{_HOVER_DAY}<br>%{{customdata}}<extra></extra>",
        marker=_inspection_marks(found.inspections),
        textfont={"color": text_colour(), "size": 12},
        cliponaxis=False,
        row=2,
        col=1,
    )


def _inspection_marks(inspections: pd.DataFrame) -> dict[str, object]:
    marks = [mark_of(_MARKS.get(mark, Role.NOT_ENOUGH_EVIDENCE)) for mark in inspections["mark"]]
    return {"size": 13} | {part: [mark[part] for mark in marks] for part in ("symbol", "color")}


def _interval(points: pd.DataFrame) -> dict[str, object] | None:
    """The limits of a line's points, where any has them."""
    if points["upper"].isna().all():
        return None
    return {
        "type": "data",
        "symmetric": False,
        "array": points["above"],
        "arrayminus": points["below"],
        "color": _OWN,
        "thickness": 1,
    }


def draw_inspections(inspections: pd.DataFrame) -> None:
    """Inspections of every era on one time line, as shapes."""
    st.plotly_chart(
        kept_figure(_inspections_figure, inspections),
        key="inspections_line",
        config={"displayModeBar": False},
        alt="Inspections over time by kind; the table below says the same",
    )


def _inspections_figure(inspections: pd.DataFrame) -> go.Figure:
    figure = go.Figure()
    figure.add_scatter(
        x=inspections["start_date"],
        y=inspections["kind"],
        mode="markers+text",
        text=inspections["answer"],
        # neighbours' labels go above and below by turns
        textposition=[("top center", "bottom center")[number % 2] for number in range(len(inspections))],
        textfont={"color": text_colour(), "size": 12},
        customdata=inspections["found"].map(in_chart),
        hovertemplate=f"{_HOVER_DAY}<br>%{{customdata}}<extra></extra>",
        marker=_inspection_marks(inspections),
        cliponaxis=False,
    )
    figure.update_layout(
        showlegend=False,
        height=90 + 70 * inspections["kind"].nunique(),
        margin={"l": 10, "r": 30, "t": 20, "b": 10},
        yaxis={"type": "category", "title": None},
        xaxis={"title": None},
    )
    return figure


def _draw_bar(figure: go.Figure, bar: SupportBar, *, is_late: bool) -> None:
    shape, colour = _FILLS[bar.standing]
    figure.add_bar(
        base=[bar.began.isoformat()],
        x=[bar.length_ms],
        y=[_row(bar)],
        orientation="h",
        marker={
            "color": colour,
            "line": {"color": colour, "width": 1.5},
            "pattern": {"shape": shape, "fillmode": "replace", "size": 6},
        },
        hovertemplate=f"{in_words(bar.began)} to {in_words(bar.until)}<extra></extra>",
        row=3,
        col=1,
    )
    figure.add_scatter(
        x=pd.to_datetime([visit.on for visit in bar.visits]),
        y=[_row(bar)] * len(bar.visits),
        mode="markers",
        marker={"symbol": "diamond", "size": 9, "color": "#ffffff", "line": {"color": "#0b0c0c", "width": 1.5}},
        customdata=[in_chart(visit.words) for visit in bar.visits],
        hovertemplate=f"{_HOVER_DAY}<br>%{{customdata}}<extra></extra>",
        row=3,
        col=1,
    )
    # the words stand above the bar and grow into the middle of the chart
    figure.add_annotation(
        x=(bar.until if is_late else bar.began).isoformat(),
        xanchor="right" if is_late else "left",
        y=_row(bar),
        yshift=19,
        text=in_chart(shorten(bar.words, _LABEL_LENGTH, placeholder="…")),
        showarrow=False,
        font={"color": text_colour(), "size": 12},
        row=3,
        col=1,
    )
