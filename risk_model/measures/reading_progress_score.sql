-- measure: reading_progress_score         unit: scaled score points, polarity: low is concern
-- grain:   one row per school and year   reads: stg_ks2, schools
-- source:  ks2 (READPROG with its published limits)
-- missing: the school's own reason
with final as (
    select urn, period, measured_on, reading_progress_score as value, reading_progress_lower as lower,
           reading_progress_upper as upper, if(reading_progress_score is null, null, 0.0) as benchmark, k.pupils as denominator,
           reading_progress_score_missing as missing_reason,
           release_id, published_on, row_number as source_row
    from stg_ks2 as k
    inner join schools using (urn)
)
select * from final
