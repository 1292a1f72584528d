-- table:   attainment8_pooled            grain: one row per school with GCSE results
-- reads:   stg_ks4, schools, benchmarks
-- rule:    pupil-weighted over the last three results years; ranked among mainstream schools of the same kind
--          (selective, technical, other)
-- missing: the latest year's own reason; too_few_pupils at ten or fewer in all; stale after five years (our choice: by
--          then nobody whom it counts is in that key stage); no_ranking where fewer than half of the schools have a figure
with compared as (
    select k.urn, k.period, k.year, k.measured_on, k.attainment8_score as score, k.attainment8_score_missing as reason,
           coalesce(k.pupils, s.year_group_estimate) as pupils, k.provisional, k.release_id, k.row_number,
           k.published_on, k.inherited_from, b.value as national, b.origin as national_origin,
           max(if(k.attainment8_score is not null, k.year, null)) over () as latest_year
    from stg_ks4 as k
    inner join schools as s using (urn)
    left join benchmarks as b
        on b.measure_id = 'attainment8_score' and b.period = k.period and b.scope = 'national'
        and b.phase = 'secondary'
    where s.is_mainstream
),
counted as (
    select urn, max(period) filter (score is not null) as period,
           max(measured_on) filter (score is not null) as measured_on,
           -- rounded, so that schools with the same figure tie in every run, whatever order the sum was made in
           round(sum(score * pupils) filter (score is not null)
                 / nullif(sum(pupils) filter (score is not null), 0), 6) as figure,
           round(sum(national * pupils) filter (score is not null)
                 / nullif(sum(pupils) filter (score is not null and national is not null), 0), 6) as national,
           sum(pupils) filter (score is not null) as pupils,
           max(pupils) filter (score is not null) as largest_year,
           bool_or(provisional) filter (score is not null) as is_provisional,
           bool_or(national_origin = 'schools loaded') filter (score is not null) as is_own_national,
           arg_max(reason, year) as latest_reason, max(period) as latest_period,
           arg_max(release_id, year) as release_id, arg_max(row_number, year) as source_row,
           max(published_on) as published_on
    from (
        -- a predecessor's years speak only while the school has none of its own
        from compared
        where year > latest_year - 3
        qualify inherited_from is null
            or not coalesce(bool_or(inherited_from is null and score is not null) over (partition by urn), false)
    )
    group by urn
),
grouped as (
    select c.*, case when s.is_selective then 'selective' when s.is_technical then 'technical' else 'other' end as kind
    from counted as c
    inner join schools as s using (urn)
),
coverage as (
    select count(*) filter (figure is not null) as ranked,
           (select count(*) from schools where is_mainstream and phase_group = 'secondary') as schools
    from grouped
),
ranked as (
    select g.urn, 100 * percent_rank() over (partition by g.kind order by g.figure) as rank_pct
    from grouped as g
    where g.figure is not null
    qualify count(*) over (partition by g.kind) >= 20
),
final as (
    select g.urn, coalesce(g.period, g.latest_period) as period, g.measured_on, g.figure, g.national, g.pupils,
           if(c.ranked * 2 >= c.schools, r.rank_pct, null) as rank_pct,
           case when g.figure is null then coalesce(g.latest_reason, 'not_in_file')
                when g.measured_on < cast($as_at as date) - interval 5 year then 'stale'
                when g.pupils <= 10 then 'too_few_pupils'
                when r.rank_pct is null or c.ranked * 2 < c.schools then 'no_ranking' end as missing_reason,
           g.release_id, g.published_on, g.source_row, if(g.largest_year <= 10, 0.5, 1.0) as weight,
           nullif(concat_ws('; ',
                            if(g.largest_year <= 10, 'small cohort', null),
                            if(g.is_provisional, 'includes provisional results', null),
                            if(g.is_own_national, 'national figure worked out from the schools loaded', null)), '') as caveat
    from grouped as g
    cross join coverage as c
    left join ranked as r using (urn)
)
select * from final
