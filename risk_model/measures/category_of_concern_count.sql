-- measure: category_of_concern_count    unit: yes or no (1 or 0), polarity: high is concern
-- grain:   one row per school            reads: latest_inspections
-- source:  ofsted (category of concern), ofsted_report_cards (most recent category of concern)
-- missing: not_inspected
with final as (
    select urn, coalesce(full_date::varchar, 'none') as period, full_date as measured_on,
           full_published_on as published_on, (current_category is not null)::integer as value,
           if(full_date is null, 'not_inspected', null) as missing_reason,
           if(inherited, 0.5, 1.0) as weight, if(inherited, 'inherited from the predecessor school', null) as caveat,
           release_id, source_row
    from latest_inspections
)
select * from final
