-- measure: improving_series_count        unit: series of two, polarity: high is good
-- grain:   one row per school            reads: stg_absence, stg_ks2, stg_ks4, schools, benchmarks
-- source:  absence and results, each against the national figure, two years running
-- missing: no_earlier_figure where three years in a row are not loaded for both series
with gaps as (
    select a.urn, 'attendance' as series, a.year, a.measured_on, b.value - a.persistent_absence_pct as gap,
           a.release_id, a.published_on, a.row_number
    from stg_absence as a
    inner join schools as s using (urn)
    inner join benchmarks as b
        on b.measure_id = 'persistent_absence_pct' and b.period = a.period and b.scope = 'national'
        and b.phase = s.phase_group
    union all
    select k.urn, 'results', k.year, k.measured_on, k.rwm_expected_pct - b.value, k.release_id, k.published_on,
           k.row_number
    from stg_ks2 as k
    inner join schools as s on s.urn = k.urn and s.phase_group = 'primary'
    inner join benchmarks as b
        on b.measure_id = 'rwm_expected_pct' and b.period = k.period and b.scope = 'national' and b.phase = 'primary'
    union all
    select k.urn, 'results', k.year, k.measured_on, k.attainment8_score - b.value, k.release_id, k.published_on,
           k.row_number
    from stg_ks4 as k
    inner join schools as s on s.urn = k.urn and s.phase_group = 'secondary'
    inner join benchmarks as b
        on b.measure_id = 'attainment8_score' and b.period = k.period and b.scope = 'national'
        and b.phase = 'secondary'
),
steps as (
    select *, lag(gap) over series_of as gap_1, lag(gap, 2) over series_of as gap_2,
           lag(year, 2) over series_of as year_2, max(year) over (partition by urn, series) as latest_year
    from gaps
    where gap is not null
    window series_of as (partition by urn, series order by year)
),
latest as (
    select urn, series, measured_on, release_id, published_on, row_number,
           if(year_2 = year - 2, (gap > gap_1 and gap_1 > gap_2)::integer, null) as improved
    from steps
    where year = latest_year
),
final as (
    select urn, strftime(min(measured_on), '%Y') as period, min(measured_on) as measured_on,
           if(count(improved) = 2, sum(improved), null) as value,
           if(count(improved) = 2, null, 'no_earlier_figure') as missing_reason,
           first(release_id order by series) as release_id, max(published_on) as published_on,
           first(row_number order by series) as source_row
    from latest
    group by urn
)
select * from final
