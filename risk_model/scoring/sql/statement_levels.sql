-- table:   statement_levels              grain: one row per school and statement asked for
-- reads:   rule_outcomes, statement_rules, schools, measure_values, earlier_levels, statement_levels
-- rule:    gate or points to a level; missing evidence cannot cancel "unlikely", and is never "likely"
-- missing: "not enough evidence" is a level of its own
with asked as (
    select * from statement_rules where statement in (select unnest($statements))
),
sums as (
    select s.urn, a.statement,
           coalesce(sum(o.points) filter (o.points > 0), 0) as concern_points,
           greatest(coalesce(sum(o.points) filter (o.points < 0), 0), -a.protective_cap) as protective_points,
           coalesce(sum(o.points_available) filter (o.status <> 'not applicable'), 0) as points_available,
           coalesce(sum(o.points_available) filter (o.status in ('raised', 'protective', 'clear')), 0) as points_assessed,
           coalesce(bool_or(o.is_significant), false) as has_significant,
           coalesce(bool_or(o.is_core_evidence), false) as has_core,
           min(o.rule_id) filter (o.is_gate) as gate_rule_id
    from schools as s
    cross join asked as a
    left join rule_outcomes as o on o.urn = s.urn and o.statement = a.statement
    group by s.urn, a.statement, a.protective_cap
),
carried as (
    select urn, bool_or(level = 'not enough evidence') as has_grey from statement_levels group by urn
),
levelled as (
    select s.*, a.unlikely_points, a.uncertain_points,
           s.concern_points + s.protective_points as points,
           case when s.points_available > 0 then s.points_assessed / s.points_available else 0.0 end as coverage,
           case when a.carried_levels_can_stand_in then s.has_core or not coalesce(c.has_grey, true)
                else s.has_core end as is_founded,
           a.needs_significant, a.min_coverage
    from sums as s
    inner join asked as a using (statement)
    left join carried as c using (urn)
),
concern as (
    select urn, max(value) as results_rank
    from measure_values
    where measure_id = 'results_concern_rank_pct' and value is not null
    group by urn
),
judged as (
    select *,
           case when gate_rule_id is not null then 'unlikely'
                when points >= unlikely_points and (has_significant or not needs_significant) then 'unlikely'
                when not is_founded or coverage < min_coverage then 'not enough evidence'
                when points >= uncertain_points then 'uncertain'
                else 'likely' end as level
    from levelled
),
places as (
    select * from (values ('likely', 1), ('uncertain', 2), ('unlikely', 3)) as p (level, place)
),
final as (
    select j.urn, j.statement, j.level, j.points, j.points_available, j.coverage,
           -- among schools with the same points, those whose results are weaker within their phase come first
           j.points + case when j.statement = 'leadership' then 0.0
                           else 0.99 * coalesce(c.results_rank, 50.0) / 100 end as score,
           j.gate_rule_id,
           case when e.level is null then 'first build'
                when e.level = j.level then 'same'
                when was.place is null or now.place is null then 'evidence changed'
                when now.place > was.place then 'worse'
                else 'better' end as direction
    from judged as j
    left join concern as c using (urn)
    left join earlier_levels as e on e.urn = j.urn and e.statement = j.statement
    left join places as now on now.level = j.level
    left join places as was on was.level = e.level
)
select * from final
