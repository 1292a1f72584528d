-- table:   outcomes                      grain: one row per rule and school of its phases
-- reads:   tests, rules, and what the rules found, in place of the line below
-- rule:    what was found becomes a status and its points: the test's, by the share that the figure counts; a cap holds them
-- held:    the findings are all had first: a union of so many parts, joined and stored part by part, takes half as long again
-- missing: a rule without a figure is "not assessed", with the reason
with found as materialized (
    /* findings */
),
counting as (
    select t.test_key, t.gate, t.significant or t.counts_as_significant as is_proof, t.points, t.cap_points,
           r.rule_no, r.statement, r.points_available
    from tests as t
    inner join rules as r on r.rule_id = t.rule_id
),
told as (
    select f.*, c.rule_no, c.statement, c.gate, c.is_proof, c.points_available, c.points * f.share as uncapped,
           case when not f.fits then cast(0 as double)
                when f.is_capped and c.points * f.share > c.cap_points then c.cap_points
                else c.points * f.share end as given
    from found as f
    inner join counting as c on c.test_key = f.test_key
)
select school_no, rule_no, statement, test_key,
       case when fits then case when given < 0 then 'protective' else 'raised' end
            when is_assessed then 'clear'
            when is_not_applicable then 'not applicable' else 'not assessed' end as status,
       case when not is_assessed then coalesce(missing_reason, 'stale') end as missing_reason,
       given as points,
       case when is_not_applicable then cast(0 as double) else points_available end as points_available,
       is_assessed and not fits and is_near as near_miss,
       fits and gate and share = 1 as is_gate,
       fits and share = 1 and given >= 2 and is_proof as is_significant,
       fits and is_capped and given < uncapped as is_capped,
       share, is_stale, is_core_evidence
from told
