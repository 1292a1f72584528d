-- measure: below_good_in_a_row_count     unit: inspections, polarity: high is concern
-- grain:   one row per school            reads: latest_inspections
-- source:  ofsted, the history of graded inspections and report cards, predecessors included
-- missing: not_inspected; not_applicable with fewer than two inspections
with final as (
    select urn, coalesce(full_date::varchar, 'none') as period, full_date as measured_on,
           full_published_on as published_on, below_in_a_row as value, full_inspections as denominator,
           case when full_date is null then 'not_inspected'
                when full_inspections < 2 then 'not_applicable'
                when below_in_a_row is null then 'not_judged' end as missing_reason,
           if(inherited, 0.5, 1.0) as weight, if(inherited, 'inherited from the predecessor school', null) as caveat,
           release_id, source_row
    from latest_inspections
)
select * from final
