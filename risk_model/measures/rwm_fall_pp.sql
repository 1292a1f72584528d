-- measure: rwm_fall_pp                  unit: percentage points, polarity: high is concern
-- grain:   one row per school and year   reads: stg_ks2, schools, benchmarks
-- source:  ks2 (PTRWM_EXP minus the national figure; two falls in a row together, and now below national; else 0)
-- missing: the school's own reason; no_benchmark; no_earlier_figure without the two years before; too_few_pupils (15)
with gaps as (
    select k.urn, k.period, k.year, k.measured_on, k.rwm_expected_pct as figure, b.value as national,
           k.rwm_expected_pct - b.value as gap, coalesce(k.pupils, s.year_group_estimate) as pupils,
           case when k.rwm_expected_pct is null then k.rwm_expected_pct_missing
                when b.value is null then 'no_benchmark' end as reason,
           k.pupils is null as is_estimated, k.provisional, k.release_id, k.published_on, k.row_number
    from stg_ks2 as k
    inner join schools as s on s.urn = k.urn
    left join benchmarks as b
        on b.measure_id = 'rwm_expected_pct' and b.period = k.period and b.scope = 'national' and b.phase = 'primary'
),
steps as (
    select now.*, before.gap as gap_1, earlier.gap as gap_2,
           least(now.pupils, before.pupils, earlier.pupils) as fewest,
           now.pupils is null or before.pupils is null or earlier.pupils is null as is_uncounted,
           now.is_estimated or before.is_estimated or earlier.is_estimated as has_estimate,
           now.provisional or before.provisional or earlier.provisional as has_provisional
    from gaps as now
    left join gaps as before on before.urn = now.urn and before.year = now.year - 1
    left join gaps as earlier on earlier.urn = now.urn and earlier.year = now.year - 2
),
final as (
    select urn, period, measured_on,
           case when gap < gap_1 and gap_1 < gap_2 and gap < 0 then gap_2 - gap else 0.0 end as value,
           figure, national as benchmark, fewest as denominator,
           case when reason is not null then reason
                when gap_1 is null or gap_2 is null then 'no_earlier_figure'
                when is_uncounted then 'not_in_file'
                when fewest < 16 then 'too_few_pupils' end as missing_reason,
           nullif(concat_ws('; ', case when has_estimate then 'pupil numbers estimated from the roll' end,
                            case when has_provisional then 'includes provisional results' end), '') as caveat,
           release_id, published_on, row_number as source_row
    from steps
)
select * from final
