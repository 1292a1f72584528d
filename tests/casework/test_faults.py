"""Faults of the engine, real ones: what was kept is there, what was refused is not, and the next try simply works."""

import random
import string
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import pytest
from sqlalchemy import text

from risk_model.casework import (
    NewAllocation,
    NewLetter,
    Records,
    add_allocation,
    add_letter,
    allocations,
    close_records,
    letters,
    newest_entry,
    open_records,
    verify,
)
from risk_model.casework.faults import faults_in_words
from risk_model.casework.store import reading, writing
from risk_model.domain.errors import RecordRefused
from tests.postgres_kit import PASSWORD, TEMPLATE, Cluster, Databases, cluster

OUT_OF_REACH = "cannot be reached just now"
SAFE = "-c fsync=on"


def support(name: str = "Finance") -> NewAllocation:
    return NewAllocation("999", "900001", "LA team", name)


@pytest.fixture
def own_server() -> Iterator[Cluster]:
    """A server that this test may kill; it waits for the disk, as one in use does."""
    with cluster(SAFE) as made:
        with made.connect() as connection:
            connection.execute("create database records")
        yield made


@pytest.fixture
def at_server(server: Databases) -> Iterator[Records]:
    with server.fresh() as address:
        opened = open_records(address)
        yield opened
        close_records(opened)


def shown(error: pytest.ExceptionInfo[RecordRefused]) -> str:
    said = str(error.value)
    assert PASSWORD not in said
    assert "Traceback" not in said
    return said


def test_a_server_killed_in_the_middle_of_a_write_loses_nothing_and_comes_back(own_server: Cluster) -> None:
    records = open_records(own_server.url("records"))
    kept = add_allocation(records, "officer", support())

    def begin_and_lose_the_server() -> None:
        with writing(records) as connection:
            connection.execute(text("update allocation set aim = 'half done'"))
            process = int(connection.execute(text("select pg_backend_pid()")).scalar_one())
            own_server.kill()
            wait_until(lambda: not Path(f"/proc/{process}").exists())
            connection.execute(text("update allocation set need = 'half done'"))

    with pytest.raises(RecordRefused, match=OUT_OF_REACH) as error:
        begin_and_lose_the_server()
    assert "Nothing was changed." in shown(error)
    for act in (
        lambda: allocations(records),
        lambda: newest_entry(records),
        lambda: add_allocation(records, "x", support()),
    ):
        with pytest.raises(RecordRefused, match=OUT_OF_REACH) as error:
            act()
        shown(error)
    own_server.start_again()
    # the same handle: nothing of ours was started again
    (found,) = allocations(records)
    assert (found.id, found.aim, found.need) == (kept, None, None)
    # after a crash PostgreSQL leaves out some numbers of records; the audit trail numbers its entries itself
    assert add_allocation(records, "officer", support()) > kept
    assert newest_entry(records) == 2
    assert verify(records).findings == ()
    close_records(records)


def test_of_many_writers_at_a_killed_server_each_was_told_the_truth(own_server: Cluster) -> None:
    records = open_records(own_server.url("records"))
    written: list[str] = []
    refused: list[str] = []
    unknown: list[str] = []
    enough = threading.Event()

    def write(writer: int) -> None:
        for number in range(10_000):
            name = f"Team {writer} {number}"
            try:
                add_allocation(records, "officer", support(name))
            except RecordRefused as error:
                (unknown if "while it kept your change" in error.message else refused).append(name)
                return
            written.append(name)
            if len(written) > 40:
                enough.set()

    with ThreadPoolExecutor(4) as pool:
        running = [pool.submit(write, writer) for writer in range(4)]
        assert enough.wait(60)
        own_server.kill()
        for one in running:
            one.result()
    own_server.start_again()
    there = {one.provider_name for one in allocations(records)}
    assert set(written) <= there
    assert not set(refused) & there
    assert there <= {*written, *unknown}
    assert verify(records).findings == ()
    close_records(records)


def test_a_connection_that_was_dropped_is_replaced_unseen(server: Databases, at_server: Records) -> None:
    add_allocation(at_server, "officer", support())
    drop_connections(server)
    assert len(allocations(at_server)) == 1
    drop_connections(server)
    assert add_allocation(at_server, "officer", support()) == 2
    drop_connections(server)
    assert newest_entry(at_server) == 2


def test_a_connection_dropped_in_the_middle_of_a_write_changes_nothing(server: Databases, at_server: Records) -> None:
    def begin_and_lose_the_connection() -> None:
        with writing(at_server) as connection:
            connection.execute(text("create table half_done (id integer)"))
            drop_connections(server)
            connection.execute(text("insert into half_done values (1)"))

    with pytest.raises(RecordRefused, match=OUT_OF_REACH) as error:
        begin_and_lose_the_connection()
    assert "Nothing was changed." in shown(error)
    with reading(at_server) as connection:
        assert connection.execute(text("select to_regclass('half_done')")).scalar() is None
    assert add_allocation(at_server, "officer", support()) == 1


def test_a_connection_dropped_before_the_end_says_that_the_end_is_not_known(
    server: Databases, at_server: Records
) -> None:
    def write_and_lose_the_connection() -> None:
        with writing(at_server) as connection:
            connection.execute(text("create table half_done (id integer)"))
            drop_connections(server)

    with pytest.raises(RecordRefused, match="while it kept your change") as error:
        write_and_lose_the_connection()
    assert "Look whether it is there" in shown(error)
    assert add_allocation(at_server, "officer", support()) == 1


def drop_connections(server: Databases) -> None:
    """End every connection but that of the test, and wait until they are gone."""
    others = "from pg_stat_activity where application_name = 'risk_model' and pid <> pg_backend_pid()"
    with server.cluster.connect() as connection:
        connection.execute(f"select pg_terminate_backend(pid) {others}")
        wait_until(lambda: not connection.execute(f"select pid {others}").fetchall())


def wait_until(is_so: Callable[[], bool]) -> None:
    """Wait for a state, for a minute at most."""
    deadline = time.monotonic() + 60
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_a_reader_behind_somebody_elses_lock_is_told_and_not_kept(
    server: Databases, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("risk_model.casework.store.BUSY_TIMEOUT_MS", 50)
    with server.fresh() as address:
        records = open_records(address)
        with server.cluster.connect(address.rpartition("/")[2]) as other, other.transaction():
            other.execute("lock table allocation in access exclusive mode")
            with pytest.raises(RecordRefused, match="Somebody else is writing"):
                allocations(records)
            with pytest.raises(RecordRefused, match="Somebody else is writing"):
                add_allocation(records, "officer", support())
        assert allocations(records) == []
        assert add_allocation(records, "officer", support()) == 1
        close_records(records)


def test_a_server_that_takes_too_long_is_told(server: Databases, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("risk_model.casework.store.STATEMENT_TIMEOUT_MS", 50)
    with server.fresh() as address:
        records = open_records(address)
        with pytest.raises(RecordRefused, match="took too long") as error, reading(records) as connection:
            connection.execute(text("select pg_sleep(60)"))
        assert "Nothing was changed." in shown(error)
        assert allocations(records) == []
        close_records(records)


def hold_connections(records: Records, number: int) -> None:
    with ExitStack() as held:
        for _ in range(number):
            held.enter_context(reading(records)).execute(text("select 1"))


def test_who_finds_every_connection_taken_is_told_so_and_not_that_somebody_writes(
    server: Databases, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("risk_model.casework.store.CONNECT_TIMEOUT_S", 2)
    with server.fresh() as address:
        records = open_records(address)
        with pytest.raises(RecordRefused, match="No connection to the records is free") as error:
            hold_connections(records, 100)
        assert "Nothing was changed." in shown(error)
        assert allocations(records) == []
        close_records(records)


SILENT = "does not answer"
PATIENCE_S = 1.0
# far below what the system itself would wait, far above what a busy machine needs
AT_MOST_S = 30.0


@pytest.fixture
def hurried(own_server: Cluster, monkeypatch: pytest.MonkeyPatch) -> Iterator[Records]:
    """Records on a server that may be made to hang, and people of little patience."""
    monkeypatch.setattr("risk_model.casework.store.ANSWER_TIMEOUT_S", PATIENCE_S)
    monkeypatch.setattr("risk_model.casework.store.CONNECT_TIMEOUT_S", 2)
    opened = open_records(own_server.url("records"))
    yield opened
    close_records(opened)


def test_a_server_that_hangs_is_told_in_time_and_found_again_once_it_goes_on(
    own_server: Cluster, hurried: Records
) -> None:
    kept = add_allocation(hurried, "officer", support())
    began = time.monotonic()
    with own_server.hanging():
        for act in (
            lambda: allocations(hurried),
            lambda: newest_entry(hurried),
            lambda: add_allocation(hurried, "officer", support("HR")),
            lambda: open_records(own_server.url("records")),
        ):
            with pytest.raises(RecordRefused) as error:
                act()
            assert "Nothing was changed." in shown(error)
        assert time.monotonic() - began < AT_MOST_S
    # the same handle: nothing of ours was started again
    assert [one.id for one in allocations(hurried)] == [kept]
    assert add_allocation(hurried, "officer", support("HR")) > kept
    assert verify(hurried).findings == ()


def test_a_server_that_hangs_in_the_middle_says_that_it_does_not_answer(own_server: Cluster, hurried: Records) -> None:
    add_allocation(hurried, "officer", support())

    def write_while_it_hangs() -> None:
        with writing(hurried) as connection:
            connection.execute(text("update allocation set aim = 'half done'"))
            with own_server.hanging():
                connection.execute(text("update allocation set need = 'half done'"))

    def read_while_it_hangs() -> None:
        with reading(hurried) as connection:
            connection.execute(text("select 1"))
            with own_server.hanging():
                connection.execute(text("select count(*) from allocation"))

    for act in (read_while_it_hangs, write_while_it_hangs):
        with pytest.raises(RecordRefused, match=SILENT) as error:
            act()
        assert "Nothing was changed." in shown(error)
    (found,) = allocations(hurried)
    assert (found.aim, found.need) == (None, None)
    assert verify(hurried).findings == ()


def test_a_server_that_hangs_as_it_keeps_a_change_says_that_the_end_is_not_known(
    own_server: Cluster, hurried: Records
) -> None:
    def write_and_hang() -> None:
        with ExitStack() as stack, writing(hurried) as connection:
            connection.execute(text("create table half_done (id integer)"))
            # until the exception has passed: the word to keep the change is sent to a server that stands still
            stack.enter_context(own_server.hanging())

    with pytest.raises(RecordRefused, match="fell silent, while it kept your change") as error:
        write_and_hang()
    assert "Nothing was changed." not in shown(error)
    assert "Look whether it is there" in shown(error)
    # it had the word, and kept the change when it went on
    wait_until(lambda: is_there(hurried, "half_done"))
    assert add_allocation(hurried, "officer", support()) == 1


def is_there(records: Records, table: str) -> bool:
    with reading(records) as connection:
        return connection.execute(text("select to_regclass(:name)"), {"name": table}).scalar() is not None


def random_text(length: int) -> str:
    # so that nothing of it can be packed
    return "".join(random.choices(string.ascii_letters + string.digits, k=length))


def a_letter() -> NewLetter:
    given = ("review_maintained", "a" * 64, "The head teacher", "What we found", random_text(19_000))
    return NewLetter("999", "900001", *given)


def fill_up(records: Records) -> tuple[int, str]:
    """Add letters until one is refused: how many were taken, and what was said of the one that was not."""
    for written in range(1_000):
        try:
            add_letter(records, "officer", a_letter())
        except RecordRefused as error:
            assert error.message.startswith("There is no room left")
            return written, str(error)
    raise AssertionError("the disk never filled up")


def test_a_full_disk_refuses_what_has_no_room_and_takes_it_once_there_is_some(own_server: Cluster) -> None:
    records = open_records(own_server.url("records"))
    # not a multiple of a page: the last one is written in part, as on a disk that is full
    own_server.limit_files(2_000_100)
    written, said = fill_up(records)
    assert "Nothing was changed." in said
    assert len(letters(records)) == written > 10
    assert verify(records).findings == ()
    own_server.limit_files(None)
    add_letter(records, "officer", a_letter())
    assert len(letters(records)) == written + 1
    assert verify(records).findings == ()
    close_records(records)


def test_a_full_disk_under_the_file_refuses_what_has_no_room(file_records: Records) -> None:
    with reading(file_records) as connection:
        pages = connection.execute(text("pragma page_count")).scalar_one()
        connection.execute(text(f"pragma max_page_count = {pages + 40}"))
    written, said = fill_up(file_records)
    assert "Nothing was changed." in said
    assert len(letters(file_records)) == written > 0
    with reading(file_records) as connection:
        connection.execute(text("pragma max_page_count = 1000000"))
    add_letter(file_records, "officer", a_letter())
    assert verify(file_records).findings == ()


def test_a_fault_of_ours_stays_loud(records: Records) -> None:
    with pytest.raises(Exception, match="nothing_of_the_kind") as error, reading(records) as connection:
        connection.execute(text("select nothing_of_the_kind from allocation"))
    assert not isinstance(error.value, RecordRefused)
    with pytest.raises(KeyError), faults_in_words():
        raise KeyError("ours")


@pytest.mark.parametrize(
    "of", ["postgresql+psycopg://{user}@127.0.0.1:{port}/records", "postgresql://{user}@127.0.0.1:{port}/{template}"]
)
def test_a_wrong_password_is_refused_without_being_told(server: Databases, of: str) -> None:
    names = {"port": server.cluster.port, "template": TEMPLATE}
    with pytest.raises(RecordRefused, match="could not be opened") as error:
        open_records(of.format(user="tester:wrong-secret", **names))
    assert "wrong-secret" not in str(error.value)
    with pytest.raises(RecordRefused) as error:
        open_records(of.format(user="tester", **names) + "?password=wrong-secret")
    assert "wrong-secret" not in str(error.value)


def test_a_server_that_is_not_there_is_refused(own_server: Cluster) -> None:
    own_server.stop()
    with pytest.raises(RecordRefused, match="could not be opened") as error:
        open_records(own_server.url("records"))
    shown(error)


# pragma: allowlist nextline secret
@pytest.mark.parametrize("url", ["mysql://u:p@h/d", "postgresql+asyncpg://u:secret@h/d", "postgresql+psycopg://h:x/d"])
def test_an_address_of_another_kind_is_none(url: str) -> None:
    with pytest.raises(RecordRefused, match="address of the records is not one") as error:
        open_records(url)
    assert "secret" not in str(error.value)
