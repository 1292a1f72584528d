"""Every command: what it tells of schools or people is in the log of exports, or the README says why not."""

import re
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path

import pytest

from risk_model.casework import Export, exports
from risk_model.cli import app
from risk_model.domain.errors import RecordRefused
from risk_model.domain.paths import PROJECT, DataDir
from risk_model.scoring.model_figures import ModelFigures, save_backtest
from risk_model.services import leaving
from risk_model.services.copy import opened
from tests.architecture.test_readme import _commands
from tests.cli.conftest import Ran, Run
from tests.conftest import Committed
from tests.model_kit import made_up_frame

# each with what it prints, logged under its own name
PRINTS: dict[str, Sequence[str]] = {
    "list": ["list", "--la", "999"],
    "explain": ["explain", "900001"],
    "compare": ["compare", "1", "1"],
    "rules": ["rules"],
    "sandbox": ["sandbox", "O4.off", "--la", "999"],
    "quality": ["quality"],
    "fairness": ["fairness"],
    "access list": ["access", "list"],
}
# each with the file that it writes
WRITES: dict[str, Sequence[str]] = {
    "list": ["list", "--out", "list.xlsx"],
    "compare": ["compare", "1", "1", "--out", "moves.csv"],
    "quality": ["quality", "--out", "values.csv"],
    "fairness": ["fairness", "--out", "groups.parquet"],
    "backtest": ["backtest", "--from", "2023-11-01", "--to", "2023-11-30", "--out", "inspections.csv"],
    "records about": ["records", "about", "--leader", "7", "--out", "held_on_system_leader_7.json"],
    "backup": ["backup", "backup.zip"],
}


def log(data: DataDir) -> list[Export]:
    with opened(data) as copy:
        return exports(copy.records)


def named_in_the_readme() -> set[str]:
    """The commands that the security statement names as leaving no line in the log."""
    text = (PROJECT / "README.md").read_text("utf-8")
    table = text.partition("| leaves without a line in the log | why |")[2].partition("\n\n")[0]
    return {one for row in table.splitlines() for one in re.findall(r"`([a-z ]+)`", row.split("|")[1] if row else "")}


def test_each_command_is_logged_or_the_readme_says_why_not() -> None:
    logged = {*PRINTS, *WRITES}
    assert _commands(app) == logged | named_in_the_readme()
    # what it prints are counts, what it writes are inspections
    assert logged & named_in_the_readme() == {"backtest"}


@pytest.mark.parametrize("command", PRINTS)
def test_what_a_command_prints_is_logged_with_its_hash(command: str, own_data: DataDir, run: Run) -> None:
    before = log(own_data)
    ran = run(*PRINTS[command])
    assert ran.code == 0, ran.err
    (new,) = log(own_data)[: -len(before) or None]
    assert (new.what, new.file_name, new.exported_by) == ("printed by a command", command, "local user")
    printed = logged_part(command, ran)
    assert new.content_hash == sha256(printed.encode()).hexdigest()
    if command == "explain":
        assert "900001" in (new.urns or ())
    if command == "list":
        assert len(new.urns or ()) == 259


def logged_part(command: str, ran: Ran) -> str:
    """What was printed without the line beneath, which counts and names nobody."""
    if command in ("access list", "quality"):
        return "".join(ran.out.splitlines(keepends=True)[:-1])
    return ran.out


@pytest.mark.parametrize("command", WRITES)
def test_what_a_command_writes_is_logged_with_its_hash(
    command: str, own_data: DataDir, run: Run, tmp_path: Path, committed: Committed, england_figures: ModelFigures
) -> None:
    committed(england_figures)
    save_backtest(own_data, made_up_frame(), england_figures)
    *words, name = WRITES[command]
    out = tmp_path / "out" / name
    before = log(own_data)
    ran = run(*words, out)
    assert ran.code == 0, ran.err
    after = log(own_data)
    new = after[: len(after) - len(before)]
    (own,) = [one for one in new if one.file_name == name]
    assert own.content_hash == sha256(out.read_bytes()).hexdigest()


@pytest.mark.parametrize("command", ["list", "quality", "access list"])
def test_what_cannot_be_logged_is_not_printed(
    command: str, own_data: DataDir, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise RecordRefused("The server of the records cannot be reached just now.", [])

    monkeypatch.setattr(leaving, "record_export", refuse)
    ran = run(*PRINTS[command])
    assert (ran.code, ran.out) == (1, "")


HARMLESS = ("releases", "builds", "doctor", "template", "records verify", "records retention")


@pytest.mark.parametrize("command", HARMLESS)
def test_a_command_that_leaves_no_line_names_no_school_and_nobody(command: str, own_data: DataDir, run: Run) -> None:
    ran = run(*command.split())
    with opened(own_data) as copy:
        schools = copy.reader.rows("select urn, name from schools where la_code = '999'")
    said = ran.out + ran.err
    assert said
    assert not [one for one in schools if str(one["urn"]) in said or str(one["name"]) in said]
    assert not re.findall(r"System leader \d\d|adviser \d|Head \d\d", said)
    assert command in named_in_the_readme()
