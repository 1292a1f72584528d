-- table:   successions                   grain: one row per school of today and school before it, at any remove
-- reads:   stg_gias_links_rows, stg_ofsted*_rows, stg_laestab_lookup_rows, stg_absence_rows, schools
-- rule:    the register's links say it, from either side; where they are silent, an inspection of the school under
--          another URN; where that is silent too, a closed school that had its LAESTAB
-- missing: since and predecessor_name are NULL where nobody says
with recursive links as (
    select urn as successor_urn, linked_urn as predecessor_urn, linked_name as predecessor_name, link_type, linked_on,
           release_id, release_as_at, row_number
    from stg_gias_links_rows
    where link_type ilike 'Predecessor%'
    union all
    select linked_urn, urn, null, link_type, linked_on, release_id, release_as_at, row_number
    from stg_gias_links_rows
    where link_type ilike 'Successor%'
    union all
    -- of an amalgamation either side says the same: the school that is open is the one that carries on
    select urn, linked_urn, linked_name, link_type, linked_on, release_id, release_as_at, row_number
    from stg_gias_links_rows
    where (link_type ilike 'Result of Amalgamation%' or link_type ilike 'Merged%')
        and urn in (select urn from schools) and linked_urn not in (select urn from schools)
    union all
    select linked_urn, urn, null, link_type, linked_on, release_id, release_as_at, row_number
    from stg_gias_links_rows
    where (link_type ilike 'Result of Amalgamation%' or link_type ilike 'Merged%')
        and linked_urn in (select urn from schools) and urn not in (select urn from schools)
),
-- the newest release that says where a school came from; a link that it has no more was a mistake
linked as materialized (
    select successor_urn, predecessor_urn, max(predecessor_name) as predecessor_name,
           bool_or(link_type ilike '%merged%' or link_type ilike '%amalgam%') as is_merger,
           bool_or(link_type ilike '%split%') as is_split, max(linked_on) as since,
           min(release_id) as release_id, min(row_number) as row_number
    from (
        select * from links
        -- a school of the day has nothing yet from those that it will replace
        where coalesce(linked_on <= $as_at, true)
            and regexp_full_match(successor_urn, '[0-9]{6}') and regexp_full_match(predecessor_urn, '[0-9]{6}')
            and successor_urn <> predecessor_urn
        qualify release_as_at is not distinct from max(release_as_at) over (partition by successor_urn)
    )
    group by successor_urn, predecessor_urn
),
at_the_time as (
    select urn as successor_urn, urn_at_time as predecessor_urn, release_id, row_number, start_date, published_on
    from stg_ofsted_rows
    union all
    select urn, previous_urn_at_time, release_id, row_number, previous_start_date, published_on from stg_ofsted_rows
    union all
    select urn, ungraded_urn, release_id, row_number, ungraded_start_date, published_on from stg_ofsted_rows
    union all
    select urn, urn_at_time, release_id, row_number, start_date, published_on from stg_ofsted_report_cards_rows
    union all
    select urn, oeif_urn_at_time, release_id, row_number, oeif_start_date, published_on
    from stg_ofsted_report_cards_rows
    union all
    select urn, ungraded_urn, release_id, row_number, ungraded_start_date, published_on
    from stg_ofsted_report_cards_rows
    union all
    select current_urn, urn, release_id, row_number, start_date, published_on from stg_ofsted_events_rows
),
inspected as (
    select successor_urn, predecessor_urn, min(release_id) as release_id, arg_min(row_number, row(release_id, row_number)) as row_number
    from at_the_time as m
    inner join schools as s on s.urn = m.successor_urn
    where successor_urn <> predecessor_urn and regexp_full_match(predecessor_urn, '[0-9]{6}')
        -- a file newer than the day may name a school that was taken over since: only what is older than the school is its
        and (m.published_on <= $as_at or m.start_date < s.open_date)
        and predecessor_urn not in (select predecessor_urn from linked)
    group by successor_urn, predecessor_urn
),
numbered as (
    select urn, laestab, release_id, row_number from stg_laestab_lookup_rows
    union all
    select urn, la_code || lpad(estab, 4, '0'), release_id, row_number from stg_absence_rows where scope = 'school'
),
-- a number that one closed school had, and no other school that anybody links
renumbered as (
    select s.urn as successor_urn, n.urn as predecessor_urn, min(n.release_id) as release_id,
           arg_min(n.row_number, row(n.release_id, n.row_number)) as row_number
    from numbered as n
    inner join schools as s using (laestab)
    where n.urn <> s.urn and regexp_full_match(n.urn, '[0-9]{6}')
        and n.urn not in (select urn from schools)
        and n.urn not in (select predecessor_urn from linked union all select successor_urn from linked)
        and n.urn not in (select predecessor_urn from inspected)
        and s.urn not in (select successor_urn from linked union all select successor_urn from inspected)
    group by s.urn, n.urn
    qualify count(*) over (partition by s.urn) = 1
),
stated as materialized (
    select *, 'links of the register' as evidence from linked
    union all by name
    select *, 'inspection under its URN' as evidence from inspected
    union all by name
    select *, 'same LAESTAB' as evidence from renumbered
),
-- a link that says in one what two say one after the other is no second predecessor
direct as (
    select s.*, back.successor_urn is not null as is_both_ways
    from stated as s
    left join stated as back
        on back.successor_urn = s.predecessor_urn and back.predecessor_urn = s.successor_urn
    where not exists (
        from stated as first_step
        inner join stated as second_step on second_step.successor_urn = first_step.predecessor_urn
        where first_step.successor_urn = s.successor_urn and second_step.predecessor_urn = s.predecessor_urn
            and first_step.predecessor_urn <> s.predecessor_urn
    )
),
told as materialized (
    select d.*,
           case when is_both_ways and not (d.successor_urn in (select urn from schools)
                                           and d.predecessor_urn not in (select urn from schools)) then 4
                when d.predecessor_urn in (select urn from schools) then 3
                when is_split or count(*) over (partition by predecessor_urn) > 1 then 2
                when is_merger or count(*) over (partition by successor_urn) > 1 then 1
                else 0 end as place
    from direct as d
),
walk as (
    select successor_urn as urn, predecessor_urn, predecessor_name, place, since, evidence, release_id, row_number,
           1 as steps, [successor_urn, predecessor_urn] as path
    from told
    where successor_urn in (select urn from schools)
    union all
    select w.urn, t.predecessor_urn, t.predecessor_name, greatest(w.place, t.place), t.since, t.evidence,
           t.release_id, t.row_number, w.steps + 1, list_append(w.path, t.predecessor_urn)
    from walk as w
    inner join told as t on t.successor_urn = w.predecessor_urn
    -- what came before a school that is still open is that school's own
    where w.place < 3 and w.steps < 20 and not list_contains(w.path, t.predecessor_urn)
),
final as (
    select urn, predecessor_urn, predecessor_name,
           ['replaced', 'merger', 'split', 'still open', 'not clear'][place + 1] as how,
           since, steps, evidence, release_id, row_number
    from walk
    qualify row_number() over (
        partition by urn, predecessor_urn order by steps, place desc, path
    ) = 1
)
select * from final
order by urn, steps, predecessor_urn
