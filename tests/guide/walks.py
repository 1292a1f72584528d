"""The five main tasks, each a walk of the guide: the README and the Help page tell them, tests take them."""

from collections.abc import Sequence
from dataclasses import dataclass

from tests.guide import data_officer, director, meeting, officer, walk
from tests.guide.walk import Step


@dataclass(frozen=True)
class Walk:
    """One task from its beginning to its end.

    Attributes:
        heading: under which the README tells it.
    """

    heading: str
    steps: Sequence[Step]


# in an order in which one copy can take them all: before the list nothing has left, and the last makes a new build
WALKS = {
    "find": Walk("An officer's first hour", officer.STEPS),
    "export": Walk("The regional director's list", director.STEPS),
    "decide": Walk("A core group's meeting", meeting.STEPS),
    "allocate": Walk("A first day with support", walk.STEPS),
    "import": Walk("A data officer's first hour", data_officer.STEPS),
}
