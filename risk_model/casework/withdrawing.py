"""What every kind of record that can be withdrawn shares: it needs a reason, and happens once."""

from collections.abc import Mapping

from risk_model.casework.changes import Case, Kind, change_row
from risk_model.casework.checks import Problem, checked_reason, checked_who
from risk_model.casework.store import Records, writing
from risk_model.casework.words import What
from risk_model.domain.errors import RecordRefused


def withdraw_row(records: Records, kind: Kind, who: str, record_id: int, version: int, reason: str) -> None:
    """Withdraw one record that should not be here. The audit trail keeps it.

    Raises:
        NotFound: no such record.
        RecordRefused: no reason, an old version, or it is withdrawn already.
    """
    name, why = checked_who(who), needed_reason(reason, kind.word)
    with writing(records) as connection:
        change_row(connection, kind, name, record_id, version, {"withdrawn_reason": why}, why)


def not_withdrawing(changes: Mapping[str, object]) -> Mapping[str, object]:
    """The changes, once it is sure that they withdraw nothing.

    Raises:
        RecordRefused: they name the field that only a withdrawal fills.
    """
    if "withdrawn_reason" in changes:
        raise RecordRefused("Nothing was changed.", ["withdrawn_reason: Withdraw the record instead of changing it."])
    return changes


def withdrawn_already(case: Case, word_for_it: str) -> list[Problem]:
    """The problem of changing what is withdrawn."""
    if case.before is None or case.before["withdrawn_reason"] is None:
        return []
    return [Problem("withdrawn_reason", "", f"this {word_for_it} is withdrawn.", "Add a new one.")]


def withdrawn_or_changed(case: Case) -> What:
    """What a change is called in the audit trail."""
    return What.WITHDRAWN if "withdrawn_reason" in case.changed else What.CHANGED


def needed_reason(reason: str, word_for_it: str) -> str:
    """The reason for a withdrawal, checked.

    Raises:
        RecordRefused: there is none, or it cannot be taken.
    """
    why = checked_reason(reason)
    if why is None:
        raise RecordRefused(
            f"The {word_for_it} was not withdrawn: a reason is needed.", ["Say why it should not be here."]
        )
    return why
