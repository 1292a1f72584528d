"""A build: releases + rule set + as-at date → one read-only database."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from math import ceil
from pathlib import Path

import pyarrow as pa

from risk_model.domain.errors import BuildRefused
from risk_model.domain.paths import DataDir
from risk_model.domain.words import MISSING_IN_WORDS
from risk_model.measures.reader import Measure, read_measures
from risk_model.rules.reader import FOLDER as RULES_FOLDER
from risk_model.rules.reader import Condition, Rule, RuleSet, Threshold, read_rules
from risk_model.scoring.sentences import sentence_sql
from risk_model.scoring.staging import REGISTERS, counting_releases, stage
from risk_model.warehouse.builds import Build, BuildWriter, current_build
from risk_model.warehouse.engine import Connection, literal, rows
from risk_model.warehouse.lake import Release, read_releases

_SQL = Path(__file__).parent / "sql"
_BEFORE_MEASURES = ("benchmarks", "pooled_shares", "attainment8_pooled", "inspections", "latest_inspections")
_CARRIED = frozenset({"outcomes_level_score", "leadership_level_score"})
_DAYS_A_YEAR = 365.25
_LATEST_GRADED = """
    (select * from inspections where kind = 'graded'
     qualify row_number() over (partition by urn order by start_date desc) = 1)"""
_DERIVED_SQL = f"select mapping as k, count(*) as n from {_LATEST_GRADED} where overall = 'Not judged' group by 1 order by 1"
_INHERITED_SQL = f"select count(*) as n from {_LATEST_GRADED} where inherited"
_DAYS_A_MONTH = 30.4375


@dataclass(frozen=True)
class BuildReport:
    """What a build made.

    Attributes:
        mapping_counts: inspections by row of the mapping table: {"M12": 2670, …}.
        derived_counts: schools whose latest graded inspection is "Not judged", by the row that answers for them.
        inherited: latest graded judgements that belong to a predecessor.
        set_aside: releases that were not read, with the reason.
    """

    build: Build
    schools: int
    las: int
    mapping_counts: dict[str, int]
    derived_counts: dict[str, int]
    inherited: int
    priorities: dict[str, int]
    set_aside: tuple[str, ...]


def make_build(
    data: DataDir,
    as_at: date | None = None,
    rules_folder: Path = RULES_FOLDER,
    progress: Callable[[str], None] = lambda _: None,
    *,
    make_current: bool = True,
) -> BuildReport:
    """Build the judgements for one date; only what had been published by then counts.

    Args:
        as_at: today, where it is not given.
        rules_folder: the rule set's files.
        make_current: move the pointer, so that readers see it from their next call on.
    Raises:
        BuildRefused: there is nothing to build from.
        RulesRefused: the rule set is not valid.
    """
    as_at = as_at or date.today()
    rule_set = read_rules(rules_folder)
    releases = read_releases(data)
    counting = counting_releases(releases, as_at)
    if not counting:
        raise BuildRefused("There is nothing to build from.", ["Import a register of schools first, or make the demo."])
    earlier = current_build(data)
    with BuildWriter(data, as_at, rule_set.rule_set) as writer:
        con = writer.con
        progress("Reading the releases")
        stage(con, data, counting, as_at)
        _create(con, "schools", as_at)
        found = rows(con, "select count(*) as schools, count(distinct la_code) as las from schools")[0]
        if not found["schools"]:
            raise BuildRefused(
                "No register of schools is loaded, so there is no school to judge.",
                ["Import Ofsted's management information or the national register (GIAS) first."],
            )
        for name in _BEFORE_MEASURES:
            _create(con, name, as_at)
        progress("Working out the measures")
        create_measure_values(con, as_at)
        progress("Judging the schools")
        create_rule_tables(con, rule_set, as_at)
        _load_earlier(con, earlier)
        _judge(con, as_at)
        _create(con, "schools_at_risk", as_at)
        _describe(con, counting, writer)
        report = BuildReport(
            build=writer.build,
            schools=found["schools"],
            las=found["las"],
            mapping_counts=_counts(con, "select mapping as k, count(*) as n from inspections group by 1 order by 1"),
            derived_counts=_counts(con, _DERIVED_SQL),
            inherited=rows(con, _INHERITED_SQL)[0]["n"],
            priorities=_counts(con, "select priority as k, count(*) as n from schools_at_risk group by 1 order by 1"),
            set_aside=_set_aside(releases, counting, as_at),
        )
        writer.finish(make_current=make_current)
    return report


def read_sql(name: str) -> str:
    """One of the build's SQL files."""
    return (_SQL / f"{name}.sql").read_text("utf-8")


def _create(con: Connection, name: str, as_at: date) -> None:
    sql = read_sql(name)
    params = {"as_at": as_at} if "$as_at" in sql else {}
    con.execute(f"create or replace table {name} as {sql}", params)


def create_measure_values(con: Connection, as_at: date) -> None:
    """Fill `measure_values` with every measure that does not need a level."""
    con.execute("""
        create or replace table measure_values (
            urn varchar, measure_id varchar, period varchar, value double, lower double, upper double,
            denominator double, figure double, benchmark double, missing_reason varchar,
            source_id varchar, release_id varchar, source_row integer, published_on date, measured_on date,
            weight double default 1.0, caveat varchar
        )""")
    for measure in read_measures():
        if measure.id not in _CARRIED:
            _insert_measure(con, measure, as_at)


def _insert_measure(con: Connection, measure: Measure, as_at: date) -> None:
    params = {"as_at": as_at} if "$as_at" in measure.sql else {}
    # exactly one of value and missing_reason: a value with a reason is not shown as a value
    con.execute(
        f"""
        insert into measure_values by name
        select {literal(measure.id)} as measure_id, {literal(measure.source)} as source_id,
               * replace (if(missing_reason is null, value, null) as value,
                          if(missing_reason is null and value is null, 'blank', missing_reason) as missing_reason)
        from ({measure.sql.rstrip().rstrip(";")})""",
        params,
    )


def _refresh_current_values(con: Connection, statements: Sequence[str]) -> None:
    """`current_values`: of each school's figures that the statements' rules read, the latest that has a value,
    else the latest reason; and `loaded_measures`, of which there is any."""
    con.execute(
        """
        create or replace temp table current_values as
        with read_by_rules as (
            select unnest([t.measure_id, t.unless_measure, t.cap_measure]) as measure_id
            from tests as t
            inner join rules as r using (rule_id)
            where r.statement in (select unnest($statements))
        )
        select * from measure_values
        where measure_id in (select measure_id from read_by_rules)
        qualify row_number() over (
            partition by urn, measure_id
            order by (value is not null) desc, measured_on desc nulls last, period desc
        ) = 1""",
        {"statements": list(statements)},
    )
    con.execute("create or replace temp table loaded_measures as select distinct measure_id from current_values")


def create_rule_tables(con: Connection, rule_set: RuleSet, as_at: date) -> None:
    """The rules in force, as rows: `rules`, `rule_phases`, `tests`, `statement_rules`, and their sentences."""
    rules = rule_set.on(as_at)
    con.register("given_rules", pa.Table.from_pylist([_rule_row(rule, as_at) for rule in rules]))
    con.register("given_tests", pa.Table.from_pylist(_test_rows(rules, as_at), schema=_TESTS))
    phases = [{"rule_id": rule.id, "phase": phase} for rule in rules for phase in rule.applies_to()]
    con.register("given_phases", pa.Table.from_pylist(phases))
    levels = [{**one.model_dump(exclude={"id"}), "statement": one.id.value} for one in rule_set.levels]
    con.register("given_levels", pa.Table.from_pylist(levels))
    for table in ("rules", "tests", "phases", "levels"):
        name = {"phases": "rule_phases", "levels": "statement_rules"}.get(table, table)
        con.execute(f"create or replace table {name} as from given_{table}")
        con.unregister(f"given_{table}")


_TESTS = pa.schema(
    [
        ("rule_id", pa.string()),
        ("test_no", pa.int32()),
        ("measure_id", pa.string()),
        ("direction", pa.string()),
        ("threshold", pa.float64()),
        ("unit", pa.string()),
        ("points", pa.float64()),
        ("gate", pa.bool_()),
        ("significant", pa.bool_()),
        ("counts_as_significant", pa.bool_()),
        ("near", pa.float64()),
        ("stale_after_days", pa.float64()),
        ("stale_share", pa.float64()),
        ("unless_measure", pa.string()),
        ("unless_direction", pa.string()),
        ("unless_value", pa.float64()),
        ("cap_measure", pa.string()),
        ("cap_direction", pa.string()),
        ("cap_value", pa.float64()),
        ("cap_points", pa.float64()),
        ("fitting_sentence", pa.string()),
        ("fitting_key", pa.int32()),
        ("resting_sentence", pa.string()),
        ("resting_key", pa.int32()),
        ("why", pa.string()),
        ("reference", pa.string()),
        ("in_force_from", pa.date32()),
    ]
)


def _rule_row(rule: Rule, as_at: date) -> dict[str, object]:
    in_force = [t for t in rule.threshold if t.in_force(as_at)]
    return {
        "rule_id": rule.id,
        "statement": rule.statement.value,
        "title": rule.title,
        "core": rule.core,
        "core_within_days": _whole_days(rule.core_within_months, _DAYS_A_MONTH),
        "points_available": max(0.0, *(t.points for t in in_force)) if in_force else 0.0,
        "checked_by": rule.checked_by,
        "next_review": rule.next_review,
    }


def _test_rows(rules: Iterable[Rule], as_at: date) -> list[dict[str, object]]:
    """Every threshold in force as a row; sentences have numbers, so that the SQL compares no texts."""
    keys: dict[str, int] = {}
    return [
        _test_row(rule, number, one, keys)
        for rule in rules
        for number, one in enumerate(rule.threshold, start=1)
        if one.in_force(as_at)
    ]


def _test_row(rule: Rule, number: int, one: Threshold, keys: dict[str, int]) -> dict[str, object]:
    fitting = one.sentence or rule.sentence
    # a threshold on a measure of its own says what it found either way
    resting = one.sentence if one.sentence and one.measure else rule.sentence
    return {
        "rule_id": rule.id,
        "test_no": number,
        "measure_id": one.measure or rule.measure,
        "direction": one.raised_when or rule.raised_when,
        "threshold": one.value,
        "unit": one.unit,
        "points": one.points,
        "gate": one.gate,
        "significant": one.significant,
        "counts_as_significant": one.counts_as_significant,
        "near": one.near,
        "stale_after_days": _whole_days(one.stale_after_years, _DAYS_A_YEAR),
        "stale_share": one.stale_share,
        **_condition("unless", one.unless),
        **_condition("cap", one.cap),
        "cap_points": one.cap.points if one.cap else None,
        "fitting_sentence": fitting,
        "fitting_key": keys.setdefault(fitting, len(keys)),
        "resting_sentence": resting,
        "resting_key": keys.setdefault(resting, len(keys)),
        "why": one.why,
        "reference": one.reference,
        "in_force_from": one.from_,
    }


def _whole_days(spans: float | None, days: float) -> int | None:
    """Days of so many years or months, rounded up: a figure is not old on the very anniversary, leap year or not."""
    return ceil(spans * days) if spans else None


def _condition(name: str, condition: Condition | None) -> dict[str, object]:
    return {
        f"{name}_measure": condition.measure if condition else None,
        f"{name}_direction": condition.raised_when if condition else None,
        f"{name}_value": condition.value if condition else None,
    }


def evaluate(con: Connection, statements: Sequence[str], as_at: date) -> None:
    """Add the outcomes of all rules of the statements, each with its sentence, to `rule_outcomes`."""
    _refresh_current_values(con, statements)
    templates = rows(
        con,
        "select distinct fitting_key as k, fitting_sentence as s from tests "
        "union select resting_key, resting_sentence from tests order by 1",
    )
    cases = " ".join(f"when {t['k']} then {sentence_sql(t['s'])}" for t in templates)
    con.execute(
        f"""
        create or replace temp table new_outcomes as
        with outcomes as ({read_sql("rule_outcomes")})
        select o.* exclude (sentence_key),
               case when o.status in ('not assessed', 'not applicable')
                    then r.title || '? ' || if(o.status = 'not applicable', 'Not applicable: ', 'Not assessed: ')
                         || coalesce(w.words, o.missing_reason) || '.'
                    else (case sentence_key {cases} end)
                         || coalesce(' Note: ' || o.caveat || '.', '')
                         || if(o.is_stale, ' Older evidence: it counts for ' || if(o.share > 0, 'less', 'nothing') || '.', '')
                         || if(o.is_capped, ' Counted as one point at most: schools with a like intake do no better.', '')
                    end as sentence
        from outcomes as o
        inner join rules as r using (rule_id)
        left join missing_words as w on w.reason = o.missing_reason""",
        {"statements": list(statements), "as_at": as_at},
    )
    con.execute("create table if not exists rule_outcomes as from new_outcomes where false")
    con.execute("insert into rule_outcomes from new_outcomes")


def _load_earlier(con: Connection, earlier: Build | None) -> None:
    """`earlier_levels`: those of the build before this one, for the direction of travel."""
    levels = pa.table({"urn": pa.array([], pa.string()), "statement": pa.array([], pa.string()), "level": pa.array([], pa.string())})
    if earlier is not None:
        with earlier.reader() as reader:
            found = reader.rows("select urn, statement, level from statement_levels")
        levels = pa.Table.from_pylist(found, schema=levels.schema)
    con.register("given_levels", levels)
    con.execute("create or replace temp table earlier_levels as from given_levels")
    con.unregister("given_levels")


def _judge(con: Connection, as_at: date) -> None:
    words = [{"reason": reason.value, "words": text} for reason, text in MISSING_IN_WORDS.items()]
    con.register("given_words", pa.Table.from_pylist(words))
    con.execute("create or replace temp table missing_words as from given_words")
    con.unregister("given_words")
    con.execute("""
        create or replace table statement_levels (
            urn varchar, statement varchar, level varchar, points double, points_available double,
            coverage double, score double, gate_rule_id varchar, direction varchar
        )""")
    first_two = ["outcomes", "leadership"]
    evaluate(con, first_two, as_at)
    _level(con, first_two)
    for measure in read_measures():
        if measure.id in _CARRIED:
            _insert_measure(con, measure, as_at)
    evaluate(con, ["inspection"], as_at)
    _level(con, ["inspection"])


def _level(con: Connection, statements: list[str]) -> None:
    con.execute(
        f"insert into statement_levels by name {read_sql('statement_levels')}", {"statements": statements}
    )


def _describe(con: Connection, releases: Sequence[Release], writer: BuildWriter) -> None:
    """`build_info` and `releases`: what the build was made of, so that it explains itself."""
    for table in ("rule_outcomes", "statement_levels", "schools_at_risk"):
        con.execute(f"alter table {table} add column build_id varchar default {literal(writer.build.build_id)}")
    con.execute("create or replace table mapping_meanings as select mapping, meaning from inspection_mapping")
    con.execute(
        "create or replace table build_info as select $id as build_id, $as_at::date as as_at, "
        "$rules as rule_set, $made::timestamp as made_at",
        {
            "id": writer.build.build_id,
            "as_at": writer.build.as_at,
            "rules": writer.build.rule_set,
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
