-- measure: progress8_score               unit: grades, polarity: low is concern
-- grain:   one row per school and year   reads: stg_ks4, schools, benchmarks
-- source:  ks4 (P8MEA, P8CILOW, P8CIUPP)
-- missing: the school's own reason
with sized as (
    select k.*, b.value as benchmark, coalesce(k.progress8_pupils, k.pupils, s.year_group_estimate) as counted
    from stg_ks4 as k
    inner join schools as s using (urn)
    left join benchmarks as b
        on b.measure_id = 'progress8_score' and b.period = k.period and b.scope = 'national'
        and b.phase = 'secondary'
),
final as (
    -- a copy without limits gets those of its size: the score's spread among pupils is about 1.27 grades
    select urn, period, measured_on, progress8_score as value,
           coalesce(progress8_lower, progress8_score - 1.96 * 1.27 / sqrt(nullif(counted, 0))) as lower,
           coalesce(progress8_upper, progress8_score + 1.96 * 1.27 / sqrt(nullif(counted, 0))) as upper,
           benchmark, counted as denominator, progress8_score_missing as missing_reason,
           case when progress8_score is not null and progress8_upper is null
                then 'limits estimated from the number of pupils' end as caveat,
           release_id, published_on, row_number as source_row
    from sized
)
select * from final
