-- measure: progress8_disadvantaged_score   unit: grades, polarity: low is concern
-- grain:   one row per school and year   reads: stg_ks4, schools, benchmarks
-- source:  ks4 (P8MEA_FSM6CLA1A, P8CILOW_FSM6CLA1A, P8CIUPP_FSM6CLA1A); the benchmark is that of disadvantaged pupils
-- missing: the school's own reason; too_few_pupils at ten or fewer, where the number is known
with final as (
    select k.urn, k.period, k.measured_on, k.progress8_disadvantaged_score as value,
           k.progress8_disadvantaged_lower as lower, k.progress8_disadvantaged_upper as upper,
           b.value as benchmark, k.disadvantaged_pupils as denominator,
           case when k.progress8_disadvantaged_score is null then k.progress8_disadvantaged_score_missing
                when k.disadvantaged_pupils <= 10 then 'too_few_pupils' end as missing_reason,
           k.release_id, k.published_on, k.row_number as source_row
    from stg_ks4 as k
    inner join schools as s on s.urn = k.urn
    left join benchmarks as b
        on b.measure_id = 'progress8_disadvantaged_score' and b.period = k.period and b.scope = 'national'
        and b.phase = 'secondary'
)
select * from final
