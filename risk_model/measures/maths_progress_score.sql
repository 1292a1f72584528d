-- measure: maths_progress_score         unit: scaled score points, polarity: low is concern
-- grain:   one row per school and year   reads: stg_ks2, schools
-- source:  ks2 (MATPROG with its published limits)
-- missing: the school's own reason
with final as (
    select urn, period, measured_on, maths_progress_score as value, maths_progress_lower as lower,
           maths_progress_upper as upper, if(maths_progress_score is null, null, 0.0) as benchmark, k.pupils as denominator,
           maths_progress_score_missing as missing_reason,
           release_id, published_on, row_number as source_row
    from stg_ks2 as k
    inner join schools using (urn)
)
select * from final
