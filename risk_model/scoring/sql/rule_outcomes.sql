-- table:   rule_outcomes                 grain: one row per school and rule of the statements asked for
-- reads:   schools, current_values, rules, rule_phases, tests
-- rule:    of a rule's thresholds the first that fits counts; evidence is rounded to six decimals first
-- missing: not assessed, with the reason of the first threshold; never a point, never dropped
with asked as (
    select r.*, p.phase
    from rules as r
    inner join rule_phases as p using (rule_id)
    where r.statement in (select unnest($statements))
),
pairs as (
    select s.urn, a.rule_id, a.statement, a.points_available as rule_points_available, a.core, a.core_within_days,
           t.* exclude (rule_id)
    from schools as s
    inner join asked as a on a.phase = s.phase
    inner join tests as t on t.rule_id = a.rule_id
),
seen as (
    select p.*, v.value, v.lower, v.upper, v.figure, v.benchmark, v.denominator, v.period, v.measured_on,
           v.source_id, v.release_id, v.source_row, v.caveat, coalesce(v.weight, 1.0) as weight,
           case when v.missing_reason is not null then v.missing_reason
                when l.measure_id is null then 'not_loaded'
                when v.urn is null then 'not_in_release'
                -- without its limits nobody can say that a figure is beyond chance, nor that it is not
                when p.significant and if(p.direction = 'at_least', v.lower, v.upper) is null then 'not_in_file' end
               as missing_reason,
           coalesce($as_at::date - v.measured_on > p.stale_after_days, false) as is_stale
    from pairs as p
    left join current_values as v on v.urn = p.urn and v.measure_id = p.measure_id
    left join loaded_measures as l on l.measure_id = p.measure_id
),
judged as (
    select s.*,
           s.missing_reason is null and not (s.is_stale and s.stale_share = 0) as is_assessed,
           s.missing_reason is null and not (s.is_stale and s.stale_share = 0)
               and if(s.direction = 'at_least', round(s.value, 6) >= s.threshold, round(s.value, 6) <= s.threshold)
               and case when not s.significant then true
                        when s.direction = 'at_least' then coalesce(round(s.lower, 6) > 0, false)
                        else coalesce(round(s.upper, 6) < 0, false) end
               and not coalesce(if(s.unless_direction = 'at_least', round(u.value, 6) >= s.unless_value,
                                   round(u.value, 6) <= s.unless_value), false) as fits,
           coalesce(if(s.cap_direction = 'at_least', round(c.value, 6) >= s.cap_value,
                       round(c.value, 6) <= s.cap_value), false) as is_capped,
           s.weight * if(s.is_stale, s.stale_share, 1.0) as share
    from seen as s
    -- what excuses a figure must be as new as the figure
    left join current_values as u
        on u.urn = s.urn and u.measure_id = s.unless_measure and u.measured_on >= s.measured_on
    left join current_values as c
        on c.urn = s.urn and c.measure_id = s.cap_measure and c.measured_on >= s.measured_on
),
scored as (
    select *,
           case when not fits then 0.0 when is_capped then least(points * share, cap_points) else points * share end
               as given,
           fits and gate and share = 1.0 as is_gate,
           -- the first that fits; where none does, the first that could be assessed; else the first that
           -- the school could have: a secondary school is not told that it is not in the primary results
           row_number() over (
               partition by urn, rule_id
               order by fits desc, is_assessed desc,
                        coalesce(missing_reason in ('not_loaded', 'not_in_release'), false), test_no
           ) as place,
           bool_or(not fits and is_assessed and near is not null
                   and abs(round(value, 6) - threshold) <= near) over (partition by urn, rule_id) as is_near,
           bool_and(coalesce(missing_reason, '') = 'not_applicable') over (partition by urn, rule_id)
               as is_not_applicable
    from judged
),
final as (
    select urn, rule_id, statement,
           case when is_not_applicable then 'not applicable'
                when not is_assessed then 'not assessed'
                when fits and given < 0 then 'protective'
                when fits then 'raised'
                else 'clear' end as status,
           case when is_not_applicable then 'not_applicable'
                when not is_assessed then coalesce(missing_reason, 'stale') end as missing_reason,
           value, coalesce(figure, value) as figure, benchmark, threshold, lower, upper, denominator,
           case when is_assessed then given else 0.0 end as points,
           if(is_not_applicable, 0.0, rule_points_available) as points_available,
           is_assessed and not fits and is_near as near_miss,
           is_gate,
           fits and points >= 2 and share = 1.0 and (significant or counts_as_significant) and given >= 2
               as is_significant,
           fits and is_capped and given < points * share as is_capped,
           share, is_stale, caveat,
           core and is_assessed
               and coalesce($as_at::date - measured_on <= core_within_days, core_within_days is null)
               as is_core_evidence,
           measure_id, test_no, if(fits, fitting_sentence, resting_sentence) as sentence_key, period, measured_on, source_id,
           release_id, source_row
    from scored
    where place = 1
)
select * from final
