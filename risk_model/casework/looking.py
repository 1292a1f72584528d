"""How the records stand, asked without changing anything: for whoever watches over an installation."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, func, inspect, make_url, select
from sqlalchemy.exc import DBAPIError

from risk_model.casework.store import MIGRATIONS
from risk_model.casework.tables import AUDIT

_CONNECT_SECONDS = 5


@dataclass(frozen=True)
class RecordsState:
    """How records stand.

    Attributes:
        where: their address, without a password.
        is_there: False where nobody has recorded anything yet.
        revision: by which form of the tables they were written; newest: that of this version.
        is_known: whether this version knows that form.
        last_at: of the newest line of the audit trail, in UTC; None where there is none.
        trouble: why they cannot be reached, in words; "" where they can.
    """

    where: str
    is_there: bool = False
    revision: str | None = None
    newest: str | None = None
    is_known: bool = True
    last_at: datetime | None = None
    trouble: str = ""


def records_state(url: str) -> RecordsState:
    """Look at records; none are made, and none are migrated.

    Args:
        url: a SQLAlchemy address that `open_records` takes.
    """
    address = make_url(url)
    where = address.render_as_string(hide_password=True)
    is_file = address.get_backend_name() == "sqlite"
    if is_file and not Path(address.database or "").is_file():
        return RecordsState(where)
    engine = create_engine(address, connect_args={} if is_file else {"connect_timeout": _CONNECT_SECONDS})
    script = ScriptDirectory(str(MIGRATIONS))
    known = {one.revision for one in script.walk_revisions()}
    try:
        with engine.connect() as connection:
            revision = MigrationContext.configure(connection).get_current_revision()
            has_audit = inspect(connection).has_table(AUDIT.name)
            last_at = connection.execute(select(func.max(AUDIT.c.at))).scalar() if has_audit else None
    except DBAPIError as error:
        reason = str(error.orig).strip().splitlines()
        return RecordsState(where, trouble=reason[0] if reason else type(error.orig).__name__)
    finally:
        engine.dispose()
    newest = script.get_current_head()
    return RecordsState(where, revision is not None, revision, newest, revision in {None, *known}, last_at)
