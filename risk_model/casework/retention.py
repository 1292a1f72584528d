"""What is kept longer than the policy says: `data/lookups/retention.toml` has the periods, with their reasons."""

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from sqlalchemy import Connection, Row, Select, select

from risk_model.casework.store import Records, reading
from risk_model.casework.tables import (
    ADVISER_VIEW,
    INTEREST,
    MEETING,
    MEETING_OUTCOME,
    NOTE_VIEW,
    REFERRAL,
    SYSTEM_LEADER,
    VISIT,
)
from risk_model.casework.words import InterestStatus
from risk_model.domain.errors import RulesRefused
from risk_model.domain.paths import LOOKUPS

POLICY = LOOKUPS / "retention.toml"


class RetentionKind(BaseModel):
    """How long one kind of record is kept.

    Attributes:
        starts: from which day its years count, in words.
        then: what becomes of it afterwards.
    """

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    id: str
    title: str = Field(min_length=1)
    starts: str = Field(min_length=1, alias="from")
    years: int = Field(ge=1, le=100)
    then: Literal["erase", "look"]
    why: str = Field(min_length=1)


@dataclass(frozen=True)
class PastItsTime:
    """A record that is kept longer than the policy says.

    Attributes:
        number: of the record in its table.
        since: the day from which its years count; until: the day on which its time ended.
    """

    kind: RetentionKind
    table: str
    number: int
    since: date
    until: date


_NO_USE = (InterestStatus.DECLINED.value, InterestStatus.WITHDRAWN.value)
# (number, day from which the years count) of each record of a kind that is still there as it was written
_FOUND: Mapping[str, tuple[str, Callable[[], Select[int, date]]]] = {
    "system_leader": (
        SYSTEM_LEADER.name,
        lambda: select(SYSTEM_LEADER.c.id, SYSTEM_LEADER.c.available_to).where(
            SYSTEM_LEADER.c.available_to.is_not(None), SYSTEM_LEADER.c.label.not_like("erased %")
        ),
    ),
    "interest": (
        INTEREST.name,
        lambda: select(INTEREST.c.id, INTEREST.c.registered_on).where(INTEREST.c.status.in_(_NO_USE)),
    ),
    "restricted_note": (
        MEETING_OUTCOME.name,
        lambda: (
            select(MEETING_OUTCOME.c.id, MEETING.c.held_on)
            .join(MEETING, MEETING.c.id == MEETING_OUTCOME.c.meeting_id)
            .where(MEETING_OUTCOME.c.restricted_note.is_not(None))
        ),
    ),
    "referral_note": (
        REFERRAL.name,
        lambda: select(REFERRAL.c.id, REFERRAL.c.raised_on).where(
            REFERRAL.c.restricted_note.is_not(None), REFERRAL.c.raised_on.is_not(None)
        ),
    ),
    "adviser_view": (ADVISER_VIEW.name, lambda: select(ADVISER_VIEW.c.id, ADVISER_VIEW.c.made_on)),
    "visit": (VISIT.name, lambda: select(VISIT.c.id, VISIT.c.visited_on).where(VISIT.c.note.is_not(None))),
    "note_view": (NOTE_VIEW.name, lambda: select(NOTE_VIEW.c.id, NOTE_VIEW.c.at)),
}


def read_retention(path: Path = POLICY) -> tuple[RetentionKind, ...]:
    """The policy, in the order of the file.

    Raises:
        RulesRefused: the file is not as it should be; with every problem.
    """
    try:
        given = tomllib.loads(path.read_text(encoding="utf-8"))
        kinds = tuple(RetentionKind.model_validate(one) for one in given.get("kind", []))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise RulesRefused(f"{path.name} cannot be read: {error}.", ["Mend it; nothing was changed."]) from error
    except ValidationError as error:
        problems = [f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors()]
        raise RulesRefused(f"{path.name} is not a retention policy.", problems) from error
    unknown = [one.id for one in kinds if one.id not in _FOUND]
    if unknown or len({one.id for one in kinds}) < len(kinds):
        known = f"Each of these may stand there once: {', '.join(_FOUND)}."
        raise RulesRefused(f"{path.name} names kinds that are unknown, or twice.", [*unknown, known])
    return kinds


def past_their_time(records: Records, today: date, policy: tuple[RetentionKind, ...]) -> list[PastItsTime]:
    """Every record that the policy does not want any more, in its order, the oldest first."""
    found: list[PastItsTime] = []
    with reading(records) as connection:
        for kind in policy:
            found += sorted(_of_kind(connection, kind, today), key=lambda one: (one.since, one.number))
    return found


def _of_kind(connection: Connection, kind: RetentionKind, today: date) -> list[PastItsTime]:
    table, query = _FOUND[kind.id]
    rows: list[Row[int, date]] = list(connection.execute(query()))
    read = [(int(number), day.date() if isinstance(day, datetime) else day) for number, day in rows]
    found = [PastItsTime(kind, table, number, day, _years_after(day, kind.years)) for number, day in read]
    return [one for one in found if one.until < today]


def _years_after(day: date, years: int) -> date:
    # 29 February has no anniversary in most years
    return day.replace(year=day.year + years, day=28 if (day.month, day.day) == (2, 29) else day.day)
