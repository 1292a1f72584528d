-- measure: visit_impact_score           unit: category (2 not effective, 1 partly, 0 effective, -1 effective and evidenced), polarity: high is concern
-- grain:   one row per school            reads: stg_la_visits, schools
-- source:  la_visits, the latest visit; of several on one day the weakest finding
-- missing: not_held
with found as (
    select urn, seen_on, visit_kind, release_id, row_number as source_row,
           case impact when 'not effective' then 2 when 'partly effective' then 1 when 'effective' then 0
                when 'effective and evidenced' then -1 end as score
    from stg_la_visits
),
placed as (
    select *, row_number() over (partition by urn order by seen_on desc, score desc, visit_kind) as place
    from found
),
final as (
    select s.urn, coalesce(cast(f.seen_on as varchar), 'none') as period, f.seen_on as measured_on,
           f.seen_on as published_on, f.score as value,
           case when f.urn is null then 'not_held' end as missing_reason,
           f.visit_kind as caveat, f.release_id, f.source_row
    from schools as s
    left join placed as f on f.urn = s.urn and f.place = 1
)
select * from final
