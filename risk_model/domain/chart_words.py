"""What screen and picture work out alike of a chart: the runs of a line, where its name stands, figures in words."""

from collections.abc import Sequence
from zlib import crc32

from risk_model.domain.charts import PICKED, Axis, Line, Lines, Role, Spot

# From back to front: the quiet many first, what a reader looks for last.
PLACED: tuple[Role, ...] = (
    Role.REST,
    Role.NOT_ENOUGH_EVIDENCE,
    Role.UNIVERSAL,
    Role.LIKELY,
    Role.FIND_OUT,
    Role.UNCERTAIN,
    Role.WATCH,
    Role.UNLIKELY,
    Role.PRIORITY,
    Role.REGION,
    Role.SIMILAR,
    Role.NATIONAL,
    Role.OWN,
    *PICKED,
)
# pixels between the names of two lines
_LEAST_APART = 15


def figure_words(value: float, axis: Axis) -> str:
    """A figure of an axis as text: "61%", "1,204"."""
    return f"{value:,.{axis.decimals}f}{axis.suffix}"


def runs(line: Line, drawing: Lines) -> list[list[int]]:
    """The places of a line's figures that may be joined: never over a year without one, never over a break."""
    breaks = {drawing.periods.index(one.period) for one in drawing.breaks if one.period in drawing.periods}
    found: list[list[int]] = []
    for at, value in enumerate(line.values):
        if value is None:
            continue
        if found and found[-1][-1] == at - 1 and at not in breaks:
            found[-1].append(at)
        else:
            found.append([at])
    return found


def lines_range(drawing: Lines) -> tuple[float, float] | None:
    """The upright axis: all figures with their intervals, and room below for the words at breaks; None without any."""
    drawn = [limit for line in drawing.lines for limit in (*line.values, *line.lower, *line.upper) if limit is not None]
    if not drawn:
        return None
    low, high = min(drawn), max(drawn)
    span = (high - low) or abs(high) or 1.0
    if drawing.axis.from_zero and low >= 0:
        return 0.0, high + 0.06 * span
    return low - (0.16 if drawing.breaks else 0.08) * span, high + 0.08 * span


def label_heights(drawing: Lines, height: float) -> list[tuple[Line, int, float]]:
    """Where each line's name stands: the line, the place of its last figure, and by how many pixels it is moved up.

    Args:
        height: of the drawing, in pixels. Names at the same place keep a line's height between them.
    """
    ends = [(line, run[-1][-1]) for line in drawing.lines if (run := runs(line, drawing))]
    shown = lines_range(drawing)
    if not ends or shown is None:
        return []
    span = shown[1] - shown[0]
    placed: list[tuple[Line, int, float]] = []
    for at in sorted({at for _, at in ends}):
        here = sorted((one for one in ends if one[1] == at), key=lambda one: one[0].values[at] or 0)
        wanted = [((line.values[at] or 0) - shown[0]) / span * height for line, _ in here]
        pushed = wanted[:1]
        for own in wanted[1:]:
            pushed.append(max(own, pushed[-1] + _LEAST_APART))
        # the whole stack is moved down by half of what it grew, so that both ends share it
        grown = (pushed[-1] - wanted[-1]) / 2
        placed += [(line, at, up - own - grown) for (line, _), up, own in zip(here, pushed, wanted, strict=True)]
    return placed


def name_places(spots: Sequence[Spot]) -> dict[str, tuple[int, str]]:
    """Where the names of a strip's spots stand, by key: 0 or 1 lines above the usual height, so that two next to each
    other do not stand on one another; and their anchor, left or right near the ends of the strip, else center."""
    named = sorted((one for one in spots if one.label), key=lambda one: (one.x, one.key))
    if not named:
        return {}
    low, high = min(one.x for one in spots), max(one.x for one in spots)
    quarter = (high - low) / 4
    sides = ["left" if one.x < low + quarter else "right" if one.x > high - quarter else "center" for one in named]
    return {one.key: (place % 2, side) for place, (one, side) in enumerate(zip(named, sides, strict=True))}


def spread(spot: Spot) -> float:
    """How far above or below its strip's middle a spot stands, within a quarter: always the same, so nothing jumps."""
    return (crc32(spot.key.encode()) % 1000 / 999 - 0.5) * 0.5
