"""How each role looks in a chart, on the screen and in a picture: colour, shape, dash, fill.

Each colour keeps three to one against white and against the dark page, and white words can be read on it, but for the
two that say "not enough evidence" and "the rest"; the tests compute it. Shapes, dashes and hatching say the same once
more without colour. The hues are after the palette of the Government Analysis Function, made to fit both pages.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from risk_model.domain.charts import Role

PAGE_LIGHT, PAGE_DARK = "#ffffff", "#000000"
INK_LIGHT, INK_DARK = "#0b0c0c", "#f3f2f1"
# lines to read against, joins, boundaries
RULE = "#6f777b"
# what is not known, in bars: dark words can be read on it on either page
UNKNOWN_FILL, UNKNOWN_HATCH = "#e3e5e6", "#c3c7c9"


@dataclass(frozen=True)
class Look:
    """How a series is drawn.

    Attributes:
        colour: of lines, marks and fills, as "#rrggbb".
        shape: of its marks: circle, square, triangle, diamond, cross, star, pentagon, hexagon; is_open: drawn hollow.
        dash: solid, dot, dash.
        hatch: bars and areas are hatched, since they say that something is not known.
        size: of its marks, in pixels.
    """

    colour: str
    shape: str
    is_open: bool = False
    dash: str = "solid"
    hatch: bool = False
    size: int = 10


# With more spots than this a map shows where they are many, and no longer which is which: our choice.
_MANY_PLACES, _SMALL = 600, 4


def size_on_map(role: Role, places: int) -> int:
    """How large a role's mark is on a map, in pixels: smaller where there are many."""
    return _SMALL if places > _MANY_PLACES else LOOKS[role].size


LOOKS: Mapping[Role, Look] = MappingProxyType(
    {
        Role.OWN: Look("#1d70b8", "circle", size=11),
        Role.NATIONAL: Look(RULE, "diamond", is_open=True, dash="dot", size=10),
        Role.SIMILAR: Look("#8a6fb0", "square", is_open=True, dash="dash", size=10),
        Role.REGION: Look("#8a7a12", "triangle", is_open=True, dash="dash", size=10),
        Role.REST: Look("#8a9398", "circle", size=5),
        Role.FIRST: Look("#c2500f", "square", size=12),
        Role.SECOND: Look("#1f8172", "triangle", size=13),
        Role.THIRD: Look("#8557b5", "diamond", size=13),
        Role.FOURTH: Look("#b0417e", "cross", size=12),
        Role.FIFTH: Look("#806f0e", "pentagon", size=13),
        Role.SIXTH: Look("#4d6fd0", "star", size=14),
        Role.UNLIKELY: Look("#b0417e", "square", size=11),
        Role.UNCERTAIN: Look("#c2500f", "triangle", size=11),
        Role.LIKELY: Look("#1d70b8", "circle", size=10),
        Role.NOT_ENOUGH_EVIDENCE: Look("#6f777b", "circle", is_open=True, hatch=True, size=10),
        Role.PRIORITY: Look("#b0417e", "square", size=12),
        Role.WATCH: Look("#c2500f", "triangle", size=11),
        Role.FIND_OUT: Look("#6f777b", "diamond", is_open=True, hatch=True, size=10),
        Role.UNIVERSAL: Look("#1d70b8", "circle", size=7),
    }
)


def contrast(one: str, other: str) -> float:
    """How far two colours stand apart, from 1 to 21, as WCAG 2.2 defines it."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    channels = (int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5))
    red, green, blue = (one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
