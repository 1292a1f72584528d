-- measure: head_in_post_days            unit: days, polarity: low is concern
-- grain:   one row per school            reads: stg_head_teacher_posts, schools
-- source:  head_teacher_posts, the latest line: from the start in post to the day of the build
-- missing: not_held; record_incomplete where the start is not given
with latest as (
    select urn, seen_on, post_status, started_on, release_id, row_number as source_row,
           row_number() over (partition by urn order by seen_on desc, row_number) as place
    from stg_head_teacher_posts
),
final as (
    select s.urn, coalesce(cast(l.seen_on as varchar), 'none') as period, l.seen_on as measured_on,
           l.seen_on as published_on, date_diff('day', l.started_on, cast($as_at as date)) as value,
           case when l.urn is null then 'not_held' when l.started_on is null then 'record_incomplete' end
               as missing_reason,
           l.post_status as caveat, l.release_id, l.source_row
    from schools as s
    left join latest as l on l.urn = s.urn and l.place = 1
)
select * from final
