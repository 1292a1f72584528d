-- table:   flags (kept for ever)         grain: one row per school and raised rule; one for a school without any
-- reads:   schools, schools_at_risk, statement_levels, rule_outcomes, rules, build_info, rule_set_text
-- rule:    what the build said: the place, the three levels, and each raised rule in words with its source
-- missing: the rule's columns are empty for a school of which none is raised
-- flat, since a list of rules per school takes a second to make and twice the room
with levels as (
    select urn,
           first(level) filter (statement = 'outcomes') as outcomes_level,
           first(coverage) filter (statement = 'outcomes') as outcomes_coverage,
           first(level) filter (statement = 'leadership') as leadership_level,
           first(coverage) filter (statement = 'leadership') as leadership_coverage,
           first(level) filter (statement = 'inspection') as inspection_level,
           first(coverage) filter (statement = 'inspection') as inspection_coverage
    from statement_levels
    group by urn
),
raised as (
    select urn, rule_id, statement, sentence, points, measure_id, period, denominator, source_id, release_id
    from rule_outcomes
    where status = 'raised'
),
final as (
    select s.urn, s.name, s.la_code, s.la_name, s.locality, s.phase, s.type, s.trust_name,
           a.route, a.priority, a.last_inspection_date, a.last_inspection_outcome,
           l.outcomes_level, l.outcomes_coverage, l.leadership_level, l.leadership_coverage,
           l.inspection_level, l.inspection_coverage,
           o.rule_id, o.statement, r.title, o.sentence, o.points, o.measure_id, o.period, o.denominator,
           o.source_id, o.release_id,
           b.build_id, b.as_at, b.rule_set, t.fingerprint as rule_set_hash, b.made_at
    from schools as s
    inner join schools_at_risk as a using (urn)
    inner join levels as l using (urn)
    left join raised as o using (urn)
    left join rules as r using (rule_id)
    cross join build_info as b
    cross join rule_set_text as t
)
select * from final
order by la_code, urn, statement, points desc, rule_id
