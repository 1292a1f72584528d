-- table:   rule_outcomes                 grain: one row per school and rule of the statements asked for
-- reads:   schools, current_values, loaded_measures, rules, rule_phases, tests
-- rule:    of a rule's thresholds the first that fits counts; evidence is rounded to six decimals first
-- missing: not assessed, with the reason of the threshold that the school could meet; never a point, never dropped
with pairs as (
    select s.urn, r.core, r.core_within_days, r.points_available as rule_points_available, r.statement, t.*
    from schools as s
    inner join rule_phases as p on p.phase = s.phase
    inner join rules as r on r.rule_id = p.rule_id
    inner join tests as t on t.rule_id = r.rule_id
    where r.statement in (select unnest($statements))
),
seen as (
    select p.urn, p.rule_id, p.test_no, p.near, p.threshold, p.direction, p.significant,
           round(v.value, 6) as value, round(v.lower, 6) as lower, round(v.upper, 6) as upper,
           case when v.missing_reason is not null then v.missing_reason
                when v.urn is null then if(l.measure_id is null, 'not_loaded', 'not_in_release')
                -- without its limits nobody can say that a figure is beyond chance, nor that it is not
                when p.significant and if(p.direction = 'at_least', v.lower, v.upper) is null then 'not_in_file'
                end as missing_reason,
           coalesce($as_at::date - v.measured_on > p.stale_after_days, false) and p.stale_share = 0 as is_too_old,
           -- a condition counts only where its measure is known
           coalesce(if(p.unless_direction = 'at_least', round(u.value, 6) >= p.unless_value,
                       round(u.value, 6) <= p.unless_value), false) as is_excused
    from pairs as p
    left join current_values as v on v.urn = p.urn and v.measure_id = p.measure_id
    left join loaded_measures as l on l.measure_id = p.measure_id
    -- what excuses a figure must be as new as the figure
    left join current_values as u
        on u.urn = p.urn and u.measure_id = p.unless_measure and u.measured_on >= v.measured_on
),
judged as (
    select urn, rule_id, test_no, missing_reason, is_too_old,
           missing_reason is null and not is_too_old as is_assessed,
           missing_reason is null and not is_too_old and not is_excused
               and if(direction = 'at_least', value >= threshold, value <= threshold)
               and case when not significant then true
                        when direction = 'at_least' then coalesce(lower > 0, false)
                        else coalesce(upper < 0, false) end as fits,
           -- close to the threshold from the good side, or beyond it by what may be chance
           coalesce(if(direction = 'at_least', threshold - value, value - threshold) <= near, false) as is_close
    from seen
),
-- the first that fits; where none does, the first that could be assessed; else the first that the school could
-- have: a secondary school is not told that it is not in the primary results
chosen as (
    select urn, rule_id,
           coalesce(min(test_no) filter (fits), min(test_no) filter (is_assessed),
                    min(test_no) filter (coalesce(missing_reason, 'stale') not in ('not_loaded', 'not_in_release')),
                    min(test_no)) as test_no,
           bool_or(fits) as fits,
           bool_or(is_assessed) as is_assessed,
           bool_or(is_assessed and not fits and is_close) as is_near,
           bool_and(coalesce(missing_reason, '') = 'not_applicable') as is_not_applicable
    from judged
    group by urn, rule_id
),
told as (
    select p.*, c.fits, c.is_assessed, c.is_near, c.is_not_applicable,
           v.value, v.lower, v.upper, v.figure, v.benchmark, v.denominator, v.period, v.measured_on,
           v.source_id, v.release_id, v.source_row, v.caveat,
           case when v.missing_reason is not null then v.missing_reason
                when v.urn is null then if(l.measure_id is null, 'not_loaded', 'not_in_release')
                -- without its limits nobody can say that a figure is beyond chance, nor that it is not
                when p.significant and if(p.direction = 'at_least', v.lower, v.upper) is null then 'not_in_file'
                end as missing_reason,
           coalesce($as_at::date - v.measured_on > p.stale_after_days, false) as is_stale,
           coalesce(v.weight, 1.0)
               * if(coalesce($as_at::date - v.measured_on > p.stale_after_days, false), p.stale_share, 1.0) as share,
           coalesce(if(p.cap_direction = 'at_least', round(k.value, 6) >= p.cap_value,
                       round(k.value, 6) <= p.cap_value), false) as is_capped
    from chosen as c
    inner join pairs as p on p.urn = c.urn and p.rule_id = c.rule_id and p.test_no = c.test_no
    left join current_values as v on v.urn = p.urn and v.measure_id = p.measure_id
    left join loaded_measures as l on l.measure_id = p.measure_id
    left join current_values as k
        on k.urn = p.urn and k.measure_id = p.cap_measure and k.measured_on >= v.measured_on
),
scored as (
    select *,
           case when not fits then 0.0
                when is_capped then least(points * share, cap_points)
                else points * share end as given
    from told
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
           given as points,
           if(is_not_applicable, 0.0, rule_points_available) as points_available,
           is_assessed and not fits and is_near as near_miss,
           fits and gate and share = 1.0 as is_gate,
           fits and share = 1.0 and given >= 2 and (significant or counts_as_significant) as is_significant,
           fits and is_capped and given < points * share as is_capped,
           share, is_stale, caveat,
           core and is_assessed
               and coalesce($as_at::date - measured_on <= core_within_days, core_within_days is null)
               as is_core_evidence,
           measure_id, test_no, if(fits, fitting_key, resting_key) as sentence_key, period, measured_on, source_id,
           release_id, source_row
    from scored
)
select * from final
