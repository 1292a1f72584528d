-- table:   pooled_shares                 grain: one row per school and share
-- reads:   stg_ks2, stg_ks4, stg_early_results, early_national, schools, benchmarks
-- rule:    pupils of the last three results years counted together (two of what the LA holds itself), never an
--          average of percentages; the national figure pooled with the school's own weights; 95% Wilson limits
--          (Wilson 1927)
-- missing: the latest year's own reason; too_few_pupils at ten or fewer pupils in all; no_benchmark; stale after
--          five years, when nobody whom it counts is in that key stage of the school any more (our choice)
-- what the LA holds of the early years; a year whose national figure is not known yet is left out of both sides
with early as (
    select e.urn, s.phase_group, e.academic_year, cast(right(e.academic_year, 4) as integer) as year,
           case e.assessment when 'phonics year 1' then 'phonics_pct'
                when 'good level of development' then 'early_development_pct'
                when 'multiplication check' then 'multiplication_pct' end as share_id,
           e.pupils, e.pupils_reached, cast(n.national_pct as double) as national,
           e.release_id, e.row_number, e.seen_on
    from stg_early_results as e
    inner join schools as s using (urn)
    left join early_national as n on n.assessment = e.assessment and n.academic_year = e.academic_year
    where e.assessment <> 'phonics year 2'
),
yearly as (
    select k.urn, 'rwm_expected_pct' as share_id, s.phase_group, k.period, k.year, k.measured_on,
           k.rwm_expected_pct as pct, k.rwm_expected_pct_missing as reason,
           coalesce(k.pupils, s.year_group_estimate) as pupils, k.pupils is null as is_estimated,
           k.provisional, k.release_id, k.row_number, k.published_on, k.inherited_from, cast(null as double) as held_national
    from stg_ks2 as k inner join schools as s using (urn)
    union all
    select k.urn, 'rwm_disadvantaged_pct' as share_id, s.phase_group, k.period, k.year, k.measured_on,
           k.rwm_disadvantaged_pct, k.rwm_disadvantaged_pct_missing, k.disadvantaged_pupils, false,
           k.provisional, k.release_id, k.row_number, k.published_on, k.inherited_from, null
    from stg_ks2 as k inner join schools as s using (urn)
    union all
    select k.urn, 'basics_grade5_pct' as share_id, s.phase_group, k.period, k.year, k.measured_on,
           k.basics_grade5_pct, k.basics_grade5_pct_missing,
           coalesce(k.pupils, s.year_group_estimate), k.pupils is null,
           k.provisional, k.release_id, k.row_number, k.published_on, k.inherited_from, null
    from stg_ks4 as k inner join schools as s using (urn)
    union all
    select urn, share_id, phase_group, academic_year, year, make_date(year, 8, 31),
           case when national is not null then 100 * pupils_reached / nullif(pupils, 0) end,
           case when national is null then 'no_benchmark' else 'no_entries' end,
           pupils, false, false, release_id, row_number, seen_on, null, national
    from early
),
compared as (
    select y.*, if(y.share_id = 'basics_grade5_pct', 'secondary', 'primary') as benchmark_phase,
           max(if(y.pct is not null, y.year, null)) over (partition by y.share_id) as latest_year,
           if(y.share_id in ('rwm_expected_pct', 'rwm_disadvantaged_pct', 'basics_grade5_pct'), 3, 2) as years_together
    from yearly as y
),
recent as (
    select c.*, coalesce(own.value, c.held_national) as national, own.origin as national_origin, everyone.value as national_all
    from compared as c
    left join benchmarks as own
        on own.measure_id = c.share_id and own.period = c.period and own.phase = c.benchmark_phase
        and own.scope = 'national'
    left join benchmarks as everyone
        on everyone.measure_id = 'rwm_expected_pct' and everyone.period = c.period
        and everyone.phase = c.benchmark_phase and everyone.scope = 'national'
    where c.year > c.latest_year - c.years_together
    -- a predecessor's years speak only while the school has none of its own
    qualify c.inherited_from is null
        or not coalesce(bool_or(c.inherited_from is null and c.pct is not null) over (partition by c.urn, c.share_id), false)
),
counted as (
    select urn, share_id,
           max(period) filter (pct is not null) as period,
           max(measured_on) filter (pct is not null) as measured_on,
           max(published_on) filter (pct is not null) as published_on,
           arg_max(release_id, year) filter (pct is not null) as release_id,
           arg_max(row_number, year) filter (pct is not null) as row_number,
           count(*) filter (pct is not null) as years,
           sum(pupils) filter (pct is not null) as n,
           max(pupils) filter (pct is not null) as largest_year,
           sum(round(pct * pupils / 100)) filter (pct is not null and pupils > 0) as passed,
           round(sum(national * pupils) filter (pct is not null and pupils > 0)
                 / nullif(sum(pupils) filter (pct is not null and pupils > 0 and national is not null), 0), 6)
               as national,
           round(sum(national_all * pupils) filter (pct is not null and pupils > 0)
                 / nullif(sum(pupils) filter (pct is not null and pupils > 0 and national_all is not null), 0), 6)
               as national_all,
           bool_or(is_estimated) filter (pct is not null) as is_estimated,
           bool_or(provisional) filter (pct is not null) as is_provisional,
           bool_or(national_origin = 'schools loaded') filter (pct is not null) as is_own_national,
           arg_max(reason, year) as latest_reason,
           max(period) as latest_period,
           arg_max(release_id, year) as latest_release_id,
           arg_max(row_number, year) as latest_row_number,
           max(published_on) as latest_published_on
    from recent
    group by urn, share_id
),
shares as (
    select *, least(passed / nullif(n, 0), 1.0) as p, 1.959964 as z from counted
),
final as (
    select urn, share_id, coalesce(period, latest_period) as period, measured_on,
           coalesce(published_on, latest_published_on) as published_on,
           coalesce(release_id, latest_release_id) as release_id,
           coalesce(row_number, latest_row_number) as source_row, years, n,
           100 * p as figure,
           100 * ((p + z * z / (2 * n)) - z * sqrt(p * (1 - p) / n + z * z / (4 * n * n))) / (1 + z * z / n) as lower,
           100 * ((p + z * z / (2 * n)) + z * sqrt(p * (1 - p) / n + z * z / (4 * n * n))) / (1 + z * z / n) as upper,
           national, national_all,
           case when period is null then latest_reason
                when measured_on < cast($as_at as date) - interval 5 year then 'stale'
                when n is null or n = 0 then 'not_in_file'
                when n <= 10 then 'too_few_pupils'
                when national is null then 'no_benchmark' end as missing_reason,
           if(largest_year <= 10, 0.5, 1.0) as weight,
           nullif(concat_ws('; ',
                            if(largest_year <= 10, 'small cohort', null),
                            if(is_estimated, 'pupil numbers estimated from the roll', null),
                            if(is_provisional, 'includes provisional results', null),
                            if(is_own_national, 'national figure worked out from the schools loaded', null)), '') as caveat
    from shares
)
select * from final
