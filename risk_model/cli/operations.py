"""The commands of whoever runs the product for others: backup, restore, doctor."""

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from risk_model.cli.printing import errors, progress, say
from risk_model.domain.paths import DataDir, data_dir
from risk_model.domain.periods import in_words
from risk_model.domain.viewer import local_viewer
from risk_model.services.backup import BackupReport, make_backup, restore_backup
from risk_model.services.copy import opened
from risk_model.services.doctor import check_health, check_ready
from risk_model.services.publishing import fetch, publish
from risk_model.services.withdrawing import restore_release

operations = typer.Typer()


@operations.command()
def backup(file: Annotated[Path, typer.Argument(help="The file to write, for example backup.zip.")]) -> None:
    """Put the records, the releases, the builds and the settings into one file, while people work."""
    made = make_backup(local_viewer(), data_dir(), file)
    say(f"Wrote {file}: {_in_words(made)}.")
    say("It holds everything that the records hold, in the clear: keep it where only those may read who may see all.")


@operations.command()
def restore(
    what: Annotated[str, typer.Argument(help="A backup's file, or the id of a withdrawn release.")],
    reason: Annotated[str, typer.Option("--reason", help="Of a release: why; it stands in the audit trail.")] = "",
    into: Annotated[Path | None, typer.Option("--into", help="Of a backup: a folder for all of it.")] = None,
) -> None:
    """Unpack a backup where nothing is kept yet; or let a withdrawn release count again, from the next build on."""
    if not _is_file(what):
        _restore_release(what, reason)
        return
    target = data_dir() if into is None else DataDir(into.absolute())
    done = restore_backup(local_viewer(), target, Path(what), is_alone=into is not None, progress=progress)
    say(f"Restored {what} into {target.root}: {_in_words(done)}.")
    say("Run `python -m risk_model doctor` to see whether all is well.")


def _is_file(what: str) -> bool:
    return Path(what).name != what or Path(what).exists() or what.lower().endswith(".zip")


def _restore_release(release: str, reason: str) -> None:
    with opened(data_dir()) as copy:
        done = restore_release(local_viewer(), copy, release, reason)
    say(f"{done.release_id} ({done.original_name}) counts again.")
    say("Run `python -m risk_model build` to judge the schools with it.")


def _in_words(report: BackupReport) -> str:
    for note in report.notes:
        errors().print(note, markup=False, highlight=False)
    return (
        f"{report.files:,} files of {report.bytes:,} bytes, {report.releases:,} releases, {report.builds:,} builds, "
        f"records of form {report.records_revision}, as they were on {report.made_at}"
    )


@operations.command()
def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="As JSON, for monitoring.")] = False,
    ready: Annotated[bool, typer.Option("--ready", help="Only whether a page could be shown now; quick.")] = False,
) -> None:
    """What is wrong with this installation, and how to mend it; ends with 1 where something must be."""
    look = check_ready if ready else check_health
    found = look(local_viewer(), data_dir())
    if as_json:
        told = {"level": found.level, "findings": [asdict(one) for one in found.findings]}
        sys.stdout.write(f"{json.dumps(told, indent=1)}\n")
    else:
        for one in found.findings:
            say(f"{one.level:8}{one.about}: {one.words}")
            if one.remedy:
                say(f"{'':8}{one.remedy}")
    if found.level == "problem":
        raise typer.Exit(1)


@operations.command("publish")
def publish_command() -> None:
    """Put the build that is shown here into the store that other machines follow (RISK_STORE)."""
    done = publish(local_viewer(), data_dir())
    say(f"Build {done.number} ({done.build_id}) is published: {done.size:,} bytes, SHA-256 {done.sha256}.")


@operations.command("fetch")
def fetch_command() -> None:
    """Show the build that the store shows (RISK_STORE), having checked its SHA-256."""
    build = fetch(local_viewer(), data_dir())
    if build is None:
        say("Nothing new is published.")
        return
    say(f"Build {build.number} as at {in_words(build.as_at)}, rules {build.rule_set}, is shown from now on.")
