-- measure: teacher_turnover_rank_pct    unit: percentile (100 = highest), polarity: high is concern
-- grain:   one row per school and year   reads: stg_staff_turnover, schools
-- source:  staff_turnover (teachers who did not stay, of all, full-time equivalent), ranked within the phase; the lower of the places of a year and of the year before
-- missing: the school's own reason; too_few_teachers below ten; no_ranking; no_earlier_figure without the year before
with own as (
    select t.urn, t.period, t.year, t.measured_on, s.phase_group, s.is_mainstream, t.teachers_fte, t.remained_fte,
           case when t.teachers_fte > 0 and t.remained_fte <= t.teachers_fte
                then 100 * (t.teachers_fte - t.remained_fte) / t.teachers_fte end as figure,
           coalesce(t.teachers_fte_missing, t.remained_fte_missing, 'implausible') as reason,
           t.release_id, t.published_on, t.row_number as source_row
    from stg_staff_turnover as t
    inner join schools as s on s.urn = t.urn
),
sizes as (
    select phase_group, is_mainstream, count(*) as schools from schools group by phase_group, is_mainstream
),
ranked as (
    select urn, year, phase_group, is_mainstream,
           round(100 * percent_rank() over (partition by year, phase_group, is_mainstream order by figure), 6) as place,
           count(*) over (partition by year, phase_group, is_mainstream) as ranked_schools,
           100 - 100 * sum(remained_fte) over (partition by year, phase_group, is_mainstream)
               / sum(teachers_fte) over (partition by year, phase_group, is_mainstream) as of_phase
    from own
    where figure is not null and teachers_fte >= 10
),
placed as (
    select r.urn, r.year, r.place, r.of_phase
    from ranked as r
    inner join sizes as z on z.phase_group = r.phase_group and z.is_mainstream = r.is_mainstream
    where r.ranked_schools * 2 >= z.schools and r.ranked_schools >= 20
),
final as (
    select o.urn, o.period, o.measured_on, case when b.place < n.place then b.place else n.place end as value,
           o.figure, n.of_phase as benchmark, o.teachers_fte as denominator,
           case when o.figure is null then o.reason
                when o.teachers_fte < 10 then 'too_few_teachers'
                when n.place is null then 'no_ranking'
                when b.place is null then 'no_earlier_figure' end as missing_reason,
           o.release_id, o.published_on, o.source_row
    from own as o
    left join placed as n on n.urn = o.urn and n.year = o.year
    left join placed as b on b.urn = o.urn and b.year = o.year - 1
)
select * from final
