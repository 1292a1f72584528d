-- measure: attainment8_score             unit: score, polarity: low is concern
-- grain:   one row per school and year   reads: stg_ks4, schools, benchmarks
-- source:  ks4 (ATT8SCR)
-- missing: the school's own reason
with final as (
    select k.urn, k.period, k.measured_on, k.attainment8_score as value, b.value as benchmark,
           k.pupils as denominator, k.attainment8_score_missing as missing_reason,
           if(k.provisional, 'provisional results', null) as caveat,
           k.release_id, k.published_on, k.row_number as source_row
    from stg_ks4 as k
    inner join schools as s using (urn)
    left join benchmarks as b
        on b.measure_id = 'attainment8_score' and b.period = k.period and b.scope = 'national'
        and b.phase = 'secondary'
)
select * from final
