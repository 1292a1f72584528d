"""What a check of an installation finds: in words, with how to mend it."""

from dataclasses import dataclass
from typing import Literal

Level = Literal["fine", "warning", "problem"]


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at.

    Attributes:
        about: what, in one or two words that never change: monitoring may ask for them.
        level: fine; a warning, with which the product works; a problem, with which it does not, or not safely.
        words: what was found.
        remedy: how to mend it; "" where there is nothing to mend.
    """

    about: str
    level: Level
    words: str
    remedy: str = ""


def fine(about: str, words: str) -> Finding:
    """Nothing to mend."""
    return Finding(about, "fine", words)


def warning(about: str, words: str, remedy: str) -> Finding:
    """Something to mend with which the product works."""
    return Finding(about, "warning", words, remedy)


def problem(about: str, words: str, remedy: str) -> Finding:
    """Something with which the product does not work, or not safely."""
    return Finding(about, "problem", words, remedy)
