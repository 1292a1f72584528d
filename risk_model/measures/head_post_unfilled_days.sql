-- measure: head_post_unfilled_days      unit: days, polarity: high is concern
-- grain:   one row per school            reads: stg_head_teacher_posts, schools
-- source:  head_teacher_posts: from when the post became acting, interim or vacant to the day it was last seen so
-- missing: not_held; record_incomplete where one line alone says so, and not since when
with latest as (
    select urn, seen_on, post_status, post_status in ('permanent', 'executive head', 'co-heads') as is_filled,
           release_id, row_number as source_row,
           row_number() over (partition by urn order by seen_on desc, row_number) as place
    from stg_head_teacher_posts
),
filled as (
    select urn, max(seen_on) as filled_on from latest where is_filled group by urn
),
-- acting, then interim, then vacant is one gap
gaps as (
    select p.urn, min(coalesce(p.started_on, p.seen_on)) as since, count(p.started_on) as starts, count(*) as lines
    from stg_head_teacher_posts as p
    left join filled as f on f.urn = p.urn
    where p.post_status in ('interim', 'acting', 'vacant') and (f.filled_on is null or p.seen_on > f.filled_on)
    group by p.urn
),
counted as (
    select l.urn, l.seen_on, l.post_status, l.release_id, l.source_row,
           case when l.is_filled then 0
                when g.starts > 0 or g.lines > 1 then date_diff('day', g.since, l.seen_on) end as days
    from latest as l
    left join gaps as g on g.urn = l.urn
    where l.place = 1
),
final as (
    select s.urn, coalesce(cast(c.seen_on as varchar), 'none') as period, c.seen_on as measured_on,
           c.seen_on as published_on, c.days as value,
           case when c.urn is null then 'not_held' when c.days is null then 'record_incomplete' end
               as missing_reason,
           c.post_status as caveat, c.release_id, c.source_row
    from schools as s
    left join counted as c on c.urn = s.urn
)
select * from final
