"""What the drawings of charts share: marks, axes, lines to read against, labels that stay readable."""

from collections.abc import Sequence
from textwrap import wrap

import plotly.graph_objects as go

from pages.components.words import in_chart
from risk_model.domain.chart_looks import INK_DARK, LOOKS, PAGE_DARK, PAGE_LIGHT, RULE
from risk_model.domain.charts import Axis, Role

ROW_HEIGHT, STRIP_HEIGHT, FRAME_HEIGHT, LINES_HEIGHT, SQUARE_HEIGHT = 40, 74, 100, 290, 500
# letters for which a narrow screen has room below a chart; and how many more a line may have so that words fit
_TITLE_WIDTH, _SLACK = 38, 5
_SHAPES = {
    "circle": "circle",
    "square": "square",
    "triangle": "triangle-up",
    "diamond": "diamond",
    "cross": "x",
    "star": "star",
    "pentagon": "pentagon",
    "hexagon": "hexagon",
}


def mark_of(role: Role, size: int = 0) -> dict[str, object]:
    """The mark of a role: shape, colour, size."""
    look = LOOKS[role]
    shape = _SHAPES[look.shape] + ("-open" if look.is_open else "")
    return {
        "symbol": shape,
        "color": look.colour,
        "size": size or look.size,
        "line": {"width": 2, "color": look.colour},
    }


def axis_title(axis: Axis) -> str:
    """What an axis measures, and which side is better."""
    return axis.label + (f" ({axis.better})" if axis.better else "")


def axis_of(axis: Axis, *, is_titled: bool = True) -> dict[str, object]:
    """An axis of plotly's; an upright one leaves its title to title_above."""
    return {
        "title": {"text": _in_lines(axis_title(axis)) if is_titled else None},
        "rangemode": "tozero" if axis.from_zero else "normal",
        "ticksuffix": axis.suffix,
    }


def _in_lines(title: str) -> str:
    """A long title on lines of about the same length."""
    lines = -(-len(title) // _TITLE_WIDTH)
    return "<br>".join(in_chart(line) for line in wrap(title, -(-len(title) // lines) + _SLACK))


def said(axis: Axis, name: str, *, upright: bool = False) -> str:
    """What hovering says: whose figure, of which row or period, and the figure."""
    row, figure = ("x", "y") if upright else ("y", "x")
    return f"{in_chart(name)}, %{{{row}}}: %{{{figure}:,.{axis.decimals}f}}{axis.suffix}<extra></extra>"


def title_above(figure: go.Figure, axis: Axis, ink: str) -> None:
    """The upright axis' title, lying above it, where it can be as long as it is."""
    figure.add_annotation(
        x=0,
        xref="paper",
        xanchor="left",
        y=1,
        yref="paper",
        yanchor="bottom",
        yshift=6,
        text=in_chart(axis_title(axis)),
        showarrow=False,
        font={"color": ink, "size": 12},
    )


def label(figure: go.Figure, x: float | str, y: float | str, text: str, ink: str, **options: object) -> None:
    """A word inside a chart, on a ground of the page's own colour, so that marks behind do not hide it."""
    ground = PAGE_DARK if ink == INK_DARK else PAGE_LIGHT
    figure.add_annotation(
        **{
            "x": x,
            "y": y,
            "text": in_chart(text),
            "showarrow": False,
            "font": {"color": ink, "size": 12},
            "bgcolor": f"rgba{(*(int(ground[at : at + 2], 16) for at in (1, 3, 5)), 0.8)}",
            "borderpad": 1,
            **options,
        }
    )


def upright(figure: go.Figure, lines: Sequence[tuple[str, float]], ink: str, *, above: bool = True) -> None:
    """Upright lines across a chart, named above it, or at its top where something else stands above."""
    for name, value in lines:
        figure.add_vline(x=value, line={"color": RULE, "dash": "dot", "width": 2})
        label(figure, value, 1, name, ink, yref="paper", yanchor="bottom" if above else "top")
