-- measure: results_concern_rank_pct      unit: percentile (100 = weakest), polarity: high is concern
-- grain:   one row per school            reads: measure_values, schools
-- source:  ks2 (three years of reading, writing and maths) or ks4 (Progress 8 and Attainment 8), within the phase
-- missing: no_ranking where the school has none of them
with latest as (
    select v.urn, v.measure_id, s.phase_group, v.value, v.measured_on, v.release_id, v.published_on, v.source_row, v.inherited_from
    from measure_values as v
    inner join schools as s using (urn)
    where v.value is not null and s.is_mainstream
        and (s.phase_group = 'primary' and v.measure_id = 'rwm_expected_gap_pp'
             or s.phase_group = 'secondary' and v.measure_id in ('progress8_score', 'attainment8_rank_pct'))
    qualify row_number() over (partition by v.urn, v.measure_id order by v.measured_on desc) = 1
),
ranked as (
    select *, 100 * percent_rank() over (partition by phase_group, measure_id order by value desc) as concern
    from latest
),
averaged as (
    select urn, avg(concern) as value, max(measured_on) as measured_on,
           arg_max(release_id, measured_on) as release_id, max(published_on) as published_on,
           arg_max(source_row, measured_on) as source_row, max(inherited_from) as inherited_from
    from ranked
    group by urn
),
final as (
    select s.urn, 'latest results' as period, a.measured_on, a.value,
           if(a.value is null, 'no_ranking', null) as missing_reason, a.release_id, a.published_on, a.source_row,
           if(a.inherited_from is null, 1.0, 0.5) as weight, a.inherited_from,
           'inherited from the predecessor school (URN ' || a.inherited_from || '), so it counts for half' as caveat
    from schools as s
    left join averaged as a using (urn)
)
select * from final
