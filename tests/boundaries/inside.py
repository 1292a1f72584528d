"""Whether a place lies inside an outline."""

from collections.abc import Sequence
from itertools import pairwise


def is_within(point: tuple[float, float], rings: Sequence[Sequence[tuple[float, float]]]) -> bool:
    """Whether a line from a point to the east crosses the rings an odd number of times."""
    east, north = point
    crossed = 0
    for ring in rings:
        for (one_east, one_north), (next_east, next_north) in pairwise(ring):
            if (one_north > north) != (next_north > north):
                at = one_east + (north - one_north) / (next_north - one_north) * (next_east - one_east)
                crossed += at > east
    return crossed % 2 == 1
