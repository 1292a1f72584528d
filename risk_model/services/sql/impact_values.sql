-- figures: one measure of every school of some local authorities, one row per school and academic year
-- reads:   measure_values, schools; a school that has no row is not one of those that the measure is of
-- source:  the releases behind the build
-- missing: value is null where there is none, or where it is a predecessor school's
with final as (
    select v.urn, cast(right(v.period, 4) as integer) as year,
           if(v.inherited_from is null, v.value, null) as value,
           coalesce(contains(v.caveat, 'provisional'), false) as is_provisional
    from measure_values as v
    inner join schools as s using (urn)
    where v.measure_id = $measure and s.la_code in (select unnest($las))
        and regexp_full_match(v.period, '[0-9]{4}-[0-9]{4}')
)
select * from final order by urn, year
