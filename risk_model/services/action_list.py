"""The actions of an LA or a locality: what is to be done, by whom, by when, and how far it has come."""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from risk_model.casework import Action, ActionState, actions, meetings
from risk_model.domain.viewer import Viewer, require_reader
from risk_model.services.copy import Copy
from risk_model.services.scope import IN_SCOPE, Scope

__all__ = ["ACTION_COLUMNS", "Action", "ActionPage", "ActionState", "action_page"]
ACTION_COLUMNS = ("School", "Action", "Owner", "By", "State", "Overdue", "Why", "Done on", "Meeting", "URN")


@dataclass(frozen=True)
class ActionPage:
    """The actions of a scope.

    Attributes:
        open, overdue: how many there are, whatever is shown.
        table: those shown, a row each: ACTION_COLUMNS; those due first come first.
        labels: {number: what a choice says} of those shown.
    """

    open: int
    overdue: int
    table: pd.DataFrame
    labels: dict[int, str]
    shown: tuple[Action, ...]

    def action(self, number: int) -> Action:
        """One of those shown."""
        return next(one for one in self.shown if one.id == number)


def action_page(viewer: Viewer, copy: Copy, scope: Scope, which: str = "open") -> ActionPage:
    """The actions of the schools in scope; those of schools that the shown build does not know come by their URN.

    Args:
        which: "open", "overdue" or "all".
    Raises:
        NotAllowed: the viewer may not read.
    """
    require_reader(viewer)
    as_at = copy.build.as_at
    names = _names(copy, scope)
    known = [one for one in actions(copy.records, la_code=scope.la_code) if _is_in_scope(one, names, scope)]
    overdue = [one for one in known if one.is_overdue_on(as_at)]
    shown = {"all": known, "overdue": overdue}.get(which, [one for one in known if one.is_open])
    held = {one.id: one.held_on for one in meetings(copy.records, la_code=scope.la_code)}
    rows = [
        (
            names.get(one.urn, f"URN {one.urn}"),
            one.action,
            one.owner or "not recorded",
            one.due,
            one.state.value,
            "yes" if one in overdue else "no",
            one.state_reason,
            one.done_on,
            held.get(one.meeting_id or 0),
            one.urn,
        )
        for one in shown
    ]
    return ActionPage(
        open=sum(one.is_open for one in known),
        overdue=len(overdue),
        table=pd.DataFrame(rows, columns=list(ACTION_COLUMNS)),
        labels={one.id: f"{names.get(one.urn, one.urn)}: {one.action} ({one.state})" for one in shown},
        shown=tuple(shown),
    )


def _names(copy: Copy, scope: Scope) -> dict[str, str]:
    rows: Sequence[dict[str, str]] = copy.reader.rows(
        f"select s.urn, s.name from schools as s where {IN_SCOPE}", scope.params
    )
    return {row["urn"]: row["name"] for row in rows}


def _is_in_scope(one: Action, names: dict[str, str], scope: Scope) -> bool:
    return one.urn in names or (scope.locality is None and scope.phase is None)
