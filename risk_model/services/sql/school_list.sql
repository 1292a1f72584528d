-- list:    one row per school in scope, with its levels, place and reasons
-- reads:   schools, schools_at_risk, statement_levels, next_inspections, build_info
with final as (
select s.urn, s.laestab, s.name, s.la_code, s.la_name, s.locality, s.phase, s.type, r.route, s.trust_name,
       cast(s.pupils as integer) as pupils, r.priority,
       max(l.level) filter (l.statement = 'outcomes') as outcomes_level,
       max(l.score) filter (l.statement = 'outcomes') as outcomes_score,
       max(l.coverage) filter (l.statement = 'outcomes') as outcomes_coverage,
       max(l.level) filter (l.statement = 'leadership') as leadership_level,
       max(l.score) filter (l.statement = 'leadership') as leadership_score,
       max(l.coverage) filter (l.statement = 'leadership') as leadership_coverage,
       max(l.level) filter (l.statement = 'inspection') as inspection_level,
       max(l.score) filter (l.statement = 'inspection') as inspection_score,
       max(l.coverage) filter (l.statement = 'inspection') as inspection_coverage,
       r.reasons, r.main_reason, r.last_inspection_date, r.last_inspection_outcome, r.last_inspection_inherited,
       n.due_by as next_inspection_due_by, n.standing as next_inspection_standing,
       string_agg(l.statement || ' ' || l.direction, '; ' order by l.statement)
           filter (l.direction in ('worse', 'better')) as changes,
       s.control, s.trust_uid, s.diocese, s.phase_group,
       b.build_id, b.rule_set, b.as_at
from schools as s
inner join schools_at_risk as r using (urn)
inner join statement_levels as l using (urn)
left join next_inspections as n using (urn)
cross join build_info as b
where ($la_code is null or s.la_code = $la_code)
    and ($locality is null or s.locality = $locality)
    and ($phase is null or s.phase = $phase)
group by all
)
select * from final
order by case priority when 'priority' then 1 when 'watch' then 2 when 'find out' then 3 else 4 end,
         inspection_score desc, name, urn
