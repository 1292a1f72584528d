-- measure: ks2_progress_rank_pct         unit: percentile (0 = lowest), polarity: low is concern
-- grain:   one row per school and year   reads: stg_ks2, schools
-- source:  ks2 (READPROG, WRITPROG, MATPROG), their mean, ranked among mainstream schools of the year
-- missing: the school's own reason for the first that it lacks; no_ranking where fewer than twenty schools have a figure
with own as (
    select k.urn, k.period, k.measured_on, k.pupils, k.release_id, k.published_on, k.row_number, s.is_mainstream,
           round((k.reading_progress_score + k.writing_progress_score + k.maths_progress_score) / 3, 6) as figure,
           coalesce(k.reading_progress_score_missing, k.writing_progress_score_missing, k.maths_progress_score_missing)
               as reason
    from stg_ks2 as k
    inner join schools as s using (urn)
),
sizes as (
    select period, count(*) as schools from own where figure is not null and is_mainstream group by period
),
ranked as (
    select o.urn, o.period, 100 * percent_rank() over (partition by o.period order by o.figure) as rank_pct
    from own as o
    inner join sizes as z on z.period = o.period
    where o.figure is not null and o.is_mainstream and z.schools >= 20
),
final as (
    select o.urn, o.period, o.measured_on, r.rank_pct as value, o.figure,
           case when o.figure is not null then 0.0 end as benchmark, o.pupils as denominator,
           case when o.figure is null then coalesce(o.reason, 'blank') when r.rank_pct is null then 'no_ranking' end
               as missing_reason,
           o.release_id, o.published_on, o.row_number as source_row
    from own as o
    left join ranked as r on r.urn = o.urn and r.period = o.period
)
select * from final
