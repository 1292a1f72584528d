"""The commands that bring files in, and say what is loaded."""

import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import BarColumn, DownloadColumn, Progress, TaskID, TextColumn, TransferSpeedColumn

from risk_model.cli.leaving import log_without_build, write, writer_for
from risk_model.cli.options import AsAt, Reason, day
from risk_model.cli.printing import errors, print_table, printed_once_logged, progress, say
from risk_model.domain.paths import data_dir
from risk_model.domain.periods import in_words, read_academic_year
from risk_model.domain.viewer import local_viewer
from risk_model.domain.words import MISSING_IN_WORDS
from risk_model.services import preparing
from risk_model.services.copy import opened
from risk_model.services.data import damage, releases
from risk_model.services.downloading import DownloadReport, Offer, download_files, download_offers
from risk_model.services.leaving import PRINTED
from risk_model.services.quality import (
    QualityReport,
    compared_table,
    for_england,
    for_las,
    outliers_table,
    quality_reports,
)
from risk_model.services.templates import template_file, templates
from risk_model.services.withdrawing import withdraw_release
from risk_model.sources.fetching import Step
from risk_model.sources.importing import FileReport, ImportOptions

files = typer.Typer()
_DOWNLOAD_COLUMNS = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TransferSpeedColumn())
_SHOWN_OUTLIERS = 5


@files.command("import")
def import_command(
    paths: Annotated[list[Path], typer.Argument(help="Files, folders or ZIPs.")],
    period: Annotated[str | None, typer.Option(help="Academic year of yearly files, for example 2023-2024.")] = None,
    as_at: AsAt = None,
    published_on: Annotated[str | None, typer.Option(help="From when the figures count.")] = None,
) -> None:
    """Recognise each file by its header, check it, store it. A refused file changes nothing."""
    options = ImportOptions(
        period=read_academic_year(period) if period else None, as_at=day(as_at), published_on=day(published_on)
    )
    reports = preparing.import_files(local_viewer(), data_dir(), paths, options, progress)
    _say_imports(reports)
    if any(report.refusal for report in reports):
        raise typer.Exit(1)


def _say_imports(reports: Sequence[FileReport]) -> None:
    """A table of what became of each file, then every refusal in words, then what to do next."""
    print_table(
        ("file", "status", "kind", "period", "rows read", "rows kept", "schools", "problems"),
        [_import_row(report) for report in reports],
    )
    tally = Counter(report.status for report in reports)
    say(", ".join(f"{n} {status}" for status, n in tally.items()) + "." if reports else "There was no file to import.")
    for report in reports:
        if report.refusal:
            errors().print("\n  ".join(report.refusal), markup=False, highlight=False)
    if any(report.problems for report in reports):
        say("Run `python -m risk_model quality` to read what is to note.")
    if tally["imported"]:
        say("Run `python -m risk_model build` to judge the schools by what is loaded now.")


def _import_row(report: FileReport) -> tuple[str, ...]:
    problems = f"{len(report.problems)} to note" if report.problems else ""
    counts = (f"{n:,}" if n else "" for n in (report.rows_read, report.rows_kept, report.schools))
    return (report.name, report.status, report.kind, report.period, *counts, problems)


@files.command()
def download(
    sources: Annotated[list[str] | None, typer.Argument(help="Sources of the catalogue; default: all.")] = None,
    list_only: Annotated[bool, typer.Option("--list", help="Show what can be downloaded, and fetch nothing.")] = False,
    and_import: Annotated[bool, typer.Option("--import", help="Import what was fetched.")] = False,
    catalogue: Annotated[Path | None, typer.Option("--catalogue", help="Another catalogue of addresses.")] = None,
) -> None:
    """Fetch the current official files, and keep each with where it came from."""
    if list_only:
        _say_offers(download_offers(local_viewer(), data_dir(), catalogue))
        return
    with Progress(*_DOWNLOAD_COLUMNS, console=errors(), disable=not sys.stderr.isatty()) as bars:
        tasks: dict[str, TaskID] = {}

        def show(source_id: str, step: Step) -> None:
            if source_id not in tasks:
                tasks[source_id] = bars.add_task(source_id, total=None)
            if step.note:
                progress(f"{source_id}: {step.note}")
            bars.update(tasks[source_id], completed=step.done, total=step.total)

        reports = download_files(
            local_viewer(), data_dir(), sources or [], and_import=and_import, catalogue=catalogue, progress=show
        )
    _say_downloads(reports, and_import=and_import)
    if not all(report.is_good for report in reports):
        raise typer.Exit(1)


def _say_offers(offers: Sequence[Offer]) -> None:
    rows = [
        (one.id, one.name, one.cadence, in_words(one.last_fetched_at) if one.last_fetched_at else "", one.address)
        for one in offers
    ]
    print_table(("source", "what", "published", "fetched", "address"), rows)
    say(f"{len(offers)} sources are in the catalogue.")


def _say_downloads(reports: Sequence[DownloadReport], *, and_import: bool) -> None:
    """A table of what came, then every note, then what did not come."""
    rows = [(one.id, one.status, f"{one.size:,}" if one.size else "", one.file) for one in reports]
    print_table(("source", "status", "bytes", "file below downloads/"), rows)
    tally = Counter(report.status for report in reports)
    say(", ".join(f"{n} {status}" for status, n in tally.items()) + ".")
    for report in reports:
        for note in report.notes:
            say(f"{report.id}: {note}.")
        if report.refusal:
            errors().print(f"{report.id}: " + "\n  ".join(report.refusal), markup=False, highlight=False)
    if and_import:
        _say_imports([one for report in reports for one in report.imported])
    elif tally["downloaded"]:
        say("Run `python -m risk_model download --import`, or import the files, to load them.")


@files.command()
def template(
    kind: Annotated[str | None, typer.Argument(help="A kind; without one the kinds are listed.")] = None,
    out: Annotated[Path | None, typer.Option(help="A file that ends in .csv or .xlsx; default: CSV, shown.")] = None,
) -> None:
    """A template for what the LA holds itself, with one filled example line."""
    if kind is None:
        found = templates(local_viewer())
        print_table(("kind", "what", "every line needs"), [(t.kind, t.title, ", ".join(t.needed)) for t in found])
        say(
            "Those of system leaders, of support and of advisers' views become records: they go to `python -m "
            "risk_model records`, the others to `import`."
        )
        return
    content = template_file(local_viewer(), kind, out.suffix if out else ".csv")
    if out is None:
        sys.stdout.write(content.decode("utf-8-sig").replace("\r\n", "\n"))
        return
    write(out, content)
    say(f"Wrote the template to {out}. A line with its example's URN is left out when it comes back.")


@files.command("releases")
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
    print_table(("release", "kind", "period", "published", "known by", "schools", "file"), rows)
    say(f"{len(found)} releases are loaded.")
    for one in damage(local_viewer(), data_dir()):
        errors().print(one.words, markup=False, highlight=False)


@files.command()
def quality(
    release: Annotated[str | None, typer.Argument(help="A release's id; default: all.")] = None,
    out: Annotated[Path | None, typer.Option(help="A file for the values beyond what can be true.")] = None,
) -> None:
    """What became of every row, how well the figures agree with the published ones, what cannot be true."""
    writer = writer_for(out) if out else None
    reports = quality_reports(local_viewer(), data_dir(), release, progress)
    urns = sorted({value.urn for one in reports for value in one.quality.outliers if value.urn})
    with printed_once_logged(lambda text: log_without_build(PRINTED, "quality", text.encode(), urns)):
        for one in reports:
            say(f"{one.release.release_id} ({one.release.original_name}): {one.sentence}")
            for problem in one.release.problems:
                say(f"  {problem}")
            _say_quality(one)
    if out and writer:
        content = writer(outliers_table(reports))
        log_without_build("table", out.name, content, urns)
        write(out, content)
        say(f"Wrote {sum(len(one.quality.outliers) for one in reports):,} values to {out}.")
    notes = sum(len(one.release.problems) for one in reports)
    unexplained = sum(len(one.not_explained) for one in reports)
    say(f"{notes} notes on {len(reports)} releases; {unexplained:,} differences not explained.")


def _say_quality(report: QualityReport) -> None:
    """One release's groups of rows, figures for England, outliers and markers."""
    for group in report.quality.groups:
        say(f"  {group.rows:,} {'kept' if group.is_kept else 'left out'}: {group.in_words}")
    for row in compared_table(for_england(report)).to_dict("records"):
        say(
            f"  {row['Figure']}, {row['Of']}, {row['Year']}: {row['From schools']:g} from the schools, "
            f"{row['Published']:g} in {row['Published in']}: {row['Verdict']} ({row['Why']})"
        )
    las = for_las(report)
    if las:
        agreeing = sum(one.verdict != "not explained" for one in las)
        say(f"  {len(las):,} figures of local authorities compared: {agreeing:,} agree or are explained")
    for outlier in report.quality.outliers[:_SHOWN_OUTLIERS]:
        say(f"  line {outlier.row}, {outlier.column}: {outlier.cell} does not count ({outlier.limits}), {outlier.urn}")
    if len(report.quality.outliers) > _SHOWN_OUTLIERS:
        say(f"  and {len(report.quality.outliers) - _SHOWN_OUTLIERS:,} more values that do not count")
    reasons: Counter[str] = Counter()
    for marker in report.quality.marked:
        reasons[MISSING_IN_WORDS[marker.reason]] += marker.cells
    for reason, cells in reasons.most_common():
        say(f"  {cells:,} cells without a value: {reason}")


@files.command()
def withdraw(release: Annotated[str, typer.Argument(help="A release's id.")], reason: Reason) -> None:
    """Let a release count no longer, from the next build on; `restore` takes it back."""
    with opened(data_dir()) as copy:
        done = withdraw_release(local_viewer(), copy, release, reason)
    say(f"{done.release_id} ({done.original_name}) is withdrawn. It stays in the lake.")
    say("Run `python -m risk_model build` to judge the schools without it.")
