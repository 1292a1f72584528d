-- measure: attainment8_similar_rank_pct  unit: percentile (0 = lowest), polarity: low is concern
-- grain:   one row per school            reads: attainment8_pooled, similar_schools
-- source:  ks4 (ATT8SCR), the share of its similar schools whose figure is lower; benchmark is their average
-- missing: the figure's own reason; no_similar_schools where fewer than twenty of them have a figure
with known as (
    select urn, figure
    from attainment8_pooled
    where figure is not null and (missing_reason is null or missing_reason = 'no_ranking')
),
compared as (
    select s.urn, count(*) as schools, round(avg(cast(other.figure as decimal(18, 6))), 6) as average,
           count(*) filter (where other.figure < own.figure) as lower_schools
    from similar_schools as s
    inner join known as own on own.urn = s.urn
    inner join known as other on other.urn = s.similar_urn
    group by s.urn
),
final as (
    select a.urn, a.period, a.measured_on,
           case when c.schools >= 20 then round(100.0 * c.lower_schools / c.schools, 6) end as value,
           a.figure, case when c.schools >= 20 then c.average end as benchmark, a.pupils as denominator,
           case when a.missing_reason is not null and a.missing_reason <> 'no_ranking' then a.missing_reason
                when c.schools is null or c.schools < 20 then 'no_similar_schools' end as missing_reason,
           a.release_id, a.published_on, a.source_row, a.weight, a.caveat
    from attainment8_pooled as a
    left join compared as c on c.urn = a.urn
)
select * from final
