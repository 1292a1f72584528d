"""Records that move from the file into a server: whole, counted and checked, or not at all."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select, text

from risk_model.casework import (
    NewAllocation,
    Records,
    add_allocation,
    allocations,
    audit_trail,
    change_allocation,
    close_records,
    copy_records,
    heads,
    open_records,
    verify,
)
from risk_model.casework.store import reading, writing
from risk_model.casework.tables import METADATA
from risk_model.domain.errors import RecordRefused
from tests.casework.past_the_guards import lift_guard, went_past
from tests.casework.test_store import fill

SUPPORT = NewAllocation("999", "900001", "LA team", "Finance – “é”", days_planned=0.1 + 0.2)


@pytest.fixture
def source(tmp_path: Path) -> Iterator[Records]:
    """A file with a record in every table."""
    opened = open_records(f"sqlite:///{(tmp_path / 'source.sqlite').as_posix()}")
    fill(opened)
    number = add_allocation(opened, "officer", SUPPORT)
    change_allocation(opened, "officer", number, 1, {"days_used": 0.1})
    yield opened
    close_records(opened)


def everything(records: Records) -> dict[str, list[dict[str, object]]]:
    with reading(records) as connection:
        return {
            name: [dict(row) for row in connection.execute(select(table).order_by(table.c.id)).mappings()]
            for name, table in METADATA.tables.items()
        }


def test_every_row_arrives_with_its_number_and_the_chain_holds(source: Records, records: Records) -> None:
    moved = copy_records(source, records)
    assert everything(records) == everything(source)
    assert moved.rows == {name: len(rows) for name, rows in everything(source).items()}
    assert all(number > 0 for number in moved.rows.values())
    assert moved.heads == heads(source) == heads(records)
    assert verify(records).findings == ()


def test_the_next_records_get_the_next_numbers_and_the_chain_goes_on(source: Records, records: Records) -> None:
    copy_records(source, records)
    highest = max(one.id for one in allocations(records))
    assert add_allocation(records, "officer", SUPPORT) == highest + 1
    fill_again = change_allocation(records, "officer", highest + 1, 1, {"days_used": 0.1})
    assert fill_again.version == 2
    assert audit_trail(records)[0].id == heads(source)["audit"].number + 2
    assert verify(records).findings == ()


def test_a_target_with_rows_is_refused_and_left_alone(source: Records, records: Records) -> None:
    add_allocation(records, "somebody", SUPPORT)
    before = everything(records)
    with pytest.raises(RecordRefused, match="holds rows already, in allocation \\(1\\), audit \\(1\\)"):
        copy_records(source, records)
    assert everything(records) == before


def test_a_broken_chain_does_not_move(source: Records, records: Records) -> None:
    lift_guard(source, "audit", "update")
    went_past(source, "update audit set who = 'somebody else' where id = 3")
    with pytest.raises(RecordRefused, match="audit trail does not hold \\(1 faults\\)") as error:
        copy_records(source, records)
    assert error.value.details[1] == "audit 3 is not what was written: it was altered."
    assert all(rows == [] for rows in everything(records).values())


def test_a_copy_that_fails_half_way_leaves_nothing(source: Records, records: Records) -> None:
    # a record that the target cannot take, in a table that comes late
    with writing(records) as connection:
        connection.execute(text("drop table view_evidence"))
    with pytest.raises(Exception, match="view_evidence"):
        copy_records(source, records)
    with reading(records) as connection:
        assert connection.execute(text("select count(*) from adviser_view")).scalar() == 0
        assert connection.execute(text("select count(*) from audit")).scalar() == 0


def test_back_into_a_file(source: Records, records: Records, tmp_path: Path) -> None:
    copy_records(source, records)
    back = open_records(f"sqlite:///{(tmp_path / 'back.sqlite').as_posix()}")
    copy_records(records, back)
    assert everything(back) == everything(source)
    close_records(back)
