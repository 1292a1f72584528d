-- measure: teacher_absence_rank_pct     unit: percentile (100 = highest), polarity: high is concern
-- grain:   one row per school and year   reads: stg_staff_absence, schools
-- source:  staff_absence (days of sickness for each teacher, all teachers), ranked within the phase; the lower of the places of a year and of the year before
-- missing: the school's own reason; too_few_teachers below ten; no_ranking; no_earlier_figure without the year before
with own as (
    select t.urn, t.period, t.year, t.measured_on, s.phase_group, s.is_mainstream, t.days_per_teacher as figure,
           -- how many teachers there are follows from the days of all and the days of each
           case when t.days_per_teacher > 0 then t.days_lost / t.days_per_teacher end as teachers,
           t.days_lost, t.days_per_teacher_missing as reason, t.days_lost_missing,
           t.release_id, t.published_on, t.row_number as source_row
    from stg_staff_absence as t
    inner join schools as s on s.urn = t.urn
),
sizes as (
    select phase_group, is_mainstream, count(*) as schools from schools group by phase_group, is_mainstream
),
ranked as (
    select urn, year, phase_group, is_mainstream,
           round(100 * percent_rank() over (partition by year, phase_group, is_mainstream order by figure), 6) as place,
           count(*) over (partition by year, phase_group, is_mainstream) as ranked_schools,
           sum(days_lost) over (partition by year, phase_group, is_mainstream)
               / sum(teachers) over (partition by year, phase_group, is_mainstream) as of_phase
    from own
    where figure is not null and teachers >= 10
),
placed as (
    select r.urn, r.year, r.place, r.of_phase
    from ranked as r
    inner join sizes as z on z.phase_group = r.phase_group and z.is_mainstream = r.is_mainstream
    where r.ranked_schools * 2 >= z.schools and r.ranked_schools >= 20
),
final as (
    select o.urn, o.period, o.measured_on,
           -- without a day of absence a school is not ranked, and stands lowest however many teach there
           case when o.figure = 0 then 0.0 when b.place < n.place then b.place else n.place end as value,
           o.figure, n.of_phase as benchmark, o.teachers as denominator,
           case when o.figure is null then coalesce(o.reason, 'not_in_file')
                when o.figure = 0 then null
                when o.days_lost is null then coalesce(o.days_lost_missing, 'not_in_file')
                when o.teachers < 10 then 'too_few_teachers'
                when n.place is null then 'no_ranking'
                when b.place is null then 'no_earlier_figure' end as missing_reason,
           o.release_id, o.published_on, o.source_row
    from own as o
    left join placed as n on n.urn = o.urn and n.year = o.year
    left join placed as b on b.urn = o.urn and b.year = o.year - 1
)
select * from final
