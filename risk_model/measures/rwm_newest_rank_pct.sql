-- measure: rwm_newest_rank_pct           unit: percentile (0 = lowest), polarity: low is concern
-- grain:   one row per school and year   reads: stg_ks2, schools, benchmarks
-- source:  ks2 (PTRWM_EXP of one year), ranked among mainstream schools of the year
-- missing: the school's own reason; too_few_pupils at ten or fewer; no_ranking where fewer than twenty schools have a figure
with own as (
    select k.urn, k.period, k.measured_on, k.pupils, k.release_id, k.published_on, k.row_number, s.is_mainstream,
           round(k.rwm_expected_pct, 6) as figure,
           case when k.rwm_expected_pct is null then coalesce(k.rwm_expected_pct_missing, 'blank')
                when coalesce(k.pupils, s.year_group_estimate) <= 10 then 'too_few_pupils' end as reason
    from stg_ks2 as k
    inner join schools as s using (urn)
),
sizes as (
    select period, count(*) as schools from own where reason is null and is_mainstream group by period
),
ranked as (
    select o.urn, o.period, 100 * percent_rank() over (partition by o.period order by o.figure) as rank_pct
    from own as o
    inner join sizes as z on z.period = o.period
    where o.reason is null and o.is_mainstream and z.schools >= 20
),
final as (
    select o.urn, o.period, o.measured_on, r.rank_pct as value, o.figure, b.value as benchmark,
           o.pupils as denominator,
           case when o.reason is not null then o.reason when r.rank_pct is null then 'no_ranking' end as missing_reason,
           o.release_id, o.published_on, o.row_number as source_row
    from own as o
    left join ranked as r on r.urn = o.urn and r.period = o.period
    left join benchmarks as b
        on b.measure_id = 'rwm_expected_pct' and b.period = o.period and b.scope = 'national' and b.phase = 'primary'
)
select * from final
