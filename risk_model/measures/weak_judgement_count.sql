-- measure: weak_judgement_count          unit: judgements, polarity: high is concern
-- grain:   one row per school            reads: latest_inspections
-- source:  ofsted, key judgements of 3 in a school whose overall grade is 1 or 2
-- missing: not_inspected; not_applicable where there is no overall grade of 1 or 2
with final as (
    select urn, coalesce(full_date::varchar, 'none') as period, full_date as measured_on,
           full_published_on as published_on,
           if(overall in ('1', '2'),
              coalesce((quality_of_education = '3')::int, 0) + coalesce((behaviour = '3')::int, 0)
              + coalesce((personal_development = '3')::int, 0) + coalesce((early_years = '3')::int, 0)
              + coalesce((sixth_form = '3')::int, 0), null) as value,
           case when full_date is null then 'not_inspected'
                when overall in ('1', '2') then null else 'not_applicable' end as missing_reason,
           if(inherited, 0.5, 1.0) as weight, if(inherited, 'inherited from the predecessor school', null) as caveat,
           release_id, source_row
    from latest_inspections
)
select * from final
