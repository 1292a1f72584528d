"""A chart as a picture file, PNG or SVG, with its title, its source and what must be known of it.

Drawn by matplotlib from the same description as the screen's chart: no browser is needed on the machine that serves.
Text from files is never read as a formula of its own.
"""

import io
from collections.abc import Mapping, Sequence
from textwrap import fill
from types import MappingProxyType
from typing import Any

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.patches import Polygon
from matplotlib.ticker import FuncFormatter

from risk_model.domain.chart_looks import INK_LIGHT, LOOKS, PAGE_LIGHT, RULE, UNKNOWN_FILL, size_on_map
from risk_model.domain.chart_words import PLACED, figure_words, label_heights, lines_range, name_places, runs, spread
from risk_model.domain.charts import Axis, Bars, Chart, Dot, Dots, Line, Lines, Places, Role, Scatter, Spot, Strips

_DOTS_PER_INCH = 144
_WIDTH = 8.0
_SHAPES = {
    "circle": "o",
    "square": "s",
    "triangle": "^",
    "diamond": "D",
    "cross": "X",
    "star": "*",
    "pentagon": "p",
    "hexagon": "h",
}
_DASHES = {"solid": "-", "dot": ":", "dash": "--"}
_NAME_HEIGHT = 11  # of a line of names, in points
_TITLE_WIDTH, _NOTE_WIDTH, _NAME_WIDTH = 80, 118, 30
_LINE = 0.21


def as_png(chart: Chart) -> bytes:
    """A chart as PNG, some 1,150 pixels wide, on white."""
    return _saved(chart, "png")


def as_svg(chart: Chart) -> bytes:
    """A chart as SVG, its words as text."""
    return _saved(chart, "svg")


def _saved(chart: Chart, kind: str) -> bytes:
    figure = _drawn(chart)
    (FigureCanvasAgg if kind == "png" else FigureCanvasSVG)(figure)
    buffer = io.BytesIO()
    metadata: dict[str, Any] = {"Title": chart.finding}
    if kind == "svg":
        metadata["Date"] = None
    figure.savefig(buffer, format=kind, dpi=_DOTS_PER_INCH, facecolor=PAGE_LIGHT, metadata=metadata)
    return buffer.getvalue()


def _drawn(chart: Chart) -> Figure:
    """The figure with its words above and below, at the height that they and the rows need."""
    title = fill(chart.finding, _TITLE_WIDTH)
    notes = "\n".join(fill(line, _NOTE_WIDTH) for line in [*chart.notes, f"Source: {chart.source}"])
    above, below = _lines_of(title) * _LINE + 0.6, _lines_of(notes) * _LINE * 0.85 + 0.75
    middle = _height(chart)
    whole = above + middle + below
    figure = Figure(figsize=(_WIDTH, whole))
    left = 0.28 if _names_of(chart) else 0.1
    axes = figure.add_axes((left, below / whole, 0.82 - left + (0.1 if _names_of(chart) else 0), middle / whole))
    figure.text(0.02, 1 - 0.12 / whole, title, va="top", weight="bold", size=11, color=INK_LIGHT, parse_math=False)
    figure.text(0.02, 0.1 / whole, notes, va="bottom", size=8, color=INK_LIGHT, parse_math=False)
    _draw(axes, chart)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    axes.tick_params(labelsize=9, colors=INK_LIGHT)
    return figure


def _lines_of(text: str) -> int:
    return text.count("\n") + 1


def _names_of(chart: Chart) -> Sequence[str]:
    match chart.drawing:
        case Bars(rows=rows) | Dots(rows=rows):
            return rows
        case Strips(strips=strips):
            return [one.name for one in strips]
    return ()


def _height(chart: Chart) -> float:
    match chart.drawing:
        case Bars() | Dots():
            return 0.6 + 0.38 * len(_names_of(chart))
        case Strips(strips=strips):
            return 0.5 + 0.8 * len(strips)
        case Lines():
            return 3.0
    return 5.0


def _draw(axes: Axes, chart: Chart) -> None:
    match chart.drawing:
        case Lines():
            _lines(axes, chart.drawing)
        case Bars():
            _bars(axes, chart.drawing)
        case Dots():
            _dots(axes, chart.drawing)
        case Strips():
            _strips(axes, chart.drawing)
        case Scatter():
            _scatter(axes, chart.drawing)
        case Places():
            _places(axes, chart.drawing)


def _mark(role: Role, size: int = 0) -> dict[str, Any]:
    look = LOOKS[role]
    return {
        "marker": _SHAPES[look.shape],
        "markersize": (size or look.size) * 0.62,
        "markerfacecolor": PAGE_LIGHT if look.is_open else look.colour,
        "markeredgecolor": look.colour,
        "markeredgewidth": 1.4,
        "color": look.colour,
    }


def _write(axes: Axes, x: float, y: float, text: str, **options: Any) -> None:
    axes.annotate(
        text,
        (x, y),
        **{"textcoords": "offset points", "xytext": (0, 0), "fontsize": 8, "color": INK_LIGHT, **options},
        parse_math=False,
        annotation_clip=False,
    )


def _label_axis(axes: Axes, axis: Axis, *, upright: bool = False) -> None:
    text = axis.label + (f" ({axis.better})" if axis.better else "")
    shown = axes.yaxis if upright else axes.xaxis
    shown.set_label_text(text, fontsize=9, color=INK_LIGHT, parse_math=False)
    shown.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,g}{axis.suffix}"))
    if axis.from_zero:
        axes.set_ylim(bottom=0) if upright else axes.set_xlim(left=0)


def _known(values: Sequence[float | None], chosen: Sequence[int]) -> list[float]:
    return [value for at in chosen if (value := values[at]) is not None]


def _interval(one: Line | Dot, chosen: Sequence[int]) -> list[list[float]] | None:
    if not one.lower:
        return None
    down, up = [], []
    for at in chosen:
        value, lower, upper = one.values[at], one.lower[at], one.upper[at]
        down.append(0.0 if value is None or lower is None else max(value - lower, 0))
        up.append(0.0 if value is None or upper is None else max(upper - value, 0))
    return [down, up]


def _lines(axes: Axes, drawing: Lines) -> None:
    for line in drawing.lines:
        look = LOOKS[line.role]
        for run in runs(line, drawing):
            axes.errorbar(
                run,
                _known(line.values, run),
                yerr=_interval(line, run),
                linestyle=_DASHES[look.dash],
                linewidth=1.5,
                elinewidth=0.8,
                capsize=2,
                **_mark(line.role),
            )
    for line, at, shift in label_heights(drawing, 180):
        _write(axes, at, line.values[at] or 0, line.name, xytext=(8, shift), va="center")
    own = drawing.lines[0] if drawing.lines else None
    for at, note in enumerate(own.notes if own else ()):
        if own and own.values[at] is None and note:
            axes.annotate(
                note,
                (at, 0.02),
                xycoords=("data", "axes fraction"),
                rotation=90,
                fontsize=7,
                ha="center",
                parse_math=False,
            )
    for one in drawing.breaks:
        if one.period in drawing.periods[1:]:
            axes.axvline(drawing.periods.index(one.period) - 0.5, color=RULE, linewidth=1, linestyle="--")
    axes.set_xticks(range(len(drawing.periods)), drawing.periods)
    axes.set_xlim(-0.4, len(drawing.periods) - 0.6)
    shown = lines_range(drawing)
    if shown:
        axes.set_ylim(*shown)
    if len(drawing.periods) > 8:
        axes.tick_params(axis="x", labelrotation=45)
    _label_axis(axes, drawing.axis, upright=True)


def _name_rows(axes: Axes, names: Sequence[str]) -> None:
    """The rows' names, the first on top."""
    axes.set_yticks(range(len(names) - 1, -1, -1), [fill(one, _NAME_WIDTH) for one in names], parse_math=False)
    axes.set_ylim(-0.6, len(names) - 0.4)
    axes.tick_params(axis="y", length=0)


def _legend(axes: Axes) -> None:
    axes.legend(
        loc="lower left",
        bbox_to_anchor=(0, 1.06),
        ncols=6,
        columnspacing=1.2,
        handletextpad=0.4,
        frameon=False,
        fontsize=8,
        borderaxespad=0.1,
    )


def _bars(axes: Axes, drawing: Bars) -> None:
    places = range(len(drawing.rows) - 1, -1, -1)
    reached = [0.0] * len(drawing.rows)
    for part in drawing.parts:
        look = LOOKS[part.role]
        widths = [value or 0.0 for value in part.values]
        axes.barh(
            list(places),
            widths,
            left=list(reached),
            height=0.7,
            label=part.name,
            facecolor=UNKNOWN_FILL if look.hatch else look.colour,
            edgecolor=look.colour if look.hatch else PAGE_LIGHT,
            hatch="///" if look.hatch else None,
        )
        for at, label in enumerate(part.labels):
            if label and widths[at] >= 0.05 * len(label) * 0.4 * (max(reached[at] + widths[at], 1)):
                colour = INK_LIGHT if look.hatch else PAGE_LIGHT
                _write(axes, reached[at] + widths[at] / 2, places[at], label, ha="center", va="center", color=colour)
        reached = [start + width for start, width in zip(reached, widths, strict=True)]
    for name, values in drawing.marks:
        known = [(value, place) for value, place in zip(values, places, strict=True) if value is not None]
        axes.plot(
            [value for value, _ in known],
            [place for _, place in known],
            linestyle="",
            marker="|",
            markersize=16,
            markeredgewidth=2.4,
            color=INK_LIGHT,
            label=name,
        )
    _name_rows(axes, drawing.rows)
    _label_axis(axes, drawing.axis)
    axes.set_xlim(left=0)
    if len(drawing.parts) + len(drawing.marks) > 1:
        _legend(axes)


def _dots(axes: Axes, drawing: Dots) -> None:
    places = range(len(drawing.rows) - 1, -1, -1)
    if drawing.joined:
        for at, place in enumerate(places):
            known = [value for dot in drawing.dots if (value := dot.values[at]) is not None]
            axes.plot(known, [place] * len(known), color=RULE, linewidth=1.2, zorder=1)
    for dot in drawing.dots:
        chosen = [at for at, value in enumerate(dot.values) if value is not None]
        axes.errorbar(
            _known(dot.values, chosen),
            [places[at] for at in chosen],
            xerr=_interval(dot, chosen),
            linestyle="",
            elinewidth=0.8,
            capsize=2,
            label=dot.name,
            **_mark(dot.role),
        )
    _name_rows(axes, drawing.rows)
    _label_axis(axes, drawing.axis)
    _upright(axes, drawing.at)
    if len(drawing.dots) > 1:
        _legend(axes)


def _upright(axes: Axes, lines: Sequence[tuple[str, float]]) -> None:
    for name, value in lines:
        axes.axvline(value, color=RULE, linestyle=":", linewidth=1.4)
        axes.annotate(
            name, (value, 1), xycoords=("data", "axes fraction"), ha="center", va="bottom", fontsize=8, parse_math=False
        )


def _in_order(spots: Sequence[Spot]) -> list[Spot]:
    order = {role: place for place, role in enumerate(PLACED)}
    return sorted(spots, key=lambda one: order[one.role])


def _draw_spots(
    axes: Axes,
    spots: Sequence[Spot],
    heights: Sequence[float],
    *,
    named: bool = False,
    places: Mapping[str, tuple[int, str]] = MappingProxyType({}),
) -> None:
    """Spots of one role together, and the names of those that have one, some a line higher."""
    for role in dict.fromkeys(one.role for one in spots):
        own = [(one, height) for one, height in zip(spots, heights, strict=True) if one.role is role]
        axes.plot(
            [one.x for one, _ in own],
            [height for _, height in own],
            linestyle="",
            alpha=0.55 if role is Role.REST else 1,
            label=f"{role.value}: {len(own):,}" if named else None,
            **_mark(role, size_on_map(role, len(spots)) if named else 0),
        )
        for one, height in own:
            if one.label:
                step, side = places.get(one.key, (0, "center"))
                # on a ground of its own, so that the marks behind do not hide it
                ground = {"facecolor": PAGE_LIGHT, "edgecolor": "none", "alpha": 0.8, "pad": 0.6}
                up = (0, 7 + _NAME_HEIGHT * step)
                _write(axes, one.x, height, one.label, xytext=up, ha=side, bbox=ground)


def _strips(axes: Axes, drawing: Strips) -> None:
    for number, strip in enumerate(drawing.strips):
        middle = len(drawing.strips) - 1 - number
        spots = _in_order(strip.spots)
        heights = [middle + (spread(one) if one.role is Role.REST else 0) for one in spots]
        _draw_spots(axes, spots, heights, places=name_places(spots))
        for name, value in strip.at:
            axes.plot([value, value], [middle - 0.3, middle + 0.3], color=INK_LIGHT, linewidth=2)
            words = f"{name} {figure_words(value, drawing.axis)}"
            _write(axes, value, middle - 0.32, words, ha="center", va="top")
    names = [one.name + (f", {one.without:,} without a figure" if one.without else "") for one in drawing.strips]
    _name_rows(axes, names)
    _label_axis(axes, drawing.axis)


def _scatter(axes: Axes, drawing: Scatter) -> None:
    spots = _in_order(drawing.spots)
    _draw_spots(axes, spots, [one.y for one in spots])
    _upright(axes, drawing.x_at)
    for name, value in drawing.y_at:
        axes.axhline(value, color=RULE, linestyle=":", linewidth=1.4)
        axes.annotate(
            name, (1, value), xycoords=("axes fraction", "data"), ha="right", va="bottom", fontsize=8, parse_math=False
        )
    _label_axis(axes, drawing.x)
    _label_axis(axes, drawing.y, upright=True)


def _places(axes: Axes, drawing: Places) -> None:
    for outline in sorted(drawing.outlines, key=lambda one: one.is_own):
        for ring in outline.rings:
            axes.add_patch(
                Polygon(
                    ring,
                    closed=outline.is_own,
                    facecolor="#f0f1f2" if outline.is_own else "none",
                    edgecolor=INK_LIGHT if outline.is_own else RULE,
                    linewidth=1.2 if outline.is_own else 0.6,
                )
            )
    spots = _in_order(drawing.spots)
    _draw_spots(axes, spots, [one.y for one in spots], named=True)
    own = [point for one in drawing.outlines if one.is_own for ring in one.rings for point in ring]
    shown = own or [(one.x, one.y) for one in drawing.spots]
    if shown:
        for set_limits, numbers in ((axes.set_xlim, [x for x, _ in shown]), (axes.set_ylim, [y for _, y in shown])):
            margin = max((max(numbers) - min(numbers)) * 0.04, 500)
            set_limits(min(numbers) - margin, max(numbers) + margin)
    axes.set_aspect("equal")
    axes.set_axis_off()
    if drawing.spots:
        _legend(axes)
