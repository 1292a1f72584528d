"""The log of who was shown a restricted note: once for each viewer and each content of it, chained by hash."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256

from sqlalchemy import Connection, select

from risk_model.casework.chain import Chained, append
from risk_model.casework.checks import checked_who
from risk_model.casework.store import Records, reading, writing
from risk_model.casework.tables import NOTE_VIEW

VIEWS = Chained(NOTE_VIEW, ("id", "at", "urn", "table", "record_id", "content_hash"), ("who",))


@dataclass(frozen=True)
class ShownNote:
    """A restricted note that somebody is about to be shown.

    Attributes:
        table: of the record that carries it, such as "meeting_outcome"; record_id: its number there.
        text: what is shown. Only its SHA-256 is kept.
    """

    urn: str
    table: str
    record_id: int
    text: str

    @property
    def content_hash(self) -> str:
        """The SHA-256 of the text, in hexadecimal."""
        return sha256(self.text.encode()).hexdigest()


@dataclass(frozen=True)
class NoteView:
    """A line of the log; `at` in UTC."""

    id: int
    at: datetime
    who: str
    urn: str
    table: str
    record_id: int
    content_hash: str


def log_note_views(records: Records, who: str, shown: Sequence[ShownNote]) -> int:
    """Log what somebody is shown, but what they were shown before with the same content.

    Returns:
        How many lines were added.
    """
    name = checked_who(who)
    with reading(records) as connection:
        new = _not_logged(connection, name, shown)
    if not new:
        return 0
    with writing(records) as connection:
        # asked again: another page may have been faster
        new = _not_logged(connection, name, shown)
        for one in new:
            line = {"urn": one.urn, "table": one.table, "record_id": one.record_id, "content_hash": one.content_hash}
            append(connection, VIEWS, {"at": datetime.now(UTC), "who": name, **line})
    return len(new)


def note_views(records: Records, *, urn: str | None = None) -> list[NoteView]:
    """Who was shown which restricted note, of one school or all; the newest first."""
    query = select(*(NOTE_VIEW.c[name] for name in (*VIEWS.fixed, *VIEWS.leaves))).order_by(NOTE_VIEW.c.id.desc())
    if urn is not None:
        query = query.where(NOTE_VIEW.c.urn == urn)
    with reading(records) as connection:
        return [NoteView(**dict(row)) for row in connection.execute(query).mappings()]


def _not_logged(connection: Connection, who: str, shown: Sequence[ShownNote]) -> list[ShownNote]:
    query = select(NOTE_VIEW.c.table, NOTE_VIEW.c.record_id, NOTE_VIEW.c.content_hash).where(NOTE_VIEW.c.who == who)
    known = {tuple(row) for row in connection.execute(query)}
    new = {(one.table, one.record_id, one.content_hash): one for one in shown}
    return [one for key, one in new.items() if key not in known]
