-- measure: unfilled_places_pct          unit: percent (of places), polarity: high is concern
-- grain:   one row per school            reads: schools
-- source:  gias (SchoolCapacity) and the register's number of pupils
-- missing: not_in_release where the capacity or the roll is not known; not_loaded where only a register later
--          than the as-at date knows them
with final as (
    select urn, 'register' as period, null::date as measured_on,
           greatest(0, 100 * (capacity - pupils) / capacity) as value, pupils as figure, capacity as benchmark,
           case when pupils is null or capacity is null or capacity <= 0 then 'not_in_release'
                when places_published_on > $as_at then 'not_loaded' end as missing_reason,
           register_release_id as release_id,
           if(places_published_on > $as_at, null, places_published_on) as published_on, register_row as source_row
    from schools
)
select * from final
