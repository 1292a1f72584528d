"""The command line: the same services from the terminal.

Every command says what it did and ends with 0; with 1 when something given was refused, with what, where, why
and what to do on the error output; with 2 for wrong usage.
"""

import sys
from collections import Counter
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import pandas as pd
import typer
from rich.console import Console
from rich.table import Table

from risk_model.domain.errors import RiskModelError
from risk_model.domain.paths import data_dir
from risk_model.domain.periods import in_words, read_academic_year, read_date
from risk_model.domain.viewer import local_viewer
from risk_model.exports.tables import as_csv, as_parquet, as_xlsx
from risk_model.rules.reader import FOLDER as RULES_FOLDER
from risk_model.scoring.building import BuildReport
from risk_model.services import preparing
from risk_model.services.at_risk import LIST_COLUMNS, school_list
from risk_model.services.copy import opened
from risk_model.services.data import release_quality, releases
from risk_model.services.profile import explained, school_profile
from risk_model.services.scope import Scope
from risk_model.sources.importing import FileReport, ImportOptions

app = typer.Typer(
    help="Which schools need help, is help already there, and can we defend that answer?",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
AsAt = Annotated[str | None, typer.Option("--as-at", help="A date, for example 2025-08-31. Default: today.")]


def main(arguments: list[str] | None = None) -> int:
    """Run a command and say how it ended: 0, 1 or 2."""
    for stream in (sys.stdout, sys.stderr):
        # a Windows terminal's own encoding has no ■ ▲ ● ○
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    try:
        outcome = app(arguments, standalone_mode=False)
    except RiskModelError as error:
        _errors().print(str(error), markup=False, highlight=False)
        return 1
    except typer.Exit as ended:
        return ended.exit_code
    except typer.Abort:
        return 1
    except Exception as error:
        # typer's own complaints about the arguments; anything else is our bug and stays loud
        if hasattr(error, "format_message") and hasattr(error, "exit_code"):
            _errors().print(f"{error.format_message()}\nRun `python -m risk_model --help`.", markup=False)
            return 2
        raise
    return outcome if isinstance(outcome, int) else 0


def _console() -> Console:
    return Console(width=None if sys.stdout.isatty() else 200)


def _errors() -> Console:
    return Console(stderr=True, soft_wrap=True)


def _say(text: str) -> None:
    _console().print(text, markup=False, highlight=False, soft_wrap=True)


def _progress(text: str) -> None:
    if sys.stderr.isatty():
        _errors().print(f"{text} …", markup=False, highlight=False)


def _day(text: str | None) -> date | None:
    return read_date(text) if text else None


@app.command()
def demo() -> None:
    """Make the invented LA in the official file formats, import it, and build."""
    report = preparing.make_demo_copy(local_viewer(), data_dir(), _progress)
    _say(f"Made {report.files} files of the invented LA Exampleshire and imported them.")
    _say_build(report.build)
    loaded = ", ".join(f"{n} {name.replace('_', ' ')}" for name, n in report.records.items())
    _say(f"Records: {loaded}.")


@app.command("import")
def import_command(
    paths: Annotated[list[Path], typer.Argument(help="Files, folders or ZIPs.")],
    period: Annotated[str | None, typer.Option(help="Academic year of yearly files, for example 2023-2024.")] = None,
    as_at: AsAt = None,
    published_on: Annotated[str | None, typer.Option(help="From when the figures count.")] = None,
) -> None:
    """Recognise each file by its header, check it, store it. A refused file changes nothing."""
    options = ImportOptions(
        period=read_academic_year(period) if period else None, as_at=_day(as_at), published_on=_day(published_on)
    )
    reports = preparing.import_files(local_viewer(), data_dir(), paths, options, _progress)
    _print_table(
        ("file", "status", "kind", "period", "rows read", "rows kept", "schools", "problems"),
        [_import_row(report) for report in reports],
    )
    tally = Counter(report.status for report in reports)
    _say(", ".join(f"{n} {status}" for status, n in tally.items()) + "." if reports else "There was no file to import.")
    for report in reports:
        if report.refusal:
            _errors().print("\n  ".join(report.refusal), markup=False, highlight=False)
    if any(report.problems for report in reports):
        _say("Run `python -m risk_model quality` to read what is to note.")
    if tally["imported"]:
        _say("Run `python -m risk_model build` to judge the schools by what is loaded now.")
    if tally["refused"]:
        raise typer.Exit(1)


def _import_row(report: FileReport) -> tuple[str, ...]:
    problems = f"{len(report.problems)} to note" if report.problems else ""
    counts = (f"{n:,}" if n else "" for n in (report.rows_read, report.rows_kept, report.schools))
    return (report.name, report.status, report.kind, report.period, *counts, problems)


@app.command("releases")
def releases_command() -> None:
    """What is loaded, and how fresh it is."""
    found = releases(local_viewer(), data_dir())
    rows = [
        (
            r.release_id,
            r.source_id,
            r.label,
            in_words(r.published_on),
            r.published_by,
            f"{r.schools:,}",
            r.original_name,
        )
        for r in found
    ]
    _print_table(("release", "kind", "period", "published", "known by", "schools", "file"), rows)
    _say(f"{len(found)} releases are loaded.")


@app.command()
def quality(release: Annotated[str | None, typer.Argument(help="A release's id; default: all.")] = None) -> None:
    """What a data officer should know of the releases that are loaded."""
    found = release_quality(local_viewer(), data_dir(), release)
    for one in found:
        _say(
            f"{one.release_id} ({one.original_name}): {one.rows_read:,} rows read, {one.rows_kept:,} kept, "
            f"{one.schools:,} schools"
        )
        for problem in one.problems:
            _say(f"  {problem}")
    _say(f"{sum(len(one.problems) for one in found)} notes on {len(found)} releases.")


@app.command()
def build(
    as_at: AsAt = None,
    rules: Annotated[Path, typer.Option(help="A folder with a rule set.")] = RULES_FOLDER,
) -> None:
    """Judge every school by what had been published by a date."""
    _say_build(preparing.build_now(local_viewer(), data_dir(), _day(as_at), rules, _progress))


def _say_build(report: BuildReport) -> None:
    made = report.build
    _say(
        f"Build {made.number} ({made.build_id}) as at {in_words(made.as_at)}, rules {made.rule_set}: "
        f"{report.schools:,} schools in {report.las} local authorities."
    )
    _say("Places: " + ", ".join(f"{n:,} {name}" for name, n in report.priorities.items()) + ".")
    _say(
        "Inspections by row of the mapping table: "
        + ", ".join(f"{m} {n:,}" for m, n in report.mapping_counts.items())
        + "."
    )
    if report.derived_counts:
        derived = ", ".join(f"{m} {n:,}" for m, n in report.derived_counts.items())
        _say(f'Latest grade "Not judged", answer derived: {sum(report.derived_counts.values()):,} schools ({derived}).')
    _say(f"Latest graded judgements inherited from a predecessor: {report.inherited:,}.")
    for note in report.set_aside:
        _say(note)


@app.command("list")
def list_command(
    as_at: AsAt = None,
    la: Annotated[str | None, typer.Option(help="A local authority's three-digit code.")] = None,
    out: Annotated[Path | None, typer.Option(help="A file; its ending says CSV, Parquet or XLSX.")] = None,
) -> None:
    """The schools and their levels, most urgent first."""
    writer = _writer(out) if out else None
    with opened(data_dir(), _day(as_at)) as copy:
        table = school_list(local_viewer(), copy, Scope(la_code=la))[list(LIST_COLUMNS)]
        about = [f"Build {copy.build.build_id}, as at {copy.build.as_at}, rules {copy.build.rule_set}."]
    if table.empty:
        raise RiskModelError(f'No school is loaded for the local authority "{la}".', ["Check its three-digit code."])
    if out is None or writer is None:
        _print_schools(table)
        return
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_bytes(as_xlsx(table, about=about) if out.suffix.lower() == ".xlsx" else writer(table))
    _say(f"Wrote {len(table):,} schools to {out}.")


def _writer(out: Path) -> Any:
    writers = {".csv": as_csv, ".parquet": as_parquet, ".xlsx": as_xlsx}
    writer = writers.get(out.suffix.lower())
    if writer is None:
        raise RiskModelError(
            f'"{out.name}" was not written: its ending is not one that is known.', ["Use .csv, .parquet or .xlsx."]
        )
    return writer


def _print_schools(table: pd.DataFrame) -> None:
    if not sys.stdout.isatty():
        sys.stdout.write(table.to_csv(index=False, lineterminator="\n"))
        return
    columns = ("urn", "name", "phase", "priority", "outcomes_level", "leadership_level", "inspection_level", "route")
    _print_table(columns, [tuple(str(value) for value in row) for row in table[list(columns)].itertuples(index=False)])


@app.command()
def explain(urn: Annotated[str, typer.Argument(help="A school's six-digit URN.")], as_at: AsAt = None) -> None:
    """Every rule for one school, in words."""
    with opened(data_dir(), _day(as_at)) as copy:
        _say(explained(school_profile(local_viewer(), copy, urn.strip())))


def _print_table(columns: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> None:
    table = Table(*columns, box=None, pad_edge=False)
    for row in rows:
        table.add_row(*(_plain(cell) for cell in row))
    _console().print(table)


def _plain(cell: str) -> str:
    """A cell as text: file names and school names are never markup."""
    return cell.replace("[", r"\[")
