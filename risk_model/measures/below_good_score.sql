-- measure: below_good_score             unit: category (0 good or better, 1 mixed, 2 below, 3 category of concern), polarity: high is concern
-- grain:   one row per school            reads: latest_inspections
-- source:  ofsted, mapped by the inspection lookup
-- missing: not_inspected
with final as (
    select urn, coalesce(full_date::varchar, 'none') as period, full_date as measured_on,
           full_published_on as published_on, concern as value,
           case when full_date is null then 'not_inspected' when concern is null then 'not_judged' end as missing_reason,
           if(inherited, 0.5, 1.0) as weight, if(inherited, 'inherited from the predecessor school', null) as caveat,
           release_id, source_row
    from latest_inspections
)
select * from final
