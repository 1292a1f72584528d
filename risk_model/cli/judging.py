"""The commands that say how schools are judged, and how they would be by other rules."""

import sys
from pathlib import Path
from typing import Annotated

import pandas as pd
import typer

from risk_model.cli.leaving import leaving_as_text, write, writer_for
from risk_model.cli.options import AsAt, day
from risk_model.cli.printing import print_frame, print_table, say
from risk_model.domain.errors import RiskModelError, RulesRefused
from risk_model.domain.paths import data_dir
from risk_model.domain.viewer import local_viewer
from risk_model.rules.reader import RuleSet, read_rules
from risk_model.services.at_risk import LIST_COLUMNS, school_list
from risk_model.services.comparing import school_moves
from risk_model.services.comparing_rules import RuleComparison, compare_rule_sets, work_in_days
from risk_model.services.copy import Copy, opened
from risk_model.services.explaining import explained, school_explanation
from risk_model.services.inspection_score import score_in_plain_text, score_of
from risk_model.services.leaving import hand_over_table
from risk_model.services.next_inspection import due_in_plain_text, next_inspection
from risk_model.services.profile import school_profile
from risk_model.services.rules import SHOWN, chosen_rule_set, rule_catalogue, rules_table
from risk_model.services.sandbox import firmness, read_changes, trial_rules, try_changes
from risk_model.services.scope import Scope
from risk_model.services.score_list import score_list, score_list_in_plain_text
from risk_model.services.similar import similar_in_plain_text, similar_schools

judging = typer.Typer()


@judging.command("list")
def list_command(
    as_at: AsAt = None,
    la: Annotated[str | None, typer.Option(help="A local authority's three-digit code.")] = None,
    out: Annotated[Path | None, typer.Option(help="A file; its ending says CSV, Parquet or XLSX.")] = None,
) -> None:
    """The schools and their levels, most urgent first."""
    if out is not None:
        writer_for(out)
    with opened(data_dir(), day(as_at)) as copy:
        table = school_list(local_viewer(), copy, Scope(la_code=la))[list(LIST_COLUMNS)]
        about = [f"Build {copy.build.build_id}, as at {copy.build.as_at}, rules {copy.build.rule_set}."]
        if table.empty:
            raise RiskModelError(
                f'No school is loaded for the local authority "{la}".', ["Check its three-digit code."]
            )
        if out is None:
            with leaving_as_text(copy, "list"):
                _print_schools(table)
            return
        write(out, hand_over_table(local_viewer(), copy, out.name, table, about))
    say(f"Wrote {len(table):,} schools to {out}.")


def _print_schools(table: pd.DataFrame) -> None:
    if not sys.stdout.isatty():
        sys.stdout.write(table.to_csv(index=False, lineterminator="\n"))
        return
    columns = ("urn", "name", "phase", "priority", "outcomes_level", "leadership_level", "inspection_level", "route")
    print_table(columns, [tuple(str(value) for value in row) for row in table[list(columns)].itertuples(index=False)])


@judging.command()
def explain(
    urn: Annotated[str, typer.Argument(help="A school's six-digit URN.")],
    as_at: AsAt = None,
    since: Annotated[str | None, typer.Option(help="An earlier build that is kept: what moved since then.")] = None,
) -> None:
    """Every rule for one school, in words; what would change its levels, and how firm they are."""
    viewer = local_viewer()
    with opened(data_dir(), day(as_at)) as copy:
        profile = school_profile(viewer, copy, urn.strip())
        moves = school_moves(viewer, copy.data, since, copy.build.build_id, profile.school["urn"]) if since else None
        with leaving_as_text(copy, "explain"):
            say(explained(profile, school_explanation(viewer, copy, profile), moves))
            due = next_inspection(viewer, copy, profile.school["urn"])
            if due is not None:
                say("\n".join(["", "When the next inspection is due", *due_in_plain_text(due)]))
            say("\n".join(["", *score_in_plain_text(score_of(viewer, copy, profile.school["urn"]))]))
            similar = similar_schools(viewer, copy, profile.school["urn"])
            say("\n".join(["", "Similar schools", *similar_in_plain_text(similar)]))


@judging.command("rules")
def rules_command(
    after: Annotated[str | None, typer.Argument(help="Another rule set: a folder, a TOML file or build-3.")] = None,
    before: Annotated[str, typer.Option("--from", help="The one that it is compared with.")] = SHOWN,
    la: Annotated[str | None, typer.Option(help="A local authority's three-digit code.")] = None,
) -> None:
    """What each rule finds; with another rule set, what it says differently and which schools move."""
    with opened(data_dir()) as copy:
        scope = Scope(la_code=la)
        if after is None:
            with leaving_as_text(copy, "rules"):
                _say_rules(copy, scope)
            return
        seen = compare_rule_sets(local_viewer(), copy, scope, _rule_set(copy, before), _rule_set(copy, after))
        with leaving_as_text(copy, "rules"):
            _say_moves(copy, scope, seen)


def _say_rules(copy: Copy, scope: Scope) -> None:
    found = rule_catalogue(local_viewer(), copy, scope)
    table = rules_table(local_viewer(), found)
    print_frame(table)
    say(f"{len(found.cards)} rules of the rule set {found.rule_set} ({found.fingerprint}). {found.approved}")
    listed = score_list_in_plain_text(score_list(local_viewer(), copy, scope))
    say("\n".join(["", "The order of the schools", *listed]))


@judging.command()
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
        with leaving_as_text(copy, "sandbox"):
            _say_moves(copy, scope, try_changes(local_viewer(), copy, scope, read.changes))
            firm = firmness(local_viewer(), copy, scope, read.changes)
            if len(firm.table):
                print_frame(firm.table)
            say(firm.sentence)
        if out is not None:
            write(out, trial_rules(local_viewer(), copy, read.changes).encode())
            say(f"Wrote the rule set to {out}. `python -m risk_model build --rules {out}` judges by it.")


def _rule_set(copy: Copy, name: str) -> RuleSet:
    """A rule set by its choice, or by the path of its folder or file."""
    path = Path(name)
    return read_rules(path) if path.exists() else chosen_rule_set(local_viewer(), copy, name)


def _say_moves(copy: Copy, scope: Scope, seen: RuleComparison) -> None:
    """What two rule sets say differently, who moves, and the work that it means."""
    print_frame(seen.differences)
    print_frame(seen.moves[["URN", "School", "Move", "Place before", "Place after", "Levels", "Rules"]])
    for table in seen.groups.values():
        print_frame(table)
    say(" ".join(one for one in (seen.sentence, seen.order_sentence) if one))
    say(work_in_days(local_viewer(), copy, scope, seen).sentence)
