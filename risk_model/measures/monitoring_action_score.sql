-- measure: monitoring_action_score      unit: category (1 not effective action, 0 some progress, -1 effective action), polarity: high is concern
-- grain:   one row per school            reads: stg_monitoring_letters, latest_inspections
-- source:  monitoring_letters, the letter on the latest visit after the last graded inspection or report card
-- missing: not_held where Ofsted monitors the school, or may; else not_applicable
with letters as (
    select m.urn, coalesce(m.inspected_on, m.seen_on) as visited_on, m.seen_on, m.monitored_for, m.release_id,
           m.row_number as source_row,
           case m.action when 'not effective action' then 1 when 'some progress' then 0
                when 'effective action' then -1 end as score
    from stg_monitoring_letters as m
    inner join latest_inspections as l on l.urn = m.urn
    -- what a whole inspection found since then answers for itself
    where l.full_date is null or coalesce(m.inspected_on, m.seen_on) > l.full_date
),
placed as (
    select *, row_number() over (partition by urn order by visited_on desc, seen_on desc) as place
    from letters
),
final as (
    select l.urn, coalesce(cast(f.visited_on as varchar), 'none') as period, f.visited_on as measured_on,
           f.seen_on as published_on, f.score as value,
           -- schools in a category and with an area that needs attention are monitored; others below good may be
           case when f.urn is not null then null
                when l.current_category is not null or l.concern >= 1 then 'not_held'
                else 'not_applicable' end as missing_reason,
           case when f.monitored_for is not null then concat('monitored for: ', f.monitored_for) end as caveat,
           f.release_id, f.source_row
    from latest_inspections as l
    left join placed as f on f.urn = l.urn and f.place = 1
)
select * from final
