"""The commands that look after the records, as somebody at a terminal has them."""

import json
import sqlite3
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from risk_model.casework import (
    NewSystemLeader,
    add_system_leader,
    close_records,
    end_system_leader,
    exports,
    meetings,
    open_records,
    system_leaders,
)
from risk_model.domain.paths import DataDir
from tests.cli.test_commands import Run, _refused


def end_leader(data: DataDir, number: int) -> None:
    """They left long ago, and nobody is allocated them."""
    records = open_records(data.records_url)
    (leader,) = [one for one in system_leaders(records) if one.id == number]
    left = date(2023, 7, 31)
    end_system_leader(records, "officer", number, leader.version, left, "Moved away")
    close_records(records)


def test_verify_says_that_all_is_as_written_and_gives_the_head(run: Run, own_data: DataDir) -> None:
    ran = run("records", "verify")
    assert ran.code == 0
    assert "all are as they were written" in ran.out
    head = ran.out.strip().rpartition(" ")[2]
    assert run("records", "verify", "--expect", head).code == 0
    other = run("records", "verify", "--expect", f"{head.partition(':')[0]}:{'0' * 64}")
    assert (other.code, "the chain was written anew" in other.err) == (1, True)


def test_verify_names_what_was_changed_and_what_was_cut_off(run: Run, own_data: DataDir) -> None:
    file = sqlite3.connect(own_data.root / "records.sqlite")
    file.execute("drop trigger audit_no_update")
    file.execute("drop trigger audit_no_delete")
    file.execute("update audit set who = 'somebody else' where id = 12")
    file.execute("delete from audit where id = (select max(id) from audit)")
    file.commit()
    file.close()
    ran = run("records", "verify")
    assert ran.code == 1
    assert "audit 12: is not what was written: it was altered." in ran.err
    assert "is gone: the end was cut off" in ran.err, "the head that the build of the demo kept"


def test_a_build_keeps_the_heads(run: Run, own_data: DataDir) -> None:
    before = own_data.records_heads.read_text("utf-8").splitlines()
    end_leader(own_data, 3)
    assert run("build").code == 0
    assert run("build").code == 0
    added = own_data.records_heads.read_text("utf-8").splitlines()[len(before) :]
    assert len(added) == 1, "one line for what is new, none for what is known"
    ran = run("records", "verify")
    assert "against 2 kept heads" in ran.out


def test_records_move_by_one_command(run: Run, own_data: DataDir, tmp_path: Path) -> None:
    target = f"sqlite:///{(tmp_path / 'moved.sqlite').as_posix()}"
    ran = run("records", "copy", "--from", own_data.records_url, "--to", target)
    assert ran.code == 0
    assert "counted and compared" in ran.out
    again = run("records", "copy", "--from", own_data.records_url, "--to", target)
    _refused(again)
    assert "holds rows already" in again.err


@pytest.mark.parametrize("ending", ["json", "xlsx", "csv"])
def test_what_is_held_on_a_leader_is_written_and_logged(
    run: Run, own_data: DataDir, tmp_path: Path, ending: str
) -> None:
    out = tmp_path / f"System leader 07.{ending}"
    assert run("records", "about", "--leader", "7", "--out", out).code == 0
    if ending == "json":
        rows = len(json.loads(out.read_text("utf-8"))["held"])
    elif ending == "xlsx":
        rows = openpyxl.load_workbook(out)["Held"].max_row - 1
    else:
        rows = out.read_text("utf-8-sig").count("\n") - 1
    assert rows > 30
    records = open_records(own_data.records_url)
    logged = exports(records)[0]
    # by a name of the product's own: the one that the file is given may name the person
    named = f"held_on_system_leader_7.{ending}"
    assert (logged.what, logged.file_name, logged.la_code) == ("everything held on a person", named, "999")
    close_records(records)
    _refused(run("records", "about", "--leader", "7", "--out", tmp_path / "held.doc"))
    _refused(run("records", "about", "--leader", "7777", "--out", out))


def test_who_left_is_listed_erased_and_listed_no_more(run: Run, own_data: DataDir) -> None:
    records = open_records(own_data.records_url)
    number = add_system_leader(records, "officer", NewSystemLeader("999", "System leader 98", "NLE", note="Beetles"))
    close_records(records)
    end_leader(own_data, number)
    listed = run("records", "retention")
    assert "System leaders who left" in listed.out
    assert f" {number} " in listed.out
    _refused(run("records", "erase", "--leader", str(number), "--reason", "System leader 98 left"))
    ran = run("records", "erase", "--leader", str(number), "--reason", "Two years after they left")
    assert (ran.code, f'is now "erased {number}"' in ran.out) == (0, True)
    assert "0 records are past their time" in run("records", "retention").out
    assert run("records", "verify").code == 0
    _refused(run("records", "erase", "--leader", str(number), "--reason", "Again"))


def test_anybody_is_told_of_and_erased_by_their_label(run: Run, own_data: DataDir, tmp_path: Path) -> None:
    records = open_records(own_data.records_url)
    label = next(one.chair for one in meetings(records) if one.chair)
    close_records(records)
    out = tmp_path / "held.json"
    assert run("records", "about", "--person", label, "--out", out).code == 0
    assert label in out.read_text("utf-8")
    ran = run("records", "erase", "--person", label, "--reason", "Left the board", "--la", "999")
    assert ran.code == 0, ran.err
    assert 'The person is now "erased in entry ' in ran.out
    assert "They stood in 1 LA (" in ran.out
    assert run("records", "verify").code == 0
    _refused(run("records", "about", "--person", label, "--out", out))
    records = open_records(own_data.records_url)
    logged = exports(records)[0]
    # the log does not name whom it was about
    assert (logged.what, logged.file_name) == ("everything held on a person", "held_on_a_person.json")
    close_records(records)


@pytest.mark.parametrize("whom", [[], ["--leader", "7", "--person", "Head 04"], ["--leader", "7", "--la", "999"]])
def test_whom_it_is_about_is_said_once(run: Run, own_data: DataDir, whom: list[str]) -> None:
    assert run("records", "erase", *whom, "--reason", "Left").code == 2
