"""What a school has from the one that it replaced: its yearly figures, marked, at half their weight."""

import re
from collections.abc import Iterator

from risk_model.measures.reader import Measure
from risk_model.sources.catalogue import SOURCES
from risk_model.sources.contract import Source
from risk_model.warehouse.engine import Connection, identifier, literal, rows

# A predecessor's money is not its successor's: a sponsored academy leaves the deficit with the LA.
_NEVER_INHERITED = frozenset({"finance"})
# As inspections of a predecessor do: another school by law, often with other leaders.
INHERITED_SHARE = 0.5


def inherit_figures(con: Connection) -> None:
    """Give a school the yearly figures of the one school that it replaced, of the years before its own first.

    Each `stg_<source>` that the measures read gets a column `inherited_from`, the predecessor's URN or NULL, and
    the inherited rows, under the URN of today; the rows under the old URN stay. A row of a year that ended before the
    school opened is inherited, whatever its URN. `inherited_figures` (urn, source_id,
    period, year, predecessor_urn) names them all. Of a school that several were merged into nothing is added up,
    and nothing of a school that was split is shared out.
    """
    con.execute("""
        create or replace temp table heirs as
        select predecessor_urn, urn, steps from successions where how = 'replaced'""")
    con.execute("""
        create or replace table inherited_figures (
            urn varchar, source_id varchar, period varchar, year integer, predecessor_urn varchar
        )""")
    for source in _yearly_tables(con):
        if source.id not in _NEVER_INHERITED:
            _inherit(con, source)


def _yearly_tables(con: Connection) -> Iterator[Source]:
    """The yearly sources that measures read; the others are views, and nobody asks them."""
    found = {row["table_name"] for row in rows(con, "select table_name from duckdb_tables()")}
    return (source for source in SOURCES if source.is_yearly and f"stg_{source.id}" in found)


def _inherit(con: Connection, source: Source) -> None:
    table = identifier(f"stg_{source.id}")
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
    con.execute(
        f"""
        insert into inherited_figures by name
        select urn, $source as source_id, period, year, inherited_from as predecessor_urn
        from {table} where inherited_from is not null""",
        {"source": source.id},
    )


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
    return {source.id for source in SOURCES if source.is_yearly and source.id in named}
