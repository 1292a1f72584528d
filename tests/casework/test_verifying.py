"""What `verify` finds where somebody went past the audit trail: each row that is altered, missing, added or moved."""

import json

import pytest
from sqlalchemy import text

from risk_model.casework import Head, NewAllocation, Records, add_allocation, heads, read_head, verify
from risk_model.casework.store import reading
from risk_model.domain.errors import RecordRefused
from tests.casework.past_the_guards import lift_guard, went_past
from tests.casework.test_store import fill

SUPPORT = NewAllocation("999", "900001", "LA team", "Finance", days_planned=6, aim="Books in order")
ROWS = 6
COLUMNS = ("id", "at", "who", "what", '"table"', "record_id", "before", "after", "reason")
CHAIN = ("salt", "sealed", "previous_hash", "hash")


@pytest.fixture
def trail(records: Records) -> Records:
    """An audit trail of six entries, whose guards are lifted, as no user can."""
    for number in range(ROWS):
        add_allocation(records, f"officer {number}", SUPPORT)
    for act in ("update", "delete"):
        lift_guard(records, "audit", act)
    return records


def found(records: Records, *expected: tuple[str, Head]) -> list[tuple[str, int, str]]:
    return [(one.table, one.number, one.problem) for one in verify(records, expected).findings]


def test_records_as_they_were_written_hold(records: Records) -> None:
    fill(records)
    seen = verify(records)
    assert seen.findings == ()
    assert seen.heads == heads(records)
    assert (seen.rows["audit"], seen.rows["note_view"]) == (seen.heads["audit"].number, 1)
    assert seen.heads["audit"].number > 20


@pytest.mark.parametrize("column", COLUMNS[1:])
def test_an_altered_value_names_its_row(trail: Records, column: str) -> None:
    others = {"at": "'2020-01-01 00:00:00.000000'", "record_id": "77", "before": "'{\"days\": 1}'", "after": "'{}'"}
    went_past(trail, f"update audit set {column} = {others.get(column, chr(39) + 'other' + chr(39))} where id = 3")
    problems = [one for one in found(trail) if one[0] == "audit"]
    assert problems == [("audit", 3, "is not what was written: it was altered.")]


def test_a_single_field_of_an_image_that_was_altered_names_its_row(trail: Records) -> None:
    with reading(trail) as connection:
        after = connection.execute(text("select after from audit where id = 4")).scalar_one()
    whole = after if isinstance(after, str) else json.dumps(after)
    went_past(trail, f"update audit set after = '{whole.replace('6.0', '60.0')}' where id = 4")
    assert ("audit", 4, "is not what was written: it was altered.") in found(trail)


def test_a_row_altered_with_its_hash_breaks_the_row_after_it(trail: Records) -> None:
    went_past(trail, f"update audit set hash = '{'a' * 64}' where id = 3")
    assert found(trail) == [
        ("audit", 3, "is not what was written: it was altered."),
        ("audit", 4, "does not follow on from 3: one of the two was altered, added or put in another's place."),
    ]


@pytest.mark.parametrize(("gone", "said"), [("id = 3", "3 is"), ("id in (3, 4)", "3 to 4 is"), ("id < 3", "1 to 2 is")])
def test_missing_rows_are_named(trail: Records, gone: str, said: str) -> None:
    went_past(trail, f"delete from audit where {gone}")
    (problem,) = [one for one in found(trail) if one[0] == "audit"]
    assert problem[2] == f"does not follow on: before it {said} missing."


def test_rows_that_changed_places_are_both_named(trail: Records) -> None:
    went_past(trail, *(f"update audit set id = {new} where id = {old}" for old, new in ((2, 99), (4, 2), (99, 4))))
    assert {number for table, number, _ in found(trail) if table == "audit"} >= {2, 4}


def test_a_row_without_a_hash_and_a_copied_row_are_named(trail: Records) -> None:
    plain, whole = ", ".join(COLUMNS[1:]), ", ".join((*COLUMNS[1:], *CHAIN))
    went_past(
        trail,
        f"insert into audit (id, {plain}) select 7, {plain} from audit where id = 6",
        f"insert into audit (id, {whole}) select 8, {whole} from audit where id = 6",
    )
    problems = [(number, problem) for table, number, problem in found(trail) if table == "audit"]
    assert (7, "carries no hash: it was added past the audit trail.") in problems
    assert (8, "is not what was written: it was altered.") in problems


def test_an_end_that_was_cut_off_is_found_by_the_head_that_was_kept(trail: Records) -> None:
    kept = heads(trail)["audit"]
    went_past(trail, "delete from audit where id > 4")
    said = ("audit", 6, "was there when its hash was kept, and is gone: the end was cut off.")
    assert said not in found(trail)
    assert said in found(trail, ("audit", kept))


def test_a_trail_that_was_written_anew_is_found_by_the_head_that_was_kept(trail: Records) -> None:
    other = Head(heads(trail)["audit"].number, "b" * 64)
    assert found(trail, ("audit", other)) == [
        ("audit", 6, "is not the one whose hash was kept: the chain was written anew.")
    ]
    assert found(trail, ("audit", heads(trail)["audit"])) == []


def test_what_was_sealed_without_an_entry_is_named(trail: Records) -> None:
    went_past(trail, """update audit set salt = null, sealed = '{"keys": {}, "digests": {}}' where id = 2""")
    assert ("audit", 2, "something was erased in it, and no entry says so.") in found(trail)


def test_a_record_changed_past_the_trail_is_named(trail: Records) -> None:
    went_past(trail, "update allocation set days_planned = 60 where id = 5")
    assert found(trail) == [("allocation", 5, "days_planned: not as the audit trail says.")]


def test_the_log_of_views_is_checked_as_the_trail_is(records: Records) -> None:
    fill(records)
    lift_guard(records, "note_view", "update")
    went_past(records, f"update note_view set content_hash = '{'c' * 64}'")
    assert found(records) == [("note_view", 1, "is not what was written: it was altered.")]


def test_a_head_is_read_as_it_is_printed(records: Records) -> None:
    add_allocation(records, "officer", SUPPORT)
    head = heads(records)["audit"]
    assert read_head(f" {head}\n") == head
    for text_of in ("", "1", f"x:{head.hash}", f"1:{head.hash}0", f"1:{head.hash.upper()}G"):
        with pytest.raises(RecordRefused, match="is not the head of an audit trail"):
            read_head(text_of)
