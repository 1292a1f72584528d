-- measure: post16_value_added_score     unit: grades, polarity: low is concern
-- grain:   one row per school and year   reads: stg_ks5, schools
-- source:  ks5 (VA_INS_ALEV with its limits; where there is none VA_INS_AGEN, applied general qualifications)
-- missing: the school's own reason; not_in_file where no limits were published
with chosen as (
    select k.*, k.a_level_value_added_score is null and k.applied_general_value_added_score is not null as is_applied
    from stg_ks5 as k
    inner join schools as s on s.urn = k.urn
),
final as (
    select urn, period, measured_on,
           case when is_applied then applied_general_value_added_score else a_level_value_added_score end as value,
           case when is_applied then applied_general_value_added_lower else a_level_value_added_lower end as lower,
           case when is_applied then applied_general_value_added_upper else a_level_value_added_upper end as upper,
           case when is_applied then applied_general_value_added_entries else a_level_value_added_entries end
               as denominator,
           case when a_level_value_added_score is null and not is_applied
                then coalesce(a_level_value_added_score_missing, 'not_in_file') end as missing_reason,
           case when is_applied then 'applied general qualifications, for there are no A levels' end as caveat,
           release_id, published_on, row_number as source_row
    from chosen
)
select * from final
