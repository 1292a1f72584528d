"""Records cut to some LAs: whatever is asked through such a handle, rows of other LAs are not there.

The cut is made in one place, as the statement leaves for the database, so that no query can forget it: a row belongs to
an LA by its own code, or by the record that it is a part of; an audit entry by the record that it tells of.
"""

from collections.abc import Collection, Iterator
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, FromClause, Join, Select, Table, and_, false, or_, select
from sqlalchemy.sql.selectable import Alias

from risk_model.casework.tables import AUDIT, METADATA
from risk_model.domain.errors import NotAllowed

LA_CODES = "risk_model_la_codes"
# said of a statement that must see every row: what links the entries of the audit trail to one another
WHOLE = "risk_model_whole"
_LA = "la_code"


def cut(engine: Engine, la_codes: frozenset[str]) -> Engine:
    """The same engine, for which only rows of some LAs exist."""
    return engine.execution_options(**{LA_CODES: la_codes})


def cut_statement(connection: Connection, statement: Any, several: Any, one: Any, options: Any) -> tuple[Any, Any, Any]:
    """SQLAlchemy calls it before each statement: a query of a cut engine is given its condition."""
    codes = connection.get_execution_options().get(LA_CODES)
    if codes is not None and isinstance(statement, Select) and not options.get(WHOLE):
        conditions = [_within(table, codes) for source in statement.get_final_froms() for table in _tables(source)]
        statement = statement.where(*(condition for condition in conditions if condition is not None))
    return statement, several, one


def require_within(connection: Connection, la_code: object) -> None:
    """Refuse a new record of an LA that does not exist for this connection.

    Raises:
        NotAllowed: it is of another LA.
    """
    codes = connection.get_execution_options().get(LA_CODES)
    if codes is not None and la_code is not None and la_code not in codes:
        raise NotAllowed(
            "This may not be recorded: it is of another local authority.", ["Nothing was changed.", "Ask its lead."]
        )


def _tables(source: FromClause) -> Iterator[FromClause]:
    """The tables that a query's FROM names."""
    if isinstance(source, Join):
        yield from _tables(source.left)
        # what an outer join adds belongs to a row that is there; a condition on it would take that row away
        if not source.isouter:
            yield from _tables(source.right)
    else:
        yield source


def _within(source: FromClause, codes: Collection[str]) -> ColumnElement[bool] | None:
    """The condition under which a row is of one of the LAs; None where a table knows none."""
    table = source.element if isinstance(source, Alias) else source
    if not isinstance(table, Table):
        # a query over another query cannot be cut from outside: nothing of it is shown
        return false()
    if table is AUDIT:
        return or_(*(and_(AUDIT.c.table == one.name, _told_of(one, codes)) for one in METADATA.sorted_tables))
    if _LA in table.c:
        own: ColumnElement[bool] = source.c[_LA].in_(codes)
        return own
    parents = [(source.c[key.parent.name], key.column.table) for key in table.foreign_keys]
    if not parents:
        return None
    return or_(*(column.in_(_ids(parent, codes)) for column, parent in parents))


def _ids(table: Table, codes: Collection[str]) -> Select[Any]:
    condition = _within(table, codes)
    asked = select(table.c.id)
    return asked if condition is None else asked.where(condition)


def _told_of(table: Table, codes: Collection[str]) -> ColumnElement[bool]:
    """Whether the record of an audit entry is of one of the LAs, by what the entry says of it."""
    if _LA in table.c:
        own: ColumnElement[bool] = AUDIT.c.after[_LA].as_string().in_(codes)
        return own
    parents = [(key.parent.name, key.column.table) for key in table.foreign_keys]
    return or_(false(), *(AUDIT.c.after[name].as_integer().in_(_ids(parent, codes)) for name, parent in parents))
