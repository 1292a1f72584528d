-- measure: pupils_count                  unit: pupils, polarity: none
-- grain:   one row per school and year   reads: stg_census, schools
-- source:  census (NOR)
-- missing: the school's own reason
with final as (
    select c.urn, c.period, c.measured_on, c.pupils as value, c.pupils_missing as missing_reason,
           c.release_id, c.published_on, c.row_number as source_row
    from stg_census as c
    inner join schools using (urn)
)
select * from final
