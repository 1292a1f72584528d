-- measure: persistent_absence_gap_change_pp   unit: percentage points, polarity: high is concern
-- grain:   one row per school and year   reads: stg_absence, schools, benchmarks
-- source:  absence (PPERSABS10 minus the national figure of the phase, against the year before)
-- missing: the school's own reason; no_earlier_figure where the year before is not loaded; no_benchmark
with gaps as (
    select a.urn, a.period, a.year, a.measured_on, a.persistent_absence_pct - b.value as gap,
           a.persistent_absence_pct_missing as reason,
           a.release_id, a.published_on, a.row_number
    from stg_absence as a
    inner join schools as s using (urn)
    left join benchmarks as b
        on b.measure_id = 'persistent_absence_pct' and b.period = a.period and b.scope = 'national'
        and b.phase = s.phase_group
),
final as (
    select now.urn, now.period, now.measured_on, now.gap - before.gap as value,
           case when now.gap is null then coalesce(now.reason, 'no_benchmark')
                when before.gap is null then 'no_earlier_figure' end as missing_reason,
           now.release_id, now.published_on, now.row_number as source_row
    from gaps as now
    left join gaps as before on before.urn = now.urn and before.year = now.year - 1
)
select * from final
