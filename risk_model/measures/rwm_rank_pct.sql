-- measure: rwm_rank_pct                  unit: percentile (0 = lowest), polarity: low is concern
-- grain:   one row per school            reads: stg_ks2, schools, benchmarks
-- source:  ks2 (PTRWM_EXP less England's), last three results years weighted by pupils, among mainstream schools
-- missing: the latest year's own reason; no_benchmark without a national figure; stale after five years; no_ranking
--          where fewer than twenty schools have a figure
with yearly as (
    select k.urn, k.period, k.year, k.measured_on, k.rwm_expected_pct as pct, k.rwm_expected_pct_missing as reason,
           b.value as national, coalesce(k.pupils, s.year_group_estimate, 1) as weighed, k.pupils, s.is_mainstream,
           k.inherited_from, k.release_id, k.published_on, k.row_number,
           max(case when k.rwm_expected_pct is not null then k.year end) over () as latest_year,
           -- a predecessor's years speak only while the school has none of its own
           max(case when k.inherited_from is null and k.rwm_expected_pct is not null then 1 else 0 end)
               over (partition by k.urn) as has_own
    from stg_ks2 as k
    inner join schools as s using (urn)
    left join benchmarks as b
        on b.measure_id = 'rwm_expected_pct' and b.period = k.period and b.phase = 'primary' and b.scope = 'national'
),
recent as (
    select *, row_number() over (partition by urn order by case when pct is null then 0 else 1 end desc, year desc,
                                 release_id, row_number) as place
    from yearly
    where year > latest_year - 3 and (inherited_from is null or has_own = 0)
),
-- summed as decimals, so that a run does not differ from the next by the order in which a sum was made
pooled as (
    select urn,
           round(cast(sum(cast((pct - national) * weighed as decimal(28, 6))) as double)
                 / nullif(sum(case when pct is not null and national is not null then weighed end), 0), 6) as gap,
           round(cast(sum(cast(pct * weighed as decimal(28, 6))) as double)
                 / nullif(sum(case when pct is not null then weighed end), 0), 6) as figure,
           sum(case when pct is not null then pupils end) as pupils
    from recent
    group by urn
),
own as (
    select r.urn, r.period, r.measured_on, r.is_mainstream, p.gap, p.figure, p.pupils, r.release_id, r.published_on,
           r.row_number,
           case when r.pct is null then coalesce(r.reason, 'blank')
                when p.gap is null then 'no_benchmark'
                when r.measured_on < cast($as_at as date) - interval 5 year then 'stale' end as reason
    from recent as r
    inner join pooled as p on p.urn = r.urn
    where r.place = 1
),
sizes as (
    select count(*) as schools from own where reason is null and is_mainstream
),
ranked as (
    select o.urn, 100 * percent_rank() over (order by o.gap) as rank_pct
    from own as o
    cross join sizes as z
    where o.reason is null and o.is_mainstream and z.schools >= 20
),
final as (
    select o.urn, o.period, o.measured_on, r.rank_pct as value, o.figure,
           case when o.reason is null then round(o.figure - o.gap, 6) end as benchmark, o.pupils as denominator,
           case when o.reason is not null then o.reason when r.rank_pct is null then 'no_ranking' end as missing_reason,
           o.release_id, o.published_on, o.row_number as source_row
    from own as o
    left join ranked as r on r.urn = o.urn
)
select * from final
