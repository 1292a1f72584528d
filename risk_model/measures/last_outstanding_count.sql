-- measure: last_outstanding_count        unit: yes or no, polarity: high is good
-- grain:   one row per school            reads: latest_inspections
-- source:  ofsted, the overall grade of the last graded inspection; without one, all four key judgements outstanding
-- missing: not_inspected; not_judged for a report card, which has no such grade
with final as (
    select urn, coalesce(cast(full_date as varchar), 'none') as period, full_date as measured_on,
           full_published_on as published_on,
           case when overall = '1' then 1.0
                when overall = 'Not judged' and quality_of_education = '1' and behaviour = '1'
                     and personal_development = '1' and leadership = '1' then 1.0
                when full_kind = 'graded' then 0.0 end as value,
           case when full_date is null then 'not_inspected' when full_kind <> 'graded' then 'not_judged' end
               as missing_reason,
           case when inherited then 0.5 else 1.0 end as weight,
           case when inherited then 'inherited from the predecessor school' end as caveat,
           release_id, source_row
    from latest_inspections
)
select * from final
