-- measure: inherited_record_count       unit: yes or no (1 or 0), polarity: none (halves other rules)
-- grain:   one row per school            reads: latest_inspections
-- source:  ofsted, whether the latest judgement was given to the predecessor school
-- missing: not_inspected
with final as (
    select urn, coalesce(full_date::varchar, 'none') as period, full_date as measured_on,
           full_published_on as published_on, inherited::integer as value,
           if(full_date is null, 'not_inspected', null) as missing_reason, release_id, source_row
    from latest_inspections
)
select * from final
