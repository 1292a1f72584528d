-- measure: persistent_absence_rank_pct   unit: percentile (100 = highest), polarity: high is concern
-- grain:   one row per school and year   reads: stg_absence, schools, benchmarks
-- source:  absence (PPERSABS10), ranked within the phase; mainstream schools among mainstream schools
-- missing: the school's own reason; no_ranking where fewer than half of the schools of the phase have a figure
with own as (
    select a.urn, a.period, a.measured_on, s.phase_group, s.is_mainstream, a.persistent_absence_pct as figure,
           a.persistent_absence_pct_missing as reason, a.release_id, a.published_on, a.row_number
    from stg_absence as a
    inner join schools as s using (urn)
),
sizes as (
    select phase_group, is_mainstream, count(*) as schools from schools group by all
),
ranked as (
    select o.urn, o.period,
           100 * percent_rank() over (partition by o.period, o.phase_group, o.is_mainstream order by o.figure) as rank_pct
    from own as o
    inner join sizes as z using (phase_group, is_mainstream)
    where o.figure is not null
    qualify count(*) over (partition by o.period, o.phase_group, o.is_mainstream) * 2 >= z.schools
        and count(*) over (partition by o.period, o.phase_group, o.is_mainstream) >= 20
),
final as (
    select o.urn, o.period, o.measured_on, r.rank_pct as value, o.figure, b.value as benchmark,
           case when o.figure is null then o.reason when r.rank_pct is null then 'no_ranking' end as missing_reason,
           o.release_id, o.published_on, o.row_number as source_row
    from own as o
    left join ranked as r using (urn, period)
    left join benchmarks as b
        on b.measure_id = 'persistent_absence_pct' and b.period = o.period and b.scope = 'national'
        and b.phase = o.phase_group
)
select * from final
