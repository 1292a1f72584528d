-- measure: judgement_age_years           unit: years, polarity: high is concern
-- grain:   one row per school            reads: latest_inspections
-- source:  ofsted, the latest graded inspection or report card
-- missing: not_inspected
with final as (
    select urn, coalesce(full_date::varchar, 'none') as period, full_date as measured_on,
           full_published_on as published_on, ($as_at::date - full_date) / 365.25 as value,
           if(full_date is null, 'not_inspected', null) as missing_reason, release_id, source_row
    from latest_inspections
)
select * from final
