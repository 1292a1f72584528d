-- view:    outcomes                      grain: one row per rule and school of its phases
-- reads:   findings, tests, rules
-- rule:    what was found becomes a status and its points: the test's, by the share that the figure counts; a cap holds them
-- missing: a rule without a figure is "not assessed", with the reason
with told as (
    select f.*, r.rule_no, r.statement, t.gate, t.significant or t.counts_as_significant as is_proof,
           r.points_available as rule_points, t.points * f.share as uncapped,
           case when not f.fits then cast(0 as double)
                when f.is_capped and t.points * f.share > t.cap_points then t.cap_points
                else t.points * f.share end as given
    from findings as f
    inner join tests as t on t.test_key = f.test_key
    inner join rules as r on r.rule_id = t.rule_id
)
select school_no, rule_no, statement, test_key,
       case when fits then case when given < 0 then 'protective' else 'raised' end
            when missing_reason is null then 'clear'
            when missing_reason = 'not_applicable' then 'not applicable' else 'not assessed' end as status,
       missing_reason,
       given as points,
       case when missing_reason = 'not_applicable' then cast(0 as double) else rule_points end as points_available,
       missing_reason is null and not fits and is_near as near_miss,
       fits and gate and share = 1 as is_gate,
       fits and share = 1 and given >= 2 and is_proof as is_significant,
       fits and is_capped and given < uncapped as is_capped,
       share, is_core_evidence
from told
