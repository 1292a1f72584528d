-- table:   rule_outcomes                 grain: one row per school and rule of the statements asked for
-- reads:   numbered_schools, current_values, loaded_measures, rules, rule_phases, tests
-- rule:    of a rule's thresholds the first that fits counts; evidence is rounded to six decimals first
-- missing: not assessed, with the reason of the threshold that the school could meet; never a point, never dropped
-- numbers stand for schools and tests until the last step: millions of texts would be compared otherwise
with asked as (
    select t.*, r.statement, r.core, r.core_within_days, r.points_available as rule_points_available,
           l.measure_id is null as is_not_loaded
    from tests as t
    inner join rules as r using (rule_id)
    left join loaded_measures as l using (measure_id)
    where r.statement in (select unnest($statements))
),
pairs as (
    select s.school_no, a.test_key
    from numbered_schools as s
    inner join rule_phases as p on p.phase = s.phase
    inner join asked as a on a.rule_id = p.rule_id
),
-- what excuses a figure must be as new as the figure, and counts only where it is known
excused as (
    select u.school_no, a.test_key, u.measured_on
    from asked as a
    inner join current_values as u on u.measure_id = a.unless_measure
    where if(a.unless_direction = 'at_least', round(u.value, 6) >= a.unless_value,
             round(u.value, 6) <= a.unless_value)
),
-- one point at most, where a measure as new as the figure says so
capped as (
    select k.school_no, a.test_key, k.measured_on
    from asked as a
    inner join current_values as k on k.measure_id = a.cap_measure
    where if(a.cap_direction = 'at_least', round(k.value, 6) >= a.cap_value, round(k.value, 6) <= a.cap_value)
),
figures as (
    select v.school_no, a.test_key, v.missing_reason, v.measured_on,
           round(v.value, 6) as value, round(v.lower, 6) as lower, round(v.upper, 6) as upper
    from asked as a
    inner join current_values as v on v.measure_id = a.measure_id
),
seen as (
    select p.school_no, p.test_key, a.rule_id, a.near, a.threshold, a.direction, a.significant, v.value, v.lower, v.upper,
           case when v.missing_reason is not null then v.missing_reason
                when v.school_no is null then if(a.is_not_loaded, 'not_loaded', 'not_in_release')
                -- without its limits nobody can say that a figure is beyond chance, nor that it is not
                when a.significant and if(a.direction = 'at_least', v.lower, v.upper) is null then 'not_in_file'
                end as missing_reason,
           coalesce($as_at::date - v.measured_on > a.stale_after_days, false) as is_stale,
           coalesce($as_at::date - v.measured_on > a.stale_after_days, false) and a.stale_share = 0 as is_too_old,
           coalesce(u.measured_on >= v.measured_on, false) as is_excused
    from pairs as p
    inner join asked as a using (test_key)
    left join figures as v using (school_no, test_key)
    left join excused as u using (school_no, test_key)
),
judged as (
    select school_no, rule_id, test_key, missing_reason, is_stale,
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
    select school_no, rule_id,
           coalesce(min(test_key) filter (fits), min(test_key) filter (is_assessed),
                    min(test_key) filter (coalesce(missing_reason, 'stale') not in ('not_loaded', 'not_in_release')),
                    min(test_key)) as test_key,
           bool_or(fits) as fits,
           bool_or(is_assessed) as is_assessed,
           bool_or(is_assessed and not fits and is_close) as is_near,
           bool_and(coalesce(missing_reason, '') = 'not_applicable') as is_not_applicable
    from judged
    group by school_no, rule_id
),
told as (
    select c.school_no, c.fits, c.is_assessed, c.is_near, c.is_not_applicable, j.missing_reason, j.is_stale, a.*,
           v.value, v.lower, v.upper, v.figure, v.benchmark, v.denominator, v.period, v.measured_on,
           v.source_id, v.release_id, v.source_row, v.caveat,
           coalesce(v.weight, 1.0) * if(j.is_stale, a.stale_share, 1.0) as share,
           coalesce(k.measured_on >= v.measured_on, false) as is_capped
    from chosen as c
    inner join judged as j on j.school_no = c.school_no and j.test_key = c.test_key
    inner join asked as a on a.test_key = c.test_key
    left join current_values as v on v.school_no = c.school_no and v.measure_id = a.measure_id
    left join capped as k on k.school_no = c.school_no and k.test_key = c.test_key
),
scored as (
    select *,
           case when not fits then 0.0
                when is_capped then least(points * share, cap_points)
                else points * share end as given
    from told
),
final as (
    select s.urn, rule_id, statement,
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
    inner join numbered_schools as s using (school_no)
)
select * from final
