-- table:   backtest_frame                grain: one row per inspection of a batch: school of that day and inspection
-- reads:   backtest_answers (what came of it, whenever published), stg_gias_links_rows; all else is the build's
-- rule:    what was judged is read from whatever is loaded; what scores it, from the build of the day before or earlier
-- missing: failed is NULL where an inspection gave no new grade; a school without evidence has a score and a note; one
--          that is not on the register of the day stands in the middle of all schools
with recursive ranked_results as (
    select n.urn, c.value
    from current_values as c
    inner join numbered_schools as n on n.school_no = c.school_no
    inner join measure_numbers as m on m.measure_no = c.measure_no
    where m.measure_id = 'results_concern_rank_pct' and c.value is not null
),
raised as (
    select n.urn, count(distinct o.rule_no) as unit_points
    from outcomes as o
    inner join numbered_schools as n on n.school_no = o.school_no
    inner join rules as r on r.rule_no = o.rule_no
    -- the third statement carries the levels of the first two: their own rules are counted
    where o.status = 'raised' and o.points > 0 and r.rule_id not in ('N6', 'N7')
    group by n.urn
),
middle as (
    select median(score) as score from statement_levels where statement = 'inspection'
),
-- which school stands in its place now, by the register's links, where one followed one
followed as (
    select linked_urn as urn, urn as urn_next from stg_gias_links_rows where link_type ilike 'Predecessor%'
    union
    select urn, linked_urn from stg_gias_links_rows where link_type ilike 'Successor%'
),
one_to_one as (
    select *
    from followed
    where urn <> urn_next
    qualify count(*) over (partition by urn) = 1 and count(*) over (partition by urn_next) = 1
),
steps as (
    select urn_inspected as urn, urn_inspected as urn_now, 0 as steps from (select distinct urn_inspected from backtest_answers)
    union all
    select s.urn, o.urn_next, s.steps + 1
    from steps as s
    inner join one_to_one as o on o.urn = s.urn_now
    where s.steps < 20
),
now as (
    select urn, urn_now from steps qualify row_number() over (partition by urn order by steps desc) = 1
),
final as (
    select j.urn_inspected as urn, j.start_date as inspection_date, j.era, coalesce(g.phase, 'not known') as phase,
           j.good_or_better, round(coalesce(l.score, m.score), 6) as score,
           coalesce(l.level, 'not enough evidence') as level, coalesce(l.coverage, 0) as coverage,
           coalesce(s.stands_in_urn, w.urn_now) as urn_now, j.published_on, j.is_published_on_estimated, j.kind,
           j.mapping, j.mapping in ('M12', 'M13', 'M14', 'M15') as is_derived, j.is_warning, j.failed, j.failed_soft,
           j.failed_leadership, coalesce(o.level, 'not enough evidence') as outcomes_level,
           coalesce(e.level, 'not enough evidence') as leadership_level, coalesce(p.priority, 'find out') as priority,
           case when s.urn is null
                    then 'not on the register of the day: the score is that of the school in the middle of England'
                when l.level = 'not enough evidence'
                    then 'not enough evidence for a level: the evidence is there for '
                         || cast(round(100 * l.coverage) as integer) || '% of the points'
                when c.value is null and s.is_mainstream
                    then 'no results that can be ranked within its phase had been published'
                else '' end as evidence_note,
           cast($as_at as date) as as_at, i.concern as last_grade, i.full_date as last_full_date,
           c.value as best_single, coalesce(r.unit_points, 0) as unit_points, l.points, s.pupils,
           coalesce(g.size_band, 'not known') as size_band, coalesce(g.fsm_fifth, 'not known') as fsm_fifth,
           g.is_academy, g.has_religious_character, g.region, s.la_code, s.type as school_type,
           case when s.urn is null then 'not on the register'
                when j.urn_inspected = j.urn then 'itself'
                when j.urn_inspected = s.stands_in_urn then 'predecessor record'
                else 'successor record' end as scored_as,
           j.urn as urn_scored, j.inspection_id
    from backtest_answers as j
    left join schools as s on s.urn = j.urn
    left join school_groups as g on g.urn = j.urn
    left join statement_levels as l on l.urn = j.urn and l.statement = 'inspection'
    left join statement_levels as o on o.urn = j.urn and o.statement = 'outcomes'
    left join statement_levels as e on e.urn = j.urn and e.statement = 'leadership'
    left join schools_at_risk as p on p.urn = j.urn
    left join latest_inspections as i on i.urn = j.urn
    left join ranked_results as c on c.urn = j.urn
    left join raised as r on r.urn = j.urn
    left join now as w on w.urn = j.urn_inspected
    cross join middle as m
)
select * from final
order by inspection_date, urn, kind, inspection_id
