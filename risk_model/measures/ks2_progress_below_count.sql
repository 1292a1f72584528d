-- measure: ks2_progress_below_count      unit: subjects, polarity: high is concern
-- grain:   one row per school and year   reads: stg_ks2, schools
-- source:  ks2 (READPROG, WRITPROG, MATPROG with limits and bands); well below average counts twice
-- missing: the school's own reason; not_in_file where no limits and no bands were published
with subjects as (
    select urn, period, measured_on, release_id, published_on, row_number, 'reading' as subject,
           reading_progress_score as score, reading_progress_upper as upper, reading_progress_band as band,
           reading_progress_score_missing as reason from stg_ks2
    union all
    select urn, period, measured_on, release_id, published_on, row_number, 'writing',
           writing_progress_score, writing_progress_upper, writing_progress_band, writing_progress_score_missing
    from stg_ks2
    union all
    select urn, period, measured_on, release_id, published_on, row_number, 'maths',
           maths_progress_score, maths_progress_upper, maths_progress_band, maths_progress_score_missing
    from stg_ks2
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
           first(release_id) as release_id, first(published_on) as published_on, first(row_number) as source_row
    from judged
    inner join schools using (urn)
    group by urn, period, measured_on
)
select * from final
