-- measure: rwm_disadvantaged_pct         unit: percent, polarity: low is concern
-- grain:   one row per school and year   reads: stg_ks2, schools, benchmarks
-- source:  ks2 (PTRWM_EXP_FSM6CLA1A)
-- missing: the school's own reason
with final as (
    select k.urn, k.period, k.measured_on, k.rwm_disadvantaged_pct as value, b.value as benchmark,
           k.disadvantaged_pupils as denominator, k.rwm_disadvantaged_pct_missing as missing_reason,
           k.release_id, k.published_on, k.row_number as source_row
    from stg_ks2 as k
    inner join schools as s using (urn)
    left join benchmarks as b
        on b.measure_id = 'rwm_disadvantaged_pct' and b.period = k.period and b.scope = 'national'
        and b.phase = 'primary'
)
select * from final
