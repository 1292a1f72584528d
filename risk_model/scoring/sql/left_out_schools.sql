-- table:   left_out_schools              grain: one row per URN of a register release in use that is not in schools
-- reads:   register_rows, schools
-- rule:    a register release is in use where a school of today stands in it by its word; the newest row of a URN
--          says why it was left out
-- missing: a row always has a reason; name, type and la_code are NULL where the register has none
with in_use as (
    select distinct register_release_id as release_id from schools
),
newest as (
    select r.*
    from register_rows as r
    inner join in_use using (release_id)
    where r.urn not in (select urn from schools)
    qualify row_number() over (
        partition by r.urn order by r.is_later, r.release_as_at desc, r.release_id, r.row_number
    ) = 1
),
final as (
    select urn, name, la_code, type,
           case when status = 'Proposed to open' then 'proposed to open'
                when status = 'Not open yet' then 'not open yet'
                when not is_open then 'closed'
                when not is_la_known then 'LA not known'
                when not is_type_known then 'type not known'
                when not is_state_funded and control = 'independent' then 'independent'
                when not is_state_funded then 'not a state-funded school'
                when laestab is null then 'no establishment number'
                when exists (
                    from schools as s where s.la_code = newest.la_code and s.register_release_id <> newest.release_id
                ) then 'not in the newest register of its LA'
                else 'neither phase nor ages known' end as reason,
           close_date, release_id, row_number
    from newest
)
select * from final
order by urn
