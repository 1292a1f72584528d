"""National and LA figures worked out again from schools' rows, beside those that were published.

A difference is explained only by what can be shown: rounding, schools whose figure is withheld (the bound is worked
out from their pupils), schools of which the file does not say whether they belong, another set of schools of the
same file, missing pupil numbers, or a provisional file. What is left is marked as not explained.
"""

import csv
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, Literal

from risk_model.domain.paths import LOOKUPS, DataDir
from risk_model.scoring.quality import columns_of, sql_named
from risk_model.scoring.typed_rows import typed_rows
from risk_model.sources.catalogue import source_named
from risk_model.sources.contract import Source, matched_columns
from risk_model.sources.typing import cell_sql, year_of
from risk_model.warehouse.engine import Connection, literal, rows
from risk_model.warehouse.lake import ROW, Release, parquet_path

Verdict = Literal["agrees", "withheld figures", "definition", "weights", "provisional", "not explained"]
SetName = Literal["state-funded", "mainstream", "every"]

INDICATORS = "la_indicators"
ENGLAND = "England"
SETS: dict[SetName, str] = {
    "state-funded": "state-funded schools",
    "mainstream": "state-funded mainstream schools",
    "every": "every school in the file",
}
_WITHHELD_PUPILS = 10  # figures of five or fewer pupils are withheld, in destinations of ten or fewer
_DEVIATIONS = 3  # how many standard deviations of rounding errors, each of them even over one unit
_ENGLANDS_LAS = 100  # of some 152: a file with schools of fewer LAs is one of a part of the country


@dataclass(frozen=True)
class Check:
    """One figure to work out again.

    Attributes:
        aggregate: a mean, weighted by the field `weight`, or a sum. Of several weights, "a|b", the first is the one
            that the published figure has; where a file has none, the register's roll stands in.
        phase: of the schools, and of the summary row; empty for schools of all phases.
        indicator: the same figure among the LA-level indicators, where there is one.
        is_exact: weighted as the published figure is; not where the file lacks the pupils for that.
        suppressed_at_most: the largest count that is withheld, where a withheld cell is a small count.
    """

    source_id: str
    figure: str
    aggregate: Literal["mean", "sum"]
    weight: str
    phase: str
    indicator: str
    suppressed_at_most: float | None
    is_exact: bool = True


@dataclass(frozen=True)
class Recomputed:
    """What the schools' rows give, for one set of schools of England or of one LA.

    Attributes:
        value: the weighted mean, or the sum; lowest, highest: what it could be, once the schools without a figure and
            those that may not belong are thought of; rounding: what the rounding of schools' figures can do to it.
        schools: with a figure; without_value: without one; pupils: the weight of those with one; unseen: pupils that
            are counted and are in no school with a figure; optional_schools: that may or may not belong.
    """

    value: float
    lowest: float
    highest: float
    rounding: float
    schools: int
    without_value: int
    optional_schools: int
    pupils: float
    unweighted: float | None
    unseen: float


@dataclass(frozen=True)
class Published:
    """A figure as it was published: its origin, its value, half a unit of its last decimal, and its pupils."""

    origin: str
    value: float
    half_unit: float
    pupils: float | None
    is_final: bool


@dataclass(frozen=True)
class Comparison:
    """One published figure beside the same worked out from schools' rows.

    Attributes:
        place: "England" or an LA's code; difference: recomputed less published, in the figure's own unit.
        lowest, highest: what the schools' rows allow; explanation: in a sentence.
    """

    check: Check
    period: str
    place: str
    origin: str
    published: float
    recomputed: float
    lowest: float
    highest: float
    schools: int
    without_value: int
    weighted_by: str
    verdict: Verdict
    explanation: str

    @property
    def difference(self) -> float:
        """How much more the schools' rows give than was published."""
        return self.recomputed - self.published


@cache
def read_checks() -> tuple[Check, ...]:
    """The figures that are worked out again, from `data/lookups/national_checks.csv`."""
    with (LOOKUPS / "national_checks.csv").open(encoding="utf-8", newline="") as file:
        return tuple(
            Check(
                row["source"],
                row["figure"],
                "sum" if row["aggregate"] == "sum" else "mean",
                row["weight"],
                row["phase"],
                row["indicator"],
                float(row["suppressed_at_most"]) if row["suppressed_at_most"] else None,
            )
            for row in csv.DictReader(file)
        )


def load_indicators(con: Connection, data: DataDir, releases: Sequence[Release]) -> None:
    """Make the table `indicators` of the LA-level indicators that a check names.

    Their years are written in many ways. "2016-17" and "2016/17" say the academic year; a lone "2017" is the year
    that ends then, which holds for each indicator of the list: England's figure of 2017 is that of 2016-17. Any
    other text is not read.
    """
    loaded = [release for release in releases if release.source_id == INDICATORS and not release.is_demo]
    con.execute("""
        create or replace temp table indicators (
            indicator varchar, period varchar, place varchar, value double, decimals integer)""")
    wanted = ", ".join(literal(check.indicator) for check in read_checks() if check.indicator)
    # 16.899999999999999 is a spreadsheet's 16.9, and 46 stands for 46.0 where other LAs have a decimal
    decimals = "list_filter(range(0, 8), lambda d: abs(value * pow(10, d) - round(value * pow(10, d))) < 1e-6)[1]"
    for release in loaded:
        con.execute(f"""
            insert into indicators
            with told as (
                select indicator, value, year_as_published, trim(replace(year_as_published, '(Rev)', '')) as said,
                       if(scope = 'national', '{ENGLAND}', la_code) as place
                from ({typed_rows(data, release)})
                where indicator in ({wanted}) and value is not null and scope in ('national', 'la')
            )
            select indicator,
                   if(regexp_full_match(said, '20[0-9]{{2}}'), (said::integer - 1) || '-' || said, {year_of("said")}),
                   place, value, max({decimals}) over (partition by indicator, said)
            from told
            qualify row_number() over (
                partition by indicator, said, place order by year_as_published like '%(Rev)%' desc) = 1""")


def _published(data: DataDir, release: Release) -> str:
    return f"read_parquet({literal(parquet_path(data, release.release_id).as_posix())})"


def compare(con: Connection, data: DataDir, release: Release) -> list[Comparison]:
    """Every published figure that a release's schools can be compared with, England first.

    Args:
        con: from `quality_desk`, with `typed` and `seen` of this release, and the table `indicators`.
    """
    source = source_named(release.source_id)
    found = matched_columns(source, release.header)
    done: list[Comparison] = []
    for check in read_checks():
        if check.source_id == source.id and check.figure in found:
            weighted = _with_weight(con, source, check)
            con.execute(f"create or replace temp table figures as {_figures_sql(con, source, weighted)}")
            done += _compared(con, data, source, release, weighted)
    return sorted(done, key=lambda one: one.place != ENGLAND)


def _figures_sql(con: Connection, source: Source, check: Check) -> str:
    """SQL for one row per school's row: what is compared, with its weight and kind of school."""
    has = columns_of(con, "typed")
    # a school that is not in today's register weighs as much as the average one
    weight = f"t.{check.weight}" if check.weight else "coalesce(g.roll, avg(g.roll) over ())"
    weight = "1.0" if check.aggregate == "sum" else weight
    la = "coalesce(t.la_code, g.la_code)" if "la_code" in has else "g.la_code"
    special = "if(t.record_type = '2', 'special', null)" if "record_type" in has else "null"
    # Only state-funded mainstream schools have a Progress 8: where the file names no kind, that names it.
    mainstream = "if(t.progress8_score is not null, 'mainstream', null)" if check.source_id == "ks4" else "null"
    if check.source_id == "ks2":
        mainstream = "if(t.record_type = '1', 'mainstream', null)"
    # a school of which neither file nor register says the phase may belong, like one of which they say no kind
    kind = f"coalesce(c.group_name, {special}, g.kind, {mainstream})"
    phase = ""
    if _by_phase(source) and check.phase:
        kind = f"if(coalesce(c.phase, g.phase) is null, null, {kind})"
        phase = f"and coalesce(c.phase, g.phase, {literal(check.phase)}) = {literal(check.phase)}"
    return f"""
        select t.period, {la} as la_code, t.{check.figure} as value, {weight}::double as weight,
               t.{check.figure}_missing = 'suppressed' as is_suppressed,
               {kind} as kind
        from typed as t
        inner join seen as s using (row_number)
        left join standing as g on g.urn = s.urn
        left join type_codes as c on c.type = s.type_in_file
        where t.scope = 'school' and t.period is not null {phase}"""


def _with_weight(con: Connection, source: Source, check: Check) -> Check:
    """The check with the first of its weights that the file has, or with none."""
    has = [name for name in check.weight.split("|") if any(one.name == name for one in source.fields)]
    for name in has:
        if rows(con, f"select count({name}) as n from typed where scope = 'school'")[0]["n"]:
            return replace(check, weight=name, is_exact=name == check.weight.split("|")[0])
    return replace(check, weight="", is_exact=check.aggregate == "sum")


def _by_phase(source: Source) -> bool:
    """Whether one file has schools of several phases, each with a national row of its own."""
    return len({check.phase for check in read_checks() if check.source_id == source.id}) > 1


def _compared(con: Connection, data: DataDir, source: Source, release: Release, check: Check) -> Iterator[Comparison]:
    published = _published_figures(con, data, source, release, check)
    if not published:
        return
    unit = _unit(con)
    sets: dict[tuple[str, str], dict[SetName, dict[str, Any]]] = {}
    for row in rows(con, sql_named("national_figures")):
        sets.setdefault((row["period"], row["place"]), {})[row["set_name"]] = row
    las = rows(con, "select count(distinct la_code) as n from figures")[0]["n"]
    for (period, place), figures in published.items():
        if place == ENGLAND and las < _ENGLANDS_LAS:
            continue  # the file of one LA says nothing of England
        for figure in figures:
            worked_out = {
                name: recomputed(check, row, unit, figure.pupils)
                for name, row in sets.get((period, place), {}).items()
                if row["schools"]
            }
            if "state-funded" in worked_out:
                yield judged(check, period, place, figure, worked_out, release.provisional)


def _unit(con: Connection) -> float:
    """To what the schools' figures are rounded: 1, 0.1 or 0.01; finer ones are taken as exact."""
    asked = ", ".join(f"bool_and(abs(value * {10**n} - round(value * {10**n})) < 1e-6) as d{n}" for n in range(3))
    found = rows(con, f"select {asked} from figures where value is not null")[0]
    return next((10.0**-n for n in range(3) if found[f"d{n}"]), 0.0)


def _published_figures(
    con: Connection, data: DataDir, source: Source, release: Release, check: Check
) -> dict[tuple[str, str], list[Published]]:
    """The release's own national and LA rows, and the LA-level indicators: {(period, place): figures}."""
    found: dict[tuple[str, str], list[Published]] = {}
    has = columns_of(con, "typed")
    cell = cell_sql(matched_columns(source, release.header)[check.figure])
    la = "la_code" if "la_code" in has else "null"
    pupils = check.weight if check.weight in has else "null"
    own = rows(
        con,
        f"""
        with told as (
            select row_number as {ROW}, period, if(scope = 'national', '{ENGLAND}', {la}) as place,
                   {check.figure} as figure_value, {pupils}::double as figure_pupils
            from typed
            where scope in ('national', 'la') and summary_phase = {literal(check.phase)}
                and {check.figure} is not null and period is not null
        ),
        cells as (select {ROW}, {cell} as cell from {_published(data, release)} semi join told using ({ROW}))
        select period, place, figure_value as value, figure_pupils as pupils,
               length(regexp_extract(cell, '[.]([0-9]+)', 1)) as decimals
        from told inner join cells using ({ROW}) where place is not null order by period, place""",
    )
    for row in own:
        one = Published("the file's own row", row["value"], _half_unit(row["decimals"]), row["pupils"], True)
        found.setdefault((row["period"], row["place"]), []).append(one)
    if check.indicator and not release.is_demo:
        theirs = rows(
            con,
            """select period, place, value, decimals from indicators
               where indicator = $indicator and period in (select period from figures) order by period, place""",
            {"indicator": check.indicator},
        )
        for row in theirs:
            one = Published(f"LA indicator {check.indicator}", row["value"], _half_unit(row["decimals"]), None, True)
            found.setdefault((row["period"], row["place"]), []).append(one)
    return found


def _half_unit(decimals: int) -> float:
    return 0.5 * 10.0**-decimals


def recomputed(check: Check, row: Mapping[str, Any], unit: float, pupils_in_all: float | None) -> Recomputed:
    """A set's figure from its sums, and between which limits it can be.

    Args:
        row: of `national_figures.sql`; unit: to what schools' figures are rounded; pupils_in_all: of the published
            row, where it says them: then the pupils without a figure are those it has more than the schools.
    """
    field = source_named(check.source_id).field_named(check.figure)
    low, high = field.lowest, field.highest
    total, pupils, without = row["total"], row["pupils"], row["without_value"]
    described = {
        "schools": row["schools"],
        "without_value": without,
        "optional_schools": row["optional_schools"],
        "pupils": pupils,
        "unweighted": row["unweighted"],
    }
    if check.aggregate == "sum":
        rounding = _DEVIATIONS * unit * math.sqrt(row["schools"] / 12) if unit < 1 else 0.0
        optional = row["total_above"] + row["total_below"]
        unseen = float(without * _WITHHELD_PUPILS)
        return Recomputed(total, total, total + optional + unseen, rounding, unseen=unseen, **described)
    value = total / pupils
    unseen = row["pupils_without_value"] + row["without_either"] * _WITHHELD_PUPILS
    known, of_pupils = total, pupils
    if pupils_in_all is not None:
        optional = row["pupils_above"] + row["pupils_below"]
        if pupils + optional <= pupils_in_all:
            # the published pupils are more than those of the schools that belong: the others belong, too
            known, of_pupils = total + row["total_above"] + row["total_below"], pupils + optional
        unseen = max(0.0, pupils_in_all - of_pupils)
    if check.suppressed_at_most is not None:
        # a withheld small count is nothing or a few: per hundred pupils it adds so much
        lowest = known / (of_pupils + unseen)
        highest = (known + 100 * check.suppressed_at_most * without) / (of_pupils + unseen)
    elif low is None or high is None:
        lowest = highest = known / of_pupils
    else:
        lowest = (known + unseen * low) / (of_pupils + unseen)
        highest = (known + unseen * high) / (of_pupils + unseen)
    if of_pupils == pupils:
        lowest += (total + row["total_below"]) / (pupils + row["pupils_below"]) - value
        highest += (total + row["total_above"]) / (pupils + row["pupils_above"]) - value
    rounding = _DEVIATIONS * unit * math.sqrt(row["squares"] / 12) / pupils
    return Recomputed(value, min(lowest, value), max(highest, value), rounding, unseen=unseen, **described)


def judged(
    check: Check,
    period: str,
    place: str,
    published: Published,
    worked_out: Mapping[SetName, Recomputed],
    is_provisional: bool,
) -> Comparison:
    """Say whether a difference is explained, and by what; the first explanation that holds is given."""
    own = worked_out["state-funded"]
    verdict, explanation, shown = _explained(check, published, worked_out, is_provisional)
    weighted_by = "added up" if check.aggregate == "sum" else f"weighted by {check.weight.replace('_', ' ')}"
    if check.aggregate == "mean" and not check.weight:
        weighted_by = "weighted by the roll in the register, because the file has no pupil numbers"
    return Comparison(
        check=check,
        period=period,
        place=place,
        origin=published.origin,
        published=published.value,
        recomputed=own.value,
        lowest=shown.lowest - shown.rounding,
        highest=shown.highest + shown.rounding,
        schools=own.schools,
        without_value=own.without_value,
        weighted_by=weighted_by,
        verdict=verdict,
        explanation=explanation,
    )


def _explained(
    check: Check, published: Published, worked_out: Mapping[SetName, Recomputed], is_provisional: bool
) -> tuple[Verdict, str, Recomputed]:
    own = worked_out["state-funded"]
    if _is_within(published, replace(own, lowest=own.value, highest=own.value)):
        return "agrees", "the same, to within the rounding of the figures", own
    for name, one in worked_out.items():
        if (
            name != "state-funded"
            and own.schools != one.schools
            and _is_within(published, replace(one, lowest=one.value, highest=one.value))
        ):
            return "definition", f"the same, once it is worked out for {SETS[name]}", one
    if _is_within(published, own):
        return _allowed(own)
    if not check.is_exact and own.unweighted is not None:
        apart = abs(own.value - own.unweighted)
        if _is_within(published, replace(own, lowest=own.lowest - apart, highest=own.highest + apart)):
            return (
                "weights",
                "the file lacks the pupil numbers that it is weighted by: other weights move it by as much",
                own,
            )
    if is_provisional and published.origin != "the file's own row":
        return "provisional", "the schools' figures are provisional, the indicator is not: results were amended", own
    return "not explained", "more than rounding and withheld figures can account for", own


def _allowed(own: Recomputed) -> tuple[Verdict, str, Recomputed]:
    """What the limits are made of within which a published figure lies."""
    parts = []
    if own.unseen:
        parts.append(f"{own.unseen:,.0f} pupils who are in no figure of a school that surely belongs")
    if own.optional_schools:
        parts.append(f"{own.optional_schools:,} schools of which the file does not say whether they belong")
    verdict: Verdict = "withheld figures" if own.unseen else "definition"
    return verdict, f"within what {' and '.join(parts) or 'withheld small counts'} can account for", own


def _is_within(published: Published, one: Recomputed) -> bool:
    """Whether a published figure lies where the schools' rows allow it."""
    slack = published.half_unit + one.rounding + 1e-9 * max(1.0, abs(published.value))
    return one.lowest - slack <= published.value <= one.highest + slack
