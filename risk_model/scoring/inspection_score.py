"""The order of the schools: the list of points of score.toml, counted for every school."""

from dataclasses import dataclass
from datetime import date

import pyarrow as pa

from risk_model.rules.reader import PHASES, RuleSet
from risk_model.rules.score_parts import ScorePart, ScoreStep
from risk_model.scoring.rule_tables import whole_days
from risk_model.warehouse.engine import Connection, literal, rows

_DAYS_A_YEAR = 365.25
_PARTS = pa.schema(
    [
        ("part_id", pa.string()),
        ("place", pa.int32()),
        ("title", pa.string()),
        ("sentence", pa.string()),
        ("fewest", pa.int32()),
        ("most", pa.int32()),
        ("unknown", pa.int32()),
        ("unknown_why", pa.string()),
        ("why", pa.string()),
        ("reference", pa.string()),
        ("in_force_from", pa.date32()),
        ("next_review", pa.date32()),
        ("checked_by", pa.string()),
    ]
)


@dataclass(frozen=True)
class Line:
    """A line of the list as it counts on a day."""

    part: ScorePart
    step: ScoreStep

    @property
    def range(self) -> tuple[int, int]:
        """The fewest and the most points that it gives."""
        ends = (0, self.step.points * self.step.most, self.step.unknown) if self.part.measure else (self.step.points,)
        return min(ends), max(ends)


def lines_on(rule_set: RuleSet, day: date) -> tuple[Line, ...]:
    """The lines in force on a day, in the order of the list."""
    return tuple(Line(part, step) for part in rule_set.score if (step := part.step_on(day)))


def create_score_points(con: Connection, rule_set: RuleSet, as_at: date) -> None:
    """`score_parts`: the lines in force, as rows; `score_points`: one row per school and line of its phase.

    Reads `numbered_schools`, `measure_numbers` and `current_values`, whose figures are rounded to six decimals
    already. A rule set without a list leaves both empty: its schools are in the order of the statement's own points.
    """
    lines = lines_on(rule_set, as_at)
    described = [_described(line, place) for place, line in enumerate(lines, start=1)]
    con.register("given_parts", pa.Table.from_pylist(described, schema=_PARTS))
    con.execute("create or replace table score_parts as from given_parts")
    con.unregister("given_parts")
    con.execute("""
        create or replace table score_points (
            urn varchar, part_id varchar, measure_id varchar, value double, missing_reason varchar, measured_on date,
            period varchar, counted integer, points integer, is_known boolean)""")
    if not lines:
        return
    numbers = {
        row["measure_id"]: row["measure_no"] for row in rows(con, "select measure_id, measure_no from measure_numbers")
    }
    con.execute(f"insert into score_points by name {score_points_sql(lines, numbers, as_at)}")


def score_points_sql(lines: tuple[Line, ...], measure_numbers: dict[str, int], as_at: date) -> str:
    """The points of every line as one statement of SQL: a SELECT per line, over the schools of its phases.

    A figure that is not known, or too old, counts as the line says; nothing is left out.
    """
    return "\nunion all\n".join(_line_sql(line, measure_numbers, as_at) for line in lines)


def _line_sql(line: Line, numbers: dict[str, int], as_at: date) -> str:
    step = line.step
    phases = PHASES if "all" in line.part.phases else line.part.phases
    those = f"s.phase in ({', '.join(map(literal, phases))})"
    if line.part.measure is None:
        return f"""
            select s.urn, {literal(line.part.id)} as part_id, cast(null as varchar) as measure_id,
                   cast(null as double) as value, cast(null as varchar) as missing_reason,
                   cast(null as date) as measured_on, cast(null as varchar) as period, 1 as counted,
                   {step.points} as points, true as is_known
            from numbered_schools as s
            where {those}"""
    read = list(enumerate(line.part.measures))
    joins = "\n".join(
        f"left join current_values as v{n} on v{n}.school_no = s.school_no and v{n}.measure_no = {numbers[measure]}"
        for n, measure in read
    )
    known = {n: _known(n, step, as_at) for n, _ in read}

    def first(column: str) -> str:
        cases = " ".join(f"when {known[n]} then {column.format(n=n)}" for n, _ in read)
        return f"case {cases} else {column.format(n=0)} end"

    measures = " ".join(f"when {known[n]} then {literal(measure)}" for n, measure in read)
    return f"""
        select t.urn, {literal(line.part.id)} as part_id, t.measure_id, t.value, t.missing_reason, t.measured_on,
               t.period, t.counted, coalesce(t.counted * {step.points}, {step.unknown}) as points,
               t.counted is not null as is_known
        from (
            select r.*, cast(case when r.is_known then
                       least(greatest(floor(round(r.value - {step.start!r}, 6) / {step.each!r}), 0), {step.most})
                       end as integer) as counted
            from (
                select s.urn, case {measures} else {literal(line.part.measures[0])} end as measure_id,
                       {first("v{n}.value")} as value, {first("v{n}.measured_on")} as measured_on,
                       {first("v{n}.period")} as period, {" or ".join(known.values())} as is_known,
                       case when {" or ".join(known.values())} then null
                            when v0.value is not null then 'stale'
                            else coalesce(v0.missing_reason, 'not_in_release') end as missing_reason
                from numbered_schools as s
                {joins}
                where {those}
            ) as r
        ) as t"""


def _known(number: int, step: ScoreStep, as_at: date) -> str:
    """Whether a figure is there, and young enough."""
    days = whole_days(step.stale_after_years, _DAYS_A_YEAR)
    if days is None:
        return f"(v{number}.value is not null)"
    since = f"date_diff('day', v{number}.measured_on, cast({literal(as_at.isoformat())} as date))"
    return f"(v{number}.value is not null and v{number}.measured_on is not null and {since} < {days})"


def _described(line: Line, place: int) -> dict[str, object]:
    fewest, most = line.range
    return {
        "part_id": line.part.id,
        "place": place,
        "title": line.part.title,
        "sentence": line.part.sentence,
        "fewest": fewest,
        "most": most,
        "unknown": line.step.unknown,
        "unknown_why": line.step.unknown_why,
        "why": line.step.why,
        "reference": line.step.reference,
        "in_force_from": line.step.from_,
        "next_review": line.part.next_review,
        "checked_by": line.part.checked_by,
    }
