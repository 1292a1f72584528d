"""What a school has from the one that it replaced: its yearly figures, marked, at half their weight."""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from risk_model.measures.reader import Measure
from risk_model.scoring.staging import columns_read, schools_sql
from risk_model.scoring.steps import Part, Shared, Step, reading, sql_step
from risk_model.sources.catalogue import SOURCES
from risk_model.sources.contract import Source
from risk_model.warehouse.engine import Connection, literal
from risk_model.warehouse.lake import Release

# A predecessor's money is not its successor's: a sponsored academy leaves the deficit with the LA.
_NEVER_INHERITED = frozenset({"finance"})
# As inspections of a predecessor do: another school by law, often with other leaders.
INHERITED_SHARE = 0.5
_INHERITED = "inherited_figures"
_CREATE = f"""
    create or replace table {_INHERITED} (
        urn varchar, source_id varchar, period varchar, year integer, predecessor_urn varchar
    )"""
_HEIRS_SQL = "select predecessor_urn, urn, steps from successions where how = 'replaced'"


def heirs_steps(as_at: date, tables: Iterable[str]) -> Iterator[Step]:
    """The step that makes `heirs`: of each school that one school alone became, that school."""
    yield sql_step("heirs", _HEIRS_SQL, as_at, tables, stays=False)


def evidence_step(source: Source, releases: Sequence[Release], as_at: date, tables: Iterable[str]) -> Step:
    """The step that makes `stg_<source>`: the figures of a yearly source, with those that a school inherits.

    A school has the figures of the one school that it replaced, of the years before its own first, under the URN of
    today; `inherited_from` is the predecessor's URN, or NULL. The rows under the old URN stay. A row of a year that
    ended before the school opened is inherited, whatever its URN. Of a school that several were merged into nothing is
    added up, and nothing of a school that was split is shared out.
    """
    staged = f"select {columns_read(source)} from ({schools_sql(source, releases, as_at)})"
    name = f"stg_{source.id}"
    inherits = source.id not in _NEVER_INHERITED
    reads = reading(staged, tables)
    if inherits:
        reads = {**reads, "heirs": frozenset(), "schools": frozenset({"urn", "open_date"})}

    def make(con: Connection) -> None:
        con.execute(f"create or replace temp table {name} as {staged}")
        if inherits:
            _inherit(con, name)

    return Step(makes=(name,), text=staged, reads=reads, make=make)


def inherited_step(sources: Iterable[Source]) -> Shared:
    """The step that makes `inherited_figures`, all that is inherited: urn, source_id, period, year, predecessor_urn."""
    ids = [source.id for source in sources if source.id not in _NEVER_INHERITED]
    parts = (Part(one, "", {f"stg_{one}": frozenset()}) for one in ids)
    return Shared(_INHERITED, _CREATE, "source_id", tuple(parts), _insert_inherited)


def _insert_inherited(con: Connection, ids: Iterable[str]) -> None:
    for one in ids:
        con.execute(f"""
            insert into {_INHERITED} by name
            select urn, {literal(one)} as source_id, period, year, inherited_from as predecessor_urn
            from stg_{one} where inherited_from is not null""")


def _inherit(con: Connection, table: str) -> None:
    con.execute(f"alter table {table} add column inherited_from varchar")
    # some files have a predecessor's results under the number of today, or name schools by an LAESTAB that was kept
    con.execute(f"""
        update {table} set inherited_from = h.predecessor_urn
        from heirs as h inner join schools as s on s.urn = h.urn
        where h.steps = 1 and {table}.urn = h.urn and {table}.measured_on < s.open_date""")
    con.execute(f"""
        insert into {table} by name
        with of_heirs as (
            select r.rowid as id, r.year, h.urn, h.predecessor_urn, h.steps
            from {table} as r inner join heirs as h on h.predecessor_urn = r.urn
        ),
        own as (
            select urn, min(year) as first_year from {table} where urn in (select urn from of_heirs) group by urn
        ),
        wanted as (
            select w.*
            from of_heirs as w left join own as o using (urn)
            where o.first_year is null or w.year < o.first_year
            qualify row_number() over (partition by w.urn, w.year order by w.steps) = 1
        )
        select r.* replace (w.urn as urn, w.predecessor_urn as inherited_from)
        from {table} as r inner join wanted as w on w.id = r.rowid""")


def marked_sql(measure: Measure) -> str:
    """A measure's SQL with what rests on a predecessor's figures marked: half the weight, a caveat that says so, and
    the predecessor's URN as `inherited_from`.

    A figure rests on them where one of the years that it is worked out from was inherited. A weight below one
    keeps gates off.
    """
    filled = f"""
        from ({measure.sql.rstrip().rstrip(";")})
        union all by name
        select null::double as weight, null::varchar as caveat, null::varchar as inherited_from where false"""
    sources = sorted(_sources_read(measure))
    if not sources:
        return f"select * replace (coalesce(weight, 1.0) as weight) from ({filled})"
    return f"""
        with until as (
            select urn, max(year) as last_year, arg_max(predecessor_urn, year) as predecessor_urn
            from inherited_figures where source_id in ({", ".join(map(literal, sources))}) group by urn
        ),
        years as (
            select urn, year, max(predecessor_urn) as predecessor_urn
            from inherited_figures where source_id in ({", ".join(map(literal, sources))}) group by urn, year
        ),
        resting as (
            select v.*, y.urn is not null as is_whole, coalesce(y.predecessor_urn, u.predecessor_urn) as rests_on
            from ({filled}) as v
            left join until as u
                on u.urn = v.urn and v.value is not null and year(v.measured_on) - {measure.years} < u.last_year
            left join years as y on y.urn = u.urn and y.year = year(v.measured_on)
        )
        select * exclude (is_whole, rests_on) replace (
            coalesce(weight, 1.0) * if(rests_on is null, 1.0, {INHERITED_SHARE}) as weight,
            coalesce(inherited_from, rests_on) as inherited_from,
            nullif(concat_ws('; ', caveat,
                if(is_whole, 'inherited from', 'worked out in part from figures of')
                || ' the predecessor school (URN ' || rests_on || '), so it counts for half'), '') as caveat)
        from resting"""


def _sources_read(measure: Measure) -> set[str]:
    """The yearly sources whose rows of schools a measure reads, itself or by way of a table of the build."""
    named = set(re.findall(r"\bstg_(\w+)", measure.sql)) | {measure.source}
    return {
        source.id for source in SOURCES if source.is_yearly and source.id in named and source.id not in _NEVER_INHERITED
    }
