"""Errors that a user may read. Anything else is our bug and must be loud."""

from collections.abc import Sequence
from typing import Literal


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


class DateUnknown(FileRefused):
    """A file says nowhere, or not clearly, which year or day it describes; only the user can say.

    Args:
        asked: what is to be said.
        candidates: what it may be, where a lone year or two dates leave a choice: "2015-2016", "2016-2017".
    """

    def __init__(
        self,
        message: str,
        details: Sequence[str] = (),
        *,
        asked: Literal["year", "day"],
        candidates: Sequence[str] = (),
    ) -> None:
        super().__init__(message, details)
        self.asked = asked
        self.candidates = tuple(candidates)


class DownloadRefused(RiskModelError):
    """A file was not fetched, or not kept; what had been fetched before is as it was."""


class RulesRefused(RiskModelError):
    """A rule file or a measure is not valid."""


class BuildRefused(RiskModelError):
    """A build could not be made; the current one stays."""


class BacktestRefused(RiskModelError):
    """A back-test could not be made; nothing was changed."""


class NotFound(RiskModelError):
    """What was asked for is not there."""


class NotAllowed(RiskModelError):
    """The viewer may not see or do this."""


class RecordRefused(RiskModelError):
    """A record (allocation, meeting, referral …) was not written."""


class NotStored(RiskModelError):
    """Something could not be written where the product keeps it; what was there before stays whole."""


class Damaged(RiskModelError):
    """Something that the product keeps cannot be read back, or is not as it was written."""
