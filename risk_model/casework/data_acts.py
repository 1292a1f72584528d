"""What users do to the data rather than to a record: withdrawing a release, going back to a build. Audited alike."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from risk_model.casework.audit import write_audit
from risk_model.casework.store import Records, writing
from risk_model.casework.words import What
from risk_model.domain.errors import RecordRefused

LONGEST_REASON = 500


@contextmanager
def audited(
    records: Records,
    who: str,
    what: What,
    table: str,
    *,
    number: int = 0,
    before: Mapping[str, Any] | None,
    after: Mapping[str, Any],
    reason: str,
) -> Iterator[None]:
    """Do something to the data, and tell of it in the audit trail: both, or neither.

    Args:
        table: "release" or "build".
        number: of the build; a release has an id and no number: 0.
        before, after: the state of it in names that a reader understands.
        reason: why; at least a word.
    Raises:
        RecordRefused: the reason is missing or too long; nothing was done.
    """
    reason = reason.strip()
    if not reason:
        raise RecordRefused("The reason is missing.", ["Say in a few words why: others will want to know."])
    if len(reason) > LONGEST_REASON:
        raise RecordRefused(f"The reason is longer than {LONGEST_REASON} characters.", ["Say it shorter."])
    with writing(records) as connection:
        write_audit(
            connection,
            who,
            what,
            table,
            before=None if before is None else {"id": number, **before},
            after={"id": number, **after},
            reason=reason,
        )
        yield
