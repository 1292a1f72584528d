-- measure: ungraded_warning_score       unit: category (1 warning, 0 none, -1 improving), polarity: high is concern
-- grain:   one row per school            reads: latest_inspections
-- source:  ofsted, the ungraded inspection after the last graded one
-- missing: not_applicable where there was none
with final as (
    select urn, coalesce(ungraded_date::varchar, 'none') as period, ungraded_date as measured_on,
           ungraded_published_on as published_on,
           case when ungraded_mapping in ('M7', 'M10') then 1
                when ungraded_mapping = 'M9' or ungraded_outcome like '%(Improving)%' then -1
                when ungraded_mapping is not null then 0 end as value,
           if(ungraded_mapping is null, 'not_applicable', null) as missing_reason,
           if(ungraded_inherited, 0.5, 1.0) as weight,
           if(ungraded_inherited, 'inherited from the predecessor school', null) as caveat,
           ungraded_release_id as release_id, ungraded_row as source_row
    from latest_inspections
)
select * from final
