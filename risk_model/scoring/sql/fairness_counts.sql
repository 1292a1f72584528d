-- table:   fairness_counts               grain: one row per question about the schools (asked) and answer
-- reads:   school_groups, statement_levels, schools_at_risk
-- rule:    flagged: the riskiest fifth of the primary and secondary schools by the third statement's score; ties by
--          URN, read from its end, where it says nothing of a school's age; the nearest whole number, a half upwards
-- missing: 'not known' is an answer of its own; a school is in one group of every question
with judged as (
    select g.urn, g.phase, g.size_band, g.fsm_fifth, g.is_academy, g.has_religious_character, g.region,
           l.score, l.coverage, l.level, r.priority
    from school_groups as g
    inner join statement_levels as l on l.urn = g.urn and l.statement = 'inspection'
    inner join schools_at_risk as r on r.urn = g.urn
    where g.phase in ('primary', 'secondary')
),
flagged as (
    select *,
           row_number() over (order by score desc, reverse(urn)) <= floor((count(*) over () * 20 + 50) / 100) as is_flagged
    from judged
),
answered as (
    select 'all' as asked, 'primary and secondary schools' as answer, is_flagged, priority, level from flagged
    union all
    select 'phase', phase, is_flagged, priority, level from flagged
    union all
    select 'size', size_band, is_flagged, priority, level from flagged
    union all
    select 'fsm fifth', fsm_fifth, is_flagged, priority, level from flagged
    union all
    select 'type', case when is_academy is null then 'not known' when is_academy then 'academy' else 'maintained' end,
           is_flagged, priority, level
    from flagged
    union all
    select 'faith', case when has_religious_character is null then 'not known'
                         when has_religious_character then 'religious character' else 'none' end,
           is_flagged, priority, level
    from flagged
    union all
    select 'region', coalesce(region, 'not known'), is_flagged, priority, level from flagged
    union all
    select 'coverage', case when coverage is null then 'not known'
                            when coverage < 0.5 then 'less than half of the evidence'
                            when coverage < 0.75 then 'half to three quarters'
                            else 'three quarters or more' end,
           is_flagged, priority, level
    from flagged
)
select asked, answer, count(*) as schools, count(*) filter (where is_flagged) as flagged,
       count(*) filter (where priority = 'priority') as priority,
       count(*) filter (where level = 'unlikely') as unlikely
from answered
group by asked, answer
order by asked, answer
