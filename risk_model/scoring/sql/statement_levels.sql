-- table:   statement_levels              grain: one row per school and statement
-- reads:   levels, measure_values, score_points, earlier_levels
-- rule:    the order within a statement, and whether it is better or worse than in the build before
-- missing: a school without ranked results stands in the middle of those with the same points
with concern as (
    select urn, max(value) as results_rank
    from measure_values
    where measure_id = 'results_concern_rank_pct' and value is not null
    group by urn
),
-- the third statement orders all schools by a list of points of its own; a rule set without one, by the level's
listed as (
    select urn, 'inspection' as statement, sum(points) as points from score_points group by urn
),
places as (
    select 'likely' as level, 1 as place
    union all select 'uncertain', 2
    union all select 'unlikely', 3
)
select l.urn, l.statement, l.level, l.points, l.points_available, l.coverage,
       -- among schools with the same points, those whose results are weaker within their phase come first; the list
       -- of points has their place among similar schools, too, and stands as it is
       coalesce(p.points, l.points + case when l.statement = 'leadership' then 0
                                          else 0.99 * coalesce(c.results_rank, 50) / 100 end) as score,
       l.gate_rule_id,
       case when e.level is null then 'first build'
            when e.level = l.level then 'same'
            when was.place is null or now.place is null then 'evidence changed'
            when now.place > was.place then 'worse'
            else 'better' end as direction
from levels as l
left join listed as p on p.urn = l.urn and p.statement = l.statement
left join concern as c on c.urn = l.urn
left join earlier_levels as e on e.urn = l.urn and e.statement = l.statement
left join places as now on now.level = l.level
left join places as was on was.level = e.level
