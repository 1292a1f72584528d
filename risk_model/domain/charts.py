"""What a chart shows, apart from how it is drawn: the screen and a picture file draw the same description.

Each service that answers with a chart makes one of these; pages.components.charts draws it on the screen, and
risk_model.exports.pictures as PNG and SVG. Colours, shapes and patterns follow from the role of a series, so the same
thing looks the same everywhere, and nothing is told by colour alone.
"""

from dataclasses import dataclass
from enum import StrEnum

import pandas as pd


class Role(StrEnum):
    """What a series stands for, which decides its colour, shape, dash and fill."""

    OWN = "own"  # the school, locality or LA that the page is about
    NATIONAL = "national"  # England, the line that others are read against
    SIMILAR = "similar"  # similar schools, statistical neighbours
    REGION = "region"
    REST = "rest"  # every other school: drawn quietly
    FIRST = "first"  # what was picked to compare, in the order of picking
    SECOND = "second"
    THIRD = "third"
    FOURTH = "fourth"
    FIFTH = "fifth"
    SIXTH = "sixth"
    UNLIKELY = "unlikely"  # levels
    UNCERTAIN = "uncertain"
    LIKELY = "likely"
    NOT_ENOUGH_EVIDENCE = "not enough evidence"
    PRIORITY = "priority"  # places
    WATCH = "watch"
    FIND_OUT = "find out"
    UNIVERSAL = "universal"


PICKED = (Role.FIRST, Role.SECOND, Role.THIRD, Role.FOURTH, Role.FIFTH, Role.SIXTH)


@dataclass(frozen=True)
class Axis:
    """What a length means.

    Attributes:
        label: with its unit, "Persistent absence, % of pupils".
        suffix: after each number, "%"; decimals: of each number.
        from_zero: the axis starts at zero; always so where lengths of bars are read.
        better: the polarity in words, "lower is better"; "" where neither side is.
    """

    label: str
    suffix: str = ""
    decimals: int = 0
    from_zero: bool = False
    better: str = ""


@dataclass(frozen=True)
class Line:
    """A figure over the periods of `Lines`; None is a gap that nothing bridges.

    Attributes:
        values, lower, upper: one for each period, in its order; lower and upper are empty where there is no interval.
        notes: for each period what a reader should know of the figure, "suppressed", or nothing at all.
    """

    name: str
    role: Role
    values: tuple[float | None, ...]
    lower: tuple[float | None, ...] = ()
    upper: tuple[float | None, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Break:
    """Between a period and the one before it figures cannot be compared; lines stop and start again there.

    Attributes:
        period: the first one of the new kind.
    """

    period: str
    why: str


@dataclass(frozen=True)
class Lines:
    """Figures over time: one line each, named at its end."""

    periods: tuple[str, ...]
    axis: Axis
    lines: tuple[Line, ...]
    breaks: tuple[Break, ...] = ()


@dataclass(frozen=True)
class Part:
    """One part of every bar of `Bars`, in the order of its rows; None is not known, and drawn as such.

    Attributes:
        labels: what stands in each bar where there is room, "● 62%".
    """

    name: str
    role: Role
    values: tuple[float | None, ...]
    labels: tuple[str, ...] = ()


@dataclass(frozen=True)
class Bars:
    """Bars from left to right, one a row, each of one or more parts; they always start at zero.

    Attributes:
        marks: a thin line across some bars, a capacity or a national share: (name, one value for each row).
    """

    rows: tuple[str, ...]
    axis: Axis
    parts: tuple[Part, ...]
    marks: tuple[tuple[str, tuple[float | None, ...]], ...] = ()


@dataclass(frozen=True)
class Dot:
    """One dot a row of `Dots`, with its interval; None is not known and has no dot."""

    name: str
    role: Role
    values: tuple[float | None, ...]
    lower: tuple[float | None, ...] = ()
    upper: tuple[float | None, ...] = ()


@dataclass(frozen=True)
class Dots:
    """Rows of dots on one axis; with `joined`, the dots of a row are joined by a thin line to show the gap.

    Attributes:
        at: upright lines across all rows: (name, value), England's for example.
    """

    rows: tuple[str, ...]
    axis: Axis
    dots: tuple[Dot, ...]
    joined: bool = False
    at: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True)
class Spot:
    """One school, locality or LA in a strip, a scatter or a map.

    Attributes:
        key: its URN or code, which a selection gives back.
        x, y: on the axes; in a map easting and northing in metres. In a strip y is not read.
        label: written beside it; "" for the many that are not picked.
        told: what hovering says, beyond the name.
    """

    key: str
    name: str
    role: Role
    x: float
    y: float = 0.0
    label: str = ""
    told: str = ""


@dataclass(frozen=True)
class Strip:
    """One row of `Strips`: every school of a group as a small dot, those picked large and named.

    Attributes:
        at: upright marks in this row: (name, value), the group's median for example.
        without: how many of the group have no figure, which the row says.
    """

    name: str
    spots: tuple[Spot, ...]
    at: tuple[tuple[str, float], ...] = ()
    without: int = 0


@dataclass(frozen=True)
class Strips:
    """How a figure is spread, one strip a group, on one axis."""

    axis: Axis
    strips: tuple[Strip, ...]


@dataclass(frozen=True)
class Scatter:
    """Two figures against each other.

    Attributes:
        x_at, y_at: lines to read against: (name, value).
    """

    x: Axis
    y: Axis
    spots: tuple[Spot, ...]
    x_at: tuple[tuple[str, float], ...] = ()
    y_at: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True)
class Outline:
    """An area's boundary on the National Grid: rings of (easting, northing) in metres.

    Attributes:
        rings: of an area that is not the map's own, the parts that are near, which need not close.
        is_own: the area that the map is about; the others are its neighbours.
    """

    name: str
    rings: tuple[tuple[tuple[float, float], ...], ...]
    is_own: bool = True


@dataclass(frozen=True)
class Places:
    """Schools where they stand, on the National Grid."""

    outlines: tuple[Outline, ...]
    spots: tuple[Spot, ...]


Drawing = Lines | Bars | Dots | Strips | Scatter | Places


@dataclass(frozen=True)
class Chart:
    """A chart with all that a reader needs to trust it.

    Attributes:
        key: names the chart on its page, its URL and its files; lower-case words joined by "_".
        finding: the title: what the chart shows, in a sentence worked out from the figures.
        table: the same figures as a table for the screen and its exports, numbers as numbers.
        source: whose figures, of which dates: "DfE, key stage 2, 2024-25, published 11 December 2025".
        notes: what else must be known: denominators, schools left out and why, breaks.
        origins: where its figures stand, newest first: (year, file and row in words, release, row).
    """

    key: str
    finding: str
    drawing: Drawing
    table: pd.DataFrame
    source: str
    notes: tuple[str, ...] = ()
    origins: tuple[tuple[str, str, str, int], ...] = ()
