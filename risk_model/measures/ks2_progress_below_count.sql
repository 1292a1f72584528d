-- measure: ks2_progress_below_count      unit: subjects, polarity: high is concern
-- grain:   one row per school and year   reads: stg_ks2, schools
-- source:  ks2 (READPROG, WRITPROG, MATPROG with limits and bands); well below average counts twice
-- missing: the school's own reason; not_in_file without limits and bands where the number of pupils is not known either
with results as (
    select k.*, sqrt(nullif(coalesce(k.pupils, s.year_group_estimate), 0)) as root_pupils
    from stg_ks2 as k
    inner join schools as s using (urn)
),
-- a copy without limits and bands gets the limits of its size: the spreads among pupils that the limits of 2018-19 show
subjects as (
    select urn, period, measured_on, release_id, published_on, row_number, 'reading' as subject,
           reading_progress_score as score, reading_progress_band as band, reading_progress_score_missing as reason,
           case when reading_progress_upper is null and reading_progress_band is null
                then reading_progress_score + 1.96 * 6.18 / root_pupils else reading_progress_upper end as upper,
           reading_progress_upper is null and reading_progress_band is null as is_estimated
    from results
    union all
    select urn, period, measured_on, release_id, published_on, row_number, 'writing',
           writing_progress_score, writing_progress_band, writing_progress_score_missing,
           case when writing_progress_upper is null and writing_progress_band is null
                then writing_progress_score + 1.96 * 5.71 / root_pupils else writing_progress_upper end,
           writing_progress_upper is null and writing_progress_band is null
    from results
    union all
    select urn, period, measured_on, release_id, published_on, row_number, 'maths',
           maths_progress_score, maths_progress_band, maths_progress_score_missing,
           case when maths_progress_upper is null and maths_progress_band is null
                then maths_progress_score + 1.96 * 5.39 / root_pupils else maths_progress_upper end,
           maths_progress_upper is null and maths_progress_band is null
    from results
),
judged as (
    -- bands run 1 = well above average … 5 = well below; a limit below zero says below average, too
    select *, case when score is null then null
                   when band = 5 then 2
                   when band = 4 or upper < 0 then 1
                   when band is not null or upper is not null then 0 end as points
    from subjects
),
final as (
    select urn, period, measured_on, sum(points) as value, count(points) as denominator,
           case when count(score) = 0 then max(reason)
                when count(points) = 0 then 'not_in_file' end as missing_reason,
           min(score) as figure, 0.0 as benchmark,
           case when bool_or(is_estimated and points is not null)
                then 'limits estimated from the number of pupils' end as caveat,
           first(release_id) as release_id, first(published_on) as published_on, first(row_number) as source_row
    from judged
    group by urn, period, measured_on
)
select * from final
