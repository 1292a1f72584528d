"""Errors that a user may read. Anything else is our bug and must be loud."""

from collections.abc import Sequence


class RiskModelError(Exception):
    """What happened, where, why it matters and what to do, in words for a user.

    Args:
        message: one line that says what happened and where.
        details: further lines, in order: why it matters, what to do, or each single problem.
    """

    def __init__(self, message: str, details: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.details = tuple(details)

    def __str__(self) -> str:
        return "\n".join([self.message, *(f"  {line}" for line in self.details)])


class FileRefused(RiskModelError):
    """A file was not imported; nothing was changed."""


class RulesRefused(RiskModelError):
    """A rule file or a measure is not valid."""


class BuildRefused(RiskModelError):
    """A build could not be made; the current one stays."""


class NotFound(RiskModelError):
    """What was asked for is not there."""


class NotAllowed(RiskModelError):
    """The viewer may not see or do this."""


class RecordRefused(RiskModelError):
    """A record (allocation, meeting, referral …) was not written."""
