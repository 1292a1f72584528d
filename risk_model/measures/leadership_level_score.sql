-- measure: leadership_level_score       unit: category (0 likely, 1 uncertain, 2 unlikely), polarity: high is concern
-- grain:   one row per school            reads: levels
-- source:  this model's own level of the statement "leadership", carried forward once
-- missing: not_enough_evidence where there is not enough evidence
with final as (
    select urn, 'this build' as period, $as_at::date as measured_on, $as_at::date as published_on,
           case level when 'unlikely' then 2 when 'uncertain' then 1 when 'likely' then 0 end as value,
           if(level = 'not enough evidence', 'not_enough_evidence', null) as missing_reason
    from levels
    where statement = 'leadership'
)
select * from final
