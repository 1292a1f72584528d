-- measure: below_good_score             unit: category (0 good or better, 1 mixed, 2 below, 3 category of concern), polarity: high is concern
-- grain:   one row per school            reads: latest_inspections
-- source:  ofsted, mapped by the inspection lookup
-- missing: not_inspected
-- caveat:  which of the findings that the sentence names it was
with told as (
    select *,
           case when category_of_concern = 'SM' then 'special measures'
                when category_of_concern = 'SWK' then 'serious weaknesses'
                when category_of_concern = 'NTI' then 'notice to improve'
                when category_of_concern = 'RSI' then 'requires significant improvement'
                when not safeguarding and safeguarding_on = full_date then 'safeguarding not effective'
                when leadership_and_governance in ('Needs attention', 'Urgent improvement')
                    then 'leadership and governance: ' || lower(leadership_and_governance)
                when full_kind = 'report card' and concern = 3 then 'an area in need of urgent improvement'
                when full_kind = 'report card' then 'an area that needs attention'
                when overall = '4' then 'judged inadequate'
                when overall = '3' and full_date < date '2012-09-01' then 'judged satisfactory'
                when overall = '3' then 'judged to require improvement'
                when overall not in ('1', '2') then 'told by the judgements of its parts, without an overall grade'
                end as found
    from latest_inspections
),
final as (
    select urn, coalesce(full_date::varchar, 'none') as period, full_date as measured_on,
           full_published_on as published_on, concern as value,
           case when full_date is null then 'not_inspected' when concern is null then 'not_judged' end as missing_reason,
           if(inherited, 0.5, 1.0) as weight,
           nullif(concat_ws('; ', case when concern > 0 then found end,
                            case when inherited then 'inherited from the predecessor school' end), '') as caveat,
           release_id, source_row
    from told
)
select * from final
