-- measure: permanent_exclusions_rank_pct   unit: percentile (100 = highest), polarity: high is concern
-- grain:   one row per school and year   reads: stg_exclusions, schools
-- source:  exclusions (perm_excl_rate), within the phase: the lower of the places of a year and of that before
-- missing: the school's own reason; too_few_pupils (10 on roll); no_ranking; no_earlier_figure without the year before
with own as (
    select x.urn, x.period, x.year, x.measured_on, s.phase_group, s.is_mainstream,
           x.permanent_exclusions_per_100 as figure, x.permanent_exclusions_per_100_missing as reason,
           x.pupils, x.release_id, x.published_on, x.row_number, max(x.year) over () as latest_year
    from stg_exclusions as x
    inner join schools as s on s.urn = x.urn
),
sizes as (
    select phase_group, is_mainstream, count(*) as schools from schools group by phase_group, is_mainstream
),
ranked as (
    select urn, year, phase_group, is_mainstream,
           round(100 * percent_rank() over (partition by year, phase_group, is_mainstream order by figure), 6) as place,
           count(*) over (partition by year, phase_group, is_mainstream) as ranked_schools
    from own
    where figure is not null and pupils > 10
),
placed as (
    select r.urn, r.year, r.place
    from ranked as r
    inner join sizes as z on z.phase_group = r.phase_group and z.is_mainstream = r.is_mainstream
    where r.ranked_schools * 2 >= z.schools and r.ranked_schools >= 20
),
final as (
    select o.urn, o.period, o.measured_on, least(now.place, before.place) as value, o.figure, o.pupils as denominator,
           case when o.figure is null then coalesce(o.reason, 'not_in_file')
                when o.pupils is null then 'not_in_file'
                when o.pupils <= 10 then 'too_few_pupils'
                when now.place is null then 'no_ranking'
                when before.place is null then 'no_earlier_figure' end as missing_reason,
           o.release_id, o.published_on, o.row_number as source_row
    from own as o
    left join placed as now on now.urn = o.urn and now.year = o.year
    left join placed as before on before.urn = o.urn and before.year = o.year - 1
    -- one file holds a decade: what is older is nobody's evidence any more
    where o.year > o.latest_year - 3
)
select * from final
