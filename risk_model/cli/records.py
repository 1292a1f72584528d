"""The commands that record a file, and that look after the records."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from risk_model.cli.printing import errors, print_table, say
from risk_model.domain.errors import RiskModelError
from risk_model.domain.paths import data_dir
from risk_model.domain.viewer import local_viewer
from risk_model.domain.words import counted
from risk_model.services.copy import Records, close_records, open_data_records, opened
from risk_model.services.record_lists import add_record_file
from risk_model.services.records_care import (
    about_somebody,
    about_system_leader,
    erase_somebody,
    erase_system_leader,
    move_records,
    records_past_their_time,
    verify_records,
)
from risk_model.warehouse.storing import storing

_ADD = "add"
_SHOWN = 200


class _FileByDefault(TyperGroup):
    """`records FILE` is `records add FILE`."""

    def parse_args(self, context: Any, arguments: list[str]) -> list[str]:
        """Take what is no command for a file."""
        if arguments and arguments[0] not in self.commands and not arguments[0].startswith("-"):
            arguments = [_ADD, *arguments]
        return super().parse_args(context, arguments)


records_app = typer.Typer(cls=_FileByDefault, no_args_is_help=True, pretty_exceptions_enable=False)
Leader = Annotated[int | None, typer.Option("--leader", min=1, help="The number of a system leader.")]
Somebody = Annotated[str | None, typer.Option("--person", help="Anybody else: their label or account, exactly.")]
OfLa = Annotated[str | None, typer.Option("--la", help="With --person: only in this LA, by its three-digit code.")]


@contextmanager
def _open() -> Iterator[Records]:
    records = open_data_records(data_dir())
    try:
        yield records
    finally:
        close_records(records)


@records_app.command(_ADD)
def add(
    file: Annotated[Path, typer.Argument(help="A filled template of allocations, system leaders or advisers' views.")],
    la: Annotated[str | None, typer.Option(help="An LA's three-digit code, where several are loaded.")] = None,
) -> None:
    """Record the support, the system leaders or the advisers' views of a file: every line of it, or none."""
    try:
        content = file.read_bytes()
    except OSError as error:
        raise RiskModelError(
            f"{file} was not read: {error.strerror or 'no reason was given'}. Nothing was changed.",
            ["Check how it is spelt, and that you may read it; close it in other programs."],
        ) from error
    with opened(data_dir()) as copy:
        read = add_record_file(local_viewer(), copy, file.name, content, la)
    say(f"{len(read.new):,} {read.kind.replace('_', ' ')} were recorded; {read.recorded:,} were there already.")
    if read.examples:
        say("The template's example line was left out.")


@records_app.command("verify")
def verify(
    expect: Annotated[str | None, typer.Option("--expect", help="A head that was kept elsewhere: NUMBER:HASH.")] = None,
) -> None:
    """Find every row that was altered, is missing, was added or moved; ends with 1 where there is one."""
    with _open() as records:
        found = verify_records(local_viewer(), data_dir(), records, expect)
    seen = found.seen
    for one in seen.findings[:_SHOWN]:
        errors().print(f"{one.table} {one.number}: {one.problem}", markup=False, highlight=False)
    say(
        f"Looked at {seen.rows['audit']:,} entries of the audit trail and {seen.rows['note_view']:,} lines of the log "
        f"of views, against {found.kept:,} kept heads: "
        + (f"{len(seen.findings):,} problems." if seen.findings else "all are as they were written.")
    )
    say(f"Head of the audit trail, to be kept elsewhere for --expect: {seen.heads['audit']}")
    if seen.findings:
        raise typer.Exit(1)


@records_app.command("copy")
def copy_command(
    source: Annotated[str, typer.Option("--from", help="Where the records are, as RECORDS_URL has it.")],
    target: Annotated[str, typer.Option("--to", help="An empty database.")],
) -> None:
    """Copy all records into an empty database, such as from the file into PostgreSQL: whole, or not at all."""
    moved = move_records(local_viewer(), source, target)
    print_table(("table", "rows"), [(name, f"{number:,}") for name, number in sorted(moved.rows.items())])
    say(f"Copied {sum(moved.rows.values()):,} rows, counted and compared; the audit trail holds in the new place.")
    say("Set RECORDS_URL to the new place before anybody writes again.")


def _who(leader: int | None, person: str | None, la: str | None) -> str:
    """Whom a command is about, in words."""
    if (leader is None) == (person is None):
        raise typer.BadParameter("Give --leader, or --person.")
    if leader is not None and la is not None:
        raise typer.BadParameter("--la goes with --person: a system leader is of one LA.")
    return f"system leader {leader}" if leader is not None else "the person"


@records_app.command("about")
def about(
    out: Annotated[Path, typer.Option("--out", help="A file; its ending says XLSX, CSV or JSON.")],
    leader: Leader = None,
    person: Somebody = None,
    la: OfLa = None,
) -> None:
    """Everything that is held on a person, over all tables and the audit trail."""
    who = _who(leader, person, la)
    with _open() as records:
        content = (
            about_system_leader(local_viewer(), records, leader, out.suffix)
            if leader is not None
            else about_somebody(local_viewer(), records, person or "", out.suffix, la)
        )
    with storing(f'"{out.name}"'):
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_bytes(content)
    say(f"Wrote what is held on {who} to {out}. That it left is logged.")


@records_app.command("retention")
def retention() -> None:
    """List what is kept longer than `data/lookups/retention.toml` says."""
    with _open() as records:
        found = records_past_their_time(local_viewer(), records)
    rows = [
        (one.kind.title, one.table.replace("_", " "), str(one.number), f"{one.until:%d/%m/%Y}", one.kind.then)
        for one in found
    ]
    if rows:
        print_table(("kind", "record", "number", "time ended", "then"), rows)
    say(f"{len(rows):,} records are past their time.")


@records_app.command("erase")
def erase(
    reason: Annotated[str, typer.Option("--reason", help="Why, without naming the person.")],
    leader: Leader = None,
    person: Somebody = None,
    la: OfLa = None,
) -> None:
    """Erase what describes a person who left; what was done for schools stays."""
    who = _who(leader, person, la)
    with _open() as records:
        erased = (
            erase_system_leader(local_viewer(), records, leader, reason)
            if leader is not None
            else erase_somebody(local_viewer(), records, person or "", reason, la)
        )
    told = ", ".join(f"{number:,} in {table.replace('_', ' ')}" for table, number in sorted(erased.rows.items()))
    say(f'{who[0].upper()}{who[1:]} is now "{erased.label}"; rows changed: {told}.')
    las = ", ".join(f"{number:,} of LA {code}" for code, number in sorted(erased.las.items(), key=str) if code)
    count = len([code for code in erased.las if code])
    where = counted(count, "LA") + (f" ({las})" if las else "")
    say(f"They stood in {where}, and in {erased.las.get(None, 0):,} rows of no LA.")
    say("Backups and files that left before still name them: see what the README says of both.")
