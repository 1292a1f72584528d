-- list:    one row per school in scope, with where it stands, its place and its levels
-- reads:   schools, school_places, schools_at_risk, statement_levels
-- missing: a school of which nobody says where it stands has no easting, northing or known_by
with final as (
    select s.urn, s.name, s.la_code, s.la_name, s.locality, s.phase, s.postcode, s.easting, s.northing, p.known_by,
           r.priority,
           max(l.level) filter (l.statement = 'outcomes') as outcomes,
           max(l.level) filter (l.statement = 'leadership') as leadership,
           max(l.level) filter (l.statement = 'inspection') as inspection
    from schools as s
    inner join schools_at_risk as r using (urn)
    inner join statement_levels as l using (urn)
    left join school_places as p using (urn)
    where ($la_code is null or s.la_code = $la_code)
        and ($locality is null or s.locality = $locality)
        and ($phase is null or s.phase = $phase)
    group by all
)
select * from final
order by name, urn
