"""Charts of spots, one for each school or area: strips, scatters, maps."""

from collections.abc import Mapping, Sequence
from itertools import groupby
from types import MappingProxyType

import plotly.graph_objects as go

from pages.components.chart_marks import (
    FRAME_HEIGHT,
    SQUARE_HEIGHT,
    STRIP_HEIGHT,
    axis_of,
    label,
    mark_of,
    title_above,
    upright,
)
from pages.components.words import in_chart
from risk_model.domain.chart_looks import RULE, size_on_map
from risk_model.domain.chart_words import PLACED, figure_words, name_places, spread
from risk_model.domain.charts import Places, Role, Scatter, Spot, Strips

_NAME_HEIGHT = 16  # of a line of names, in pixels


def strips_figure(drawing: Strips, ink: str) -> go.Figure:
    """Strips of dots, one above the other."""
    figure = go.Figure()
    count = len(drawing.strips)
    for number, strip in enumerate(drawing.strips):
        middle = count - 1 - number
        for role, spots in _by_role(strip.spots):
            is_rest = role is Role.REST
            figure.add_scatter(
                x=[one.x for one in spots],
                y=[middle + (spread(one) if is_rest else 0) for one in spots],
                mode="markers",
                marker={**mark_of(role), "opacity": 0.55 if is_rest else 1},
                customdata=[one.key for one in spots],
                hovertext=[_hover(one) for one in spots],
                hovertemplate=f"%{{hovertext}}: %{{x:,.{drawing.axis.decimals}f}}{drawing.axis.suffix}<extra></extra>",
                showlegend=False,
                cliponaxis=False,
            )
        _name_spots(figure, [(one, middle) for one in strip.spots], ink, name_places(strip.spots))
        for name, value in strip.at:
            figure.add_shape(
                type="line", x0=value, x1=value, y0=middle - 0.36, y1=middle + 0.36, line={"color": ink, "width": 3}
            )
            label(figure, value, middle - 0.36, f"{name} {figure_words(value, drawing.axis)}", ink, yanchor="top")
    names = [
        in_chart(one.name) + (f"<br>{one.without:,} without a figure" if one.without else "") for one in drawing.strips
    ]
    figure.update_layout(
        showlegend=False,
        height=FRAME_HEIGHT + STRIP_HEIGHT * count,
        xaxis=axis_of(drawing.axis),
        yaxis={
            "tickvals": list(range(count - 1, -1, -1)),
            "ticktext": names,
            "range": [-0.65, count - 0.35],
            "showgrid": False,
            "zeroline": False,
        },
    )
    return figure


def _name_spots(
    figure: go.Figure,
    spots: Sequence[tuple[Spot, float]],
    ink: str,
    places: Mapping[str, tuple[int, str]] = MappingProxyType({}),
) -> None:
    """The names of the spots that have a label, each above its own, some a line higher."""
    for one, height in spots:
        if one.label:
            step, side = places.get(one.key, (0, "center"))
            up = 8 + _NAME_HEIGHT * step
            label(figure, one.x, height, one.label, ink, yanchor="bottom", yshift=up, xanchor=side)


def _hover(spot: Spot) -> str:
    return in_chart(spot.name) + (f"<br>{in_chart(spot.told)}" if spot.told else "")


def _by_role(spots: Sequence[Spot]) -> list[tuple[Role, list[Spot]]]:
    """The spots of each role together; the many that are not picked first, so that the others stand on them."""
    order = {role: place for place, role in enumerate(PLACED)}
    ordered = sorted(spots, key=lambda one: order[one.role])
    return [(role, list(own)) for role, own in groupby(ordered, key=lambda one: one.role)]


def scatter_figure(drawing: Scatter, ink: str) -> go.Figure:
    """Dots of two figures against each other."""
    figure = go.Figure()
    for role, spots in _by_role(drawing.spots):
        figure.add_scatter(
            x=[one.x for one in spots],
            y=[one.y for one in spots],
            mode="markers",
            marker={**mark_of(role), "opacity": 0.6 if role is Role.REST else 0.9},
            customdata=[one.key for one in spots],
            hovertext=[_hover(one) for one in spots],
            hovertemplate="%{hovertext}<extra></extra>",
            cliponaxis=False,
        )
    # the other axis' name stands above
    upright(figure, drawing.x_at, ink, above=False)
    for name, value in drawing.y_at:
        figure.add_hline(y=value, line={"color": RULE, "dash": "dot", "width": 2})
        label(figure, 1, value, name, ink, xref="paper", xanchor="right", yanchor="bottom")
    _name_spots(figure, [(one, one.y) for one in drawing.spots], ink)
    title_above(figure, drawing.y, ink)
    figure.update_layout(
        showlegend=False, height=SQUARE_HEIGHT, xaxis=axis_of(drawing.x), yaxis=axis_of(drawing.y, is_titled=False)
    )
    return figure


def places_figure(drawing: Places, ink: str) -> go.Figure:
    """A map."""
    figure = go.Figure()
    for outline in sorted(drawing.outlines, key=lambda one: one.is_own):
        x: list[float | None] = []
        y: list[float | None] = []
        for ring in outline.rings:
            x += [*(east for east, _ in ring), None]
            y += [*(north for _, north in ring), None]
        figure.add_scatter(
            x=x,
            y=y,
            mode="lines",
            line={"color": ink if outline.is_own else RULE, "width": 2 if outline.is_own else 1},
            fill="toself" if outline.is_own else "none",
            fillcolor="rgba(138, 147, 152, 0.12)",
            showlegend=False,
            hoverinfo="skip",
        )
    for role, spots in _by_role(drawing.spots):
        figure.add_scatter(
            x=[one.x for one in spots],
            y=[one.y for one in spots],
            mode="markers",
            name=f"{role.value}: {len(spots):,}",
            marker=mark_of(role, size_on_map(role, len(drawing.spots))),
            customdata=[one.key for one in spots],
            hovertext=[_hover(one) for one in spots],
            hovertemplate="%{hovertext}<extra></extra>",
        )
    _name_spots(figure, [(one, one.y) for one in drawing.spots], ink)
    own = [point for one in drawing.outlines if one.is_own for ring in one.rings for point in ring]
    shown = own or [(one.x, one.y) for one in drawing.spots]
    hidden = {"visible": False, "showgrid": False, "zeroline": False}
    figure.update_layout(
        showlegend=True,
        height=SQUARE_HEIGHT,
        xaxis={**hidden, "range": _frame([x for x, _ in shown])},
        yaxis={**hidden, "range": _frame([y for _, y in shown]), "scaleanchor": "x", "scaleratio": 1},
    )
    return figure


def _frame(numbers: Sequence[float]) -> list[float] | None:
    if not numbers:
        return None
    margin = max((max(numbers) - min(numbers)) * 0.04, 500)
    return [min(numbers) - margin, max(numbers) + margin]
