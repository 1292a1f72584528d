-- view:    rule_outcomes                 grain: one row per school and rule in force for its phase
-- reads:   outcomes, numbered_schools, rules, tests, measure_numbers, current_values, measure_values, missing_words
-- rule:    what was judged, with the figure it was judged by, its file and row, and the sentence
-- missing: the sentence says why; the figure is empty
with told as (
    select s.urn, r.rule_id, r.title, o.statement, o.status, o.missing_reason, c.value,
           coalesce(v.figure, c.value) as figure, v.benchmark, t.threshold, c.lower, c.upper, v.denominator,
           o.points, o.points_available, o.near_miss, o.is_gate, o.is_significant, o.is_capped, o.share,
           coalesce(c.measured_on < t.old_before, false) as is_stale,
           v.caveat, o.is_core_evidence, t.measure_id, t.test_no,
           case when o.status in ('raised', 'protective') then t.fitting_key else t.resting_key end as sentence_key,
           c.period, c.measured_on, v.source_id, v.release_id, v.source_row
    from outcomes as o
    inner join numbered_schools as s on s.school_no = o.school_no
    inner join rules as r on r.rule_no = o.rule_no
    inner join tests as t on t.test_key = o.test_key
    inner join measure_numbers as n on n.measure_id = t.measure_id
    left join current_values as c on c.school_no = o.school_no and c.measure_no = n.measure_no
    left join measure_values as v
        on v.urn = s.urn and v.measure_id = t.measure_id and v.period is not distinct from c.period
)
select t.* exclude (title, sentence_key),
       case when t.status in ('not assessed', 'not applicable')
            then t.title || '? '
                 || case when t.status = 'not applicable' then 'Not applicable: ' else 'Not assessed: ' end
                 || coalesce(w.words, t.missing_reason) || '.'
            else (case t.sentence_key /* sentences */ end)
                 || coalesce(' Note: ' || t.caveat || '.', '')
                 -- what is too old to count at all is not assessed
                 || case when t.is_stale then ' Older evidence: it counts for less.' else '' end
                 || case when t.is_capped then ' One point at most: schools with a like intake do no better.' else '' end
            end as sentence
from told as t
left join missing_words as w on w.reason = t.missing_reason
