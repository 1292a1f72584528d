-- measure: report_card_needs_attention_count   unit: areas, polarity: high is concern
-- grain:   one row per school            reads: latest_inspections
-- source:  ofsted_report_cards, areas that need attention, leadership and governance left out
-- missing: not_applicable where there is no report card
with final as (
    select urn, coalesce(full_date::varchar, 'none') as period, full_date as measured_on,
           full_published_on as published_on, if(full_kind = 'report card', needs_attention, null) as value,
           case when full_kind = 'report card' then if(needs_attention is null, 'not_judged', null)
                else 'not_applicable' end as missing_reason,
           if(inherited, 0.5, 1.0) as weight, release_id, source_row
    from latest_inspections
)
select * from final
