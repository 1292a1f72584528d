-- measure: safeguarding_not_met_count   unit: yes or no (1 or 0), polarity: high is concern
-- grain:   one row per school            reads: latest_inspections
-- source:  ofsted, the latest inspection that judged safeguarding
-- missing: not_inspected; not_judged
with final as (
    select urn, coalesce(safeguarding_on::varchar, 'none') as period, safeguarding_on as measured_on,
           safeguarding_published_on as published_on, (not safeguarding)::integer as value,
           case when safeguarding is null then if(full_date is null, 'not_inspected', 'not_judged') end as missing_reason,
           if(safeguarding_inherited, 0.5, 1.0) as weight,
           if(safeguarding_inherited, 'inherited from the predecessor school', null) as caveat,
           safeguarding_release_id as release_id, safeguarding_row as source_row
    from latest_inspections
)
select * from final
