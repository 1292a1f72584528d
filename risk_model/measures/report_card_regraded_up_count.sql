-- measure: report_card_regraded_up_count   unit: areas, polarity: high is good
-- grain:   one row per school            reads: inspection_area_grades, latest_inspections
-- source:  ofsted_report_cards: areas of the latest report card whose newest grade, given by monitoring, is a higher one
-- missing: not_applicable where there is no report card
with raised as (
    select g.urn, g.inspected_on, count(*) as areas, max(g.graded_on) as graded_on, max(g.first_told_on) as told_on
    from inspection_area_grades as g
    where g.is_latest and g.changed = 'up' and g.area <> 'leadership and governance'
    group by g.urn, g.inspected_on
),
final as (
    select l.urn, coalesce(cast(coalesce(r.graded_on, l.full_date) as varchar), 'none') as period,
           coalesce(r.graded_on, l.full_date) as measured_on, coalesce(r.told_on, l.full_published_on) as published_on,
           case when l.full_kind = 'report card' then case when r.urn is null then 0 else r.areas end end as value,
           case when l.full_kind = 'report card' then null else 'not_applicable' end as missing_reason,
           case when l.inherited then 0.5 else 1.0 end as weight, l.release_id, l.source_row
    from latest_inspections as l
    left join raised as r on r.urn = l.urn and r.inspected_on = l.full_date
)
select * from final
