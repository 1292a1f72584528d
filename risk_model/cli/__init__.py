"""The command line: the same services from the terminal.

Every command says what it did and ends with 0; with 1 when something given was refused, with what, where, why
and what to do on the error output; with 2 for wrong usage.
"""

import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import pandas as pd
import typer
from rich.progress import BarColumn, DownloadColumn, Progress, TaskID, TextColumn, TransferSpeedColumn

from risk_model.cli.access import access_app
from risk_model.cli.operations import operations
from risk_model.cli.printing import errors, print_table, printed_once_logged, progress, say
from risk_model.cli.records import add_to as add_records_commands
from risk_model.domain.errors import RiskModelError, RulesRefused
from risk_model.domain.paths import data_dir
from risk_model.domain.periods import in_words, read_academic_year, read_date
from risk_model.domain.viewer import local_viewer
from risk_model.domain.words import MISSING_IN_WORDS
from risk_model.exports.tables import as_csv, as_parquet, as_xlsx
from risk_model.rules.reader import FOLDER as RULES_FOLDER
from risk_model.rules.reader import RuleSet, read_rules
from risk_model.scoring.building import BuildReport
from risk_model.services import preparing
from risk_model.services.accuracy import backtest_in_words, fairness_report, keep_backtest, publish_figures
from risk_model.services.at_risk import LIST_COLUMNS, school_list
from risk_model.services.backtesting import backtest, backtest_counts
from risk_model.services.comparing import REASONS, BuildComparison, about_comparison, compare_builds, school_moves
from risk_model.services.comparing_rules import RuleComparison, compare_rule_sets, work_in_days
from risk_model.services.copy import Copy, close_records, open_data_records, opened, require_build
from risk_model.services.data import damage, releases
from risk_model.services.downloading import DownloadReport, Offer, download_files, download_offers
from risk_model.services.explaining import explained, school_explanation
from risk_model.services.inspection_score import score_in_plain_text, score_of
from risk_model.services.leaving import PRINTED, hand_over_table, hand_over_text, hand_over_without_build
from risk_model.services.next_inspection import due_in_plain_text, next_inspection
from risk_model.services.profile import school_profile
from risk_model.services.quality import (
    QualityReport,
    compared_table,
    for_england,
    for_las,
    outliers_table,
    quality_reports,
)
from risk_model.services.rules import SHOWN, chosen_rule_set, rule_catalogue, rules_table
from risk_model.services.sandbox import firmness, read_changes, trial_rules, try_changes
from risk_model.services.scope import Scope
from risk_model.services.score_list import score_list, score_list_in_plain_text
from risk_model.services.similar import similar_in_plain_text, similar_schools
from risk_model.services.templates import template_file, templates
from risk_model.services.withdrawing import withdraw_release
from risk_model.sources.fetching import Step
from risk_model.sources.importing import FileReport, ImportOptions
from risk_model.warehouse.engines import Engine
from risk_model.warehouse.storing import storing

app = typer.Typer(
    help="Which schools need help, is help already there, and can we defend that answer?",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
add_records_commands(app)
app.add_typer(access_app, name="access", help="Who may see what, where a sign-in is configured.")
# in a file of their own; the list of commands is one
app.registered_commands += operations.registered_commands
_DOWNLOAD_COLUMNS = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TransferSpeedColumn())
_SHOWN_OUTLIERS = 5
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
        errors().print(str(error), markup=False, highlight=False)
        return 1
    except typer.Exit as ended:
        return ended.exit_code
    except typer.Abort:
        return 1
    except Exception as error:
        # typer's own complaints about the arguments; anything else is our bug and stays loud
        if hasattr(error, "format_message") and hasattr(error, "exit_code"):
            errors().print(f"{error.format_message()}\nRun `python -m risk_model --help`.", markup=False)
            return 2
        raise
    return outcome if isinstance(outcome, int) else 0


@contextmanager
def _leaving_as_text(copy: Copy, command: str) -> Iterator[None]:
    """What is printed inside tells of schools: it is in the log of exports before anybody reads it."""
    with printed_once_logged(lambda text: hand_over_text(local_viewer(), copy, command, text)):
        yield


def _log_without_build(what: str, name: str, content: bytes, urns: Sequence[str]) -> None:
    records = open_data_records(data_dir())
    try:
        hand_over_without_build(local_viewer(), records, what, name, content, urns)
    finally:
        close_records(records)


def _day(text: str | None) -> date | None:
    return read_date(text) if text else None


@app.command()
def demo() -> None:
    """Make the invented LA in the official file formats, import it, and build."""
    report = preparing.make_demo_copy(local_viewer(), data_dir(), progress)
    say(f"Made {report.files} files of the invented LA Exampleshire and imported them.")
    _say_build(report.build)
    loaded = ", ".join(f"{n} {name.replace('_', ' ')}" for name, n in report.records.items())
    say(f"Records: {loaded}.")


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


@app.command()
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


@app.command()
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
    _write(out, content)
    say(f"Wrote the template to {out}. A line with its example's URN is left out when it comes back.")


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
    print_table(("release", "kind", "period", "published", "known by", "schools", "file"), rows)
    say(f"{len(found)} releases are loaded.")
    for one in damage(local_viewer(), data_dir()):
        errors().print(one.words, markup=False, highlight=False)


@app.command()
def quality(
    release: Annotated[str | None, typer.Argument(help="A release's id; default: all.")] = None,
    out: Annotated[Path | None, typer.Option(help="A file for the values beyond what can be true.")] = None,
) -> None:
    """What became of every row, how well the figures agree with the published ones, what cannot be true."""
    writer = _writer(out) if out else None
    reports = quality_reports(local_viewer(), data_dir(), release, progress)
    urns = sorted({value.urn for one in reports for value in one.quality.outliers if value.urn})
    with printed_once_logged(lambda text: _log_without_build(PRINTED, "quality", text.encode(), urns)):
        for one in reports:
            say(f"{one.release.release_id} ({one.release.original_name}): {one.sentence}")
            for problem in one.release.problems:
                say(f"  {problem}")
            _say_quality(one)
    if out and writer:
        content = writer(outliers_table(reports))
        _log_without_build("table", out.name, content, urns)
        _write(out, content)
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


@app.command()
def build(
    as_at: AsAt = None,
    rules: Annotated[Path, typer.Option(help="A rule set: a folder, or one TOML file.")] = RULES_FOLDER,
    engine: Annotated[Engine, typer.Option(help="What evaluates the rules; spark is an install of its own.")] = (
        Engine.DUCKDB
    ),
) -> None:
    """Judge every school by what had been published by a date."""
    _say_build(preparing.build_now(local_viewer(), data_dir(), _day(as_at), rules, progress, engine))


def _say_build(report: BuildReport) -> None:
    made = report.build
    say(
        f"Build {made.number} ({made.build_id}) as at {in_words(made.as_at)}, rules {made.rule_set}: "
        f"{report.schools:,} schools in {report.las} local authorities."
    )
    say("Places: " + ", ".join(f"{n:,} {name}" for name, n in report.priorities.items()) + ".")
    say(
        "Inspections by row of the mapping table: "
        + ", ".join(f"{m} {n:,}" for m, n in report.mapping_counts.items())
        + "."
    )
    if report.derived_counts:
        derived = ", ".join(f"{m} {n:,}" for m, n in report.derived_counts.items())
        say(f'Latest grade "Not judged", answer derived: {sum(report.derived_counts.values()):,} schools ({derived}).')
    say(f"Latest graded judgements inherited from a predecessor: {report.inherited:,}.")
    say(f"Places where inspection files contradict one another, listed by school: {report.contradictions:,}.")
    for note in report.set_aside:
        say(note)


Reason = Annotated[str, typer.Option("--reason", help="Why; it stands in the audit trail.")]


@app.command()
def withdraw(release: Annotated[str, typer.Argument(help="A release's id.")], reason: Reason) -> None:
    """Let a release count no longer, from the next build on; `restore` takes it back."""
    with opened(data_dir()) as copy:
        done = withdraw_release(local_viewer(), copy, release, reason)
    say(f"{done.release_id} ({done.original_name}) is withdrawn. It stays in the lake.")
    say("Run `python -m risk_model build` to judge the schools without it.")


@app.command()
def builds() -> None:
    """The builds that are kept, and the one that is shown."""
    found = preparing.kept_builds(local_viewer(), data_dir())
    shown = require_build(data_dir()).build_id if found else ""
    rows = [
        (str(one.number), one.build_id, in_words(one.as_at), one.rule_set, "shown" if one.build_id == shown else "")
        for one in found
    ]
    print_table(("build", "id", "as at", "rules", ""), rows)
    say(f"{len(found)} builds are kept.")


@app.command()
def show(
    build: Annotated[str | None, typer.Argument(help="A build's number or id; default: the one before.")] = None,
    reason: Reason = "",
) -> None:
    """Go back to an earlier build, or forward again."""
    wanted = build or preparing.build_before(local_viewer(), data_dir()).build_id
    shown = preparing.go_to_build(local_viewer(), data_dir(), wanted, reason)
    say(f"Build {shown.number} as at {in_words(shown.as_at)}, rules {shown.rule_set}, is shown from now on.")


@app.command()
def compare(
    earlier: Annotated[str, typer.Argument(help="A build's number or id.")],
    later: Annotated[str, typer.Argument(help="Another one's.")],
    la: Annotated[str | None, typer.Option(help="A local authority's three-digit code.")] = None,
    out: Annotated[Path | None, typer.Option(help="A file; its ending says CSV, Parquet or XLSX.")] = None,
) -> None:
    """Which schools moved from one build to another, and why."""
    if out is not None:
        _writer(out)
    seen = compare_builds(local_viewer(), data_dir(), earlier, later, Scope(la_code=la))
    with opened(data_dir()) as copy:
        with _leaving_as_text(copy, "compare"):
            _say_comparison(seen, with_moves=out is None)
        if out is not None:
            about = about_comparison(local_viewer(), seen, date.today())
            _write(out, hand_over_table(local_viewer(), copy, out.name, seen.moves, about))
            say(f"Wrote {len(seen.moves):,} moves to {out}.")


def _say_comparison(seen: BuildComparison, *, with_moves: bool) -> None:
    for line in (seen.sentence, *seen.differences):
        say(line)
    for reason, count in seen.reasons.items():
        if count:
            say(f"{count:,} {reason}: {REASONS[reason]}.")
    print_table(tuple(map(str, seen.directions.columns)), _text_rows(seen.directions))
    if with_moves:
        columns = ["URN", "School", "What", "Before", "Now", "Why", "Rules"]
        print_table(tuple(columns), _text_rows(seen.moves[columns]))


@app.command("list")
def list_command(
    as_at: AsAt = None,
    la: Annotated[str | None, typer.Option(help="A local authority's three-digit code.")] = None,
    out: Annotated[Path | None, typer.Option(help="A file; its ending says CSV, Parquet or XLSX.")] = None,
) -> None:
    """The schools and their levels, most urgent first."""
    if out is not None:
        _writer(out)
    with opened(data_dir(), _day(as_at)) as copy:
        table = school_list(local_viewer(), copy, Scope(la_code=la))[list(LIST_COLUMNS)]
        about = [f"Build {copy.build.build_id}, as at {copy.build.as_at}, rules {copy.build.rule_set}."]
        if table.empty:
            raise RiskModelError(
                f'No school is loaded for the local authority "{la}".', ["Check its three-digit code."]
            )
        if out is None:
            with _leaving_as_text(copy, "list"):
                _print_schools(table)
            return
        _write(out, hand_over_table(local_viewer(), copy, out.name, table, about))
    say(f"Wrote {len(table):,} schools to {out}.")


def _write(out: Path, content: bytes) -> None:
    with storing(f'"{out.name}"'):
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_bytes(content)


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
    print_table(columns, [tuple(str(value) for value in row) for row in table[list(columns)].itertuples(index=False)])


@app.command()
def explain(
    urn: Annotated[str, typer.Argument(help="A school's six-digit URN.")],
    as_at: AsAt = None,
    since: Annotated[str | None, typer.Option(help="An earlier build that is kept: what moved since then.")] = None,
) -> None:
    """Every rule for one school, in words; what would change its levels, and how firm they are."""
    viewer = local_viewer()
    with opened(data_dir(), _day(as_at)) as copy:
        profile = school_profile(viewer, copy, urn.strip())
        moves = school_moves(viewer, copy.data, since, copy.build.build_id, profile.school["urn"]) if since else None
        with _leaving_as_text(copy, "explain"):
            say(explained(profile, school_explanation(viewer, copy, profile), moves))
            due = next_inspection(viewer, copy, profile.school["urn"])
            if due is not None:
                say("\n".join(["", "When the next inspection is due", *due_in_plain_text(due)]))
            say("\n".join(["", *score_in_plain_text(score_of(viewer, copy, profile.school["urn"]))]))
            similar = similar_schools(viewer, copy, profile.school["urn"])
            say("\n".join(["", "Similar schools", *similar_in_plain_text(similar)]))


@app.command("rules")
def rules_command(
    after: Annotated[str | None, typer.Argument(help="Another rule set: a folder, a TOML file or build-3.")] = None,
    before: Annotated[str, typer.Option("--from", help="The one that it is compared with.")] = SHOWN,
    la: Annotated[str | None, typer.Option(help="A local authority's three-digit code.")] = None,
) -> None:
    """What each rule finds; with another rule set, what it says differently and which schools move."""
    with opened(data_dir()) as copy:
        scope = Scope(la_code=la)
        if after is None:
            with _leaving_as_text(copy, "rules"):
                _say_rules(copy, scope)
            return
        seen = compare_rule_sets(local_viewer(), copy, scope, _rule_set(copy, before), _rule_set(copy, after))
        with _leaving_as_text(copy, "rules"):
            _say_moves(copy, scope, seen)


def _say_rules(copy: Copy, scope: Scope) -> None:
    found = rule_catalogue(local_viewer(), copy, scope)
    table = rules_table(local_viewer(), found)
    print_table(tuple(map(str, table.columns)), _text_rows(table))
    say(f"{len(found.cards)} rules of the rule set {found.rule_set} ({found.fingerprint}). {found.approved}")
    listed = score_list_in_plain_text(score_list(local_viewer(), copy, scope))
    say("\n".join(["", "The order of the schools", *listed]))


@app.command("backtest")
def backtest_command(
    first: Annotated[str, typer.Option("--from", help="The first day on which an inspection counts.")],
    last: Annotated[str, typer.Option("--to", help="The last one.")],
    out: Annotated[Path | None, typer.Option(help="A file; its ending says CSV, Parquet or XLSX.")] = None,
    rules: Annotated[Path, typer.Option(help="A rule set: a folder, or one TOML file.")] = RULES_FOLDER,
    figures: Annotated[Path | None, typer.Option(help="A JSON file for the figures that are published.")] = None,
) -> None:
    """The model against later inspections: each scored by what had been published before it began."""
    writer = _writer(out) if out else None
    days = (read_date(first), read_date(last))
    found = backtest(local_viewer(), data_dir(), *days, rules, progress)
    if out is not None and writer is not None:
        about = [f"Inspections from {in_words(days[0])} to {in_words(days[1])}, by the rule set in {rules.name}."]
        is_workbook = out.suffix.lower() == ".xlsx"
        content = as_xlsx(found, sheet="Inspections", about=about) if is_workbook else writer(found)
        _log_without_build("table", out.name, content, sorted(set(found["urn"].astype(str))))
        _write(out, content)
        say(f"Wrote {len(found):,} inspections to {out}.")
    counts = backtest_counts(local_viewer(), found)
    print_table(tuple(map(str, counts.columns)), _text_rows(counts))
    kept = keep_backtest(local_viewer(), data_dir(), found, *days, rules)
    seen = publish_figures(local_viewer(), kept, figures) if figures else kept.figures
    for line in backtest_in_words(local_viewer(), seen):
        say(line)


@app.command("fairness")
def fairness_command(
    out: Annotated[Path | None, typer.Option(help="A file; its ending says CSV, Parquet or XLSX.")] = None,
) -> None:
    """Who is flagged today by group, beside for whom the back-test that is kept here erred."""
    if out is not None:
        _writer(out)
    with opened(data_dir()) as copy:
        found = fairness_report(local_viewer(), copy)
        if out is not None:
            _write(out, hand_over_table(local_viewer(), copy, out.name, found.table, found.sentences))
            say(f"Wrote {len(found.table):,} groups to {out}.")
            return
        with _leaving_as_text(copy, "fairness"):
            print_table(tuple(map(str, found.table.columns)), _text_rows(found.table))
            for sentence in found.sentences:
                say(sentence)


def _rule_set(copy: Copy, name: str) -> RuleSet:
    """A rule set by its choice, or by the path of its folder or file."""
    path = Path(name)
    return read_rules(path) if path.exists() else chosen_rule_set(local_viewer(), copy, name)


@app.command()
def sandbox(
    changes: Annotated[list[str], typer.Argument(help="For example O1.2.value:-6 O4.off outcomes.unlikely_points:5")],
    la: Annotated[str | None, typer.Option(help="A local authority's three-digit code.")] = None,
    out: Annotated[Path | None, typer.Option(help="A TOML file for the changed rule set.")] = None,
) -> None:
    """Which schools would move by other numbers; neither the rules nor the build are touched."""
    with opened(data_dir()) as copy:
        read = read_changes(local_viewer(), copy, changes)
        if read.refused:
            raise RulesRefused(f"{len(read.refused)} changes cannot be tried. Nothing was changed.", read.refused)
        scope = Scope(la_code=la)
        with _leaving_as_text(copy, "sandbox"):
            _say_moves(copy, scope, try_changes(local_viewer(), copy, scope, read.changes))
            firm = firmness(local_viewer(), copy, scope, read.changes)
            if len(firm.table):
                print_table(tuple(map(str, firm.table.columns)), _text_rows(firm.table))
            say(firm.sentence)
        if out is not None:
            _write(out, trial_rules(local_viewer(), copy, read.changes).encode())
            say(f"Wrote the rule set to {out}. `python -m risk_model build --rules {out}` judges by it.")


def _say_moves(copy: Copy, scope: Scope, seen: RuleComparison) -> None:
    """What two rule sets say differently, who moves, and the work that it means."""
    print_table(tuple(map(str, seen.differences.columns)), _text_rows(seen.differences))
    columns = ["URN", "School", "Move", "Place before", "Place after", "Levels", "Rules"]
    print_table(tuple(columns), _text_rows(seen.moves[columns]))
    for table in seen.groups.values():
        print_table(tuple(map(str, table.columns)), _text_rows(table))
    say(" ".join(one for one in (seen.sentence, seen.order_sentence) if one))
    say(work_in_days(local_viewer(), copy, scope, seen).sentence)


def _text_rows(table: pd.DataFrame) -> list[tuple[str, ...]]:
    return [tuple(row) for row in table.astype(str).to_numpy().tolist()]
