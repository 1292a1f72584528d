"""The commands that judge the schools anew, and compare what builds say."""

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from risk_model.cli.leaving import leaving_as_text, write, writer_for
from risk_model.cli.options import AsAt, Reason, day
from risk_model.cli.printing import print_frame, print_table, progress, say
from risk_model.domain.paths import data_dir
from risk_model.domain.periods import in_words
from risk_model.domain.viewer import local_viewer
from risk_model.rules.reader import FOLDER as RULES_FOLDER
from risk_model.scoring.building import BuildReport
from risk_model.services import preparing
from risk_model.services.comparing import REASONS, BuildComparison, about_comparison, compare_builds
from risk_model.services.copy import opened, require_build
from risk_model.services.leaving import hand_over_table
from risk_model.services.scope import Scope
from risk_model.warehouse.engines import Engine

building = typer.Typer()


@building.command()
def demo() -> None:
    """Make the invented LA in the official file formats, import it, and build."""
    report = preparing.make_demo_copy(local_viewer(), data_dir(), progress)
    say(f"Made {report.files} files of the invented LA Exampleshire and imported them.")
    _say_build(report.build)
    loaded = ", ".join(f"{n} {name.replace('_', ' ')}" for name, n in report.records.items())
    say(f"Records: {loaded}.")


@building.command()
def build(
    as_at: AsAt = None,
    rules: Annotated[Path, typer.Option(help="A rule set: a folder, or one TOML file.")] = RULES_FOLDER,
    engine: Annotated[Engine, typer.Option(help="What evaluates the rules; spark is an install of its own.")] = (
        Engine.DUCKDB
    ),
) -> None:
    """Judge every school by what had been published by a date."""
    _say_build(preparing.build_now(local_viewer(), data_dir(), day(as_at), rules, progress, engine))


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


@building.command()
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


@building.command()
def show(
    build: Annotated[str | None, typer.Argument(help="A build's number or id; default: the one before.")] = None,
    reason: Reason = "",
) -> None:
    """Go back to an earlier build, or forward again."""
    wanted = build or preparing.build_before(local_viewer(), data_dir()).build_id
    shown = preparing.go_to_build(local_viewer(), data_dir(), wanted, reason)
    say(f"Build {shown.number} as at {in_words(shown.as_at)}, rules {shown.rule_set}, is shown from now on.")


@building.command()
def compare(
    earlier: Annotated[str, typer.Argument(help="A build's number or id.")],
    later: Annotated[str, typer.Argument(help="Another one's.")],
    la: Annotated[str | None, typer.Option(help="A local authority's three-digit code.")] = None,
    out: Annotated[Path | None, typer.Option(help="A file; its ending says CSV, Parquet or XLSX.")] = None,
) -> None:
    """Which schools moved from one build to another, and why."""
    if out is not None:
        writer_for(out)
    seen = compare_builds(local_viewer(), data_dir(), earlier, later, Scope(la_code=la))
    with opened(data_dir()) as copy:
        with leaving_as_text(copy, "compare"):
            _say_comparison(seen, with_moves=out is None)
        if out is not None:
            about = about_comparison(local_viewer(), seen, date.today())
            write(out, hand_over_table(local_viewer(), copy, out.name, seen.moves, about))
            say(f"Wrote {len(seen.moves):,} moves to {out}.")


def _say_comparison(seen: BuildComparison, *, with_moves: bool) -> None:
    for line in (seen.sentence, *seen.differences):
        say(line)
    for reason, count in seen.reasons.items():
        if count:
            say(f"{count:,} {reason}: {REASONS[reason]}.")
    print_frame(seen.directions)
    if with_moves:
        print_frame(seen.moves[["URN", "School", "What", "Before", "Now", "Why", "Rules"]])
