"""The description of a chart as a figure of plotly's: one function for each kind of drawing, one style for all."""

from collections.abc import Sequence
from textwrap import shorten, wrap

import plotly.graph_objects as go

from pages.components.chart_marks import (
    FRAME_HEIGHT,
    LINES_HEIGHT,
    ROW_HEIGHT,
    axis_of,
    label,
    mark_of,
    said,
    title_above,
    upright,
)
from pages.components.chart_spots import places_figure, scatter_figure, strips_figure
from pages.components.words import in_chart
from risk_model.domain.chart_looks import INK_DARK, INK_LIGHT, LOOKS, RULE, UNKNOWN_FILL, UNKNOWN_HATCH
from risk_model.domain.chart_words import label_heights, lines_range, runs
from risk_model.domain.charts import Bars, Dot, Dots, Drawing, Line, Lines, Places, Scatter, Strips

_LEGEND_ROOM = 30
# letters of a row's name on a line, before it goes on below
_NAME_WIDTH = 28


def with_ink(figure: go.Figure, ink: str) -> go.Figure:
    """A figure whose axes are lettered in this colour: the framework's own grey does not stand out enough."""
    letters = {"tickfont": {"color": ink}, "title": {"font": {"color": ink}}}
    return figure.update_xaxes(letters).update_yaxes(letters)


def figure_of(drawing: Drawing, *, dark: bool) -> go.Figure:
    """A drawing as a figure for the page's light or dark background."""
    ink = INK_DARK if dark else INK_LIGHT
    match drawing:
        case Lines():
            figure = _lines(drawing, ink)
        case Bars():
            figure = _bars(drawing, ink)
        case Dots():
            figure = _dots(drawing, ink)
        case Strips():
            figure = strips_figure(drawing, ink)
        case Scatter():
            figure = scatter_figure(drawing, ink)
        case Places():
            figure = places_figure(drawing, ink)
    # the names of lines to read against stand where the legend would
    has_names_above = isinstance(drawing, Dots) and bool(drawing.at)
    figure.update_layout(
        margin={"l": 10, "r": 110 if isinstance(drawing, Lines) else 24, "t": 58 if has_names_above else 36, "b": 10},
        font={"color": ink, "size": 13},
        legend={
            "orientation": "h",
            "y": 1 + 24 / (figure.layout.height - FRAME_HEIGHT) if has_names_above else 1,
            "yanchor": "bottom",
            "x": 0,
            "traceorder": "normal",
            "itemsizing": "constant",
            "itemclick": False,
            "itemdoubleclick": False,
        },
        hoverlabel={"align": "left"},
    )
    # a chart stays as it is under the finger that scrolls the page; a map may be drawn nearer
    is_fixed = not isinstance(drawing, Places)
    figure.update_xaxes(automargin=True, fixedrange=is_fixed, title={"standoff": 8}, zerolinecolor=RULE)
    figure.update_yaxes(automargin=True, fixedrange=is_fixed, title={"standoff": 8}, zerolinecolor=RULE)
    return with_ink(figure, ink)


def _around(values: Sequence[float | None], ends: Sequence[float | None], sign: int) -> list[float | None]:
    """How far the ends of intervals lie from their values."""
    return [None if v is None or e is None else sign * (e - v) for v, e in zip(values, ends, strict=True)]


def _interval(one: Line | Dot, chosen: Sequence[int], colour: str) -> dict[str, object] | None:
    if not one.lower:
        return None
    values = [one.values[at] for at in chosen]
    return {
        "type": "data",
        "symmetric": False,
        "array": _around(values, [one.upper[at] for at in chosen], 1),
        "arrayminus": _around(values, [one.lower[at] for at in chosen], -1),
        "color": colour,
        "thickness": 1,
        "width": 3,
    }


def _lines(drawing: Lines, ink: str) -> go.Figure:
    figure = go.Figure()
    for line in drawing.lines:
        look = LOOKS[line.role]
        for run in runs(line, drawing):
            figure.add_scatter(
                x=[drawing.periods[at] for at in run],
                y=[line.values[at] for at in run],
                mode="lines+markers",
                line={"color": look.colour, "dash": look.dash, "width": 2},
                marker=mark_of(line.role),
                error_y=_interval(line, run, look.colour),
                hovertemplate=said(drawing.axis, line.name, upright=True),
                cliponaxis=False,
            )
    # the names last: they lie above a reason that stands close by
    _say_the_gaps(figure, drawing, ink)
    _name_the_lines(figure, drawing, ink)
    for one in drawing.breaks:
        if one.period in drawing.periods[1:]:
            at = drawing.periods.index(one.period) - 0.5
            figure.add_vline(x=at, line={"color": RULE, "width": 1, "dash": "dash"})
            # upright at the top, so that two breaks, and the reasons of gaps at the foot, do not meet
            said_so = {"yref": "paper", "yanchor": "top", "textangle": -90, "font": {"color": ink, "size": 11}}
            label(figure, at, 1, "not comparable", ink, **said_so)
    title_above(figure, drawing.axis, ink)
    figure.update_layout(
        showlegend=False,
        height=LINES_HEIGHT,
        xaxis={
            "type": "category",
            "categoryorder": "array",
            "categoryarray": drawing.periods,
            "range": [-0.4, len(drawing.periods) - 0.6],
            # as many years as have room, and none of them aslant
            "nticks": 8,
            "tickangle": 0,
        },
        yaxis=axis_of(drawing.axis, is_titled=False) | {"range": lines_range(drawing)},
    )
    return figure


def _name_the_lines(figure: go.Figure, drawing: Lines, ink: str) -> None:
    """Each line's name beside its last figure; names that would meet stand apart."""
    for line, at, shift in label_heights(drawing, LINES_HEIGHT - FRAME_HEIGHT):
        label(
            figure,
            at,
            line.values[at] or 0,
            shorten(line.name, _NAME_WIDTH, placeholder="…"),
            ink,
            xanchor="left",
            xshift=9,
            yshift=shift,
        )


def _say_the_gaps(figure: go.Figure, drawing: Lines, ink: str) -> None:
    """Where the first line has no figure, why: the unknown is drawn."""
    own = drawing.lines[0] if drawing.lines else None
    if own is None or not own.notes:
        return
    for at, (value, note) in enumerate(zip(own.values, own.notes, strict=True)):
        if value is None and note:
            label(figure, at, 0.02, note, ink, yref="paper", yanchor="bottom", textangle=-90)


def _rows(names: Sequence[str]) -> dict[str, object]:
    """An axis of names, the first on top, long ones on several lines."""
    return {
        "type": "category",
        "categoryorder": "array",
        "categoryarray": list(names)[::-1],
        "tickvals": list(names),
        "ticktext": ["<br>".join(in_chart(line) for line in wrap(one, _NAME_WIDTH)) for one in names],
    }


def _bars(drawing: Bars, ink: str) -> go.Figure:
    figure = go.Figure()
    for part in drawing.parts:
        look = LOOKS[part.role]
        figure.add_bar(
            x=part.values,
            y=drawing.rows,
            orientation="h",
            name=in_chart(part.name),
            text=[in_chart(one) for one in part.labels] or None,
            textposition="inside",
            insidetextanchor="middle",
            textangle=0,
            constraintext="inside",
            textfont={"color": INK_LIGHT if look.hatch else "#ffffff", "size": 13},
            marker={
                "color": UNKNOWN_FILL if look.hatch else look.colour,
                "line": {"color": look.colour if look.hatch else "#ffffff", "width": 1},
                "pattern": {
                    "shape": "/" if look.hatch else "",
                    "fillmode": "replace",
                    "bgcolor": UNKNOWN_FILL if look.hatch else look.colour,
                    "fgcolor": UNKNOWN_HATCH,
                    "size": 7,
                },
            },
            hovertemplate=said(drawing.axis, part.name),
        )
    for name, values in drawing.marks:
        figure.add_scatter(
            x=values,
            y=drawing.rows,
            mode="markers",
            name=in_chart(name),
            marker={"symbol": "line-ns-open", "size": 20, "color": ink, "line": {"width": 3, "color": ink}},
            hovertemplate=said(drawing.axis, name),
        )
    figure.update_layout(
        barmode="stack",
        bargap=0.28,
        showlegend=len(drawing.parts) + len(drawing.marks) > 1,
        # on a narrow screen each name of the legend takes a row of its own
        height=FRAME_HEIGHT + ROW_HEIGHT * len(drawing.rows) + (_LEGEND_ROOM if len(drawing.parts) > 2 else 0),
        xaxis=axis_of(drawing.axis),
        yaxis=_rows(drawing.rows),
    )
    return figure


def _dots(drawing: Dots, ink: str) -> go.Figure:
    figure = go.Figure()
    if drawing.joined:
        for place, row in enumerate(drawing.rows):
            known = [dot.values[place] for dot in drawing.dots if dot.values[place] is not None]
            if len(known) > 1:
                figure.add_scatter(
                    x=known,
                    y=[row] * len(known),
                    mode="lines",
                    line={"color": RULE, "width": 2},
                    showlegend=False,
                    hoverinfo="skip",
                )
    for dot in drawing.dots:
        known = [at for at, value in enumerate(dot.values) if value is not None]
        figure.add_scatter(
            x=[dot.values[at] for at in known],
            y=[drawing.rows[at] for at in known],
            mode="markers",
            name=in_chart(dot.name),
            marker=mark_of(dot.role, 13),
            error_x=_interval(dot, known, LOOKS[dot.role].colour),
            cliponaxis=False,
            hovertemplate=said(drawing.axis, dot.name),
        )
    upright(figure, drawing.at, ink)
    figure.update_layout(
        showlegend=len(drawing.dots) > 1,
        height=FRAME_HEIGHT + ROW_HEIGHT * len(drawing.rows),
        xaxis=axis_of(drawing.axis),
        yaxis=_rows(drawing.rows),
    )
    return figure
