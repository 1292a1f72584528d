"""What several commands ask in the same way."""

from datetime import date
from typing import Annotated

import typer

from risk_model.domain.periods import read_date

AsAt = Annotated[str | None, typer.Option("--as-at", help="A date, for example 2025-08-31. Default: today.")]
Reason = Annotated[str, typer.Option("--reason", help="Why; it stands in the audit trail.")]


def day(text: str | None) -> date | None:
    """The date that a text says; None where there is no text.

    Raises:
        RiskModelError: it is not one.
    """
    return read_date(text) if text else None
