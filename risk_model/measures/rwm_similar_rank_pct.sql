-- measure: rwm_similar_rank_pct  unit: percentile (0 = lowest), polarity: low is concern
-- grain:   one row per school            reads: pooled_shares, similar_schools
-- source:  ks2 (PTRWM_EXP), the share of its similar schools whose figure is lower; benchmark is their average
-- missing: the figure's own reason; no_similar_schools where fewer than twenty of them have a figure
with known as (
    select urn, round(figure, 6) as figure
    from pooled_shares
    where share_id = 'rwm_expected_pct' and missing_reason is null
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
    select p.urn, p.period, p.measured_on,
           case when c.schools >= 20 then round(100.0 * c.lower_schools / c.schools, 6) end as value,
           p.figure, case when c.schools >= 20 then c.average end as benchmark, p.n as denominator,
           case when p.missing_reason is not null then p.missing_reason
                when c.schools is null or c.schools < 20 then 'no_similar_schools' end as missing_reason,
           p.release_id, p.published_on, p.source_row, p.weight, p.caveat
    from pooled_shares as p
    left join compared as c on c.urn = p.urn
    where p.share_id = 'rwm_expected_pct'
)
select * from final
