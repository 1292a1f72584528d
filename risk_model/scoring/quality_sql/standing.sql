-- table:   standing                      grain: one row per school that a loaded register or its links name
-- reads:   stg_ofsted_rows, stg_ofsted_report_cards_rows, stg_gias_rows, stg_gias_links_rows, school_types, type_codes
-- rule:    open is who stands in the newest register of the whole country, or in a later one of a part of it
-- missing: what no register says is NULL
with listed as (
    select urn, name, laestab, ofsted_phase as phase, type, pupils, true as is_open, release_id, release_as_at
    from stg_ofsted_rows
    where scope = 'school'
    union all by name
    select urn, name, laestab, ofsted_phase as phase, type, pupils, true as is_open, release_id, release_as_at
    from stg_ofsted_report_cards_rows
    where scope = 'school'
    union all by name
    select urn, name, la_code || lpad(estab, 4, '0') as laestab, phase, type, pupils, status like 'Open%' as is_open,
           release_id, release_as_at
    from stg_gias_rows
    where scope = 'school'
),
sizes as (
    select release_id, any_value(release_as_at) as release_as_at, count(*) as schools
    from listed
    group by release_id
),
reference as (
    select max(release_as_at) as release_as_at from sizes where schools * 2 >= (select max(schools) from sizes)
),
newest as (
    select urn,
           arg_max(is_open, (release_as_at, release_id)) as is_open,
           arg_max(laestab, (release_as_at, release_id)) as laestab,
           arg_max(phase, (release_as_at, release_id)) filter (phase <> 'Not applicable') as phase,
           arg_max(type, (release_as_at, release_id)) as type,
           arg_max(name, (release_as_at, release_id)) as name,
           arg_max(pupils, (release_as_at, release_id)) as roll,
           max(release_as_at) as seen_on
    from listed
    group by urn
),
followed as (
    select urn from stg_gias_links_rows where link_type ilike 'Successor%' or link_type ilike 'Result of%'
    union
    select linked_urn as urn from stg_gias_links_rows where link_type ilike 'Predecessor%'
),
linked as (
    select urn from stg_gias_links_rows
    union
    select linked_urn as urn from stg_gias_links_rows
),
every_one as (
    select urn, true as is_listed from newest
    union all
    select l.urn, false as is_listed
    from linked as l anti join newest as n using (urn)
    where regexp_full_match(l.urn, '[0-9]{6}')
),
final as (
    select e.urn, n.name, left(n.laestab, 3) as la_code, n.roll, n.phase as register_phase,
           case when coalesce(t.mainstream, p.group_name) in ('yes', 'mainstream') then 'mainstream'
                when n.type ilike '%non-maintained special%' then 'non-maintained special'
                when n.type ilike '%independent%' then 'independent'
                when n.type ilike '%special%' then 'special'
                else p.group_name end as kind,
           coalesce(p.phase, if(n.type ilike '%special%', 'special', null)) as phase,
           case when e.is_listed and n.type is not null and coalesce(t.state_funded, 'no') = 'no' then 'not_judged'
                when e.is_listed and n.is_open and coalesce(n.seen_on >= r.release_as_at, true) then 'open'
                when f.urn is not null then 'followed'
                when n.is_open is false then 'closed'
                else 'gone' end as standing
    from every_one as e
    cross join reference as r
    left join newest as n using (urn)
    left join followed as f using (urn)
    left join school_types as t on lower(t.type) = lower(n.type)
    left join type_codes as p on p.type = n.phase
)
select * from final order by urn
