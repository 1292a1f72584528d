-- measure: plan_on_track_count          unit: yes or no (1 or 0), polarity: high is good
-- grain:   one row per school            reads: stg_action_plan_reviews, latest_inspections
-- source:  action_plan_reviews, the latest: on track, every milestone met, and no success measure missed
-- missing: not_held where a plan is owed; not_applicable without a plan
with latest as (
    select urn, seen_on, success_measures_missed, success_measures_due, milestones_met, milestones_due, progress,
           release_id, row_number as source_row,
           row_number() over (partition by urn order by seen_on desc, row_number) as place
    from stg_action_plan_reviews
),
final as (
    select i.urn, coalesce(cast(l.seen_on as varchar), 'none') as period, l.seen_on as measured_on,
           l.seen_on as published_on,
           case when l.urn is null then null
                when l.progress = 'on track' and l.success_measures_missed = 0
                     and l.milestones_met = l.milestones_due then 1 else 0 end as value,
           case when l.urn is not null then null when i.concern >= 2 then 'not_held'
                else 'not_applicable' end as missing_reason,
           case when l.urn is not null
                then concat(l.progress, '; milestones met: ', cast(l.milestones_met as integer), ' of ',
                            cast(l.milestones_due as integer), '; success measures missed: ',
                            cast(l.success_measures_missed as integer), ' of ',
                            cast(l.success_measures_due as integer)) end as caveat,
           l.release_id, l.source_row
    from latest_inspections as i
    left join latest as l on l.urn = i.urn and l.place = 1
)
select * from final
