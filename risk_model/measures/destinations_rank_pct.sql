-- measure: destinations_rank_pct        unit: percentile (0 = lowest), polarity: low is concern
-- grain:   one row per school and year   reads: stg_ks4_destinations, schools, benchmarks
-- source:  ks4_destinations (OVERALL_DESTPER, COHORT), ranked among mainstream schools of the same kind
-- missing: the school's own reason; too_few_pupils at ten or fewer; no_ranking below half of the schools
with own as (
    select d.urn, d.period, d.year, d.measured_on, d.sustained_pct as figure, d.sustained_pct_missing as reason,
           d.pupils,
           case when s.is_selective then 'selective' when s.is_technical then 'technical' else 'other' end as kind,
           b.value as national, d.release_id, d.published_on, d.row_number
    from stg_ks4_destinations as d
    inner join schools as s on s.urn = d.urn and s.is_mainstream
    left join benchmarks as b
        on b.measure_id = 'sustained_pct' and b.period = d.period and b.scope = 'national' and b.phase = 'secondary'
),
expected as (
    select count(*) as schools from schools where is_mainstream and phase_group = 'secondary'
),
-- as many schools as share a figure, so many places: only who is below four schools in five is in the lowest fifth
ranked as (
    select urn, year, round(100 - 100 * percent_rank() over (partition by year, kind order by figure desc), 6) as place,
           count(*) over (partition by year, kind) as of_kind, count(*) over (partition by year) as schools
    from own
    where figure is not null and pupils > 10
),
final as (
    select o.urn, o.period, o.measured_on,
           case when r.schools * 2 >= e.schools and r.of_kind >= 20 then r.place end as value,
           o.figure, o.national as benchmark, o.pupils as denominator,
           case when o.figure is null then coalesce(o.reason, 'not_in_file')
                when o.pupils is null then 'not_in_file'
                when o.pupils <= 10 then 'too_few_pupils'
                when r.place is null or r.schools * 2 < e.schools or r.of_kind < 20 then 'no_ranking'
                end as missing_reason,
           'of the pupils who left two years before' as caveat,
           o.release_id, o.published_on, o.row_number as source_row
    from own as o
    cross join expected as e
    left join ranked as r on r.urn = o.urn and r.year = o.year
)
select * from final
