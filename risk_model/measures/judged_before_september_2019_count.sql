-- measure: judged_before_september_2019_count   unit: yes or no (1 or 0), polarity: high is concern
-- grain:   one row per school            reads: latest_inspections
-- source:  ofsted, the latest graded inspection or report card, against the framework of September 2019
-- missing: not_inspected
with final as (
    select urn, coalesce(full_date::varchar, 'none') as period, full_date as measured_on,
           full_published_on as published_on, (full_date < date '2019-09-01')::integer as value,
           if(full_date is null, 'not_inspected', null) as missing_reason, release_id, source_row
    from latest_inspections
)
select * from final
