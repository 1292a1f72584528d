-- list:    one row per main measure: a school's figure among those of its similar schools
-- reads:   similar_schools, measure_values
-- missing: reason says why the school has no figure; average is NULL where no similar school has one
-- results of three years stand once for each school; what is published by year is compared within the year
with shown as (
    select v.urn, v.measure_id, v.period, v.measured_on, v.missing_reason, v.release_id, v.source_row,
           case when v.measure_id in ('rwm_expected_gap_pp', 'rwm_disadvantaged_gap_pp', 'attainment8_rank_pct',
                                      'basics_grade5_gap_pp') then v.figure else v.value end as figure,
           v.measure_id in ('progress8_score', 'persistent_absence_pct') as is_yearly
    from measure_values as v
    where v.measure_id in ('rwm_expected_gap_pp', 'rwm_disadvantaged_gap_pp', 'attainment8_rank_pct',
                           'basics_grade5_gap_pp', 'progress8_score', 'persistent_absence_pct')
        and (v.value is not null or v.urn = $urn)
),
own as (
    select *, row_number() over (
                  partition by measure_id
                  order by case when missing_reason is null then 0 else 1 end, measured_on desc nulls last, period desc
              ) as place
    from shown
    where urn = $urn
),
compared as (
    select o.measure_id, count(*) as schools, avg(x.figure) as average,
           count(*) filter (where x.figure < o.figure) as lower_schools,
           count(*) filter (where x.figure > o.figure) as higher_schools
    from own as o
    inner join similar_schools as s on s.urn = o.urn
    inner join shown as x
        on x.urn = s.similar_urn and x.measure_id = o.measure_id and (not o.is_yearly or x.period = o.period)
    where o.place = 1 and o.missing_reason is null and x.missing_reason is null
    group by o.measure_id
),
final as (
    select o.measure_id, o.period, case when o.missing_reason is null then o.figure end as figure,
           o.missing_reason as reason, o.release_id, o.source_row, coalesce(c.schools, 0) as schools,
           round(c.average, 6) as average, c.lower_schools, c.higher_schools
    from own as o
    left join compared as c on c.measure_id = o.measure_id
    where o.place = 1
)
select * from final
order by measure_id
