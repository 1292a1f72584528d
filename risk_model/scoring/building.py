"""A build: releases + rule set + as-at date → one read-only database."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa

from risk_model.domain.errors import BuildRefused, Damaged
from risk_model.domain.paths import DataDir
from risk_model.rules.reader import FOLDER as RULES_FOLDER
from risk_model.rules.reader import read_rules
from risk_model.scoring.evaluating import (
    create_rule_outcomes,
    create_statement_levels,
    current_values_steps,
    judge,
    keep_outcomes,
    read_sql,
)
from risk_model.scoring.held_lines import held_evidence_sql
from risk_model.scoring.held_rules import hold_rule_set
from risk_model.scoring.identity import schools_steps
from risk_model.scoring.inheriting import evidence_step, heirs_steps, inherited_step
from risk_model.scoring.inspecting import count_contradictions, inspections_step
from risk_model.scoring.inspection_score import create_score_points
from risk_model.scoring.likeness import similar_schools_step
from risk_model.scoring.measuring import measures_step
from risk_model.scoring.staging import (
    REGISTERS,
    counting_releases,
    made_tables,
    rows_steps,
    sources_read,
    summary_steps,
)
from risk_model.scoring.steps import Making, Shared, Step, made_by, sql_step, used_params
from risk_model.scoring.typed_rows import forget_typed
from risk_model.warehouse.builds import Build, BuildWriter, last_build
from risk_model.warehouse.engine import Connection, literal, rows
from risk_model.warehouse.engines import Engine, require_engine, running_on
from risk_model.warehouse.lake import Release, read_standing, read_withdrawals, require_whole

_BEFORE_MEASURES = ("benchmarks", "pooled_shares", "attainment8_pooled")
# nothing is judged by them
_TO_EXPLORE = ("la_neighbours", "la_group_figures", "result_figures")
_LATEST_GRADED = """
    (select * from inspections where kind = 'graded'
     qualify row_number() over (partition by urn order by start_date desc) = 1)"""
_DERIVED_SQL = (
    f"select mapping as k, count(*) as n from {_LATEST_GRADED} where overall = 'Not judged' group by 1 order by 1"
)
_INHERITED_SQL = f"select count(*) as n from {_LATEST_GRADED} where inherited"


@dataclass(frozen=True)
class BuildReport:
    """What a build made.

    Attributes:
        mapping_counts: inspections by row of the mapping table: {"M12": 2670, …}.
        derived_counts: schools whose latest graded inspection is "Not judged", by the row that answers for them.
        inherited: latest graded judgements that belong to a predecessor.
        contradictions: places where two files differ about one inspection; the build has them listed.
        set_aside: releases that were not read, with the reason.
        made_anew: what could not be taken over from the build before, by the names of the tables that were made, with
            the measure's or source's id where they are made of several: "schools", "measure_values:absence_pct".
    """

    build: Build
    schools: int
    las: int
    mapping_counts: dict[str, int]
    derived_counts: dict[str, int]
    inherited: int
    contradictions: int
    priorities: dict[str, int]
    set_aside: tuple[str, ...]
    made_anew: tuple[str, ...]


def make_build(
    data: DataDir,
    as_at: date | None = None,
    rules_folder: Path = RULES_FOLDER,
    progress: Callable[[str], None] = lambda _: None,
    *,
    make_current: bool = True,
    choose: Callable[[Sequence[Release], date], list[Release]] = counting_releases,
    engine: Engine = Engine.DUCKDB,
) -> BuildReport:
    """Build the judgements for one date; only what had been published by then counts.

    Args:
        as_at: today, where it is not given.
        rules_folder: the rule set's files.
        make_current: move the pointer, so that readers see it from their next call on.
        choose: which of the releases that stand may be read on the day.
        engine: evaluates the rules; all others come to the same rows.
    Raises:
        BuildRefused: there is nothing to build from, the engine is not installed, or the system refused to write.
        Damaged: a release is not as it was written, and nobody should be judged by the rest alone.
        RulesRefused: the rule set is not valid.
    """
    require_engine(engine)
    as_at = as_at or date.today()
    rule_set = read_rules(rules_folder)
    releases = read_standing(data)
    counting = choose(releases, as_at)
    require_whole(data, counting)
    if not counting:
        raise BuildRefused("There is nothing to build from.", ["Import a register of schools first, or make the demo."])
    with BuildWriter(data, as_at, rule_set.rule_set, made_by()) as writer:
        con = writer.con
        making = Making(con)
        progress("Reading the releases")
        making.run(identity_steps(data, counting, as_at))
        found = rows(con, "select count(*) as schools, count(distinct la_code) as las from schools")[0]
        if not found["schools"]:
            raise _no_schools(con, making)
        progress("Working out the measures")
        making.run(evidence_steps(counting, as_at, making.tables))
        making.finish()
        progress("Judging the schools")
        with running_on(engine, data.root) as run:
            judge(con, rule_set, as_at, run)
        keep_outcomes(con)
        hold_rule_set(con, rule_set)
        create_score_points(con, rule_set, as_at)
        progress("Coming to levels and priorities")
        earlier = _load_earlier(con, last_build(data))
        create_statement_levels(con, as_at)
        create_rule_outcomes(con)
        _create(con, "schools_at_risk", as_at)
        _create(con, "school_groups", as_at)
        _create(con, "fairness_counts", as_at)
        _describe(con, counting, writer, earlier)
        report = BuildReport(
            build=writer.build,
            schools=found["schools"],
            las=found["las"],
            mapping_counts=_counts(con, "select mapping as k, count(*) as n from inspections group by 1 order by 1"),
            derived_counts=_counts(con, _DERIVED_SQL),
            inherited=rows(con, _INHERITED_SQL)[0]["n"],
            contradictions=count_contradictions(con),
            priorities=_counts(con, "select priority as k, count(*) as n from schools_at_risk group by 1 order by 1"),
            set_aside=(*_set_aside(releases, counting, as_at), *_withdrawn(data)),
            made_anew=tuple(making.made),
        )
        progress("Keeping the build")
        writer.finish(make_current=make_current, flags=read_sql("flags"))
    forget_typed(data)
    return report


def identity_steps(data: DataDir, releases: Sequence[Release], as_at: date) -> list[Step]:
    """The first steps of a build, in their order: what the files say, and which schools there are."""
    steps = rows_steps(data, releases, as_at)
    return [*steps, *schools_steps(as_at, made_tables(steps))]


def evidence_steps(releases: Sequence[Release], as_at: date, tables: Sequence[str]) -> list[Step | Shared]:
    """The steps after them, up to the figures by which the schools are judged.

    Args:
        tables: what the first steps make.
    """
    steps: list[Step | Shared] = list(heirs_steps(as_at, tables))
    known = [*tables, *made_tables(steps)]
    steps += [evidence_step(source, releases, as_at, known) for source in sources_read()]
    steps += [inherited_step(sources_read()), *summary_steps(releases, as_at, known)]
    steps.append(sql_step("held_evidence", held_evidence_sql(releases), as_at, known))
    steps.append(sql_step("mapping_meanings", "select mapping, meaning from inspection_mapping", as_at, known))
    for name in _BEFORE_MEASURES:
        steps.append(sql_step(name, read_sql(name), as_at, [*tables, *made_tables(steps)]))
    steps.append(similar_schools_step(as_at, [*tables, *made_tables(steps)]))
    steps += [sql_step(name, read_sql(name), as_at, [*tables, *made_tables(steps)]) for name in _TO_EXPLORE]
    steps.append(inspections_step(as_at, tables))
    steps.append(measures_step(as_at, [*tables, *made_tables(steps)]))
    return [*steps, *current_values_steps([*tables, *made_tables(steps)])]


def _no_schools(con: Connection, making: Making) -> BuildRefused:
    """Why there is no school to judge: no register at all, or none of a known LA."""
    for source_id in ("ofsted", "ofsted_report_cards", "gias"):
        making.need(f"stg_{source_id}_rows")
    codes = [
        row["la_code"]
        for row in rows(
            con,
            """
            select distinct la_code from (
                select left(laestab, 3) as la_code from stg_ofsted_rows where laestab is not null
                union all select left(laestab, 3) from stg_ofsted_report_cards_rows where laestab is not null
                union all select la_code from stg_gias_rows where la_code is not null)
            order by la_code limit 5""",
        )
    ]
    if not codes:
        return BuildRefused(
            "No register of schools is loaded, so there is no school to judge.",
            ["Import Ofsted's management information or the national register (GIAS) first."],
        )
    return BuildRefused(
        "The registers that are loaded hold no open state-funded school of an LA that is known.",
        [
            f"LA codes found: {', '.join(codes)}.",
            "Known ones are in data/lookups/local_authorities.csv; add a new one there, then build again.",
        ],
    )


def _create(con: Connection, name: str, as_at: date) -> None:
    sql = read_sql(name)
    con.execute(f"create or replace table {name} as {sql}", used_params(sql, as_at))


def _load_earlier(con: Connection, earlier: Build | None) -> Build | None:
    """`earlier_levels`: those of the build before this one, for the direction of travel.

    Returns:
        The build before this one; None where there is none that can be read.
    """
    schema = pa.schema([(name, pa.string()) for name in ("urn", "statement", "level")])
    found: list[dict[str, Any]] = []
    if earlier is not None:
        try:
            with earlier.reader() as reader:
                found = reader.rows("select urn, statement, level from statement_levels")
        except Damaged:
            # a new build is what mends a damaged one: it only cannot say what has changed since
            earlier = None
    con.register("given_levels", pa.Table.from_pylist(found, schema=schema))
    con.execute("create or replace temp table earlier_levels as from given_levels")
    con.unregister("given_levels")
    return earlier


def _describe(con: Connection, releases: Sequence[Release], writer: BuildWriter, earlier: Build | None) -> None:
    """`build_info` and `releases`: what the build was made of, so that it explains itself."""
    for table in ("statement_levels", "schools_at_risk"):
        con.execute(f"alter table {table} add column build_id varchar default {literal(writer.build.build_id)}")
    con.execute(
        "create or replace table build_info as select $id as build_id, $as_at::date as as_at, "
        "$earlier_id as earlier_build_id, $earlier_as_at::date as earlier_as_at, "
        "$rules as rule_set, $made::timestamp as made_at",
        {
            "id": writer.build.build_id,
            "as_at": writer.build.as_at,
            "rules": writer.build.rule_set,
            "earlier_id": earlier.build_id if earlier else None,
            "earlier_as_at": earlier.as_at if earlier else None,
            "made": datetime.now(UTC).replace(tzinfo=None),
        },
    )
    described = [
        {
            "release_id": r.release_id,
            "source_id": r.source_id,
            "original_name": r.original_name,
            "label": r.label,
            "published_on": r.published_on,
            "provisional": r.provisional,
            "is_demo": r.is_demo,
        }
        for r in releases
    ]
    con.register("given_releases", pa.Table.from_pylist(described))
    con.execute("create or replace table releases as from given_releases")
    con.unregister("given_releases")


def _counts(con: Connection, sql: str) -> dict[str, int]:
    return {row["k"]: row["n"] for row in rows(con, sql)}


def _withdrawn(data: DataDir) -> Iterator[str]:
    """How many releases were taken out by hand, in words."""
    withdrawn = read_withdrawals(data)
    if withdrawn:
        yield f"Withdrawn, and not counted: {', '.join(sorted(withdrawn))}."


def _set_aside(releases: Sequence[Release], counting: Sequence[Release], as_at: date) -> tuple[str, ...]:
    """Why a release was not read, in words."""
    read = {release.release_id for release in counting}
    demo_left = [r for r in releases if r.release_id not in read and r.is_demo]
    later = [r for r in releases if r.release_id not in read and not r.is_demo and r.published_on > as_at]
    real_left = [r for r in releases if r.release_id not in read and not r.is_demo and r.published_on <= as_at]
    notes = []
    if all(r.published_on > as_at for r in counting if r.source_id in REGISTERS):
        notes.append(
            f"No register of schools had been published by {as_at:%d/%m/%Y}: names, types and trusts are those of a "
            "later one. No figure or inspection is."
        )
    if demo_left and any(not r.is_demo for r in counting):
        notes.append(f"{len(demo_left)} releases of the invented LA are set aside: real schools are loaded.")
    if later:
        notes.append(f"{len(later)} releases were published after {as_at:%d/%m/%Y} and do not count.")
    if real_left:
        notes.append(
            f"{len(real_left)} releases of real schools wait for a register of schools: "
            "import Ofsted's management information or GIAS."
        )
    return tuple(notes)
