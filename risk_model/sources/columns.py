"""Short words for a contract's columns: what a figure is, and between which values it can be."""

from risk_model.sources.contract import Field

# A school's whole income or spending by pupil. In a year in which it opened or closed, a school has next to nothing
# or half a million; a pupil referral unit with a dozen places has £150,000. Measured on the files of 2016 to 2025.
PER_PUPIL_GBP = (1_000, 200_000)


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
