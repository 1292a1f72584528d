-- table:   levels                        grain: one row per school and statement asked for
-- reads:   outcomes, rules, numbered_schools, statement_rules, levels
-- rule:    gate or points to a level; missing evidence cannot cancel "unlikely", and is never "likely"
-- missing: "not enough evidence" is a level of its own
with asked as (
    select * from statement_rules where statement in (select unnest($statements))
),
sums as (
    select o.school_no, o.statement,
           sum(case when o.points > 0 then o.points else 0 end) as concern_points,
           sum(case when o.points < 0 then o.points else 0 end) as protective_points,
           sum(o.points_available) as points_available,
           sum(case when o.missing_reason is null then o.points_available else 0 end) as points_assessed,
           max(case when o.is_significant then 1 else 0 end) as has_significant,
           max(case when o.is_core_evidence then 1 else 0 end) as has_core,
           min(case when o.is_gate then o.rule_no end) as gate_rule_no
    from outcomes as o
    where o.statement in (select unnest($statements))
    group by o.school_no, o.statement
),
carried as (
    select urn, max(case when level = 'not enough evidence' then 1 else 0 end) as has_grey from levels group by urn
),
levelled as (
    select n.urn, a.statement, r.rule_id as gate_rule_id,
           coalesce(s.concern_points, 0) + greatest(coalesce(s.protective_points, 0), -a.protective_cap) as points,
           coalesce(s.points_available, 0) as points_available,
           case when s.points_available > 0 then s.points_assessed / s.points_available else 0 end as coverage,
           coalesce(s.has_significant, 0) = 1 or not a.needs_significant as is_proven,
           coalesce(s.has_core, 0) = 1
               or a.carried_levels_can_stand_in and coalesce(c.has_grey, 1) = 0 as is_founded,
           a.unlikely_points, a.uncertain_points, a.min_coverage
    from numbered_schools as n
    cross join asked as a
    left join sums as s on s.school_no = n.school_no and s.statement = a.statement
    left join carried as c on c.urn = n.urn
    left join rules as r on r.rule_no = s.gate_rule_no
)
select urn, statement, points, points_available, coverage, gate_rule_id,
       case when gate_rule_id is not null then 'unlikely'
            when points >= unlikely_points and is_proven then 'unlikely'
            when not is_founded or coverage < min_coverage then 'not enough evidence'
            when points >= uncertain_points then 'uncertain'
            else 'likely' end as level
from levelled
