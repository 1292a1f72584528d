"""How a record of the past is told: as it stood on a day, written down when and by whom, changed since or not."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from risk_model.casework import AuditEntry, RecordThen, What, changed_fields
from risk_model.domain.periods import in_words
from risk_model.domain.words import STATEMENT_TITLES, Level, Statement, level_in_words

VIEWS, AGREED, ACTIONS, SUPPORT = "Advisers and heads", "What core groups agreed", "Actions open", "Support"
LETTERS, STEPS, REFERRED, LEFT = "Letters", "Escalation", "Regional director (RSC)", "Files that left"
# what each part says where nothing stood
NONE_THEN: Mapping[str, str] = {
    VIEWS: "No adviser's view stood, and no head had said anything.",
    AGREED: "No core group had met about it.",
    ACTIONS: "No action was open.",
    SUPPORT: "No support was active.",
    LETTERS: "No letter had been written.",
    STEPS: "No escalation was open.",
    REFERRED: "Nothing had been drafted for the regional director or raised.",
    LEFT: "No file had left.",
}
# for officers on screen, and in no file: what the LA knows leaves only where somebody chooses it, elsewhere
RESTRICTED = frozenset({"restricted_note", "intelligence"})
# told in words of their own, or of no meaning to a reader
_LEFT_OUT = frozenset({"la_code", "meeting_id", "template_hash", "content_hash", "file_hash", "build_id"})
_DONE: Mapping[What, str] = {
    What.CREATED: "Added",
    What.ENDED: "Ended",
    What.WITHDRAWN: "Withdrawn",
    What.RESTORED: "Restored",
}


@dataclass(frozen=True)
class Line:
    """One thing that is told of a day.

    Attributes:
        part: under which heading it stands.
        on: the day that it tells of.
        what: in words; who: whose word or act it was, "" where nobody is named.
        details: what belongs to it, a sentence each.
        notes: when it was written down, and what was changed since; a sentence each.
        body: what was sent, whole; "" for what is no letter.
        stands: it stood at the end of the day; what did not is on the time line alone.
    """

    part: str
    urn: str | None
    school: str
    on: date | None
    what: str
    who: str = ""
    details: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    stands: bool = True
    body: str = ""


@dataclass(frozen=True)
class Known:
    """What the lines are made of.

    Attributes:
        records: by table, as they were.
        names: {urn: name} of the schools as they were called then.
        urns: the schools asked for; None for every one.
        locality: of which core groups; None for every one.
        may_see_restricted: the viewer may see restricted notes.
        steps: {id: title} of the steps of the ladders.
    """

    day: date
    records: Mapping[str, Sequence[RecordThen]]
    names: Mapping[str, str]
    urns: frozenset[str] | None
    la_code: str
    locality: str | None
    may_see_restricted: bool
    steps: Mapping[str, str] = field(default_factory=dict)

    def of(self, table: str) -> list[RecordThen]:
        """The records of a table about the schools asked for, of this LA where they say so."""
        return [
            one
            for one in self.records[table]
            if one.image.get("la_code", self.la_code) == self.la_code
            and (self.urns is None or "urn" not in one.image or one.image["urn"] in self.urns)
        ]

    def by_number(self, table: str) -> dict[int, RecordThen]:
        """Every record of a table, whichever school it is about."""
        return {one.record_id: one for one in self.records[table]}

    def name(self, urn: str | None) -> str:
        """What a school was called."""
        return "" if urn is None else self.names.get(urn, f"a school that is not loaded ({urn})")


def day_of(value: Any) -> date | None:
    """A day as the audit trail keeps it; of a moment the day in UTC."""
    if value is None:
        return None
    return datetime.fromisoformat(str(value)).date()


def told_on(record: RecordThen, own: date | None) -> date:
    """The day that a record tells of: its own, or, where it has none, that on which it was written down."""
    return own or record.recorded_at.date()


def is_of(day: date, record: RecordThen, own: date | None) -> bool:
    """Whether a record tells of something until the end of a day."""
    return told_on(record, own) <= day


def notes_of(known: Known, record: RecordThen, locked_at: datetime | None = None) -> tuple[str, ...]:
    """When a record was written down, and each change after the day; before it, each amendment of locked minutes."""
    by = f"{in_words(record.recorded_at.date())} by {record.recorded_by}"
    notes = [
        f"Written down on {by}, after this day, as it was known then."
        if record.is_recorded_later
        else f"Written down on {by}."
    ]
    amended = [entry for entry in record.entries[1:] if locked_at is not None and entry.at > locked_at]
    notes += [
        change_words(
            entry,
            may_see_restricted=known.may_see_restricted,
            is_amendment=locked_at is not None and entry.at > locked_at,
        )
        for entry in (*amended, *record.since)
    ]
    return tuple(note for note in notes if note)


def changes_of(known: Known, record: RecordThen) -> tuple[str, ...]:
    """As `notes_of`, for what belongs to another record: when it was written down only where that was after the day."""
    return notes_of(known, record)[0 if record.is_recorded_later else 1 :]


def sentence(*parts: str | None) -> str:
    """Parts as sentences; those that are empty are left out."""
    return " ".join(part if part.endswith((".", "?", "!")) else f"{part}." for part in parts if part)


def level_words(statement: str | None, level: str | None) -> str:
    """A statement with a level: "Likely good outcomes for all children: ■ unlikely"."""
    if level is None:
        return ""
    shown = level_in_words(Level(level))
    return shown if statement is None else f"{STATEMENT_TITLES[Statement(statement)]}: {shown}"


def value_words(value: Any) -> str:
    """A value of an image in words."""
    if value is None:
        return "nothing"
    if isinstance(value, list):
        return ", ".join(str(one) for one in value)
    if isinstance(value, str):
        try:
            return in_words(date.fromisoformat(value))
        except ValueError:
            return value
    return f"{value:g}" if isinstance(value, float) else str(value)


def change_words(entry: AuditEntry, *, may_see_restricted: bool, is_amendment: bool) -> str:
    """What one change did, by whom and why; "" where all of it is for others, or of no meaning to a reader."""
    hidden = _LEFT_OUT if may_see_restricted else _LEFT_OUT | RESTRICTED
    is_new = entry.before is None
    fields = [
        f"{name.replace('_', ' ')}: {value_words(after)}"
        if is_new
        else f"{name.replace('_', ' ')}: {value_words(before)} → {value_words(after)}"
        for name, before, after in changed_fields(entry)
        if name not in hidden and name != "withdrawn_reason"
    ]
    if not fields and entry.what is What.CHANGED:
        return ""
    did = "Amended" if is_amendment and entry.what is What.CHANGED else _DONE.get(entry.what, "Changed")
    why = f", because: {entry.reason}" if entry.reason else ""
    what = f". {'; '.join(fields)}" if fields and entry.what is not What.WITHDRAWN else ""
    return sentence(f"{did} on {in_words(entry.at.date())} by {entry.who}{why}{what}")
