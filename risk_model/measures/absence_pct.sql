-- measure: absence_pct                  unit: percent (of sessions), polarity: high is concern
-- grain:   one row per school and year   reads: stg_absence, schools, benchmarks
-- source:  absence (PERCTOT)
-- missing: the school's own reason
with final as (
    select a.urn, a.period, a.measured_on, a.absence_pct as value, b.value as benchmark,
           a.absence_pct_missing as missing_reason, a.release_id, a.published_on, a.row_number as source_row
    from stg_absence as a
    inner join schools as s using (urn)
    left join benchmarks as b
        on b.measure_id = 'absence_pct' and b.period = a.period and b.scope = 'national' and b.phase = s.phase_group
)
select * from final
