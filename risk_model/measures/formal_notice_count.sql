-- measure: formal_notice_count          unit: notices, polarity: high is concern
-- grain:   one row per school            reads: stg_formal_notices, schools
-- source:  formal_notices in force: not ended, or ended without being complied with, and no later line says none
-- missing: no_register where the LA has not brought one; stale where nothing is in force and it is over two years old
with lines as (
    select s.la_code, n.urn, n.notice, n.seen_on, n.ended_on, n.ended_because, coalesce(n.issued_on, n.seen_on) as since,
           case when n.release_as_at < cast($as_at as date) then n.release_as_at else cast($as_at as date) end
               as release_day,
           n.release_id, n.row_number as source_row
    from stg_formal_notices as n
    inner join schools as s on s.urn = n.urn
),
-- a register that the LA keeps speaks for all of its schools, also for those without a line
registers as (
    select la_code, max(case when release_day > seen_on then release_day else seen_on end) as kept_until
    from lines
    group by la_code
),
checked as (
    select urn, max(seen_on) as none_on from lines where notice = 'none' group by urn
),
-- an academy order may be made at the governors' own wish, so it is no warning
in_force as (
    select l.*, row_number() over (partition by l.urn order by l.since desc, l.notice) as place,
           count(*) over (partition by l.urn) as notices
    from lines as l
    left join checked as c on c.urn = l.urn
    where l.notice not in ('none', 'academy order')
        and (l.ended_on is null or l.ended_because = 'not complied with')
        and l.seen_on >= coalesce(c.none_on, l.seen_on)
),
final as (
    select s.urn, coalesce(cast(coalesce(f.since, r.kept_until) as varchar), 'none') as period,
           coalesce(f.since, r.kept_until) as measured_on, coalesce(f.seen_on, r.kept_until) as published_on,
           case when f.urn is not null then f.notices when r.la_code is not null then 0 end as value,
           case when f.urn is not null then null
                when r.la_code is null then 'no_register'
                when date_diff('day', r.kept_until, cast($as_at as date)) > 731 then 'stale' end as missing_reason,
           case when f.urn is not null
                then concat(f.notice, case when f.ended_on is not null then ', not complied with' else '' end)
                end as caveat,
           f.release_id, f.source_row
    from schools as s
    left join in_force as f on f.urn = s.urn and f.place = 1
    left join registers as r on r.la_code = s.la_code
)
select * from final
