-- table:   schools_in_file               grain: one row per phase of the register
-- reads:   seen (the release's rows), standing
-- rule:    open schools of the LAs that the release has schools of, by whether the release has them
-- missing: a school without a phase in the register is under 'not told'
with in_file as (
    select distinct urn from seen where scope = 'school'
),
las as (
    select distinct g.la_code from in_file inner join standing as g using (urn) where g.standing = 'open'
),
final as (
    select coalesce(g.register_phase, 'not told') as phase, count(*) as in_register,
           count(*) filter (i.urn is not null) as in_both, count(*) filter (i.urn is null) as in_register_only
    from standing as g
    inner join las using (la_code)
    left join in_file as i using (urn)
    where g.standing = 'open'
    group by 1
)
select * from final order by in_register desc, phase
