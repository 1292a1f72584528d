-- measure: fsm6_pct                     unit: percent (of pupils), polarity: none (context only, never a point)
-- grain:   one row per school and year   reads: stg_census, schools, benchmarks
-- source:  census (PNUMFSMEVER); 2015-16 left out: it is 0 for seven schools in ten
-- missing: the school's own reason
with final as (
    select c.urn, c.period, c.measured_on, c.fsm6_pct as value, b.value as benchmark,
           c.fsm6_pct_missing as missing_reason, c.release_id, c.published_on, c.row_number as source_row
    from stg_census as c
    inner join schools as s using (urn)
    left join benchmarks as b
        on b.measure_id = 'fsm6_pct' and b.period = c.period and b.scope = 'national' and b.phase = s.phase_group
    where c.period <> '2015-2016'
)
select * from final
