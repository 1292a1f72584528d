-- measure: review_areas_score           unit: category (1 an area below expected, 0 not all looked at, -1 all secure), polarity: high is concern
-- grain:   one row per school            reads: stg_la_visits, schools
-- source:  la_visits, the latest review day, pre-inspection or peer review that looked at areas of a report card
-- missing: not_held
with reviews as (
    select urn, seen_on, visit_kind, release_id, row_number as source_row,
           concat_ws(', ', case when leadership_and_governance = 'below expected' then 'leadership and governance' end,
                     case when curriculum_and_teaching = 'below expected' then 'curriculum and teaching' end,
                     case when achievement = 'below expected' then 'achievement' end) as below,
           concat_ws(', ', case when leadership_and_governance = 'secure' then 'leadership and governance' end,
                     case when curriculum_and_teaching = 'secure' then 'curriculum and teaching' end,
                     case when achievement = 'secure' then 'achievement' end) as secure,
           coalesce(leadership_and_governance = 'secure' and curriculum_and_teaching = 'secure'
                    and achievement = 'secure', false) as is_all_secure
    from stg_la_visits
    where visit_kind in ('review day', 'pre-inspection review', 'peer review')
),
scored as (
    select *, case when below <> '' then 1 when is_all_secure then -1 else 0 end as score
    from reviews
    where below <> '' or secure <> ''
),
placed as (
    select *, row_number() over (partition by urn order by seen_on desc, score desc, visit_kind) as place
    from scored
),
final as (
    select s.urn, coalesce(cast(f.seen_on as varchar), 'none') as period, f.seen_on as measured_on,
           f.seen_on as published_on, f.score as value,
           case when f.urn is null then 'not_held' end as missing_reason,
           case when f.urn is not null
                then concat_ws('; ', f.visit_kind, case when f.below <> '' then concat('below expected: ', f.below) end,
                               case when f.secure <> '' then concat('secure: ', f.secure) end) end as caveat,
           f.release_id, f.source_row
    from schools as s
    left join placed as f on f.urn = s.urn and f.place = 1
)
select * from final
