-- measure: persistent_absence_pct       unit: percent (of pupils), polarity: high is concern
-- grain:   one row per school and year   reads: stg_absence, schools, benchmarks
-- source:  absence (PPERSABS10: pupils who miss 10% of sessions or more)
-- missing: the school's own reason
with final as (
    select a.urn, a.period, a.measured_on, a.persistent_absence_pct as value, b.value as benchmark,
           a.persistent_absence_pct_missing as missing_reason, a.release_id, a.published_on,
           a.row_number as source_row
    from stg_absence as a
    inner join schools as s using (urn)
    left join benchmarks as b
        on b.measure_id = 'persistent_absence_pct' and b.period = a.period and b.scope = 'national'
        and b.phase = s.phase_group
)
select * from final
