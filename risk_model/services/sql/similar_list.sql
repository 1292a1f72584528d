-- list:    one row per similar school of one school, the nearest first, with its intake and its latest figures
-- reads:   similar_schools, intakes, schools, measure_values
-- missing: a figure that a school does not have is NULL
with latest as (
    select v.urn, v.measure_id, v.value, v.figure,
           row_number() over (partition by v.urn, v.measure_id order by v.measured_on desc, v.period desc) as place
    from measure_values as v
    inner join similar_schools as s on s.similar_urn = v.urn and s.urn = $urn
    where v.value is not null
        and v.measure_id in ('rwm_expected_gap_pp', 'rwm_disadvantaged_gap_pp', 'attainment8_rank_pct',
                             'basics_grade5_gap_pp', 'progress8_score', 'persistent_absence_pct')
),
figures as (
    select urn,
           max(case when measure_id = 'rwm_expected_gap_pp' then figure end) as rwm_expected_gap_pp,
           max(case when measure_id = 'rwm_disadvantaged_gap_pp' then figure end) as rwm_disadvantaged_gap_pp,
           max(case when measure_id = 'attainment8_rank_pct' then figure end) as attainment8_rank_pct,
           max(case when measure_id = 'basics_grade5_gap_pp' then figure end) as basics_grade5_gap_pp,
           max(case when measure_id = 'progress8_score' then value end) as progress8_score,
           max(case when measure_id = 'persistent_absence_pct' then value end) as persistent_absence_pct
    from latest
    where place = 1
    group by urn
),
final as (
    select s.place, x.name, x.la_name, s.distance, x.phase, i.fsm6_pct, i.eal_pct, i.year_group, i.prior_score,
           i.settled_pct, i.character, f.rwm_expected_gap_pp, f.rwm_disadvantaged_gap_pp,
           f.attainment8_rank_pct, f.basics_grade5_gap_pp, f.progress8_score, f.persistent_absence_pct, s.similar_urn
    from similar_schools as s
    inner join schools as x on x.urn = s.similar_urn
    inner join intakes as i on i.urn = s.similar_urn
    left join figures as f on f.urn = s.similar_urn
    where s.urn = $urn
)
select * from final
order by place
