-- measure: basics_grade5_pct             unit: percent, polarity: low is concern
-- grain:   one row per school and year   reads: stg_ks4, schools, benchmarks
-- source:  ks4 (PTL2BASICS_95)
-- missing: the school's own reason
with final as (
    select k.urn, k.period, k.measured_on, k.basics_grade5_pct as value, b.value as benchmark,
           k.pupils as denominator, k.basics_grade5_pct_missing as missing_reason,
           if(k.provisional, 'provisional results', null) as caveat,
           k.release_id, k.published_on, k.row_number as source_row
    from stg_ks4 as k
    inner join schools as s using (urn)
    left join benchmarks as b
        on b.measure_id = 'basics_grade5_pct' and b.period = k.period and b.scope = 'national'
        and b.phase = 'secondary'
)
select * from final
