-- table:   inspection_sources            grain: one row per inspection of a school of today and file that mentions it
-- reads:   inspection_rows
-- rule:    one inspection by its number; without one by school inspected, sort and day, give or take two days
-- missing: a mention that stands alone is an inspection with one source; an inspection that was not out by the day
--          is left out; mention_id and used_id number the rows of inspection_rows, for the time of the build
with mentions as (
    select rowid as mention_id, urn, kind, urn_at_time, start_date, end_date,
           -- files of 2014 have ITS411816 as 411816
           if(starts_with(inspection_number, 'ITS'), inspection_number[4:], inspection_number) as inspection_number,
           if(kind in ('graded', 'report card', 'converted'), 'full', kind) as sort
    from inspection_rows
),
numbered as (
    select urn, inspection_number,
           if(bool_or(kind in ('graded', 'report card')), 'full', any_value(sort)) as sort,
           any_value(urn_at_time) as urn_at_time, min(start_date) as first_day,
           max(coalesce(end_date, start_date)) as last_day
    from mentions
    where inspection_number is not null
    group by urn, inspection_number
),
unnumbered as (
    select m.mention_id, m.urn, m.sort, m.start_date, m.urn_at_time, n.inspection_number
    from mentions as m
    left join numbered as n
        on n.urn = m.urn and n.sort = m.sort and n.first_day = m.start_date
        and coalesce(n.urn_at_time = m.urn_at_time, true)
    where m.inspection_number is null
),
-- files give an inspection's first day, its last, or one beside
beside as (
    select u.mention_id, arg_min(n.inspection_number, abs(n.first_day - u.start_date)) as inspection_number
    from unnumbered as u
    inner join numbered as n
        on n.urn = u.urn and n.sort = u.sort and u.start_date between n.first_day - 2 and n.last_day + 2
        and coalesce(n.urn_at_time = u.urn_at_time, true)
    where u.inspection_number is null
    group by u.mention_id
),
keyed as (
    select mention_id, urn, 'number ' || inspection_number as same from mentions where inspection_number is not null
    union all
    select u.mention_id, u.urn, 'number ' || coalesce(u.inspection_number, b.inspection_number)
    from unnumbered as u
    left join beside as b using (mention_id)
    where coalesce(u.inspection_number, b.inspection_number) is not null
    union all
    select mention_id, urn, sort || ' ' || start_date || ' '
           || coalesce(urn_at_time, max(urn_at_time) over (partition by urn, sort, start_date), urn)
    from unnumbered
    where inspection_number is null and mention_id not in (select mention_id from beside)
),
-- a short inspection that became a full one counts once, under the grade of that: it starts within a fortnight
converted as (
    select c.mention_id, arg_min(f.same, abs(f.start_date - c.start_date)) as same
    from (
        select mention_id, urn, start_date
        from mentions
        where kind = 'converted'
            -- an earlier file may not have known yet that it would become a full one
            or (urn, inspection_number) in (select urn, inspection_number from mentions where kind = 'converted')
    ) as c
    inner join (
        select m.urn, m.start_date, k.same from mentions as m inner join keyed as k using (mention_id)
        where m.kind in ('graded', 'report card')
    ) as f on f.urn = c.urn and abs(f.start_date - c.start_date) <= 15
    group by c.mention_id
),
placed as (
    select k.mention_id, k.urn, coalesce(c.same, k.same) as same
    from keyed as k
    left join converted as c using (mention_id)
),
-- the one that is used: of a graded inspection what was out by the day; Ofsted's own row before a list that others joined, then the one that says most, then the
-- newest release; of a report card what was out by the day, since an area may have been given a grade anew
chosen as (
    select p.urn, p.same,
           arg_min(p.mention_id, row(
               case r.kind when 'report card' then 1 when 'graded' then 2 when 'converted' then 3
                           when 'ungraded' then 4 else 5 end,
               r.kind = 'report card' and r.release_published_on > $as_at,
               r.kind = 'report card' and r.leadership_and_governance_date is null,
               r.kind = 'graded' and r.overall in ('1', '2', '3', '4') and r.release_published_on > $as_at,
               not r.is_stated, r.origin,
               -r.says,
               -epoch_us(r.release_published_on), r.release_id, r.row_number, r.part)) as mention_id,
           min(if(r.publication_date >= r.start_date, r.publication_date, null)) as known_publication_date,
           list(p.mention_id) as mentioned
    from placed as p
    inner join inspection_rows as r on r.rowid = p.mention_id
    group by p.urn, p.same
),
-- where no publication date is known: seven weeks after the visit, which is usual
published as (
    select c.urn, c.same, c.mention_id as used_id, c.mentioned, r.kind as used_kind,
           coalesce(c.known_publication_date, r.start_date + 49) as published_on,
           c.known_publication_date is null as is_published_on_estimated, r.urn_at_time,
           c.urn || ':' || if(r.kind = 'converted', 'ungraded', r.kind) || ':' || r.start_date as plain_id
    from chosen as c
    inner join inspection_rows as r on r.rowid = c.mention_id
    where coalesce(c.known_publication_date, r.start_date + 49) <= $as_at
),
-- two schools that became one may have been inspected on one day
of_one_day as (
    select used_id, row_number() over (partition by plain_id order by urn_at_time, same) as place
    from published
    where plain_id in (select plain_id from published group by plain_id having count(*) > 1)
),
named as (
    select p.plain_id || coalesce(':' || d.place, '') as inspection_id, p.urn, p.used_id, p.used_kind,
           p.published_on, p.is_published_on_estimated, unnest(p.mentioned) as mention_id
    from published as p
    left join of_one_day as d using (used_id)
),
final as (
    select n.inspection_id, n.urn, n.mention_id, n.used_id, r.release_id, r.row_number, r.part, r.kind, r.start_date,
           r.end_date, r.publication_date, r.inspection_number, r.urn_at_time, r.joined_from,
           r.kind = 'converted'
           or (r.kind = 'ungraded' and r.ungraded_outcome is null and n.used_kind in ('graded', 'report card'))
               as is_converted,
           case when is_converted then 'became a full inspection'
                when r.kind = 'graded' then coalesce(r.overall, 'no overall grade')
                when r.kind = 'report card'
                    then 'Leadership and governance: ' || coalesce(r.leadership_and_governance, 'not given')
                when r.kind = 'monitoring' then coalesce(r.monitoring_outcome, r.inspection_type, 'no grade')
                else coalesce(r.ungraded_outcome, 'no outcome given') end as wording,
           n.mention_id = n.used_id as is_the_one_used, n.published_on, n.is_published_on_estimated
    from named as n
    inner join inspection_rows as r on r.rowid = n.mention_id
)
select * from final
