"""Short words for a contract's columns: what a figure is, and between which values it can be."""

from risk_model.sources.contract import Field


def text(name: str, *columns: str) -> Field:
    """A text, such as a name or a number that is a label."""
    return Field(name, columns)


def count(name: str, *columns: str) -> Field:
    """How many there are: of pupils, of staff; a national row has millions."""
    return Field(name, columns, "count", low=0, high=50_000_000)


def percent(name: str, *columns: str) -> Field:
    """A share from 0 to 100, with or without a percent sign."""
    return Field(name, columns, "percent", low=0, high=100)


def number(name: str, low: float, high: float, *columns: str) -> Field:
    """A score, a ratio or a rate between two values."""
    return Field(name, columns, "number", low=low, high=high)
