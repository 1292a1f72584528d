-- measure: head_changes_count           unit: changes, polarity: high is concern
-- grain:   one row per school            reads: stg_head_teacher_posts, schools
-- source:  head_teacher_posts, the latest line: how often the head has changed in 36 months
-- missing: not_held; record_incomplete where neither the number is given nor a start more than 36 months ago
with latest as (
    select urn, seen_on, changes_in_36_months, started_on, release_id, row_number as source_row,
           row_number() over (partition by urn order by seen_on desc, row_number) as place
    from stg_head_teacher_posts
),
counted as (
    select urn, seen_on, release_id, source_row,
           case when changes_in_36_months is not null then changes_in_36_months
                when date_diff('day', started_on, seen_on) > 1096 then 0 end as changes
    from latest
    where place = 1
),
final as (
    select s.urn, coalesce(cast(c.seen_on as varchar), 'none') as period, c.seen_on as measured_on,
           c.seen_on as published_on, c.changes as value,
           case when c.urn is null then 'not_held' when c.changes is null then 'record_incomplete' end
               as missing_reason,
           c.release_id, c.source_row
    from schools as s
    left join counted as c on c.urn = s.urn
)
select * from final
