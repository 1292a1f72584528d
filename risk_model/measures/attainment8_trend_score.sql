-- measure: attainment8_trend_score      unit: score (a year), polarity: low is concern
-- grain:   one row per school and year   reads: stg_ks4, schools, benchmarks
-- source:  ks4 (ATT8SCR minus the national figure: slope over three years in a row, limits from the pupils' number)
-- missing: the school's own reason; no_benchmark; no_earlier_figure without the two years before; too_few_pupils (10)
with gaps as (
    select k.urn, k.period, k.year, k.measured_on, k.attainment8_score as figure, b.value as national,
           k.attainment8_score - b.value as gap, coalesce(k.pupils, s.year_group_estimate) as pupils,
           case when k.attainment8_score is null then k.attainment8_score_missing
                when b.value is null then 'no_benchmark' end as reason,
           k.pupils is null as is_estimated, k.provisional, k.release_id, k.published_on, k.row_number
    from stg_ks4 as k
    inner join schools as s on s.urn = k.urn
    left join benchmarks as b
        on b.measure_id = 'attainment8_score' and b.period = k.period and b.scope = 'national'
        and b.phase = 'secondary'
),
-- pupils of a school differ by about 20 points (standard deviation); our estimate, for no file says it
varied as (
    select *, 20.0 * 20.0 / nullif(pupils, 0) as variance from gaps
),
fitted as (
    select now.urn, now.year,
           -- of three years in a row the middle one does not tilt the line; a sum over all would vary in its last digit
           case when count(each_year.gap) >= 3
                then (max(case when each_year.year = now.year then each_year.gap end)
                      - max(case when each_year.year = now.year - 2 then each_year.gap end)) / 2 end as slope,
           -- the slope's own variance: each year's, weighted by its distance from the middle one
           sum(power(each_year.year - (now.year - 1), 2) * each_year.variance) / 4 as slope_variance,
           count(each_year.gap) as years, min(each_year.pupils) as fewest,
           count(each_year.gap) - count(each_year.pupils) > 0 as is_uncounted,
           bool_or(each_year.is_estimated) as has_estimate, bool_or(each_year.provisional) as has_provisional
    from varied as now
    inner join varied as each_year on each_year.urn = now.urn and each_year.year between now.year - 2 and now.year
    group by now.urn, now.year
),
final as (
    select n.urn, n.period, n.measured_on, round(f.slope, 6) as value,
           round(f.slope - 1.959964 * sqrt(f.slope_variance), 6) as lower,
           round(f.slope + 1.959964 * sqrt(f.slope_variance), 6) as upper,
           n.figure, n.national as benchmark, f.fewest as denominator,
           case when n.reason is not null then n.reason
                when f.years < 3 then 'no_earlier_figure'
                when f.is_uncounted then 'not_in_file'
                when f.fewest <= 10 then 'too_few_pupils' end as missing_reason,
           nullif(concat_ws('; ',
                            case when n.year between 2022 and 2024 then 'summer 2022 was graded more generously' end,
                            case when f.has_estimate then 'pupil numbers estimated from the roll' end,
                            case when f.has_provisional then 'includes provisional results' end), '') as caveat,
           n.release_id, n.published_on, n.row_number as source_row
    from varied as n
    inner join fitted as f on f.urn = n.urn and f.year = n.year
)
select * from final
