-- measure: leadership_concern_score     unit: category (0 none, 1 requires improvement, 2 inadequate), polarity: high is concern
-- grain:   one row per school            reads: latest_inspections
-- source:  ofsted (leadership and management), ofsted_report_cards (leadership and governance)
-- missing: not_inspected; not_judged
-- caveat:  which of the findings that the sentence names it was
with told as (
    select *,
           case when leadership_and_governance in ('Needs attention', 'Urgent improvement')
                    then 'leadership and governance: ' || lower(leadership_and_governance)
                when leadership = '4' then 'leadership and management: inadequate'
                when leadership = '3' then 'leadership and management: requires improvement'
                when overall = '4' and coalesce(leadership, '9') not in ('1', '2')
                    then 'told by the overall grade, inadequate' end as found
    from latest_inspections
),
final as (
    select urn, coalesce(full_date::varchar, 'none') as period, full_date as measured_on,
           full_published_on as published_on,
           case when leadership_and_governance = 'Urgent improvement' or leadership = '4' then 2
                when leadership_and_governance = 'Needs attention' or leadership = '3' then 1
                when leadership_and_governance is not null or leadership in ('1', '2') then 0
                when overall = '4' then 1 end as value,
           case when full_date is null then 'not_inspected'
                when leadership_and_governance is null and coalesce(leadership, '9') not in ('1', '2', '3', '4')
                     and coalesce(overall, '9') <> '4' then 'not_judged' end as missing_reason,
           if(inherited, 0.5, 1.0) as weight,
           nullif(concat_ws('; ', found, case when inherited then 'inherited from the predecessor school' end), '')
               as caveat,
           release_id, source_row
    from told
)
select * from final
