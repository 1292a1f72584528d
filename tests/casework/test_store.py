"""Opening, migrating, what the database refuses, and several writers at once."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError, IntegrityError

from risk_model.casework import (
    NewAction,
    NewAdviserView,
    NewAgendaItem,
    NewAllocation,
    NewApproval,
    NewAttendance,
    NewConflict,
    NewDecision,
    NewDesignation,
    NewEscalation,
    NewEvidence,
    NewExport,
    NewGrant,
    NewHeadComment,
    NewInterest,
    NewLadderStep,
    NewLetter,
    NewMeeting,
    NewMeetingOutcome,
    NewObjective,
    NewReferral,
    NewShare,
    NewSystemLeader,
    NewVisit,
    NewWatch,
    Records,
    ShownNote,
    add_adviser_view,
    add_allocation,
    add_approval,
    add_attendance,
    add_conflict,
    add_designation,
    add_grant,
    add_head_comment,
    add_interest,
    add_letter,
    add_meeting_with_agenda,
    add_objective,
    add_referral,
    add_system_leader,
    allocations,
    audit_trail,
    change_allocation,
    close_records,
    log_note_views,
    open_escalation,
    open_records,
    record_decision,
    record_export,
    record_visit,
    system_leaders,
    take_step,
    watch,
)
from risk_model.casework.store import reading, writing
from risk_model.casework.tables import METADATA
from risk_model.domain.errors import RecordRefused
from tests.casework.past_the_guards import break_audit, is_file

FINANCE = NewAllocation("999", "900001", "LA team", "Finance", days_planned=500 / 2, days_used=0)


NOTE = NewEvidence("document", "Note of the visit of 28 September 2026.")


def fill(records: Records) -> None:
    """One record in every table."""
    leader = add_system_leader(records, "tester", NewSystemLeader("999", "System leader 01", "NLE"))
    shares = (NewShare("900001", 4), NewShare("900002", 2))
    group = NewAllocation("999", "900001", "school", "Birchmoor School", leader, days_planned=6, shares=shares)
    support = add_allocation(records, "tester", group)
    add_objective(records, "tester", NewObjective(support, "Better maths"))
    record_visit(records, "tester", NewVisit(support, "900001", date(2026, 10, 1), "System leader 01", 1))
    add_designation(records, "tester", NewDesignation(leader, "NLE"))
    add_interest(records, "tester", NewInterest("999", "Head 12", "SLE", date(2026, 10, 1)))
    meeting = add_meeting_with_agenda(
        records, "tester", NewMeeting("999", "Alder Valley", date(2026, 10, 1)), [NewAgendaItem("900001", ("New.",))]
    )
    step_up = NewMeetingOutcome("900001", "step up support")
    visit = NewAction("999", "900001", "Visit.", "LA adviser", date(2026, 11, 1))
    record_decision(records, "tester", NewDecision(meeting, "900001", step_up, actions=(visit,)))
    add_attendance(records, "tester", NewAttendance(meeting, "Head 12", "head teacher"))
    add_conflict(records, "tester", NewConflict(meeting, "Head 12", "900001", "A relative.", "left the room"))
    add_referral(records, "tester", NewReferral("999", "900001", "Progress is falling."))
    letter = ("review_maintained", "a" * 64, "The head teacher", "What we found", "Dear colleagues")
    add_letter(records, "tester", NewLetter("999", "900001", *letter))
    opened = open_escalation(records, "tester", NewEscalation("999", "900001", date(2026, 10, 1), "No plan."))
    take_step(records, "tester", NewLadderStep("informal_challenge", date(2026, 10, 1), opened))
    day, review_by = date(2026, 10, 1), date(2027, 3, 31)
    view = NewAdviserView("999", "900001", "outcomes", "likely", "Books.", "Adviser 1", day, review_by, (NOTE,))
    add_adviser_view(records, "tester", view)
    add_head_comment(records, "tester", NewHeadComment("999", "900001", "One small year.", "Head teacher", day))
    add_approval(records, "tester", NewApproval("999", "2026.1", "a" * 64, "The board", day))
    record_export(records, "tester", NewExport("999", "list of schools", "schools.csv", "b" * 64))
    watch(records, NewWatch("999", "900001", day, "tester"))
    add_grant(records, "tester", NewGrant("officer@example.org", "adviser", "999"))
    log_note_views(records, "tester", [ShownNote("900001", "meeting_outcome", 1, "A note.")])


def test_migrations_from_empty_to_head_equal_the_metadata(records: Records) -> None:
    with reading(records) as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, METADATA) == []


def test_metadata_comparison_would_see_a_difference(records: Records) -> None:
    with writing(records) as connection:
        connection.execute(text("alter table referral add column extra text"))
    with reading(records) as connection:
        assert compare_metadata(MigrationContext.configure(connection), METADATA) != []


def test_open_makes_the_folder_and_sets_sqlite_up(tmp_path: Path) -> None:
    records = open_records(f"sqlite:///{(tmp_path / 'new 100%' / 'records.sqlite').as_posix()}")
    with reading(records) as connection:
        settings = {
            name: connection.execute(text(f"pragma {name}")).scalar()
            for name in ("journal_mode", "foreign_keys", "busy_timeout")
        }
    close_records(records)
    assert settings == {"journal_mode": "wal", "foreign_keys": 1, "busy_timeout": 10_000}


def test_open_again_keeps_what_is_there(address: str) -> None:
    first = open_records(address)
    fill(first)
    close_records(first)
    second = open_records(address)
    assert [leader.label for leader in system_leaders(second)] == ["System leader 01"]
    close_records(second)


def test_open_by_many_threads_at_once_migrates_once(empty_address: str) -> None:
    with ThreadPoolExecutor(4) as pool:
        opened = list(pool.map(lambda _: open_records(empty_address), range(4)))
    assert [allocations(each) for each in opened] == [[], [], [], []]
    for each in opened:
        close_records(each)


def test_open_of_many_files_at_once_migrates_each(tmp_path: Path) -> None:
    addresses = [f"sqlite:///{(tmp_path / f'{number}.sqlite').as_posix()}" for number in range(8)]
    with ThreadPoolExecutor(8) as pool:
        opened = list(pool.map(open_records, addresses))
    for each in opened:
        fill(each)
        close_records(each)


def test_open_records_of_a_newer_version_is_refused(address: str, records: Records) -> None:
    with writing(records) as connection:
        connection.execute(text("update alembic_version set version_num = 'r9999'"))
    with pytest.raises(RecordRefused, match="newer version of the product \\(r9999\\)"):
        open_records(address)


@pytest.mark.parametrize("url", ["", "not an address", "sqlite//x"])
def test_open_what_is_no_address_is_refused(url: str) -> None:
    with pytest.raises(RecordRefused, match="address of the records is not one"):
        open_records(url)


def test_open_another_file_is_refused_and_leaves_it_alone(tmp_path: Path) -> None:
    file = tmp_path / "records.sqlite"
    file.write_text("urn,name\n900001,Alder Bank\n" * 100, encoding="utf-8")
    with pytest.raises(RecordRefused, match="could not be opened: file is not a database"):
        open_records(f"sqlite:///{file.as_posix()}")
    assert file.read_text(encoding="utf-8").startswith("urn,name")


def test_open_below_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(RecordRefused, match="could not be made"):
        open_records(f"sqlite:///{(tmp_path / 'file' / 'below' / 'records.sqlite').as_posix()}")


def test_no_table_lets_a_row_be_deleted(records: Records) -> None:
    fill(records)
    for table in METADATA.tables:
        with pytest.raises(DatabaseError, match="never deleted"), writing(records) as connection:
            connection.execute(text(f"delete from {table}"))
        other = "insert or replace into {0} select * from {0}" if is_file(records) else "truncate {0} cascade"
        with pytest.raises(DatabaseError, match="never deleted"), writing(records) as connection:
            connection.execute(text(other.format(table)))
        with reading(records) as connection:
            assert connection.execute(text(f"select count(*) from {table}")).scalar() != 0, table


@pytest.mark.parametrize("table", ["audit", "note_view", "export"])
def test_nothing_that_is_logged_can_be_changed(records: Records, table: str) -> None:
    fill(records)
    names = [column.name for column in METADATA.tables[table].columns if column.name not in ("id", "record_id")]
    for name in names:
        with pytest.raises(DatabaseError, match="audit trail never changes"), writing(records) as connection:
            connection.execute(text(f'update {table} set "{name}" = null'))
    assert {entry.who for entry in audit_trail(records)} == {"tester"}


def test_failing_audit_takes_the_change_back(records: Records) -> None:
    number = add_allocation(records, "tester", FINANCE)
    break_audit(records)
    with pytest.raises(DatabaseError, match="broken"):
        change_allocation(records, "tester", number, 1, {"days_used": 3})
    with pytest.raises(DatabaseError, match="broken"):
        add_allocation(records, "tester", FINANCE)
    (kept,) = allocations(records)
    assert (kept.days_used, kept.version) == (0, 1)
    assert len(audit_trail(records)) == 1


def test_foreign_key_to_no_system_leader_is_refused_by_the_database(records: Records) -> None:
    fill(records)
    with pytest.raises(IntegrityError), writing(records) as connection:
        connection.execute(text("update allocation set system_leader_id = 77"))


def test_many_writers_adding_at_once_lose_nothing(address: str) -> None:
    handles = [open_records(address) for _ in range(2)]

    def add_some(place: int) -> list[int]:
        return [add_allocation(handles[place % 2], f"writer {place}", FINANCE) for _ in range(15)]

    with ThreadPoolExecutor(4) as pool:
        numbers = [number for found in pool.map(add_some, range(4)) for number in found]
    assert len(set(numbers)) == 60
    assert {found.id for found in allocations(handles[0])} == set(numbers)
    assert len(audit_trail(handles[0], table="allocation")) == 60
    for handle in handles:
        close_records(handle)


def test_many_writers_counting_days_at_once_lose_none(records: Records) -> None:
    number = add_allocation(records, "tester", FINANCE)

    def use_one_day() -> None:
        while True:
            (seen,) = allocations(records)
            try:
                change_allocation(records, "writer", number, seen.version, {"days_used": (seen.days_used or 0) + 1})
                return
            except RecordRefused as refused:
                # Somebody was faster: look again, as the message asks a user to. Nothing else may happen.
                assert "after you opened it" in refused.message

    with ThreadPoolExecutor(4) as pool:
        for done in [pool.submit(use_one_day) for _ in range(20)]:
            done.result()
    (kept,) = allocations(records)
    assert (kept.days_used, kept.version) == (20, 21)
    assert len(audit_trail(records, table="allocation", record_id=number)) == 21


def test_writer_waits_for_another_to_finish(records: Records) -> None:
    has_lock, finished = threading.Event(), threading.Event()

    def hold() -> None:
        with writing(records) as connection:
            connection.execute(text("update alembic_version set version_num = version_num"))
            has_lock.set()
            finished.wait(0.3)

    holder = threading.Thread(target=hold)
    holder.start()
    has_lock.wait(5)
    number = add_allocation(records, "patient", FINANCE)
    finished.set()
    holder.join()
    assert [found.id for found in allocations(records)] == [number]


def test_writer_who_waits_too_long_is_told(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    patient = open_records(address)
    monkeypatch.setattr("risk_model.casework.store.BUSY_TIMEOUT_MS", 50)
    hasty = open_records(address)
    with writing(patient), pytest.raises(RecordRefused, match="Somebody else is writing"):
        add_allocation(hasty, "hasty", FINANCE)
    assert allocations(hasty) == []
    close_records(patient)
    close_records(hasty)
