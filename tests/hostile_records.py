"""The demo's records told again word for word, but with an attack in every field that a user writes.

Each entry of the audit trail is written anew through the product's own checks, in the same order: so every kind of
record is there, in every state, with the same numbers. Which fields there are is read off the kinds themselves: a new
one is attacked as soon as it is there.
"""

import importlib
import pkgutil
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select

from risk_model import casework
from risk_model.casework import (
    NewApproval,
    NewExport,
    NewGrant,
    NewWatch,
    add_approval,
    add_grant,
    record_export,
    watch,
)
from risk_model.casework.audit import AuditEntry, audit_trail
from risk_model.casework.changes import Kind, add_or_tell, change_row
from risk_model.casework.checks import Field, Unfit
from risk_model.casework.store import Records, close_records, open_records, reading, writing
from risk_model.casework.tables import (
    ADVISER_VIEW,
    ALLOCATION_SHARE,
    CONFLICT,
    ESCALATION,
    HEAD_COMMENT,
    LETTER,
    OBJECTIVE,
    REFERRAL,
)
from risk_model.domain.errors import RecordRefused
from risk_model.domain.paths import DataDir
from risk_model.rules.reader import read_rules
from risk_model.rules.writer import fingerprint

# a formula, an image that runs a script, bold, and a link that runs a script; 63 characters, since labels are short
ATTACK = "=1+1|<img src=x onerror=alert(1)>**bold**[x](javascript:alert(1))"
# what a record is found by: told otherwise it would be seen nowhere
FOUND_BY = frozenset(
    {
        ("meeting", "locality"),
        ("meeting", "build_id"),
        ("adviser_view", "build_id"),
        ("ladder_step", "step"),
        ("letter", "template"),
    }
)
# these words take a record out of the lists; they are given at the end, to the last record of each kind
WITHDRAWING = frozenset({"withdrawn_reason", "close_reason"})
SET_BY_THE_PRODUCT = frozenset({"id", "version"})


def kinds() -> dict[str, Kind]:
    """Every kind of record: {table: kind}."""
    modules = [importlib.import_module(f"{casework.__name__}.{each.name}") for each in _modules()]
    return {one.table.name: one for module in modules for one in vars(module).values() if isinstance(one, Kind)}


def _modules() -> Iterator[pkgutil.ModuleInfo]:
    return (each for each in pkgutil.iter_modules(casework.__path__) if each.name != "migrations")


def free_texts(kind: Kind) -> list[str]:
    """The fields of a kind that take any text as it is."""
    return [field.name for field in kind.fields if _takes(field, "<b>x</b>")]


def _takes(field: Field, text: str) -> bool:
    try:
        return bool(field.read(text) == text)
    except Unfit:
        return False


def attack(kind: Kind, name: str, number: int) -> str:
    """What is written into a field: it names its field, and no two are alike; as long as the field takes."""
    field = next(one for one in kind.fields if one.name == name)
    text = f"{ATTACK} {kind.table.name}.{name} {number}"
    return text if _takes(field, text) else f"<b>{number}"


def make_hostile(data: DataDir) -> None:
    """Put such records in the place of the demo's."""
    path = data.root / "records.sqlite"
    before = open_records(data.records_url)
    entries = audit_trail(before, limit=10_000)[::-1]
    close_records(before)
    for each in path.parent.glob(f"{path.name}*"):
        each.unlink()
    after = open_records(data.records_url)
    known = kinds()
    for entry in entries:
        _tell_again(after, known[entry.table], entry)
    _add_what_the_demo_lacks(after)
    for kind in known.values():
        _withdraw_the_last(after, kind)
    close_records(after)


def _tell_again(records: Records, kind: Kind, entry: AuditEntry) -> None:
    told = {name: _read(value) for name, value in (entry.after or {}).items() if name not in SET_BY_THE_PRODUCT}
    if entry.before is not None:
        told = {name: value for name, value in told.items() if value != _read(entry.before[name])}
    spared = {name for name in WITHDRAWING if not told.get(name)}
    attacks = {
        name: attack(kind, name, entry.id)
        for name in free_texts(kind)
        if name not in spared
        and (kind.table.name, name) not in FOUND_BY
        and (entry.before is None or (name in told and told[name] is not None))
    }
    _write_what_is_taken(records, kind, entry, told, attacks)


def _write_what_is_taken(
    records: Records, kind: Kind, entry: AuditEntry, told: Mapping[str, Any], attacks: dict[str, str]
) -> None:
    """Write an entry with as many of its attacks as the product takes: those that it refuses never get in."""
    who = ATTACK[:60] + entry.who[:40]
    while True:
        try:
            with writing(records) as connection:
                if entry.before is None:
                    _, problems = add_or_tell(connection, kind, who, {**told, **attacks}, entry.reason)
                    refused = {problem.field for problem in problems}
                else:
                    changes = {name: value for name, value in {**told, **attacks}.items() if name not in kind.fixed}
                    version = int(entry.before["version"])
                    change_row(connection, kind, who, entry.record_id, version, changes, entry.reason and ATTACK)
                    refused = set()
        except RecordRefused as error:
            refused = {line.partition(":")[0] for line in error.details}
        if not refused:
            return
        # a text where there was none may ask for others beside it
        filled = {name for name in attacks if told.get(name) is None}
        dropped = refused & set(attacks) or filled
        assert dropped, (entry, refused)
        for name in dropped:
            attacks.pop(name)


def _read(value: Any) -> Any:
    """A value of the audit trail as the checks take it: moments with their zone."""
    if isinstance(value, str) and len(value) > len("2026-11-20T") and value[10:11] == "T":
        return datetime.fromisoformat(value)
    return value


def _add_what_the_demo_lacks(records: Records) -> None:
    day, known = date(2026, 11, 20), kinds()
    approval = {name: attack(known["rule_set_approval"], name, 1) for name in ("rule_set", "approved_by", "note")}
    mark = fingerprint(read_rules())
    add_approval(records, ATTACK, NewApproval(la_code="999", rule_set_hash=mark, approved_on=day, **approval))
    left = {name: attack(known["export"], name, 1) for name in ("what", "file_name", "banner", "build_id", "rule_set")}
    record_export(records, attack(known["export"], "exported_by", 1), NewExport("999", content_hash="a" * 64, **left))
    asked = {name: attack(known["access_grant"], name, 1) for name in ("locality", "note")}
    for number in (1, 2):
        person = attack(known["access_grant"], "person", number)
        add_grant(records, ATTACK, NewGrant(person, "locality member", "999", **asked))
    watch(records, NewWatch("999", "900001", day, attack(known["watch"], "watcher", 1)))


def _withdraw_the_last(records: Records, kind: Kind) -> None:
    """Withdraw the last record of a kind with an attack for its reason, where the product lets it."""
    for name in WITHDRAWING & {field.name for field in kind.fields}:
        with reading(records) as connection:
            query = select(kind.table.c.id, kind.table.c.version).order_by(kind.table.c.id.desc()).limit(1)
            row = connection.execute(query).first()
        # the only one stays where it can be seen
        if row is None or row.id == 1:
            continue
        try:
            with writing(records) as connection:
                change_row(connection, kind, ATTACK, row.id, row.version, {name: attack(kind, name, row.id)}, ATTACK)
        except RecordRefused:
            # it cannot be withdrawn, or is already
            continue


def hostile_fields(path: Path) -> dict[str, list[str]]:
    """Of each kind, the fields that hold an attack in some record: {table: fields}."""
    records = open_records(f"sqlite:///{path.as_posix()}")
    found = {}
    with reading(records) as connection:
        for table, kind in kinds().items():
            rows = connection.execute(select(kind.table)).mappings().all()
            found[table] = [
                n for n in free_texts(kind) if any(str(row[n]).startswith(("=1+1|", "<b>")) for row in rows)
            ]
    close_records(records)
    return found


def where_seen(path: Path) -> list[str]:
    """Addresses of pages that show records of many kinds: schools, their histories, support, a meeting."""
    records = open_records(f"sqlite:///{path.as_posix()}")
    found: list[str] = []
    with reading(records) as connection:
        for table, pattern in _SHOWN_AT:
            column = table.c[pattern.rpartition("{")[2].rstrip("}")]
            first = connection.execute(select(column).where(column.is_not(None)).order_by(table.c.id).limit(1))
            found.append(pattern.format_map({column.name: first.scalar_one()}))
    close_records(records)
    return found


_SHOWN_AT = (
    (ESCALATION, "/school?urn={urn}"),
    (ESCALATION, "/history?urn={urn}"),
    (HEAD_COMMENT, "/school?urn={urn}"),
    (ADVISER_VIEW, "/school?urn={urn}"),
    (LETTER, "/school?urn={urn}"),
    (REFERRAL, "/school?urn={urn}"),
    (REFERRAL, "/history?urn={urn}"),
    (OBJECTIVE, "/support?view=support&number={allocation_id}"),
    (ALLOCATION_SHARE, "/support?view=support&number={allocation_id}"),
    (CONFLICT, "/core_group?view=meeting&meeting={meeting_id}"),
)
