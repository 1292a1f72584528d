"""The commands that hold the model against what came later."""

from pathlib import Path
from typing import Annotated

import typer

from risk_model.cli.leaving import leaving_as_text, log_without_build, write, writer_for
from risk_model.cli.printing import print_frame, progress, say
from risk_model.domain.paths import data_dir
from risk_model.domain.periods import in_words, read_date
from risk_model.domain.viewer import local_viewer
from risk_model.exports.tables import as_xlsx
from risk_model.rules.reader import FOLDER as RULES_FOLDER
from risk_model.services.accuracy import backtest_in_words, fairness_report, keep_backtest, publish_figures
from risk_model.services.backtesting import backtest, backtest_counts
from risk_model.services.copy import opened
from risk_model.services.leaving import hand_over_table

proving = typer.Typer()


@proving.command("backtest")
def backtest_command(
    first: Annotated[str, typer.Option("--from", help="The first day on which an inspection counts.")],
    last: Annotated[str, typer.Option("--to", help="The last one.")],
    out: Annotated[Path | None, typer.Option(help="A file; its ending says CSV, Parquet or XLSX.")] = None,
    rules: Annotated[Path, typer.Option(help="A rule set: a folder, or one TOML file.")] = RULES_FOLDER,
    figures: Annotated[Path | None, typer.Option(help="A JSON file for the figures that are published.")] = None,
) -> None:
    """The model against later inspections: each scored by what had been published before it began."""
    writer = writer_for(out) if out else None
    days = (read_date(first), read_date(last))
    found = backtest(local_viewer(), data_dir(), *days, rules, progress)
    if out is not None and writer is not None:
        about = [f"Inspections from {in_words(days[0])} to {in_words(days[1])}, by the rule set in {rules.name}."]
        is_workbook = out.suffix.lower() == ".xlsx"
        content = as_xlsx(found, sheet="Inspections", about=about) if is_workbook else writer(found)
        log_without_build("table", out.name, content, sorted(set(found["urn"].astype(str))))
        write(out, content)
        say(f"Wrote {len(found):,} inspections to {out}.")
    counts = backtest_counts(local_viewer(), found)
    print_frame(counts)
    kept = keep_backtest(local_viewer(), data_dir(), found, *days, rules)
    seen = publish_figures(local_viewer(), kept, figures) if figures else kept.figures
    for line in backtest_in_words(local_viewer(), seen):
        say(line)


@proving.command("fairness")
def fairness_command(
    out: Annotated[Path | None, typer.Option(help="A file; its ending says CSV, Parquet or XLSX.")] = None,
) -> None:
    """Who is flagged today by group, beside for whom the back-test that is kept here erred."""
    if out is not None:
        writer_for(out)
    with opened(data_dir()) as copy:
        found = fairness_report(local_viewer(), copy)
        if out is not None:
            write(out, hand_over_table(local_viewer(), copy, out.name, found.table, found.sentences))
            say(f"Wrote {len(found.table):,} groups to {out}.")
            return
        with leaving_as_text(copy, "fairness"):
            print_frame(found.table)
            for sentence in found.sentences:
                say(sentence)
