-- measure: unfilled_places_pct          unit: percent (of places), polarity: high is concern
-- grain:   one row per school            reads: schools
-- source:  gias (SchoolCapacity) and the register's number of pupils
-- missing: not_in_release where the capacity or the roll is not known
with final as (
    select urn, 'register' as period, null::date as measured_on,
           greatest(0, 100 * (capacity - pupils) / capacity) as value, pupils as figure, capacity as benchmark,
           if(capacity > 0 and pupils is not null, null, 'not_in_release') as missing_reason,
           register_release_id as release_id, null::date as published_on, register_row as source_row
    from schools
)
select * from final
