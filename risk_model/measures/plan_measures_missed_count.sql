-- measure: plan_measures_missed_count   unit: success measures, polarity: high is concern
-- grain:   one row per school            reads: stg_action_plan_reviews, latest_inspections
-- source:  action_plan_reviews: success measures missed at both of the latest two reviews (the fewer of the two)
-- missing: not_held where a plan is owed; not_applicable without a plan; no_earlier_figure with one review that missed some
with reviews as (
    select urn, seen_on, success_measures_missed, success_measures_due, milestones_met, milestones_due, progress,
           release_id, row_number as source_row,
           row_number() over (partition by urn order by seen_on desc, row_number) as place
    from stg_action_plan_reviews
),
pairs as (
    select l.*, b.success_measures_missed as missed_before,
           case when l.success_measures_missed = 0 then 0
                when b.success_measures_missed < l.success_measures_missed then b.success_measures_missed
                when b.urn is not null then l.success_measures_missed end as missed_twice
    from reviews as l
    left join reviews as b on b.urn = l.urn and b.place = 2
    where l.place = 1
),
final as (
    select i.urn, coalesce(cast(p.seen_on as varchar), 'none') as period, p.seen_on as measured_on,
           p.seen_on as published_on, p.missed_twice as value, p.success_measures_missed as figure,
           p.success_measures_due as denominator,
           case when p.urn is null then
                    -- a school that was judged below good owes itself a plan
                    case when i.concern >= 2 then 'not_held' else 'not_applicable' end
                when p.missed_twice is null then 'no_earlier_figure' end as missing_reason,
           case when p.urn is not null
                then concat(p.progress, '; milestones met: ', cast(p.milestones_met as integer), ' of ',
                            cast(p.milestones_due as integer)) end as caveat,
           p.release_id, p.source_row
    from latest_inspections as i
    left join pairs as p on p.urn = i.urn
)
select * from final
