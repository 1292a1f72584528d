-- table:   register_rows                 grain: one row per row of a release that says which schools exist
-- reads:   stg_ofsted_rows, stg_ofsted_report_cards_rows, stg_gias_rows, stg_gias_links_rows, lookups
-- rule:    a school of an LA that was abolished by the as-at date belongs to the LA that took it over: the only one,
--          the one of its district, or the one under which another release has it; where nobody says, the old one
-- missing: a fact that the release does not have is NULL
with recursive published as (
    select urn, laestab, name, ofsted_phase, type, open_date, admissions, sixth_form_provision,
           religious_character, null as diocese, region, la_name, left(laestab, 3) as la_code, postcode,
           trust_uid, trust_name, pupils, null::double as capacity, low_age, high_age,
           null as district, 'Open' as status,
           null::date as close_date, release_id, release_as_at, published_on, row_number
    from stg_ofsted_rows
    -- a list of inspections that names neither number nor type is no register
    where scope = 'school' and coalesce(laestab, type) is not null
    union all by name
    select urn, laestab, name, ofsted_phase, type, open_date, admissions, sixth_form_provision,
           religious_character, null as diocese, region, la_name, left(laestab, 3) as la_code, postcode,
           trust_uid, trust_name, pupils, null::double as capacity, low_age, high_age,
           null as district, 'Open' as status,
           null::date as close_date, release_id, release_as_at, published_on, row_number
    from stg_ofsted_report_cards_rows
    where scope = 'school' and coalesce(laestab, type) is not null
    union all by name
    select urn, la_code || lpad(estab, 4, '0') as laestab, name, phase as ofsted_phase, type, open_date,
           admissions, sixth_form_provision, religious_character, diocese, region, la_name, la_code, postcode,
           nullif(trust_uid, '0') as trust_uid, trust_name, pupils, capacity, low_age, high_age,
           district, status, close_date,
           release_id, release_as_at, published_on, row_number
    from stg_gias_rows
    where scope = 'school'
),
taken_over as (
    select old_code, new_code, string_split(districts, '; ') as districts,
           count(*) over (partition by old_code) = 1 as is_only
    from la_changes
    where old_code <> new_code and changed_on::date <= $as_at
),
of_old_las as (
    select p.release_id, p.row_number, t.new_code,
           case when t.is_only then 1 when list_contains(t.districts, p.district) then 2
                when exists (from published as o where o.urn = p.urn and o.la_code = t.new_code) then 3 end as place
    from published as p
    inner join taken_over as t on t.old_code = p.la_code
),
moved as (
    select release_id, row_number, new_code
    from of_old_las
    where place is not null
    qualify row_number() over (partition by release_id, row_number order by place, new_code) = 1
),
opened_since as (
    select distinct urn from published where published_on > $as_at and open_date > $as_at
),
-- who replaced whom, and since when: the register's links from either side; where they are silent, the files that say
-- under which number the school was inspected before it opened
replaced as (
    select successor_urn, predecessor_urn, max(predecessor_name) as predecessor_name, max(since) as since
    from (
        select urn as successor_urn, linked_urn as predecessor_urn, linked_name as predecessor_name, linked_on as since
        from stg_gias_links_rows where link_type ilike 'Predecessor%'
        union all
        select linked_urn, urn, null, linked_on from stg_gias_links_rows where link_type ilike 'Successor%'
    )
    where regexp_full_match(predecessor_urn, '[0-9]{6}') and predecessor_urn <> successor_urn
    group by successor_urn, predecessor_urn
),
inspected_before as (
    select urn as successor_urn, urn_at_time as predecessor_urn from stg_ofsted_rows where start_date < open_date
    union
    select urn, previous_urn_at_time from stg_ofsted_rows where previous_start_date < open_date
    union
    select urn, ungraded_urn from stg_ofsted_rows where ungraded_start_date < open_date
    union
    select urn, oeif_urn_at_time from stg_ofsted_report_cards_rows where oeif_start_date < open_date
),
before as (
    select * from replaced
    union all
    -- two numbers before it may be two schools, or one after the other: nobody says
    select successor_urn, min(predecessor_urn), null, null
    from inspected_before
    where regexp_full_match(predecessor_urn, '[0-9]{6}') and predecessor_urn <> successor_urn
        and successor_urn not in (select successor_urn from replaced)
    group by successor_urn
    having count(distinct predecessor_urn) = 1
),
-- one school that became one school
one_to_one as (
    select *
    from before
    qualify count(*) over (partition by successor_urn) = 1 and count(*) over (partition by predecessor_urn) = 1
),
back as (
    select o.urn as later_urn, b.predecessor_urn as urn, b.predecessor_name as name, 1 as steps
    from opened_since as o
    inner join one_to_one as b on b.successor_urn = o.urn
    union all
    select w.later_urn, b.predecessor_urn, b.predecessor_name, w.steps + 1
    from back as w
    inner join one_to_one as b on b.successor_urn = w.urn
    where b.since > $as_at and w.steps < 20
),
standing_in as (
    select later_urn, urn, name
    from back
    where urn not in (select urn from published where published_on <= $as_at or open_date <= $as_at)
    qualify row_number() over (partition by later_urn order by steps desc, urn) = 1
),
-- since the register of the day came out, another school has taken the place of one that stands in it
gone as (
    select b.predecessor_urn as urn, max(b.since) as since
    from one_to_one as b
    inner join published as s
        on s.urn = b.successor_urn and s.published_on > $as_at and coalesce(s.open_date, b.since) <= $as_at
    where b.since <= $as_at
    group by b.predecessor_urn
),
of_the_day as (
    select p.* replace (
               coalesce(b.urn, p.urn) as urn, if(b.urn is null, p.name, coalesce(b.name, p.name)) as name,
               if(b.urn is null, p.open_date, null) as open_date,
               if(b.urn is null, p.trust_uid, null) as trust_uid, if(b.urn is null, p.trust_name, null) as trust_name,
               case when o.urn is not null and b.urn is null then 'Not open yet'
                    when g.since > p.release_as_at then 'Closed' else p.status end as status),
           if(b.urn is null, null, p.urn) as stands_in_urn
    from published as p
    left join opened_since as o on o.urn = p.urn and p.published_on > $as_at
    left join standing_in as b on b.later_urn = o.urn
    left join gone as g on g.urn = p.urn and p.published_on <= $as_at
),
final as (
    select p.* replace (coalesce(m.new_code, p.la_code) as la_code), p.la_code as published_la_code,
           a.la_code is not null as is_la_known,
           t.type is not null as is_type_known, t.label as type_label, t.control,
           t.mainstream = 'yes' as is_mainstream, coalesce(t.state_funded = 'yes', false) as is_state_funded,
           p.status in ('Open', 'Open, but proposed to close') as is_open,
           -- identity may be newer than the as-at date, where nothing older is loaded; evidence never is
           p.published_on > $as_at as is_later
    from of_the_day as p
    left join moved as m using (release_id, row_number)
    left join local_authorities as a on a.la_code = coalesce(m.new_code, p.la_code)
    left join school_types as t on lower(t.type) = lower(p.type)
)
select * from final
