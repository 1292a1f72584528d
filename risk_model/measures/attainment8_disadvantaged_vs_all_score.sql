-- measure: attainment8_disadvantaged_vs_all_score   unit: score, polarity: high is good
-- grain:   one row per school and year   reads: stg_ks4, schools, benchmarks
-- source:  ks4 (ATT8SCR_FSM6CLA1A against ATT8SCR of all pupils nationally)
-- missing: the school's own reason; too_few_pupils below twenty disadvantaged pupils; no_benchmark
with final as (
    select k.urn, k.period, k.measured_on, k.attainment8_disadvantaged_score - b.value as value,
           k.attainment8_disadvantaged_score as figure, b.value as benchmark, k.disadvantaged_pupils as denominator,
           case when k.attainment8_disadvantaged_score is null then k.attainment8_disadvantaged_score_missing
                when k.disadvantaged_pupils is null then k.disadvantaged_pupils_missing
                when k.disadvantaged_pupils < 20 then 'too_few_pupils'
                when b.value is null then 'no_benchmark' end as missing_reason,
           k.release_id, k.published_on, k.row_number as source_row
    from stg_ks4 as k
    inner join schools as s using (urn)
    left join benchmarks as b
        on b.measure_id = 'attainment8_score' and b.period = k.period and b.scope = 'national'
        and b.phase = 'secondary'
)
select * from final
