-- table:   register_accounts             grain: one row per register release and standing of its rows
-- reads:   register_rows, schools, left_out_schools
-- rule:    each row stands once: the school of today by this release's word or by another's, or left out, with the
--          reason; schools_in counts the URNs of all releases in use, before any is left out
-- missing: no row where a release has no row of that standing
with in_use as (
    select distinct register_release_id as release_id from schools
),
total as (
    select count(distinct urn) as schools_in
    from register_rows inner join in_use using (release_id)
),
standing as (
    select r.release_id, u.release_id is not null as is_in_use,
           case when s.register_release_id = r.release_id then 'of today, as this release has it'
                when s.urn is not null then 'of today, as another release has it'
                when u.release_id is null then 'in a release that no LA goes by any more'
                else 'left out' end as standing,
           if(s.urn is null and u.release_id is not null, o.reason, null) as reason
    from register_rows as r
    left join in_use as u using (release_id)
    left join schools as s on s.urn = r.urn
    left join left_out_schools as o on o.urn = r.urn
),
final as (
    select release_id, is_in_use, standing, reason, count(*) as rows, any_value(t.schools_in) as schools_in
    from standing
    cross join total as t
    group by release_id, is_in_use, standing, reason
)
select * from final
order by release_id, standing, reason
