"""The log of what left the house."""

from dataclasses import asdict, replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from risk_model.casework import NewExport, Records, audit_trail, exports, hash_of, record_export
from risk_model.casework.store import writing
from risk_model.domain.errors import RecordRefused

BASE = NewExport(
    la_code="999",
    what="regional director's list",
    file_name="list.csv",
    content_hash="a" * 64,
    banner="OFFICIAL",
    fields=("name", "trust"),
    urns=("900005", "900004"),
    build_id="b1",
    rule_set="2026.1",
    as_at=date(2026, 11, 20),
    file_hash="b" * 64,
)


def test_hash_of_is_the_published_sha_256_of_its_example() -> None:
    # FIPS 180-4, the message "abc"
    known = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"  # pragma: allowlist secret
    assert hash_of(b"abc") == known


def test_record_export_comes_back_whole_with_who_and_when(records: Records) -> None:
    number = record_export(records, "LA lead", BASE)
    (found,) = exports(records)
    assert {name: getattr(found, name) for name in asdict(BASE)} == asdict(BASE)
    assert (found.id, found.version, found.exported_by) == (number, 1, "LA lead")
    assert abs(datetime.now(UTC) - found.exported_at) < timedelta(minutes=5)
    (entry,) = audit_trail(records, table="export")
    assert (entry.who, entry.what, entry.record_id) == ("LA lead", "created", number)
    assert entry.after is not None
    assert entry.after["urns"] == ["900005", "900004"]


def test_record_export_without_a_choice_keeps_that_there_was_none(records: Records) -> None:
    record_export(records, "LA lead", NewExport("999", "letter", "letter.docx", "c" * 64))
    (found,) = exports(records)
    assert (found.fields, found.urns, found.banner, found.as_at) == (None, None, None, None)


def test_exports_are_of_one_la_the_newest_first(records: Records) -> None:
    for la_code, name in (("999", "first.csv"), ("998", "other.csv"), ("999", "second.csv")):
        record_export(records, "LA lead", replace(BASE, la_code=la_code, file_name=name))
    assert [one.file_name for one in exports(records, la_code="999")] == ["second.csv", "first.csv"]
    assert len(exports(records)) == 3


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("content_hash", "A" * 64, "is not a SHA-256"),
        ("file_hash", "a" * 63, "is not a SHA-256"),
        ("urns", ("900005", "x"), "'x' is not a URN"),
        ("urns", "900005", "is not a list"),
        ("fields", ("a\nb",), "control character"),
        ("what", " ", "nothing was given"),
        ("la_code", "99", "is not an LA code"),
    ],
)
def test_record_export_with_a_fault_names_it_and_logs_nothing(
    records: Records, field: str, value: object, message: str
) -> None:
    with pytest.raises(RecordRefused) as error:
        record_export(records, "LA lead", replace(BASE, **{field: value}))  # type: ignore[arg-type]
    (detail,) = error.value.details
    assert detail.startswith(f"{field}:")
    assert message in detail
    assert exports(records) == []


def test_a_line_of_the_log_is_never_changed(records: Records) -> None:
    record_export(records, "LA lead", BASE)
    with pytest.raises(DatabaseError, match="never"), writing(records) as connection:
        connection.execute(text("update export set exported_by = 'nobody'"))
    assert exports(records)[0].exported_by == "LA lead"
